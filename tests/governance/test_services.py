"""Boards, members, meetings and actions: what is written, what is refused beside which field, and two at once."""

import datetime
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from commissioning.services.conflict import Conflict
from contracts.services.contract_board import open_contract_board
from governance.choices import MeetingState, SeatFor
from governance.models import Attendance, Board, MeetingAction, Seat
from governance.services.actions import NewAction, agree_action, finish_action
from governance.services.boards import NewMember, end_seat, seat_member
from governance.services.meetings import (
    Came,
    MeetingDetails,
    Minutes,
    cancel_meeting,
    change_meeting,
    plan_meeting,
    record_meeting,
)
from tests.at_once import at_once
from tests.boards import HELD, OPENED, all_there, hold_meeting, hold_meetings, open_board_of
from tests.world import TODAY

NOVEMBER = datetime.date(2014, 11, 3)
LATER = datetime.date(2014, 12, 1)


@pytest.fixture
def board(world):
    return open_board_of(world, world.contract(title="CAMHS"))


@pytest.fixture
def boss(world):
    return world.people["commissioner"]


def refused(call, **arguments):
    with pytest.raises(ValidationError) as refusal:
        call(**arguments)
    error = refusal.value
    return error.message_dict if hasattr(error, "error_dict") else error.messages


def planned(board, boss, on=HELD, **details):
    return plan_meeting(board=board, details=MeetingDetails(on=on, **details), by=boss)


# Boards and members


def test_a_contract_opens_its_board_once_with_the_members_named(world, boss):
    contract = world.contract(title="CAMHS")
    board = open_board_of(world, contract, name="CAMHS Contract Management Board")
    assert contract.board == board
    assert [(seat.name, seat.sits_for, seat.is_chair, seat.since) for seat in board.seats.all()] == [
        ("Council Commissioner", "commissioning", True, OPENED),
        ("Council Service manager", "service", False, OPENED),
        ("Lee Ford", "supplier", False, OPENED),
    ]
    again = {"contract": contract, "name": "Another", "opened_on": OPENED, "members": [], "by": boss}
    assert refused(open_contract_board, **again) == ["Somebody has opened the board of this contract already."]
    assert Board.objects.count() == 1


def test_a_board_has_a_name_and_one_chair(world, boss):
    contract = world.contract()
    chairs = [NewMember(SeatFor.SERVICE, name=name, is_chair=True) for name in ("Ann", "Bea")]
    new = {"contract": contract, "opened_on": OPENED, "by": boss}
    assert refused(open_contract_board, name=" ", members=[], **new) == {"name": ["Give the board’s name."]}
    assert refused(open_contract_board, name="Board", members=chairs, **new) == {
        "is_chair": ["Ann chairs this board. A board has one chair at a time."]
    }
    contract.refresh_from_db()
    assert (contract.board, Board.objects.count(), Seat.objects.count()) == (None, 0, 0)


@pytest.mark.parametrize(
    ("member", "since", "faults"),
    [
        (NewMember("supplier", name=" "), NOVEMBER, {"name": ["Give the member’s name, or choose a person."]}),
        (
            NewMember("supplier", name="Kim"),
            datetime.date(2014, 4, 30),
            {"since": ["The board opened on 1 May 2014: give that day or a later one."]},
        ),
        (
            NewMember("service", name="Kim", is_chair=True),
            NOVEMBER,
            {"is_chair": ["Council Commissioner chairs this board. A board has one chair at a time."]},
        ),
    ],
)
def test_a_member_needs_a_name_a_day_and_no_second_chair(board, boss, member, since, faults):
    assert refused(seat_member, board=board, member=member, since=since, by=boss) == faults


def test_nobody_sits_twice_at_a_time_but_may_come_back(world, board, boss):
    lee = NewMember("supplier", name="lee ford", organisation=world.provider)
    assert refused(seat_member, board=board, member=lee, since=NOVEMBER, by=boss) == {
        "name": ["Lee Ford sits on this board since 1 May 2014."]
    }
    person = NewMember("commissioning", person=boss, organisation=world.council)
    assert "name" in refused(seat_member, board=board, member=person, since=NOVEMBER, by=boss)
    end_seat(seat=board.seats.get(name="Lee Ford"), until=HELD, by=boss)
    seat_member(board=board, member=lee, since=NOVEMBER, by=boss)
    assert board.seats.filter(name__iexact="lee ford").count() == 2


def test_a_seat_ends_once_and_not_before_it_began(board, boss):
    seat = board.seats.get(name="Lee Ford")
    assert refused(end_seat, seat=seat, until=datetime.date(2014, 4, 30), by=boss) == {
        "until": ["Lee Ford joined on 1 May 2014: give a later day."]
    }
    end_seat(seat=seat, until=HELD, by=boss)
    assert refused(end_seat, seat=seat, until=NOVEMBER, by=boss) == {
        "until": ["Lee Ford left already, on 9 October 2014."]
    }


# Meetings


def test_a_meeting_is_planned_moved_and_cancelled_with_a_reason(board, boss):
    meeting = planned(board, boss, LATER, place="Lincoln", starts_at=datetime.time(10))
    details = MeetingDetails(on=datetime.date(2014, 12, 8), purpose=" Winter ")
    moved = change_meeting(meeting=meeting, details=details, version=1, by=boss)
    assert (moved.on, moved.purpose, moved.place, moved.version) == (datetime.date(2014, 12, 8), "Winter", "", 2)
    assert refused(cancel_meeting, meeting=moved, why=" ", version=2, by=boss) == {
        "why_cancelled": ["Say why the meeting is cancelled."]
    }
    gone = cancel_meeting(meeting=moved, why="Snow", version=2, by=boss)
    assert (gone.state, gone.why_cancelled) == (MeetingState.CANCELLED, "Snow")
    for call in (change_meeting, cancel_meeting):
        more = {"details": details} if call is change_meeting else {"why": "Again"}
        assert refused(call, meeting=gone, version=3, by=boss, **more) == [
            "This meeting was cancelled. Plan another one."
        ]
    minutes = Minutes(on=HELD, members=all_there(board))
    assert refused(record_meeting, meeting=gone, minutes=minutes, version=3, by=boss) == [
        "This meeting was cancelled. Plan another one."
    ]


def test_a_board_does_not_meet_before_it_opened_but_people_may_face_to_face(board, boss):
    april = MeetingDetails(on=datetime.date(2014, 4, 3))
    assert refused(plan_meeting, board=board, details=april, by=boss) == {
        "on": ["The board opened on 1 May 2014: give that day or a later one."]
    }
    assert plan_meeting(board=board, details=replace(april, kind="face_to_face"), by=boss).pk


def test_a_record_says_of_each_member_whether_they_came(world, board, boss):
    meeting = planned(board, boss)
    chair, manager, lee = board.seats.all()
    members = {chair.pk: Came("present"), manager.pk: Came("apologies"), lee.pk: Came("substitute", "Kim Hale")}
    minutes = Minutes(
        on=HELD,
        members=members,
        others=["Ria, participation lead"],
        notes="Waits.",
        actions={2: NewAction("Report weekly", "Lee Ford", LATER)},
    )
    held = record_meeting(meeting=meeting, minutes=minutes, version=1, by=boss)
    assert (held.state, held.notes, held.version, held.recorded_by) == ("held", "Waits.", 2, boss)
    assert [(row.name, row.sits_for, row.presence, row.substitute) for row in held.attendances.all()] == [
        ("Council Commissioner", "commissioning", "present", ""),
        ("Council Service manager", "service", "apologies", ""),
        ("Lee Ford", "supplier", "substitute", "Kim Hale"),
        ("Ria, participation lead", "", "present", ""),
    ]
    assert [(row.text, row.owner, row.due_on, row.board) for row in held.actions.all()] == [
        ("Report weekly", "Lee Ford", LATER, board)
    ]


def test_a_record_is_refused_beside_what_is_wrong(board, boss):
    meeting = planned(board, boss)
    chair, manager, lee = board.seats.all()
    there = all_there(board)

    def faults(on=HELD, members=there, **parts):
        minutes = Minutes(on=on, members=members, **parts)
        return refused(record_meeting, meeting=meeting, minutes=minutes, version=1, by=boss)

    assert faults(on=datetime.date(2014, 11, 5)) == {
        "on": ["5 November 2014 lies ahead: a meeting is recorded once it was held."]
    }
    assert faults(members=there | {lee.pk: Came("")}) == {f"presence_{lee.pk}": ["Say whether Lee Ford was there."]}
    assert faults(members={chair.pk: Came("present")}) == {
        f"presence_{manager.pk}": ["Say whether Council Service manager was there."],
        f"presence_{lee.pk}": ["Say whether Lee Ford was there."],
    }
    assert faults(members=there | {lee.pk: Came("substitute", " ")}) == {
        f"substitute_{lee.pk}": ["Say who came instead of Lee Ford."]
    }
    nobody = dict.fromkeys(there, Came("absent"))
    assert faults(members=nobody) == {
        "members": ["Nobody was there by this record. A meeting that was not held is cancelled instead."]
    }
    action = NewAction("Report", " ", datetime.date(2014, 10, 8))
    assert faults(actions={4: action}) == {
        "owner_4": ["Say who sees to it."],
        "due_on_4": ["An action cannot be due before the meeting that agreed it, on 9 October 2014."],
    }
    assert faults(actions={1: NewAction("", "Lee", None)}) == {
        "text_1": ["Say what will be done."],
        "due_on_1": ["Give the day by which it is due."],
    }
    meeting.refresh_from_db()
    assert (meeting.state, meeting.version, Attendance.objects.count(), MeetingAction.objects.count()) == (
        "planned", 1, 0, 0,
    )  # fmt: skip


def test_who_is_no_member_that_day_attends_only_as_somebody_else_there(world, board, boss):
    meeting = planned(board, boss)
    other = open_board_of(world, world.contract())
    stranger = other.seats.get(name="Lee Ford")
    late = seat_member(board=board, member=NewMember("supplier", name="Ola Newcome"), since=NOVEMBER, by=boss)
    for seat, name in ((stranger, "Lee Ford"), (late, "Ola Newcome")):
        members = all_there(board) | {seat.pk: Came("present")}
        members = {pk: came for pk, came in members.items() if pk != late.pk or seat == late}
        found = refused(record_meeting, meeting=meeting, minutes=Minutes(on=HELD, members=members), version=1, by=boss)
        assert found == {"members": [f"{name} did not sit on this board on 9 October 2014."]}


def test_a_member_who_left_stays_in_the_attendance_and_is_asked_of_no_more(world, board, boss):
    held = hold_meeting(world, board)
    lee = board.seats.get(name="Lee Ford")
    end_seat(seat=lee, until=datetime.date(2014, 10, 20), by=boss)
    Seat.objects.filter(pk=lee.pk).update(name="Lee Ford-Smith")
    assert "Lee Ford" in held.attendances.values_list("name", flat=True)
    others = {pk: came for pk, came in all_there(board).items() if pk != lee.pk}
    next_one = record_meeting(
        meeting=planned(board, boss, NOVEMBER), minutes=Minutes(on=NOVEMBER, members=others), version=1, by=boss
    )
    assert next_one.attendances.count() == 2
    corrected = record_meeting(
        meeting=held, minutes=Minutes(on=HELD, members=all_there(board)), version=held.version, by=boss
    )
    assert [row.name for row in corrected.attendances.all()].count("Lee Ford") == 1


def test_a_record_is_corrected_row_by_row_and_keeps_its_actions(world, board, boss):
    held = hold_meeting(world, board, actions=(NewAction("Report", "Lee Ford", LATER),))
    lee = board.seats.get(name="Lee Ford")
    rows = {row.seat_id: row.pk for row in held.attendances.all()}
    minutes = Minutes(on=HELD, members=all_there(board) | {lee.pk: Came("absent")}, others=["Ria"], notes="Other.")
    again = record_meeting(meeting=held, minutes=minutes, version=held.version, by=boss)
    assert {row.seat_id: row.pk for row in again.attendances.exclude(seat=None)} == rows
    assert again.attendances.get(seat=lee).presence == "absent"
    assert again.actions.count() == 1
    without = replace(minutes, others=[])
    record_meeting(meeting=again, minutes=without, version=again.version, by=boss)
    assert not again.attendances.filter(seat=None).exists()


def test_the_second_to_save_a_meeting_is_told(world, board, boss):
    meeting = planned(board, boss)
    change_meeting(meeting=meeting, details=MeetingDetails(on=HELD, place="Boston"), version=1, by=boss)
    with pytest.raises(Conflict) as conflict:
        record_meeting(meeting=meeting, minutes=Minutes(on=HELD, members=all_there(board)), version=1, by=boss)
    assert conflict.value.current.place == "Boston"
    for call, more in ((change_meeting, {"details": MeetingDetails(on=HELD)}), (cancel_meeting, {"why": "Snow"})):
        with pytest.raises(Conflict):
            call(meeting=meeting, version=1, by=boss, **more)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_record_at_once_one_wins(world):
    board = open_board_of(world, world.contract())
    boss = world.people["commissioner"]
    meeting = planned(board, boss)

    def record(notes):
        minutes = Minutes(on=HELD, members=all_there(board), notes=notes)
        return record_meeting(meeting=meeting, minutes=minutes, version=1, by=boss)

    outcomes = at_once(lambda: record("One"), lambda: record("Two"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Meeting"]
    assert Attendance.objects.count() == 3


# Actions


def test_an_action_is_agreed_at_a_meeting_that_was_held(world, board, boss):
    action = NewAction("Report", "Lee Ford", LATER)
    assert refused(agree_action, meeting=planned(board, boss, LATER), action=action, by=boss) == [
        "Record the meeting first: an action is agreed at a meeting that was held."
    ]
    held = hold_meeting(world, board)
    assert refused(agree_action, meeting=held, action=NewAction("", "", None), by=boss) == {
        "text": ["Say what will be done."],
        "owner": ["Say who sees to it."],
        "due_on": ["Give the day by which it is due."],
    }
    assert agree_action(meeting=held, action=action, by=boss).board == board


def test_an_action_is_ticked_with_what_came_of_it_by_whoever_saw_it_open(world, boss):
    action = hold_meetings(world, world.contract()).action
    done = {"action": action, "by": boss, "version": 1}
    assert refused(finish_action, done_on=TODAY, outcome=" ", **done) == {"outcome": ["Say what came of it."]}
    assert "done_on" in refused(finish_action, done_on=LATER, outcome="Weekly since.", **done)
    assert "done_on" in refused(finish_action, done_on=OPENED, outcome="Weekly since.", **done)
    ticked = finish_action(done_on=TODAY, outcome="Weekly since.", **done)
    assert (ticked.done_on, ticked.done_by, ticked.outcome) == (TODAY, boss, "Weekly since.")
    with pytest.raises(Conflict):
        finish_action(done_on=TODAY, outcome="Otherwise.", **done)
