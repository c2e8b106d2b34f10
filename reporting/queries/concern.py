"""Contracts of concern by the rules of their units' reviews, with their last twelve months."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, FilteredRelation, Max, Min, OuterRef, Q
from django.db.models.functions import JSONObject

from contracts.choices import COUNTING, Risk
from contracts.models import GradeView, Kpi
from contracts.models.contract import ContractQuerySet
from contracts.queries.assessed import Assessed, assessed_of
from contracts.queries.concern_rules import UnitRules
from contracts.queries.overdue_steps import late_contracts
from contracts.rules.concern import LEAVES, ConcernRules, MonthSaid, concern_note
from contracts.rules.jet import Jet
from contracts.rules.returns import View, asked_from, expects_return, months_back, view_is_current
from reporting.queries.month import ReturnMonth
from reporting.queries.words import jet_value

_OF_CONTRACT: Final = ("pk", "unit_id", "start", "effective_end", "returns_from")


@dataclass(frozen=True)
class Concern:
    """One contract with what it said by month, oldest first; no note where it is red and on no unit's list."""

    contract_id: int
    history: tuple[MonthSaid, ...]
    note: str
    is_carried: bool

    @property
    def view(self) -> View | None:
        """What it says for the month: last month's where this month's is still to come."""
        return self.history[-2].view if self.is_carried else self.history[-1].view

    @property
    def known(self) -> list[View]:
        return [said.view for said in self.history if said.view is not None]

    @property
    def risk(self) -> str:
        return self.view.risk if self.view else ""

    @property
    def jet(self) -> Jet:
        return self.view.jet if self.view else None

    @property
    def was(self) -> View | None:
        return self.history[-2].view if not self.is_carried else None

    @property
    def is_newly_red(self) -> bool:
        """Red by the month's own return and not the time before it was returned."""
        own, earlier = self.history[-1].view, [said.view for said in self.history[:-1] if said.view is not None]
        return own is not None and own.risk == Risk.RED and (not earlier or earlier[-1].risk != Risk.RED)

    @property
    def red_months(self) -> int:
        """Returns in a row that said red, the newest last."""
        run = 0
        for view in reversed(self.known):
            if view.risk != Risk.RED:
                break
            run += 1
        return run

    @property
    def order(self) -> tuple[Any, ...]:
        """Worst and newest first."""
        score = self.jet if isinstance(self.jet, int) else 10
        return (self._group, score, -self.red_months, self.contract_id)

    @property
    def _group(self) -> int:
        if self.note == LEAVES:
            return 4
        if self.is_newly_red:
            return 0
        if self.risk == Risk.RED:
            return 1
        return 2 if self.view is None else 3


def concerns(contracts: ContractQuerySet, month: ReturnMonth, *, rules: UnitRules, read: Q) -> list[Concern]:
    """What is red or on its unit's list of concern among contracts that count in the month, worst and newest first.

    ``read`` are the contracts whose assessment the person reads: of the others neither KPIs nor views nor late steps
    put one on the list. The database picks who may be on it; the rule decides.
    """
    assessed = _assessed(contracts.filter(read), month)
    late = late_contracts(contracts.filter(read), month.as_at)
    also = {*late, *(pk for pk, each in assessed.items() if each.speaks_against)}
    found = (
        _concern(row, month, rules, assessed.get(row["pk"], Assessed()), steps_overdue=late.get(row["pk"], 0))
        for row in _picked(contracts, month, rules, also=also)
    )
    return sorted((concern for concern in found if concern), key=lambda concern: concern.order)


def _assessed(contracts: ContractQuerySet, month: ReturnMonth) -> dict[int, Assessed]:
    """Of those graded by the month's own return, what KPIs and views say beside the grade."""
    graded = contracts.with_returns_of(this_return=month.month).filter(Q(this_return__jet_score__isnull=False))
    has_kpis = Exists(Kpi.objects.filter(contract=OuterRef("pk"), first_month__lte=month.month))
    heard = Exists(GradeView.objects.filter(contract=OuterRef("pk"), month=month.month))
    graded = graded.filter(Q(has_kpis) | Q(heard))
    jets = dict(graded.order_by().annotate(score=F("this_return__jet_score")).values_list("pk", "score"))
    return assessed_of(jets, month.month)


def _picked(contracts: ContractQuerySet, month: ReturnMonth, rules: UnitRules, *, also: Collection[int]) -> Any:
    """One row a contract that may be red or of concern, with all its views; one query."""
    window = Q(returns__month__range=(month.history[0], month.month), returns__state__in=COUNTING)
    rows = contracts.order_by().annotate(recent=FilteredRelation("returns", condition=window))
    rows = rows.values(
        *_OF_CONTRACT, first_asked=F("unit__first_return_month"), working_day=F("unit__return_working_day")
    ).annotate(reds=Count("recent__id", filter=Q(recent__risk=Risk.RED)))
    may_be = Q(reds__gt=0) | Q(pk__in=also)
    for number, (its, units) in enumerate(rules.groups()):
        rows, named = _named_by(rows, its, month, f"_{number}")
        may_be |= units & named
    return rows.filter(may_be).annotate(
        views=ArrayAgg(
            JSONObject(month="recent__month", risk="recent__risk", jet="recent__jet_score"),
            filter=Q(recent__id__isnull=False),
        )
    )


def _named_by(rows: Any, rules: ConcernRules, month: ReturnMonth, suffix: str) -> tuple[Any, Q]:
    """Who these rules may name now or named last month: never fewer, perhaps more."""
    newest = Q(recent__month__gte=month.previous)
    named = Q(pk__in=[])
    if rules.jet_at_most is not None:
        rows = rows.alias(**{f"lowest{suffix}": Min("recent__jet_score")})
        named |= Q(**{f"lowest{suffix}__lte": rules.jet_at_most})
    if rules.amber_months is not None:
        rows = rows.alias(**{f"ambers{suffix}": Count("recent__id", filter=Q(recent__risk=Risk.AMBER))})
        named |= Q(**{f"ambers{suffix}__gte": rules.amber_months})
    if rules.jet_fall_at_least is not None:
        now = Min("recent__jet_score", filter=newest)
        before = Max("recent__jet_score", filter=Q(recent__month__lt=month.month))
        rows = rows.alias(**{f"now{suffix}": now, f"before{suffix}": before})
        named |= Q(**{f"now{suffix}__lte": F(f"before{suffix}") - rules.jet_fall_at_least})
    if rules.months_without_return is not None:
        first = months_back(month.month, rules.months_without_return - 1)
        silent = Q(recent__month__range=(min(first, month.previous), month.previous))
        rows = rows.alias(**{f"spoken{suffix}": Count("recent__id", filter=silent)})
        named |= Q(**{f"spoken{suffix}": 0})
        if rules.months_without_return == 1:
            rows = rows.alias(**{f"now_spoken{suffix}": Count("recent__id", filter=Q(recent__month=month.month))})
            named |= Q(**{f"now_spoken{suffix}": 0})
    return rows, named


def _concern(
    row: Mapping[str, Any], month: ReturnMonth, rules: UnitRules, assessed: Assessed, *, steps_overdue: int
) -> Concern | None:
    by_month = {entry["month"][:10]: entry for entry in row["views"] or ()}
    views = {day: _view(by_month.get(day.isoformat())) for day in month.history}
    is_closed = row["unit_id"] in rules.closed
    is_over = is_closed or month.as_at > month.due(row["working_day"])
    history = tuple(
        MonthSaid(day, view, is_owed=view is None and _expects(row, day) and (day < month.month or is_over))
        for day, view in views.items()
    )
    history = (*history[:-1], assessed.said_of(history[-1])._replace(steps_overdue=steps_overdue))
    counts_as = view_is_current(
        month.month,
        returned=[day for day, view in views.items() if view is not None],
        today=month.as_at,
        due=month.due(row["working_day"]),
        is_closed=is_closed,
    )
    carried = counts_as == month.previous
    note = concern_note(history, rules.of(row["unit_id"]))
    if note is not None and carried:
        note = f"{month.short_name} to come"
    concern = Concern(contract_id=row["pk"], history=history, note=note or "", is_carried=carried)
    return concern if note or concern.risk == Risk.RED else None


def _expects(row: Mapping[str, Any], month: datetime.date) -> bool:
    return expects_return(
        month,
        start=row["start"],
        effective_end=row["effective_end"],
        returns_from=asked_from(row["first_asked"], row["returns_from"]),
    )


def _view(entry: dict[str, Any] | None) -> View | None:
    return View(Risk(entry["risk"]), jet_value(entry["risk"], entry["jet"])) if entry else None
