"""Forms of partners and people."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from accounts import clock
from accounts.forms_renderer import LongDateField
from accounts.models import User
from accounts.permissions import ROLES, Role
from commissioning.choices import PartnerLevel
from commissioning.models import Organisation

LEVELS = [(level.value, level.label) for level in (PartnerLevel.FULL, PartnerLevel.OBSERVER)]


def show_faults(form: forms.Form, error: ValidationError) -> None:
    """Put a service's refusal beside the fields it names; what names no field of the form goes above it."""
    faults = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, sentences in faults.items():
        form.add_error(name if name in form.fields else None, sentences)


class Reasoned(forms.Form):
    """A change that history keeps with its reason."""

    reason = forms.CharField(
        label="Why",
        help_text="The audit log shows this sentence beside the change.",
        max_length=300,
        error_messages={"required": "Say why."},
        widget=forms.Textarea(attrs={"rows": 2, "class": "govuk-!-width-two-thirds"}),
    )


class PartnerJoinForm(Reasoned):
    level = forms.ChoiceField(
        label="Level",
        choices=LEVELS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose full partner or observer."},
    )
    joined_on = LongDateField(label="Takes part from", error_messages={"required": "Give the first day."})
    field_order = ["level", "joined_on", "reason"]


class PartnerLevelForm(Reasoned):
    level = forms.ChoiceField(
        label="New level",
        choices=LEVELS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose full partner or observer."},
    )
    field_order = ["level", "reason"]


class PartnerLeaveForm(Reasoned):
    left_on = LongDateField(label="Last day", error_messages={"required": "Give the last day."})
    field_order = ["left_on", "reason"]


class OrganisationSearchForm(forms.Form):
    q = forms.CharField(
        label="Name or code of the organisation",
        help_text="Part of the name is enough, or its ODS or GSS code.",
        min_length=3,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-30", "autocomplete": "off"}),
        error_messages={
            "required": "Type part of the name.",
            "min_length": "Type at least three letters.",
        },
    )


class RoleSelect(forms.RadioSelect):
    """Each role with the sentence that says what its people do."""

    template_name = "commissioning/role_select.html"

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        option["hint"] = ROLES[Role(value)].description
        option["hint_id"] = f"id_{name}_{option['index']}_hint"
        option["attrs"]["aria-describedby"] = option["hint_id"]
        return option


class RoleForm(forms.Form):
    """A role from a day on, and to a day where that is known."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in Role],
        widget=RoleSelect,
        error_messages={"required": "Choose a role."},
    )
    since = LongDateField(label="From", error_messages={"required": "Give the first day."})
    until = LongDateField(
        label="To (if known)", required=False, help_text="The last day. Leave empty where the role goes on."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["since"].initial = clock.today


class PersonForm(RoleForm):
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label="Organisation", widget=forms.RadioSelect, empty_label=None
    )
    name = forms.CharField(
        label="Name",
        max_length=150,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-30", "autocomplete": "off"}),
        error_messages={"required": "Give the person’s name."},
    )
    email = forms.EmailField(
        label="Work e-mail address",
        help_text="They sign in with it. We send them a link to set their password.",
        widget=forms.EmailInput(attrs={"class": "govuk-input--width-30", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Give the person’s e-mail address."},
    )
    field_order = ["organisation", "name", "email", "role", "since", "until"]

    def clean_name(self) -> str:
        """It opens the mail we send: more lines would be somebody else's words under our sender."""
        name: str = self.cleaned_data["name"]
        if len(name.splitlines()) > 1:
            raise ValidationError("Write the name on one line.")
        return name

    def __init__(self, *args: Any, organisations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast(forms.ModelChoiceField, self.fields["organisation"])
        field.queryset = organisations
        bodies = list(organisations)
        if len(bodies) == 1:
            field.initial = bodies[0]
            field.widget = forms.HiddenInput()


class RoleEndForm(forms.Form):
    until = LongDateField(label="Last day of the role", error_messages={"required": "Give the last day."})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].initial = clock.today


class LeaverForm(Reasoned):
    until = LongDateField(label="Last day", error_messages={"required": "Give the last day."})
    field_order = ["until", "reason"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].initial = clock.today
        # the audit log is of contracts and partners, not of people
        self.fields["reason"].help_text = "Kept on record with the change."


class StandInForm(forms.Form):
    """Who acts for an absent person, from one day to another."""

    stand_in = forms.ModelChoiceField(
        label="Who stands in",
        queryset=User.objects.none(),
        empty_label="Choose a colleague",
        widget=forms.Select(attrs={"class": "govuk-select"}),
        error_messages={"required": "Choose a colleague.", "invalid_choice": "Choose a colleague of the list."},
    )
    since = LongDateField(label="From", error_messages={"required": "Give the first day."})
    until = LongDateField(label="To", error_messages={"required": "Give the last day."})

    def __init__(self, *args: Any, colleagues: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast(forms.ModelChoiceField, self.fields["stand_in"])
        field.queryset = colleagues
        self.fields["since"].initial = clock.today
