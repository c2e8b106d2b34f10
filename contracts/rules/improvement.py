"""Improvement plans: how a step stands on a day, a plan in one line, and when a private notice is met about.

Source of the plan: an extension «on condition of a robust improvement plan with timescales» (Peterborough and
Borderline Local Commissioning Groups, 31 July 2013, with its steps a to d). Source of the meeting: general condition 9
of the NHS Standard Contract, where the parties meet within ten operational days of a contract performance notice; an
operational day there is any but a Saturday, a Sunday or a bank holiday in England. The clause's text was not at hand,
so the number is only what a new notice proposes: each notice keeps a day of its own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from commissioning.rules import long_date

from ..choices import StepState
from .returns import is_working_day

OPERATIONAL_DAYS_TO_MEET: Final = 10
LONGEST_STEP_YEARS: Final = 5
"""A step due later than that after its plan was agreed is a slip of the year."""

PRIVATE_NOTICE: Final = "Contract performance notice to the provider (NHS Standard Contract, GC9) – private letter"
PUBLIC_NOTICE: Final = "Contract performance notice (Procurement Act 2023, UK9) – public"
"""One name in two laws: wherever either stands, it is said which."""


@dataclass(frozen=True)
class StepStanding:
    """How a step stands, in words, and whether that is late. Lateness follows from the date before the state."""

    words: str
    is_late: bool = False
    is_done: bool = False

    @property
    def tag(self) -> str:
        """The mark of the tag beside «govuk-tag»."""
        if self.is_late:
            return "ink"
        return "" if self.is_done else "grey"


def step_standing(state: str, due_on: date, *, day: date) -> StepStanding:
    """«Done», «4 days late», «On course»; a step expected to be late says so before its day has come."""
    if state == StepState.DONE:
        return StepStanding("Done", is_done=True)
    if is_overdue(state, due_on, day=day):
        return StepStanding(due_words(due_on, day=day), is_late=True)
    return StepStanding(StepState(state).label, is_late=state == StepState.LATE)


def is_overdue(state: str, due_on: date, *, day: date) -> bool:
    """From the day after the one on which it was due."""
    return state != StepState.DONE and due_on < day


def is_untouched(state: str, evidence: str) -> bool:
    """Nothing has happened of the step yet, so that it may still be taken out of its plan."""
    return state == StepState.NOT_STARTED and not evidence


def due_words(due_on: date, *, day: date) -> str:
    """«due in 3 days», «due today», «4 days late»"""
    left = (due_on - day).days
    if left == 0:
        return "due today"
    return f"due in {days_words(left)}" if left > 0 else f"{days_words(-left)} late"


def days_words(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def plan_summary(standings: Sequence[StepStanding]) -> str:
    """«1 of 5 done, 1 late»"""
    if not standings:
        return "No step yet"
    late = sum(standing.is_late for standing in standings)
    done = f"{sum(standing.is_done for standing in standings)} of {len(standings)} done"
    return f"{done}, {late} late" if late else done


def undone_words(standings: Sequence[StepStanding]) -> str:
    """«2 of 3 steps are not done, 1 of them late.»; empty where all are done."""
    undone = [standing for standing in standings if not standing.is_done]
    late = sum(standing.is_late for standing in undone)
    if not undone:
        return ""
    steps = f"{len(undone)} of {len(standings)} {'step' if len(standings) == 1 else 'steps'}"
    if len(undone) == 1:
        return f"{steps} is not done, and it is late." if late else f"{steps} is not done."
    return f"{steps} are not done, {late} of them late." if late else f"{steps} are not done."


def before_start_fault(day: date, *, start: date | None, today: date) -> str:
    """The sentence for a day on which the contract did not run yet; empty for any other, or a start not known."""
    if start is None or day >= start:
        return ""
    if start > today:
        return f"The contract has not started: it starts on {long_date(start)}."
    return f"The contract started on {long_date(start)}: give that day or a later one."


def overdue_words(count: int) -> str:
    """«2 steps overdue»; nothing for none."""
    if not count:
        return ""
    return "1 step overdue" if count == 1 else f"{count} steps overdue"


def meeting_by(issued_on: date, *, holidays: Collection[date], days: int = OPERATIONAL_DAYS_TO_MEET) -> date:
    """The last of so many operational days after the day of a notice."""
    day = issued_on
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working_day(day, holidays):
            day += timedelta(days=1)
    return day
