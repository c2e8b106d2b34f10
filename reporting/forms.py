"""Forms of saved views."""

from typing import Any

from django import forms

from commissioning.models import CommissioningUnit
from reporting.models import LONGEST_QUERY, SavedView


class SavedViewForm(forms.Form):
    """A view over all units has nobody to be shared with."""

    name = forms.CharField(
        label="Name of the view",
        max_length=SavedView._meta.get_field("name").max_length,
        help_text="For example, Homes ending this year.",
        error_messages={"required": "Give the view a name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    share = forms.BooleanField(
        label="Share with the unit",
        required=False,
    )

    def __init__(self, *args: Any, unit: CommissioningUnit | None, **options: Any) -> None:
        super().__init__(*args, **options)
        if unit is None:
            del self.fields["share"]
        else:
            self.fields["share"].help_text = (
                f"Everyone who works in {unit} reads the name and the filter, words typed in it included. "
                "Each of them finds the contracts that they may see."
            )


class NewViewForm(SavedViewForm):
    query = forms.CharField(
        max_length=2 * LONGEST_QUERY,  # as the address has it, before it is brought into its short form
        required=False,
        widget=forms.HiddenInput,
        error_messages={"max_length": "This view has more filters than can be kept. Take some of them out first."},
    )


class ChangedViewForm(SavedViewForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
