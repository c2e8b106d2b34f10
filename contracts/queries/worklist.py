"""The month's returns as two lists: a person's own to make, and everyone's for whoever reviews them."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Prefetch, Q
from django.db.models.functions import TruncMonth
from django.db.models.lookups import LessThanOrEqual

from accounts import clock
from accounts.models import User
from commissioning.holidays import england_bank_holidays
from commissioning.models import CommissioningUnit
from contracts.choices import COUNTING, ReturnState
from contracts.models import Contract, MonthlyReturn, MonthReview
from contracts.models.contract import ContractQuerySet, expects_return_of
from contracts.queries.closing import closed_reviews
from contracts.queries.kpi_facts import KpiFacts, facts_of
from contracts.queries.monthly_return import due_of, in_own_order, own_contracts, provider_words, with_providers
from contracts.queries.overdue_steps import overdue_counts
from contracts.queries.return_words import Stated, month_word, note_after, note_before, stated, stated_before
from contracts.queries.review import REVIEW_ORDER_WORDS, in_review_order, reviewable, with_month
from contracts.queries.standing_in import acting_for_each
from contracts.queries.unchanged import last_that_counts, why_not_unchanged
from contracts.rules.improvement import overdue_words
from contracts.rules.jet import Jet
from contracts.rules.returns import (
    month_end,
    months_back,
    months_ending,
    previous_month,
    return_deadline,
)

PAGE_SIZE = 50
#: So many months back a list looks for returns never made.
MONTHS_LOOKED_BACK = 12

TO_COME, MISSING = "to_come", "missing"
STATES: Final[dict[str, str]] = {
    MISSING: "Not returned yet",
    TO_COME: "To come, nothing typed",
    ReturnState.DRAFT: "Draft",
    ReturnState.SENT_BACK: "Sent back",
    ReturnState.SUBMITTED: "To review",
    ReturnState.ACCEPTED: "Accepted",
    ReturnState.AMENDED: "Amended",
}
"""What everyone's list can be narrowed to, in the order of a return's life."""

_STATE_FILTERS: Final[dict[str, Q]] = {
    TO_COME: Q(this__pk=None),
    MISSING: Q(this__pk=None) | Q(this__state__in=[ReturnState.DRAFT, ReturnState.SENT_BACK]),
} | {str(state): Q(this__state=state) for state in ReturnState}


@dataclass(frozen=True)
class WorklistRow:
    """One contract's line for the month."""

    contract: Contract
    month: datetime.date
    rows: Sequence[MonthlyReturn]
    absent: User | None = None
    closed: MonthReview | None = None
    steps_overdue: int = 0
    kpis: KpiFacts = field(default_factory=KpiFacts)

    @property
    def overdue_words(self) -> str:
        """«2 steps overdue» of its improvement plans."""
        return overdue_words(self.steps_overdue)

    @property
    def row(self) -> MonthlyReturn | None:
        return next((row for row in self.rows if row.month == self.month), None)

    @property
    def is_returned(self) -> bool:
        return self.row is not None and self.row.counts

    @property
    def before(self) -> list[Stated | None]:
        return stated_before(self.rows, self.month)

    @property
    def shown(self) -> Stated | None:
        """The month's own view where it is returned, else last month's."""
        return stated(self.row) if self.row and self.row.counts else self.before[0]

    @property
    def risk(self) -> str:
        return self.shown[0] if self.shown else ""

    @property
    def jet(self) -> Jet:
        return self.shown[1] if self.shown else None

    @property
    def jet_before(self) -> Jet:
        return self.before[0][1] if self.is_returned and self.before[0] else None

    @property
    def note(self) -> str:
        last_month = previous_month(self.month)
        if self.row and self.row.counts:
            return note_after(stated(self.row), self.before[0], last_month=last_month)
        return note_before(self.before, last_month=last_month)

    @property
    def state(self) -> str:
        return self.row.state if self.row else TO_COME

    @property
    def providers(self) -> str:
        return provider_words(self.contract)

    @property
    def last(self) -> MonthlyReturn | None:
        """Last month's return that counts."""
        return last_that_counts(self.rows, self.month)

    @property
    def why_not_unchanged(self) -> str:
        return why_not_unchanged(self.contract, self.rows, self.month, closed=self.closed, kpis=self.kpis)


@dataclass(frozen=True)
class OverdueContract:
    """A contract of the person's own with months before this one that were never returned."""

    contract: Contract
    months: tuple[datetime.date, ...]

    @property
    def providers(self) -> str:
        return provider_words(self.contract)


@dataclass(frozen=True)
class OwnWorklist:
    month: datetime.date
    to_return: list[WorklistRow]
    returned: list[WorklistRow]
    overdue: list[OverdueContract]
    due: "Due | None"

    @property
    def expected(self) -> int:
        return len(self.to_return) + len(self.returned)

    @property
    def returned_count(self) -> int:
        return len(self.returned)

    @property
    def unchanged_count(self) -> int:
        """How many may be returned as unchanged with one tick."""
        return sum(not row.why_not_unchanged for row in self.to_return)

    @property
    def is_empty(self) -> bool:
        return not (self.to_return or self.returned or self.overdue)


@dataclass(frozen=True)
class Due:
    """When the month's returns are due, over the units on the list."""

    words: str
    is_late: bool


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


def due_words(month: datetime.date, working_days: set[int]) -> Due | None:
    """Units may ask for different days: then the first and the last are said."""
    if not working_days:
        return None
    first, last = (due_of(month, working_day=number) for number in (min(working_days), max(working_days)))
    today = clock.today()
    words = return_deadline(today, first, england_bank_holidays())
    if last != first:
        words += f"; in other units up to {last.day} {month_word(last)}"
    return Due(words=words, is_late=today > first)


def own_worklist(user: Any, *, month: datetime.date, unit: CommissioningUnit | None) -> OwnWorklist:
    """What the person has to return for the month, what they have returned, and what is overdue from before."""
    contracts = own_contracts(user, unit=unit)
    expected = in_own_order(contracts.expecting_return(month, last_day=month_end(month)), month)
    rows = _with_steps(_closed_or_open(_for_the_absent(_rows(expected, month), user), month))
    return OwnWorklist(
        month=month,
        to_return=[row for row in rows if not row.is_returned],
        returned=[row for row in rows if row.is_returned],
        overdue=_overdue(with_providers(contracts), month),
        due=due_words(month, {row.contract.unit.return_working_day for row in rows}),
    )


def _for_the_absent(rows: list[WorklistRow], user: User) -> list[WorklistRow]:
    """Each with the person for whom it would be returned; a query more only for who stands in for somebody."""
    absent = acting_for_each([row.contract for row in rows], user)
    return [replace(row, absent=absent[row.contract.pk]) for row in rows]


def _closed_or_open(rows: list[WorklistRow], month: datetime.date) -> list[WorklistRow]:
    closed = closed_reviews({row.contract.unit_id for row in rows}, month)
    return [replace(row, closed=closed.get(row.contract.unit_id)) for row in rows]


def _with_steps(rows: list[WorklistRow]) -> list[WorklistRow]:
    """Each with how many steps of its improvement plans are overdue today; one query."""
    late = overdue_counts([row.contract.pk for row in rows], clock.today())
    return [replace(row, steps_overdue=late.get(row.contract.pk, 0)) for row in rows]


def own_rows(user: Any, *, month: datetime.date, contracts: Collection[int]) -> list[WorklistRow]:
    """Of these contracts the person's own, whatever became of them; the others are not there."""
    found = in_own_order(own_contracts(user, unit=None).filter(pk__in=contracts), month)
    return _closed_or_open(_for_the_absent(_rows(found, month), user), month)


def _rows(contracts: ContractQuerySet, month: datetime.date) -> list[WorklistRow]:
    recent = MonthlyReturn.objects.filter(month__range=(months_back(month, 2), month))
    loaded = with_providers(contracts.select_related("unit", "officer")).prefetch_related(
        Prefetch("returns", queryset=recent.select_related("submitted_by", "submitted_for"), to_attr="recent_returns")
    )
    listed = list(loaded)
    kpis = facts_of([contract.pk for contract in listed], month)
    return [
        WorklistRow(contract=contract, month=month, rows=contract.recent_returns, kpis=kpis[contract.pk])
        for contract in listed
    ]


def _overdue(contracts: ContractQuerySet, month: datetime.date) -> list[OverdueContract]:
    """Contracts with earlier months, still open, that expected a return and have none that counts; newest month first.

    A closed month stands as not returned: it is amended, not overdue.
    """
    months = months_ending(previous_month(month), MONTHS_LOOKED_BACK)
    returned = MonthlyReturn.objects.that_count().filter(
        contract_id=OuterRef("pk"), month__range=(months[0], months[-1])
    )
    closed = MonthReview.objects.closed().filter(unit_id=OuterRef("unit_id"), month__range=(months[0], months[-1]))
    running = contracts.running_in(months[0], until=month_end(months[-1])).select_related("unit")
    known = running.annotate(
        months_returned=ArraySubquery(returned.values("month")), months_closed=ArraySubquery(closed.values("month"))
    )
    overdue = []
    for contract in known.order_by("title", "pk"):
        missing = tuple(candidate for candidate in reversed(months) if _is_missing(contract, candidate))
        if missing:
            overdue.append(OverdueContract(contract=contract, months=missing))
    return overdue


def _is_missing(contract: Any, month: datetime.date) -> bool:
    settled = (*contract.months_returned, *contract.months_closed)
    return month not in settled and contract.expects_return(month)


def _overdue_months(contracts: ContractQuerySet, month: datetime.date) -> list[OverdueMonth]:
    """How many returns each earlier month lacks, newest first: those expected less those that count.

    Only of units that have not closed the month: what is closed stands as not returned.
    """
    months = months_ending(previous_month(month), MONTHS_LOOKED_BACK)
    closed = _closed_units(months)
    wanted = {
        f"{each:%Y-%m}": Count(
            "pk", filter=expects_return_of(each, last_day=month_end(each)) & ~Q(unit_id__in=closed[each])
        )
        for each in months
    }
    expected = contracts.order_by().aggregate(**wanted)
    is_closed = MonthReview.objects.closed().filter(unit_id=OuterRef("contract__unit_id"), month=OuterRef("month"))
    held = (
        MonthlyReturn.objects.that_count()
        .filter(_was_expected(), contract__in=contracts.order_by().values("pk"), month__range=(months[0], months[-1]))
        .exclude(Exists(is_closed))
        .order_by()
        .values_list("month")
        .annotate(Count("pk"))
    )
    returned = dict(held)
    missing = [(each, expected[f"{each:%Y-%m}"] - returned.get(each, 0)) for each in reversed(months)]
    return [OverdueMonth(each, count) for each, count in missing if count]


def _closed_units(months: Sequence[datetime.date]) -> dict[datetime.date, list[int]]:
    """By month the units that have closed it."""
    closed: dict[datetime.date, list[int]] = {month: [] for month in months}
    for month, unit in MonthReview.objects.closed().filter(month__in=months).values_list("month", "unit_id"):
        closed[month].append(unit)
    return closed


def _was_expected() -> Q:
    """``expects_return_of`` asked of a return: one whose contract has since been given other days is left out."""
    asked_of_unit = Q(contract__unit__first_return_month=None) | Q(contract__unit__first_return_month__lte=F("month"))
    asked = asked_of_unit & (Q(contract__returns_from=None) | Q(contract__returns_from__lte=F("month")))
    runs_on = Q(contract__effective_end=None) | Q(contract__effective_end__gte=F("month"))
    return asked & runs_on & Q(LessThanOrEqual(TruncMonth("contract__start"), F("month")))


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
    chosen = _of_officer(officer)
    counts = _counts(expected, chosen)
    narrowed = expected.filter(chosen & _STATE_FILTERS.get(state, Q()))
    for_review = state == ReturnState.SUBMITTED
    narrowed = in_review_order(narrowed, month) if for_review else narrowed.order_by("title", "pk")
    shown = Paginator(narrowed, PAGE_SIZE).get_page(page)
    return EveryonesWorklist(
        month=month,
        page=shown,
        rows=_with_steps(_rows(cast(ContractQuerySet, shown.object_list), month)),
        expected=counts["expected"],
        returned_count=counts["returned"],
        order=REVIEW_ORDER_WORDS if for_review else "By title",
        overdue=_overdue_months(contracts, month),
        due=due_words(month, {counts["first"], counts["last"]} - {None}),
        states=[Choice(value, label, counts[value]) for value, label in STATES.items()],
        officers=_officers(expected),
    )


def _of_officer(officer: str) -> Q:
    if officer == "none":
        return Q(officer=None)
    return Q(officer_id=int(officer)) if officer.isascii() and officer.isdigit() and len(officer) < 10 else Q()


def _counts(expected: ContractQuerySet, chosen: Q) -> dict[str, Any]:
    return expected.aggregate(
        expected=Count("pk"),
        returned=Count("pk", filter=Q(this__state__in=COUNTING)),
        first=Min("unit__return_working_day"),
        last=Max("unit__return_working_day"),
        **{state: Count("pk", filter=chosen & condition) for state, condition in _STATE_FILTERS.items()},
    )


def _officers(expected: ContractQuerySet) -> list[Choice]:
    """The officers of the contracts in view, by name, and «No officer» where a contract has none."""
    found = expected.order_by().values_list("officer_id", "officer__name").distinct()
    named = sorted((name, pk) for pk, name in found if pk is not None)
    unnamed = [Choice("none", "No officer")] if any(pk is None for pk, _ in found) else []
    return [Choice(str(pk), name) for name, pk in named] + unnamed
