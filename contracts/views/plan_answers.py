"""What the forms of plans, steps and private notices answer alike: saved, refused, or saved by somebody else first."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from commissioning.rules import long_date
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted
from contracts.forms.monthly_return import FormOfAService
from contracts.models import Contract
from contracts.views.return_conflict import ComparedLine


@dataclass(frozen=True)
class FormPage:
    """What stands around a form. ``parent`` is (words, address) of the page to go back to."""

    contract: Contract
    heading: str
    button: str
    parent: tuple[str, str]
    lead: str = ""
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    offers_another: bool = False
    remove_url: str = ""
    """Where a button under the form takes the step out of its plan; empty for no button."""


def answer(
    request: HttpRequest,
    page: FormPage,
    *,
    make: Callable[[QueryDict | None], FormOfAService],
    write: Callable[[Any], Any],
    done: Callable[[Any], tuple[str, str]],
    stored: Callable[[Any], Mapping[str, Any]] | None = None,
) -> HttpResponse:
    """``write`` saves the form; ``done`` gives the sentence and the address that follow; ``stored`` what a newer
    record says, as the form's own values.
    """
    form, lines, status = make(posted(request)), [], 200
    if form.is_bound and form.is_valid():
        try:
            result = write(form)
        except Conflict as newer:
            if newer.current is None or stored is None:
                messages.error(request, "Somebody removed this in the meantime. Nothing was saved.")
                return redirect(page.parent[1])
            lines, status = _compared(form, stored(newer.current)), 409
            form = make(_seen(request.POST, newer.current.version))
        except ValidationError as refused:
            form.take(refused)
        else:
            sentence, address = done(result)
            messages.success(request, sentence)
            return redirect(address)
    return render(request, "contracts/plan_form.html", {"page": page, "form": form, "lines": lines}, status=status)


def _seen(typed: QueryDict, version: int) -> QueryDict:
    """What was typed, to be saved over what has now been seen."""
    copy = typed.copy()
    copy["version"] = str(version)
    return copy


def _compared(form: FormOfAService, theirs: Mapping[str, Any]) -> list[ComparedLine]:
    """Each field twice; what has no value in the record, such as evidence to add, is not compared."""
    return [
        ComparedLine(
            str(bound.label),
            _words(bound.field, theirs[bound.name]),
            _words(bound.field, form.cleaned_data.get(bound.name)),
        )
        for bound in form.visible_fields()
        if bound.name in theirs
    ]


def _words(field: forms.Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, datetime.date):
        return long_date(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return "; ".join(sorted(str(row) for row in value))
    if isinstance(field, forms.ModelChoiceField):
        return str(field.label_from_instance(value))
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return str(value)
