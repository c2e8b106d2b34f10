"""Improvement plans and their steps: agreed, changed, carried out with evidence, closed with what came of it.

Every writer of a step locks its plan first, so that nothing is written into a plan while it closes.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Max

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.rules import long_date
from commissioning.services.conflict import Conflict
from contracts.choices import StepState
from contracts.models import Contract, ExtensionOption, ImprovementPlan, Kpi, PerformanceNotice, PlanStep
from contracts.queries.standing_in import acting_for
from contracts.rules.improvement import (
    LONGEST_STEP_YEARS,
    before_start_fault,
    is_untouched,
    step_standing,
    undone_words,
)

EVIDENCE_LENGTH = 2_000


@dataclass(frozen=True)
class PlanDetails:
    title: str
    concern: str
    agreed_on: datetime.date
    words: str = ""
    condition_of: ExtensionOption | None = None
    answers: PerformanceNotice | None = None
    kpis: Sequence[Kpi] = field(default=())


@dataclass(frozen=True)
class StepDetails:
    text: str
    owner: str
    due_on: datetime.date


# Plans


def open_plan(*, contract: Contract, details: PlanDetails, by: User) -> ImprovementPlan:
    """Record a plan on the day it was agreed, or later. Raises ValidationError beside the field."""
    _refuse_faults(_plan_faults(contract, details))
    with act("Improvement plan agreed", by=by, on_behalf_of=acting_for(contract, by)):
        plan = ImprovementPlan(contract=contract, opened_by=by)
        _write_plan(plan, details)
    return plan


def change_plan(*, plan: ImprovementPlan, details: PlanDetails, version: int, by: User) -> ImprovementPlan:
    """Raises ValidationError, or Conflict with the newer plan."""
    _refuse_faults(_plan_faults(plan.contract, details))
    with act("Improvement plan changed", by=by, on_behalf_of=acting_for(plan.contract, by)):
        stored = _locked_plan(plan)
        _refuse_newer(stored, version)
        first = stored.steps.order_by("due_on").first()
        if first and first.due_on < details.agreed_on:
            raise ValidationError(
                {"agreed_on": f"A step of this plan is due on {long_date(first.due_on)}, before the plan was agreed."}
            )
        stored.version += 1
        _write_plan(stored, details)
    return stored


def _write_plan(plan: ImprovementPlan, details: PlanDetails) -> None:
    plan.title, plan.concern, plan.words = details.title.strip(), details.concern, details.words.strip()
    plan.agreed_on = details.agreed_on
    plan.condition_of, plan.answers = details.condition_of, details.answers
    plan.full_clean(exclude={"opened_by"})
    plan.save()
    plan.kpis.set(details.kpis)


def _plan_faults(contract: Contract, details: PlanDetails) -> dict[str, str]:
    faults = {}
    if details.agreed_on > clock.today():
        faults["agreed_on"] = "A plan is recorded once it has been agreed; this day lies ahead."
    elif too_early := before_start_fault(details.agreed_on, start=contract.start, today=clock.today()):
        faults["agreed_on"] = too_early
    if details.condition_of and details.condition_of.contract_id != contract.pk:
        faults["condition_of"] = "Choose an option of this contract."
    if details.answers and details.answers.contract_id != contract.pk:
        faults["answers"] = "Choose a notice on this contract."
    elif details.answers and details.answers.issued_on > details.agreed_on:
        faults["answers"] = f"This notice was issued on {long_date(details.answers.issued_on)}, after the plan."
    if any(kpi.contract_id != contract.pk for kpi in details.kpis):
        faults["kpis"] = "Choose KPIs of this contract."
    return faults


def close_plan(
    *, plan: ImprovementPlan, on: datetime.date, words: str, version: int, by: User, despite_steps: bool = False
) -> ImprovementPlan:
    """Say what came of it. Steps that are not done stay as they are, and are late no longer.

    They ask for ``despite_steps``: a plan is not opened again.
    """
    with act("Improvement plan closed", by=by, on_behalf_of=acting_for(plan.contract, by)):
        stored = _locked_plan(plan)
        _refuse_newer(stored, version)
        _refuse_faults(_closing_faults(stored, on, words, despite_steps=despite_steps))
        stored.closed_on, stored.closed_by, stored.closing_words = on, by, words.strip()
        stored.version += 1
        stored.full_clean(exclude={"opened_by"})
        stored.save()
    return stored


def _closing_faults(plan: ImprovementPlan, on: datetime.date, words: str, *, despite_steps: bool) -> dict[str, str]:
    faults = {}
    last_done = plan.steps.aggregate(last=Max("done_on"))["last"]
    if not words.strip():
        faults["closing_words"] = "Say what came of the plan."
    if on > clock.today():
        faults["closed_on"] = "A plan is closed on a day that has come; this day lies ahead."
    elif on < plan.agreed_on:
        faults["closed_on"] = f"The plan was agreed on {long_date(plan.agreed_on)}; it cannot close before."
    elif last_done and on < last_done:
        faults["closed_on"] = f"A step was done on {long_date(last_done)}; the plan cannot close before."
    undone = undone_words([step_standing(step.state, step.due_on, day=on) for step in plan.steps.all()])
    if undone and not despite_steps:
        faults["despite_steps"] = f"{undone} Tick to close the plan all the same."
    return faults


# Steps


def add_step(*, plan: ImprovementPlan, details: StepDetails, by: User) -> PlanStep:
    with act("Improvement step added", by=by, on_behalf_of=acting_for(plan.contract, by)):
        stored = _open_plan(plan)
        last = stored.steps.aggregate(last=Max("position"))["last"] or 0
        step = PlanStep(contract_id=stored.contract_id, plan=stored, position=last + 1)
        _write_step(step, details)
    return step


def change_step(
    *, step: PlanStep, details: StepDetails, version: int, by: User, evidence: str | None = None
) -> PlanStep:
    """Correct what a step says; ``evidence``, where given, replaces what was written so far."""
    with act("Improvement step changed", by=by, on_behalf_of=acting_for(step.contract, by)):
        stored = _locked_step(step, version)
        if evidence is not None:
            _refuse_long_evidence(evidence.strip())
            if stored.state == StepState.DONE and not evidence.strip():
                raise ValidationError({"evidence": "The step is done: say what shows it."})
            stored.evidence = evidence.strip()
        stored.version += 1
        _write_step(stored, details)
    return stored


def _write_step(step: PlanStep, details: StepDetails) -> None:
    _refuse_faults(_due_faults(step.plan, details.due_on))
    step.text, step.owner, step.due_on = details.text.strip(), details.owner.strip(), details.due_on
    step.full_clean()
    step.save()


def _due_faults(plan: ImprovementPlan, due_on: datetime.date) -> dict[str, str]:
    agreed = plan.agreed_on
    if due_on < agreed:
        return {"due_on": f"The plan was agreed on {long_date(agreed)}; a step cannot be due before."}
    if due_on.year > agreed.year + LONGEST_STEP_YEARS:
        return {"due_on": f"This is more than {LONGEST_STEP_YEARS} years after the plan was agreed. Check the year."}
    return {}


def update_step(
    *,
    step: PlanStep,
    state: str,
    evidence: str,
    version: int,
    by: User,
    done_on: datetime.date | None = None,
) -> PlanStep:
    """How the step stands now. ``evidence`` is added under what was written before, with today's date.

    Done needs evidence, now or from before, and a day not ahead; without ``done_on`` it is today.
    """
    with act("Improvement step updated", by=by, on_behalf_of=acting_for(step.contract, by)):
        stored = _locked_step(step, version)
        stored.evidence = _with_more(stored.evidence, evidence)
        stored.state = state
        stored.done_on, stored.done_by = (done_on or clock.today(), by) if state == StepState.DONE else (None, None)
        _refuse_faults(_done_faults(stored))
        stored.version += 1
        stored.full_clean()
        stored.save()
    return stored


def _done_faults(step: PlanStep) -> dict[str, str]:
    if step.done_on is None:
        return {}
    faults = {}
    if not step.evidence:
        faults["evidence"] = "Say what shows that it is done."
    if step.done_on > clock.today():
        faults["done_on"] = "A step is done on a day that has come; this day lies ahead."
    elif step.done_on < step.plan.agreed_on:
        faults["done_on"] = f"The plan was agreed on {long_date(step.plan.agreed_on)}; give that day or a later one."
    return faults


def add_evidence_of_provider(*, step: PlanStep, text: str, name: str, version: int, by: User) -> PlanStep:
    """What the provider has to show, under its name; whether the step is done the officer says."""
    if not text.strip():
        raise ValidationError({"text": "Say how far the step has got, or what shows it."})
    with act("Evidence given by the provider", by=by):
        stored = _locked_step(step, version)
        stored.evidence = _with_more(stored.evidence, text, name=name, at="text")
        stored.version += 1
        stored.full_clean()
        stored.save()
    return stored


def remove_step(*, step: PlanStep, version: int, by: User) -> None:
    """Only while nothing has happened: what was begun or shown stays on the record."""
    with act("Improvement step removed", by=by, on_behalf_of=acting_for(step.contract, by)):
        stored = _locked_step(step, version)
        if not is_untouched(stored.state, stored.evidence):
            raise ValidationError("Something has been recorded of this step already, so it stays in the plan.")
        stored.delete()


def _with_more(before: str, added: str, *, name: str = "", at: str = "evidence") -> str:
    """The evidence with a paragraph more; the day stands before it, and the provider's name where it is theirs."""
    if not added.strip():
        return before
    who = f", {name}" if name else ""
    whole = "\n".join(filter(None, [before, f"{long_date(clock.today())}{who}: {added.strip()}"]))
    _refuse_long_evidence(whole, at=at)
    return whole


def _refuse_long_evidence(whole: str, *, at: str = "evidence") -> None:
    if len(whole) > EVIDENCE_LENGTH:
        raise ValidationError(
            {at: f"All evidence of a step has room for {EVIDENCE_LENGTH:,} characters; this makes {len(whole):,}."}
        )


# Locks


def _locked_plan(plan: ImprovementPlan) -> ImprovementPlan:
    rows = ImprovementPlan.objects.select_for_update(of=("self",), no_key=True).select_related("contract")
    return rows.get(pk=plan.pk)


def _open_plan(plan: ImprovementPlan) -> ImprovementPlan:
    stored = _locked_plan(plan)
    if stored.closed_on is not None:
        raise ValidationError(
            f"This plan was closed on {long_date(stored.closed_on)}: its steps stay as they were then."
        )
    return stored


def _locked_step(step: PlanStep, version: int) -> PlanStep:
    """Conflict with None where somebody has removed it."""
    plan = _open_plan(step.plan)
    stored = PlanStep.objects.select_for_update(of=("self",)).filter(pk=step.pk).first()
    if stored is None:
        raise Conflict(None)
    stored.plan = plan
    if stored.version != version:
        raise Conflict(stored)
    return stored


def _refuse_newer(stored: ImprovementPlan, version: int) -> None:
    if stored.version != version:
        raise Conflict(stored)
    if stored.closed_on is not None:
        raise ValidationError(f"This plan was closed on {long_date(stored.closed_on)}: it is not changed any more.")


def _refuse_faults(faults: dict[str, str]) -> None:
    if faults:
        raise ValidationError(faults)
