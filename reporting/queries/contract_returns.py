"""The returns of one contract as its page lists and draws them."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import BigIntegerField, DateField, F

from contracts.choices import ReturnState, Risk
from contracts.drawing import Month, jet_history, rag
from contracts.models import Contract, MonthlyReturn
from contracts.queries.built_once import Given, Prepared
from contracts.rules.jet import words_of
from contracts.rules.returns import months_back
from contracts.templatetags.marks import longdate
from reporting.queries.contract_plans import PlansOfContract
from reporting.queries.month import ReturnMonth
from reporting.queries.words import counted, jet_value, month_and_year

RETURNS_SHOWN: Final = 12
RETURNS_KEPT: Final = 36
"""Earlier months fold away."""


@dataclass(frozen=True)
class ReturnRow:
    """One month of the list of returns. A draft or one sent back states nothing, so shows no figures."""

    month: str
    risk: str
    jet: str
    state: str
    by: str
    narrative: str
    code: str


_RETURNS: Final = Prepared(
    lambda: (
        MonthlyReturn.objects.filter(
            contract_id=Given("contract", BigIntegerField()), month__lte=Given("month", DateField())
        )
        .only("month", "state", "risk", "jet_score", "not_assessed_reason", "narrative", "submitted_at")
        .annotate(by=F("submitted_by__name"), for_whom=F("submitted_for__name"))
        .order_by("-month")
    )
)


def returns_of(contract: Contract, month: datetime.date) -> list[Any]:
    """Up to the month, newest first, with who submitted each (``by``) and for whom; one query."""
    return _RETURNS.rows(contract=contract.pk, month=month)


class ReturnsOfContract:
    """The part of the page about months: what a page that has these attributes can say of them."""

    contract: Any
    month: ReturnMonth
    returns: list[Any]
    sees_narrative: bool
    plans: PlansOfContract

    @cached_property
    def counting(self) -> dict[datetime.date, Any]:
        return {row.month: row for row in self.returns if row.counts}

    def _submission(self, row: Any) -> str:
        """The provider is not told who in the unit returned it."""
        day = longdate(row.submitted_at)
        by = row.by if row.by and self.sees_narrative else ""
        by += f" for {row.for_whom}" if by and row.for_whom else ""
        return ", ".join(part for part in (day, by) if part)

    @cached_property
    def chart_months(self) -> list[Month]:
        """The last twelve months since the contract began."""
        return [self._month(month) for month in self.month.history if self._expects(month) or month in self.counting]

    def _month(self, month: datetime.date) -> Month:
        row = self.counting.get(month)
        return Month(month, row.risk, jet_value(row.risk, row.jet_score)) if row else Month(month, None)

    def _expects(self, month: datetime.date) -> bool:
        return self.contract.expects_return(month)

    @cached_property
    def chart(self) -> str:
        months = self.chart_months
        if not months:
            return ""
        return jet_history(
            months,
            title="JET grade and risk each month",
            description=self.chart_words,
            notes=self.plans.chart_note([month.month for month in months]),
        )

    @cached_property
    def chart_words(self) -> str:
        known = [month for month in self.chart_months if month.risk]
        plan = self.plans.chart_words([month.month for month in self.chart_months])
        if not known:
            return f"Nothing has been returned in these months.{plan}"
        first, last = known[0], known[-1]
        return (
            f"From {_point(first)} in {month_and_year(first.month)} to {_point(last)} in"
            f" {month_and_year(last.month)}.{plan}"
        )

    @property
    def chart_rows(self) -> list[tuple[str, str, str]]:
        return [
            (month_and_year(month.month), rag(month.risk, word="" if month.risk else "Not returned"),
             words_of(month.jet, on=month.month))
            for month in self.chart_months
        ]  # fmt: skip

    @property
    def return_rows(self) -> list[ReturnRow]:
        """Three years of months, newest first: those returned, those in hand, those that are missing."""
        held = {row.month: row for row in self.returns if row.counts or self.sees_narrative}
        months = [months_back(self.month.month, back) for back in range(RETURNS_KEPT)]
        return [self._return_row(month, held.get(month)) for month in months if month in held or self._expects(month)]

    @cached_property
    def return_tables(self) -> list[tuple[str, list[ReturnRow]]]:
        """(«» or the words to unfold, rows): the last year open, earlier ones folded."""
        rows = self.return_rows
        earlier = rows[RETURNS_SHOWN:]
        tables = [("", rows[:RETURNS_SHOWN])] if rows else []
        return [*tables, (f"{counted(len(earlier), 'earlier month')}", earlier)] if earlier else tables

    def _return_row(self, month: datetime.date, row: MonthlyReturn | None) -> ReturnRow:
        counts = row is not None and row.counts
        return ReturnRow(
            month=month_and_year(month),
            risk=rag(row.risk) if row and counts else "",
            jet=words_of(jet_value(row.risk, row.jet_score), on=month) if row and counts else "",
            state=ReturnState(row.state).label if row else "Not returned",
            by=self._submission(row) if row and counts else "",
            narrative=row.narrative if row and counts and self.sees_narrative else "",
            code=f"{month:%Y-%m}",
        )


def _point(month: Month) -> str:
    risk = Risk(month.risk).label.lower() if month.risk else ""
    return f"{risk}, {words_of(month.jet, on=month.month)}"
