"""The KPIs of a contract as they are looked after: all of them, and one with its targets and a year's readings."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from accounts import clock
from contracts.choices import KpiPlan, KpiStanding
from contracts.models import Contract, Kpi, KpiReading, KpiTarget
from contracts.queries.kpis import as_rule
from contracts.rules.kpis import (
    Target,
    is_due,
    standing_of,
    standing_words,
    target_in,
    target_words,
    trend_of,
    value_words,
)
from contracts.rules.procurement import publication_words
from contracts.rules.returns import month_to_return, months_back, months_ending

APRIL: Final = 4


@dataclass(frozen=True)
class ListedKpi:
    """One KPI with the targets it has had, oldest first."""

    kpi: Kpi
    targets: tuple[KpiTarget, ...]
    month: datetime.date

    @property
    def target_words(self) -> str:
        """Of the month being returned; of one that begins later, when."""
        rules = [as_rule(row) for row in self.targets]
        now = target_in(max(self.month, self.kpi.first_month), rules)
        if now is None and rules:
            return f"{words_of_target(self.kpi, rules[0])} from {rules[0].from_month:%B %Y}"
        return words_of_target(self.kpi, now)

    @property
    def span_words(self) -> str:
        """«Since April 2013», «April 2013 to October 2014»"""
        first = f"{self.kpi.first_month:%B %Y}"
        if self.kpi.last_month:
            return f"{first} to {self.kpi.last_month:%B %Y}"
        return f"From {first}" if self.kpi.first_month > self.month else f"Since {first}"


@dataclass(frozen=True)
class KpiList:
    """The page that lists them. ``month`` is the one being returned."""

    contract: Contract
    month: datetime.date
    rows: tuple[ListedKpi, ...]

    @property
    def open(self) -> list[ListedKpi]:
        return [row for row in self.rows if row.kpi.last_month is None]

    @property
    def closed(self) -> list[ListedKpi]:
        return [row for row in self.rows if row.kpi.last_month is not None]

    @property
    def publication_words(self) -> str:
        published = sum(row.kpi.is_published for row in self.open)
        count = "None is" if not published else "1 is" if published == 1 else f"{published} are"
        law = publication_words(self.contract.procurement_regime, self.contract.whole_life_value)
        return f"{law} {count} marked as published."


def kpi_list(contract: Contract) -> KpiList:
    """In two queries."""
    month = month_to_return(clock.today())
    kpis = contract.kpis.prefetch_related("targets")
    return KpiList(contract, month, tuple(ListedKpi(kpi, tuple(kpi.targets.all()), month) for kpi in kpis))


@dataclass(frozen=True)
class ReadMonth:
    """One period of a KPI, read or not."""

    kpi: Kpi
    month: datetime.date
    target: Target | None
    reading: KpiReading | None
    before: KpiReading | None

    @property
    def target_words(self) -> str:
        return words_of_target(self.kpi, self.target)

    @property
    def value_words(self) -> str:
        if self.reading is None:
            return "None"
        if self.reading.nothing_to_count:
            return "Nothing to count"
        return value_words(self.reading.value, unit=self.kpi.unit, decimals=self.kpi.decimals)

    @property
    def counts_words(self) -> str:
        """«46 of 50»; empty where the reading was typed."""
        row = self.reading
        if row is None or row.part is None or row.whole is None:
            return ""
        return f"{row.part.normalize():,f} of {row.whole.normalize():,f}"

    @property
    def standing(self) -> KpiStanding | None:
        if self.reading is None or self.reading.value is None or self.target is None:
            return None
        return standing_of(self.reading.value, self.target, direction=self.kpi.direction)

    @property
    def standing_words(self) -> str:
        if self.standing is None or self.target is None or self.reading is None:
            return ""
        before = self.before.value if self.before else None
        trend = trend_of(before, self.reading.value, self.target, direction=self.kpi.direction)
        return standing_words(self.standing, trend)

    @property
    def plan_words(self) -> str:
        return str(KpiPlan(self.reading.plan).label) if self.reading and self.reading.plan else ""


@dataclass(frozen=True)
class KpiPage:
    """One KPI with the readings of a financial year, named by the year in which it begins."""

    listed: ListedKpi
    year: int
    years: tuple[int, ...]
    months: tuple[ReadMonth, ...]

    @property
    def kpi(self) -> Kpi:
        return self.listed.kpi

    @property
    def year_words(self) -> str:
        return financial_year(self.year)

    @property
    def other_years(self) -> list[tuple[int, str]]:
        return [(year, financial_year(year)) for year in self.years if year != self.year]

    @property
    def targets(self) -> list[tuple[KpiTarget, str, str]]:
        """(row, target, tolerance) of each, newest first."""
        return [
            (row, words_of_target(self.kpi, as_rule(row)), self._tolerance(row)) for row in self.listed.targets[::-1]
        ]

    def _tolerance(self, row: KpiTarget) -> str:
        return value_words(row.tolerance, unit=self.kpi.unit, decimals=self.kpi.decimals) if row.tolerance else "None"


def kpi_page(kpi: Kpi, *, year: str) -> KpiPage:
    """In two queries; a year that the KPI does not know is the newest it does."""
    newest = month_to_return(clock.today())
    last = min(newest, kpi.last_month or newest)
    years = tuple(range(_year_of(last), _year_of(kpi.first_month) - 1, -1)) or (_year_of(kpi.first_month),)
    chosen = int(year) if year.isdecimal() and int(year) in years else years[0]
    listed = ListedKpi(kpi, tuple(kpi.targets.all()), newest)
    start = datetime.date(chosen, APRIL, 1)
    readings = list(
        kpi.readings.filter(month__lt=start.replace(year=chosen + 1)).select_related("saved_by", "saved_for")
    )
    months = [month for month in months_ending(months_back(start, -11), 12) if month <= last]
    return KpiPage(listed, chosen, years, tuple(_read_months(listed, months[::-1], readings)))


def _read_months(
    listed: ListedKpi, months: Collection[datetime.date], readings: Sequence[KpiReading]
) -> list[ReadMonth]:
    kpi, rules = listed.kpi, [as_rule(row) for row in listed.targets]
    by_month = {row.month: row for row in readings}
    due = [
        month
        for month in months
        if is_due(month, frequency=kpi.frequency, first_month=kpi.first_month, last_month=kpi.last_month)
    ]
    return [
        ReadMonth(
            kpi=kpi,
            month=month,
            target=target_in(month, rules),
            reading=by_month.get(month),
            before=next((row for row in reversed(readings) if row.month < month and row.value is not None), None),
        )
        for month in due
    ]


def words_of_target(kpi: Kpi, target: Target | None) -> str:
    return target_words(target, direction=kpi.direction, unit=kpi.unit, decimals=kpi.decimals)


def financial_year(begins: int) -> str:
    """«2014/15»"""
    return f"{begins}/{(begins + 1) % 100:02}"


def _year_of(month: datetime.date) -> int:
    """The year in which the month's financial year begins."""
    return month.year if month.month >= APRIL else month.year - 1
