"""The Joint Evaluation Toolkit (JET): nine scores, four grades, and what counts as a weakness.

The words are the paper's own. They mislead when read as an order («Effective» is below «Good», «Good» is both a score
and a grade), so everything is compared, sorted and coloured by the number.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from ..choices import JetBand

LOWEST: Final = 1
HIGHEST: Final = 9


class NotAssessed(enum.Enum):
    """A judgement that there was nothing to grade. Neither a low score nor a missing one, and it has no rank."""

    NOT_ASSESSED = "not_assessed"


NOT_ASSESSED: Final = NotAssessed.NOT_ASSESSED

Jet = int | NotAssessed | None
"""A score from 1 to 9, «not assessed», or None where nothing has been returned."""


@dataclass(frozen=True)
class JetRow:
    """One row of the scale. `grade`, `descriptor`, `strengths` and `kpis` are the source's exact words."""

    score: int
    band: JetBand
    grade: str
    descriptor: str
    strengths: str
    kpis: str


@dataclass(frozen=True)
class Weakness:
    term: str
    definition: str


@dataclass(frozen=True)
class JetScale:
    """A scale as published: the rows from 9 down to 1, and the terms they are written in."""

    valid_from: date
    source: str
    rows: tuple[JetRow, ...]
    weaknesses: tuple[Weakness, ...]

    def row(self, score: int) -> JetRow:
        """Raises ValueError for a number that is no score."""
        for row in self.rows:
            if row.score == score:
                return row
        raise ValueError(f"A JET score is a whole number from {LOWEST} to {HIGHEST}, not {score}.")


def _rows_2014() -> tuple[JetRow, ...]:
    outstanding = (JetBand.OUTSTANDING, "Outstanding")
    good = (JetBand.GOOD, "Good")
    requires_improvement = (JetBand.REQUIRES_IMPROVEMENT, "Requires Improvement")
    inadequate = (JetBand.INADEQUATE, "Inadequate")
    return (
        JetRow(
            9,
            *outstanding,
            "Exceptional",
            "Exceptionally strong with essentially no weaknesses",
            "All are above target",
        ),
        JetRow(
            8,
            *outstanding,
            "Outstanding",
            "Extremely strong with negligible weaknesses",
            "Most are above target and are at least on target",
        ),
        JetRow(7, *good, "Excellent", "Very strong with only some minor weaknesses", "All are at least on target"),
        JetRow(
            6,
            *good,
            "Good",
            "Strong but with numerous minor weaknesses",
            "Majority are on target with plans in place for all others to improve",
        ),
        JetRow(
            5,
            *requires_improvement,
            "Effective",
            "Strong but with at least one moderate weakness",
            "Some are under target, but showing signs of improvement",
        ),
        JetRow(
            4,
            *requires_improvement,
            "Satisfactory",
            "Some strengths but also some moderate weaknesses",
            "Some are under target and provider has action plan in place to improve",
        ),
        JetRow(
            3,
            *inadequate,
            "Fair",
            "Some strengths but with at least one major weakness",
            "Majority are under target but provider can evidence action plans are in place to improve",
        ),
        JetRow(
            2,
            *inadequate,
            "Marginal",
            "A few strengths and a few major weaknesses",
            "Majority are under target but provider has desire to improve",
        ),
        JetRow(
            1,
            *inadequate,
            "Poor",
            "Very few strengths and numerous major weaknesses",
            "All are under target and no plans in place to improve",
        ),
    )


SCALES: Final = (
    JetScale(
        valid_from=date(2014, 9, 12),
        source=(
            "Lincolnshire County Council, Children and Young People Scrutiny Committee, 12 September 2014, "
            "Joint Evaluation Toolkit"
        ),
        rows=_rows_2014(),
        weaknesses=(
            Weakness("Minor", "An easily addressable weakness that does not substantially lessen impact"),
            Weakness("Moderate", "A weakness that lessens impact"),
            Weakness("Major", "A weakness that severely limits impact"),
        ),
    ),
)
"""Oldest first."""


#: (code, words, lowest score, highest score), lowest first.
JET_BANDS: Final[tuple[tuple[JetBand, str, int, int], ...]] = (
    (JetBand.INADEQUATE, "Inadequate, 1 to 3", 1, 3),
    (JetBand.REQUIRES_IMPROVEMENT, "Requires improvement, 4 to 5", 4, 5),
    (JetBand.GOOD, "Good, 6 to 7", 6, 7),
    (JetBand.OUTSTANDING, "Outstanding, 8 to 9", 8, 9),
)


def scale_on(day: date) -> JetScale:
    """The scale in force on a day.

    Days before the first publication have the first scale: the paper says that it had been in use «over a number of
    years» when it was printed.
    """
    in_force = [scale for scale in SCALES if scale.valid_from <= day]
    return in_force[-1] if in_force else SCALES[0]


def band_of(score: int) -> JetBand:
    """The grade a score belongs to: 1 to 3, 4 and 5, 6 and 7, 8 and 9. Raises ValueError for a number that is none."""
    return SCALES[-1].row(score).band


def jet_of(score: int | None, *, not_assessed: bool) -> Jet:
    """The two stored columns read as one value. Raises ValueError for a score that is also «not assessed»."""
    if not_assessed and score is not None:
        raise ValueError("A JET grade is a score or not assessed, never both.")
    return NOT_ASSESSED if not_assessed else score


def words_of(jet: Jet, *, on: date) -> str:
    """«5 Effective», «Not assessed», «Not returned»."""
    if jet is None:
        return "Not returned"
    if isinstance(jet, NotAssessed):
        return "Not assessed"
    return f"{jet} {scale_on(on).row(jet).descriptor}"


def sort_key(jet: Jet) -> tuple[int, int]:
    """Lowest score first, then what was not assessed, then what was not returned."""
    if jet is None:
        return (2, 0)
    if isinstance(jet, NotAssessed):
        return (1, 0)
    return (0, jet)


def scores_in(values: Iterable[Jet]) -> list[int]:
    return [value for value in values if isinstance(value, int)]


def average_of(values: Iterable[Jet]) -> Decimal | None:
    """The mean score to one decimal place over what was assessed, None where nothing was."""
    scores = scores_in(values)
    if not scores:
        return None
    return (Decimal(sum(scores)) / len(scores)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
