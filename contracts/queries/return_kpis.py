"""The KPIs of a contract as the page of its monthly return shows them: to enter, to come, and due another month."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from contracts.choices import KpiDirection, KpiStanding
from contracts.queries.kpis import KpiLine, evidence_in
from contracts.queries.return_words import month_word
from contracts.rules.evidence import Evidence, fits_words, reason_words
from contracts.rules.jet import JetScale
from contracts.rules.returns import previous_month


@dataclass(frozen=True)
class ReturnKpi:
    """One KPI that is due with the month."""

    line: KpiLine

    @property
    def is_entered_here(self) -> bool:
        """Whether the officer types its reading: without a target nothing can be said of one."""
        return asks(self.line)

    @property
    def last_words(self) -> str:
        """Last month's value; of an earlier reading its month is said."""
        earlier = [
            (month, value)
            for month, value in zip(self.line.months, self.line.history, strict=True)
            if value is not None and month < self.line.month
        ]
        if not earlier:
            return ""
        month, value = earlier[-1]
        words = self.line.words_of(value)
        return words if month == previous_month(self.line.month) else f"{words} in {month_word(month)}"

    @property
    def is_short(self) -> bool:
        return self.line.standing == KpiStanding.BELOW

    @property
    def unit_before(self) -> str:
        return "£" if self.line.kpi.unit == "pounds" else ""

    @property
    def unit_after(self) -> str:
        return {"percent": "%", "days": "days", "weeks": "weeks"}.get(self.line.kpi.unit, "")

    @property
    def script_data(self) -> dict[str, str]:
        """What the page's script needs to say at once how a reading stands; the server's word counts."""
        target = self.line.target
        if target is None:
            return {}
        is_range = self.line.kpi.direction == KpiDirection.BETWEEN
        upper = target.upper if is_range and target.upper is not None else target.target
        figures = {"target": target.target, "upper": upper, "tolerance": target.tolerance, "before": self.line.before}
        known = {name: f"{figure:f}" for name, figure in figures.items() if figure is not None}
        return {"direction": self.line.kpi.direction, **known}


def asks(line: KpiLine) -> bool:
    """Whether the month's return asks its officer for a reading of the KPI."""
    return line.is_due and not line.is_by_provider and line.target is not None


@dataclass(frozen=True)
class KpisOfReturn:
    """What the section of KPIs and the JET table beside it say of a month, as stored or as typed."""

    lines: Sequence[KpiLine]
    month: datetime.date

    @cached_property
    def due(self) -> list[ReturnKpi]:
        return [ReturnKpi(line) for line in self.lines if line.is_due]

    @property
    def others(self) -> list[KpiLine]:
        """Due another month: their newest reading still stands."""
        return [line for line in self.lines if not line.is_due]

    @cached_property
    def evidence(self) -> Evidence:
        return evidence_in(self.lines)

    @property
    def to_enter(self) -> int:
        return sum(asks(line) and line.reading is None for line in self.lines)

    @property
    def head_words(self) -> str:
        """«4 of 5 entered. 2 of those met»"""
        read = [kpi.line for kpi in self.due if kpi.line.reading is not None]
        if not self.due:
            return ""
        met = sum(line.standing in (KpiStanding.ABOVE, KpiStanding.ON) for line in read)
        entered = f"{len(read)} of {len(self.due)} entered"
        return f"{entered}. {met} of those met" if read else entered

    @property
    def to_enter_words(self) -> str:
        """«1 KPI to enter.»; empty once all are there."""
        count = self.to_enter
        return f"{count} KPI{'' if count == 1 else 's'} to enter." if count else ""

    @property
    def fits(self) -> tuple[int, ...]:
        """The scores to mark; none where the KPIs say nothing."""
        return self.evidence.fits if self.evidence.total else ()

    @property
    def fits_words(self) -> str:
        return fits_words(self.evidence)

    def reason_words(self, scale: JetScale) -> tuple[str, str]:
        """(which grades would need a reason, why); empty where none would."""
        return reason_words(self.evidence, scale=scale)
