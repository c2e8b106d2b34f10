"""The days of the demonstration."""

from datetime import date, timedelta
from typing import Final

from contracts.rules.returns import months_ending

TODAY: Final = date(2014, 11, 4)
OCTOBER: Final = date(2014, 10, 1)
SEPTEMBER: Final = date(2014, 9, 1)
MONTHS: Final = months_ending(OCTOBER, 24)
"""November 2012 to October 2014: the months of returns, oldest first."""

TUESDAY: Final = 1


def tuesday_before(day: date) -> date:
    """Committees decide on Tuesdays."""
    return day - timedelta(days=(day.weekday() - TUESDAY) % 7)
