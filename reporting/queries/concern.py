"""Contracts of concern by the rules of their units' reviews, with their last twelve months, in words."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.choices import Risk
from contracts.queries.concern_rules import UnitRules
from contracts.queries.grade_views import spoken
from contracts.rules.concern import MonthSaid, concern_note
from contracts.rules.jet import Jet
from contracts.rules.returns import View, asked_from, expects_return, view_is_current
from reporting.queries.month import ReturnMonth
from reporting.queries.words import jet_value


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


def concern_of(row: Mapping[str, Any], month: ReturnMonth, rules: UnitRules) -> Concern:
    """Of one row of ``shown`` (`concern_statement`)."""
    views = {
        datetime.date.fromisoformat(day): View(Risk(risk), jet_value(risk, jet)) for day, risk, jet in row["views"]
    }
    is_closed = row["unit_id"] in rules.closed
    due = month.due(row["working_day"])
    history = _history(row, month, views, is_over=is_closed or month.as_at > due)
    counts_as = view_is_current(month.month, returned=views, today=month.as_at, due=due, is_closed=is_closed)
    carried = counts_as == month.previous
    note = concern_note(history, rules.of(row["unit_id"]))
    if note is not None and carried:
        note = f"{month.short_name} to come"
    return Concern(contract_id=row["id"], history=history, note=note or "", is_carried=carried)


def _history(
    row: Mapping[str, Any], month: ReturnMonth, views: Mapping[datetime.date, View], *, is_over: bool
) -> tuple[MonthSaid, ...]:
    said = [
        MonthSaid(
            day,
            views.get(day),
            is_owed=day not in views and _expects(row, day) and (day < month.month or is_over),
        )
        for day in month.history
    ]
    others = tuple((f"the {spoken(side)}", score) for side, score in row["others"])
    now = said[-1]._replace(contradicts_kpis=row["contradicts"], others=others, steps_overdue=row["late_steps"])
    return (*said[:-1], now)


def _expects(row: Mapping[str, Any], month: datetime.date) -> bool:
    start, end, asked, asked_of_unit = (
        datetime.date.fromisoformat(row[name]) if row[name] else None
        for name in ("start", "effective_end", "returns_from", "first_asked")
    )
    return expects_return(month, start=start, effective_end=end, returns_from=asked_from(asked_of_unit, asked))
