"""How a step stands, a plan in one line, and the day by which a private notice is met about."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.holidays import england_bank_holidays
from contracts.choices import StepState
from contracts.rules.improvement import (
    OPERATIONAL_DAYS_TO_MEET,
    StepStanding,
    due_words,
    is_overdue,
    is_untouched,
    meeting_by,
    overdue_words,
    plan_summary,
    step_standing,
)
from contracts.rules.returns import is_working_day

DAY = datetime.date(2014, 11, 4)


def after(days: int) -> datetime.date:
    return DAY + datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("state", "days", "words", "tag"),
    [
        (StepState.DONE, -40, "Done", ""),
        (StepState.ON_COURSE, -4, "4 days late", "ink"),
        (StepState.NOT_STARTED, -1, "1 day late", "ink"),
        (StepState.LATE, -2, "2 days late", "ink"),
        (StepState.LATE, 9, "Late", "ink"),
        (StepState.ON_COURSE, 0, "On course", "grey"),
        (StepState.NOT_STARTED, 88, "Not started", "grey"),
    ],
)
def test_how_a_step_stands(state, days, words, tag):
    standing = step_standing(state, after(days), day=DAY)
    assert (standing.words, standing.tag) == (words, tag)


@pytest.mark.parametrize(
    ("days", "words"),
    [(3, "due in 3 days"), (1, "due in 1 day"), (0, "due today"), (-1, "1 day late"), (-4, "4 days late")],
)
def test_when_it_is_due(days, words):
    assert due_words(after(days), day=DAY) == words


@given(st.sampled_from(StepState.values), st.integers(-400, 400))
def test_overdue_follows_from_the_date_alone(state, days):
    assert is_overdue(state, after(days), day=DAY) == (state != StepState.DONE and days < 0)


def test_a_plan_in_one_line():
    standings = [
        step_standing(state, after(days), day=DAY)
        for state, days in [
            (StepState.DONE, -35),
            (StepState.ON_COURSE, -4),
            (StepState.ON_COURSE, 26),
            (StepState.ON_COURSE, 57),
            (StepState.NOT_STARTED, 88),
        ]
    ]
    assert plan_summary(standings) == "1 of 5 done, 1 late"
    assert plan_summary(standings[:1]) == "1 of 1 done"
    assert plan_summary([]) == "No step yet"
    assert plan_summary([StepStanding("Late", is_late=True)] * 2) == "0 of 2 done, 2 late"


def test_a_step_is_taken_out_only_while_nothing_has_happened():
    assert is_untouched(StepState.NOT_STARTED, "")
    assert not is_untouched(StepState.ON_COURSE, "")
    assert not is_untouched(StepState.NOT_STARTED, "Advertised.")


def test_steps_overdue_in_words():
    assert [overdue_words(count) for count in (0, 1, 2)] == ["", "1 step overdue", "2 steps overdue"]


@pytest.mark.parametrize(
    ("issued", "by"),
    [
        (datetime.date(2014, 10, 20), datetime.date(2014, 11, 3)),  # a Monday
        (datetime.date(2014, 4, 11), datetime.date(2014, 4, 29)),  # Good Friday and Easter Monday between
        (datetime.date(2014, 12, 19), datetime.date(2015, 1, 7)),  # Christmas, Boxing Day, New Year's Day
        (datetime.date(2014, 11, 1), datetime.date(2014, 11, 14)),  # a Saturday
    ],
)
def test_ten_operational_days_after_a_notice(issued, by):
    assert meeting_by(issued, holidays=england_bank_holidays()) == by


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1)), st.integers(1, 30))
def test_a_meeting_is_due_on_an_operational_day_with_so_many_to_it(issued, days):
    holidays = england_bank_holidays()
    due = meeting_by(issued, holidays=holidays, days=days)
    between = [issued + datetime.timedelta(days=number) for number in range(1, (due - issued).days + 1)]
    assert is_working_day(due, holidays)
    assert sum(is_working_day(day, holidays) for day in between) == days


def test_ten_is_what_a_notice_proposes():
    assert OPERATIONAL_DAYS_TO_MEET == 10
