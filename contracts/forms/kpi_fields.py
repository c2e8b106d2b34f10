"""Fields for the KPI readings of a month, one set for each KPI, in a form that states other things too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from contracts.choices import KpiPlan
from contracts.forms.figures import FigureField, shown_figure
from contracts.queries.kpis import KpiLine
from contracts.queries.return_kpis import ReturnKpi, asks
from contracts.services.kpi_readings import ReadingEntry
from contracts.services.return_kpis import with_plan_if_short

NO_PLAN_SAID = ("", "Choose")


def kpi_name(pk: int) -> str:
    """The field of a KPI's value, or of its part; what a service refuses of the KPI is said there."""
    return f"kpi_{pk}"


def kpi_fields(line: KpiLine) -> dict[str, forms.Field]:
    name, label = kpi_name(line.kpi.pk), line.kpi.name
    fields: dict[str, forms.Field] = {name: FigureField(label=label, required=False)}
    if line.kpi.is_from_counts:
        fields[f"{name}_whole"] = FigureField(label=f"{label}: out of", required=False)
    fields[f"{name}_none"] = forms.BooleanField(label="Nothing to count", required=False)
    fields[f"{name}_plan"] = forms.ChoiceField(
        label=f"What is done about it: {label}", choices=[NO_PLAN_SAID, *KpiPlan.choices], required=False
    )
    fields[f"{name}_version"] = forms.IntegerField(
        min_value=0, required=False, initial=line.version, widget=forms.HiddenInput
    )
    return fields


def kpi_initial(lines: Sequence[KpiLine]) -> dict[str, Any]:
    """What is stored for the month itself; a plan that the improvement plan brings is filled in."""
    found: dict[str, Any] = {}
    for line in filter(asks, lines):
        name = kpi_name(line.kpi.pk)
        row = line.reading if line.version else None
        found |= {f"{name}_plan": line.plan, f"{name}_version": line.version}
        if row is None:
            continue
        counts = line.kpi.is_from_counts
        found[name] = shown_figure(row.part if counts else row.value)
        found[f"{name}_whole"] = shown_figure(row.whole)
        found[f"{name}_none"] = row.nothing_to_count
    return found


def kpi_entries(cleaned: Mapping[str, Any], lines: Sequence[KpiLine]) -> list[ReadingEntry]:
    """What was typed. A note made elsewhere stays; a plan is nothing without a reading that is short."""
    return [_entry(cleaned, line) for line in lines if asks(line)]


def _entry(cleaned: Mapping[str, Any], line: KpiLine) -> ReadingEntry:
    name = kpi_name(line.kpi.pk)
    first, whole = cleaned.get(name), cleaned.get(f"{name}_whole")
    none = bool(cleaned.get(f"{name}_none"))
    version = cleaned.get(f"{name}_version") or 0
    if first is None and whole is None and not none:
        return ReadingEntry(kpi_id=line.kpi.pk, version=version)
    counts = line.kpi.is_from_counts
    entry = ReadingEntry(
        kpi_id=line.kpi.pk,
        value=None if counts else first,
        part=first if counts else None,
        whole=whole,
        nothing_to_count=none,
        plan=cleaned.get(f"{name}_plan", ""),
        note=line.reading.note if line.reading and line.version else "",
        version=version,
    )
    return with_plan_if_short(line, entry)


@dataclass(frozen=True)
class KpiRow:
    """A KPI that is due beside its fields; none where its reading is not entered here."""

    kpi: ReturnKpi
    value: BoundField | None = None
    whole: BoundField | None = None
    none: BoundField | None = None
    plan: BoundField | None = None
    version: BoundField | None = None


def kpi_row(form: forms.Form, kpi: ReturnKpi) -> KpiRow:
    name = kpi_name(kpi.line.kpi.pk)
    if name not in form.fields:
        return KpiRow(kpi)
    parts = {part: f"{name}_{part}" for part in ("whole", "none", "plan", "version")}
    return KpiRow(kpi, form[name], **{part: form[field] for part, field in parts.items() if field in form.fields})
