"""What needs the person now: the columns at the head of the dashboard."""

import datetime
from collections.abc import Collection
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from commissioning.rules import long_date
from contracts.choices import ReturnState, Risk
from contracts.queries.everyones import MISSING
from reporting.queries.dashboard import ConcernRow, DashboardData, ReviewRow
from reporting.queries.dashboard_rows import Queue
from reporting.queries.dashboard_statement import QUEUE_ROWS
from reporting.queries.links import contract_url, in_unit_of
from reporting.queries.register_links import register_url, running_url
from reporting.queries.sight import sees_plans
from reporting.queries.words import (
    movement,
    ordinal,
    risk_move,
)


class DashboardQueues:
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

    @property
    def coverage(self) -> str:
        now = self.data.now
        return f"{now['returned']:,} of {now['all']:,}"

    @property
    def is_first_month(self) -> bool:
        """No return was expected the month before: there is nothing to have moved from."""
        return not self.data.before["all"]

    @cached_property
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

    def _worklist(self, month: datetime.date, *, state: str = MISSING) -> str:
        """A reviewer sees everyone's returns in the state; who may not enter returns, the contracts instead."""
        if self.may_return:
            query = f"?{urlencode({'show': 'everyone', 'state': state})}" if self.data.may_review else ""
            return reverse("worklist", args=[f"{month:%Y-%m}"]) + query
        return f"{reverse('register')}?{urlencode({'month': f'{month:%Y-%m}', 'returned': 'no'})}"
