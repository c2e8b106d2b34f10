"""How a contract ends before its term does: under a notice, or early by a decision of one side or of both."""

from datetime import date
from typing import Final

from commissioning.rules import long_date

from ..choices import NoticeKind

WHY_EARLY: Final = {
    NoticeKind.AGREEMENT: "by agreement",
    NoticeKind.BREACH: "for breach",
    NoticeKind.STATUTORY: "under the procurement law",
}
"""Kinds that are no notice under the contract: it is ended."""


def why_early(kind: str) -> str:
    """«for breach»; empty where notice ends the contract."""
    return next((words for early, words in WHY_EARLY.items() if early == kind), "")


def how_it_ends(kind: str, *, given_on: date, ends_on: date, day: date) -> str:
    """«Ends on 30 November 2014 under the notice given on 3 November 2014», «Ended early, on 3 May 2014, for breach».

    Until its last day is over the contract ends; from the next day on it has ended.
    """
    verb = "Ended" if ends_on < day else "Ends"
    if why := why_early(kind):
        return f"{verb} early, on {long_date(ends_on)}, {why}"
    return f"{verb} on {long_date(ends_on)} under the notice given on {long_date(given_on)}"
