"""Forms of the monthly review: the meeting, closing, what providers must improve, and the rules of concern."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms_renderer import LongDateField
from commissioning.models import Organisation
from contracts.forms.monthly_return import FormOfAService, LinesField
from contracts.rules.concern import ConcernRules


class SendBackForm(FormOfAService):
    """One note for all that are ticked; the service says when it is missing."""

    note = LinesField(
        label="What the officers should look at again",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "form": "review"}),
    )


class MeetingForm(FormOfAService):
    held_on = LongDateField(label="Held on", required=False)
    present = LinesField(label="Present", max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    notes = LinesField(label="Notes", max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 12}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ClosingForm(FormOfAService):
    note = LinesField(
        label="Note on closing",
        help_text="Shown with the month, for example why returns are missing. It may stay empty.",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_confirmed = forms.BooleanField(label="Close this month; it is not opened again", required=False)
    stands = forms.CharField(max_length=40, widget=forms.HiddenInput)


class ActionForm(FormOfAService):
    text = LinesField(
        label="What must improve",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what must improve."},
    )
    owner = forms.CharField(
        label="Who sees to it",
        max_length=120,
        error_messages={"required": "Say who sees to it."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due_on = LongDateField(label="Due by", error_messages={"required": "Give the day by which it is due."})
    provider = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label="Provider", required=False, empty_label="All providers"
    )

    def __init__(self, *args: Any, providers: QuerySet[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]


def _number(label: str, *, lowest: int, highest: int, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=lowest,
        max_value=highest,
        required=False,
        help_text=hint or f"From {lowest} to {highest}. Empty switches this rule off.",
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), f"Use a whole number from {lowest} to {highest}, or leave it empty."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
    )


class RulesForm(FormOfAService):
    red = forms.BooleanField(label="Every red contract is of concern", required=False)
    jet_at_most = _number("JET at or below", lowest=1, highest=9)
    jet_fall_at_least = _number("JET down, since the last return, by at least", lowest=1, highest=8)
    months_without_return = _number("Months in a row without a return", lowest=1, highest=12)
    amber_months = _number("Months in a row at amber", lowest=2, highest=12)
    contradicts_kpis = forms.BooleanField(
        label="A grade that the contract’s KPIs do not bear out is of concern", required=False
    )
    disagreement_at_least = _number(
        "Service manager’s or supplier’s score away from the grade by at least", lowest=1, highest=8
    )
    steps_overdue = _number("Overdue steps of improvement plans", lowest=1, highest=12)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def rules(self) -> ConcernRules:
        return ConcernRules(**{name: value for name, value in self.cleaned_data.items() if name != "version"})
