"""Adding a file to a contract or a service review, and taking it away."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from contracts.forms.monthly_return import FormOfAService, LinesField
from contracts.rules.documents import ENDINGS, MOST_BYTES, TAKEN, size_words


class DocumentForm(FormOfAService):
    title = forms.CharField(
        label="What it is",
        max_length=200,
        help_text="For example “Contract and schedules”. A newer file under the same words is its next version.",
        error_messages={"required": "Say what the document is."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    file = forms.FileField(
        label="File",
        help_text=f"{TAKEN}, at most {size_words(MOST_BYTES)}.",
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    is_shared_with_provider = forms.BooleanField(label="The provider sees it too", required=False)

    def __init__(self, *args: Any, may_share: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_share:
            del self.fields["is_shared_with_provider"]

    def clean_file(self) -> Any:
        """Before it is read: a file that is too large never comes into memory."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                f"The file is larger than {size_words(MOST_BYTES)}. Make it smaller, or keep it in parts."
            )
        return file


class RemoveDocumentForm(FormOfAService):
    reason = LinesField(
        label="Why it is removed",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is removed."},
    )
