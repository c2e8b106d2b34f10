"""What the lists and tables of the dashboard are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Queue:
    """One column of what needs the person now."""

    count: str
    label: str
    line: str
    rows: list[dict[str, Any]]
    more_text: str = ""
    more_url: str = ""
    progress: tuple[int, int] | None = None
    empty: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class HeatRow:
    """One contract of concern over twelve months."""

    url: str
    title: str
    providers: str
    cells: Sequence[str]
    now: str
    jet: str
    note: str


@dataclass(frozen=True)
class RiskRow:
    """One line of the risk table."""

    risk: str
    url: str
    count: str
    moved: str
    is_more: bool
    annual: str
