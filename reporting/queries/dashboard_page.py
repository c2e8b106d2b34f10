"""The dashboard as it is read: queues, heat-map, tables and charts, all words and drawings ready."""

import datetime
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from commissioning.rules import long_date
from contracts.choices import ReturnState, Risk
from contracts.drawing import Part, heat_cell, jet_columns, rag, stack
from contracts.queries.everyones import MISSING
from contracts.rules.jet import HIGHEST, JET_BANDS, LOWEST
from contracts.rules.returns import DAY_NAMES
from contracts.templatetags.marks import money, shortdate
from reporting.queries.dashboard import ConcernRow, DashboardData, ReviewRow
from reporting.queries.dashboard_rows import HeatRow, Queue, RiskRow
from reporting.queries.dashboard_statement import QUEUE_ROWS
from reporting.queries.ending import Ending
from reporting.queries.links import contract_url, in_unit_of
from reporting.queries.register_links import all_url, register_url, running_url
from reporting.queries.sight import sees_plans
from reporting.queries.words import (
    NO_VIEW,
    counted,
    descriptor,
    financial_year,
    jet_cell,
    month_and_year,
    movement,
    ordinal,
    provider_words,
    risk_move,
)

RISK_ORDER: Final = ((Risk.RED, "Red"), (Risk.AMBER, "Amber"), (Risk.GREEN, "Green"), (NO_VIEW, "No current view"))
GOOD: Final = 6
"""The lowest score that is good or outstanding."""


class DashboardPage:
    """Reads nothing itself: everything comes from ``DashboardData``."""

    def __init__(
        self,
        *,
        user: Any,
        unit: CommissioningUnit | None,
        month_text: str | None,
        units: Collection[CommissioningUnit] = (),
    ) -> None:
        self.user = user
        self.scope = scope_of(user)
        self.data = DashboardData(user=user, unit=unit, units=units, month_text=month_text)
        self.month = self.data.month
        self.unit, self.units = unit, units
        self.closing, self.closing_before = self.data.closing, self.data.closing_before
        self.sees_plans = sees_plans(self.scope)
        self.may_return = self.scope.holds(Permission.RETURN_CONTRACTS)

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
    def coverage(self) -> str:
        now = self.data.now
        return f"{now['returned']:,} of {now['all']:,}"

    @property
    def total(self) -> int:
        return int(self.data.now["all"])

    @property
    def all_url(self) -> str:
        return all_url(self.month)

    def _worklist(self, month: datetime.date, *, state: str = MISSING) -> str:
        """A reviewer sees everyone's returns in the state; who may not enter returns, the contracts instead."""
        if self.may_return:
            query = f"?{urlencode({'show': 'everyone', 'state': state})}" if self.data.may_review else ""
            return reverse("worklist", args=[f"{month:%Y-%m}"]) + query
        return f"{reverse('register')}?{urlencode({'month': f'{month:%Y-%m}', 'returned': 'no'})}"

    # Queues

    @property
    def queues(self) -> list[Queue]:
        queues = [self._returns(), self._red()]
        if self.data.may_review:
            queues.append(self._reviews())
        return [*queues, self._decisions()] if self.sees_plans else queues

    def _returns(self) -> Queue:
        now = self.data.now
        left = now["all"] - now["returned"]
        return Queue(
            count=f"{left:,}",
            label=self._returns_label(left),
            line=f"{self.coverage} in. {self._deadline()}" if left else f"{self.coverage} in.",
            rows=self._return_rows() if self.sees_plans else [],
            more_text=self._returns_link(left),
            more_url=self._worklist(self.month.month, state=MISSING if left else ""),
            progress=(now["returned"], now["all"]) if now["all"] else None,
            empty="Every return is in." if now["all"] and not left else "",
        )

    def _returns_label(self, left: int) -> str:
        """It is the commissioners who make the returns, of which a provider waits for the outcome."""
        if not self.sees_plans:
            return "of your contracts not rated yet"
        if self.closing.is_everywhere:
            return "not returned"
        return "return to come" if left == 1 else "returns to come"

    def _returns_link(self, left: int) -> str:
        """Who makes returns and reviews none is led to their own list, which holds fewer."""
        if self.may_return and not self.data.may_review:
            return "See your returns"
        if not self.sees_plans:
            return "See your contracts not rated yet" if left else "See your contracts"
        return f"See all {left:,}" if left > 1 else "See all returns"

    def _deadline(self) -> str:
        """When returns are due; where units differ, by the first and the last of their days. A closed month is over."""
        if self.closing.is_everywhere:
            return "The month is closed: they stand as not returned."
        days = self.data.now.working_days
        if not days:
            return ""
        first, last = days[0], days[-1]
        if first == last:
            return f"{self.month.deadline(first)}."
        return (
            f"Due from {long_date(self.month.due(first))} to {long_date(self.month.due(last))},"
            f" by unit: {self.month.time_left(first)} to {self.month.time_left(last)}."
        )

    def _return_rows(self) -> list[dict[str, Any]]:
        before = self.data.before
        overdue = before["all"] - before["returned"]
        rows: list[dict[str, Any]] = []
        if overdue:
            rows.append({
                "text": f"{self.month.previous_name}, never returned",
                "url": self._worklist(self.month.previous),
                "meta": f"{overdue:,} not returned" if self.closing_before.is_everywhere else f"{overdue:,} overdue",
                "is_late": not self.closing_before.is_everywhere,
            })  # fmt: skip
        mine = [load for load in self.data.loads if load.officer_id == self.scope.user_id]
        devolved = [load for load in self.data.loads if load.is_devolved]
        others = [load for load in self.data.loads if load not in mine and load not in devolved]
        left_words = "not returned" if self.closing.is_everywhere else "left"
        room = QUEUE_ROWS - len(rows) - len(mine) - len(devolved)
        for load in [*mine, *others[:room], *devolved]:
            rows.append({"text": load.name, "meta": f"{load.left:,} of {load.total:,} {left_words}"})
        return rows

    def _red(self) -> Queue:
        now, before = self.data.now, self.data.before
        red = now[f"risk_{Risk.RED}"]
        new = self.data.newly_red
        moved = movement(red, before[f"risk_{Risk.RED}"])
        moved = "As many as" if moved == "no change" else f"{moved} than"
        moved_words = f"{moved} in {self.month.previous_name}. {new:,} {'is' if new == 1 else 'are'} new."
        line = "First month." if self.is_first_month else moved_words
        return Queue(
            count=f"{red:,}",
            label="red contract" if red == 1 else "red contracts",
            line=f"{line} {self.coverage} returned.",
            rows=[self._red_row(row) for row in self.data.red],
            more_text="See all red contracts" if red else "See all contracts",
            more_url=register_url(self.month, risk="red") if red else register_url(self.month),
            empty="" if red else "No contract is red.",
        )

    def _red_row(self, row: ConcernRow) -> dict[str, Any]:
        concern = row.concern
        if concern.is_newly_red:
            meta = risk_move(concern.risk, concern.was.risk if concern.was else "")
            meta = meta if " to " in meta else "New"
        else:
            meta = f"{ordinal(concern.red_months)} month"
        return {"text": row.title, "url": contract_url(row.slug, row.unit_code), "meta": meta}

    def _reviews(self) -> Queue:
        waiting = self.data.reviews_waiting
        rows = [{"text": row.title, "url": self._return(row), "meta": row.meta} for row in self.data.reviews]
        return Queue(
            count=f"{waiting:,}",
            label="return to review" if waiting == 1 else "returns to review",
            line="Submitted, not yet accepted. Newly red and the largest falls come first." if waiting else "",
            rows=rows,
            more_text=f"See all {waiting:,} to review" if waiting > 1 else "See all returns",
            more_url=self._worklist(self.month.month, state=str(ReturnState.SUBMITTED) if waiting else ""),
            empty="" if waiting else "No return waits for you.",
        )

    def _return(self, row: ReviewRow) -> str:
        return in_unit_of(reverse("return", args=[self.month.code, row.slug]), row.unit_code)

    def _decisions(self) -> Queue:
        waiting = self.data.decisions_waiting
        return Queue(
            count=f"{waiting:,}",
            label="to decide soon",
            line=f"Within six months, to {long_date(self.month.soon)}, by notice date." if waiting else "",
            rows=self.data.decisions,
            more_text="See all of them" if waiting else "See all contracts",
            more_url=running_url(self.month, decide=self.month.soon)
            if waiting
            else register_url(self.month, sort="ends"),
            empty="" if waiting else f"No known notice day falls by {long_date(self.month.soon)}.",
        )

    # Heat-map

    @property
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
    def is_first_month(self) -> bool:
        """No return was expected the month before: there is nothing to have moved from."""
        return not self.data.before["all"]

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
