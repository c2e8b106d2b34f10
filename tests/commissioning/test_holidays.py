from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    bank_holidays_of,
    easter_sunday,
    england_bank_holidays,
    published_bank_holidays,
    statutory_bank_holidays,
)

# Days moved or appointed for one year: those of the law that fell away, and those that came.
SPECIAL = {
    2020: ({date(2020, 5, 4)}, {date(2020, 5, 8)}),  # seventy-five years of VE Day
    2022: (
        {date(2022, 5, 30)},
        {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)},  # Platinum Jubilee, State Funeral
    ),
    2023: (set(), {date(2023, 5, 8)}),  # Coronation
}


@pytest.mark.parametrize("year", range(2013, 2028))
def test_the_law_gives_the_published_list_but_for_special_days(year):
    removed, added = SPECIAL.get(year, (set(), set()))
    assert (statutory_bank_holidays(year) - removed) | added == published_bank_holidays()[year]


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1978, date(1978, 3, 26)),
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2011, date(2011, 4, 24)),
        (2014, date(2014, 4, 20)),
        (2038, date(2038, 4, 25)),
        (2049, date(2049, 4, 18)),
    ],
)
def test_easter(year, sunday):
    assert easter_sunday(year) == sunday


def test_substitutes_when_christmas_is_a_saturday_and_when_it_is_a_sunday():
    assert {date(2010, 12, 27), date(2010, 12, 28)} == {d for d in statutory_bank_holidays(2010) if d.month == 12}
    assert {date(2033, 12, 26), date(2033, 12, 27)} == {d for d in statutory_bank_holidays(2033) if d.month == 12}
    assert {date(2009, 12, 25), date(2009, 12, 28)} == {d for d in statutory_bank_holidays(2009) if d.month == 12}


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        (date(2011, 4, 29), True),  # royal wedding
        (date(2002, 6, 3), True),  # Golden Jubilee
        (date(2002, 6, 4), True),
        (date(2002, 5, 27), False),
        (date(1995, 5, 1), False),
        (date(1995, 5, 8), True),
        (date(1999, 12, 31), True),
        (date(2012, 6, 5), True),  # Diamond Jubilee, from the published list
        (date(2022, 9, 19), True),
        (date(2033, 4, 18), True),  # Easter Monday
        (date(2014, 8, 4), False),  # Scotland's summer holiday
        (date(2014, 11, 7), False),
    ],
)
def test_england_bank_holidays(day, is_holiday):
    assert (day in england_bank_holidays()) is is_holiday


@given(year=st.integers(FIRST_YEAR, LAST_YEAR))
def test_every_year_has_its_holidays_on_weekdays(year):
    days = bank_holidays_of(year)
    assert len(days) >= 8
    assert all(day.year == year and day.weekday() < 5 for day in days)
    assert days <= england_bank_holidays()


@given(year=st.integers(FIRST_YEAR, LAST_YEAR))
def test_the_law_gives_eight_holidays(year):
    assert len(statutory_bank_holidays(year)) == 8


def test_the_set_is_made_once():
    assert england_bank_holidays() is england_bank_holidays()
