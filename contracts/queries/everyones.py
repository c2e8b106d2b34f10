"""Everyone's returns of a month, for whoever reviews them: counted in one statement, read a page at a time."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page
from django.db.models import Count, Q

from commissioning.models import CommissioningUnit
from contracts.choices import COUNTING, ReturnState
from contracts.models import Contract
from contracts.models.contract import ContractQuerySet
from contracts.queries.known_count import KnownCount
from contracts.queries.missing_months import missing_counts
from contracts.queries.return_words import month_word
from contracts.queries.review import REVIEW_ORDER_WORDS, in_review_order, reviewable, with_month
from contracts.queries.worklist import Due, due_words
from contracts.queries.worklist_row import TO_COME, WorklistRow, rows_of
from contracts.rules.returns import month_end, previous_month

PAGE_SIZE: Final = 50

MISSING: Final = "missing"
STATES: Final[dict[str, str]] = {
    MISSING: "Not returned yet",
    TO_COME: "To come, nothing typed",
    ReturnState.DRAFT: "Draft",
    ReturnState.SENT_BACK: "Sent back",
    ReturnState.SUBMITTED: "To review",
    ReturnState.ACCEPTED: "Accepted",
    ReturnState.AMENDED: "Amended",
}
"""What the list can be narrowed to, in the order of a return's life."""

_OF_STATE: Final[dict[str, tuple[str, ...]]] = {
    MISSING: (TO_COME, ReturnState.DRAFT, ReturnState.SENT_BACK),
    TO_COME: (TO_COME,),
} | {str(state): (str(state),) for state in ReturnState}
"""By choice, the states that it takes in."""

_STATE_FILTERS: Final[dict[str, Q]] = {
    TO_COME: Q(this__pk=None),
    MISSING: Q(this__pk=None) | Q(this__state__in=[ReturnState.DRAFT, ReturnState.SENT_BACK]),
} | {str(state): Q(this__state=state) for state in ReturnState}

NO_OFFICER: Final = "none"


@dataclass(frozen=True)
class OverdueMonth:
    month: datetime.date
    count: int


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True)
class EveryonesWorklist:
    month: datetime.date
    page: Page
    rows: list[WorklistRow]
    expected: int
    returned_count: int
    order: str
    overdue: list[OverdueMonth]
    due: Due | None
    states: list[Choice]
    officers: list[Choice]

    @property
    def last_month_word(self) -> str:
        return month_word(previous_month(self.month))


def everyones_worklist(
    user: Any,
    *,
    month: datetime.date,
    unit: CommissioningUnit | None,
    officer: str = "",
    state: str = "",
    page: str | int = 1,
) -> EveryonesWorklist:
    """Every return that the person may review, narrowed to an officer and a state; counts are before narrowing.

    A value that is no choice narrows nothing. ``officer`` is an id as text, or «none».
    """
    contracts = reviewable(user, unit=unit)
    expected = with_month(contracts.expecting_return(month, last_day=month_end(month)), month)
    counts = _Counts(expected, officer)
    shown = KnownCount(counts.of_state(state), PAGE_SIZE).get_page(page)
    for_review = state == ReturnState.SUBMITTED
    narrowed = expected.filter(_of_officer(officer) & _STATE_FILTERS.get(state, Q()))
    ordered = in_review_order(narrowed, month) if for_review else narrowed.order_by("title", "pk")
    return EveryonesWorklist(
        month=month,
        page=shown,
        rows=_rows(ordered, shown, month),
        expected=counts.expected,
        returned_count=counts.returned,
        order=REVIEW_ORDER_WORDS if for_review else "By title",
        overdue=[OverdueMonth(*each) for each in missing_counts(contracts, month)],
        due=due_words(month, counts.working_days),
        states=[Choice(value, label, counts.of_state(value)) for value, label in STATES.items()],
        officers=counts.officers,
    )


def _rows(ordered: ContractQuerySet, page: Page, month: datetime.date) -> list[WorklistRow]:
    """The page's ids first: only its contracts are read wide. Those of the page were in sight already."""
    first = (page.number - 1) * PAGE_SIZE
    ids = list(ordered.values_list("pk", flat=True)[first : first + PAGE_SIZE])
    found = {row.contract.pk: row for row in rows_of(Contract.objects.filter(pk__in=ids), month, kind=WorklistRow)}
    return [found[pk] for pk in ids if pk in found]


def _of_officer(officer: str) -> Q:
    if officer == NO_OFFICER:
        return Q(officer=None)
    return Q(officer_id=int(officer)) if _is_number(officer) else Q()


def _is_number(officer: str) -> bool:
    return officer.isascii() and officer.isdigit() and len(officer) < 10


class _Counts:
    """How many there are of each officer, state and deadline; one statement, summed up here."""

    def __init__(self, expected: ContractQuerySet, officer: str) -> None:
        self._chosen: Counter[str] = Counter()
        self.expected = self.returned = 0
        self.working_days: set[int] = set()
        self._names: dict[int | None, str] = {}
        by: list[str] = ["officer_id", "officer__name", "this__state", "unit__return_working_day"]
        found = expected.order_by().values_list(*by).annotate(count=Count("pk"))
        for pk, name, state, day, count in found:
            self.expected += count
            self.returned += count if state in COUNTING else 0
            self.working_days.add(day)
            self._names[pk] = name
            if _is_chosen(pk, officer):
                self._chosen[state or TO_COME] += count

    def of_state(self, state: str) -> int:
        """Of the chosen officer; of all states where it is none."""
        states = _OF_STATE.get(state)
        return self._chosen.total() if states is None else sum(self._chosen[each] for each in states)

    @property
    def officers(self) -> list[Choice]:
        """Of the contracts in view, by name, and «No officer» where a contract has none."""
        named = sorted((name, pk) for pk, name in self._names.items() if pk is not None)
        unnamed = [Choice(NO_OFFICER, "No officer")] if None in self._names else []
        return [Choice(str(pk), name) for name, pk in named] + unnamed


def _is_chosen(pk: int | None, officer: str) -> bool:
    if officer == NO_OFFICER:
        return pk is None
    return pk == int(officer) if _is_number(officer) else True
