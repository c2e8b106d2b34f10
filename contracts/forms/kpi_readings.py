"""What is typed of a month's KPIs: a row each, whole or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from contracts.choices import KpiPlan, KpiUnit
from contracts.forms.figures import FigureField, shown_figure
from contracts.forms.monthly_return import FormOfAService
from contracts.models import KpiReading
from contracts.queries.kpis import KpiLine
from contracts.services.kpi_readings import NOTE_LENGTH, ReadingEntry

SUFFIXES: Final = {KpiUnit.PERCENT: "%", KpiUnit.DAYS: "days", KpiUnit.WEEKS: "weeks"}


@dataclass(frozen=True)
class ReadingRow:
    """One KPI's line in the table, with its controls."""

    line: KpiLine
    value: BoundField
    whole: BoundField | None
    nothing: BoundField
    plan: BoundField
    note: BoundField
    version: BoundField

    @property
    def prefix(self) -> str:
        return "£" if self.line.kpi.unit == KpiUnit.POUNDS else ""

    @property
    def suffix(self) -> str:
        """Counts have no sign: it is their part of the whole that is a percentage."""
        return "" if self.whole else SUFFIXES.get(KpiUnit(self.line.kpi.unit), "")


class ReadingsForm(FormOfAService):
    """The KPIs due in the month that the person may report; what cannot be, the service says beside its row."""

    def __init__(self, *args: Any, lines: Sequence[KpiLine], as_provider: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = [line for line in lines if line.is_due and (line.is_by_provider or not as_provider)]
        for line in self.lines:
            self._add_row(line)

    def _add_row(self, line: KpiLine) -> None:
        kpi, row, name = line.kpi, line.reading, f"kpi_{line.kpi.pk}"
        first = row.part if row and kpi.is_from_counts else line.value
        self._add(name, FigureField(label=kpi.name, required=False), shown_figure(first))
        if kpi.is_from_counts:
            whole = FigureField(label=f"{kpi.name}, of how many", required=False)
            self._add(f"{name}_whole", whole, shown_figure(row.whole if row else None))
        nothing = forms.BooleanField(label=f"Nothing to count: {kpi.name}", required=False)
        self._add(f"{name}_nothing", nothing, row.nothing_to_count if row else False)
        plan = forms.ChoiceField(
            label=f"Plan, if short: {kpi.name}", choices=[("", "Nothing said"), *KpiPlan.choices], required=False
        )
        self._add(f"{name}_plan", plan, row.plan if row else "")
        note = forms.CharField(
            label=f"Note: {kpi.name}",
            required=False,
            max_length=NOTE_LENGTH,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"max_length": f"Use {NOTE_LENGTH} characters or fewer."},
        )
        self._add(f"{name}_note", note, row.note if row else "")
        version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
        self._add(f"{name}_version", version, line.version)

    def _add(self, name: str, field: forms.Field, initial: Any) -> None:
        field.initial = initial
        self.fields[name] = field

    @property
    def rows(self) -> list[ReadingRow]:
        return [self.row_of(line) for line in self.lines]

    def row_of(self, line: KpiLine) -> ReadingRow:
        name = f"kpi_{line.kpi.pk}"
        return ReadingRow(
            line=line,
            value=self[name],
            whole=self[f"{name}_whole"] if line.kpi.is_from_counts else None,
            nothing=self[f"{name}_nothing"],
            plan=self[f"{name}_plan"],
            note=self[f"{name}_note"],
            version=self[f"{name}_version"],
        )

    def entries(self) -> list[ReadingEntry]:
        """What was typed, for the service; only of a form without errors of its own."""
        return [self._entry(line) for line in self.lines]

    def _entry(self, line: KpiLine) -> ReadingEntry:
        cleaned, name = self.cleaned_data, f"kpi_{line.kpi.pk}"
        figure = cleaned.get(name)
        counted = line.kpi.is_from_counts
        return ReadingEntry(
            kpi_id=line.kpi.pk,
            value=None if counted else figure,
            part=figure if counted else None,
            whole=cleaned.get(f"{name}_whole"),
            nothing_to_count=cleaned[f"{name}_nothing"],
            plan=cleaned[f"{name}_plan"],
            note=cleaned[f"{name}_note"],
            version=cleaned[f"{name}_version"] or 0,
        )

    def take(self, refused: ValidationError) -> None:
        """The service's sentences beside their rows, each naming its KPI as a field's own faults do."""
        faults: Mapping[str | None, list[str]] = getattr(refused, "message_dict", {None: refused.messages})
        for name, sentences in faults.items():
            field = name if name in self.fields else None
            for sentence in sentences:
                self.add_error(field, ValidationError(sentence, code="invalid") if field else sentence)


def versions_seen(newer: Mapping[int, KpiReading | None]) -> dict[str, str]:
    """After a conflict the next press carries the versions that have now been seen."""
    return {f"kpi_{kpi_id}_version": str(row.version if row else 0) for kpi_id, row in newer.items()}


def typed_words(row: ReadingRow) -> str:
    """What stands in a row's controls, as a sentence to lay beside another's."""
    if row.nothing.value():
        return "Nothing to count"
    figure = str(row.value.value() or "")
    if row.whole is not None:
        whole = str(row.whole.value() or "")
        return f"{figure or '?'} of {whole or '?'}" if figure or whole else ""
    return f"{row.prefix}{figure}{row.suffix if row.suffix == '%' else f' {row.suffix}'}".strip() if figure else ""
