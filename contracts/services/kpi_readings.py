"""Readings of a contract's KPIs, saved for a month by its officer or, where it reports them, by its provider."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.rules import long_date
from commissioning.services.conflict import Conflict
from contracts.choices import KpiPlan, Reporter
from contracts.models import Contract, Kpi, KpiReading, KpiTarget
from contracts.queries.closing import closed_review, closed_words
from contracts.rules.kpis import counts_fault, is_due, next_due, reading_fault, value_of_counts
from contracts.rules.returns import month_end, month_start, next_month
from contracts.services.month_lock import hold_open

NOTE_LENGTH: Final = 300
#: What the columns hold: ten digits before the point.
LARGEST: Final = Decimal(10) ** 10


@dataclass(frozen=True)
class ReadingEntry:
    """What was typed for one KPI. ``version`` is that of the reading the page was opened on, 0 where none was there.

    With nothing typed at all a reading that is there is taken out again.
    """

    kpi_id: int
    value: Decimal | None = None
    part: Decimal | None = None
    whole: Decimal | None = None
    nothing_to_count: bool = False
    plan: str = ""
    note: str = ""
    version: int = 0

    @property
    def is_empty(self) -> bool:
        figures = (self.value, self.part, self.whole)
        return figures == (None, None, None) and not (self.nothing_to_count or self.plan or self.note.strip())


def save_readings(
    *,
    contract: Contract,
    month: datetime.date,
    entries: Collection[ReadingEntry],
    by: User,
    absent: User | None = None,
    as_provider: bool = False,
    amendment_reason: str = "",
) -> list[KpiReading]:
    """Save what changed, and return those rows; inside a return's act it is written with it or not at all.

    ``absent`` is the person for whom a stand-in does it. ``as_provider`` takes only what the provider reports. A month
    that is closed takes nothing without the reason of its amendment. Raises ValidationError keyed ``kpi_<id>``, or
    Conflict with the newer readings by KPI (None for one taken out meanwhile).
    """
    what = "KPI readings amended" if amendment_reason else "KPI readings saved"
    with act(what, by=by, reason=amendment_reason, on_behalf_of=absent):
        _hold(contract, month)
        kpis = {kpi.pk: kpi for kpi in Kpi.objects.filter(contract=contract, pk__in=[each.kpi_id for each in entries])}
        rows = KpiReading.objects.filter(kpi__in=kpis, month=month).select_for_update(of=("self",))
        stored = {row.kpi_id: row for row in rows.select_related("saved_by")}
        changed = [each for each in entries if not _is_kept(each, kpis.get(each.kpi_id), stored.get(each.kpi_id))]
        if not changed:
            return []
        _refuse_faults(contract, month, changed, kpis, as_provider=as_provider)
        newer = {
            each.kpi_id: stored.get(each.kpi_id)
            for each in changed
            if (stored[each.kpi_id].version if each.kpi_id in stored else 0) != each.version
        }
        if newer:
            raise Conflict(newer)
        if not amendment_reason:
            _refuse_a_closed_month(contract, month)
        return [
            _write(each, kpis[each.kpi_id], stored.get(each.kpi_id), month=month, by=by, absent=absent)
            for each in changed
        ]


def _hold(contract: Contract, month: datetime.date) -> None:
    """As every writer of the month: it cannot be closed meanwhile, and two first readings wait for each other."""
    hold_open([contract.unit_id], month)
    Contract.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=contract.pk)


def _refuse_a_closed_month(contract: Contract, month: datetime.date) -> None:
    closed = closed_review(contract.unit_id, month)
    if closed:
        raise ValidationError(f"{closed_words(closed)} Its readings change only when its return is amended.")


def _is_kept(entry: ReadingEntry, kpi: Kpi | None, row: KpiReading | None) -> bool:
    """Whether the reading says already what was typed, whoever saved it."""
    if row is None or kpi is None:
        return entry.is_empty
    counts = (entry.part, entry.whole) if kpi.is_from_counts else (None, None)
    value = row.value if kpi.is_from_counts else entry.value
    typed = (value, *counts, entry.nothing_to_count, entry.plan, entry.note.strip())
    return typed == (row.value, row.part, row.whole, row.nothing_to_count, row.plan, row.note)


def _write(
    entry: ReadingEntry, kpi: Kpi, row: KpiReading | None, *, month: datetime.date, by: User, absent: User | None
) -> KpiReading:
    row = row or KpiReading(kpi=kpi, month=month, version=0)
    if entry.is_empty:
        row.delete()
        return row
    row.part, row.whole, row.value = None, None, None
    if not entry.nothing_to_count:
        row.value = entry.value
        if kpi.is_from_counts and entry.part is not None and entry.whole is not None:
            row.part, row.whole = entry.part, entry.whole
            row.value = value_of_counts(entry.part, entry.whole, decimals=kpi.decimals)
    row.nothing_to_count, row.plan, row.note = entry.nothing_to_count, entry.plan, entry.note.strip()
    row.saved_at, row.saved_by, row.saved_for = clock.now(), by, absent
    row.version += 1
    row.full_clean()
    row.save()
    return row


# What is refused


def _refuse_faults(
    contract: Contract,
    month: datetime.date,
    entries: Collection[ReadingEntry],
    kpis: Mapping[int, Kpi],
    *,
    as_provider: bool,
) -> None:
    with_target = set(KpiTarget.objects.filter(kpi__in=kpis, from_month__lte=month).values_list("kpi_id", flat=True))
    faults: dict[str, str] = {}
    for entry in entries:
        kpi = kpis.get(entry.kpi_id)
        if kpi is None:
            fault: str | None = "This is not a KPI of the contract."
        elif as_provider and kpi.reported_by != Reporter.PROVIDER:
            fault = "This KPI is reported by the contract officer."
        else:
            fault = _month_fault(contract, kpi, month)
            if fault is None and not entry.is_empty:
                untold = f"There is no target for {month:%B %Y}: set one first."
                fault = entry_fault(entry, kpi) if kpi.pk in with_target else untold
        if fault:
            faults[f"kpi_{entry.kpi_id}"] = fault
    if faults:
        raise ValidationError(faults)


def _month_fault(contract: Contract, kpi: Kpi, month: datetime.date) -> str | None:
    """The sentence for a month in which the KPI has no reading."""
    if month >= month_start(clock.today()):
        return f"{month:%B %Y} is not over: its readings can be given from 1 {next_month(month):%B %Y}."
    if contract.start and month_end(month) < contract.start:
        return f"The contract started on {long_date(contract.start)}, after {month:%B %Y}."
    if contract.effective_end and contract.effective_end < month:
        return f"The contract ended on {long_date(contract.effective_end)}, before {month:%B %Y}."
    if month < kpi.first_month:
        return f"This KPI is measured from {kpi.first_month:%B %Y} on."
    if kpi.last_month and month > kpi.last_month:
        return f"This KPI was closed with {kpi.last_month:%B %Y}: it owes nothing after that."
    if not is_due(month, frequency=kpi.frequency, first_month=kpi.first_month, last_month=kpi.last_month):
        due = next_due(month, frequency=kpi.frequency)
        return f"This KPI is measured {kpi.get_frequency_display().lower()}: its next reading is for {due:%B %Y}."
    return None


def entry_fault(entry: ReadingEntry, kpi: Kpi) -> str | None:
    """The sentence for a reading that cannot be, whatever its month."""
    if entry.plan and entry.plan not in KpiPlan.values:
        return "Choose what is done about it from the list."
    if len(entry.note.strip()) > NOTE_LENGTH:
        return f"Use {NOTE_LENGTH} characters or fewer for the note."
    typed = [figure for figure in (entry.value, entry.part, entry.whole) if figure is not None]
    if entry.nothing_to_count:
        return "Give a reading or tick “Nothing to count”, not both." if typed else None
    if any(abs(figure) >= LARGEST for figure in typed):
        return "This number is too large."
    return _counts_fault(entry) if kpi.is_from_counts else _value_fault(entry, kpi)


def _counts_fault(entry: ReadingEntry) -> str | None:
    if entry.part is None or entry.whole is None:
        return "Give both counts, or tick “Nothing to count”."
    if entry.part % 1 or entry.whole % 1:
        return "A count is a whole number."
    return counts_fault(entry.part, entry.whole)


def _value_fault(entry: ReadingEntry, kpi: Kpi) -> str | None:
    if entry.value is None:
        return "Give the reading, or tick “Nothing to count”."
    if entry.value != round(entry.value, kpi.decimals):
        places = "1 decimal place" if kpi.decimals == 1 else f"{kpi.decimals} decimal places"
        return f"Use at most {places}." if kpi.decimals else "Use a whole number."
    return reading_fault(entry.value, unit=kpi.unit)
