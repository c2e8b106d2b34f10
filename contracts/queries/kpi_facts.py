"""What lists of many contracts say of a month's KPIs, one line each: how many are met, and which values are due."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field

from contracts.choices import KpiStanding
from contracts.queries.kpi_evidence import said_of
from contracts.rules.evidence import Evidence, contradiction, fits_words
from contracts.rules.jet import scale_on
from contracts.rules.returns import month_end

_MARKED = (
    (KpiStanding.ABOVE, "▲", "better than target"),
    (KpiStanding.ON, "●", "on target"),
    (KpiStanding.BELOW, "▼", "short"),
)


@dataclass(frozen=True)
class KpiFacts:
    """Of one contract in one month; ``due`` are the values that its officer still owes."""

    evidence: Evidence = field(default_factory=Evidence)
    due: int = 0

    @property
    def met_words(self) -> str:
        """«4 of 6 met»; empty without readings."""
        return f"{self.evidence.met} of {self.evidence.total} met" if self.evidence.kpis else ""

    @property
    def due_words(self) -> str:
        """«2 KPI values due»; empty where none is."""
        return f"{self.due} KPI {'value' if self.due == 1 else 'values'} due" if self.due else ""

    @property
    def marked_words(self) -> str:
        """«▲ 1 better than target, ● 3 on target, ▼ 2 short»"""
        standings = [kpi.standing for kpi in self.evidence.kpis]
        counted = [(mark, standings.count(standing), word) for standing, mark, word in _MARKED]
        return ", ".join(f"{mark} {count} {word}" for mark, count, word in counted if count)

    @property
    def fits_words(self) -> str:
        return fits_words(self.evidence)

    @property
    def fits(self) -> str:
        """«6 5 4», for the page's script."""
        return " ".join(map(str, self.evidence.fits)) if self.evidence.kpis else ""

    def against(self, score: int | None, month: datetime.date) -> str:
        """The sentence for a score that the KPIs do not bear out; empty where they do, or say nothing."""
        return contradiction(score, self.evidence, scale=scale_on(month_end(month))) or ""


def facts_of(contract_ids: Collection[int], month: datetime.date) -> dict[int, KpiFacts]:
    """By contract; one query for any number. Sight is the caller's."""
    return {pk: KpiFacts(said.evidence, said.due) for pk, said in said_of(contract_ids, month).items()}
