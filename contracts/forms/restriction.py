"""Forms of a contract's restriction and its end."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet

from accounts import clock
from accounts.forms_renderer import LongDateField
from commissioning.models import Organisation
from contracts.models import Contract


def _reason(label: str, *, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason."},
    )


class RestrictForm(forms.Form):
    reason = _reason("Why it is commercially sensitive", help_text="Those named below and auditors read this sentence.")
    review_on = LongDateField(
        label="Review on",
        help_text="When the restriction is looked at again, for example 31 March 2015.",
        error_messages={"required": "Give the day on which this is looked at again."},
    )
    named = forms.ModelMultipleChoiceField(
        queryset=Organisation.objects.none(),
        label="Organisations that still see it",
        help_text="To everyone else the contract does not exist: neither on a list, nor in a count, nor in a total.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Name at least your own organisation."},
    )

    def __init__(self, *args: Any, contract: Contract, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelMultipleChoiceField, self.fields["named"]).queryset = who_may_be_named(contract)


class LiftForm(forms.Form):
    reason = _reason("Why it need not be restricted any longer")


def who_may_be_named(contract: Contract) -> QuerySet[Organisation]:
    """Today's partners of the unit and the contract's providers."""
    today = clock.today()
    partner = Q(partnerships__left_on=None) | Q(partnerships__left_on__gte=today)
    partners = Organisation.objects.filter(
        partner, partnerships__unit=contract.unit_id, partnerships__joined_on__lte=today
    )
    return Organisation.objects.filter(Q(pk__in=partners.values("pk")) | Q(provider_rows__contract=contract)).distinct()
