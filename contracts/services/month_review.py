"""The monthly review: returns accepted or sent back many at once, the meeting recorded, the month closed."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db.models import F

from accounts import clock
from accounts.acts import act
from accounts.models import User
from accounts.permissions import Permission
from commissioning.models import CommissioningUnit
from commissioning.services.conflict import Conflict
from contracts.choices import ReturnState
from contracts.models import Contract, MonthlyReturn, MonthReview
from contracts.queries.closing import closed_words
from contracts.queries.concern_rules import concern_rules
from contracts.queries.month_review import UnitMonth, review_of, what_stands
from contracts.rules.returns import month_start, next_month
from contracts.services.month_lock import hold_closed, hold_open
from contracts.services.return_review import REVIEWABLE, refuse_a_review_once_closed

NOTE_LENGTH = 600


@dataclass(frozen=True)
class Reviewed:
    """What was reviewed, and what had changed since the page was opened and was left as it is; by title."""

    done: list[MonthlyReturn]
    changed: list[MonthlyReturn]


def accept_returns(*, unit: CommissioningUnit, month: datetime.date, seen: Mapping[int, int], by: User) -> Reviewed:
    """Take these returns as stated. ``seen`` is the version that the page showed of each, by the return's number.

    One that is no longer at that version is left alone and named; so nothing is accepted that nobody has read.
    """
    return _review_many(
        unit=unit, month=month, seen=seen, state=ReturnState.ACCEPTED, note="", what="Return accepted", by=by
    )


def send_back_returns(
    *, unit: CommissioningUnit, month: datetime.date, seen: Mapping[int, int], note: str, by: User
) -> Reviewed:
    """Ask the officers to look again, all with the same note; as ``accept_returns``."""
    why = note.strip()
    if not why:
        raise ValidationError({"note": "Say what the officers should look at again."})
    if len(why) > NOTE_LENGTH:
        raise ValidationError({"note": f"Use {NOTE_LENGTH} characters or fewer."})
    return _review_many(
        unit=unit, month=month, seen=seen, state=ReturnState.SENT_BACK, note=why, what="Return sent back", by=by
    )


def _review_many(
    *,
    unit: CommissioningUnit,
    month: datetime.date,
    seen: Mapping[int, int],
    state: ReturnState,
    note: str,
    what: str,
    by: User,
) -> Reviewed:
    with act(what, by=by, reason=note):
        hold_open([unit.pk], month)
        refuse_a_review_once_closed(unit.pk, month)
        rows = _locked_returns(unit=unit, month=month, numbers=seen, by=by)
        done = [row for row in rows if row.version == seen[row.pk] and row.state in REVIEWABLE[state]]
        again = [row for row in rows if _is_done_already(row, state, note, by)]
        MonthlyReturn.objects.filter(pk__in=[row.pk for row in done]).update(
            state=state,
            review_note=note,
            reviewed_at=clock.now(),
            reviewed_by=by,
            version=F("version") + 1,
        )
    return Reviewed(done=done + again, changed=[row for row in rows if row not in done and row not in again])


def _locked_returns(
    *, unit: CommissioningUnit, month: datetime.date, numbers: Mapping[int, int], by: User
) -> list[MonthlyReturn]:
    """Of those the person may review, held until the transaction ends; the contracts first, as every writer does."""
    wanted = MonthlyReturn.objects.filter(pk__in=numbers, month=month).values("contract_id")
    contracts = Contract.objects.visible_to(by, Permission.REVIEW_RETURNS).filter(unit=unit, pk__in=wanted)
    held = contracts.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
    rows = MonthlyReturn.objects.filter(pk__in=numbers, month=month, contract_id__in=list(held))
    return list(rows.select_related("contract").select_for_update(of=("self",)).order_by("contract__title", "pk"))


def _is_done_already(row: MonthlyReturn, state: ReturnState, note: str, by: User) -> bool:
    """A button pressed twice is no change by somebody else."""
    return row.state == state and row.reviewed_by_id == by.pk and row.review_note == note


# The meeting


def record_meeting(
    *,
    unit: CommissioningUnit,
    month: datetime.date,
    version: int,
    held_on: datetime.date | None,
    present: str,
    notes: str,
    by: User,
) -> MonthReview:
    """Who met when, and what they noted; ``version`` 0 says that nothing was recorded when the page was opened.

    A closed month's meeting can still be written up. Raises ValidationError, or Conflict with the newer record.
    """
    if held_on is not None and held_on < month:
        raise ValidationError({"held_on": f"A review of {month:%B %Y} is held after that month has begun."})
    if held_on is not None and held_on > clock.today():
        raise ValidationError({"held_on": "That day is still to come. Record the meeting once it has been held."})
    with act("Review meeting recorded", by=by):
        review = _held_review(unit=unit, month=month)
        if review.version != version:
            if (review.held_on, review.present, review.notes) == (held_on, present.strip(), notes.strip()):
                return review
            raise Conflict(review)
        review.held_on, review.present, review.notes = held_on, present.strip(), notes.strip()
        review.version += 1
        review.full_clean()
        review.save()
    return review


def _held_review(*, unit: CommissioningUnit, month: datetime.date) -> MonthReview:
    """The review as it stands, and nobody else writes into the month until the transaction ends."""
    hold_closed(unit.pk, month)
    return review_of(UnitMonth(unit, month)) or MonthReview(unit=unit, month=month, version=0)


# Closing


def closing_fault(*, month: datetime.date, review: MonthReview | None) -> str:
    """Why the month cannot be closed; empty where it can."""
    if month >= month_start(clock.today()):
        return f"{month:%B %Y} is not over: it can be closed from 1 {next_month(month):%B %Y}."
    if review is not None and review.is_closed:
        return closed_words(review)
    return ""


def close_month(
    *, unit: CommissioningUnit, month: datetime.date, stands: str, is_confirmed: bool, note: str, by: User
) -> MonthReview:
    """Say that the month is done: from now on its returns are only amended, with a reason. It is not opened again.

    ``stands`` is what_stands when the page was opened; where returns were saved or reviewed since, it is refused, so
    that nobody closes a month they have not seen.
    """
    if not is_confirmed:
        raise ValidationError({"is_confirmed": "Tick to say that the month is to be closed."})
    with act("Month closed", by=by, reason=note.strip()):
        review = _held_review(unit=unit, month=month)
        fault = closing_fault(month=month, review=review)
        if fault:
            raise ValidationError(fault)
        if what_stands(by, UnitMonth(unit, month)) != stands:
            raise ValidationError(
                "Returns were saved or reviewed since you opened this page. Look at what stands now, then close."
            )
        review.closed_at, review.closed_by, review.closing_note = clock.now(), by, note.strip()
        review.rules_then = asdict(concern_rules(unit))
        review.version += 1
        review.full_clean()
        review.save()
    return review
