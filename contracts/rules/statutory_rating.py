"""The rating of a contract's performance in the terms of the Procurement Act 2023, proposed from its JET grade.

Terms: regulation 39(5) of the Procurement Regulations 2024 (SI 2024/692). There is no «Outstanding». Duty: section 71
of the Act, where key performance indicators were set and published under section 52, at least once in every twelve
months and on termination; light touch contracts and those below the threshold owe nothing, and may be rated
voluntarily. The proposal from JET is the service's own and may be overridden with a reason.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from commissioning.rules import long_date

from ..choices import ActRating
from ..choices import ProcurementRegime as Regime
from .evidence import Evidence
from .jet import Jet
from .returns import month_end, month_start, months_back, next_month

#: Section 71 came into force.
IN_FORCE: Final = date(2026, 1, 1)
ASSESSED_EVERY: Final = 12
"""Months within which the duty asks for the next assessment."""

#: What each term describes, as it stands after the term and a colon.
MEANINGS: Final[dict[ActRating, str]] = {
    ActRating.GOOD: "meeting or exceeding the KPIs",
    ActRating.APPROACHING_TARGET: "close to meeting the KPIs",
    ActRating.REQUIRES_IMPROVEMENT: "below the KPIs",
    ActRating.INADEQUATE: "significantly below the KPIs",
    ActRating.OTHER: "cannot be described as any of the others",
}

_OF_SCORE: Final = {
    9: ActRating.GOOD,
    8: ActRating.GOOD,
    7: ActRating.GOOD,
    5: ActRating.APPROACHING_TARGET,
    4: ActRating.REQUIRES_IMPROVEMENT,
    2: ActRating.INADEQUATE,
    1: ActRating.INADEQUATE,
}


def proposed_rating(jet: Jet, evidence: Evidence) -> ActRating:
    """What a grade and the KPIs of its month amount to.

    Two scores stand between two terms, and the KPIs decide: at 6 the majority is on target with plans for the rest,
    which is Good where none is short; at 3 the majority is short with plans, which is Inadequate where all are short
    or one has no plan. Without KPIs 6 is Approaching target and 3 Inadequate, as the scale's own words are.
    """
    if not isinstance(jet, int):
        return ActRating.OTHER
    if jet == 6:
        none_is_short = evidence.total > 0 and not evidence.short
        return ActRating.GOOD if none_is_short else ActRating.APPROACHING_TARGET
    if jet == 3:
        short = len(evidence.short)
        is_held = evidence.total > 0 and short < evidence.total and evidence.planned == short
        return ActRating.REQUIRES_IMPROVEMENT if is_held else ActRating.INADEQUATE
    return _OF_SCORE[jet]


def is_statutory(*, regime: str, has_published_kpis: bool, to_month: date) -> bool:
    """Whether section 71 asks for the assessment of a period; any other is voluntary."""
    return regime == Regime.PA2023_FULL and has_published_kpis and month_end(to_month) >= IN_FORCE


def next_due(to_month: date) -> date:
    """The last day by which the duty asks for the next assessment."""
    return month_end(months_back(to_month, -ASSESSED_EVERY))


def unrated_fault(*, start: date | None, today: date) -> str:
    """Why nothing of a contract can be rated yet; empty where something can."""
    if start is None:
        return "It is not known when the contract starts: there is nothing to rate yet."
    if start > today:
        return f"The contract starts on {long_date(start)}: there is nothing to rate yet."
    return ""


def overlap_fault(from_month: date, to_month: date, *, rated: Iterable[tuple[date, date]]) -> dict[str, str]:
    """Why a period would rate months twice, by field. One that ends with the same month is rated again, not twice."""
    for first, last in rated:
        if last == to_month or last < from_month or first > to_month:
            continue
        if last < to_month:
            begin = f"begin with {next_month(last):%B %Y}"
            return {"from_month": f"The months to {last:%B %Y} are rated already: {begin}."}
        span = f"from {first:%B %Y} to {last:%B %Y}"
        return {"to_month": f"The months {span} are rated already: rate that period again, or another."}
    return {}


def period_fault(from_month: date, to_month: date, *, today: date) -> str:
    """Why a period cannot be rated; empty where it can."""
    if to_month < from_month:
        return "The period ends before it begins."
    if to_month >= month_start(today):
        return f"{to_month:%B %Y} is not over: the period can be rated from 1 {next_month(to_month):%B %Y}."
    return ""
