"""The dashboard as it is read: queues, heat-map, tables and charts, all words and drawings ready."""

from functools import cached_property
from typing import Final

from accounts.permissions import Permission
from commissioning.rules import long_date
from contracts.choices import Risk
from contracts.drawing import Part, heat_cell, jet_columns, rag, stack
from contracts.rules.jet import HIGHEST, JET_BANDS, LOWEST
from contracts.rules.returns import DAY_NAMES
from contracts.templatetags.marks import money, shortdate
from reporting.queries.dashboard import ConcernRow
from reporting.queries.dashboard_queues import DashboardQueues
from reporting.queries.dashboard_rows import HeatRow, RiskRow
from reporting.queries.ending import Ending
from reporting.queries.links import contract_url
from reporting.queries.register_links import all_url, register_url, running_url
from reporting.queries.words import (
    NO_VIEW,
    counted,
    descriptor,
    financial_year,
    jet_cell,
    month_and_year,
    movement,
    provider_words,
)

RISK_ORDER: Final = ((Risk.RED, "Red"), (Risk.AMBER, "Amber"), (Risk.GREEN, "Green"), (NO_VIEW, "No current view"))
GOOD: Final = 6
"""The lowest score that is good or outstanding."""


class DashboardPage(DashboardQueues):
    """All of it, ready to be shown."""

    # Head

    @property
    def heading(self) -> str:
        """A provider's contact has nothing to do here: they look up how their own contracts stand."""
        return "What needs you now" if self.sees_plans else "Your contracts"

    @property
    def heading_line(self) -> str:
        day = self.month.as_at
        return f"{self.month.name} return, as at {DAY_NAMES[day.weekday()]} {long_date(day)}"

    @property
    def total(self) -> int:
        return int(self.data.now["all"])

    @property
    def all_url(self) -> str:
        return all_url(self.month)

    # Heat-map

    @cached_property
    def heat_rows(self) -> list[HeatRow]:
        return [self._heat_row(row) for row in self.data.concerns]

    def _heat_row(self, row: ConcernRow) -> HeatRow:
        concern = row.concern
        cells = [heat_cell(said.view.risk if said.view else None) for said in concern.history]
        return HeatRow(
            url=contract_url(row.slug, row.unit_code),
            title=row.title,
            providers=provider_words(row.providers),
            cells=cells[:-1],
            now=cells[-1],
            jet=jet_cell(concern.jet, was=concern.was.jet if concern.was else None),
            note=concern.note,
        )

    @property
    def heat_years(self) -> list[tuple[int, int]]:
        """(year, how many of the months are in it)"""
        years = [month.year for month in self.month.history]
        return [(year, years.count(year)) for year in sorted(set(years))]

    @property
    def heat_months(self) -> list[tuple[str, str]]:
        """(letter, name) of each month, oldest first."""
        return [(f"{month_and_year(month)[0]}", month_and_year(month)) for month in self.month.history]

    @property
    def concerns_words(self) -> str:
        total, shown = self.data.concerns_total, len(self.data.concerns)
        return f"{shown} of {total} shown" if total > shown else counted(total, "contract")

    @property
    def concern_rules(self) -> str:
        """«Of concern is what is red; JET 3 or lower; …», by the rules of the units that the person works in."""
        units = [self.unit] if self.unit else self.units
        rules = {self.data.rules.of(unit.pk) for unit in units}
        if len(rules) > 1:
            return "Of concern is what the review of each unit looks at first, by its own rules."
        return f"Of concern is what is {'; '.join(rules.pop().words)}." if rules else ""

    @property
    def concerns_url(self) -> str:
        """Red or amber contracts: the nearest list that the register has."""
        return register_url(self.month, risk=["red", "amber"])

    # Risk

    @property
    def risk_rows(self) -> list[RiskRow]:
        return [self._risk_row(code, word) for code, word in RISK_ORDER]

    def _risk_row(self, code: str, word: str) -> RiskRow:
        count, before = self.data.now[f"risk_{code}"], self.data.before[f"risk_{code}"]
        return RiskRow(
            risk=rag(None if code == NO_VIEW else code, word=word),
            url=register_url(self.month, risk=str(code)),
            count=f"{count:,}",
            moved="first month" if self.is_first_month else movement(count, before),
            is_more=code == Risk.RED and count > before and not self.is_first_month,
            annual=money(self.data.now[f"annual_{code}"], 1),
        )

    @property
    def risk_bar(self) -> str:
        now = self.data.now
        parts = [Part(str(code), now[f"risk_{code}"]) for code, _ in RISK_ORDER]
        words = ", ".join(f"{now[f'risk_{code}']} {word.lower()}" for code, word in RISK_ORDER)
        return stack(parts, label=f"Risk now: {words}")

    @property
    def total_words(self) -> str:
        return f"{self.total:,}"

    @property
    def carried_words(self) -> str:
        """Until a return is due last month's rating holds: how many such ratings are counted here."""
        now = self.data.now
        held = now["all"] - now["returned"] - now[f"risk_{NO_VIEW}"]
        if not held:
            return ""
        return f"{held:,} not returned yet {'counts' if held == 1 else 'count'} as in {self.month.previous_name}."

    @property
    def management_words(self) -> str:
        now = self.data.now
        return f"{now['central']:,} centrally managed, {now['devolved']:,} devolved"

    @property
    def annual(self) -> str:
        return money(self.data.now["annual"], 1)

    @property
    def value_note(self) -> str:
        """Totals leave out what is not known, and say so."""
        missing = self.data.now["without_value"]
        return f"{counted(missing, 'contract')} without a yearly value left out of the money." if missing else ""

    # JET

    @property
    def jet_chart(self) -> str:
        now, before = self.data.now.jets, self.data.before.jets
        bands = ", ".join(
            f"{words.split(',')[0].lower()} {sum(now[score] for score in range(low, high + 1))}"
            for _, words, low, high in JET_BANDS
        )
        assessed = counted(self.data.now.assessed, "contract")
        title = f"JET grades of {assessed} in {self.month.name}: {bands}. {self.jet_words}"
        return jet_columns(now, was=before, title=title)

    @property
    def jet_words(self) -> str:
        assessed, jets = self.data.now.assessed, self.data.now.jets
        good = sum(count for score, count in jets.items() if score >= GOOD)
        if not assessed:
            return "No contract has a JET grade."
        return f"{good:,} of {assessed:,} assessed ({100 * good // assessed}%) are good or outstanding."

    @property
    def jet_rows(self) -> list[tuple[str, int, int]]:
        now, before = self.data.now, self.data.before
        rows = [(descriptor(score), now.jets[score], before.jets[score]) for score in range(HIGHEST, LOWEST - 1, -1)]
        return [
            *rows,
            ("Not assessed", now["not_assessed"], before["not_assessed"]),
            ("No current view", now[f"risk_{NO_VIEW}"], before[f"risk_{NO_VIEW}"]),
        ]

    # Ending and spend

    @property
    def ending(self) -> Ending:
        return self.data.ending

    @property
    def ending_url(self) -> str:
        return running_url(self.month, ends=self.data.ending.last_day)

    @property
    def ending_words(self) -> str:
        ending = self.data.ending
        if ending.total == ending.shown:
            return ""
        return f"See all {ending.total:,} ending by {shortdate(ending.last_day)}"

    @property
    def financial_year(self) -> str:
        return financial_year(self.month.month)

    @property
    def providers(self) -> str:
        return counted(self.data.providers, "provider")

    # Empty states

    @property
    def unit_words(self) -> str:
        return self.unit.name if self.unit else "the units you may see"

    @property
    def may_import(self) -> bool:
        return self.scope.holds(Permission.EDIT_CONTRACTS)
