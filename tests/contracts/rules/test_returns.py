from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.holidays import england_bank_holidays
from contracts.choices import Risk
from contracts.rules.jet import NOT_ASSESSED
from contracts.rules.returns import (
    View,
    due_date,
    expects_return,
    is_working_day,
    month_end,
    month_start,
    months_back,
    months_ending,
    narrative_reasons,
    next_month,
    previous_month,
    return_deadline,
    time_left,
    unchanged_refusal,
    view_is_current,
    view_months,
    working_days_between,
)

HOLIDAYS = england_bank_holidays()
DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2060, 12, 31))
MONTHS = DAYS.map(month_start)

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2014, number, 1) for number in (8, 9, 10, 11))
DUE = date(2014, 11, 7)


def test_months():
    assert month_start(date(2014, 10, 31)) == OCTOBER
    assert previous_month(date(2014, 1, 1)) == date(2013, 12, 1)
    assert next_month(date(2013, 12, 1)) == date(2014, 1, 1)
    assert months_back(OCTOBER, 11) == date(2013, 11, 1)
    assert month_end(date(2016, 2, 1)) == date(2016, 2, 29)
    assert months_ending(OCTOBER, 3) == (AUGUST, SEPTEMBER, OCTOBER)
    assert months_ending(OCTOBER, 0) == ()


@given(month=MONTHS, count=st.integers(-60, 60))
def test_going_back_and_forth_is_the_same_month(month, count):
    assert months_back(months_back(month, count), -count) == month
    assert previous_month(next_month(month)) == month


@pytest.mark.parametrize(
    ("month", "working_day", "due"),
    [
        (OCTOBER, 5, DUE),
        (SEPTEMBER, 5, date(2014, 10, 7)),
        (OCTOBER, 1, date(2014, 11, 3)),
        (date(2014, 12, 1), 5, date(2015, 1, 8)),  # New Year's Day
        (date(2014, 4, 1), 5, date(2014, 5, 8)),  # early May
        (date(2015, 3, 1), 5, date(2015, 4, 9)),  # Good Friday and Easter Monday
        (date(2022, 5, 1), 5, date(2022, 6, 9)),  # two days of the Platinum Jubilee
        (date(2014, 1, 1), 21, date(2014, 3, 3)),  # February 2014 has 20 working days
    ],
)
def test_due_date(month, working_day, due):
    assert due_date(month, working_day=working_day, holidays=HOLIDAYS) == due


@pytest.mark.parametrize("working_day", [0, -1])
def test_no_due_date_before_the_first_working_day(working_day):
    with pytest.raises(ValueError, match="1st working day"):
        due_date(OCTOBER, working_day=working_day, holidays=HOLIDAYS)


@given(month=MONTHS, working_day=st.integers(1, 15))
def test_the_due_date_is_the_nth_working_day_after_the_month(month, working_day):
    due = due_date(month, working_day=working_day, holidays=HOLIDAYS)
    assert is_working_day(due, HOLIDAYS)
    assert month_start(due) == next_month(month)
    assert working_days_between(month_end(month), due, HOLIDAYS) == working_day


@pytest.mark.parametrize(
    ("day", "count", "words"),
    [
        (date(2014, 11, 4), 3, "3 working days left"),
        (date(2014, 11, 6), 1, "1 working day left"),
        (date(2014, 11, 1), 5, "5 working days left"),
        (DUE, 0, "due today"),
        (date(2014, 11, 8), 0, "late"),
        (date(2014, 11, 9), 0, "late"),
        (date(2014, 11, 10), -1, "1 working day late"),
        (date(2014, 11, 13), -4, "4 working days late"),
    ],
)
def test_working_days_to_the_due_date(day, count, words):
    assert working_days_between(day, DUE, HOLIDAYS) == count
    assert time_left(day, DUE, HOLIDAYS) == words


def test_working_days_pass_over_easter():
    assert working_days_between(date(2015, 4, 2), date(2015, 4, 7), HOLIDAYS) == 1
    assert working_days_between(date(2015, 4, 2), date(2015, 4, 7), frozenset()) == 3


@given(day=DAYS, one=st.integers(0, 60), two=st.integers(0, 60))
def test_working_days_add_up(day, one, two):
    middle, end = day + timedelta(days=one), day + timedelta(days=one + two)
    parts = working_days_between(day, middle, HOLIDAYS) + working_days_between(middle, end, HOLIDAYS)
    assert parts == working_days_between(day, end, HOLIDAYS) == -working_days_between(end, day, HOLIDAYS)


@pytest.mark.parametrize(
    ("day", "due", "sentence"),
    [
        (date(2014, 11, 4), DUE, "Due by Friday 7 November, 3 working days left"),
        (DUE, DUE, "Due by Friday 7 November, due today"),
        (date(2014, 11, 13), DUE, "Was due by Friday 7 November, 4 working days late"),
        (date(2014, 12, 31), date(2015, 1, 8), "Due by Thursday 8 January 2015, 5 working days left"),
    ],
)
def test_return_deadline(day, due, sentence):
    assert return_deadline(day, due, HOLIDAYS) == sentence


@pytest.mark.parametrize(
    ("start", "end", "returns_from", "expected"),
    [
        (date(2012, 4, 1), date(2015, 3, 31), None, True),
        (date(2014, 10, 31), None, None, True),
        (date(2014, 11, 1), None, None, False),
        (date(2012, 4, 1), date(2014, 10, 1), None, True),
        (date(2012, 4, 1), date(2014, 9, 30), None, False),
        (date(2012, 4, 1), None, None, True),
        (None, date(2015, 3, 31), None, False),
        (None, None, None, False),
        (date(2012, 4, 1), None, OCTOBER, True),
        (date(2012, 4, 1), None, date(2014, 10, 15), True),
        (date(2012, 4, 1), None, NOVEMBER, False),
        (date(2012, 4, 1), None, SEPTEMBER, True),
    ],
)
def test_expects_return_for_october(start, end, returns_from, expected):
    assert expects_return(OCTOBER, start=start, effective_end=end, returns_from=returns_from) is expected


@given(month=MONTHS, start=DAYS, length=st.integers(0, 2000))
def test_a_return_is_expected_exactly_for_months_with_a_day_of_the_contract(month, start, length):
    end = start + timedelta(days=length)
    days = (month + timedelta(days=number) for number in range((month_end(month) - month).days + 1))
    ran = any(start <= day <= end for day in days)
    assert expects_return(month, start=start, effective_end=end, returns_from=None) is ran


GREEN_6, AMBER_5, RED_3 = View(Risk.GREEN, 6), View(Risk.AMBER, 5), View(Risk.RED, 3)
THIRD = "It is at least the third month in a row with the same risk and JET."


@pytest.mark.parametrize(
    ("now", "previous", "reasons"),
    [
        (GREEN_6, [], []),
        (GREEN_6, [GREEN_6], []),
        (GREEN_6, [GREEN_6, GREEN_6], [THIRD]),
        (GREEN_6, [GREEN_6, View(Risk.GREEN, 7)], []),
        (GREEN_6, [GREEN_6, None], []),
        (GREEN_6, [None, GREEN_6], []),
        (GREEN_6, [None, AMBER_5], []),
        (AMBER_5, [], ["Risk is amber."]),
        (RED_3, [], ["Risk is red."]),
        (RED_3, [RED_3], ["Risk is red."]),
        (RED_3, [RED_3, RED_3], ["Risk is red.", THIRD]),
        (GREEN_6, [AMBER_5], ["Risk has changed from amber to green.", "JET has changed from 5 to 6."]),
        (View(Risk.GREEN, 7), [GREEN_6, GREEN_6], ["JET has changed from 6 to 7."]),
        (
            View(Risk.GREEN, NOT_ASSESSED),
            [GREEN_6],
            ["JET has changed from 6 to not assessed."],
        ),
        (View(Risk.GREEN, NOT_ASSESSED), [View(Risk.GREEN, NOT_ASSESSED)] * 2, [THIRD]),
        (View(Risk.GREEN, 6), [View(Risk.GREEN, None)], ["JET has changed from no grade to 6."]),
        (("green", 6), [("amber", 6)], ["Risk has changed from amber to green."]),
        (GREEN_6, [GREEN_6, GREEN_6, AMBER_5], [THIRD]),
    ],
)
def test_narrative_reasons(now, previous, reasons):
    assert narrative_reasons(now[0], now[1], previous) == reasons


@pytest.mark.parametrize(
    ("previous", "figures_due", "refusal"),
    [
        ([GREEN_6], 0, None),
        ([GREEN_6, AMBER_5], 0, None),
        ([GREEN_6, None], 0, None),
        ([GREEN_6, GREEN_6], 0, THIRD),
        ([AMBER_5], 0, "Risk is amber."),
        ([RED_3, GREEN_6], 0, "Risk is red."),
        ([], 0, "Nothing was returned last month."),
        ([None, GREEN_6], 0, "Nothing was returned last month."),
        ([GREEN_6], 1, "1 KPI value is due."),
        ([GREEN_6], 5, "5 KPI values are due."),
    ],
)
def test_unchanged(previous, figures_due, refusal):
    assert unchanged_refusal(previous, figures_due=figures_due) == refusal


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2014, 11, 4), (OCTOBER, SEPTEMBER)),
        (DUE, (OCTOBER, SEPTEMBER)),
        (DUE + timedelta(days=1), (OCTOBER,)),
    ],
)
def test_view_months(today, months):
    assert view_months(OCTOBER, today, DUE) == months
    assert view_months(OCTOBER, today, DUE, is_closed=True) == (OCTOBER,)


@pytest.mark.parametrize(
    ("returned", "today", "expected"),
    [
        ({OCTOBER, SEPTEMBER}, DUE, OCTOBER),
        ({SEPTEMBER}, DUE, SEPTEMBER),
        ({AUGUST}, DUE, None),
        (set(), DUE, None),
        ({OCTOBER}, date(2015, 3, 1), OCTOBER),
        ({SEPTEMBER, AUGUST}, DUE + timedelta(days=1), None),
        ({NOVEMBER}, DUE, None),
    ],
)
def test_view_is_current(returned, today, expected):
    assert view_is_current(OCTOBER, returned=returned, today=today, due=DUE) == expected
    closed = view_is_current(OCTOBER, returned=returned, today=today, due=DUE, is_closed=True)
    assert closed == (OCTOBER if OCTOBER in returned else None)
