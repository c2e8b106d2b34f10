"""The private «contract performance notice» to a provider: issued, met about, closed.

Under general condition 9 of the NHS Standard Contract. The public notice of the same name is a duty in law and has
nothing to do with these.
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.holidays import england_bank_holidays
from commissioning.rules import long_date
from commissioning.services.conflict import locked_at
from contracts.choices import NoticeOutcome
from contracts.models import Contract, PerformanceNotice
from contracts.queries.standing_in import acting_for
from contracts.rules.improvement import before_start_fault, meeting_by


@dataclass(frozen=True)
class NoticeDetails:
    concern: str
    words: str
    issued_on: datetime.date
    meeting_by: datetime.date | None = None
    """None for what general condition 9 proposes."""


def issue_notice(*, contract: Contract, details: NoticeDetails, by: User) -> PerformanceNotice:
    """Record a letter that has gone out. Raises ValidationError beside the field."""
    with act("Private performance notice issued", by=by, on_behalf_of=acting_for(contract, by)):
        notice = PerformanceNotice(contract=contract, issued_by=by)
        _write(notice, details)
    return notice


def change_notice(*, notice: PerformanceNotice, details: NoticeDetails, version: int, by: User) -> PerformanceNotice:
    """Correct what was recorded; raises ValidationError, or Conflict with the newer notice."""
    with act("Private performance notice changed", by=by, on_behalf_of=acting_for(notice.contract, by)):
        stored = _locked(notice, version)
        if stored.met_on and stored.met_on < details.issued_on:
            raise ValidationError(
                {"issued_on": f"The meeting about it was on {long_date(stored.met_on)}; it cannot be issued later."}
            )
        stored.version += 1
        _write(stored, details)
    return stored


def _write(notice: PerformanceNotice, details: NoticeDetails) -> None:
    due = details.meeting_by or meeting_by(details.issued_on, holidays=england_bank_holidays())
    _refuse_faults(_issue_faults(notice.contract, details, due))
    notice.concern, notice.words = details.concern, details.words.strip()
    notice.issued_on, notice.meeting_by = details.issued_on, due
    notice.full_clean(exclude={"issued_by"})
    notice.save()


def _issue_faults(contract: Contract, details: NoticeDetails, due: datetime.date) -> dict[str, str]:
    faults = {}
    if not details.words.strip():
        faults["words"] = "Say what has failed."
    if details.issued_on > clock.today():
        faults["issued_on"] = "A notice is recorded once it has been issued; this day lies ahead."
    elif too_early := before_start_fault(details.issued_on, start=contract.start, today=clock.today()):
        faults["issued_on"] = too_early
    if due < details.issued_on:
        faults["meeting_by"] = f"The notice is of {long_date(details.issued_on)}; the meeting cannot be due before."
    return faults


def record_meeting(
    *, notice: PerformanceNotice, met_on: datetime.date | None, outcome: str, version: int, by: User
) -> PerformanceNotice:
    """What the parties agreed when they met. A notice may be withdrawn without a meeting; nothing else may."""
    with act("Meeting about a private performance notice", by=by, on_behalf_of=acting_for(notice.contract, by)):
        stored = _locked(notice, version)
        _refuse_faults(_meeting_faults(stored, met_on, outcome))
        stored.met_on, stored.outcome = met_on, outcome
        stored.version += 1
        stored.full_clean(exclude={"issued_by"})
        stored.save()
    return stored


def _meeting_faults(notice: PerformanceNotice, met_on: datetime.date | None, outcome: str) -> dict[str, str]:
    if outcome not in NoticeOutcome.values:
        return {"outcome": "Choose what came of the meeting."}
    if met_on is None:
        withdrawn = outcome == NoticeOutcome.WITHDRAWN
        return {} if withdrawn else {"met_on": "Give the day of the meeting; only a notice withdrawn needs none."}
    if met_on > clock.today():
        return {"met_on": "A meeting is recorded once it was held; this day lies ahead."}
    if met_on < notice.issued_on:
        return {"met_on": f"The notice was issued on {long_date(notice.issued_on)}; the meeting cannot be before."}
    return {}


def close_notice(
    *, notice: PerformanceNotice, on: datetime.date, words: str, version: int, by: User
) -> PerformanceNotice:
    """Say what came of it. A notice without an outcome is not closed: it is met about or withdrawn first."""
    with act("Private performance notice closed", by=by, on_behalf_of=acting_for(notice.contract, by)):
        stored = _locked(notice, version)
        _refuse_faults(_closing_faults(stored, on, words))
        stored.closed_on, stored.closed_by, stored.closing_words = on, by, words.strip()
        stored.version += 1
        stored.full_clean(exclude={"issued_by"})
        stored.save()
    return stored


def _closing_faults(notice: PerformanceNotice, on: datetime.date, words: str) -> dict[str, str]:
    faults = {}
    earliest = max(filter(None, [notice.issued_on, notice.met_on]))
    if not words.strip():
        faults["closing_words"] = "Say what came of the notice."
    elif not notice.outcome:
        faults["closing_words"] = "Record the meeting, or that the notice is withdrawn, before it is closed."
    if on > clock.today():
        faults["closed_on"] = "A notice is closed on a day that has come; this day lies ahead."
    elif on < earliest:
        faults["closed_on"] = f"Give {long_date(earliest)} or a later day: the notice was still open then."
    return faults


def _locked(notice: PerformanceNotice, version: int) -> PerformanceNotice:
    stored = locked_at(notice, version, "contract")
    if stored.closed_on is not None:
        raise ValidationError(f"This notice was closed on {long_date(stored.closed_on)}: it is not changed any more.")
    return stored


def _refuse_faults(faults: dict[str, str]) -> None:
    if faults:
        raise ValidationError(faults)
