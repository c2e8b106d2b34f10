"""England's bank holidays, from the published list where there is one and from the law for the other years.

Sources: GOV.UK bank holidays (England and Wales), as packaged by govuk-bank-holidays; Banking and Financial Dealings
Act 1971, section 1 and Schedule 1; New Year's Day (since 1974) and the early May holiday (since 1978) by royal
proclamation under that Act; Good Friday and Christmas Day at common law.
"""

from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from typing import Final

from govuk_bank_holidays.bank_holidays import BankHolidays

FIRST_YEAR: Final = 1978
LAST_YEAR: Final = 2199
"""1978 is the first year with today's eight holidays; 2199 is beyond any contract or lease a unit will enter."""

MONDAY: Final = 0
FRIDAY: Final = 4

# Holidays appointed for one year, in years that the published list does not reach: (taken away, added).
_PROCLAIMED: Final[dict[int, tuple[frozenset[date], frozenset[date]]]] = {
    1981: (frozenset(), frozenset({date(1981, 7, 29)})),  # royal wedding
    1995: (frozenset({date(1995, 5, 1)}), frozenset({date(1995, 5, 8)})),  # fifty years of VE Day
    1999: (frozenset(), frozenset({date(1999, 12, 31)})),  # millennium
    2002: (frozenset({date(2002, 5, 27)}), frozenset({date(2002, 6, 3), date(2002, 6, 4)})),  # Golden Jubilee
    2011: (frozenset(), frozenset({date(2011, 4, 29)})),  # royal wedding
}


def easter_sunday(year: int) -> date:
    """The Gregorian computus (Meeus, Jones and Butcher; first printed in Nature, 20 April 1876)."""
    golden = year % 19
    century, year_of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leap_years, year_rest = divmod(year_of_century, 4)
    weekday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(MONDAY - first.weekday()) % 7)


def _last_monday(year: int, month: int) -> date:
    """Of May or August, the only months asked for; both have 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=last.weekday())


def _next_free_weekday(day: date, taken: set[date]) -> date:
    while day.weekday() > FRIDAY or day in taken:
        day += timedelta(days=1)
    return day


def statutory_bank_holidays(year: int) -> frozenset[date]:
    """The eight holidays of a year by rule; one that falls on a weekend moves to the next free weekday.

    Holidays appointed or moved for a single year are not in it.
    """
    easter = easter_sunday(year)
    days = {
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _first_monday(year, 5),
        _last_monday(year, 5),
        _last_monday(year, 8),
    }
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        days.add(_next_free_weekday(fixed, days))
    return frozenset(days)


@cache
def published_bank_holidays() -> dict[int, frozenset[date]]:
    """The published days by year. The packaged list is read, never the network; the locale is fixed."""
    years: defaultdict[int, set[date]] = defaultdict(set)
    listed = BankHolidays(locale=None, use_cached_holidays=True)
    for holiday in listed.get_holidays(division=BankHolidays.ENGLAND_AND_WALES):
        years[holiday["date"].year].add(holiday["date"])
    return {year: frozenset(days) for year, days in years.items()}


def bank_holidays_of(year: int) -> frozenset[date]:
    """A year's holidays: the published ones, else those of the law with the days appointed for that year."""
    published = published_bank_holidays().get(year)
    if published:
        return published
    removed, added = _PROCLAIMED.get(year, (frozenset(), frozenset()))
    return (statutory_bank_holidays(year) - removed) | added


@cache
def england_bank_holidays() -> frozenset[date]:
    """Every bank holiday in England from 1978 to 2199."""
    return frozenset().union(*(bank_holidays_of(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)))
