"""The contract form: every field of the register on one page, with lists that grow by «Add another».

A form is always bound to flat text, typed or written from the stored contract, so that adding a row,
a fault and a conflict keep everything in the same way.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from accounts.forms_renderer import LongDateField
from commissioning.models import CommissioningUnit, ServiceArea
from commissioning.rules import long_date
from contracts.choices import Management, ProcurementRegime, ProcurementRoute
from contracts.forms.lookup import LookupField, OrganisationLookup, PeopleLookup
from contracts.models import Contract, ExtensionOption
from contracts.models.contract import LONGEST_DESCRIPTION
from contracts.rules.terms import MOST_MONTHS
from contracts.services.contract import DETAIL_FIELDS, ContractParts, Share

#: Lists of the form, with the rows that an empty one shows.
ROWS = {"provider": 2, "deputy": 2, "option": 2, "funder": 3}
#: More rows than any contract has; a forged count cannot make the page grow without end.
MOST_ROWS = 60
#: Where a service's refusal about a list is shown.
FIELD_OF = {
    "providers": "provider_0",
    "deputies": "deputy_0",
    "option_months": "option_0",
    "funding": "funder_0",
    "slug": "reference",
}
PARTS_OF_A_LOOKUP = ("", "-choice", "-about")


class PoundsField(forms.DecimalField):
    """Pounds and pence, typed with or without the sign and the commas."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=0, required=False, **options)
        self.widget.attrs |= {"inputmode": "decimal", "class": "govuk-input--width-10", "autocomplete": "off"}
        self.error_messages |= {
            "invalid": "Enter pounds, such as 12,500 or 12,500.50.",
            "min_value": "A value cannot be less than nothing.",
            "max_decimal_places": "Pounds have at most two decimal places.",
        }

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("£", "").replace(",", "").replace(" ", "") if value else value)


def _months(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_MONTHS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={"invalid": "Give whole months, such as 12.", "min_value": "Give at least 1 month."},
        **options,
    )


class ContractForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    reference = forms.CharField(
        label="Reference",
        max_length=60,
        help_text="The unit’s own, such as CS/0147. Once only in the unit.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages={"required": "Give the contract’s reference."},
    )
    title = forms.CharField(label="Title", max_length=300, error_messages={"required": "Give the contract’s title."})
    description = forms.CharField(
        label="Description", required=False, max_length=LONGEST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 4})
    )
    service_area = forms.ModelChoiceField(
        queryset=ServiceArea.objects.none(), label="Service area", required=False, empty_label="Not known yet"
    )
    management = forms.ChoiceField(label="Managed", choices=Management.choices, widget=forms.RadioSelect)
    procurement_regime = forms.ChoiceField(label="Procurement regime", choices=ProcurementRegime.choices)
    procurement_route = forms.ChoiceField(
        label="Route", choices=ProcurementRoute.choices, help_text="One that the regime knows."
    )
    start = LongDateField(label="Starts", required=False)
    initial_end = LongDateField(label="First term ends", required=False, help_text="The last day of the first term.")
    notice_months = forms.IntegerField(
        label="Notice period in months",
        required=False,
        help_text="0 where there is none. Leave empty while it is not known.",
        min_value=0,
        max_value=MOST_MONTHS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )
    annual_value = PoundsField(label="Annual value", help_text="Pounds a year, partner funding included.")
    whole_life_value = PoundsField(label="Whole-life value", help_text="Pounds, partner funding included.")

    def __init__(self, data: Mapping[str, Any], *, unit: CommissioningUnit, contract: Contract | None = None) -> None:
        super().__init__(data)
        cast(forms.ModelChoiceField, self.fields["service_area"]).queryset = unit.service_areas.all()
        self.rows = {kind: rows_posted(data, kind) for kind in ROWS}
        exercised = exercised_options(contract)
        self._add_people(unit, _named_people(contract))
        self._add_organisations()
        for index in range(self.rows["option"]):
            done = exercised.get(index)
            name = "Extension outside the options" if done and done.is_outside else f"Option {index + 1}"
            self.fields[f"option_{index}"] = _months(
                f"{name}, months", disabled=done is not None, initial=done.months if done else None
            )

    def _add_people(self, unit: CommissioningUnit, also: set[int]) -> None:
        people = PeopleLookup(unit, also=also)
        hint = "The full name or e-mail address of somebody of the unit’s partners."
        for name, label in (("officer", "Contract officer"), ("service_manager", "Service manager")):
            self.fields[name] = LookupField(lookup=people, label=label, required=False, help_text=hint)
        for index in range(self.rows["deputy"]):
            self.fields[f"deputy_{index}"] = LookupField(lookup=people, label=f"Deputy {index + 1}", required=False)

    def _add_organisations(self) -> None:
        bodies = OrganisationLookup()
        self.fields["buyer"] = LookupField(
            lookup=bodies,
            label="Contracting authority",
            required=False,
            help_text="Only where it is not the unit’s host.",
        )
        for index in range(self.rows["provider"]):
            self.fields[f"provider_{index}"] = LookupField(
                lookup=bodies, may_add=True, label=f"Provider {index + 1}", required=False
            )
        for index in range(self.rows["funder"]):
            self.fields[f"funder_{index}"] = LookupField(lookup=bodies, label=f"Partner {index + 1}", required=False)
            self.fields[f"annual_{index}"] = PoundsField(label=f"Share a year of partner {index + 1}")
            self.fields[f"whole_{index}"] = PoundsField(label=f"Share of the whole life of partner {index + 1}")

    # What the page lays out

    def _list(self, kind: str) -> list[Any]:
        return [self[f"{kind}_{index}"] for index in range(self.rows[kind])]

    @property
    def providers(self) -> list[Any]:
        return self._list("provider")

    @property
    def deputies(self) -> list[Any]:
        return self._list("deputy")

    @property
    def options(self) -> list[Any]:
        return self._list("option")

    @property
    def funders(self) -> list[tuple[Any, Any, Any]]:
        rows = range(self.rows["funder"])
        return [(self[f"funder_{row}"], self[f"annual_{row}"], self[f"whole_{row}"]) for row in rows]

    def keep_typed(self) -> None:
        """Show what was typed without judging it: a row was asked for, not a check."""
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}

    # What was meant

    def clean_description(self) -> str:
        return self.cleaned_data["description"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        self._once("provider", "This provider is named twice.")
        self._once("funder", "This partner is named twice.")
        for index in range(self.rows["funder"]):
            self._whole_share(index)
        return self.cleaned_data

    def _once(self, kind: str, sentence: str) -> None:
        seen = []
        for index in range(self.rows[kind]):
            value = self.cleaned_data.get(f"{kind}_{index}")
            if value is not None and value in seen:
                self.add_error(f"{kind}_{index}", sentence)
            seen.append(value)

    def _whole_share(self, index: int) -> None:
        """A share is a partner with both amounts, or nothing at all."""
        names = {
            f"funder_{index}": "Name the partner whose share this is.",
            f"annual_{index}": "Give the share a year; 0 where there is none.",
            f"whole_{index}": "Give the share of the whole life; 0 where there is none.",
        }
        if any(name in self.errors for name in names):
            return
        missing = [name for name in names if self.cleaned_data.get(name) is None]
        if len(missing) < len(names):
            for name in missing:
                self.add_error(name, names[name])

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DETAIL_FIELDS}

    def parts(self) -> ContractParts:
        return ContractParts(
            providers=self._given("provider"),
            deputies=list(dict.fromkeys(self._given("deputy"))),
            option_months=self._given("option"),
            funding=[
                Share(
                    organisation=self.cleaned_data[f"funder_{index}"],
                    annual_amount=self.cleaned_data[f"annual_{index}"],
                    whole_life_amount=self.cleaned_data[f"whole_{index}"],
                )
                for index in range(self.rows["funder"])
                if self.cleaned_data[f"funder_{index}"] is not None
            ],
        )

    def _given(self, kind: str) -> list[Any]:
        values = (self.cleaned_data[f"{kind}_{index}"] for index in range(self.rows[kind]))
        return [value for value in values if value is not None]

    def show_faults(self, error: ValidationError) -> None:
        """A service's refusal beside the field it is about."""
        faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, sentences in faults.items():
            field = FIELD_OF.get(name, name)
            self.add_error(field if field in self.fields else None, cast(Any, sentences))


def rows_posted(data: Mapping[str, Any], kind: str) -> int:
    written = str(data.get(f"{kind}_rows") or "")
    if not written.isdecimal():
        return ROWS[kind]
    return min(int(written), MOST_ROWS) if len(written) < 19 else MOST_ROWS


def exercised_options(contract: Contract | None) -> dict[int, ExtensionOption]:
    """The options already used, by row: they are history and cannot be typed over."""
    if contract is None:
        return {}
    return {option.position - 1: option for option in contract.options.all() if option.exercised_on}


def _named_people(contract: Contract | None) -> set[int]:
    if contract is None:
        return set()
    named = {contract.officer_id, contract.service_manager_id, *(person.pk for person in contract.deputies.all())}
    return {pk for pk in named if pk is not None}


# The stored contract as the form's own text


def as_posted(contract: Contract) -> dict[str, str]:
    """The contract as if somebody had typed it: what the change page opens with."""
    posted = {
        "version": str(contract.version),
        "reference": contract.reference,
        "title": contract.title,
        "description": contract.description,
        "service_area": str(contract.service_area_id or ""),
        "management": contract.management,
        "procurement_regime": contract.procurement_regime,
        "procurement_route": contract.procurement_route,
        "start": long_date(contract.start) if contract.start else "",
        "initial_end": long_date(contract.initial_end) if contract.initial_end else "",
        "notice_months": "" if contract.notice_months is None else str(contract.notice_months),
        "annual_value": _pounds(contract.annual_value),
        "whole_life_value": _pounds(contract.whole_life_value),
    }
    posted |= _looked_up("officer", contract.officer)
    posted |= _looked_up("service_manager", contract.service_manager)
    posted |= _looked_up("buyer", contract.buyer)
    funding = list(contract.funding.select_related("organisation"))
    lists: dict[str, list[Any]] = {
        "provider": [row.organisation for row in contract.provider_rows.select_related("organisation")],
        "deputy": list(contract.deputies.all()),
        "funder": [share.organisation for share in funding],
    }
    for kind, rows in lists.items():
        posted[f"{kind}_rows"] = str(len(rows) + 1)
        for index, row in enumerate(rows):
            posted |= _looked_up(f"{kind}_{index}", row)
    for index, share in enumerate(funding):
        posted |= {f"annual_{index}": _pounds(share.annual_amount), f"whole_{index}": _pounds(share.whole_life_amount)}
    options = list(contract.options.all())
    posted["option_rows"] = str(len(options) + 1)
    return posted | {f"option_{index}": str(option.months) for index, option in enumerate(options)}


def _looked_up(name: str, row: Any) -> dict[str, str]:
    if row is None:
        return {name: ""}
    return {name: row.name, f"{name}-choice": str(row.pk), f"{name}-about": row.name}


def _pounds(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def opened_with(posted: Mapping[str, str]) -> str:
    """What the page was opened with, carried along so that a conflict can tell whose change is whose."""
    return json.dumps(dict(posted))


# Two people at once


@dataclass(frozen=True)
class Difference:
    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Merged:
    """The other person's contract with this person's changes on it, and where the two collide."""

    data: dict[str, str]
    collisions: list[Difference]
    taken_over: list[Difference]


def merge(mine: Mapping[str, Any], theirs: dict[str, str], *, unit: CommissioningUnit, contract: Contract) -> Merged:
    """Fields that this person left alone follow the other's save; those they changed stay theirs, shown beside it."""
    opened = _read_opened(mine.get("opened"))
    rows = {f"{kind}_rows": str(max(rows_posted(mine, kind), rows_posted(theirs, kind))) for kind in ROWS}
    form = ContractForm(theirs | rows, unit=unit, contract=contract)
    data = {"version": theirs["version"], "opened": opened_with(theirs), **rows}
    collisions: list[Difference] = []
    taken_over: list[Difference] = []
    for name, field in form.fields.items():
        if name in ("version", "opened") or field.disabled:
            continue
        keys = [name + part for part in PARTS_OF_A_LOOKUP] if isinstance(field, LookupField) else [name]
        own, was, other = (_plain(source, keys) for source in (mine, opened, theirs))
        keeps_own = own != was
        data |= dict(zip(keys, own if keeps_own else other, strict=True))
        if other == was or own == other:
            continue
        difference = Difference(str(field.label), _shown(field, other[0]), _shown(field, own[0]))
        (collisions if keeps_own else taken_over).append(difference)
    return Merged(data=data, collisions=collisions, taken_over=taken_over)


def _read_opened(written: Any) -> dict[str, str]:
    try:
        read = json.loads(str(written or ""))
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in read.items()} if isinstance(read, dict) else {}


def _plain(source: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    """The field's text without the marks that a browser adds to line ends."""
    return [str(source.get(key) or "").replace("\r\n", "\n").strip() for key in keys]


def _shown(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.ChoiceField):
        return next((str(label) for code, label in cast(Any, field.choices) if str(code) == value), value) or "Nothing"
    return value or "Nothing"
