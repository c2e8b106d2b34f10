"""Notice given by either side and withdrawn, and an end before its day."""

import datetime

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from contracts.choices import DutyCause, LifeEventKind, NoticeGivenBy, NoticeKind
from contracts.models import Contract
from contracts.rules import terms
from contracts.services.life.days import not_after_the_end, not_ahead, not_before_the_start
from contracts.services.life.events import (
    Recorded,
    figures_of,
    locked,
    record,
    with_a_reason,
)


def give_notice(
    *,
    contract: Contract,
    given_on: datetime.date,
    given_by: str,
    ends_on: datetime.date,
    by: User,
    notice_kind: str = NoticeKind.CONTRACTUAL,
    reason: str = "",
) -> Recorded:
    """Record that notice was given, by whom, of what kind, and the last day under it."""
    with act("Notice recorded", by=by, reason=reason):
        stored = locked(contract)
        if fault := _notice_fault(stored, given_on=given_on, ends_on=ends_on):
            raise ValidationError(fault)
        not_before_the_start(stored, given_on, name="given_on")
        before = figures_of(stored)
        _stand(stored, given_on=given_on, given_by=given_by, kind=notice_kind, ends_on=ends_on)
        return record(
            stored,
            before,
            kind=LifeEventKind.NOTICE_GIVEN,
            on=given_on,
            by=by,
            cause=DutyCause.ENDED,
            takes_effect_on=ends_on,
            words=reason.strip(),
            given_by=given_by,
            notice_kind=notice_kind,
        )


def _stand(contract: Contract, *, given_on: datetime.date, given_by: str, kind: str, ends_on: datetime.date) -> None:
    contract.notice_given_on = given_on
    contract.notice_given_by = given_by
    contract.notice_kind = kind
    contract.notice_ends_on = ends_on
    contract.full_clean(exclude=["slug"])
    contract.save()


def _notice_fault(contract: Contract, *, given_on: datetime.date, ends_on: datetime.date) -> dict[str, str]:
    if contract.notice_given_on is not None:
        day = terms.long_date(contract.notice_given_on)
        return {"given_on": f"Notice was given already, on {day}. Withdraw it before recording another."}
    if given_on > clock.today():
        return {"given_on": "A notice is recorded once it has been given; this day lies ahead."}
    if contract.effective_end is not None and given_on > contract.effective_end:
        end = terms.long_date(contract.effective_end)
        return {"given_on": f"The contract ended on {end}: no notice can be given after it."}
    if ends_on < given_on:
        return {"ends_on": "The last day cannot be before the notice was given."}
    if contract.effective_end is not None and ends_on > contract.effective_end:
        end = terms.long_date(contract.effective_end)
        return {"ends_on": f"The contract ends on {end} anyway; notice can only end it sooner."}
    return {}


def withdraw_notice(*, contract: Contract, by: User, reason: str) -> Recorded:
    """Take a notice back: the contract runs on to the end it had."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why the notice is withdrawn."})
    with act("Notice withdrawn", by=by, reason=reason):
        stored = locked(contract)
        if stored.notice_given_on is None:
            raise ValidationError("No notice stands on this contract.")
        before = figures_of(stored)
        given_by, kind = stored.notice_given_by, stored.notice_kind
        stored.notice_given_on = stored.notice_ends_on = None
        stored.notice_given_by = stored.notice_kind = ""
        stored.save()
        return record(
            stored,
            before,
            kind=LifeEventKind.NOTICE_WITHDRAWN,
            on=clock.today(),
            by=by,
            words=reason.strip(),
            given_by=given_by,
            notice_kind=kind,
        )


def end_early(
    *,
    contract: Contract,
    on: datetime.date,
    last_day: datetime.date,
    given_by: str,
    notice_kind: str,
    reason: str,
    by: User,
) -> Recorded:
    """End the contract before its day, by agreement or by termination; a notice that stands is overtaken."""
    with act("Contract ended early", by=by, reason=reason):
        stored = locked(contract)
        not_ahead(on)
        not_before_the_start(stored, on)
        not_after_the_end(stored, on)
        why = with_a_reason(reason)
        if fault := _end_fault(stored, on=on, last_day=last_day, given_by=given_by, kind=notice_kind):
            raise ValidationError(fault)
        before = figures_of(stored)
        _stand(stored, given_on=on, given_by=given_by, kind=notice_kind, ends_on=last_day)
        return record(
            stored,
            before,
            kind=LifeEventKind.ENDED,
            on=on,
            by=by,
            cause=DutyCause.ENDED,
            takes_effect_on=last_day,
            words=why,
            given_by=given_by,
            notice_kind=notice_kind,
        )


def _end_fault(
    contract: Contract, *, on: datetime.date, last_day: datetime.date, given_by: str, kind: str
) -> dict[str, str]:
    if last_day < on:
        return {"last_day": "The last day cannot be before the decision."}
    if contract.effective_end is not None and last_day >= contract.effective_end:
        end = terms.long_date(contract.effective_end)
        return {"last_day": f"The contract ends on {end} anyway; give an earlier day."}
    if (kind == NoticeKind.AGREEMENT) != (given_by == NoticeGivenBy.MUTUAL):
        return {"given_by": "An end by agreement is of both sides; any other is of one side."}
    return {}
