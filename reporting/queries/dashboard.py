"""The dashboard: what needs the person now, then the totals, then the charts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.choices import Risk
from contracts.queries.closing import closings_among
from contracts.queries.concern_rules import unit_rules
from contracts.rules.jet import HIGHEST, LOWEST
from reporting.queries.concern import Concern, concern_of
from reporting.queries.dashboard_counted import counted
from reporting.queries.dashboard_statement import CONCERNS_SHOWN, QUEUE_ROWS, counted_in
from reporting.queries.dashboard_steps import overdue_in
from reporting.queries.ending import ending_soon, to_decide
from reporting.queries.month import chosen_month, months_to_choose, seen_by
from reporting.queries.sight import with_plans_seen
from reporting.queries.spend import spend_by_partner
from reporting.queries.words import NO_VIEW, risk_move

SCORES: Final = range(LOWEST, HIGHEST + 1)


@dataclass(frozen=True)
class OfficerLoad:
    """How much of a month one officer has still to return."""

    officer_id: int | None
    name: str
    is_devolved: bool
    total: int
    left: int


class Figures:
    """The counts of one month: each contract that expects a return, by what it says."""

    def __init__(self, groups: Iterable[Mapping[str, Any]]) -> None:
        self.groups = list(groups)
        self._sums: dict[str, Any] = defaultdict(int)
        for group in self.groups:
            self._add(group)

    def _add(self, group: Mapping[str, Any]) -> None:
        number, risk, sums = group["number"], group["risk"] or NO_VIEW, self._sums
        sums["all"] += number
        sums[f"risk_{risk}"] += number
        if group["is_returned"]:
            sums["returned"] += number
        if group["risk"]:
            sums["not_assessed" if group["jet"] is None else f"jet_{group['jet']}"] += number

    def __getitem__(self, name: str) -> Any:
        return self._sums.get(name, 0)

    @property
    def jets(self) -> dict[int, int]:
        return {score: self[f"jet_{score}"] for score in SCORES}

    @property
    def assessed(self) -> int:
        return sum(self.jets.values())

    @property
    def working_days(self) -> list[int]:
        """The days on which the units' returns are due, the earliest first."""
        return sorted({group["working_day"] for group in self.groups})


class FiguresNow(Figures):
    """With the money of the contracts, who manages them, and when their returns are due."""

    def _add(self, group: Mapping[str, Any]) -> None:
        super()._add(group)
        annual, sums = Decimal(group["annual"] or 0), self._sums
        sums["annual"] += annual
        sums[f"annual_{group['risk'] or NO_VIEW}"] += annual
        sums["whole_life"] += Decimal(group["whole_life"] or 0)
        sums["without_value"] += group["without_value"]
        sums[group["management"]] += group["number"]

    @property
    def working_days(self) -> list[int]:
        """The days on which the units' returns are due, the earliest first."""
        return sorted({group["working_day"] for group in self.groups})


@dataclass(frozen=True)
class ReviewRow:
    """A return that waits for a reviewer."""

    title: str
    slug: str
    unit_code: str
    meta: str


def _review_row(row: Mapping[str, Any], unit: CommissioningUnit | None) -> ReviewRow:
    code = "" if unit else row["unit_code"]
    return ReviewRow(title=row["title"], slug=row["slug"], unit_code=code, meta=_review_words(row))


def _review_words(row: Mapping[str, Any]) -> str:
    if row["is_newly_red"]:
        return risk_move(row["risk"], row["last_risk"] if row["last_risk"] != Risk.RED else "")
    now, before = row["jet"], row["last_jet"]
    if now and before and before > now:
        return f"JET {before} to {now}"
    jet = f"JET {now}" if now else "not assessed"
    return f"{Risk(row['risk']).label}, {jet}"


@dataclass(frozen=True)
class ConcernRow:
    """A contract of concern with the names that its line shows."""

    concern: Concern
    title: str
    slug: str
    unit_code: str
    providers: list[str]


def _concern_row(row: Mapping[str, Any], concern: Concern, unit: CommissioningUnit | None) -> ConcernRow:
    code = "" if unit else row["unit_code"]
    return ConcernRow(concern, row["title"], row["slug"], code, row["providers"])


class DashboardData:
    """What the database says for the dashboard of one person, unit and month. Six queries."""

    def __init__(
        self,
        *,
        user: Any,
        unit: CommissioningUnit | None,
        units: Collection[CommissioningUnit] = (),
        month_text: str | None,
    ) -> None:
        scope = scope_of(user)
        self.month = month = chosen_month(month_text, today=clock.today())
        self.months = months_to_choose(month)
        self.may_review = scope.holds(Permission.REVIEW_RETURNS)
        self.rules = rules = unit_rules(month.month, unit=unit)
        closings = closings_among(rules.reviews, (month.month, month.previous), units=[unit] if unit else units)
        self.closing, self.closing_before = closings[month.month], closings[month.previous]
        contracts = counted(user, unit, month, closed=rules.closed, closed_before=rules.closed_before)
        found = counted_in(contracts, month, rules=rules, user_id=scope.user_id)
        self.now, self.before = FiguresNow(found.now), Figures(found.before)
        self.loads = [OfficerLoad(**load) for load in found.loads]
        self.reviews = [_review_row(row, unit) for row in found.reviews]
        self.reviews_waiting = found.reviews[0]["total"] if found.reviews else 0
        rows = [_concern_row(row, concern_of(row, month, rules), unit) for row in found.shown]
        self.concerns = [row for row in rows if row.concern.note][:CONCERNS_SHOWN]
        self.red = [row for row in rows if row.concern.risk == Risk.RED][:QUEUE_ROWS]
        self.concerns_total, self.newly_red = found.named, found.newly_red
        self.spend = spend_by_partner(found.spend, annual=self.now["annual"], whole_life=self.now["whole_life"])
        self.providers = found.providers
        in_sight = seen_by(user, unit)
        self.decisions, self.decisions_waiting = to_decide(
            in_sight.filter(with_plans_seen(scope)), month, unit=unit, rows=QUEUE_ROWS
        )
        self.ending = ending_soon(in_sight, month, unit=unit)
        self.overdue = overdue_in(user, month, unit=unit)
        self.has_contracts = bool(self.now["all"]) or in_sight.exists()
