"""Forms of what a contract changes for children and families."""

from typing import Any

from django import forms

from contracts.choices import OutcomeEffect, OutcomeTerm
from contracts.forms.monthly_return import FormOfAService, LinesField
from contracts.models import Outcome
from contracts.services.outcomes import OutcomeDetails

INTENDED = {"yes": True, "no": False}


class OutcomeForm(FormOfAService):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)
    statement = LinesField(
        label="Outcome",
        help_text="What changes, for whom. For example, Children are seen sooner and their families know what happens.",
        max_length=600,
        error_messages={"required": "Say what should change, and for whom."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    term = forms.ChoiceField(
        label="When it shows",
        choices=OutcomeTerm.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose short, medium or long term."},
    )
    intended = forms.ChoiceField(
        label="Intended",
        choices=[("yes", "Yes, it is what the contract is for"), ("no", "No, it came about beside it")],
        initial="yes",
        widget=forms.RadioSelect,
    )
    effect = forms.ChoiceField(
        label="For children and families it is",
        choices=OutcomeEffect.choices,
        initial=OutcomeEffect.POSITIVE,
        widget=forms.RadioSelect,
    )
    measured_by = LinesField(
        label="How it is measured", max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    difference_made = LinesField(
        label="What difference was made so far",
        help_text="It may stay empty until something can be said.",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def details(self) -> OutcomeDetails:
        cleaned = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "intended")}
        return OutcomeDetails(is_intended=INTENDED[self.cleaned_data["intended"]], **cleaned)


class DecisionForm(FormOfAService):
    """Agreeing needs no words; declining does, and the service says so."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="Is it an outcome of the contract?",
        choices=[("agree", "Yes, agree it"), ("decline", "No, decline it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is agreed or declined."},
    )
    note = LinesField(
        label="Note to the provider", max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def initial_of(outcome: Outcome) -> dict[str, Any]:
    """A stored outcome as its form shows it."""
    names = ("statement", "term", "effect", "measured_by", "difference_made", "version")
    return {name: getattr(outcome, name) for name in names} | {"intended": "yes" if outcome.is_intended else "no"}
