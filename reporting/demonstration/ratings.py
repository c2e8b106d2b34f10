"""Twenty-four months of risk and JET for each contract, so that the dashboard reads as it was drawn.

September and October are laid down in numbers; the months before are walked backwards from there. Amber runs of
contracts that are not of concern stay short of the five months that would make them so.
"""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final, NamedTuple

from contracts.choices import Risk

from .calendar import MONTHS, OCTOBER, SEPTEMBER
from .named import Concern
from .terms import Term

LETTERS: Final = {"r": Risk.RED, "a": Risk.AMBER, "g": Risk.GREEN}
TYPICAL_JET: Final = {Risk.RED: 3, Risk.AMBER: 5, Risk.GREEN: 6}
JETS: Final = {Risk.RED: (2, 4), Risk.AMBER: (4, 6), Risk.GREEN: (5, 9)}
USUAL_JETS: Final = {Risk.RED: (3, 3, 4), Risk.AMBER: (4, 5, 5), Risk.GREEN: (6, 6, 7, 7, 8)}
RUNS: Final = {Risk.RED: (1, 3), Risk.AMBER: (1, 3), Risk.GREEN: (5, 12)}
"""Lowest and highest JET, those that a run ends with, and shortest and longest run of months, by risk."""

NOT_RED_FROM: Final = date(2014, 5, 1)

NOT_ASSESSED: Final = (
    "New service: the first quarter's figures are not in yet.",
    "The provider changed its case system and no figures could be taken this month.",
    "Service paused while premises were repaired; nothing to grade.",
)


class Rating(NamedTuple):
    """``jet`` None is «not assessed», for the reason given."""

    risk: Risk
    jet: int | None
    reason: str = ""


Ratings = dict[date, Rating]


class Track(NamedTuple):
    """September and October of so many contracts."""

    september: Rating
    october: Rating
    contracts: int


def _track(before: str, after: str, contracts: int) -> Track:
    return Track(_rating(before), _rating(after), contracts)


def _rating(text: str) -> Rating:
    return Rating(LETTERS[text[0]], int(text[1]))


STAYING: Final = (
    _track("a4", "a4", 20),
    _track("a5", "a5", 14),
    _track("a6", "a6", 2),
    _track("g5", "g5", 11),
    _track("g6", "g6", 70),
    _track("g7", "g7", 59),
    _track("g8", "g8", 20),
    _track("g9", "g9", 4),
)
MOVING: Final = (
    _track("a5", "g6", 2),
    _track("a6", "g6", 1),
    _track("g5", "a5", 2),
    _track("g6", "a5", 1),
    _track("g6", "a6", 1),
    _track("a4", "a5", 1),
    _track("g5", "g6", 1),
    _track("g6", "g7", 2),
    _track("g7", "g8", 1),
)
"""The contracts not of concern that ran in both months: 212 with what is laid down for them by name."""

NEW_IN_OCTOBER: Final = Rating(Risk.GREEN, 7)
LAST_SEEN: Final = Rating(Risk.GREEN, 6)
"""What the three contracts without a return for September said last, in August."""
ENDED_IN_SEPTEMBER: Final = Rating(Risk.RED, 4)


def spread(tracks: Sequence[Track]) -> list[Track]:
    """Each track once for each of its contracts."""
    return [track._replace(contracts=1) for track in tracks for _ in range(track.contracts)]


def history(rng: Random, *, september: Rating, october: Rating | None, start: date) -> Ratings:
    """Every month from the start on; ``october`` None where nothing was returned for it."""
    ratings: Ratings = {SEPTEMBER: september}
    if october is not None:
        ratings[OCTOBER] = october
    return _only_running(_walk_back(rng, ratings, until=SEPTEMBER), start=start)


def ended_history(rng: Random, *, last: Rating, term: Term) -> Ratings:
    """A contract that ended: walked backwards from what its last month said."""
    month = term.effective_end.replace(day=1)
    return _only_running(_walk_back(rng, {month: last}, until=month), start=term.start)


def concern_history(rng: Random, concern: Concern, *, returned_october: bool, start: date) -> Ratings:
    """The twelve months as drawn, and twelve before them."""
    year = MONTHS[-len(concern.risks) :]
    scores = _scores(concern, returned_october=returned_october)
    ratings = {
        month: Rating(LETTERS[letter], score)
        for month, letter, score in zip(year, concern.risks, scores, strict=True)
        if letter in LETTERS
    }
    if not returned_october:
        del ratings[OCTOBER]
    return _only_running(_walk_back(rng, ratings, until=year[0]), start=start)


def _scores(concern: Concern, *, returned_october: bool) -> list[int]:
    """By the risk of the month, but for the last two returns, which are laid down."""
    if concern.jets:
        return list(concern.jets)
    scores = [TYPICAL_JET.get(LETTERS.get(letter, Risk.GREEN), 5) for letter in concern.risks]
    if returned_october:
        scores[-2:] = [concern.jet_before, concern.jet_now]
    else:
        scores[-3:] = [concern.jet_before, concern.jet_now, concern.jet_now]
    return scores


def _only_running(ratings: Ratings, *, start: date) -> Ratings:
    return {month: ratings[month] for month in MONTHS if month in ratings and start <= month}


def _walk_back(rng: Random, ratings: Ratings, *, until: date) -> Ratings:
    """Fill the months before ``until``, run by run; the first run may have begun at any time."""
    walked = dict(ratings)
    risk, jet = ratings[until].risk, ratings[until].jet or TYPICAL_JET[ratings[until].risk]
    left = rng.randrange(RUNS[risk][1])
    for month in reversed(MONTHS[: MONTHS.index(until)]):
        if left == 0:
            risk = _risk_before(rng, risk, month)
            left = rng.randint(*RUNS[risk])
            jet = rng.choice(USUAL_JETS[risk])
        jet = _jet_before(rng, risk, jet)
        walked[month] = Rating(risk, jet)
        left -= 1
    return walked


def _risk_before(rng: Random, risk: Risk, month: date) -> Risk:
    """Red and green have amber between them; nobody was red lately but those of concern."""
    if risk != Risk.AMBER:
        return Risk.AMBER
    if month >= NOT_RED_FROM:
        return Risk.GREEN
    return rng.choices([Risk.GREEN, Risk.RED], weights=[9, 1])[0]


def _jet_before(rng: Random, risk: Risk, jet: int) -> int:
    lowest, highest = JETS[risk]
    moved = jet + rng.choices([-1, 0, 1], weights=[1, 6, 1])[0]
    return min(max(moved, lowest), highest)


def leave_some_ungraded(rng: Random, histories: Sequence[Ratings], *, count: int) -> None:
    """In older months a few contracts were not assessed: the first month on record of so many of them."""
    for ratings in rng.sample(histories, count):
        first = next(iter(ratings))
        ratings[first] = ratings[first]._replace(jet=None, reason=rng.choice(NOT_ASSESSED))
