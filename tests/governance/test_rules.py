"""What may be recorded of boards and meetings, and from which day to which."""

from datetime import date

import pytest

from governance.rules import before_board_fault, done_fault, due_fault, held_fault, sat_on

MET = date(2014, 10, 9)
TODAY = date(2014, 11, 4)


@pytest.mark.parametrize(
    ("day", "until", "sat"),
    [
        (date(2014, 4, 30), None, False),
        (date(2014, 5, 1), None, True),
        (date(2020, 1, 1), None, True),
        (MET, MET, True),
        (date(2014, 10, 10), MET, False),
    ],
)
def test_both_ends_of_a_seat_are_days_of_it(day, until, sat):
    assert sat_on(day, since=date(2014, 5, 1), until=until) is sat


def test_a_meeting_ahead_was_not_held():
    assert held_fault(TODAY, today=TODAY) is None
    assert held_fault(date(2014, 11, 5), today=TODAY) == (
        "5 November 2014 lies ahead: a meeting is recorded once it was held."
    )


def test_an_action_is_due_on_the_day_of_its_meeting_at_the_earliest():
    assert due_fault(MET, met_on=MET) is None
    assert due_fault(date(2014, 10, 8), met_on=MET) == (
        "An action cannot be due before the meeting that agreed it, on 9 October 2014."
    )


def test_an_action_is_done_between_its_meeting_and_today():
    assert done_fault(MET, met_on=MET, today=TODAY) is None
    assert done_fault(date(2014, 11, 5), met_on=MET, today=TODAY).startswith("Give the day on which it was done")
    assert done_fault(date(2014, 10, 8), met_on=MET, today=TODAY) == (
        "It was agreed on 9 October 2014, so it was not done before."
    )


def test_nothing_of_a_board_is_before_it_opened():
    assert before_board_fault(MET, opened_on=MET) is None
    assert before_board_fault(date(2014, 10, 8), opened_on=MET) == (
        "The board opened on 9 October 2014: give that day or a later one."
    )
