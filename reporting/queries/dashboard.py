"""The dashboard: what needs the person now, then the totals, then the charts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, Sum, Window

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.choices import Management, ReturnState, Risk
from contracts.models import Contract, ContractProvider
from contracts.models.contract import ContractQuerySet
from contracts.queries.concern_rules import unit_rules
from contracts.rules.jet import HIGHEST, LOWEST
from reporting.queries.concern import Concern, concerns
from reporting.queries.dashboard_steps import overdue_in
from reporting.queries.ending import ending_soon, to_decide
from reporting.queries.links import named_unit
from reporting.queries.month import (
    ReturnMonth,
    chosen_month,
    expected,
    in_unit,
    months_to_choose,
    seen_by,
    with_newly_red,
    with_view,
)
from reporting.queries.register_sorts import SEVERITY
from reporting.queries.sight import with_plans_seen
from reporting.queries.spend import spend_by_partner
from reporting.queries.words import NO_VIEW, risk_move

QUEUE_ROWS: Final = 4
CONCERNS_SHOWN: Final = 12
SCORES: Final = range(LOWEST, HIGHEST + 1)
ALIKE: Final = ("risk", "jet", "is_returned", "management", "officer_id", "officer__name")
DEVOLVED: Final = (None, "Devolved (service areas)", True)


@dataclass(frozen=True)
class OfficerLoad:
    """How much of a month one officer has still to return."""

    officer_id: int | None
    name: str
    is_devolved: bool
    total: int
    left: int


class Figures:
    """The counts of one month: each contract that expects a return, by what it says."""

    def __init__(self, groups: Iterable[Mapping[str, Any]]) -> None:
        self.groups = list(groups)
        self._sums: dict[str, Any] = defaultdict(int)
        for group in self.groups:
            self._add(group)

    def _add(self, group: Mapping[str, Any]) -> None:
        number, annual, risk = group["number"], group["annual"] or 0, group["risk"] or NO_VIEW
        sums = self._sums
        sums["all"] += number
        sums["annual"] += annual
        sums["whole_life"] += group["whole_life"] or 0
        sums["without_value"] += group["without_value"]
        sums[group["management"]] += number
        sums[f"risk_{risk}"] += number
        sums[f"annual_{risk}"] += annual
        if group["is_returned"]:
            sums["returned"] += number
        if group["risk"]:
            sums["not_assessed" if group["jet"] is None else f"jet_{group['jet']}"] += number

    def __getitem__(self, name: str) -> Any:
        return self._sums.get(name, 0)

    @property
    def jets(self) -> dict[int, int]:
        return {score: self[f"jet_{score}"] for score in SCORES}

    @property
    def assessed(self) -> int:
        return sum(self.jets.values())

    @property
    def working_days(self) -> list[int]:
        """The days on which the units' returns are due, the earliest first."""
        return sorted({group["working_day"] for group in self.groups})

    @property
    def loads(self) -> list[OfficerLoad]:
        """By officer, most left first, then devolved contracts together; those with nothing left are not listed."""
        totals: Counter[tuple[int | None, str, bool]] = Counter()
        left: Counter[tuple[int | None, str, bool]] = Counter()
        for group in self.groups:
            who = (group["officer_id"], group["officer__name"] or "No officer named", False)
            key = DEVOLVED if group["management"] == Management.DEVOLVED else who
            totals[key] += group["number"]
            left[key] += 0 if group["is_returned"] else group["number"]
        loads = [OfficerLoad(*key, total=totals[key], left=number) for key, number in left.items() if number]
        return sorted(loads, key=lambda load: (load.is_devolved, -load.left, load.name))


def figures(contracts: ContractQuerySet, month: ReturnMonth) -> Figures:
    """Everything that is counted of a month, by one query over ``with_view``; a missing view is never green.

    The database groups contracts that say the same; the groups are added up here.
    """
    groups = (
        with_view(contracts, month)
        .order_by()
        .values(*ALIKE, working_day=F("unit__return_working_day"))
        .annotate(
            number=Count("id"),
            annual=Sum("annual_value"),
            whole_life=Sum("whole_life_value"),
            without_value=Count("id", filter=Q(annual_value=None)),
        )
    )
    return Figures(groups)


@dataclass(frozen=True)
class ReviewRow:
    """A return that waits for a reviewer."""

    title: str
    slug: str
    unit_code: str
    meta: str


def to_review(
    contracts: ContractQuerySet, month: ReturnMonth, *, unit: CommissioningUnit | None
) -> tuple[list[ReviewRow], int]:
    """(the returns to look at first, how many wait): newly red first, then the largest fall of JET, then the worst."""
    waiting = (
        with_newly_red(with_view(contracts, month), month)
        .filter(Q(this_return__state=ReturnState.SUBMITTED))
        .annotate(fall=F("was_jet") - F("jet"), total=Window(Count("pk")), unit_code=named_unit(unit))
        .order_by(F("is_newly_red").desc(), F("fall").desc(nulls_last=True), SEVERITY.asc(), "title", "pk")
        .only("slug", "title")[:QUEUE_ROWS]
    )
    shown: list[Any] = list(waiting)
    rows = [
        ReviewRow(title=row.title, slug=row.slug, unit_code=row.unit_code, meta=_review_words(row)) for row in shown
    ]
    return rows, shown[0].total if shown else 0


def _review_words(row: Any) -> str:
    if row.is_newly_red:
        return risk_move(row.risk, row.was_risk if row.was_risk != Risk.RED else "")
    if row.fall and row.fall > 0:
        return f"JET {row.was_jet} to {row.jet}"
    jet = f"JET {row.jet}" if row.jet else "not assessed"
    return f"{Risk(row.risk).label}, {jet}"


@dataclass(frozen=True)
class ConcernRow:
    """A contract of concern with the names that its line shows."""

    concern: Concern
    title: str
    slug: str
    unit_code: str
    providers: list[str]


def named_concerns(found: list[Concern], *, unit: CommissioningUnit | None) -> dict[int, ConcernRow]:
    """The names of the contracts that are shown; one query."""
    shown = {concern.contract_id: concern for concern in found}
    rows = (
        Contract.objects.filter(pk__in=list(shown))
        .order_by()
        .annotate(provider_names=_provider_names(), unit_code=named_unit(unit))
        .only("slug", "title")
    )
    return {
        row.pk: ConcernRow(shown[row.pk], row.title, row.slug, row.unit_code, list(row.provider_names or []))
        for row in rows
    }


def _provider_names() -> Any:
    providers = ContractProvider.objects.filter(contract=OuterRef("pk")).order_by("position", "pk")
    return ArraySubquery(providers.values("organisation__name"))


class DashboardData:
    """What the database says for the dashboard of one person, unit and month. Twenty-one queries at most."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, month_text: str | None) -> None:
        scope = scope_of(user)
        self.month = month = chosen_month(month_text, today=clock.today())
        self.months = months_to_choose(month)
        in_sight = seen_by(user, unit)
        counting = expected(in_sight, month)
        self.now = figures(counting, month)
        self.before = figures(expected(in_sight, month.before), month.before)
        self.loads = self.now.loads
        self.may_review = scope.holds(Permission.REVIEW_RETURNS)
        reviewable = Contract.objects.visible_to(user, Permission.REVIEW_RETURNS)
        self.reviews, self.reviews_waiting = (
            to_review(expected(in_unit(reviewable, unit), month), month, unit=unit) if self.may_review else ([], 0)
        )
        self.decisions, self.decisions_waiting = to_decide(
            in_sight.filter(with_plans_seen(scope)), month, unit=unit, rows=QUEUE_ROWS
        )
        self.rules = unit_rules(month.month)
        found = concerns(counting, month, rules=self.rules, read=with_plans_seen(scope))
        self.concerns = [concern for concern in found if concern.note]
        self.red = [concern for concern in found if concern.risk == Risk.RED]
        shown = {c.contract_id: c for c in (*self.concerns[:CONCERNS_SHOWN], *self.red[:QUEUE_ROWS])}
        self.concern_rows = named_concerns(list(shown.values()), unit=unit)
        self.ending = ending_soon(in_sight, month, unit=unit)
        self.overdue = overdue_in(user, month, unit=unit)
        self.spend = spend_by_partner(counting, annual=self.now["annual"], whole_life=self.now["whole_life"])
        providers = ContractProvider.objects.filter(contract__in=counting.values("pk"))
        self.providers = providers.aggregate(number=Count("organisation_id", distinct=True))["number"]
        self.has_contracts = bool(self.now["all"]) or in_sight.exists()
