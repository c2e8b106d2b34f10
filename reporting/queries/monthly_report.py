"""The Assistant Director's monthly report of a unit: concerns first, then every contract by risk and grade.

Source: «a monthly report is provided to the Assistant Director» (Lincolnshire County Council, Children and Young People
Scrutiny Committee, 12 September 2014). It is read from the month's review, so that no number is another here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.rules import long_date
from contracts.choices import Management, ReturnState, Risk
from contracts.models import Contract, ReviewAction
from contracts.queries.closing import closed_on
from contracts.queries.month_review import MonthReviewPage, UnitMonth, month_review_page
from contracts.queries.monthly_return import due_of
from contracts.queries.overdue_steps import OverdueStep
from contracts.queries.return_words import jet_words, month_word
from contracts.queries.review_row import ReviewRow
from contracts.rules.jet import JET_BANDS, Jet, NotAssessed, average_of, band_of, sort_key
from contracts.rules.returns import View, movement, next_month
from contracts.templatetags.marks import money
from reporting.queries.month import ReturnMonth
from reporting.queries.sight import with_plans_seen
from reporting.queries.words import NO_VIEW, counted, jet_cell, month_and_year, risk_cell

LATER: Final = 3
"""Months over which the second movement is told."""
NOT_ASSESSED: Final = "not_assessed"
COLUMNS: Final = (*((str(code), words) for code, words, _, _ in JET_BANDS), (NOT_ASSESSED, "Not assessed"))
RISKS: Final = (*((str(risk), risk.label) for risk in Risk), (NO_VIEW, "No current view"))
HEADINGS: Final = (
    "Contract",
    "Reference",
    "Provider",
    "Service area",
    "Officer",
    "Managed",
    "Risk",
    "JET",
    "Grade",
    "Return",
    "Since last month",
    "Since three months",
    "Of concern",
    "A year",
    "Whole life",
)


@dataclass(frozen=True)
class ReportRow:
    """One contract of the report. Until its return is due, last month's view holds, as on the dashboard."""

    row: ReviewRow
    may_hold: bool

    @property
    def contract(self) -> Contract:
        return self.row.contract

    @property
    def is_carried(self) -> bool:
        return self.row.view is None and self.may_hold and self.row.before is not None

    @property
    def view(self) -> View | None:
        return self.row.before if self.is_carried else self.row.view

    @property
    def risk(self) -> str:
        return str(self.view.risk) if self.view else NO_VIEW

    @property
    def jet(self) -> Jet:
        return self.view.jet if self.view else None

    @property
    def column(self) -> str:
        """The grade that the table counts it under; empty without a current view."""
        if self.view is None:
            return ""
        return NOT_ASSESSED if isinstance(self.jet, NotAssessed) else str(band_of(self.jet))  # type: ignore[arg-type]

    @property
    def risk_mark(self) -> str:
        return risk_cell(self.view.risk if self.view else "")

    @property
    def jet_mark(self) -> str:
        was = None if self.is_carried else self.row.jet_before
        return jet_cell(self.jet, was=was)

    @property
    def note(self) -> str:
        """What stands in place of a return: that last month's holds, or how old the newest is."""
        if self.is_carried:
            return f"As in {month_word(self.row.history[-2].month)}, return to come"
        if self.view is not None:
            return ""
        newest = next((said.month for said in reversed(self.row.history) if said.view is not None), None)
        return f"Last returned {month_and_year(newest)}" if newest else "Not returned in 12 months"

    @property
    def since_last_month(self) -> tuple[str, str]:
        return ("", "") if self.is_carried else self._since(1)

    @property
    def since_three_months(self) -> tuple[str, str]:
        return self._since(LATER)

    def _since(self, months: int) -> tuple[str, str]:
        """(which way, what moved) since the month so many before; nothing without a view of either."""
        before = self.row.history[-1 - months].view
        if self.view is None:
            return "", ""
        if before is None:
            return "Nothing returned then", ""
        return movement(self.view, before), _moved(self.view, before)

    @property
    def order(self) -> tuple[Any, ...]:
        return (sort_key(self.jet), self.contract.title, self.contract.pk)


def _moved(now: View, before: View) -> str:
    """«Amber to red, JET 4 to 3»"""
    risk = f"{Risk(before.risk).label} to {Risk(now.risk).label.lower()}" if now.risk != before.risk else ""
    jet = f"JET {jet_words(before.jet)} to {jet_words(now.jet)}" if now.jet != before.jet else ""
    return ", ".join(part for part in (risk, jet) if part)


@dataclass(frozen=True)
class RiskGroup:
    """The contracts of one risk, lowest JET first."""

    code: str
    word: str
    mark: str
    rows: list[ReportRow]


@dataclass(frozen=True)
class AreaSpend:
    name: str
    contracts: int
    annual: str
    whole_life: str


class MonthlyReport:
    """As many queries, however many contracts there are."""

    def __init__(self, *, user: Any, of: UnitMonth, permission: Permission = Permission.VIEW_CONTRACTS) -> None:
        """Of contracts whose words the person may read: on a restricted one its provider's contact reads none."""
        in_sight = Contract.objects.visible_to(user, permission).filter(unit=of.unit)
        among = in_sight.filter(with_plans_seen(scope_of(user)))
        self.of, self.user = of, user
        self.month = ReturnMonth(month=of.month, today=clock.today())
        self.page: MonthReviewPage = month_review_page(user, of, among=among)
        is_due = clock.today() > due_of(of.month, working_day=of.unit.return_working_day)
        may_hold = not is_due and not self.page.is_closed
        self.rows = [ReportRow(row, may_hold) for row in self.page.rows]

    # What the numbers are

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def state_words(self) -> str:
        """Whether the figures are final: closed, closed and amended since, or still open."""
        review = self.page.review
        if review is None or not review.is_closed:
            return f"{self.month.name} is not closed: these figures may still change."
        amended = self.page.amended_count
        if not amended:
            return f"As closed on {closed_on(review)}."
        returns = counted(amended, "return")
        return f"As closed on {closed_on(review)}, but for {returns} amended since, shown as amended."

    @cached_property
    def counts(self) -> Counter[tuple[str, str]]:
        return Counter((row.risk, row.column) for row in self.rows)

    def count(self, *, risk: str) -> int:
        return sum(number for (code, _), number in self.counts.items() if code == risk)

    @property
    def carried(self) -> int:
        return sum(row.is_carried for row in self.rows)

    @property
    def carried_words(self) -> str:
        held = self.carried
        if not held:
            return ""
        return f"{held:,} not returned yet {'counts' if held == 1 else 'count'} as in {self.month.previous_name}."

    @property
    def columns(self) -> list[str]:
        return [words for _, words in COLUMNS]

    @property
    def table(self) -> list[tuple[str, list[int], int]]:
        """(mark of the risk, contracts by grade, all of them); those without a view have no grade either."""
        return [
            (
                risk_cell("" if risk == NO_VIEW else risk),
                [self.counts[risk, column] for column, _ in COLUMNS],
                self.count(risk=risk),
            )
            for risk, _ in RISKS
        ]

    @property
    def totals(self) -> list[int]:
        return [sum(self.counts[risk, column] for risk, _ in RISKS) for column, _ in COLUMNS]

    @property
    def groups(self) -> list[RiskGroup]:
        grouped: dict[str, list[ReportRow]] = defaultdict(list)
        for row in self.rows:
            grouped[row.risk].append(row)
        return [
            RiskGroup(code, word, risk_cell("" if code == NO_VIEW else code), sorted(rows, key=lambda row: row.order))
            for code, word in RISKS
            if (rows := grouped[code])
        ]

    @property
    def strip(self) -> list[tuple[str, str, str]]:
        scores = [row.jet for row in self.rows]
        mean = average_of(scores)
        providers = {provider for each in self.rows for provider in each.row.provider_ids}
        managed = Counter(row.contract.management for row in self.rows)
        central, devolved = managed[Management.CENTRAL], managed[Management.DEVOLVED]
        return [
            ("Contracts", f"{self.total:,}", f"{central:,} centrally managed, {devolved:,} devolved"),
            ("Providers", f"{len(providers):,}", ""),
            ("Value a year", self.annual, f"{self.whole_life} whole life, partner funding included"),
            ("Red", f"{self.count(risk=Risk.RED):,}", self.red_words),
            ("Mean JET", str(mean) if mean is not None else "None", self._assessed_words),
        ]

    @property
    def red_words(self) -> str:
        worth = sum((row.contract.annual_value or Decimal(0) for row in self.rows if row.risk == Risk.RED), Decimal(0))
        new = sum(row.row.is_newly_red for row in self.rows)
        return f"{new:,} newly red. {money(worth, 1)} a year"

    @property
    def _assessed_words(self) -> str:
        assessed = sum(isinstance(row.jet, int) for row in self.rows)
        return f"Of {assessed:,} assessed"

    @property
    def movement_words(self) -> str:
        return f"{self.page.movement_words}."

    # Concern, coverage, money

    @property
    def concern(self) -> list[ReviewRow]:
        return self.page.concern

    @property
    def open_actions(self) -> list[ReviewAction]:
        return self.page.actions

    @property
    def late_steps(self) -> list[OverdueStep]:
        """As the review has them, the longest overdue first."""
        return self.page.steps

    @property
    def annual(self) -> str:
        return money(self._sum("annual_value"), 1)

    @property
    def whole_life(self) -> str:
        return money(self._sum("whole_life_value"), 1)

    def _sum(self, name: str) -> Decimal:
        return sum((getattr(row.contract, name) or Decimal(0) for row in self.rows), Decimal(0))

    @property
    def value_note(self) -> str:
        missing = sum(row.contract.annual_value is None for row in self.rows)
        return f"{counted(missing, 'contract')} without a yearly value left out of the money." if missing else ""

    @property
    def areas(self) -> list[AreaSpend]:
        """By service area, the dearest first."""
        annual: dict[str, Decimal] = defaultdict(Decimal)
        whole: dict[str, Decimal] = defaultdict(Decimal)
        number: Counter[str] = Counter()
        for row in self.rows:
            area = row.row.area_name or "Service area not known"
            number[area] += 1
            annual[area] += row.contract.annual_value or 0
            whole[area] += row.contract.whole_life_value or 0
        ordered = sorted(number, key=lambda area: (-annual[area], area))
        return [AreaSpend(area, number[area], money(annual[area], 1), money(whole[area], 1)) for area in ordered]

    # Addresses

    @property
    def previous_url(self) -> str:
        return reverse("monthly_report", args=[self.month.previous, self.of.unit.code])

    @property
    def next_url(self) -> str:
        if self.month.is_latest:
            return ""
        return reverse("monthly_report", args=[next_month(self.month.month), self.of.unit.code])

    # As a file

    def file_rows(self) -> Iterator[list[Any]]:
        order = {code: place for place, (code, _) in enumerate(RISKS)}
        for row in sorted(self.rows, key=lambda each: (order[each.risk], each.order)):
            contract = row.contract
            yield [
                contract.title,
                contract.reference,
                row.row.providers,
                row.row.area_name,
                row.row.officer_name,
                contract.get_management_display(),
                dict(RISKS)[row.risk],
                row.jet if isinstance(row.jet, int) else "",
                band_of(row.jet).label if isinstance(row.jet, int) else ("" if row.jet is None else "Not assessed"),
                row.note or ReturnState(row.row.state).label,
                ": ".join(part for part in row.since_last_month if part),
                ": ".join(part for part in row.since_three_months if part),
                "; ".join(row.row.reasons),
                contract.annual_value,
                contract.whole_life_value,
            ]

    def about(self) -> list[tuple[str, str]]:
        return [
            ("Monthly report of", self.of.unit.name),
            ("Month", self.month.name),
            ("State", self.state_words),
            ("Order", "By risk, red first, then lowest JET first"),
            ("Exported", f"{long_date(clock.today())} by {self.user}"),
        ]
