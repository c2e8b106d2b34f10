"""Every form of the service in GOV.UK markup, through Django's own form rendering.

A field renders with `{{ form.name.as_field_group }}`, a form with `{{ form }}`: label, hint, error, control, joined by
the ids that Django gives them (`…_helptext`, `…_error`).
"""

from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.Select, "govuk-select"),
    (forms.Textarea, "govuk-textarea"),
    (forms.FileInput, "govuk-file-upload"),
    (Input, "govuk-input"),
)
"""The first that fits: a list of check boxes is also a select in Django's eyes."""

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.CheckboxInput, "checkbox"),
    (forms.RadioSelect, "radios"),
    (forms.Textarea, "textarea"),
)


CODES_OF_NAMELESS = frozenset(
    {
        "invalid",
        "invalid_choice",
        "invalid_pk_value",
        "min_value",
        "max_value",
        "max_length",
        "max_digits",
        "max_decimal_places",
        "max_whole_digits",
    }
)
"""The faults that Django's fields and validators find themselves, in the same words for every field."""


class GovukBoundField(BoundField):
    """A field in its form, knowing its GOV.UK classes."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        own = self._own_class(widget)
        if own:
            error = f"{own}--error" if self.errors and not own.endswith("__input") else ""
            counter = "govuk-js-character-count" if self.counts_characters else ""
            given = str(built.get("class") or widget.attrs.get("class", ""))
            built["class"] = " ".join(filter(None, [own, error, counter, given]))
            built["placeholder"] = False  # it vanishes while typing and is too faint to read; the label says it
        if self.counts_characters:
            built["aria-describedby"] = f"{built.get('aria-describedby', '')} {self.auto_id}-info".strip()
            built["maxlength"] = False  # typing would stop dead at it; the counter and the server say it in words
        return built

    @staticmethod
    def _own_class(widget: forms.Widget) -> str:
        if widget.is_hidden:
            return ""
        return next((name for kind, name in CONTROL_CLASSES if isinstance(widget, kind)), "")

    @property
    def kind(self) -> str:
        """Which of the shapes in templates/forms/field.html the field takes."""
        return next((name for kind, name in KINDS if isinstance(self.field.widget, kind)), "control")

    @property
    def counts_characters(self) -> bool:
        return self.kind == "textarea" and bool(self.max_length)

    @property
    def max_length(self) -> int | None:
        return getattr(self.field, "max_length", None)

    @property
    def messages(self) -> list[str]:
        """The errors in words that name the field, since the summary shows them away from it."""
        plain = forms.Field.default_error_messages["required"]
        verb = {"control": "Fill in", "textarea": "Fill in", "checkbox": "Tick"}.get(self.kind, "Choose")
        if isinstance(self.field.widget, forms.Select | forms.FileInput):
            verb = "Choose"
        return [
            f"{verb} “{self.label}”" if message == plain else self._named(str(message), fault.code)
            for fault in self.errors.as_data()
            for message in fault.messages
        ]

    def _named(self, message: str, code: str | None) -> str:
        """What a field says of any text that it cannot take does not say which field it is."""
        if code not in CODES_OF_NAMELESS or message.startswith(str(self.label)):
            return message
        return f"{self.label}: {message[:1].lower()}{message[1:]}"

    @property
    def first_id(self) -> str:
        """Where a link in the error summary leads: the control, or the first of a group."""
        return f"{self.auto_id}_0" if self.kind in {"radios", "checkboxes"} else self.auto_id


class GovukFormRenderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = GovukBoundField


# --- Dates as people here write them ---------------------------------------------------------------

DATE_FORMATS = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")
"""Day first, or the unambiguous year-first form that spreadsheets write."""


class LongDateInput(forms.DateInput):
    """One text input showing «31 March 2026»."""

    def format_value(self, value: Any) -> str | None:
        return f"{value:%d %B %Y}".removeprefix("0") if isinstance(value, date) else value


class LongDateField(forms.DateField):
    widget = LongDateInput
    default_error_messages = {"invalid": "Enter a real date, such as 31 March 2026"}

    def __init__(self, *, help_text: str = "For example, 31 March 2026", **options: Any) -> None:
        super().__init__(input_formats=DATE_FORMATS, help_text=help_text, **options)
        self.widget.attrs.setdefault("class", "govuk-input--width-10")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> date | None:
        """Forgives doubled spaces and «Sept»."""
        if isinstance(value, str):
            value = " ".join(value.replace(",", " ").split())
            value = value.replace("Sept ", "Sep ").replace("sept ", "sep ")
        return super().to_python(value)
