"""Which contracts have returned October, and what each has said month by month."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from contracts.choices import Risk

from .calendar import MONTHS, OCTOBER, SEPTEMBER
from .named import HEALTH
from .people import ADEYEMI, ASKEW, GARLAND, KEMI, LUND, THORNE
from .ratings import (
    ENDED_IN_SEPTEMBER,
    LAST_SEEN,
    MOVING,
    NEW_IN_OCTOBER,
    STAYING,
    Rating,
    Ratings,
    Track,
    concern_history,
    ended_history,
    history,
    leave_some_ungraded,
    spread,
)
from .register import COUNTYWIDE, EQUIPMENT, SENSORY, SERVICES, Draft
from .terms import NEW_THIS_MONTH

AUGUST: Final = MONTHS[-3]

TO_COME: Final = {GARLAND: 6, ASKEW: 5, KEMI: 9, THORNE: 8, ADEYEMI: 7, LUND: 7}
SAMS_TO_COME: Final = (
    "Short breaks for CWD",
    "Domiciliary care for CWD",
    "Leaving Care, East",
    "Family Support, East Lindsey",
    "Locality commissioning, West Lindsey",
)
"""In all, 47 of the 228 returns for October are to come."""
MAY_BE_UNCHANGED: Final = {
    "Family Support, East Lindsey": (Rating(Risk.GREEN, 7), Rating(Risk.GREEN, 6)),
    "Locality commissioning, West Lindsey": (Rating(Risk.GREEN, 6), Rating(Risk.GREEN, 7)),
}
"""August and September, which let the officer return October as unchanged."""
SILENT: Final = (GARLAND, THORNE, LUND)
"""One contract of each has no return for September either."""
NOT_ASSESSED: Final = 14


@dataclass
class Assessed:
    """A contract with what was returned for it, oldest month first."""

    draft: Draft
    ratings: Ratings = field(default_factory=dict)

    @property
    def risk_now(self) -> Risk | None:
        """The risk of the view of October: September's until October is due, else none."""
        rating = self.ratings.get(OCTOBER) or self.ratings.get(SEPTEMBER)
        return rating.risk if rating else None


def is_part_funded(draft: Draft) -> bool:
    """Whether health bodies may pay a part of an ordinary contract; those have been green since September."""
    return draft.service in (EQUIPMENT, SENSORY, *SERVICES[HEALTH], *COUNTYWIDE)


def assess_current(rng: Random, drafts: Sequence[Draft]) -> list[Assessed]:
    """What was returned for the 228: 181 for October, 225 for it or September."""
    to_come = _to_come(rng, drafts)
    silent = _silent(drafts, to_come)
    tracks = _tracks(rng, [draft for draft in drafts if _is_ordinary(draft) and draft.title not in silent], to_come)
    rows = []
    for draft in drafts:
        if draft.title in silent:
            ratings = _until_august(rng, draft)
        elif draft.concern:
            ratings = concern_history(
                rng, draft.concern, returned_october=draft.title not in to_come, start=draft.term.start
            )
        else:
            ratings = _ordinary(rng, draft, tracks.get(draft.title), is_in=draft.title not in to_come)
        rows.append(Assessed(draft, ratings))
    older = [row.ratings for row in rows if not row.draft.concern and next(iter(row.ratings)) < MONTHS[12]]
    leave_some_ungraded(rng, older, count=NOT_ASSESSED)
    return rows


def assess_ended(rng: Random, drafts: Sequence[Draft]) -> list[Assessed]:
    """Until the month in which each ended."""
    rows = []
    for draft in drafts:
        last = Rating(rng.choice((Risk.GREEN, Risk.GREEN, Risk.AMBER)), rng.choice((5, 6)))
        if draft.term.effective_end >= SEPTEMBER:
            last = ENDED_IN_SEPTEMBER
        rows.append(Assessed(draft, ended_history(rng, last=last, term=draft.term)))
    return rows


def _is_ordinary(draft: Draft) -> bool:
    return draft.concern is None and draft.term != NEW_THIS_MONTH


def _to_come(rng: Random, drafts: Sequence[Draft]) -> set[str]:
    titles = set(SAMS_TO_COME)
    for officer, contracts in TO_COME.items():
        theirs = [
            draft.title
            for draft in drafts
            if draft.officer == officer and _is_ordinary(draft) and draft.term.start < AUGUST
        ]
        titles.update(rng.sample(theirs, contracts))
    return titles


def _silent(drafts: Sequence[Draft], to_come: set[str]) -> set[str]:
    late = [draft for draft in drafts if draft.title in to_come and not is_part_funded(draft)]
    return {next(draft.title for draft in late if draft.officer == officer) for officer in SILENT}


def _tracks(rng: Random, drafts: Sequence[Draft], to_come: set[str]) -> dict[str, Track]:
    """September and October of the ordinary contracts: what moved is in, and part-funded ones are good."""
    titles = rng.sample([draft.title for draft in drafts], len(drafts))
    staying = spread(STAYING)
    rng.shuffle(staying)
    tracks: dict[str, Track] = {}
    for title, (_, september) in MAY_BE_UNCHANGED.items():
        tracks[title] = _take(staying, september)
    for draft in drafts:
        if is_part_funded(draft):
            tracks[draft.title] = _take(staying, Rating(Risk.GREEN, 6), Rating(Risk.GREEN, 7))
    moved = [title for title in titles if title not in tracks and title not in to_come]
    tracks |= zip(moved, spread(MOVING), strict=False)
    left = [title for title in titles if title not in tracks]
    return tracks | dict(zip(left, staying, strict=True))


def _take(tracks: list[Track], *wanted: Rating) -> Track:
    """The first track that stays at one of the ratings, taken off the list."""
    return tracks.pop(next(place for place, track in enumerate(tracks) if track.september in wanted))


def _ordinary(rng: Random, draft: Draft, track: Track | None, *, is_in: bool) -> Ratings:
    if track is None:
        return {OCTOBER: NEW_IN_OCTOBER}
    october = track.october if is_in else None
    ratings = history(rng, september=track.september, october=october, start=draft.term.start)
    if draft.title in MAY_BE_UNCHANGED:
        ratings[AUGUST] = MAY_BE_UNCHANGED[draft.title][0]
    return ratings


def _until_august(rng: Random, draft: Draft) -> Ratings:
    ratings = history(rng, september=LAST_SEEN, october=None, start=draft.term.start)
    del ratings[SEPTEMBER]
    return ratings
