"""Kinds of filter that a register's address may hold, beside those that django-filter knows."""

from typing import Any

import django_filters
from django import forms

from accounts.forms_renderer import LongDateField


class AnyOfField(forms.MultipleChoiceField):
    """Several values that no list of choices limits: what is not there matches nothing."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= 200


class AnyNumberField(AnyOfField):
    def valid_value(self, value: Any) -> bool:
        return str(value).isdecimal() and len(str(value)) < 19


class PoundsField(forms.DecimalField):
    """An amount as people write it: 12000, 12,000 or £12,000."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **options)

    def to_python(self, value: Any) -> Any:
        plain = value.replace("£", "").replace(",", "") if isinstance(value, str) else value
        return super().to_python(plain)


class AnyOf(django_filters.MultipleChoiceFilter):
    field_class = AnyOfField


class AnyNumber(django_filters.MultipleChoiceFilter):
    field_class = AnyNumberField


class Pounds(django_filters.Filter):
    field_class = PoundsField


class Day(django_filters.Filter):
    """A day as people here write it, or year first as links do."""

    field_class = LongDateField
