"""One contract's line in a list of a month's returns, and the few statements that read many of them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Final, TypeVar

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import Truncator

from accounts import clock
from accounts.models import User, short_name
from commissioning.rules import MONTH_NAMES
from contracts.choices import ReturnState
from contracts.models import Contract, MonthlyReturn, PlanStep
from contracts.models.contract import ContractQuerySet
from contracts.queries.addresses import AddressOf
from contracts.queries.closing import ClosedMonth, closed_at_of
from contracts.queries.kpi_facts import KpiFacts, facts_of
from contracts.queries.monthly_return import names_words, provider_names
from contracts.queries.return_words import Stated, note_after, note_before, stated, stated_before
from contracts.queries.unchanged import last_that_counts, why_not_unchanged
from contracts.rules.improvement import overdue_words
from contracts.rules.jet import Jet
from contracts.rules.returns import MONTHS_UNEXPLAINED, months_back, previous_month

TO_COME: Final = "to_come"

_OF_CONTRACT: Final = ("reference", "slug", "title", "start", "effective_end", "returns_from")
_OF_ITS_PEOPLE: Final = ("officer", "service_manager")
_OF_UNIT: Final = (
    *("code", "name", "first_return_month", "return_working_day"),
    *("risk_red_means", "risk_amber_means", "risk_green_means"),
)
_COLUMNS: Final = (*_OF_CONTRACT, *_OF_ITS_PEOPLE, *(f"unit__{name}" for name in _OF_UNIT))
_OF_RETURN: Final = (
    *("contract", "month", "state", "risk", "jet_score", "not_assessed_reason", "narrative", "kpi_reason", "version"),
    *("saved_at", "submitted_at", "reviewed_at", "review_note"),
)

NOTE_SHOWN: Final = 80
"""Characters of a reviewer's note in a list."""
_STATE_WORDS: Final[dict[str, str]] = {
    TO_COME: "Not started",
    ReturnState.DRAFT: "Draft",
    ReturnState.SENT_BACK: "Sent back",
    ReturnState.ACCEPTED: "Accepted",
    ReturnState.AMENDED: "Amended",
}
_VERBS: Final[dict[str, str]] = {
    TO_COME: "Start",
    ReturnState.DRAFT: "Continue",
    ReturnState.SENT_BACK: "Look again",
    ReturnState.SUBMITTED: "Change",
}
_REVIEWERS_VERBS: Final[dict[str, str]] = {
    TO_COME: "Enter",
    ReturnState.SUBMITTED: "Review",
    ReturnState.ACCEPTED: "See",
}


@dataclass(frozen=True)
class WorklistRow:
    """One contract's line for the month. ``rows`` are the month's return and those of the months before it."""

    #: Who of a return is more to a line than a name.
    people: ClassVar[tuple[str, ...]] = ()

    contract: Contract
    month: datetime.date
    rows: Sequence[MonthlyReturn]
    provider_names: Sequence[str] = ()
    officer_name: str = ""
    absent: User | None = None
    closed: ClosedMonth | None = None
    steps_overdue: int = 0
    kpis: KpiFacts = field(default_factory=KpiFacts)
    contract_url: str = ""
    url: str = ""
    """Of the return's own page."""

    @property
    def overdue_words(self) -> str:
        """«2 steps overdue» of its improvement plans."""
        return overdue_words(self.steps_overdue)

    @cached_property
    def row(self) -> MonthlyReturn | None:
        return next((row for row in self.rows if row.month == self.month), None)

    @property
    def is_returned(self) -> bool:
        return self.row is not None and self.row.counts

    @cached_property
    def before(self) -> list[Stated | None]:
        return stated_before(self.rows, self.month)

    @cached_property
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
        return names_words(self.provider_names)

    @property
    def key(self) -> str:
        """The contract's number as a form sends it."""
        return str(self.contract.pk)

    @property
    def verb(self) -> str:
        """What its officer does with it."""
        return _VERBS.get(self.state, "See")

    @property
    def verb_of_reviewer(self) -> str:
        return _REVIEWERS_VERBS.get(self.state, "Open")

    @property
    def kpis_due(self) -> str:
        return self.kpis.due_words

    @cached_property
    def kpis_met(self) -> str:
        return self.kpis.met_words

    @property
    def state_words(self) -> str:
        return state_words(self.row)

    @property
    def state_detail(self) -> str:
        return state_detail(self.row)

    @cached_property
    def last(self) -> MonthlyReturn | None:
        """Last month's return that counts."""
        return last_that_counts(self.rows, self.month)

    @cached_property
    def why_not_unchanged(self) -> str:
        return why_not_unchanged(self.contract, self.rows, self.month, closed=self.closed, kpis=self.kpis)


def state_words(row: MonthlyReturn | None) -> str:
    return _STATE_WORDS.get(row.state if row else TO_COME, "Returned")


def state_detail(row: Any) -> str:
    """Beside the state: the reviewer's note, the day of acceptance, or when it was returned and by whom for whom.

    Of a return with ``names_of_return``, or of none.
    """
    if row is None or row.state == ReturnState.DRAFT:
        return ""
    if row.state == ReturnState.SENT_BACK:
        return Truncator(row.review_note).chars(NOTE_SHOWN)
    if row.state == ReturnState.ACCEPTED:
        return _day_words(row.reviewed_at)
    day = _day_words(row.submitted_at)
    by, absent = row.submitted_name, row.submitted_for_name
    return f"{day}, {short_name(by)} for {short_name(absent)}" if by and absent else day


def names_of_return() -> dict[str, F]:
    """Annotations of returns: the names that ``state_detail`` and lists may say of them."""
    return {
        "submitted_name": F("submitted_by__name"),
        "submitted_for_name": F("submitted_for__name"),
        "reviewed_name": F("reviewed_by__name"),
    }


def _day_words(moment: datetime.datetime | None) -> str:
    """«7 Nov»"""
    if moment is None:
        return ""
    day = timezone.localtime(moment).date()
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]}"


# Reading many

Row = TypeVar("Row", bound=WorklistRow)


def rows_of(contracts: ContractQuerySet, month: datetime.date, *, kind: type[Row]) -> list[Row]:
    """In the order of the contracts, which are in sight; three queries however many."""
    listed = list(_with_month(contracts, month, people=kind.people))
    kpis = facts_of([contract.pk for contract in listed], month)
    contract_url, return_url = AddressOf("contract"), AddressOf("return", month)
    return [
        kind(
            contract=contract,
            month=month,
            rows=contract.recent_returns,
            provider_names=contract.provider_names,
            officer_name=contract.officer_name or "",
            closed=ClosedMonth(month, contract.closed_at) if contract.closed_at else None,
            steps_overdue=contract.steps_overdue,
            kpis=kpis[contract.pk],
            contract_url=contract_url(contract),
            url=return_url(contract),
        )
        for contract in listed
    ]


def sent_back_first(rows: list[Row]) -> list[Row]:
    """What was sent back first: the order of a person's own list, of rows that come by title."""
    return sorted(rows, key=lambda row: row.state != ReturnState.SENT_BACK)


def _with_month(contracts: ContractQuerySet, month: datetime.date, *, people: Sequence[str]) -> Any:
    """With all that a line says but its KPIs, and no column more."""
    recent = MonthlyReturn.objects.filter(month__range=(months_back(month, MONTHS_UNEXPLAINED), month))
    named = recent.annotate(**names_of_return()).only(*_OF_RETURN, *(f"{person}__name" for person in people))
    if people:
        named = named.select_related(*people)
    late = PlanStep.objects.filter(contract_id=OuterRef("pk")).overdue_now(clock.today()).order_by()
    counted = late.values("contract_id").annotate(count=Count("pk")).values("count")
    return (
        contracts.select_related("unit")
        .only(*_COLUMNS)
        .annotate(
            officer_name=F("officer__name"),
            provider_names=provider_names(),
            closed_at=closed_at_of(month),
            steps_overdue=Coalesce(Subquery(counted), 0, output_field=IntegerField()),
        )
        .prefetch_related(Prefetch("returns", queryset=named, to_attr="recent_returns"))
    )
