"""Months and figures as people type them."""

import datetime
from typing import Any, Final

from django import forms

MONTH_FORMATS: Final = ("%B %Y", "%b %Y", "%m/%Y", "%Y-%m")
MAY_SURROUND_A_FIGURE: Final = str.maketrans("", "", "£%, \u00a0")


class MonthInput(forms.DateInput):
    """One text input showing «October 2014»."""

    def format_value(self, value: Any) -> str | None:
        return f"{value:%B %Y}" if isinstance(value, datetime.date) else value


class MonthField(forms.DateField):
    """A month as its first day."""

    widget = MonthInput
    default_error_messages = {"invalid": "Enter a month, such as October 2014"}

    def __init__(self, *, help_text: str = "For example, October 2014", **options: Any) -> None:
        super().__init__(input_formats=MONTH_FORMATS, help_text=help_text, **options)
        self.widget.attrs |= {"class": "govuk-input--width-10", "autocomplete": "off"}

    def to_python(self, value: Any) -> datetime.date | None:
        """Forgives doubled spaces and «Sept»; no contract of this century is measured in another."""
        if isinstance(value, str):
            value = " ".join(value.replace(",", " ").split()).replace("Sept ", "Sep ").replace("sept ", "sep ")
        found = super().to_python(value)
        if found is not None and not 2000 <= found.year <= 2099:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class FigureField(forms.DecimalField):
    """A figure, typed with or without its unit's sign and the commas of thousands."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=4, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        self.widget.attrs.setdefault("class", "govuk-input--width-5")
        self.error_messages |= {
            "invalid": "Enter a number, such as 92 or 92.5.",
            "max_decimal_places": "Use at most 4 decimal places.",
            "max_whole_digits": "This number is too large.",
            "max_digits": "This number is too large.",
        }

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.translate(MAY_SURROUND_A_FIGURE) if isinstance(value, str) else value)


def shown_figure(value: Any) -> str:
    """«92», «92.5»: without the zeros that the column keeps; empty for none."""
    if value is None:
        return ""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
