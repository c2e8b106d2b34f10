"""Monthly returns: months, due dates, what must be explained, whose view counts, what moved.

Source of the duty: «all staff responsible for contract management are required to inform Children's Commissioning of
the overall risk rating and contract performance for that contract on a monthly basis» (Lincolnshire County Council,
Children and Young People Scrutiny Committee, 12 September 2014). The days and runs below are the unit's practice.

A month is its first day. Working days leave out Saturdays, Sundays and the holidays handed in.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from commissioning.rules import MONTH_NAMES

from ..choices import Risk
from .jet import Jet, NotAssessed

DAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SATURDAY: Final = 5

MONTHS_UNEXPLAINED: Final = 2
"""So many months may pass with the same risk and JET; the next one needs a sentence."""

SEVERITY: Final = {Risk.GREEN: 0, Risk.AMBER: 1, Risk.RED: 2}


class View(NamedTuple):
    """What one return says: two axes that are never merged."""

    risk: Risk
    jet: Jet


# Months


def month_start(day: date) -> date:
    return day.replace(day=1)


def months_back(month: date, count: int) -> date:
    """The month so many months earlier; a negative count goes forward."""
    year, month_index = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(year, month_index + 1, 1)


def previous_month(month: date) -> date:
    return months_back(month, 1)


def next_month(month: date) -> date:
    return months_back(month, -1)


def month_end(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def month_to_return(today: date) -> date:
    """The month being returned: the one before today's."""
    return previous_month(month_start(today))


def months_ending(month: date, count: int) -> tuple[date, ...]:
    """So many months up to and including this one, oldest first."""
    return tuple(months_back(month, back) for back in range(count - 1, -1, -1))


# Working days and the due date


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def due_date(month: date, *, working_day: int, holidays: Collection[date]) -> date:
    """The nth working day of the following month. In a month without so many it runs on into the next.

    Raises ValueError for a working day before the first.
    """
    if working_day < 1:
        raise ValueError("Returns are due on the 1st working day of the following month or later.")
    day = next_month(month) - timedelta(days=1)
    for _ in range(working_day):
        day = _next_working_day(day, holidays)
    return day


def _next_working_day(day: date, holidays: Collection[date]) -> date:
    day += timedelta(days=1)
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def working_days_between(day: date, due: date, holidays: Collection[date]) -> int:
    """Working days after the one day up to and including the other; less than nothing when the due date has passed."""
    if day > due:
        return -working_days_between(due, day, holidays)
    later_days = (day + timedelta(days=number) for number in range(1, (due - day).days + 1))
    return sum(is_working_day(later, holidays) for later in later_days)


def time_left(day: date, due: date, holidays: Collection[date]) -> str:
    """«3 working days left», «due today», «4 working days late»; «late» before a working day is lost."""
    if day == due:
        return "due today"
    count = working_days_between(day, due, holidays)
    if day < due:
        return f"{_working_days(count)} left"
    return f"{_working_days(-count)} late" if count else "late"


def _working_days(count: int) -> str:
    return f"{count} working day" if count == 1 else f"{count} working days"


def return_deadline(day: date, due: date, holidays: Collection[date]) -> str:
    """«Due by Friday 7 November, 3 working days left»; the year is said when it is not the year of the day."""
    year = "" if due.year == day.year else f" {due.year}"
    verb = "Due by" if day <= due else "Was due by"
    weekday, month = DAY_NAMES[due.weekday()], MONTH_NAMES[due.month - 1]
    return f"{verb} {weekday} {due.day} {month}{year}, {time_left(day, due, holidays)}"


# Which returns are expected, and whose view counts


def expects_return(month: date, *, start: date | None, effective_end: date | None, returns_from: date | None) -> bool:
    """Whether a contract owes a return for a month: it ran on at least one of its days, in or after the unit's first.

    A start not known expects none. An end not known has not come. A unit without a first month asks from the beginning.
    """
    if start is None or start > month_end(month):
        return False
    if effective_end is not None and effective_end < month:
        return False
    return returns_from is None or month >= month_start(returns_from)


def not_expected_words(month: date) -> str:
    return f"No return is expected of this contract for {month:%B %Y}."


def asked_from(*firsts: date | None) -> date | None:
    """The first month asked for: the latest of those known, such as the unit's first and the contract's own."""
    return max((first for first in firsts if first is not None), default=None)


def view_months(month: date, today: date, due: date, *, is_closed: bool = False) -> tuple[date, ...]:
    """The months whose return may stand as the view of a chosen month, best first.

    Until the chosen month's return is due, last month's still holds; from the day after, or once the unit has closed
    the month, only its own will do.
    """
    return (month, previous_month(month)) if today <= due and not is_closed else (month,)


def view_is_current(
    month: date, *, returned: Collection[date], today: date, due: date, is_closed: bool = False
) -> date | None:
    """The month whose return counts as the contract's view of a chosen month; None is «no current view»."""
    candidates = view_months(month, today, due, is_closed=is_closed)
    return next((candidate for candidate in candidates if candidate in returned), None)


# What needs a sentence


def _jet_words(jet: Jet) -> str:
    if jet is None:
        return "no grade"
    return "not assessed" if isinstance(jet, NotAssessed) else str(jet)


def _changes(risk: Risk, jet: Jet, last: tuple[Risk, Jet]) -> list[str]:
    last_risk, last_jet = last
    reasons = []
    if risk != last_risk:
        reasons.append(f"Risk has changed from {last_risk} to {risk}.")
    if jet != last_jet:
        reasons.append(f"JET has changed from {_jet_words(last_jet)} to {_jet_words(jet)}.")
    return reasons


def narrative_reasons(risk: Risk | str, jet: Jet, previous: Sequence[tuple[Risk | str, Jet] | None]) -> list[str]:
    """Why a return needs a narrative, as plain sentences; none when it needs none.

    `previous` holds the months before, newest first, None for a month not returned. Only the last two matter. With
    nothing returned last month there is nothing to have changed from: then the colour alone decides.
    """
    risk = Risk(risk)
    recent = [view and (Risk(view[0]), view[1]) for view in previous[:MONTHS_UNEXPLAINED]]
    reasons = [f"Risk is {risk}."] if risk in (Risk.AMBER, Risk.RED) else []
    if recent and recent[0]:
        reasons += _changes(risk, jet, recent[0])
    if len(recent) == MONTHS_UNEXPLAINED and all(view == (risk, jet) for view in recent):
        reasons.append("It is at least the third month in a row with the same risk and JET.")
    return reasons


def unchanged_refusal(previous: Sequence[tuple[Risk | str, Jet] | None], *, figures_due: int = 0) -> str | None:
    """Why this month may not be returned as unchanged with one tick, as a sentence; None when it may.

    `figures_due` is the number of monthly KPI values still to be typed.
    """
    last = previous[0] if previous else None
    if last is None:
        return "Nothing was returned last month."
    reasons = narrative_reasons(last[0], last[1], previous)
    if reasons:
        return reasons[0]
    if figures_due:
        return f"{figures_due} KPI {'value is' if figures_due == 1 else 'values are'} due."
    return None


# What moved


GETTING_WORSE: Final = "Getting worse"
IMPROVING: Final = "Improving"


def movement(now: View, before: View) -> str:
    """A fall on either axis is worse, whatever the other does: nothing bad hides behind something good."""
    risk_change = SEVERITY[Risk(before.risk)] - SEVERITY[Risk(now.risk)]
    both_graded = isinstance(now.jet, int) and isinstance(before.jet, int)
    jet_change = now.jet - before.jet if both_graded else 0  # type: ignore[operator]
    if risk_change < 0 or jet_change < 0:
        return GETTING_WORSE
    return IMPROVING if risk_change > 0 or jet_change > 0 else "No change"
