"""One row of the page that makes many returns at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.datastructures import MultiValueDict

from contracts.forms.monthly_return import JET_CHOICES, NOT_ASSESSED, LinesField, MonthlyReturnForm, initial_of
from contracts.queries.grid import GridRow
from contracts.rules.jet import JetScale, NotAssessed
from contracts.services.returns import NARRATIVE_LENGTH

TYPED: Final = ("risk", "jet", "not_assessed_reason", "kpi_reason", "narrative")
"""What a row states, by the names of its fields."""


@dataclass(frozen=True)
class SelectOption:
    value: str
    label: str
    is_chosen: bool


def prefix_of(pk: int) -> str:
    return f"c{pk}"


class GridRowForm(MonthlyReturnForm):
    """As the page of one return, and whether it is checked. ``shown`` is the mark of what the row opened with."""

    jet = forms.ChoiceField(label="JET grade", choices=JET_CHOICES, required=False, widget=forms.Select)
    not_assessed_reason = LinesField(
        label="Why JET was not assessed", max_length=300, required=False, widget=forms.TextInput
    )
    kpi_reason = LinesField(
        label="Why this score stands",
        max_length=NARRATIVE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    narrative = LinesField(
        label="What changed", max_length=NARRATIVE_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    shown = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    checked = forms.BooleanField(required=False)

    def jet_options(self, scale: JetScale) -> list[SelectOption]:
        """«9 Exceptional» down to «1 Poor», then «Not assessed»; empty where nothing is chosen yet."""
        chosen = str(self["jet"].value() or "")
        labels = [("", "Choose")] if chosen not in dict(JET_CHOICES) else []
        labels += [(str(row.score), f"{row.score} {row.descriptor}") for row in scale.rows]
        labels.append((NOT_ASSESSED, "Not assessed"))
        return [SelectOption(value, label, value == chosen) for value, label in labels]


def opening_of(row: GridRow) -> dict[str, Any]:
    """What the row opens with: the month's own words where it has any, else last month's risk and JET, no wording."""
    opening = initial_of(row.row)
    if row.row is None and row.last_stated:
        risk, jet = row.last_stated
        opening |= {"risk": risk, "jet": NOT_ASSESSED if isinstance(jet, NotAssessed) else str(jet or "")}
    return opening | {"shown": mark_of(opening)}


def mark_of(values: Mapping[str, Any]) -> str:
    """A short mark of what a row states: two rows that state the same have the same."""
    stated = "\x1f".join(str(values.get(name) or "").replace("\r\n", "\n").strip() for name in TYPED)
    return hashlib.sha256(stated.encode()).hexdigest()[:20]


def posted_of(data: MultiValueDict[str, str], pk: int) -> dict[str, str]:
    """What was sent of one row, as text."""
    names = (*TYPED, "version", "shown", "checked")
    return {name: data.get(f"{prefix_of(pk)}-{name}") or "" for name in names}


def has_moved(posted: Mapping[str, str]) -> bool:
    """Whether the row states anything else than what it opened with."""
    return mark_of(posted) != posted["shown"]
