"""The KPIs of a contract on its page: how many are met, and each against its target."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.urls import reverse

from contracts.models import Contract
from contracts.queries.kpis import KpiLine, evidence_in, kpi_lines
from contracts.rules.evidence import Evidence, fits_words
from contracts.rules.returns import months_ending
from reporting.queries.links import in_unit_of
from reporting.queries.words import counted

MONTHS_SHOWN: Final = 3


@dataclass(frozen=True)
class KpiRow:
    """One KPI in the table: (month's short name, what it says) of the last three months."""

    line: KpiLine
    cells: tuple[tuple[str, str], ...]
    url: str


@dataclass(frozen=True)
class ContractKpis:
    """``may_manage`` and ``may_report`` say which links the person is shown."""

    contract: Contract
    month: datetime.date
    lines: tuple[KpiLine, ...]
    may_manage: bool
    may_report: bool

    @cached_property
    def evidence(self) -> Evidence:
        return evidence_in(self.lines)

    @cached_property
    def months(self) -> tuple[datetime.date, ...]:
        return months_ending(self.month, MONTHS_SHOWN)

    @cached_property
    def month_names(self) -> tuple[str, ...]:
        """«Aug», «Sep», «Oct»"""
        return tuple(f"{month:%b}" for month in self.months)

    @cached_property
    def against(self) -> str:
        return f"{self.month:%B} against target"

    @property
    def rows(self) -> list[KpiRow]:
        return [
            KpiRow(
                line,
                tuple((name, _cell(line, month)) for month, name in zip(self.months, self.month_names, strict=True)),
                self.contract.address_in_unit("kpi", line.kpi.pk),
            )
            for line in self.lines
        ]

    @property
    def missing(self) -> int:
        return sum(line.is_missing for line in self.lines)

    @property
    def heading(self) -> str:
        """«KPIs: 4 of 6 on or better than target»"""
        if not self.lines:
            return "KPIs"
        if not self.evidence.total:
            return f"KPIs: nothing read for {self.month:%B} yet"
        return f"KPIs: {self.evidence.met} of {self.evidence.total} on or better than target"

    @property
    def fits(self) -> str:
        return fits_words(self.evidence)

    @property
    def strip(self) -> tuple[str, str, str]:
        """(label, value, sub) at the head of the page: «4 of 6 met», «2 short, both improving»."""
        if not self.lines:
            return "KPIs", "None set", ""
        if not self.evidence.total:
            return "KPIs", "Nothing read", self._to_come
        found = f"{self.evidence.met} of {self.evidence.total} met"
        return "KPIs", found, ". ".join(filter(None, [_short_words(self.evidence), self._to_come]))

    @property
    def _to_come(self) -> str:
        return f"{counted(self.missing, 'reading')} to come" if self.missing else ""

    @property
    def links(self) -> list[tuple[str, str]]:
        """(words, address) of what else there is."""
        links = []
        if self.may_report and self.lines:
            readings = reverse("kpi_readings", args=[self.contract.slug, self.month])
            links.append((f"{self.month:%B} readings", readings))
        links.append(("All KPIs", reverse("kpis", args=[self.contract.slug])))
        return [(words, in_unit_of(url, self.contract.unit.code)) for words, url in links]

    @property
    def add_url(self) -> str:
        """For who may add the first; empty for others."""
        url = reverse("kpi_add", args=[self.contract.slug])
        return in_unit_of(url, self.contract.unit.code) if self.may_manage else ""


def contract_kpis(contract: Contract, month: datetime.date, *, may_manage: bool, may_report: bool) -> ContractKpis:
    """In four queries, one where nothing is measured."""
    return ContractKpis(contract, month, tuple(kpi_lines(contract, month)), may_manage, may_report)


def _cell(line: KpiLine, month: datetime.date) -> str:
    """A month's reading; of a month without one, why."""
    reading = line.readings[line.months.index(month)]
    if reading is None:
        return "No reading" if line.is_due_in(month) else "Not due"
    return "Nothing to count" if reading.nothing_to_count else line.words_of(reading.value)


def _short_words(evidence: Evidence) -> str:
    """«2 short, both improving», «1 short, not improving», «2 better than target», «All on target»"""
    short = len(evidence.short)
    if not short:
        return f"{evidence.above} better than target" if evidence.above else "All on target"
    if short == 1:
        return f"1 short, {'improving' if evidence.improving else 'not improving'}"
    improving = {0: "none", short: "both" if short == 2 else "all"}.get(evidence.improving, str(evidence.improving))
    return f"{short} short, {improving} improving"
