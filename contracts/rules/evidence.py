"""Which JET scores the KPI column of the scale allows, from how each KPI stands.

The column is read literally (Lincolnshire County Council, Children and Young People Scrutiny Committee, 12 September
2014, Joint Evaluation Toolkit): «majority» and «most» are more than half, «some» at least one and no majority. What no
row describes, such as a KPI that is short, gets no better and has no plan, fits no score; the officer then says why.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..choices import KpiPlan, KpiStanding
from .jet import HIGHEST, LOWEST, JetScale

EVERY_SCORE: Final = tuple(range(HIGHEST, LOWEST - 1, -1))


@dataclass(frozen=True)
class KpiEvidence:
    """How one KPI stands in a month. ``trend`` is that of ``rules.kpis.trend_of``."""

    standing: KpiStanding
    trend: int | None = None
    plan: str = KpiPlan.NONE
    is_at_best: bool = False


@dataclass(frozen=True)
class Evidence:
    """A month's KPIs, counted as the scale counts them."""

    kpis: tuple[KpiEvidence, ...] = ()

    @property
    def total(self) -> int:
        return len(self.kpis)

    @cached_property
    def short(self) -> tuple[KpiEvidence, ...]:
        return tuple(kpi for kpi in self.kpis if kpi.standing == KpiStanding.BELOW)

    @property
    def met(self) -> int:
        return self.total - len(self.short)

    @property
    def above(self) -> int:
        return sum(kpi.standing == KpiStanding.ABOVE for kpi in self.kpis)

    @property
    def above_or_best(self) -> int:
        return sum(kpi.standing == KpiStanding.ABOVE or kpi.is_at_best for kpi in self.kpis)

    @property
    def improving(self) -> int:
        return sum(kpi.trend == 1 for kpi in self.short)

    @property
    def planned(self) -> int:
        return sum(kpi.plan == KpiPlan.IN_PLACE for kpi in self.short)

    @property
    def willing(self) -> int:
        return sum(kpi.plan in (KpiPlan.IN_PLACE, KpiPlan.WILLING) for kpi in self.short)

    @cached_property
    def fits(self) -> tuple[int, ...]:
        """The scores that the KPI column allows, highest first; every score where there is no evidence at all."""
        if not self.kpis:
            return EVERY_SCORE
        allowed = self._allowed()
        return tuple(score for score in EVERY_SCORE if allowed[score])

    def _allowed(self) -> dict[int, bool]:
        short, total, planned = len(self.short), self.total, self.planned
        some_short, most_short = 0 < 2 * short <= total, 2 * short > total
        return {
            9: not short and self.above_or_best == total,
            8: not short and 2 * self.above_or_best > total,
            7: not short,
            6: 2 * self.met > total and planned == short,
            5: some_short and self.improving == short,
            4: some_short and planned == short,
            3: most_short and planned == short,
            2: most_short and self.willing == short,
            1: short == total and not self.willing,
        }

    @property
    def words(self) -> str:
        """«4 of 6 met, 2 short: both improving, none with a plan»; empty without readings."""
        if not self.kpis:
            return ""
        head, short = f"{self.met} of {self.total} met", len(self.short)
        if not short:
            return f"{head}, {self.above} better than target" if self.above else head
        if short == 1:
            way = "improving" if self.improving else "not improving"
            return f"{head}, 1 short: {way}, {'with' if self.planned else 'without'} a plan"
        return f"{head}, {short} short: {_of(self.improving, short)} improving, {_of(self.planned, short)} with a plan"


def _of(count: int, total: int) -> str:
    if count == total:
        return "both" if total == 2 else "all"
    return str(count) if count else "none"


def contradiction(score: int | None, evidence: Evidence, *, scale: JetScale) -> str | None:
    """The sentence for a score that the KPIs do not bear out; None where they do, or say nothing, or it is no score."""
    if score not in EVERY_SCORE or score in evidence.fits:
        return None
    row = scale.row(score)
    return f"{score} {row.descriptor} asks of the KPIs: “{row.kpis}”. Here {evidence.words}."


def fits_words(evidence: Evidence) -> str:
    """«The KPIs fit 5 and 4»; empty without readings."""
    if not evidence.kpis:
        return ""
    fits = evidence.fits
    if not fits:
        return "No score of the scale describes these KPIs: choose the nearest and say why."
    return f"The KPIs fit {_listed(fits)}."


def reason_words(evidence: Evidence, *, scale: JetScale) -> tuple[str, str]:
    """(«Grade 6 or more would need a reason.», what it asks and what the KPIs say); empty where no score would."""
    fits = evidence.fits
    if not evidence.kpis or fits == EVERY_SCORE:
        return "", ""
    if not fits:
        return "Every grade would need a reason.", f"No row of the scale describes these KPIs: {evidence.words}."
    is_a_run = fits[0] - fits[-1] + 1 == len(fits)
    unfit = _span(fits) if is_a_run else f"other than {_listed(fits)}"
    above = scale.row(fits[0] + 1) if fits[0] < HIGHEST else None
    asked = f"{above.score} asks of the KPIs: “{above.kpis}”. " if above else ""
    return f"Grade {unfit} would need a reason.", f"{asked}Here {evidence.words}."


def _span(fits: tuple[int, ...]) -> str:
    """«6 or more, or 3 or less»: the scores on either side of those that fit."""
    higher = [f"{fits[0] + 1} or more" if fits[0] + 1 < HIGHEST else str(HIGHEST)] if fits[0] < HIGHEST else []
    lower = [f"{fits[-1] - 1} or less" if fits[-1] - 1 > LOWEST else str(LOWEST)] if fits[-1] > LOWEST else []
    return ", or ".join([*higher, *lower])


def _listed(scores: tuple[int, ...]) -> str:
    return f"{', '.join(map(str, scores[:-1]))} and {scores[-1]}" if len(scores) > 1 else str(scores[0])
