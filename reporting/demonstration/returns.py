"""The monthly returns as rows: who saved, submitted and accepted them, when, and in what words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from commissioning.holidays import england_bank_holidays
from contracts.choices import ReturnState, Risk
from contracts.rules.jet import NOT_ASSESSED, Jet
from contracts.rules.returns import due_date, is_working_day, month_end, months_back, narrative_reasons, next_month

from .assessment import Assessed
from .calendar import OCTOBER, SEPTEMBER, TODAY
from .ratings import Rating
from .words import STARTED, WRITTEN, narrative

LONDON: Final = ZoneInfo("Europe/London")
REVIEW_DAY: Final = 13
DUE_WORKING_DAY: Final = 5
YESTERDAY: Final = TODAY - timedelta(days=1)

RETURNED_TODAY: Final = (
    "Youth Housing, Lincoln",
    "Adoption support",
    "Outreach Support Service",
    "Solutions 4",
    "Family Support, Boston",
)
RETURNED_YESTERDAY: Final = {"CAMHS Tier 3": time(16, 12), "Speech and Language Therapy": time(15, 40)}
DRAFT_BY_NAME: Final = "Domiciliary care for CWD"
SENT_BACK_NOTE: Final = "The narrative says amber and the risk says green. Please look at it again."


@dataclass(frozen=True)
class ReturnPlan:
    """One return of one month, with all its moments in London time."""

    month: date
    rating: Rating
    narrative: str
    state: ReturnState
    by: str
    saved_at: datetime
    reviewed_at: datetime | None = None
    reviewed_by: str = ""
    review_note: str = ""


def returns_of(rng: Random, row: Assessed) -> tuple[ReturnPlan, ...]:
    """Accepted for every month up to September, submitted for October."""
    return tuple(_plan(rng, row, month, rating) for month, rating in row.ratings.items())


def draft_of(rng: Random, row: Assessed) -> ReturnPlan:
    """Begun for October and not yet submitted: last month's figures and half a sentence."""
    return ReturnPlan(
        OCTOBER, row.ratings[SEPTEMBER], rng.choice(STARTED), ReturnState.DRAFT, row.draft.officer, _at(YESTERDAY, rng)
    )


def sent_back_of(rng: Random, row: Assessed) -> ReturnPlan:
    """Submitted yesterday, and sent back this morning."""
    return ReturnPlan(
        OCTOBER,
        row.ratings[SEPTEMBER],
        "Amber for attendance.",
        ReturnState.SENT_BACK,
        row.draft.officer,
        _at(YESTERDAY, rng, hours=(9, 12)),
        reviewed_at=_this_morning(rng),
        reviewed_by=row.draft.reviewer,
        review_note=SENT_BACK_NOTE,
    )


def _plan(rng: Random, row: Assessed, month: date, rating: Rating) -> ReturnPlan:
    words = WRITTEN.get((row.draft.title, month)) or narrative(
        rng, rating, row.ratings.get(months_back(month, 1)), needed=_needs_words(row.ratings, month)
    )
    if month == OCTOBER:
        saved_at = _october_moment(rng, row.draft.title)
        return ReturnPlan(month, rating, words, ReturnState.SUBMITTED, row.draft.officer, saved_at)
    return ReturnPlan(
        month,
        rating,
        words,
        ReturnState.ACCEPTED,
        row.draft.officer,
        _at(_day_of_return(rng, month), rng),
        reviewed_at=_at(review_day(month), rng, hours=(10, 12)),
        reviewed_by=row.draft.reviewer,
    )


def _needs_words(ratings: Mapping[date, Rating], month: date) -> bool:
    before = [ratings.get(months_back(month, 1)), ratings.get(months_back(month, 2))]
    previous: list[tuple[Risk | str, Jet] | None] = [(view.risk, jet_of(view)) if view else None for view in before]
    return bool(narrative_reasons(ratings[month].risk, jet_of(ratings[month]), previous))


def jet_of(rating: Rating) -> Jet:
    return NOT_ASSESSED if rating.jet is None else rating.jet


def review_day(month: date) -> date:
    """The commissioning managers' meeting: the 13th of the next month, or the working day after."""
    day = next_month(month).replace(day=REVIEW_DAY)
    while not is_working_day(day, england_bank_holidays()):
        day += timedelta(days=1)
    return day


def _day_of_return(rng: Random, month: date) -> date:
    """One of the working days until the return is due."""
    return due_date(month, working_day=rng.randint(1, DUE_WORKING_DAY), holidays=england_bank_holidays())


def _october_moment(rng: Random, title: str) -> datetime:
    if title in RETURNED_YESTERDAY:
        return datetime.combine(YESTERDAY, RETURNED_YESTERDAY[title], tzinfo=LONDON)
    if title in RETURNED_TODAY:
        return _this_morning(rng)
    day = rng.choice((month_end(OCTOBER) + timedelta(days=1), YESTERDAY, YESTERDAY, YESTERDAY, YESTERDAY))
    return _at(day, rng)


def _this_morning(rng: Random) -> datetime:
    return _at(TODAY, rng, hours=(7, 8))


def _at(day: date, rng: Random, *, hours: tuple[int, int] = (8, 17)) -> datetime:
    """Some minute from the first hour to the end of the last."""
    return datetime.combine(day, time(rng.randint(*hours), rng.randrange(60)), tzinfo=LONDON)
