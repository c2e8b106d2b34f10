"""What a meeting agrees that somebody will do, and what came of it."""

import datetime
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.services.conflict import Conflict
from governance.choices import MeetingState
from governance.models import Meeting, MeetingAction
from governance.rules import done_fault, due_fault


@dataclass(frozen=True)
class NewAction:
    text: str
    owner: str
    due_on: datetime.date | None


def agree_action(*, meeting: Meeting, action: NewAction, by: User, on_behalf_of: User | None = None) -> MeetingAction:
    """Added to a meeting that was held. Raises ValidationError beside the field."""
    with act("Action agreed", by=by, on_behalf_of=on_behalf_of):
        stored = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
        if stored.state != MeetingState.HELD:
            raise ValidationError("Record the meeting first: an action is agreed at a meeting that was held.")
        return add_action(stored, action)


def add_action(meeting: Meeting, action: NewAction, *, number: int | None = None) -> MeetingAction:
    """Within the act of the caller. With a number, faults are told as of «text_2»."""
    faults = _faults(meeting, action)
    if faults:
        raise ValidationError({f"{name}_{number}" if number else name: fault for name, fault in faults.items()})
    row = MeetingAction(
        board_id=meeting.board_id,
        meeting=meeting,
        text=action.text.strip(),
        owner=action.owner.strip(),
        due_on=cast(datetime.date, action.due_on),
    )
    row.full_clean()
    row.save()
    return row


def _faults(meeting: Meeting, action: NewAction) -> dict[str, str]:
    faults = {}
    if not action.text.strip():
        faults["text"] = "Say what will be done."
    if not action.owner.strip():
        faults["owner"] = "Say who sees to it."
    if action.due_on is None:
        faults["due_on"] = "Give the day by which it is due."
    elif fault := due_fault(action.due_on, met_on=meeting.on):
        faults["due_on"] = fault
    return faults


def finish_action(
    *,
    action: MeetingAction,
    done_on: datetime.date,
    outcome: str,
    version: int,
    by: User,
    on_behalf_of: User | None = None,
) -> MeetingAction:
    """Ticked with what came of it. Raises ValidationError beside the field, or Conflict."""
    with act("Action done", by=by, on_behalf_of=on_behalf_of):
        stored = MeetingAction.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=action.pk)
        if stored.version != version:
            raise Conflict(stored)
        if fault := done_fault(done_on, met_on=stored.meeting.on, today=clock.today()):
            raise ValidationError({"done_on": fault})
        if not outcome.strip():
            raise ValidationError({"outcome": "Say what came of it."})
        stored.done_on, stored.done_by, stored.outcome = done_on, by, outcome.strip()
        stored.version += 1
        stored.full_clean()
        stored.save()
    return stored
