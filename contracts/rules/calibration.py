"""Whether officers grade alike: months with the same KPI evidence side by side, and how far each score is from it.

The evidence is grouped by what the KPI column of the Joint Evaluation Toolkit asks of it (Lincolnshire County Council,
Children and Young People Scrutiny Committee, 12 September 2014), so that all evidence of one group fits the same
scores. A score beside them is no fault: the officer may know more than the KPIs. It is what colleagues talk about.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from .evidence import Evidence

TENTH: Final = Decimal("0.1")


class Pattern(NamedTuple):
    """Evidence that the KPI column tells not apart. In the order of the scale: the best evidence first."""

    place: int
    words: str


def pattern_of(evidence: Evidence) -> Pattern | None:
    """None where there is no evidence to compare."""
    if not evidence.kpis:
        return None
    short, total = len(evidence.short), evidence.total
    if not short:
        return _all_met(evidence)
    if short == total:
        return Pattern(50 + _help(evidence), f"All short of target, {_HELP[_help(evidence)]}")
    if 2 * short > total:
        return Pattern(40 + _help(evidence), f"Most short of target, {_HELP[_help(evidence)]}")
    half = 2 * short == total
    improving, planned = evidence.improving == short, evidence.planned == short
    head = "Half short of target" if half else "Some short of target"
    growing = "all improving" if improving else "not all improving"
    place = (30 if half else 20) + (0 if improving else 2) + (0 if planned else 1)
    return Pattern(place, f"{head}, {growing}, {'plans for all' if planned else 'not all with a plan'}")


def _all_met(evidence: Evidence) -> Pattern:
    if evidence.above_or_best == evidence.total:
        return Pattern(10, "All met, all better than target")
    if 2 * evidence.above_or_best > evidence.total:
        return Pattern(11, "All met, most better than target")
    return Pattern(12, "All met")


_HELP: Final = ("plans for all", "the provider wants to improve", "not all with a plan", "no plans")


def _help(evidence: Evidence) -> int:
    """What is done about those short: each step less."""
    short = len(evidence.short)
    if evidence.planned == short:
        return 0
    if evidence.willing == short:
        return 1
    return 2 if evidence.willing else 3


def distance(score: int, fits: tuple[int, ...]) -> int | None:
    """0 for a score that fits, else how far above (or, less than nothing, below) the nearest that does; the higher of
    two as near. None where no score fits.
    """
    if not fits:
        return None
    nearest = min(fits, key=lambda fit: (abs(fit - score), -fit))
    return score - nearest


def distance_words(score: int, fits: tuple[int, ...]) -> str:
    """«Fits», «2 above», «1 below», «No score fits»"""
    apart = distance(score, fits)
    if apart is None:
        return "No score fits"
    return f"{abs(apart)} {'above' if apart > 0 else 'below'}" if apart else "Fits"


class Grade(NamedTuple):
    score: int
    evidence: Evidence


@dataclass(frozen=True)
class Tally:
    """How grades stand to what the KPIs fit. Without evidence, or where it fits no score, there is no distance."""

    inside: int = 0
    above: int = 0
    below: int = 0
    nothing_fits: int = 0
    without_evidence: int = 0
    mean: Decimal | None = None

    @property
    def measured(self) -> int:
        return self.inside + self.above + self.below

    @property
    def mean_words(self) -> str:
        """«0.4 above», «0.0»; empty where nothing was measured."""
        if self.mean is None:
            return ""
        return f"{abs(self.mean)} {'above' if self.mean > 0 else 'below'}" if self.mean else "0.0"


def tally_of(grades: Iterable[Grade]) -> Tally:
    """``mean`` is the mean distance to one decimal place, those that fit counted as 0."""
    all_of_them = list(grades)
    known = [grade for grade in all_of_them if grade.evidence.kpis]
    measured = [apart for grade in known if (apart := distance(grade.score, grade.evidence.fits)) is not None]
    return Tally(
        inside=measured.count(0),
        above=sum(apart > 0 for apart in measured),
        below=sum(apart < 0 for apart in measured),
        nothing_fits=len(known) - len(measured),
        without_evidence=len(all_of_them) - len(known),
        mean=_mean(measured),
    )


def _mean(values: list[int]) -> Decimal | None:
    if not values:
        return None
    return (Decimal(sum(values)) / len(values)).quantize(TENTH, rounding=ROUND_HALF_UP)


def spread_words(scores: Iterable[int]) -> str:
    """«All 6», «4 to 7»"""
    found = sorted(scores)
    return f"All {found[0]}" if found[0] == found[-1] else f"{found[0]} to {found[-1]}"
