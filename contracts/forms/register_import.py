"""The upload of a register, and the answers about doubtful providers."""

from typing import Any, Final

from django import forms

from accounts.permissions import Permission
from commissioning.models import CommissioningUnit
from contracts.models import ProviderQuestion, RegisterImport
from contracts.register_files.reading import MOST_BYTES
from contracts.resources.providers import NEW


class RegisterUploadForm(forms.Form):
    unit = forms.ModelChoiceField(
        CommissioningUnit.objects.none(),
        label="Unit whose register it is",
        empty_label="Choose a unit",
        error_messages={"required": "Choose the unit whose register it is."},
    )
    file = forms.FileField(
        label="Register file",
        help_text="An Excel workbook (.xlsx) or .csv, at most 20 MB and 50,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "Choose a register file.", "empty": "The file is empty."},
    )

    def __init__(self, *args: Any, user: Any, current: CommissioningUnit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = CommissioningUnit.objects.visible_to(user, Permission.EDIT_CONTRACTS)
        self.units = list(units)
        field = self.fields["unit"]
        field.queryset = units  # type: ignore[attr-defined]
        if current in self.units or len(self.units) == 1:
            field.initial = current if current in self.units else self.units[0]
        if len(self.units) == 1:
            field.widget = forms.HiddenInput()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                "The file is larger than 20 MB. Split it and import the parts one after the other."
            )
        return file


MOST_QUESTIONS: Final = 50
"""Asked on one page."""


class ProviderAnswersForm(forms.Form):
    """One group of choices for each doubtful name; none is preset, so that nothing is merged unread.

    `asked` are all that are open, `here` those of this page: the first that come after the question `after`, by its
    number, since the answered ones leave the list and places in it would move.
    """

    after = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, register_import: RegisterImport, after: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["after"] = after
        self.asked: list[ProviderQuestion] = list(register_import.provider_questions.filter(answer=""))
        following = [question for question in self.asked if question.pk > after] or self.asked
        self.here, self.later = following[:MOST_QUESTIONS], following[MOST_QUESTIONS:]
        for question in self.asked:
            if question not in self.here and f"provider_{question.pk}" not in self.data:
                continue
            same = [(key, f"The same as {name}") for key, name in question.candidates]
            self.fields[f"provider_{question.pk}"] = forms.ChoiceField(
                label=f"Who is “{question.name}”?",
                choices=[*same, (NEW, "A new provider")],
                widget=forms.RadioSelect,
                required=False,
            )

    @property
    def rest_are_new(self) -> bool:
        return "rest_are_new" in self.data

    @property
    def more(self) -> bool:
        """Whether the person goes on to the next page before the file is checked again."""
        return "next" in self.data

    @property
    def first(self) -> int:
        """The place of the page's first question among those that are open, from 1."""
        return self.asked.index(self.here[0]) + 1 if self.here else 0

    @property
    def last(self) -> int:
        return self.first + len(self.here) - 1

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.rest_are_new and not self.more and not self.answers():
            raise forms.ValidationError("Answer for at least one provider.")
        return self.cleaned_data

    def answers(self) -> dict[int, str]:
        """The answers given, by question; those left open stay open."""
        given = {question.pk: self.cleaned_data.get(f"provider_{question.pk}") for question in self.asked}
        return {pk: answer for pk, answer in given.items() if answer}
