"""Meetings planned, moved, cancelled, and recorded once they were held."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.rules import long_date
from commissioning.services.conflict import locked_at
from governance.choices import MeetingKind, MeetingState, Presence
from governance.models import Attendance, Board, Meeting, Seat
from governance.rules import before_board_fault, held_fault, sat_on
from governance.services.actions import NewAction, add_action

GONE: Final = {
    MeetingState.HELD: "This meeting was held and recorded: change its record instead.",
    MeetingState.CANCELLED: "This meeting was cancelled. Plan another one.",
}


@dataclass(frozen=True)
class MeetingDetails:
    """What is known of a meeting before it is held."""

    on: datetime.date
    kind: MeetingKind | str = MeetingKind.ORDINARY
    starts_at: datetime.time | None = None
    place: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class Came:
    """What is recorded of one member."""

    presence: Presence | str
    substitute: str = ""


@dataclass(frozen=True)
class Minutes:
    """What is recorded of a meeting once it was held: members by the id of their seat, others by name.

    Faults of a member are told as of «presence_12» or «substitute_12», the number being that of the seat; those of
    an action as of «owner_2», by the number it is given under.
    """

    on: datetime.date
    members: Mapping[int, Came]
    others: Sequence[str] = ()
    notes: str = ""
    actions: Mapping[int, NewAction] = field(default_factory=dict)


def plan_meeting(*, board: Board, details: MeetingDetails, by: User, on_behalf_of: User | None = None) -> Meeting:
    """A day that has passed may be given too: the meeting then waits for its record. Raises ValidationError."""
    with act("Meeting planned", by=by, on_behalf_of=on_behalf_of):
        stored = Board.objects.select_for_update(of=("self",), no_key=True).get(pk=board.pk)
        meeting = Meeting(board=stored, version=0)
        return _write_plan(meeting, details, by=by)


def change_meeting(
    *, meeting: Meeting, details: MeetingDetails, version: int, by: User, on_behalf_of: User | None = None
) -> Meeting:
    """Move it, or say otherwise what it is about. Raises ValidationError, or Conflict."""
    with act("Meeting changed", by=by, on_behalf_of=on_behalf_of):
        return _write_plan(_planned(meeting, version), details, by=by)


def _write_plan(meeting: Meeting, details: MeetingDetails, *, by: User) -> Meeting:
    _check_day(meeting.board, details.kind, details.on)
    meeting.on, meeting.kind, meeting.starts_at = details.on, details.kind, details.starts_at
    meeting.place, meeting.purpose = details.place.strip(), details.purpose.strip()
    return _save(meeting, by=by)


def _check_day(board: Board, kind: MeetingKind | str, on: datetime.date) -> None:
    """Commissioners may have met the provider face to face before there was a board."""
    if kind != MeetingKind.FACE_TO_FACE and (fault := before_board_fault(on, opened_on=board.opened_on)):
        raise ValidationError({"on": fault})


def cancel_meeting(*, meeting: Meeting, why: str, version: int, by: User, on_behalf_of: User | None = None) -> Meeting:
    """Raises ValidationError without a reason, or Conflict."""
    if not why.strip():
        raise ValidationError({"why_cancelled": "Say why the meeting is cancelled."})
    with act("Meeting cancelled", by=by, reason=why.strip(), on_behalf_of=on_behalf_of):
        stored = _planned(meeting, version)
        stored.state, stored.why_cancelled = MeetingState.CANCELLED, why.strip()
        return _save(stored, by=by)


def record_meeting(
    *, meeting: Meeting, minutes: Minutes, version: int, by: User, on_behalf_of: User | None = None
) -> Meeting:
    """Who was there, what was said, what was agreed; recorded again, the record is corrected and actions are added.

    Raises ValidationError beside the field: a day that lies ahead, somebody who was no member then, a member of whom
    nothing is said, an action due before the meeting. Raises Conflict.
    """
    with act("Meeting recorded", by=by, on_behalf_of=on_behalf_of):
        stored = locked_at(meeting, version, "board")
        if stored.state == MeetingState.CANCELLED:
            raise ValidationError(GONE[MeetingState.CANCELLED])
        if fault := held_fault(minutes.on, today=clock.today()):
            raise ValidationError({"on": fault})
        _check_day(stored.board, stored.kind, minutes.on)
        sitting = members_on(stored, minutes.on)
        if faults := _attendance_faults(minutes, sitting):
            raise ValidationError(faults)
        stored.on, stored.state, stored.notes = minutes.on, MeetingState.HELD, minutes.notes.strip()
        _save(stored, by=by)
        _write_attendance(stored, minutes, sitting)
        for number, action in minutes.actions.items():
            add_action(stored, action, number=number)
    return stored


def members_on(meeting: Meeting, day: datetime.date) -> list[Seat]:
    """Those who sat on the board on the day, and those recorded at this meeting already."""
    seats = meeting.board.seats.order_by("sits_for", "-is_chair", "name")
    recorded = set(meeting.attendances.values_list("seat_id", flat=True)) if meeting.pk else set()
    return [seat for seat in seats if sat_on(day, since=seat.since, until=seat.until) or seat.pk in recorded]


def _attendance_faults(minutes: Minutes, sitting: Collection[Seat]) -> dict[str, str]:
    faults: dict[str, str] = {}
    strangers = minutes.members.keys() - {seat.pk for seat in sitting}
    if strangers:
        names = Seat.objects.filter(pk__in=strangers).order_by("name").values_list("name", flat=True)
        who = ", ".join(names) or "Somebody"
        return {"members": f"{who} did not sit on this board on {long_date(minutes.on)}."}
    for seat in sitting:
        came = minutes.members.get(seat.pk)
        if came is None or not came.presence:
            faults[f"presence_{seat.pk}"] = f"Say whether {seat.name} was there."
        elif came.presence == Presence.SUBSTITUTE and not came.substitute.strip():
            faults[f"substitute_{seat.pk}"] = f"Say who came instead of {seat.name}."
    there = {Presence.PRESENT, Presence.SUBSTITUTE}
    if not faults and not minutes.others and not any(came.presence in there for came in minutes.members.values()):
        faults["members"] = "Nobody was there by this record. A meeting that was not held is cancelled instead."
    return faults


def _write_attendance(meeting: Meeting, minutes: Minutes, sitting: Collection[Seat]) -> None:
    """Rows of members are kept and changed, so that history shows what a correction changed."""
    kept = {row.seat_id: row for row in meeting.attendances.exclude(seat=None)}
    for seat in sitting:
        came = minutes.members[seat.pk]
        row = kept.get(seat.pk) or Attendance(meeting=meeting, seat=seat, name=seat.name, sits_for=seat.sits_for)
        row.presence = came.presence
        row.substitute = came.substitute.strip() if came.presence == Presence.SUBSTITUTE else ""
        row.full_clean()
        row.save()
    guests = list(meeting.attendances.filter(seat=None))
    wanted = [name.strip() for name in minutes.others if name.strip()]
    for guest in guests:
        if guest.name not in wanted:
            guest.delete()
    for name in wanted:
        if name not in {guest.name for guest in guests}:
            other = Attendance(meeting=meeting, name=name, presence=Presence.PRESENT)
            other.full_clean()
            other.save()


def _planned(meeting: Meeting, version: int) -> Meeting:
    stored = locked_at(meeting, version, "board")
    if stored.state != MeetingState.PLANNED:
        raise ValidationError(GONE[MeetingState(stored.state)])
    return stored


def _save(meeting: Meeting, *, by: User) -> Meeting:
    meeting.version += 1
    meeting.recorded_at, meeting.recorded_by = clock.now(), by
    meeting.full_clean()
    meeting.save()
    return meeting
