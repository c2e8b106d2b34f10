"""One contract's return of one month: who may make it, what it says, what came before, and which is next."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateField,
    Exists,
    OuterRef,
    Prefetch,
    QuerySet,
    Value,
    When,
)

from accounts.models import User
from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.holidays import england_bank_holidays
from commissioning.models import CommissioningUnit
from contracts.choices import ReturnState
from contracts.models import Contract, ContractProvider, GradeView, MonthlyReturn, MonthReview
from contracts.models.contract import ContractQuerySet, returned_by
from contracts.queries.board_asked import asked_by_board
from contracts.queries.built_once import Given, Prepared, naming
from contracts.queries.closing import closed_review, closed_words
from contracts.queries.grade_views import SideLine, disagreement, side_lines, views_of_contract
from contracts.queries.kpis import KpiLine, evidence_in, kpi_lines
from contracts.queries.managed import ManagedContract
from contracts.queries.plans import StepShown, open_steps
from contracts.queries.return_words import Stated, month_word, narrative_hint, run_words, stated, stated_before
from contracts.queries.scorecard import Scorecard, scorecard_of
from contracts.queries.standing_in import acting_for
from contracts.rules.evidence import Evidence, contradiction
from contracts.rules.jet import Jet, scale_on
from contracts.rules.returns import due_date, month_end, months_back, months_ending, previous_month
from governance.models import MeetingAction

HISTORY_MONTHS = 12


@dataclass(frozen=True)
class ContractMonth:
    """A contract and a month, whether or not a return is there yet."""

    contract: Contract
    month: datetime.date
    is_own: bool

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        """The one rule of returns: their makers are the contract's own people, and whoever reviews.

        Asked by the gate of the page and of its posts, and by whatever shows a link to them.
        """
        return ManagedContract(self.contract, self.is_own).is_open_to(scope, permission)

    @property
    def due(self) -> datetime.date:
        return due_of(self.month, working_day=self.contract.unit.return_working_day)


def due_of(month: datetime.date, *, working_day: int) -> datetime.date:
    return due_date(month, working_day=working_day, holidays=england_bank_holidays())


def is_own(user: Any) -> Case:
    """Whether the person makes the contract's returns, as a column."""
    return Case(When(returned_by(user), then=Value(True)), default=Value(False), output_field=BooleanField())


def with_providers(contracts: ContractQuerySet) -> ContractQuerySet:
    rows = ContractProvider.objects.select_related("organisation")
    return contracts.prefetch_related(Prefetch("provider_rows", queryset=rows))


def provider_names() -> ArraySubquery:
    """An annotation of contracts: their providers' names, in their order."""
    return ArraySubquery(_providers().values("organisation__name"))


def provider_ids() -> ArraySubquery:
    return ArraySubquery(_providers().values("organisation_id"))


def _providers() -> QuerySet[ContractProvider]:
    return ContractProvider.objects.filter(contract_id=OuterRef("pk")).order_by("position", "pk")


def provider_words(contract: Contract) -> str:
    return names_words([row.organisation.name for row in contract.provider_rows.all()])


def names_words(names: Sequence[str]) -> str:
    """«Willow Homes Ltd», «Willow Homes Ltd and 2 others»; empty where none is named."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} others"


def contract_month(
    user: Any,
    *,
    month: datetime.date,
    slug: str,
    unit: CommissioningUnit | None,
    unit_code: str = "",
    contract_pk: str = "",
) -> ContractMonth | None:
    """The contract in sight at this address; None where there is none.

    Two units may use one reference. Then the form's own contract decides, else the unit that the address names, else
    the unit the person works in, else a contract of the person's own.
    """
    contracts = Contract.objects.visible_to(user).filter(slug=slug).annotate(is_own=is_own(user))
    found = list(with_providers(contracts.select_related("unit", "officer")).order_by("unit__name", "pk"))
    if contract_pk:
        found = [contract for contract in found if str(contract.pk) == contract_pk]
    if unit_code:
        found = [contract for contract in found if contract.unit.code == unit_code]
    found.sort(key=lambda contract: (unit is None or contract.unit_id != unit.pk, not contract.is_own))  # type: ignore[attr-defined]
    return ContractMonth(found[0], month, found[0].is_own) if found else None  # type: ignore[attr-defined]


@dataclass(frozen=True)
class LeftToReturn:
    """One line of a person's own list for the month, enough to open it."""

    pk: int
    slug: str
    unit_code: str


def own_contracts(user: Any, *, unit: CommissioningUnit | None) -> ContractQuerySet:
    contracts = Contract.objects.visible_to(user, Permission.RETURN_CONTRACTS).for_officer(user)
    return contracts.filter(unit=unit) if unit else contracts


def in_own_order(contracts: ContractQuerySet, month: datetime.date) -> ContractQuerySet:
    """What was sent back first, then by title: the order of the list and of «open next»."""
    sent_back = MonthlyReturn.objects.filter(contract_id=OuterRef("pk"), month=month, state=ReturnState.SENT_BACK)
    return contracts.annotate(was_sent_back=Exists(sent_back)).order_by("-was_sent_back", "title", "pk")


def left_to_return(user: Any, *, month: datetime.date, unit: CommissioningUnit | None) -> list[LeftToReturn]:
    """The person's own contracts without a return that counts for the month, in the order of their list."""
    in_hand = MonthlyReturn.objects.that_count().filter(contract_id=OuterRef("pk"), month=month)
    expected = own_contracts(user, unit=unit).expecting_return(month, last_day=month_end(month))
    rows = in_own_order(expected.filter(~Exists(in_hand)), month).values_list("pk", "slug", "unit__code")
    return [LeftToReturn(*row) for row in rows]


def next_after(left: list[LeftToReturn], pk: int) -> LeftToReturn | None:
    """The one below, going round to the top; None where no other is left."""
    others = [row for row in left if row.pk != pk]
    place = next((number for number, row in enumerate(left) if row.pk == pk), 0)
    return others[place % len(others)] if others else None


@dataclass(frozen=True)
class ReturnPage:
    """All that the page of one return shows, beside its form."""

    of: ContractMonth
    row: MonthlyReturn | None
    rows: tuple[MonthlyReturn, ...]
    closed: MonthReview | None
    absent: User | None
    asked: Sequence[MeetingAction] = ()

    @property
    def is_amended_only(self) -> bool:
        """The month is closed and says something: it is changed by an amendment and by nothing else."""
        return self.closed is not None and self.row is not None and self.row.counts

    @property
    def closed_words(self) -> str:
        return closed_words(self.closed) if self.closed else ""

    @property
    def last_month(self) -> datetime.date:
        return previous_month(self.of.month)

    @property
    def last_month_word(self) -> str:
        return month_word(self.last_month)

    @property
    def month_word(self) -> str:
        return month_word(self.of.month)

    @property
    def last(self) -> MonthlyReturn | None:
        """Last month's return that counts."""
        return next((row for row in self.rows if row.month == self.last_month and row.counts), None)

    @property
    def last_jet(self) -> Jet:
        return stated(self.last)[1] if self.last else None

    @property
    def jet(self) -> Jet:
        return stated(self.row)[1] if self.row else None

    @property
    def latest_before(self) -> MonthlyReturn | None:
        """The newest return of the year before that counts, where last month has none."""
        earlier = (row for row in self.rows if row.month < self.of.month and row.counts)
        return max(earlier, key=lambda row: row.month, default=None)

    @property
    def latest_before_jet(self) -> Jet:
        return stated(self.latest_before)[1] if self.latest_before else None

    @cached_property
    def steps(self) -> list[StepShown]:
        """The open steps of its improvement plans. None once the month is closed: then the return alone is amended."""
        return [] if self.closed else open_steps(self.of.contract)

    @cached_property
    def kpis(self) -> list[KpiLine]:
        """One query without KPIs, four with any."""
        return kpi_lines(self.of.contract, self.of.month)

    @cached_property
    def views(self) -> list[GradeView]:
        return views_of_contract(self.of.contract, self.of.month)

    @cached_property
    def scorecard(self) -> Scorecard:
        return scorecard_of(self.of.contract, self.of.month)

    @property
    def evidence(self) -> Evidence:
        return evidence_in(self.kpis)

    @property
    def against_kpis(self) -> str:
        """The sentence for a stored score that the KPIs do not bear out; empty where they do."""
        score = self.row.jet_score if self.row else None
        return contradiction(score, self.evidence, scale=scale_on(month_end(self.of.month))) or ""

    @property
    def side_lines(self) -> list[SideLine]:
        """What the service manager and the supplier think of the grade, beside the one that counts."""
        counts = self.row is not None and self.row.counts
        return side_lines(self.views, jet=self.jet if counts else None, month=self.of.month)

    @property
    def disagreement(self) -> str:
        return disagreement(self.views, self.jet) if self.row is not None and self.row.counts else ""

    @property
    def before(self) -> list[Stated | None]:
        return stated_before(self.rows, self.of.month, count=HISTORY_MONTHS)

    @property
    def narrative_hint(self) -> str:
        return narrative_hint(self.before, last_month=self.last_month)

    @property
    def run_words(self) -> str:
        return run_words(self.before, last_month=self.last_month)

    @property
    def jet_history(self) -> list[Jet]:
        """Twelve months to the last one, oldest first; None for a month not returned."""
        return [view[1] if view else None for view in reversed(self.before)]

    @property
    def has_history(self) -> bool:
        return sum(isinstance(score, int) for score in self.jet_history) > 1

    @property
    def providers(self) -> str:
        return provider_words(self.of.contract)

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0


_RETURNS: Final = Prepared(
    lambda: naming(
        MonthlyReturn.objects.filter(
            contract_id=Given("contract", BigIntegerField()),
            month__gte=Given("first", DateField()),
            month__lte=Given("month", DateField()),
        ),
        "saved_by", "saved_for", "submitted_by", "submitted_for", "reviewed_by",
    )
)  # fmt: skip


def return_page(of: ContractMonth, *, by: User) -> ReturnPage:
    """``by``: who looks, as it may be for an absent colleague that they would return it."""
    months = months_ending(of.month, HISTORY_MONTHS + 1)
    loaded = tuple(_RETURNS.rows(contract=of.contract.pk, first=months[0], month=of.month))
    return ReturnPage(
        of=of,
        row=next((row for row in loaded if row.month == of.month), None),
        rows=loaded,
        closed=closed_review(of.contract.unit_id, of.month),
        absent=acting_for(of.contract, by),
        asked=asked_by_board(of.contract),
    )


def months_to_choose(
    month: datetime.date, *, newest: datetime.date, first: datetime.date | None
) -> list[datetime.date]:
    """Two years of months to go to, newest first, and the month that is open now."""
    oldest = max(filter(None, [first, months_back(newest, 23)]))
    months = [candidate for candidate in reversed(months_ending(newest, 24)) if candidate >= oldest]
    return months if month in months else [*months, month]
