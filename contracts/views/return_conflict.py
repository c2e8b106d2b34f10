"""What somebody else saved, beside one's own."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts import clock
from accounts.models import User
from contracts.choices import ReturnState, Risk
from contracts.forms.kpi_fields import kpi_name
from contracts.forms.monthly_return import NOT_ASSESSED, MonthlyReturnForm, initial_of
from contracts.models import KpiReading, MonthlyReturn
from contracts.queries.kpis import KpiLine
from contracts.queries.monthly_return import ReturnPage
from contracts.queries.return_kpis import asks
from contracts.templatetags.marks import clocktime, longdate

VERBS = {
    ReturnState.DRAFT: "saved this",
    ReturnState.SUBMITTED: "submitted this",
    ReturnState.ACCEPTED: "accepted this",
    ReturnState.SENT_BACK: "sent this back",
    ReturnState.AMENDED: "amended this",
}
NOTHING = "Nothing yet"

Change = tuple[User | None, datetime.datetime, str]
"""Who, when, and what they did."""


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


def versions_of(page: ReturnPage) -> dict[str, str]:
    """By hidden field, what the page stands on now: the return's version and that of each reading typed here."""
    kpis = {f"{kpi_name(line.kpi.pk)}_version": str(line.version) for line in page.kpis if asks(line)}
    return {"version": str(page.version)} | kpis


def conflict_with(
    row: MonthlyReturn | None,
    form: MonthlyReturnForm | None,
    *,
    reader: User,
    kpis: Sequence[KpiLine] = (),
    typed: Sequence[KpiLine] = (),
) -> ReturnConflict:
    """The stored return beside what the reader typed, row by row; without a form only who and when.

    ``kpis`` are the KPIs as stored, ``typed`` as the reader would have them.
    """
    changes = [_of_return(row)] if row else []
    changes += [_of_reading(line.reading) for line in kpis if asks(line) and line.version and line.reading]
    if not changes:
        return ReturnConflict("What you opened is no longer there. Nothing was saved.", "", [])
    person, moment, verb = max(changes, key=lambda change: change[1])
    ended = moment_words(moment)
    lines = _lines(row, form) + _kpi_lines(kpis, typed)
    if person == reader:
        headline = f"You {verb} {ended}, in another window, after you opened it here"
        return ReturnConflict(headline, "The other window", lines)
    name = person.short_name if person else "The system"
    return ReturnConflict(f"{name} {verb} {ended} after you opened it", name, lines)


def _of_return(row: MonthlyReturn) -> Change:
    person, moment = last_change(row)
    return person, moment, VERBS[ReturnState(row.state)]


def _of_reading(reading: KpiReading) -> Change:
    return reading.saved_by, reading.saved_at, "saved its KPI readings"


def _kpi_lines(kpis: Sequence[KpiLine], typed: Sequence[KpiLine]) -> list[ComparedLine]:
    yours = {line.kpi.pk: _reading_words(line) for line in typed}
    lines = [
        ComparedLine(line.kpi.name, _reading_words(line), yours[line.kpi.pk])
        for line in kpis
        if asks(line) and line.kpi.pk in yours
    ]
    return [line for line in lines if line.theirs or line.yours]


def _reading_words(line: KpiLine) -> str:
    """«94%, plan in place», of the month's own reading."""
    if line.reading is None or line.reading.month != line.month:
        return ""
    if line.reading.nothing_to_count:
        return "Nothing to count"
    return ", ".join(filter(None, [line.value_words, line.plan_words.lower() if line.reading.plan else ""]))


def _lines(row: MonthlyReturn | None, form: MonthlyReturnForm | None) -> list[ComparedLine]:
    if form is None:
        return []
    stored = initial_of(row)
    stated = ("risk", "jet", "not_assessed_reason", "kpi_reason", "narrative")
    theirs = {name: stored.get(name, "") for name in stated}
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
