"""Contracts of concern: red now, amber for months, or at a low JET, with their last twelve months."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject

from contracts.choices import Risk
from contracts.models import MonthlyReturn, MonthReview
from contracts.models.contract import ContractQuerySet
from contracts.rules.jet import Jet
from contracts.rules.returns import (
    AMBER_RUN_OF_CONCERN,
    JET_OF_CONCERN,
    View,
    concern_note,
    view_is_current,
)
from reporting.queries.month import ReturnMonth
from reporting.queries.words import jet_value

LEAVES = "Leaves this list"


@dataclass(frozen=True)
class Concern:
    """One contract on the list: its views by month, oldest first, None for a month not returned."""

    contract_id: int
    history: tuple[View | None, ...]
    note: str
    is_carried: bool

    @property
    def view(self) -> View | None:
        """What it says for the month: last month's where this month's is still to come."""
        return self.history[-2] if self.is_carried else self.history[-1]

    @property
    def known(self) -> list[View]:
        return [view for view in self.history if view is not None]

    @property
    def risk(self) -> str:
        return self.view.risk if self.view else ""

    @property
    def jet(self) -> Jet:
        return self.view.jet if self.view else None

    @property
    def was(self) -> View | None:
        return self.history[-2] if not self.is_carried else None

    @property
    def is_newly_red(self) -> bool:
        """Red by the month's own return and not the time before it was returned."""
        own, earlier = self.history[-1], [view for view in self.history[:-1] if view is not None]
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


def concerns(contracts: ContractQuerySet, month: ReturnMonth) -> list[Concern]:
    """The list of concern among contracts that count in the month, worst and newest first; one query.

    The database picks who may be on it: anyone red or at a low JET in these months, or amber often enough.
    The rule, ``concern_note``, decides.
    """
    low = Q(risk=Risk.RED) | Q(jet_score__lte=JET_OF_CONCERN)
    returns = MonthlyReturn.objects.that_count().filter(
        contract__in=contracts.order_by().values("pk"), month__range=(month.history[0], month.month)
    )
    picked = (
        returns.order_by()
        .values("contract_id", working_day=F("contract__unit__return_working_day"), closed=_is_closed(month))
        .annotate(low=Count("id", filter=low), amber=Count("id", filter=Q(risk=Risk.AMBER)))
        .filter(Q(low__gt=0) | Q(amber__gte=AMBER_RUN_OF_CONCERN))
        .annotate(views=ArrayAgg(JSONObject(month="month", risk="risk", jet="jet_score")))
    )
    found = (_concern(row, month) for row in picked)
    return sorted((concern for concern in found if concern), key=lambda concern: concern.order)


def _is_closed(month: ReturnMonth) -> Exists:
    """Whether the contract's unit has closed the month: then only the month's own return will do."""
    return Exists(MonthReview.objects.closed_for(month.month).filter(unit=OuterRef("contract__unit")))


def _concern(row: Mapping[str, Any], month: ReturnMonth) -> Concern | None:
    by_month = {entry["month"][:10]: entry for entry in row["views"]}
    history = tuple(_view(by_month.get(day.isoformat())) for day in month.history)
    counts_as = view_is_current(
        month.month,
        returned=_returned(month.history, history),
        today=month.as_at,
        due=month.due(row["working_day"]),
        is_closed=row["closed"],
    )
    carried = counts_as == month.previous
    # a return still to come says nothing yet: the rule is asked about the months before it
    note = concern_note(history[:-1] if carried else history)
    if note is None:
        return None
    if carried:
        note = f"{month.short_name} to come"
    return Concern(contract_id=row["contract_id"], history=history, note=note, is_carried=carried)


def _view(entry: dict[str, Any] | None) -> View | None:
    return View(Risk(entry["risk"]), jet_value(entry["risk"], entry["jet"])) if entry else None


def _returned(months: Iterable[datetime.date], views: Iterable[View | None]) -> list[datetime.date]:
    return [month for month, view in zip(months, views, strict=True) if view is not None]
