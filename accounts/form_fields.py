"""Form fields that people here fill in as they speak."""

from datetime import date
from typing import Any

from django import forms

INPUT_FORMATS = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")
"""Day first, or the unambiguous year-first form that spreadsheets write."""


class LongDateInput(forms.DateInput):
    """One text input showing «31 March 2026»."""

    def format_value(self, value: Any) -> str | None:
        return f"{value:%d %B %Y}".removeprefix("0") if isinstance(value, date) else value


class LongDateField(forms.DateField):
    widget = LongDateInput
    default_error_messages = {"invalid": "Enter a real date, such as 31 March 2026"}

    def __init__(self, *, help_text: str = "For example, 31 March 2026", **options: Any) -> None:
        super().__init__(input_formats=INPUT_FORMATS, help_text=help_text, **options)
        self.widget.attrs.setdefault("class", "govuk-input--width-10")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> date | None:
        """Forgives doubled spaces and «Sept»."""
        if isinstance(value, str):
            value = " ".join(value.replace(",", " ").split())
            value = value.replace("Sept ", "Sep ").replace("sept ", "sep ")
        return super().to_python(value)
