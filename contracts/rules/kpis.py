"""Key performance indicators: when a reading is due, which target holds, and how a reading stands against it.

A month is its first day. Quarters, halves and years are of the financial year, which begins in April; a reading of a
longer period belongs to the month in which the period ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from ..choices import KpiDirection, KpiFrequency, KpiStanding, KpiUnit
from .returns import months_back

PERIOD_MONTHS: Final = {
    KpiFrequency.MONTHLY: 1,
    KpiFrequency.QUARTERLY: 3,
    KpiFrequency.HALF_YEARLY: 6,
    KpiFrequency.YEARLY: 12,
}
PERCENT: Final = Decimal(100)
MARCH: Final = 3


@dataclass(frozen=True)
class Target:
    """What is to be reached from a month on; ``upper`` only for a range."""

    from_month: date
    target: Decimal
    upper: Decimal | None = None
    tolerance: Decimal = Decimal(0)


# When a reading is due


def is_due(month: date, *, frequency: str, first_month: date, last_month: date | None = None) -> bool:
    """Whether a period of the KPI ends with the month. A KPI closed within a period still owes the whole of it only
    where the period ended by then.
    """
    if month < first_month or (last_month is not None and month > last_month):
        return False
    return (month.month - MARCH) % PERIOD_MONTHS[KpiFrequency(frequency)] == 0


def period_start(month: date, *, frequency: str) -> date:
    """The first month of the period that ends with this one."""
    return months_back(month, PERIOD_MONTHS[KpiFrequency(frequency)] - 1)


def next_due(month: date, *, frequency: str) -> date:
    """The month, this one or a later, with which the next period ends."""
    length = PERIOD_MONTHS[KpiFrequency(frequency)]
    return months_back(month, -((MARCH - month.month) % length))


def last_due(month: date, *, frequency: str) -> date:
    """The month, this one or an earlier, with which the last period ended: its reading stands until the next is due."""
    return months_back(month, (month.month - MARCH) % PERIOD_MONTHS[KpiFrequency(frequency)])


def frequencies_due(month: date) -> tuple[KpiFrequency, ...]:
    """Those with a period that ends with the month."""
    return tuple(frequency for frequency in PERIOD_MONTHS if last_due(month, frequency=frequency) == month)


# Targets, values


def target_in(month: date, targets: Sequence[Target]) -> Target | None:
    """The target that holds in a month: the newest that began by then. A later one changes nothing before it."""
    begun = [target for target in targets if target.from_month <= month]
    return max(begun, key=lambda target: target.from_month, default=None)


def value_of_counts(part: Decimal, whole: Decimal, *, decimals: int) -> Decimal:
    """The percentage that the part is of the whole. Raises ValueError for a whole of 0: there was nothing to count."""
    if whole == 0:
        raise ValueError("The whole cannot be 0. Say that there was nothing to count.")
    return (PERCENT * part / whole).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def reading_fault(value: Decimal, *, unit: str) -> str | None:
    """The sentence for a value that the unit cannot have."""
    if value < 0 and unit != KpiUnit.POUNDS:
        return "A reading cannot be less than nothing."
    if unit == KpiUnit.PERCENT and value > PERCENT:
        return "A percentage cannot be over 100."
    return None


def counts_fault(part: Decimal, whole: Decimal) -> str | None:
    """The sentence for counts that make no percentage."""
    if whole == 0:
        return "The whole cannot be 0. If nothing was there to count, tick “Nothing to count”."
    if part < 0 or whole < 0:
        return "A count cannot be less than nothing."
    if part > whole:
        return "The part cannot be more than the whole."
    return None


# How a reading stands


def standing_of(value: Decimal, target: Target, *, direction: str) -> KpiStanding:
    """A reading no further from its target than the tolerance is on it; in a range there is no better than on it."""
    if direction == KpiDirection.BETWEEN:
        upper = target.target if target.upper is None else target.upper
        inside = target.target - target.tolerance <= value <= upper + target.tolerance
        return KpiStanding.ON if inside else KpiStanding.BELOW
    ahead = value - target.target if direction == KpiDirection.AT_LEAST else target.target - value
    if ahead > target.tolerance:
        return KpiStanding.ABOVE
    return KpiStanding.ON if ahead >= -target.tolerance else KpiStanding.BELOW


def is_at_best(value: Decimal, target: Target, *, direction: str, unit: str) -> bool:
    """Whether nothing better can be reached: 100% of what should be, none of what should not, within a range.

    Such a reading is on its target for ever, so the scale's «above target» cannot ask more of it.
    """
    if direction == KpiDirection.BETWEEN:
        return standing_of(value, target, direction=direction) == KpiStanding.ON
    if direction == KpiDirection.AT_MOST:
        return value == 0 and unit != KpiUnit.POUNDS
    return unit == KpiUnit.PERCENT and value == PERCENT


def _gap(value: Decimal, target: Target, direction: str) -> Decimal:
    """How far from the target on the wrong side; less than nothing on the right one."""
    if direction == KpiDirection.AT_LEAST:
        return target.target - value
    if direction == KpiDirection.AT_MOST:
        return value - target.target
    upper = target.target if target.upper is None else target.upper
    return max(target.target - value, value - upper)


def trend_of(before: Decimal | None, now: Decimal | None, target: Target, *, direction: str) -> int | None:
    """1 nearer to the target or further past it than the reading before, -1 the other way, 0 the same; None unknown."""
    if before is None or now is None:
        return None
    change = _gap(before, target, direction) - _gap(now, target, direction)
    return (change > 0) - (change < 0)


# Words

_SIGNS: Final = {KpiDirection.AT_LEAST: "≥ ", KpiDirection.AT_MOST: "≤ ", KpiDirection.BETWEEN: ""}
_MARKS: Final = {KpiStanding.ABOVE: "▲", KpiStanding.ON: "●", KpiStanding.BELOW: "▼"}
_STANDING_WORDS: Final = {
    KpiStanding.ABOVE: "Beats target",
    KpiStanding.ON: "On target",
    KpiStanding.BELOW: "Short of target",
}
_SHORT_WORDS: Final = {1: "Short, improving", 0: "Short, no better", -1: "Short, getting worse"}


def value_words(value: Decimal | None, *, unit: str, decimals: int) -> str:
    """«92%», «19», «£1,200», «4.5 days»; a value that has more decimals than the KPI shows all of them."""
    if value is None:
        return ""
    shown = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    number = f"{shown:,}" if shown == value else f"{value.normalize():,f}"
    if unit == KpiUnit.POUNDS:
        return f"-£{number.lstrip('-')}" if value < 0 else f"£{number}"
    suffix = {KpiUnit.PERCENT: "%", KpiUnit.DAYS: " days", KpiUnit.WEEKS: " weeks"}.get(KpiUnit(unit), "")
    return f"{number}{suffix}"


def target_words(target: Target | None, *, direction: str, unit: str, decimals: int) -> str:
    """«≥ 95%», «≤ 10», «100%» where no more can be reached, «4 to 6 weeks»."""
    if target is None:
        return "No target"
    number = value_words(target.target, unit=unit, decimals=decimals)
    if direction == KpiDirection.BETWEEN:
        upper = target.target if target.upper is None else target.upper
        low = value_words(target.target, unit=KpiUnit.NUMBER, decimals=decimals)
        first = number if unit == KpiUnit.POUNDS else low
        return f"{first} to {value_words(upper, unit=unit, decimals=decimals)}"
    if direction == KpiDirection.AT_LEAST and unit == KpiUnit.PERCENT and target.target == PERCENT:
        return number
    return f"{_SIGNS[KpiDirection(direction)]}{number}"


def standing_words(standing: str, trend: int | None = None) -> str:
    """«▲ Beats target», «▼ Short, improving»; the mark and the word say the same."""
    standing = KpiStanding(standing)
    words = _STANDING_WORDS[standing]
    if standing == KpiStanding.BELOW and trend is not None:
        words = _SHORT_WORDS[trend]
    return f"{_MARKS[standing]} {words}"
