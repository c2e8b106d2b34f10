"""How closely contracts are looked at now: by their unit's table, or as was decided otherwise."""

import datetime
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BigIntegerField, Q

from accounts import clock
from commissioning.models import CommissioningUnit
from commissioning.rules import long_date
from contracts.models import AttentionOverride, AttentionRule, Contract, MonthlyReturn
from contracts.queries.built_once import Given, Prepared
from contracts.queries.closing import closed_reviews
from contracts.queries.monthly_return import due_of
from contracts.rules.attention import (
    DEFAULTS,
    AttentionRow,
    assumed_words,
    attention_words,
    board_words,
    first_fitting,
    meet_by,
)
from contracts.rules.returns import month_to_return, previous_month, view_is_current


@dataclass(frozen=True)
class Attention:
    """What stands for one contract. ``place`` is that of the row that decides, from nought."""

    place: int
    row: AttentionRow
    assumed: str
    override: AttentionOverride | None = None

    @property
    def monitoring(self) -> str:
        return self.override.monitoring if self.override else self.row.monitoring

    @property
    def meetings(self) -> str:
        return self.override.meetings if self.override else self.row.meetings

    @property
    def words(self) -> str:
        """«looked at every month; board meets every quarter»"""
        return attention_words(self.monitoring, self.meetings)

    @property
    def rule_words(self) -> str:
        """What the unit's table says, whatever was decided otherwise."""
        said = f"{self.row.words}: {attention_words(self.row.monitoring, self.row.meetings)}."
        return f"{said} {self.assumed}." if self.assumed else said

    def is_to_be_looked_at_again(self, today: datetime.date) -> bool:
        return self.override is not None and self.override.look_again_on <= today


def as_row(rule: AttentionRule) -> AttentionRow:
    return AttentionRow(rule.value_from, rule.risk, rule.monitoring, rule.meetings)


def stored_table(unit: CommissioningUnit) -> tuple[AttentionRow, ...]:
    """What the unit has set itself; empty while the defaults stand."""
    return tuple(as_row(rule) for rule in unit.attention_rules.order_by("position"))


def fingerprint(table: Sequence[AttentionRow]) -> str:
    """Of a table as it was read, so that a save notices another person's."""
    said = "|".join(f"{row.value_from:.2f}:{row.risk}:{row.monitoring}:{row.meetings}" for row in table)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def tables_of(units: Collection[int]) -> dict[int, tuple[AttentionRow, ...]]:
    """By unit, its own table or the defaults; one query."""
    stored: dict[int, list[AttentionRow]] = {}
    for rule in AttentionRule.objects.filter(unit_id__in=units).order_by("unit_id", "position"):
        stored.setdefault(rule.unit_id, []).append(as_row(rule))
    return {unit: tuple(stored.get(unit, DEFAULTS)) for unit in units}


def attention_of(contracts: Iterable[Contract], *, risks: Mapping[int, str] | None = None) -> dict[int, Attention]:
    """By contract; two queries, and two more where their risks are not handed in. Their units must be loaded."""
    listed = list(contracts)
    known = risks_now(listed) if risks is None else risks
    tables = tables_of({contract.unit_id for contract in listed})
    standing = AttentionOverride.objects.filter(contract__in=[each.pk for each in listed], ended_on=None)
    overrides = {row.contract_id: row for row in standing.select_related("set_by")}
    return {
        contract.pk: _attention(contract, known[contract.pk], tables[contract.unit_id], overrides.get(contract.pk))
        for contract in listed
    }


TABLE: Final = Prepared(
    lambda: AttentionRule.objects.filter(unit_id=Given("unit", BigIntegerField())).order_by("position")
)
OVERRIDE: Final = Prepared(
    lambda: AttentionOverride.objects.filter(contract_id=Given("contract", BigIntegerField()), ended_on=None)
)


def attention_of_one(
    contract: Contract, *, risk: str, rules: Iterable[AttentionRule], overrides: Sequence[AttentionOverride]
) -> Attention:
    """The same for one contract, of its unit's rules and what was decided otherwise."""
    table = tuple(as_row(rule) for rule in rules) or DEFAULTS
    return _attention(contract, risk, table, overrides[0] if overrides else None)


def _attention(
    contract: Contract, risk: str, table: Sequence[AttentionRow], override: AttentionOverride | None
) -> Attention:
    place = first_fitting(table, annual_value=contract.annual_value, risk=risk)
    assumed = assumed_words(annual_value=contract.annual_value, risk=risk)
    return Attention(place=place, row=table[place], assumed=assumed, override=override)


def risks_now(contracts: Sequence[Contract]) -> dict[int, str]:
    """By contract, the risk of its view of the month now being returned; empty where there is no current view.

    Two queries.
    """
    today = clock.today()
    month = month_to_return(today)
    rows = MonthlyReturn.objects.that_count().filter(
        contract__in=[contract.pk for contract in contracts], month__in=(month, previous_month(month))
    )
    said: dict[int, dict[datetime.date, str]] = {}
    for pk, returned, risk in rows.values_list("contract_id", "month", "risk"):
        said.setdefault(pk, {})[returned] = risk
    closed = closed_reviews((contract.unit_id for contract in contracts), month)
    due = {
        working_day: due_of(month, working_day=working_day)
        for working_day in {contract.unit.return_working_day for contract in contracts}
    }
    risks = {}
    for contract in contracts:
        mine = said.get(contract.pk, {})
        view = view_is_current(
            month,
            returned=mine,
            today=today,
            due=due[contract.unit.return_working_day],
            is_closed=contract.unit_id in closed,
        )
        risks[contract.pk] = mine[view] if view else ""
    return risks


def board_overdue(
    meetings: str, *, board_opened_on: datetime.date | None, last_met: datetime.date | None, today: datetime.date
) -> str:
    """The sentence for a board that should have met by now, or should be open; empty where all is well."""
    if board_opened_on is None:
        asked = meet_by(meetings, last=today) is not None
        return f"No board is open, though by its pattern the {board_words(meetings)}." if asked else ""
    last = last_met or board_opened_on
    by = meet_by(meetings, last=last)
    if by is None or today <= by:
        return ""
    met = f"last met on {long_date(last_met)}" if last_met else f"has not met since it opened on {long_date(last)}"
    return f"A board meeting is overdue: the {board_words(meetings)}, and {met}."


# The unit's table, counted


@dataclass(frozen=True)
class CountedRow:
    """One row of the table with how many running contracts in sight it decides."""

    number: int
    row: AttentionRow
    count: int

    @property
    def says(self) -> str:
        words = attention_words(self.row.monitoring, self.row.meetings)
        return f"{words[0].upper()}{words[1:]}"


@dataclass(frozen=True)
class CountedTable:
    rows: list[CountedRow]
    overridden: int
    unknown: int


def counted_table(user: Any, unit: CommissioningUnit, table: Sequence[AttentionRow]) -> CountedTable:
    """Of the contracts in sight that run today, how many each row decides; four queries.

    One looked at otherwise by decision is counted apart and in no row.
    """
    today = clock.today()
    running = Contract.objects.visible_to(user).filter(
        Q(effective_end=None) | Q(effective_end__gte=today), unit=unit, start__lte=today
    )
    contracts = list(running.only("pk", "annual_value", "unit"))
    for contract in contracts:
        contract.unit = unit
    decided = set(
        AttentionOverride.objects.filter(contract__in=[each.pk for each in contracts], ended_on=None)
        .order_by()
        .values_list("contract_id", flat=True)
    )
    risks = risks_now(contracts)
    ruled = [(each.annual_value, risks[each.pk]) for each in contracts if each.pk not in decided]
    counts = Counter(first_fitting(table, annual_value=value, risk=risk) for value, risk in ruled)
    rows = [CountedRow(place + 1, row, counts[place]) for place, row in enumerate(table)]
    return CountedTable(
        rows=rows,
        overridden=len(decided),
        unknown=sum(bool(assumed_words(annual_value=value, risk=risk)) for value, risk in ruled),
    )
