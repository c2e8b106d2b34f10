"""What is measured of a contract: KPIs and their targets. History is not rewritten by any of it."""

import datetime
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.acts import act
from accounts.models import User
from commissioning.rules import long_date
from commissioning.services.conflict import locked_at
from contracts.choices import KpiDirection, KpiUnit, Reporter
from contracts.models import Contract, Kpi, KpiTarget
from contracts.queries.closing import newest_closed_month
from contracts.queries.standing_in import acting_for
from contracts.rules.kpis import PERCENT
from contracts.rules.returns import month_end, next_month

REASON_LENGTH: Final = 600
#: What a reading was taken by stays as long as there is one.
FIXED_ONCE_READ: Final = {
    "unit": "unit",
    "direction": "direction",
    "frequency": "frequency",
    "is_from_counts": "way of counting",
}


@dataclass(frozen=True)
class KpiDetails:
    """A KPI without its target."""

    name: str
    unit: str
    direction: str
    frequency: str
    first_month: datetime.date
    definition: str = ""
    decimals: int = 0
    is_from_counts: bool = False
    reported_by: str = Reporter.OFFICER
    is_published: bool = False


@dataclass(frozen=True)
class TargetFigures:
    """``upper`` is the other end of a range; a reading as far off as the tolerance is still on target."""

    target: Decimal
    upper: Decimal | None = None
    tolerance: Decimal = Decimal(0)


def add_kpi(*, contract: Contract, details: KpiDetails, target: TargetFigures | None, by: User) -> Kpi:
    """Put a KPI at the end of the contract's list, with its first target where that is known already."""
    _refuse_details(contract, details)
    if target is not None:
        refuse_target(target, unit=details.unit, direction=details.direction)
    with act("KPI added", by=by, on_behalf_of=acting_for(contract, by)):
        _hold(contract)
        _refuse_a_name_twice(contract.kpis.all(), details)
        _refuse_closed_months(contract, details.first_month)
        last = contract.kpis.order_by("-position").values_list("position", flat=True).first() or 0
        kpi = Kpi(contract=contract, position=last + 1)
        _put(kpi, details)
        kpi.full_clean()
        kpi.save()
        if target is not None:
            _write_target(KpiTarget(kpi=kpi, from_month=kpi.first_month), target, reason="")
    return kpi


def change_kpi(*, kpi: Kpi, details: KpiDetails, version: int, by: User) -> Kpi:
    """Change how a KPI is described; once it has a reading, what that was taken by stays.

    Raises ValidationError beside the field, or Conflict with the newer KPI.
    """
    _refuse_details(kpi.contract, details)
    with act("KPI changed", by=by, on_behalf_of=acting_for(kpi.contract, by)):
        stored = _locked(kpi, version=version)
        if faults := _rewriting(stored, details):
            raise ValidationError(faults)
        _refuse_a_name_twice(stored.contract.kpis.exclude(pk=stored.pk), details)
        if details.first_month < stored.first_month:
            _refuse_closed_months(stored.contract, details.first_month)
        _put(stored, details)
        stored.version += 1
        stored.full_clean()
        stored.save()
    return stored


def move_kpi(*, kpi: Kpi, is_up: bool, by: User) -> None:
    """One place up or down among the contract's open KPIs; at the end of the list it stays."""
    with act("KPIs put in another order", by=by, on_behalf_of=acting_for(kpi.contract, by)):
        _hold(kpi.contract)
        listed = list(kpi.contract.kpis.filter(last_month=None))
        place = next((number for number, row in enumerate(listed) if row.pk == kpi.pk), None)
        if place is None:
            raise ValidationError("A closed KPI has no place in the order.")
        other = place - 1 if is_up else place + 1
        if not 0 <= other < len(listed):
            return
        listed[place], listed[other] = listed[other], listed[place]
        for position, row in enumerate(listed, start=1):
            if row.position != position:
                Kpi.objects.filter(pk=row.pk).update(position=position)


def set_target(*, kpi: Kpi, from_month: datetime.date, target: TargetFigures, reason: str, by: User) -> KpiTarget:
    """What the KPI should reach from a month on; months that have a reading keep the target they were read against.

    Only the first target needs no reason. One that no reading was held to yet is corrected in its place.
    """
    why = reason.strip()
    with act("KPI target set", by=by, reason=why, on_behalf_of=acting_for(kpi.contract, by)):
        _hold(kpi.contract)
        stored = Kpi.objects.select_for_update(of=("self",)).get(pk=kpi.pk)
        refuse_target(target, unit=stored.unit, direction=stored.direction)
        there = {row.from_month: row for row in stored.targets.all()}
        if fault := _target_month_fault(stored, from_month):
            raise ValidationError({"from_month": fault})
        if there and (fault := _reason_fault(why, "Say why the target changes.")):
            raise ValidationError({"reason": fault})
        row = there.get(from_month) or KpiTarget(kpi=stored, from_month=from_month)
        _write_target(row, target, reason=why)
    return row


def close_kpi(*, kpi: Kpi, last_month: datetime.date, reason: str, version: int, by: User) -> Kpi:
    """The last month that is measured: it owes nothing after, and its earlier months stay as they are.

    Done again, it moves the last month. Raises ValidationError beside the field, or Conflict with the newer KPI.
    """
    why = reason.strip()
    with act("KPI closed", by=by, reason=why, on_behalf_of=acting_for(kpi.contract, by)):
        stored = _locked(kpi, version=version)
        faults = {}
        if fault := _last_month_fault(stored, last_month):
            faults["last_month"] = fault
        if fault := _reason_fault(why, "Say why the KPI is closed."):
            faults["reason"] = fault
        if faults:
            raise ValidationError(faults)
        stored.last_month, stored.closing_reason = last_month, why
        stored.version += 1
        stored.full_clean()
        stored.save()
    return stored


def reopen_kpi(*, kpi: Kpi, version: int, by: User) -> Kpi:
    """Measure it again, with the months in between owed too; raises Conflict with the newer KPI."""
    with act("KPI opened again", by=by, on_behalf_of=acting_for(kpi.contract, by)):
        stored = _locked(kpi, version=version)
        if stored.last_month is None:
            raise ValidationError("This KPI is open.")
        stored.last_month, stored.closing_reason = None, ""
        stored.version += 1
        stored.save()
    return stored


# Writing


def _hold(contract: Contract) -> None:
    """As every writer of the contract's readings: no target begins while a reading is being held against another."""
    Contract.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=contract.pk)


def _locked(kpi: Kpi, *, version: int) -> Kpi:
    _hold(kpi.contract)
    return locked_at(kpi, version, "contract")


def _put(kpi: Kpi, details: KpiDetails) -> None:
    for field in fields(details):
        value = getattr(details, field.name)
        setattr(kpi, field.name, value.strip() if isinstance(value, str) else value)


def _write_target(row: KpiTarget, target: TargetFigures, *, reason: str) -> None:
    row.target, row.upper, row.tolerance, row.reason = target.target, target.upper, target.tolerance, reason
    row.full_clean()
    row.save()


# What is refused


def _refuse_details(contract: Contract, details: KpiDetails) -> None:
    faults: dict[str, str] = {}
    if not details.name.strip():
        faults["name"] = "Say what is measured."
    if details.is_from_counts and details.unit != KpiUnit.PERCENT:
        faults["is_from_counts"] = "Only a percentage is worked out from a part and a whole."
    if contract.start and month_end(details.first_month) < contract.start:
        faults["first_month"] = f"The contract starts on {long_date(contract.start)}."
    elif contract.effective_end and details.first_month > contract.effective_end:
        faults["first_month"] = f"The contract ends on {long_date(contract.effective_end)}."
    if faults:
        raise ValidationError(faults)


def _refuse_closed_months(contract: Contract, first_month: datetime.date) -> None:
    """What a closed month says stands: it is not to owe figures that nobody asked for then."""
    closed = newest_closed_month(contract.unit_id)
    if closed is not None and first_month <= closed:
        raise ValidationError(
            {"first_month": f"{closed:%B %Y} is closed: measure from {next_month(closed):%B %Y} or a later month."}
        )


def _refuse_a_name_twice(others: QuerySet[Kpi], details: KpiDetails) -> None:
    if others.filter(name=details.name.strip()).exists():
        raise ValidationError({"name": "The contract already has a KPI of this name."})


def refuse_target(target: TargetFigures, *, unit: str, direction: str) -> None:
    """Raises ValidationError where the figures make no target of this unit and direction."""
    faults: dict[str, str] = {}
    ends = {"target": target.target} | ({"upper": target.upper} if target.upper is not None else {})
    for name, value in ends.items():
        if value < 0 and unit != KpiUnit.POUNDS:
            faults[name] = "A target cannot be less than nothing."
        elif unit == KpiUnit.PERCENT and value > PERCENT:
            faults[name] = "A percentage cannot be over 100."
    if direction == KpiDirection.BETWEEN and target.upper is None:
        faults["upper"] = "Give the upper end of the range."
    elif direction != KpiDirection.BETWEEN and target.upper is not None:
        faults["upper"] = "Only a range has an upper end: leave it empty."
    elif target.upper is not None and target.upper < target.target:
        faults["upper"] = "The upper end of the range is below its lower end."
    if target.tolerance < 0:
        faults["tolerance"] = "A tolerance cannot be less than nothing."
    if faults:
        raise ValidationError(faults)


def _rewriting(kpi: Kpi, details: KpiDetails) -> dict[str, str]:
    """By field, what would change what was read or aimed at."""
    months = kpi.readings.order_by("month").values_list("month", flat=True)
    first, last = months.first(), months.last()
    faults: dict[str, str] = {}
    if first is not None and last is not None:
        faults = {
            name: f"This KPI has readings: its {word} stays. Close it and add another."
            for name, word in FIXED_ONCE_READ.items()
            if getattr(details, name) != getattr(kpi, name)
        }
        if details.first_month > first:
            faults["first_month"] = f"It has a reading for {first:%B %Y}."
    if kpi.last_month and details.first_month > kpi.last_month:
        faults["first_month"] = f"It was closed with {kpi.last_month:%B %Y}."
    turned = details.direction != kpi.direction and KpiDirection.BETWEEN in (details.direction, kpi.direction)
    if turned and "direction" not in faults and kpi.targets.exists():
        faults["direction"] = "Its target was set for another direction. Close it and add another."
    return faults


def _target_month_fault(kpi: Kpi, from_month: datetime.date) -> str | None:
    if from_month < kpi.first_month:
        return f"This KPI is measured from {kpi.first_month:%B %Y} on."
    if kpi.last_month and from_month > kpi.last_month:
        return f"This KPI was closed with {kpi.last_month:%B %Y}."
    read = kpi.readings.order_by("-month").values_list("month", flat=True).first()
    if read is not None and from_month <= read:
        return f"{read:%B %Y} has a reading already: a new target begins with {next_month(read):%B %Y} or later."
    return None


def _last_month_fault(kpi: Kpi, last_month: datetime.date) -> str | None:
    if last_month < kpi.first_month:
        return f"This KPI is measured from {kpi.first_month:%B %Y} on: it cannot be closed before that."
    end = kpi.contract.effective_end
    if end is not None and last_month > end:
        return f"The contract ends on {long_date(end)}: close the KPI with a month of the contract."
    read = kpi.readings.order_by("-month").values_list("month", flat=True).first()
    if read is not None and read > last_month:
        return f"{read:%B %Y} has a reading: close the KPI with that month or a later one."
    return None


def _reason_fault(reason: str, missing: str) -> str | None:
    if not reason:
        return missing
    return f"Use {REASON_LENGTH} characters or fewer." if len(reason) > REASON_LENGTH else None
