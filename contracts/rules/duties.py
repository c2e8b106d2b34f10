"""When a duty arises from an event in the life of a contract, and by which day it is done.

What the law asks for is data (``contracts.rules.change_law`` is only how it begins); here is the arithmetic. Days are
calendar days, or working days as regulation 3 of the Provider Selection Regime (SI 2023/1348) counts them: not a
Saturday, a Sunday or a bank holiday. A figure that is not known rules nothing out: the duty is listed, and a person
says why it is not needed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from .terms import add_months

SATURDAY = 5


class Rule(Protocol):
    """What of a rule decides whether and when; a stored rule has it, and a row of the table too."""

    days: int | None
    is_working_days: bool
    value_change_from: Decimal | None
    percent_change_above: Decimal | None
    contract_value_above: Decimal | None
    only_grounds: str
    only_with_kpis: bool
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Change:
    """An event as the law measures it. ``percent`` is of the value, or of the longest term; pounds are of the whole
    life. None is not known.
    """

    on: date
    takes_effect_on: date
    ground: str = ""
    value_change: Decimal | None = None
    percent: Decimal | None = None
    contract_value: Decimal | None = None
    publishes_kpis: bool = False


def applies(rule: Rule, change: Change) -> bool:
    return (
        _is_law_on(rule, change.on)
        and (not rule.only_with_kpis or change.publishes_kpis)
        and (not rule.only_grounds or change.ground in rule.only_grounds.split())
        and not _falls_short(change.value_change, rule.value_change_from)
        and not _stays_within(change.percent, rule.percent_change_above)
        and not _stays_within(change.contract_value, rule.contract_value_above)
    )


def _is_law_on(rule: Rule, day: date) -> bool:
    return (rule.valid_from is None or rule.valid_from <= day) and (rule.valid_to is None or day <= rule.valid_to)


def _falls_short(figure: Decimal | None, least: Decimal | None) -> bool:
    return least is not None and figure is not None and figure < least


def _stays_within(figure: Decimal | None, most: Decimal | None) -> bool:
    return most is not None and figure is not None and figure <= most


def due_on(rule: Rule, change: Change, *, holidays: Collection[date]) -> date | None:
    """The last day: counted back from the day the event takes effect, or on from the day of the event.

    None where the law names no day.
    """
    if rule.days is None:
        return None
    start = change.takes_effect_on if rule.days < 0 else change.on
    if rule.is_working_days:
        return working_days_from(start, rule.days, holidays=holidays)
    return start + timedelta(days=rule.days)


def working_days_from(day: date, days: int, *, holidays: Collection[date]) -> date:
    """So many working days after the day, or before it; the day itself does not count."""
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left:
        day += step
        if day.weekday() < SATURDAY and day not in holidays:
            left -= 1
    return day


def percent_of(change: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """The share that changed, up or down; None where a figure is missing or the whole is nothing."""
    if change is None or not whole:
        return None
    return 100 * abs(Decimal(change)) / Decimal(whole)


def percent_of_term(
    *, start: date | None, longest: date | None, before: date | None, after: date | None
) -> Decimal | None:
    """By how much of the longest term the end moved, in days."""
    if start is None or longest is None or before is None or after is None:
        return None
    return percent_of((after - before).days, (longest - start).days + 1)


def value_of_months(annual_value: Decimal | None, months: int) -> Decimal | None:
    """What so many more months cost at the annual value, in pounds and pence."""
    return None if annual_value is None else (annual_value * months / 12).quantize(Decimal("0.01"))


def next_year_end(start: date, *, after: date) -> date:
    """The last day of the twelve months, counted from the start of the contract, that run on a day."""
    years = max(after.year - start.year, 1)
    end = add_months(start, 12 * years) - timedelta(days=1)
    return end if end >= after else add_months(start, 12 * (years + 1)) - timedelta(days=1)
