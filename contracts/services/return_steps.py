"""The steps of improvement plans that a monthly return brings up to date, saved with it or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.models import User
from commissioning.services.conflict import Conflict
from contracts.choices import StepState
from contracts.models import Contract, PlanStep
from contracts.services.improvement import update_step


@dataclass(frozen=True)
class StepUpdate:
    """What was chosen and typed of one step; without a state it stays as it is. ``version`` is what the page showed."""

    step_id: int
    version: int
    state: str = ""
    evidence: str = ""

    @property
    def field(self) -> str:
        """The field of the return's form beside which a fault is said."""
        return f"step_{self.step_id}"


def step_faults(updates: Iterable[StepUpdate], steps: Iterable[PlanStep]) -> dict[str, str]:
    """What is wrong with the updates by themselves, by field: said beside what else a return lacks."""
    evidence = {step.pk: step.evidence for step in steps}
    return {
        f"{update.field}_evidence": "Say what shows that it is done."
        for update in updates
        if update.state == StepState.DONE and not update.evidence.strip() and not evidence.get(update.step_id)
    }


def update_steps(updates: Sequence[StepUpdate], *, contract: Contract, by: User) -> None:
    """Within the return's own act. Raises ValidationError by field, also for a step that somebody else changed."""
    steps = contract.plan_steps.select_related("plan", "contract").in_bulk([update.step_id for update in updates])
    faults: dict[str, list[str]] = {}
    for update in updates:
        faults |= _update(update, steps.get(update.step_id), by)
    if faults:
        raise ValidationError(faults)


def _update(update: StepUpdate, step: PlanStep | None, by: User) -> dict[str, list[str]]:
    if step is None:
        return {update.field: ["Somebody removed this step after you opened the page."]}
    try:
        update_step(
            step=step, state=update.state or step.state, evidence=update.evidence, version=update.version, by=by
        )
    except Conflict as newer:
        return {} if _is_repeated(update, newer.current) else {update.field: [_changed(newer.current)]}
    except ValidationError as refused:
        beside = getattr(refused, "message_dict", {"state": refused.messages})
        return {_field(update, name): messages for name, messages in beside.items()}
    return {}


def _field(update: StepUpdate, name: str) -> str:
    return f"{update.field}_evidence" if name == "evidence" else update.field


def _is_repeated(update: StepUpdate, stored: PlanStep | None) -> bool:
    """A button pressed twice is no conflict: the step says already what was chosen and typed."""
    if stored is None or stored.version != update.version + 1:
        return False
    return update.state in ("", stored.state) and stored.evidence.endswith(update.evidence.strip())


def _changed(stored: PlanStep | None) -> str:
    if stored is None:
        return "Somebody removed this step after you opened the page."
    state = StepState(stored.state).label.lower()
    return f"Somebody changed this step after you opened the page: it is now {state}. Look again, then save."
