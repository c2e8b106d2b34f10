"""The unit's table of attention changed as a whole, and one contract looked at otherwise."""

import datetime
from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit
from commissioning.services.conflict import Conflict
from contracts.models import AttentionOverride, AttentionRule, Contract
from contracts.queries.attention import fingerprint, stored_table
from contracts.rules.attention import AttentionRow, never_reached
from contracts.rules.terms import add_months, long_date

MOST_ROWS: Final = 20
LONGEST_MONTHS: Final = 24
"""What was decided otherwise is looked at again within so many months."""


def change_table(
    *, unit: CommissioningUnit, table: Sequence[AttentionRow], stands: str, by: User
) -> tuple[AttentionRow, ...]:
    """``stands`` is the fingerprint of what the unit had set when the page was opened.

    Raises ValidationError beside «value_from_3» for the third row, or Conflict with the table as it stands.
    """
    if faults := _faults(table):
        raise ValidationError(faults)
    with act("Rules of attention changed", by=by):
        CommissioningUnit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
        stored = stored_table(unit)
        if fingerprint(stored) != stands:
            raise Conflict(stored)
        rules = list(unit.attention_rules.order_by("position"))
        for place, row in enumerate(table):
            rule = rules[place] if place < len(rules) else AttentionRule(unit=unit, position=place + 1)
            _write(rule, row, is_new=place >= len(rules))
        for rule in rules[len(table) :]:
            rule.delete()
    return tuple(table)


def _write(rule: AttentionRule, row: AttentionRow, *, is_new: bool) -> None:
    """A row that says what it said is left alone, so that history shows only what changed."""
    now = (row.value_from, row.risk, row.monitoring, row.meetings)
    if not is_new and now == (rule.value_from, rule.risk, rule.monitoring, rule.meetings):
        return
    rule.value_from, rule.risk, rule.monitoring, rule.meetings = now
    rule.full_clean()
    rule.save()


def _faults(table: Sequence[AttentionRow]) -> dict[str, str]:
    if not table:
        return {"table": "Keep at least one row: with none, no contract would be looked at."}
    if len(table) > MOST_ROWS:
        return {"table": f"Use {MOST_ROWS} rows or fewer."}
    faults = {
        f"value_from_{place + 1}": f"Row {place + 1} would catch nothing: row {before + 1} catches its contracts first."
        for place, before in never_reached(table).items()
    }
    if not table[-1].catches_everything:
        faults[f"value_from_{len(table)}"] = (
            "The last row must catch every contract that is left: give £0 and any risk, or add such a row."
        )
    return faults


def look_otherwise(
    *,
    contract: Contract,
    monitoring: str,
    meetings: str,
    reason: str,
    look_again_on: datetime.date,
    stands: int,
    by: User,
    on_behalf_of: User | None = None,
) -> AttentionOverride:
    """Decide otherwise than the unit's table for one contract; what was decided before ends today.

    ``stands`` is the id of the decision that the page showed, 0 for none. Raises ValidationError beside the field, or
    Conflict with the decision that stands now, which may be none.
    """
    today = clock.today()
    if not reason.strip():
        raise ValidationError({"reason": "Say why this contract is looked at otherwise."})
    if look_again_on <= today:
        raise ValidationError({"look_again_on": "Give a day that lies ahead."})
    if look_again_on > add_months(today, LONGEST_MONTHS):
        latest = long_date(add_months(today, LONGEST_MONTHS))
        raise ValidationError({"look_again_on": f"Give a day no later than {latest}, so that it is looked at again."})
    with act("Looked at otherwise than by the rules", by=by, reason=reason.strip(), on_behalf_of=on_behalf_of):
        _end(_standing(contract, stands), by=by, on=today)
        override = AttentionOverride(
            contract=contract,
            monitoring=monitoring,
            meetings=meetings,
            reason=reason.strip(),
            look_again_on=look_again_on,
            set_on=today,
            set_by=by,
        )
        override.full_clean()
        override.save()
    return override


def look_by_the_rules(*, contract: Contract, stands: int, by: User, on_behalf_of: User | None = None) -> None:
    """End what was decided otherwise. Raises Conflict where that is no longer what the page showed."""
    with act("Looked at by the rules again", by=by, on_behalf_of=on_behalf_of):
        _end(_standing(contract, stands), by=by, on=clock.today())


def _standing(contract: Contract, stands: int) -> AttentionOverride | None:
    Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=contract.pk)
    standing = AttentionOverride.objects.filter(contract=contract, ended_on=None).first()
    if (standing.pk if standing else 0) != stands:
        raise Conflict(standing)
    return standing


def _end(override: AttentionOverride | None, *, by: User, on: datetime.date) -> None:
    if override is None:
        return
    override.ended_on, override.ended_by = on, by
    override.full_clean()
    override.save()
