"""The wording of numbers, movements and months that these pages share."""

import datetime
from collections.abc import Iterable

from commissioning.rules import MONTH_NAMES
from contracts.choices import Risk
from contracts.drawing import jet as jet_chip
from contracts.drawing import rag
from contracts.rules.jet import NOT_ASSESSED, SCALES, Jet

LETTERS = {Risk.RED: "R", Risk.AMBER: "A", Risk.GREEN: "G"}
NO_VIEW = "none"
NOT_ASSESSED_CODE = "not_assessed"


def counted(number: int, noun: str, plural: str = "") -> str:
    """«1 contract», «2,040 contracts»"""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def movement(now: int, before: int) -> str:
    """«2 more», «3 fewer», «no change»"""
    if now == before:
        return "no change"
    return f"{now - before:,} more" if now > before else f"{before - now:,} fewer"


def month_and_year(month: datetime.date) -> str:
    return f"{MONTH_NAMES[month.month - 1]} {month.year}"


def day_and_month(day: datetime.date, today: datetime.date) -> str:
    """«30 Nov»; with its year where that is not this year."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]}{year}"


def ago(month: datetime.date, chosen: datetime.date) -> str:
    """«2 months ago», of a month before the chosen one."""
    return f"{counted((chosen.year - month.year) * 12 + chosen.month - month.month, 'month')} ago"


def ordinal(number: int) -> str:
    """«5th»"""
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def jet_value(risk: str, score: int | None) -> Jet:
    """A view's JET as the rules know it: a view without a score was not assessed, no view says nothing."""
    if not risk:
        return None
    return NOT_ASSESSED if score is None else score


def no_view_age(last_month: datetime.date | None, chosen: datetime.date) -> str:
    """How old the last thing known is, where there is no current view."""
    if last_month is None:
        return "Never returned"
    return f"Last returned {month_and_year(last_month)}, {ago(last_month, chosen)}"


def risk_cell(risk: str) -> str:
    return rag(risk or None)


def jet_cell(jet: Jet, was: Jet = None) -> str:
    """The chip with its pips; nothing where there is no view."""
    return "" if jet is None else jet_chip(jet, was=was)


def risk_move(risk: str, was: str) -> str:
    """«A to R», «R»"""
    now, before = LETTERS.get(Risk(risk), ""), LETTERS.get(Risk(was), "") if was else ""
    return f"{before} to {now}" if before and before != now else now


def descriptor(score: int) -> str:
    """«5 Effective», in the wording of the scale."""
    return f"{score} {SCALES[-1].row(score).descriptor}"


def listed(words: Iterable[str]) -> str:
    """«a, b and c»"""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def provider_words(names: list[str] | None) -> str:
    """The provider, or «Framework, 9 providers»."""
    names = names or []
    if len(names) > 1:
        return f"Framework, {len(names)} providers"
    return names[0] if names else "Provider not known"


def length_of(months: int) -> str:
    """«3 years», «18 months»"""
    return counted(months // 12, "year") if months and months % 12 == 0 else counted(months, "month")


def financial_year(month: datetime.date) -> str:
    """«2014/15»: the public year from April to March."""
    first = month.year if month.month >= 4 else month.year - 1
    return f"{first}/{(first + 1) % 100:02}"
