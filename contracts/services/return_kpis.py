"""The KPI readings that a return brings with it: what they make of the evidence, and what is wrong with them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from contracts.choices import KpiPlan, KpiStanding
from contracts.models import KpiReading
from contracts.queries.kpis import KpiLine
from contracts.queries.return_kpis import asks
from contracts.rules.kpis import value_of_counts
from contracts.services.kpi_readings import ReadingEntry, entry_fault


def with_entries(lines: Iterable[KpiLine], entries: Collection[ReadingEntry]) -> list[KpiLine]:
    """The lines as they would stand once the entries are saved; an entry that cannot be read leaves none."""
    by_kpi = {entry.kpi_id: entry for entry in entries}
    return [_with_entry(line, by_kpi[line.kpi.pk]) if line.kpi.pk in by_kpi else line for line in lines]


def _with_entry(line: KpiLine, entry: ReadingEntry) -> KpiLine:
    planned = KpiPlan.IN_PLACE if line.plan and not (line.reading and line.reading.plan) else ""
    value = _value_of(line, entry)
    if value is None and not (entry.nothing_to_count and not entry_fault(entry, line.kpi)):
        return replace(line, reading=None, readings=(*line.readings[:-1], None), plan=planned)
    reading = KpiReading(
        kpi=line.kpi,
        month=line.month,
        value=value,
        part=entry.part,
        whole=entry.whole,
        nothing_to_count=entry.nothing_to_count,
        plan=entry.plan,
        version=entry.version,
    )
    return replace(line, reading=reading, readings=(*line.readings[:-1], reading), plan=entry.plan or planned)


def _value_of(line: KpiLine, entry: ReadingEntry) -> Decimal | None:
    if entry.is_empty or entry.nothing_to_count or entry_fault(entry, line.kpi):
        return None
    if line.kpi.is_from_counts and entry.part is not None and entry.whole is not None:
        return value_of_counts(entry.part, entry.whole, decimals=line.kpi.decimals)
    return entry.value


def reading_faults(lines: Sequence[KpiLine], entries: Collection[ReadingEntry]) -> dict[str, str]:
    """By field, what a submission may not say or lack of its KPIs; ``lines`` are those ``with_entries`` gives.

    What the provider reports and has not sent yet holds nothing up.
    """
    kpis = {line.kpi.pk: line.kpi for line in lines}
    faults = {
        f"kpi_{entry.kpi_id}": fault
        for entry in entries
        if entry.kpi_id in kpis and not entry.is_empty and (fault := entry_fault(entry, kpis[entry.kpi_id]))
    }
    missing = {
        f"kpi_{line.kpi.pk}": f"Give the reading for {line.month:%B %Y}, or tick “Nothing to count”."
        for line in lines
        if asks(line) and line.reading is None
    }
    return missing | faults


def entry_of(line: KpiLine) -> ReadingEntry:
    """What is stored, as an entry that would change nothing."""
    row = line.reading if line.version else None
    if row is None:
        return ReadingEntry(kpi_id=line.kpi.pk)
    counts = {"part": row.part, "whole": row.whole} if line.kpi.is_from_counts else {"value": row.value}
    return ReadingEntry(
        kpi_id=line.kpi.pk,
        nothing_to_count=row.nothing_to_count,
        plan=row.plan,
        note=row.note,
        version=row.version,
        **counts,
    )


def with_plan_if_short(line: KpiLine, entry: ReadingEntry) -> ReadingEntry:
    """What is done about it is said only of a reading that is short of its target."""
    standing = _with_entry(line, entry).standing
    return entry if standing == KpiStanding.BELOW else replace(entry, plan="")
