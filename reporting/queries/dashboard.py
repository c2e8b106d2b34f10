"""The dashboard: what needs the person now, then the totals, then the charts."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, Min, OuterRef, Q, Sum, Window

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.choices import Management, ReturnState, Risk
from contracts.models import Contract, ContractProvider
from contracts.models.contract import ContractQuerySet
from contracts.rules.jet import HIGHEST, LOWEST
from reporting.queries.concern import Concern, concerns
from reporting.queries.ending import ending_soon, to_decide
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
from reporting.queries.register import SEVERITY
from reporting.queries.spend import spend_by_partner
from reporting.queries.words import NO_VIEW, risk_move

QUEUE_ROWS: Final = 4
CONCERNS_SHOWN: Final = 12
SCORES: Final = range(LOWEST, HIGHEST + 1)


@dataclass(frozen=True)
class Figures:
    """The counts of one month: each contract that expects a return, by what it says."""

    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name] or 0

    @property
    def jets(self) -> dict[int, int]:
        return {score: self[f"jet_{score}"] for score in SCORES}

    @property
    def assessed(self) -> int:
        return sum(self.jets.values())


def figures(contracts: ContractQuerySet, month: ReturnMonth) -> Figures:
    """Everything that is counted of a month, in one pass over ``with_view``; never counts a missing view green."""
    viewed = {risk: Q(risk=risk) for risk in Risk.values} | {NO_VIEW: Q(view_month=None)}
    aggregates: dict[str, Any] = {
        "all": Count("id"),
        "returned": Count("id", filter=Q(is_returned=True)),
        "not_assessed": Count("id", filter=Q(view_month__isnull=False, jet=None)),
        "central": Count("id", filter=Q(management=Management.CENTRAL)),
        "devolved": Count("id", filter=Q(management=Management.DEVOLVED)),
        "annual": Sum("annual_value"),
        "whole_life": Sum("whole_life_value"),
        "without_value": Count("id", filter=Q(annual_value=None)),
        "first_working_day": Min("unit__return_working_day"),
        "last_working_day": Max("unit__return_working_day"),
    }
    for risk, condition in viewed.items():
        aggregates[f"risk_{risk}"] = Count("id", filter=condition)
        aggregates[f"annual_{risk}"] = Sum("annual_value", filter=condition)
    for score in SCORES:
        aggregates[f"jet_{score}"] = Count("id", filter=Q(jet=score))
    # the names on the right are columns and annotations; the prefix keeps them apart from those on the left
    found = with_view(contracts, month).aggregate(**{f"n_{name}": what for name, what in aggregates.items()})
    return Figures({name.removeprefix("n_"): value for name, value in found.items()})


@dataclass(frozen=True)
class OfficerLoad:
    """How much of a month one officer has still to return."""

    officer_id: int | None
    name: str
    is_devolved: bool
    total: int
    left: int


def loads(contracts: ContractQuerySet, month: ReturnMonth) -> list[OfficerLoad]:
    """By officer, devolved contracts together, most left first; those with nothing left are not listed."""
    grouped = (
        with_view(contracts, month)
        .order_by()
        .values("management", "officer_id", "officer__name")
        .annotate(total=Count("id"), left=Count("id", filter=Q(this_return__id=None)))
    )
    devolved = [row for row in grouped if row["management"] == Management.DEVOLVED]
    named = [
        OfficerLoad(row["officer_id"], row["officer__name"] or "No officer named", False, row["total"], row["left"])
        for row in grouped
        if row["management"] != Management.DEVOLVED and row["left"]
    ]
    named.sort(key=lambda load: (-load.left, load.name))
    left = sum(row["left"] for row in devolved)
    if left:
        total = sum(row["total"] for row in devolved)
        named.append(OfficerLoad(None, "Devolved (service areas)", True, total, left))
    return named


@dataclass(frozen=True)
class ReviewRow:
    """A return that waits for a reviewer."""

    title: str
    slug: str
    meta: str


def to_review(contracts: ContractQuerySet, month: ReturnMonth) -> tuple[list[ReviewRow], int]:
    """(the returns to look at first, how many wait): newly red first, then the largest fall of JET, then the worst."""
    waiting = (
        with_newly_red(with_view(contracts, month), month)
        .filter(Q(this_return__state=ReturnState.SUBMITTED))
        .annotate(fall=F("was_jet") - F("jet"), total=Window(Count("pk")))
        .order_by(F("is_newly_red").desc(), F("fall").desc(nulls_last=True), SEVERITY.asc(), "title", "pk")
        .only("slug", "title")[:QUEUE_ROWS]
    )
    shown: list[Any] = list(waiting)
    rows = [ReviewRow(title=row.title, slug=row.slug, meta=_review_words(row)) for row in shown]
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
    providers: list[str]


def named_concerns(found: list[Concern]) -> dict[int, ConcernRow]:
    """The names of the contracts that are shown; one query."""
    shown = {concern.contract_id: concern for concern in found}
    rows = (
        Contract.objects.filter(pk__in=list(shown))
        .order_by()
        .annotate(provider_names=_provider_names())
        .only("slug", "title")
    )
    return {row.pk: ConcernRow(shown[row.pk], row.title, row.slug, list(row.provider_names or [])) for row in rows}


def _provider_names() -> Any:
    providers = ContractProvider.objects.filter(contract=OuterRef("pk")).order_by("position", "pk")
    return ArraySubquery(providers.values("organisation__name"))


class DashboardData:
    """What the database says for the dashboard of one person, unit and month. Twelve queries at most."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, month_text: str | None) -> None:
        scope = scope_of(user)
        self.month = month = chosen_month(month_text, today=clock.today())
        self.months = months_to_choose(month)
        in_sight = seen_by(user, unit)
        counting = expected(in_sight, month)
        self.now = figures(counting, month)
        self.before = figures(expected(in_sight, month.before), month.before)
        self.loads = loads(counting, month)
        self.may_review = scope.holds(Permission.REVIEW_RETURNS)
        reviewable = Contract.objects.visible_to(user, Permission.REVIEW_RETURNS)
        self.reviews, self.reviews_waiting = (
            to_review(expected(in_unit(reviewable, unit), month), month) if self.may_review else ([], 0)
        )
        self.decisions, self.decisions_waiting = to_decide(in_sight, month, rows=QUEUE_ROWS)
        self.concerns = concerns(counting, month)
        self.red = [concern for concern in self.concerns if concern.risk == Risk.RED]
        shown = {c.contract_id: c for c in (*self.concerns[:CONCERNS_SHOWN], *self.red[:QUEUE_ROWS])}
        self.concern_rows = named_concerns(list(shown.values()))
        self.ending = ending_soon(in_sight, month)
        self.spend = spend_by_partner(counting, annual=self.now["annual"], whole_life=self.now["whole_life"])
        providers = ContractProvider.objects.filter(contract__in=counting.values("pk"))
        self.providers = providers.aggregate(number=Count("organisation_id", distinct=True))["number"]
        self.has_contracts = bool(self.now["all"]) or in_sight.exists()
