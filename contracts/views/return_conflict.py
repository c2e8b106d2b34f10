"""What somebody else saved, beside one's own."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from accounts import clock
from accounts.models import User
from contracts.choices import ReturnState, Risk
from contracts.forms.monthly_return import NOT_ASSESSED, MonthlyReturnForm, initial_of
from contracts.models import MonthlyReturn
from contracts.templatetags.marks import clocktime, longdate

VERBS = {
    ReturnState.DRAFT: "saved this",
    ReturnState.SUBMITTED: "submitted this",
    ReturnState.ACCEPTED: "accepted this",
    ReturnState.SENT_BACK: "sent this back",
    ReturnState.AMENDED: "amended this",
}
NOTHING = "Nothing yet"


@dataclass(frozen=True)
class ComparedLine:
    """One thing stated, twice."""

    label: str
    theirs: str
    yours: str

    @property
    def differs(self) -> bool:
        return self.theirs != self.yours


@dataclass(frozen=True)
class ReturnConflict:
    """Why nothing was saved: «K. Obi saved this at 9:16am after you opened it»."""

    headline: str
    their_name: str
    lines: list[ComparedLine]


def moment_words(moment: datetime.datetime) -> str:
    """«at 9:16am»; the day is said when it is not today."""
    day = timezone.localtime(moment).date()
    return f"at {clocktime(moment)}" if day == clock.today() else f"on {longdate(day)} at {clocktime(moment)}"


def last_change(row: MonthlyReturn) -> tuple[User | None, datetime.datetime]:
    """Who touched the return last, and when."""
    if row.reviewed_at and row.state in (ReturnState.ACCEPTED, ReturnState.SENT_BACK):
        return row.reviewed_by, row.reviewed_at
    return row.saved_by, row.saved_at


def conflict_with(row: MonthlyReturn | None, form: MonthlyReturnForm | None, *, reader: User) -> ReturnConflict:
    """The stored return beside what the reader typed, row by row; without a form only who and when."""
    if row is None:
        return ReturnConflict("The return you opened is no longer there. Nothing was saved.", "", [])
    person, moment = last_change(row)
    ended = moment_words(moment)
    verb = VERBS[ReturnState(row.state)]
    if person == reader:
        headline = f"You {verb} {ended}, in another window, after you opened it here"
        return ReturnConflict(headline, "The other window", _lines(row, form))
    name = person.short_name if person else "The system"
    return ReturnConflict(f"{name} {verb} {ended} after you opened it", name, _lines(row, form))


def _lines(row: MonthlyReturn, form: MonthlyReturnForm | None) -> list[ComparedLine]:
    if form is None:
        return []
    theirs = initial_of(row)
    stated = ("risk", "jet", "not_assessed_reason", "kpi_reason", "narrative")
    yours = {name: form[name].value() or "" for name in stated}
    lines = [
        ComparedLine("Risk", _risk_words(theirs["risk"]), _risk_words(yours["risk"])),
        ComparedLine("JET grade", _jet_words(theirs["jet"]), _jet_words(yours["jet"])),
        ComparedLine("Why not assessed", theirs["not_assessed_reason"], _text(yours["not_assessed_reason"])),
        ComparedLine("Why the score stands", theirs["kpi_reason"], _text(yours["kpi_reason"])),
        ComparedLine("What changed", theirs["narrative"], _text(yours["narrative"])),
    ]
    return [line for line in lines if line.theirs or line.yours]


def _text(value: str) -> str:
    return value.replace("\r\n", "\n").strip()


def _risk_words(risk: str) -> str:
    return Risk(risk).label if risk in Risk.values else NOTHING


def _jet_words(jet: str) -> str:
    if jet == NOT_ASSESSED:
        return "Not assessed"
    return jet or NOTHING
