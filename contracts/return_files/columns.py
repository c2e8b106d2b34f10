"""The columns of a month's returns in a spreadsheet, and how their headings are recognised."""

from collections.abc import Sequence
from typing import Any, Final

REFERENCE, UNIT, RISK, JET = "reference", "unit", "risk", "jet"
NARRATIVE, REASON, KPI_REASON = "narrative", "not_assessed_reason", "kpi_reason"

HEADERS: Final = {
    REFERENCE: "Reference",
    UNIT: "Unit",
    RISK: "Risk",
    JET: "JET",
    NARRATIVE: "What changed",
    REASON: "Why not assessed",
    KPI_REASON: "Why not by the KPIs",
}
UNHEADED: Final = (REFERENCE, RISK, JET, NARRATIVE, REASON, KPI_REASON)
"""What stands where in rows without a line of headings."""

STATED: Final = (RISK, JET, NARRATIVE, REASON, KPI_REASON)

_ALSO: Final = {
    "ref": REFERENCE,
    "contract reference": REFERENCE,
    "jet grade": JET,
    "jet score": JET,
    "narrative": NARRATIVE,
    "why jet was not assessed": REASON,
    "why this score stands": KPI_REASON,
}


def key_of(text: str) -> str:
    """Of two spellings that differ in capitals and spaces only, the same."""
    return " ".join(text.split()).casefold()


_BY_KEY: Final = {key_of(header): name for name, header in HEADERS.items()} | _ALSO


def column_of(heading: Any) -> str | None:
    return _BY_KEY.get(key_of(heading)) if isinstance(heading, str) else None


def known_headings(cells: Sequence[str]) -> int:
    """How many of the cells are headings: tells the separator of a .csv."""
    return sum(column_of(cell) is not None for cell in cells)


def is_heading_row(cells: Sequence[Any]) -> bool:
    """A reference is never called «Reference», so that heading is enough."""
    return any(column_of(cell) == REFERENCE for cell in cells)


def places_of(cells: Sequence[Any] | None) -> dict[str, int]:
    """Where each column stands; of a column that is there twice, the first. Other columns are for reading."""
    if cells is None:
        return {name: place for place, name in enumerate(UNHEADED)}
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = column_of(cell)
        if name is not None:
            places.setdefault(name, place)
    return places
