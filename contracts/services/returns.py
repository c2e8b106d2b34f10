"""Monthly returns: saved as a draft, submitted; amended once the month is closed.

Nothing is overwritten unseen. A stand-in's act is recorded for the absent person.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.services.conflict import Conflict
from contracts.choices import COUNTING, ReturnState, Risk
from contracts.models import Contract, MonthlyReturn, MonthReview
from contracts.queries.closing import closed_review, closed_words
from contracts.queries.kpis import KpiLine, evidence_in, kpi_lines
from contracts.queries.return_words import EVERY_JET, Stated, reasons_whatever, stated_before
from contracts.queries.standing_in import acting_for
from contracts.rules.evidence import Evidence, contradiction
from contracts.rules.jet import NOT_ASSESSED, SCALES, Jet, JetScale, scale_on
from contracts.rules.returns import (
    MONTHS_UNEXPLAINED,
    month_end,
    month_start,
    months_back,
    next_month,
    not_expected_words,
    previous_month,
)
from contracts.services.kpi_readings import ReadingEntry, save_readings
from contracts.services.month_lock import hold_open
from contracts.services.return_kpis import reading_faults, with_entries
from contracts.services.return_steps import StepUpdate, update_steps

NARRATIVE_LENGTH = 600
NO_EVIDENCE: Final = Evidence()


@dataclass(frozen=True)
class Figures:
    """What the officer states: risk and JET are two axes; a JET not assessed has a reason instead of a score.

    ``kpi_reason`` is why a score stands that the month's KPIs do not bear out.
    """

    risk: str = ""
    jet_score: int | None = None
    not_assessed_reason: str = ""
    narrative: str = ""
    kpi_reason: str = ""

    @property
    def jet(self) -> Jet:
        if self.jet_score is not None:
            return self.jet_score
        return NOT_ASSESSED if self.not_assessed_reason.strip() else None

    def as_stored(self) -> "Figures":
        """Without blank ends; a score leaves no reason for having none, and no score nothing to give a reason for."""
        return Figures(
            risk=self.risk,
            jet_score=self.jet_score,
            not_assessed_reason=self.not_assessed_reason.strip() if self.jet_score is None else "",
            narrative=self.narrative.strip(),
            kpi_reason="" if self.jet_score is None else self.kpi_reason.strip(),
        )

    def beside(self, evidence: Evidence) -> "Figures":
        """Without a reason against KPIs that bear the score out: it would explain nothing."""
        fits = self.jet_score is None or self.jet_score in evidence.fits
        return replace(self, kpi_reason="") if fits else self


def figures_of(row: MonthlyReturn) -> Figures:
    return Figures(
        risk=row.risk,
        jet_score=row.jet_score,
        not_assessed_reason=row.not_assessed_reason,
        narrative=row.narrative,
        kpi_reason=row.kpi_reason,
    )


def earlier_views(*, contract: Contract, month: datetime.date) -> list[Stated | None]:
    """Risk and JET of the months before that the rule looks at, newest first; None for a month not returned."""
    months = (months_back(month, MONTHS_UNEXPLAINED), previous_month(month))
    return stated_before(contract.returns.that_count().filter(month__range=months), month)


def save_draft(
    *,
    contract: Contract,
    month: datetime.date,
    figures: Figures,
    version: int,
    by: User,
    readings: Sequence[ReadingEntry] = (),
    steps: Sequence[StepUpdate] = (),
) -> MonthlyReturn:
    """Keep what was typed, whole or not; ``version`` 0 says that no return was there when the page was opened.

    A return sent back becomes a draft again; the reviewer's note stays until it is submitted. The KPI readings and
    what became of improvement steps are saved with it or not at all. Raises ValidationError, or Conflict with the newer
    return or the newer readings.
    """
    _refuse_the_month(contract, month)
    refuse_a_long_text(figures)
    absent = acting_for(contract, by)
    with act("Return saved as a draft", by=by, on_behalf_of=absent):
        brought = _bring(readings, contract=contract, month=month, figures=figures, by=by, absent=absent)
        update_steps(steps, contract=contract, by=by)
        try:
            row = _locked(contract=contract, month=month, version=version)
        except Conflict as conflict:
            return _unless_repeated(conflict, brought, (ReturnState.DRAFT,), by=by)
        if row.pk and row.state not in (ReturnState.DRAFT, ReturnState.SENT_BACK):
            raise ValidationError("This return has been submitted; change it and submit it again.")
        write_figures(row, brought.figures, by=by, absent=absent)
        row.state = ReturnState.DRAFT
        row.clean_fields()
        row.save()
    return row


def submit_return(
    *,
    contract: Contract,
    month: datetime.date,
    figures: Figures,
    version: int,
    by: User,
    reason: str = "",
    readings: Sequence[ReadingEntry] = (),
    steps: Sequence[StepUpdate] = (),
) -> MonthlyReturn:
    """State the month's risk and JET with its KPI readings; a closed month is amended, with a reason.

    Raises ValidationError beside the field, or Conflict with the newer return or the newer readings.
    """
    lines = with_entries(kpi_lines(contract, month), readings)
    faults = submission_faults(contract=contract, month=month, figures=figures, lines=lines, readings=readings)
    if faults:
        raise ValidationError(faults)
    refuse_a_long_text(figures)
    closed = closed_review(contract.unit_id, month)
    why = _amendment_reason(closed, reason) if closed else ""
    absent = acting_for(contract, by)
    with act("Return amended" if closed else "Return submitted", by=by, reason=why, on_behalf_of=absent):
        brought = _bring(readings, contract=contract, month=month, figures=figures, by=by, absent=absent, reason=why)
        _refuse_unexplained(brought, month)
        update_steps(steps, contract=contract, by=by)
        if closed:
            return _amend(contract=contract, month=month, brought=brought, version=version, by=by, why=why)
        try:
            row = _locked(contract=contract, month=month, version=version)
        except Conflict as conflict:
            return _unless_repeated(conflict, brought, COUNTING, by=by)
        if row.state == ReturnState.ACCEPTED:
            raise ValidationError("This return has been accepted. Ask for it to be sent back to change it.")
        _refuse_closed_meanwhile(contract, month)
        write_figures(row, brought.figures, by=by, absent=absent)
        state_submitted(row, by=by, absent=absent)
        row.full_clean()
        row.save()
    return row


@dataclass(frozen=True)
class _Brought:
    """The figures beside the month's KPIs as they stand once the readings are saved, and whether one was new."""

    figures: Figures
    evidence: Evidence
    is_new: bool
    absent: User | None


def _bring(
    readings: Sequence[ReadingEntry],
    *,
    contract: Contract,
    month: datetime.date,
    figures: Figures,
    by: User,
    absent: User | None,
    reason: str = "",
) -> _Brought:
    """Save the readings inside the return's own act: what is refused afterwards takes them back."""
    saved = readings and save_readings(
        contract=contract, month=month, entries=readings, by=by, absent=absent, amendment_reason=reason
    )
    evidence = evidence_in(kpi_lines(contract, month))
    return _Brought(figures.beside(evidence), evidence, is_new=bool(saved), absent=absent)


def _refuse_unexplained(brought: _Brought, month: datetime.date) -> None:
    """Asked again beside the readings as saved: the provider's own may have come while the person was typing."""
    fault = unexplained(brought.figures, brought.evidence, scale=scale_on(month_end(month)))
    if fault:
        raise ValidationError({"kpi_reason": fault})


def _amendment_reason(closed: MonthReview, reason: str) -> str:
    why = reason.strip()
    if not why:
        raise ValidationError({"reason": f"{closed_words(closed)} Say why the return is amended."})
    if len(why) > NARRATIVE_LENGTH:
        raise ValidationError({"reason": f"Use {NARRATIVE_LENGTH} characters or fewer."})
    return why


def _amend(
    *, contract: Contract, month: datetime.date, brought: _Brought, version: int, by: User, why: str
) -> MonthlyReturn:
    """What a closed month says is changed in the open: with a reason, and beside what it said before."""
    figures = brought.figures
    try:
        row = _locked(contract=contract, month=month, version=version)
    except Conflict as conflict:
        return _unless_repeated(conflict, brought, (ReturnState.AMENDED,), by=by)
    if row.counts and figures_of(row) == figures.as_stored() and not brought.is_new:
        raise ValidationError("This is what the return says already. Change it, or leave it as it is.")
    write_figures(row, figures, by=by, absent=brought.absent)
    state_submitted(row, by=by, absent=brought.absent)
    row.state, row.amendment_reason = ReturnState.AMENDED, why
    row.full_clean()
    row.save()
    return row


def _refuse_closed_meanwhile(contract: Contract, month: datetime.date) -> None:
    """Asked once the month is held open: it may have been closed while the person was typing."""
    closed = closed_review(contract.unit_id, month)
    if closed:
        raise ValidationError(f"{closed_words(closed)} Open the return again to amend it with a reason.")


def _unless_repeated(conflict: Conflict, brought: _Brought, states: Sequence[str], *, by: User) -> MonthlyReturn:
    if brought.is_new or not is_repeated(conflict.current, brought.figures, states, by=by):
        raise conflict
    row: MonthlyReturn = conflict.current
    return row


def is_repeated(row: MonthlyReturn | None, figures: Figures, states: Sequence[str], *, by: User) -> bool:
    """A button pressed twice is no conflict: the same person has already saved the same words."""
    if row is None or row.saved_by != by or row.state not in states:
        return False
    return figures_of(row) == figures.as_stored()


def _refuse_the_month(contract: Contract, month: datetime.date) -> None:
    fault = month_fault(contract=contract, month=month)
    if fault:
        raise ValidationError(fault)


def refuse_a_long_text(figures: Figures) -> None:
    """PostgreSQL holds any length in a text column, so the limit that the page states is held here."""
    texts = {"narrative": figures.narrative, "kpi_reason": figures.kpi_reason}
    too_long = [name for name, text in texts.items() if len(text.strip()) > NARRATIVE_LENGTH]
    if too_long:
        raise ValidationError(dict.fromkeys(too_long, f"Use {NARRATIVE_LENGTH} characters or fewer."))


def month_fault(*, contract: Contract, month: datetime.date) -> str:
    """Why the contract has no return to make for the month; empty where it has."""
    if month >= month_start(clock.today()):
        return f"{month:%B %Y} is not over: its return can be made from 1 {next_month(month):%B %Y}."
    if not contract.expects_return(month):
        return not_expected_words(month)
    return ""


def submission_faults(
    *,
    contract: Contract,
    month: datetime.date,
    figures: Figures,
    lines: Sequence[KpiLine] = (),
    readings: Sequence[ReadingEntry] = (),
) -> dict[str, str]:
    """What a return still lacks, by field, in the officer's words; ``lines`` are its KPIs with the readings typed.

    The sentence is asked for at once where it will be needed whatever is still to be chosen.
    """
    unreturnable = month_fault(contract=contract, month=month)
    if unreturnable:
        return {"month": unreturnable}
    return reading_faults(lines, readings) | what_is_missing(
        figures,
        before=_before_a_sentence(figures, contract, month),
        evidence=evidence_in(lines),
        scale=scale_on(month_end(month)),
    )


def _before_a_sentence(figures: Figures, contract: Contract, month: datetime.date) -> list[Stated | None]:
    """The months before are looked up only where they decide something."""
    return [] if figures.narrative.strip() else earlier_views(contract=contract, month=month)


def what_is_missing(
    figures: Figures,
    *,
    before: Sequence[Stated | None],
    evidence: Evidence = NO_EVIDENCE,
    scale: JetScale = SCALES[-1],
) -> dict[str, str]:
    """By field, what no return may be without; ``before`` is what ``earlier_views`` reads, ``evidence`` the month's."""
    faults: dict[str, str] = {}
    if figures.risk not in Risk.values:
        faults["risk"] = "Choose red, amber or green."
    if figures.jet is None:
        faults["jet"] = "Choose a JET score from 1 to 9, or say that JET was not assessed and why."
    if not figures.narrative.strip():
        reasons = reasons_whatever(
            risks=Risk.values if "risk" in faults else [figures.risk],
            grades=EVERY_JET if "jet" in faults else [figures.jet],
            before=before,
        )
        if reasons is not None:
            faults["narrative"] = " ".join(["Say what changed, or why nothing did.", *reasons])
    against = unexplained(figures, evidence, scale=scale)
    return faults | {"kpi_reason": against} if against else faults


def unexplained(figures: Figures, evidence: Evidence, *, scale: JetScale) -> str:
    """The sentence for a score that the KPIs do not bear out and that has no reason yet; empty for any other."""
    against = contradiction(figures.jet_score, evidence, scale=scale)
    if not against or figures.kpi_reason.strip():
        return ""
    return f"{against} Choose another score, or say why this one stands."


def _locked(*, contract: Contract, month: datetime.date, version: int) -> MonthlyReturn:
    """The month's return, held until the transaction ends; Conflict where it is newer than the page."""
    row = stored_return(contract=contract, month=month)
    if (row.version if row else 0) != version:
        raise Conflict(row)
    return row or MonthlyReturn(contract=contract, month=month, version=0)


def stored_return(*, contract: Contract, month: datetime.date) -> MonthlyReturn | None:
    """The month's return as it stands, locked. Every writer of the month passes here.

    The contract's row is locked first, so that two first saves of one month wait for each other, and so does a
    reviewer for an officer. The month is held open meanwhile.
    """
    hold_open([contract.unit_id], month)
    Contract.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=contract.pk)
    rows = MonthlyReturn.objects.select_related("saved_by", "reviewed_by").select_for_update(of=("self",))
    return rows.filter(contract=contract, month=month).first()


def write_figures(row: MonthlyReturn, figures: Figures, *, by: User, absent: User | None) -> None:
    """Put what was stated on the row, and who saved it; ``absent`` is the person for whom a stand-in does it."""
    kept = figures.as_stored()
    row.risk, row.jet_score = kept.risk, kept.jet_score
    row.not_assessed_reason, row.narrative, row.kpi_reason = kept.not_assessed_reason, kept.narrative, kept.kpi_reason
    row.saved_at, row.saved_by, row.saved_for = clock.now(), by, absent
    row.version += 1


def state_submitted(row: MonthlyReturn, *, by: User, absent: User | None) -> None:
    """After ``write_figures``: the return counts, and is to be reviewed anew."""
    row.state = ReturnState.SUBMITTED
    row.submitted_at, row.submitted_by, row.submitted_for = row.saved_at, by, absent
    row.reviewed_at = row.reviewed_by = None
    row.review_note = ""
