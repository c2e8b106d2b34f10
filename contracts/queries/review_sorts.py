"""The ways to sort the tables of the monthly review, each both ways; what is not known stays last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from contracts.choices import ReturnState
from contracts.queries.review_row import ReviewRow
from contracts.rules.jet import sort_key
from contracts.rules.returns import SEVERITY, View

_STATES: Final = ("to_come", *ReturnState.values)


def _severity(view: View | None) -> Any:
    return -SEVERITY[view.risk] if view else None


def _movement(row: ReviewRow) -> Any:
    """The worst move of risk first, then the largest fall of JET."""
    if row.view is None or row.before is None:
        return None
    return SEVERITY[row.before.risk] - SEVERITY[row.view.risk], -(row.fall or 0)


@dataclass(frozen=True)
class ReviewSort:
    """``key`` gives None for what is not known."""

    code: str
    label: str
    key: Callable[[ReviewRow], Any]
    is_reversed: bool = False

    @property
    def direction(self) -> str:
        return "descending" if self.is_reversed else "ascending"

    @property
    def address(self) -> str:
        return f"-{self.code}" if self.is_reversed else self.code

    @property
    def turned(self) -> "ReviewSort":
        return replace(self, is_reversed=not self.is_reversed)

    def put(self, rows: Sequence[ReviewRow]) -> list[ReviewRow]:
        by_title = sorted(rows, key=lambda row: row.contract.title.casefold())
        known = [row for row in by_title if self.key(row) is not None]
        unknown = [row for row in by_title if self.key(row) is None]
        return [*sorted(known, key=self.key, reverse=self.is_reversed), *unknown]


SORTS: Final = {
    sort.code: sort
    for sort in (
        ReviewSort("contract", "Contract", lambda row: row.contract.title.casefold()),
        ReviewSort("officer", "Officer", lambda row: row.officer_name or None),
        ReviewSort("risk", "Risk", lambda row: _severity(row.view)),
        ReviewSort("jet", "JET", lambda row: sort_key(row.jet) if isinstance(row.jet, int) else None),
        ReviewSort("movement", "What was said", _movement),
        ReviewSort("before", "Last month", lambda row: _severity(row.before)),
        ReviewSort("state", "State", lambda row: _STATES.index(row.state)),
    )
}


def sort_of(code: str) -> ReviewSort | None:
    """«jet», and «-jet» the other way round; None, as the page stands by itself, for what it does not know."""
    found = SORTS.get(code.removeprefix("-"))
    return found.turned if found and code.startswith("-") else found
