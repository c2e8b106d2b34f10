"""A contract's KPIs as they stand in a month, for its own pages; ``kpi_evidence`` counts those of many at once.

A reading stands until the next of its KPI is due: a quarter's through the two months after it, a month's in its own
month alone. One with nothing to count, or from a month without a target, counts on neither side.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.db.models import BigIntegerField, DateField, Exists, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString

from commissioning.rules import MONTH_NAMES
from contracts.choices import KpiPlan, KpiStanding, Reporter
from contracts.drawing import spark
from contracts.models import ImprovementPlan, Kpi, KpiReading, KpiTarget
from contracts.models.contract import Contract
from contracts.queries.built_once import Given, Prepared
from contracts.rules.evidence import Evidence, KpiEvidence
from contracts.rules.kpis import (
    Target,
    is_at_best,
    is_due,
    last_due,
    next_due,
    standing_of,
    standing_words,
    target_in,
    target_words,
    trend_of,
    value_words,
)
from contracts.rules.returns import month_end, months_back, months_ending, next_month

HISTORY_MONTHS: Final = 12
#: So far back lies the reading before the last one of a yearly KPI, at most.
MONTHS_READ: Final = 24


@dataclass(frozen=True)
class KpiLine:
    """One KPI in force in a month, with what its table shows in words.

    ``reading`` is the one that stands in the month, ``before`` the value read before it, or before the month where
    there is none. ``target`` is that of the reading's month, so that the words beside it agree; without a reading,
    that of the month itself.
    """

    kpi: Kpi
    month: datetime.date
    target: Target | None
    reading: KpiReading | None
    before: Decimal | None
    readings: tuple[KpiReading | None, ...]
    plan: str

    @property
    def value(self) -> Decimal | None:
        return self.reading.value if self.reading else None

    @cached_property
    def standing(self) -> KpiStanding | None:
        if self.value is None or self.target is None:
            return None
        return standing_of(self.value, self.target, direction=self.kpi.direction)

    @cached_property
    def trend(self) -> int | None:
        if self.target is None:
            return None
        return trend_of(self.before, self.value, self.target, direction=self.kpi.direction)

    @property
    def is_due(self) -> bool:
        """Whether a period ends with the month, so that it asks for a reading of its own."""
        return _is_due(self.kpi, self.month)

    @property
    def is_missing(self) -> bool:
        return self.is_due and self.reading is None

    @property
    def is_by_provider(self) -> bool:
        return self.kpi.reported_by == Reporter.PROVIDER

    @property
    def next_due(self) -> datetime.date:
        """The month, this one or a later, with which the next period ends."""
        return next_due(self.month, frequency=self.kpi.frequency)

    @property
    def next_due_words(self) -> str:
        """«Due for October 2014», «Next due for December 2014»; a closed KPI may owe nothing more."""
        if not self.kpi.is_open_in(self.next_due):
            return "Nothing more is due"
        return f"{'Due' if self.is_due else 'Next due'} for {_month_words(self.next_due)}"

    @property
    def version(self) -> int:
        """Of the month's own reading: what a form carries."""
        return self.reading.version if self.reading and self.reading.month == self.month else 0

    @property
    def history(self) -> tuple[Decimal | None, ...]:
        """The values of ``months``; None where there was none."""
        return tuple(row.value if row else None for row in self.readings)

    @cached_property
    def months(self) -> tuple[datetime.date, ...]:
        """Of ``readings``, oldest first."""
        return months_ending(self.month, HISTORY_MONTHS)

    @cached_property
    def target_words(self) -> str:
        return target_words(self.target, direction=self.kpi.direction, unit=self.kpi.unit, decimals=self.kpi.decimals)

    @property
    def value_words(self) -> str:
        return self.words_of(self.value)

    @property
    def before_words(self) -> str:
        return self.words_of(self.before)

    @cached_property
    def standing_words(self) -> str:
        """«▼ Short, improving»; without one, why there is none."""
        if self.standing is not None:
            return standing_words(self.standing, self.trend)
        if self.reading is None:
            return "No reading yet" if self.is_due else self.next_due_words
        return "No target" if self.target is None else "Nothing to count"

    @property
    def plan_words(self) -> str:
        """Empty where nothing was said of one."""
        return str(KpiPlan(self.plan).label) if self.plan else ""

    @property
    def spark(self) -> SafeString:
        """The year as a small line with the target behind it; empty with fewer than two values.

        Drawn between the lowest and the highest of them. Months that are not due leave no gap.
        """
        values = [value for month, value in zip(self.months, self.history, strict=True) if self.is_due_in(month)]
        known = [value for value in values if value is not None]
        if len(known) < 2:
            return SafeString("")
        middle = self.target.target if self.target else known[0]
        low, high = min(*known, middle), max(*known, middle)
        room = (high - low) / 8 or Decimal(1)
        return spark(
            [None if value is None else float(value) for value in values],
            low=float(low - room),
            high=float(high + room),
            middle=float(middle),
            label=f"12 months, from {self.words_of(known[0])} to {self.words_of(known[-1])}",
        )

    def is_due_in(self, month: datetime.date) -> bool:
        return _is_due(self.kpi, month)

    @cached_property
    def evidence(self) -> KpiEvidence | None:
        """What it counts for in the KPI column of the scale; None where it counts for nothing."""
        return evidence_from(
            direction=self.kpi.direction,
            unit=self.kpi.unit,
            target=self.target,
            value=self.value,
            before=self.before,
            plan=self.plan,
        )

    def words_of(self, value: Decimal | None) -> str:
        """«92%»; empty without a value."""
        return value_words(value, unit=self.kpi.unit, decimals=self.kpi.decimals)


def kpi_lines(contract: Contract, month: datetime.date) -> list[KpiLine]:
    """The contract's KPIs in force in the month, due in it or not, in their order; three queries, one without any."""
    known = {"contract": contract.pk, "month": month}
    kpis = _KPIS.rows(**known, last_day=month_end(month), returned_by=month_end(next_month(month)))
    if not kpis:
        return []
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in _TARGETS.rows(**known):
        targets[target.kpi_id].append(as_rule(target))
    readings: dict[int, dict[datetime.date, KpiReading]] = defaultdict(dict)
    for row in _READINGS.rows(**known, first=months_back(month, MONTHS_READ - 1)):
        readings[row.kpi_id][row.month] = row
    return [_line(kpi, month, targets[kpi.pk], readings[kpi.pk], is_planned=kpi.is_planned) for kpi in kpis]


def evidence_in(lines: Iterable[KpiLine]) -> Evidence:
    """What the lines of one contract say together, without another query."""
    return Evidence(tuple(evidence for line in lines if (evidence := line.evidence) is not None))


def as_rule(row: KpiTarget) -> Target:
    return Target(from_month=row.from_month, target=row.target, upper=row.upper, tolerance=row.tolerance)


# What is read


def _is_in_force(month: Any, of: str = "") -> Q:
    """In the month; ``of`` leads to the KPI from what hangs on it."""
    still_open = Q(**{f"{of}last_month": None}) | Q(**{f"{of}last_month__gte": month})
    return still_open & Q(**{f"{of}first_month__lte": month})


def _plans(last_day: Any, returned_by: Any) -> QuerySet[ImprovementPlan]:
    """Agreed by the time a month with this last day is returned, not closed within it."""
    open_after = Q(closed_on=None) | Q(closed_on__gt=last_day)
    return ImprovementPlan.objects.filter(open_after, agreed_on__lte=returned_by)


_CONTRACT: Final = Given("contract", BigIntegerField())
_MONTH: Final = Given("month", DateField())
_KPIS: Final[Prepared[Any]] = Prepared(
    lambda: Kpi.objects.filter(_is_in_force(_MONTH), contract_id=_CONTRACT).annotate(
        is_planned=Exists(
            _plans(Given("last_day", DateField()), Given("returned_by", DateField())).filter(kpis=OuterRef("pk"))
        )
    )
)
_TARGETS: Final = Prepared(lambda: KpiTarget.objects.filter(_is_in_force(_MONTH, "kpi__"), kpi__contract_id=_CONTRACT))
_READINGS: Final = Prepared(
    lambda: KpiReading.objects.filter(
        _is_in_force(_MONTH, "kpi__"), kpi__contract_id=_CONTRACT, month__gte=Given("first", DateField()),
        month__lte=_MONTH,
    )
)  # fmt: skip


# What is made of it


def _line(
    kpi: Kpi, month: datetime.date, targets: list[Target], read: dict[datetime.date, KpiReading], *, is_planned: bool
) -> KpiLine:
    reading = read.get(last_due(month, frequency=kpi.frequency))
    newest = reading.month if reading else month
    before = [row.value for at, row in sorted(read.items()) if at < newest and row.value is not None]
    return KpiLine(
        kpi=kpi,
        month=month,
        target=target_in(reading.month if reading else month, targets),
        reading=reading,
        before=before[-1] if before else None,
        readings=tuple(read.get(at) for at in months_ending(month, HISTORY_MONTHS)),
        plan=plan_of(reading.plan if reading else "", is_planned=is_planned),
    )


def plan_of(said: str, *, is_planned: bool) -> str:
    """What the reading says of a plan; where it says nothing, whether an improvement plan names the KPI."""
    return said or (KpiPlan.IN_PLACE if is_planned else "")


def evidence_from(
    *, direction: str, unit: str, target: Target | None, value: Decimal | None, before: Decimal | None, plan: str
) -> KpiEvidence | None:
    """Of one KPI; None without a value or without a target to hold it against."""
    if value is None or target is None:
        return None
    return KpiEvidence(
        standing=standing_of(value, target, direction=direction),
        trend=trend_of(before, value, target, direction=direction),
        plan=plan or KpiPlan.NONE,
        is_at_best=is_at_best(value, target, direction=direction, unit=unit),
    )


def _is_due(kpi: Kpi, month: datetime.date) -> bool:
    return is_due(month, frequency=kpi.frequency, first_month=kpi.first_month, last_month=kpi.last_month)


def _month_words(month: datetime.date) -> str:
    return f"{MONTH_NAMES[month.month - 1]} {month.year}"
