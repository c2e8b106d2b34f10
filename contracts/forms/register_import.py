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
        CommissioningUnit.objects.none(), label="Unit whose register it is", empty_label="Choose a unit"
    )
    file = forms.FileField(
        label="Register file",
        help_text="An Excel workbook (.xlsx) or .csv, at most 20 MB and 50,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": "The file is empty."},
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
"""Asked on one page; the rest follow when these are answered."""


class ProviderAnswersForm(forms.Form):
    """One group of choices for each doubtful name; none is preset, so that nothing is merged unread."""

    def __init__(self, *args: Any, register_import: RegisterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: list[ProviderQuestion] = list(register_import.provider_questions.filter(answer=""))
        for question in self.asked[:MOST_QUESTIONS]:
            same = [(key, f"The same as {name}") for key, name in question.candidates]
            self.fields[f"provider_{question.pk}"] = forms.ChoiceField(
                label=f"Who is “{question.name}”?",
                choices=[*same, (NEW, "A new provider")],
                widget=forms.RadioSelect,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.answers():
            raise forms.ValidationError("Answer for at least one provider.")
        return self.cleaned_data

    def answers(self) -> dict[int, str]:
        """The answers given, by question; those left open stay open."""
        given = {question.pk: self.cleaned_data.get(f"provider_{question.pk}") for question in self.asked}
        return {pk: answer for pk, answer in given.items() if answer}
