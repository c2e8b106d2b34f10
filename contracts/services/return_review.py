"""The review of a return: accepted, or sent back with a note; neither once its month is closed."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.services.conflict import Conflict
from contracts.choices import ReturnState
from contracts.models import MonthlyReturn
from contracts.queries.closing import closed_review, closed_words
from contracts.services.returns import stored_return

#: What a reviewer may do with a return in which state: what was accepted can still be sent back.
REVIEWABLE: dict[str, Sequence[str]] = {
    ReturnState.ACCEPTED: (ReturnState.SUBMITTED,),
    ReturnState.SENT_BACK: (ReturnState.SUBMITTED, ReturnState.ACCEPTED),
}


def accept_return(*, row: MonthlyReturn, version: int, by: User) -> MonthlyReturn:
    """The commissioner takes the return as stated; raises ValidationError, or Conflict with the newer return."""
    return _review(row=row, version=version, state=ReturnState.ACCEPTED, note="", what="Return accepted", by=by)


def send_back_return(*, row: MonthlyReturn, version: int, note: str, by: User) -> MonthlyReturn:
    """Ask the officer to look again; the note says at what. Until then the month has no return that counts."""
    if not note.strip():
        raise ValidationError({"note": "Say what the officer should look at again."})
    return _review(
        row=row, version=version, state=ReturnState.SENT_BACK, note=note.strip(), what="Return sent back", by=by
    )


def _review(*, row: MonthlyReturn, version: int, state: ReturnState, note: str, what: str, by: User) -> MonthlyReturn:
    with act(what, by=by, reason=note):
        stored = stored_return(contract=row.contract, month=row.month)
        if stored is None or stored.version != version:
            raise Conflict(stored)
        if stored.state not in REVIEWABLE[state]:
            raise ValidationError("Only a submitted return can be reviewed.")
        refuse_a_review_once_closed(row.contract.unit_id, row.month)
        stored.state, stored.review_note = state, note
        stored.reviewed_at, stored.reviewed_by = clock.now(), by
        stored.version += 1
        stored.save()
    return stored


def refuse_a_review_once_closed(unit_id: int, month: datetime.date) -> None:
    """Nothing is accepted or sent back of a closed month."""
    closed = closed_review(unit_id, month)
    if closed:
        raise ValidationError(f"{closed_words(closed)} What it says now stands; it can be amended with a reason.")
