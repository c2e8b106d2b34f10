"""Fields for the open steps of improvement plans, in the form of a monthly return."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from contracts.choices import StepState
from contracts.forms.monthly_return import LinesField
from contracts.queries.plans import StepShown
from contracts.services.return_steps import StepUpdate

NO_CHANGE = ("", "No change")
UPDATES = (StepState.ON_COURSE, StepState.LATE, StepState.DONE)
EVIDENCE_LENGTH = 600
"""At one time; a step keeps more in all."""


def step_name(pk: int) -> str:
    return f"step_{pk}"


def step_fields(steps: Iterable[StepShown]) -> dict[str, forms.Field]:
    return {name: field for shown in steps for name, field in _fields(shown).items()}


def _fields(shown: StepShown) -> dict[str, forms.Field]:
    name, label = step_name(shown.step.pk), shown.step.text
    return {
        name: forms.ChoiceField(
            label=label, choices=[NO_CHANGE, *((state.value, state.label) for state in UPDATES)], required=False
        ),
        f"{name}_evidence": LinesField(
            label=f"Evidence: {label}",
            max_length=EVIDENCE_LENGTH,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        ),
        f"{name}_version": forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput),
    }


def step_updates(cleaned: Mapping[str, Any], steps: Iterable[StepShown]) -> list[StepUpdate]:
    """Of the steps of which something was chosen or typed."""
    found = (_update(cleaned, shown.step.pk) for shown in steps)
    return [update for update in found if update.state or update.evidence]


def _update(cleaned: Mapping[str, Any], pk: int) -> StepUpdate:
    name = step_name(pk)
    return StepUpdate(
        step_id=pk,
        version=cleaned.get(f"{name}_version") or 0,
        state=cleaned.get(name, ""),
        evidence=cleaned.get(f"{name}_evidence", "").strip(),
    )


@dataclass(frozen=True)
class StepRow:
    """A step beside its fields. Its version is that of the state shown: a change is saved over what was seen."""

    shown: StepShown
    state: BoundField
    evidence: BoundField

    @property
    def version_name(self) -> str:
        return f"{self.state.html_name}_version"


def step_rows(form: forms.Form, steps: Iterable[StepShown]) -> list[StepRow]:
    return [
        StepRow(shown, form[step_name(shown.step.pk)], form[f"{step_name(shown.step.pk)}_evidence"]) for shown in steps
    ]
