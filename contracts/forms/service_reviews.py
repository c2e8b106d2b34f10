"""Forms of service reviews: the review itself, its elements, options, and the decision on sourcing."""

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.functions import Upper

from accounts import clock
from accounts.forms_renderer import LongDateField
from commissioning.models import CommissioningUnit, ServiceArea
from contracts.choices import ElementState, Horizon, Sourcing
from contracts.forms.lookup import LookupField, PeopleLookup
from contracts.forms.monthly_return import FormOfAService, LinesField
from contracts.models import Contract, Document
from contracts.rules.terms import MOST_MONTHS

_BETWEEN = re.compile(r"[,;\n]|\band\b")


def _words(label: str, *, longest: int, help_text: str = "", rows: int = 3, required: str = "") -> LinesField:
    return LinesField(
        label=label,
        max_length=longest,
        help_text=help_text,
        required=bool(required),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required} if required else {},
    )


class MonthsField(forms.CharField):
    """Lengths of options in their order, typed as «12 and 12» or «12, 12»."""

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        parts = [part.strip() for part in _BETWEEN.split(super().to_python(value) or "") if part.strip()]
        if not all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts):
            raise ValidationError("Give whole months for each option, such as “12 and 12”.")
        return [int(part) for part in parts]

    def prepare_value(self, value: Any) -> Any:
        return " and ".join(str(months) for months in value) if isinstance(value, list) else value


class ContractsField(forms.CharField):
    """Contracts named by their references; only those that the person may see are known here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.contracts: QuerySet[Contract] = Contract.objects.none()

    def to_python(self, value: Any) -> list[Contract]:  # type: ignore[override]
        typed = [part.strip() for part in _BETWEEN.split(super().to_python(value) or "") if part.strip()]
        if not typed:
            return []
        named = self.contracts.annotate(capitals=Upper("reference"))
        wanted = named.filter(capitals__in=[reference.upper() for reference in typed])
        known = {contract.reference.upper(): contract for contract in wanted}
        unknown = [reference for reference in typed if reference.upper() not in known]
        if unknown:
            raise ValidationError(f"No contract of this unit that you may see has the reference {unknown[0]}.")
        return list({known[reference.upper()].pk: known[reference.upper()] for reference in typed}.values())

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(contract.reference for contract in value) if isinstance(value, list) else value


class ReviewForm(FormOfAService):
    title = forms.CharField(
        label="Service",
        max_length=200,
        help_text="As the forward plan calls it, for example “Leaving care”.",
        error_messages={"required": "Give the name of the service."},
    )
    service_area = forms.ModelChoiceField(
        queryset=ServiceArea.objects.none(), label="Service area", required=False, empty_label="Not known yet"
    )
    why = _words("Why it is reviewed", longest=2_000)
    contracts = ContractsField(
        label="Its contracts",
        required=False,
        max_length=2_000,
        help_text="Their references, for example CS/0147, CS/0148.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    opened_on = LongDateField(label="Review begun on", error_messages={"required": "Give the day on which it began."})
    ends_on = LongDateField(label="Service ends", required=False)
    is_on_forward_plan = forms.BooleanField(label="On the scrutiny forward plan", required=False)
    planned_months = forms.IntegerField(
        label="Planned first term in months",
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        help_text="For example 36 for three years. Leave empty while it is not planned.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Give whole months from 1 to {MOST_MONTHS}, such as 36."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
    )
    planned_options = MonthsField(
        label="Options to extend, in months",
        required=False,
        max_length=100,
        help_text="In their order, for example “12 and 12”.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, unit: CommissioningUnit, also: set[int], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField, self.fields["service_area"]).queryset = unit.service_areas.all()
        mine = Contract.objects.visible_to(user).filter(unit=unit)
        cast(ContractsField, self.fields["contracts"]).contracts = mine
        self.fields["lead"] = LookupField(
            lookup=PeopleLookup(unit, also=also),
            label="Who leads it",
            required=False,
            help_text="Somebody of the unit’s partners, by name or e-mail address.",
        )
        self.order_fields(["title", "lead", *(name for name in self.fields if name not in {"title", "lead"})])

    def details(self) -> dict[str, Any]:
        aside = {"contracts", "version"}
        return {name: value for name, value in self.cleaned_data.items() if name not in aside}


class ElementForm(FormOfAService):
    state = forms.ChoiceField(
        label="State",
        choices=ElementState.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how far it is."},
    )
    on = LongDateField(label="Planned for, or done on", required=False)
    document = forms.ModelChoiceField(
        queryset=Document.objects.none(), label="Document", required=False, empty_label="None"
    )
    words = _words("What came of it, or why it is not needed", longest=1_000)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, documents: QuerySet[Document], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField, self.fields["document"]).queryset = documents


class ReviewOptionForm(FormOfAService):
    title = forms.CharField(label="Option", max_length=200, error_messages={"required": "Say what the option is."})
    horizon = forms.ChoiceField(
        label="Horizon",
        choices=Horizon.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose short or long term."},
    )
    benefits = _words("Benefits", longest=2_000, rows=4)
    disbenefits = _words("Disbenefits", longest=2_000, rows=4)
    is_recommended = forms.BooleanField(label="Recommended for this horizon", required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def details(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class DecisionForm(FormOfAService):
    sourcing = forms.ChoiceField(
        label="How the service will be provided",
        choices=Sourcing.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the service will be provided."},
    )
    decided_on = LongDateField(label="Decided on", error_messages={"required": "Give the day of the decision."})
    decision_words = _words(
        "Who decided, and why",
        longest=2_000,
        help_text="For example, the board and its minute.",
        required="Say who decided, and why.",
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["decided_on"].initial = clock.today


class ReopenForm(FormOfAService):
    reason = _words("Why the decision is reopened", longest=1_000, required="Say why the decision is reopened.")
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
