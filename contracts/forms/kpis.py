"""Forms of what is measured of a contract: the KPI, its target, its end."""

from decimal import Decimal
from typing import Any

from django import forms

from contracts.choices import KpiDirection, KpiFrequency, KpiUnit, Reporter
from contracts.forms.figures import FigureField, MonthField, shown_figure
from contracts.forms.monthly_return import FormOfAService, LinesField
from contracts.models import Contract, Kpi
from contracts.rules.procurement import publication_words
from contracts.services.kpis import REASON_LENGTH, KpiDetails, TargetFigures


class KpiForm(FormOfAService):
    """A KPI as it is described."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)
    name = forms.CharField(
        label="What is measured",
        help_text="For example, Referral to first assessment within 6 weeks.",
        max_length=200,
        error_messages={"required": "Say what is measured."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    definition = LinesField(
        label="How it is counted",
        help_text="Who and what counts, from which records. It may stay empty.",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    unit = forms.ChoiceField(label="Measured in", choices=KpiUnit.choices)
    is_from_counts = forms.BooleanField(label="Work the percentage out from two counts", required=False)
    decimals = forms.IntegerField(
        label="Decimal places",
        min_value=0,
        max_value=4,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-2", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Use a whole number from 0 to 4."
        ),
    )
    direction = forms.ChoiceField(
        label="It is met when it is",
        choices=KpiDirection.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose at least, at most or between."},
    )
    frequency = forms.ChoiceField(
        label="How often",
        choices=KpiFrequency.choices,
        initial=KpiFrequency.MONTHLY,
        help_text="Quarters and half years are those of the financial year.",
    )
    reported_by = forms.ChoiceField(
        label="Reported by", choices=Reporter.choices, initial=Reporter.OFFICER, widget=forms.RadioSelect
    )
    first_month = MonthField(label="Measured from", error_messages={"required": "Give the first month."})
    is_published = forms.BooleanField(label="Published", required=False)

    def __init__(self, *args: Any, contract: Contract, **options: Any) -> None:
        super().__init__(*args, **options)
        law = publication_words(contract.procurement_regime, contract.whole_life_value)
        self.fields["is_published"].help_text = law

    def details(self) -> KpiDetails:
        return KpiDetails(**{name: value for name, value in self.cleaned_data.items() if name in _DETAILS})


_DETAILS = tuple(name for name in KpiForm.base_fields if name != "version")


class TargetFields(forms.Form):
    target = FigureField(
        label="Target",
        help_text="Of a range, its lower end.",
        error_messages={"required": "Give the target."},
    )
    upper = FigureField(label="Upper end", help_text="Of a range only.", required=False)
    tolerance = FigureField(
        label="Tolerance",
        help_text="A reading this far from the target is still on it. Empty means none.",
        required=False,
    )

    def figures(self) -> TargetFigures | None:
        cleaned = self.cleaned_data
        if cleaned.get("target") is None:
            return None
        return TargetFigures(cleaned["target"], cleaned.get("upper"), cleaned.get("tolerance") or Decimal(0))


class NewKpiForm(TargetFields, KpiForm):
    """With its first target, which may be set later where it is not known."""

    field_order = [
        *("version", "name", "definition", "unit", "is_from_counts", "decimals", "direction"),
        *("target", "upper", "tolerance", "frequency", "reported_by", "first_month", "is_published"),
    ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["target"].required = False
        self.fields["target"].help_text = "Of a range, its lower end. Leave empty where it is not known yet."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lone = cleaned.get("upper") is not None or cleaned.get("tolerance")
        if cleaned.get("target") is None and lone and "target" not in self.errors:
            self.add_error("target", "Give the target too.")
        return cleaned


class TargetForm(TargetFields, FormOfAService):
    from_month = MonthField(label="From", error_messages={"required": "Give the month from which it holds."})
    reason = LinesField(
        label="Why the target changes",
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ["from_month", "target", "upper", "tolerance", "reason"]

    def __init__(self, *args: Any, kpi: Kpi, has_target: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if kpi.direction != KpiDirection.BETWEEN:
            del self.fields["upper"]
            self.fields["target"].help_text = f"{kpi.get_direction_display()}, in {kpi.get_unit_display().lower()}."
        if not has_target:
            self.fields["reason"].label = "Why this target"


class CloseKpiForm(FormOfAService):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    last_month = MonthField(
        label="Last month measured",
        help_text="It owes nothing after; its earlier months stay. For example, October 2014",
        error_messages={"required": "Give the last month that is measured."},
    )
    reason = LinesField(
        label="Why it is closed", max_length=REASON_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def initial_of(kpi: Kpi) -> dict[str, Any]:
    """A stored KPI as its form shows it."""
    return {name: getattr(kpi, name) for name in (*_DETAILS, "version")}


def initial_of_target(target: Any) -> dict[str, Any]:
    """The newest target, to be changed."""
    if target is None:
        return {}
    figures = {"target": target.target, "upper": target.upper, "tolerance": target.tolerance}
    return {name: shown_figure(value) for name, value in figures.items()}
