"""What stands beside a month's grade: the KPIs, and the scores that the service manager and the supplier would give."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from contracts.models import GradeView
from contracts.queries.grade_views import spoken, views_of
from contracts.queries.kpi_evidence import evidence_of
from contracts.rules.concern import MonthSaid
from contracts.rules.evidence import Evidence, contradiction, fits_words
from contracts.rules.jet import JetScale, scale_on
from contracts.rules.returns import month_end


@dataclass(frozen=True)
class Assessed:
    """Of one contract in one month. ``jet`` is the score of the month's own return that counts, None without one."""

    jet: int | None = None
    evidence: Evidence = field(default_factory=Evidence)
    views: tuple[GradeView, ...] = ()
    scale: JetScale | None = None

    @cached_property
    def contradiction(self) -> str:
        """The rule's sentence; empty where the KPIs bear the score out or say nothing."""
        return (contradiction(self.jet, self.evidence, scale=self.scale) or "") if self.scale else ""

    @cached_property
    def kpi_words(self) -> str:
        """«4 of 6 met, 2 short: both improving, none with a plan»"""
        return self.evidence.words

    @property
    def fits_words(self) -> str:
        return fits_words(self.evidence)

    @cached_property
    def disagreeing(self) -> tuple[GradeView, ...]:
        """The views of another score than the officer's."""
        return tuple(view for view in self.views if self.jet is not None and view.score != self.jet)

    @property
    def speaks_against(self) -> bool:
        """Whether anything here is for another score."""
        return bool(self.contradiction or self.disagreeing)

    def said_of(self, said: MonthSaid) -> MonthSaid:
        """The month as the rules of concern read it."""
        others = tuple((f"the {spoken(view.side)}", view.score) for view in self.views)
        return said._replace(contradicts_kpis=bool(self.contradiction), others=others)


def assessed_of(jets: Mapping[int, int | None], month: datetime.date) -> dict[int, Assessed]:
    """By contract; ``jets`` are the scores of the month's returns. Two queries however many. Sight is the caller's."""
    scale = scale_on(month_end(month))
    evidence = evidence_of(jets.keys(), month)
    views = views_of(jets.keys(), month)
    return {pk: Assessed(jet, evidence[pk], tuple(views[pk]), scale) for pk, jet in jets.items()}
