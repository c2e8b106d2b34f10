"""Two people at once: what somebody else saved beside what this person typed, field by field."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, QueryDict

from commissioning.rules import long_date


@dataclass(frozen=True)
class Difference:
    label: str
    theirs: str
    mine: str


def typed_again(request: HttpRequest, *, version: int) -> QueryDict:
    """What was posted, on the version that stands now: saving it replaces that knowingly."""
    typed = request.POST.copy()
    typed["version"] = str(version)
    return typed


def differences(form: forms.Form, stored: Mapping[str, Any]) -> list[Difference]:
    """The fields in which the two differ; ``form`` is bound to what was typed, and valid."""
    rows = [
        (str(form[name].label), _words(form.fields[name], value), _words(form.fields[name], form.cleaned_data[name]))
        for name, value in stored.items()
        if name in form.fields
    ]
    return [Difference(*row) for row in rows if row[1] != row[2]]


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value is None or value in ("", []):
        return "Nothing"
    if isinstance(value, datetime.date):
        return long_date(value)
    if isinstance(value, list):
        return ", ".join(str(each.reference if isinstance(each, Model) else each) for each in value)  # type: ignore[attr-defined]
    labels = {str(code): str(label) for code, label in getattr(field, "choices", [])} if not _is_row(value) else {}
    return labels.get(str(value), str(value))


def _is_row(value: Any) -> bool:
    return isinstance(value, Model)
