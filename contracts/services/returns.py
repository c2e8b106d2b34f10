"""Monthly returns: saved as a draft, submitted, accepted or sent back. Nothing is overwritten unseen."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from contracts.choices import ReturnState, Risk
from contracts.models import Contract, MonthlyReturn
from contracts.rules.jet import NOT_ASSESSED, Jet
from contracts.rules.returns import expects_return, month_start, months_back, narrative_reasons, next_month
from contracts.services.conflict import Conflict


@dataclass(frozen=True)
class Figures:
    """What the officer states: risk and JET are two axes; a JET not assessed has a reason instead of a score."""

    risk: str = ""
    jet_score: int | None = None
    not_assessed_reason: str = ""
    narrative: str = ""

    @property
    def jet(self) -> Jet:
        if self.jet_score is not None:
            return self.jet_score
        return NOT_ASSESSED if self.not_assessed_reason else None


def figures_of(row: MonthlyReturn) -> Figures:
    return Figures(
        risk=row.risk,
        jet_score=row.jet_score,
        not_assessed_reason=row.not_assessed_reason,
        narrative=row.narrative,
    )


def earlier_views(*, contract: Contract, month: datetime.date) -> list[tuple[str, Jet] | None]:
    """Risk and JET of the two months before, newest first; None for a month not returned."""
    months = [months_back(month, 1), months_back(month, 2)]
    rows = {row.month: row for row in contract.returns.that_count().filter(month__in=months)}
    return [(rows[m].risk, figures_of(rows[m]).jet) if m in rows else None for m in months]


def save_draft(*, contract: Contract, month: datetime.date, figures: Figures, version: int, by: User) -> MonthlyReturn:
    """Keep what was typed, whole or not; ``version`` 0 says that no return was there when the page was opened."""
    with act("Return saved as a draft", by=by):
        row = _locked(contract=contract, month=month, version=version)
        if row.pk and row.state not in (ReturnState.DRAFT, ReturnState.SENT_BACK):
            raise ValidationError("This return has been submitted; change it and submit it again.")
        _write(row, figures, by=by)
        row.save()
    return row


def submit_return(
    *, contract: Contract, month: datetime.date, figures: Figures, version: int, by: User
) -> MonthlyReturn:
    """State the month's risk and JET; raises ValidationError beside the field, or Conflict with the newer return."""
    faults = submission_faults(contract=contract, month=month, figures=figures)
    if faults:
        raise ValidationError(faults)
    with act("Return submitted", by=by):
        row = _locked(contract=contract, month=month, version=version)
        if row.state == ReturnState.ACCEPTED:
            raise ValidationError("This return has been accepted. Ask for it to be sent back to change it.")
        _write(row, figures, by=by)
        row.state = ReturnState.SUBMITTED
        row.submitted_at, row.submitted_by = row.saved_at, by
        row.reviewed_at = row.reviewed_by = None
        row.review_note = ""
        row.full_clean()
        row.save()
    return row


def submission_faults(*, contract: Contract, month: datetime.date, figures: Figures) -> dict[str, str]:
    """What a return still lacks, by field, in the officer's words."""
    faults: dict[str, str] = {}
    if month >= month_start(clock.today()):
        return {"month": f"{month:%B %Y} is not over: its return can be made from 1 {next_month(month):%B %Y}."}
    if not _is_expected(contract, month):
        return {"month": f"No return is expected of this contract for {month:%B %Y}."}
    if figures.risk not in Risk.values:
        faults["risk"] = "Choose red, amber or green."
    if figures.jet is None:
        faults["jet"] = "Choose a JET score from 1 to 9, or say that JET was not assessed and why."
    if not faults and not figures.narrative.strip():
        reasons = narrative_reasons(figures.risk, figures.jet, earlier_views(contract=contract, month=month))
        if reasons:
            faults["narrative"] = f"Say what changed, or why nothing did. {' '.join(reasons)}"
    return faults


def _is_expected(contract: Contract, month: datetime.date) -> bool:
    return expects_return(
        month,
        start=contract.start,
        effective_end=contract.effective_end,
        returns_from=contract.unit.first_return_month,
    )


def accept_return(*, row: MonthlyReturn, version: int, by: User) -> MonthlyReturn:
    """The commissioner takes the return as stated."""
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
        stored = MonthlyReturn.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if stored.version != version:
            raise Conflict(stored)
        allowed: Sequence[str] = (ReturnState.SUBMITTED, ReturnState.ACCEPTED)
        if stored.state not in allowed:
            raise ValidationError("Only a submitted return can be reviewed.")
        stored.state, stored.review_note = state, note
        stored.reviewed_at, stored.reviewed_by = clock.now(), by
        stored.version += 1
        stored.save()
    return stored


def _locked(*, contract: Contract, month: datetime.date, version: int) -> MonthlyReturn:
    """The month's return, held until the transaction ends; Conflict where it is newer than the page.

    The contract's row is locked first, so that two first saves of one month wait for each other.
    """
    Contract.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=contract.pk)
    row = MonthlyReturn.objects.filter(contract=contract, month=month).select_related("saved_by").first()
    if (row.version if row else 0) != version:
        raise Conflict(row)
    return row or MonthlyReturn(contract=contract, month=month, version=0)


def _write(row: MonthlyReturn, figures: Figures, *, by: User) -> None:
    row.risk, row.jet_score = figures.risk, figures.jet_score
    row.not_assessed_reason = figures.not_assessed_reason.strip() if figures.jet_score is None else ""
    row.narrative = figures.narrative.strip()
    row.saved_at, row.saved_by = clock.now(), by
    row.version += 1
