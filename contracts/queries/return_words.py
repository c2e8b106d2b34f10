"""What a return says beside the months before it, in plain sentences. Pure: rows come in loaded."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product
from typing import Final

from commissioning.rules import MONTH_NAMES
from contracts.choices import Risk
from contracts.models import MonthlyReturn
from contracts.rules.jet import HIGHEST, LOWEST, NOT_ASSESSED, Jet, NotAssessed, jet_of
from contracts.rules.returns import MONTHS_UNEXPLAINED, months_back, narrative_reasons

Stated = tuple[str, Jet]
"""Risk and JET of one return: two axes, never merged."""

EVERY_JET: Final[tuple[Jet, ...]] = (*range(LOWEST, HIGHEST + 1), NOT_ASSESSED)
NUMBER_WORDS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def stated(row: MonthlyReturn) -> Stated:
    return row.risk, jet_of(row.jet_score, not_assessed=bool(row.not_assessed_reason))


def stated_before(
    rows: Iterable[MonthlyReturn], month: date, *, count: int = MONTHS_UNEXPLAINED
) -> list[Stated | None]:
    """Risk and JET of so many months before, newest first; None for a month without a return that counts."""
    by_month = {row.month: stated(row) for row in rows if row.counts}
    return [by_month.get(months_back(month, back)) for back in range(1, count + 1)]


def month_word(month: date) -> str:
    return MONTH_NAMES[month.month - 1]


def jet_words(jet: Jet) -> str:
    return "not assessed" if isinstance(jet, NotAssessed) else str(jet)


def narrative_hint(previous: Sequence[Stated | None], *, last_month: date) -> str:
    """When this month's return needs a sentence, found by asking the rule of every risk and grade there is."""
    last, name = previous[0], month_word(last_month)
    if last is None:
        return f"Needed when risk is amber or red. Nothing was returned for {name} to compare with."
    if _needs_none(*last, previous):
        return f"Needed unless risk stays {Risk(last[0])} and JET stays {jet_words(last[1])}, as in {name}."
    if any(_needs_none(risk, jet, previous) for risk in Risk for jet in EVERY_JET):
        return "Needed when risk is amber or red, and when risk or JET changes."
    why = " ".join(narrative_reasons(*last, previous))
    return f"Needed this month, whatever you choose. With {name}’s figures again: {why}"


def _needs_none(risk: str, jet: Jet, previous: Sequence[Stated | None]) -> bool:
    return not narrative_reasons(risk, jet, previous)


def reasons_whatever(
    *, risks: Iterable[str], grades: Iterable[Jet], before: Sequence[Stated | None]
) -> list[str] | None:
    """Why a sentence is needed whichever of these risks and grades is chosen; None where one of them needs none.

    Empty where each needs it for a reason of its own.
    """
    each = [narrative_reasons(risk, jet, before) for risk, jet in product(list(risks), list(grades))]
    if not all(each):
        return None
    return [reason for reason in each[0] if all(reason in reasons for reasons in each)]


def note_before(previous: Sequence[Stated | None], *, last_month: date) -> str:
    """For the worklist, before anything is typed: what the month will ask for if nothing changes."""
    last = previous[0]
    if last is None:
        return f"Nothing returned for {month_word(last_month)}"
    if last[0] != Risk.GREEN:
        return f"{Risk(last[0]).label}: needs a sentence every month"
    if narrative_reasons(*last, previous):
        return "3rd month or more with no change: needs a sentence"
    return "Needs a sentence only if something changes"


def note_after(now: Stated, last: Stated | None, *, last_month: date) -> str:
    """For the worklist, once returned: «Amber to red, JET 4 to 3»."""
    if last is None:
        return f"Nothing returned for {month_word(last_month)}"
    changes = []
    if now[0] != last[0]:
        changes.append(f"{Risk(last[0]).label} to {Risk(now[0])}")
    if now[1] != last[1]:
        changes.append(f"JET {jet_words(last[1])} to {jet_words(now[1])}")
    return ", ".join(changes) or "No change"


def run_words(before: Sequence[Stated | None], *, last_month: date) -> str:
    """«Amber since June. JET 5 for five months.», of the months before, newest first; empty without last month."""
    if not before or before[0] is None:
        return ""
    risk, jet = before[0]
    for_risk = _run([view and view[0] for view in before])
    for_jet = _run([view and view[1] for view in before])
    return f"{_risk_run(risk, for_risk, len(before), last_month)} {_jet_run(jet, for_jet, len(before))}"


def _run(values: Sequence[object]) -> int:
    """How many from the first on are the same; a month not returned ends it."""
    return next((place for place, value in enumerate(values) if value != values[0]), len(values))


def _risk_run(risk: str, length: int, window: int, last_month: date) -> str:
    if length == window:
        return f"{Risk(risk).label} for {window} months or more."
    return f"{Risk(risk).label} since {month_word(months_back(last_month, length - 1))}."


def _jet_run(jet: Jet, length: int, window: int) -> str:
    words = f"JET {jet_words(jet)}"
    if length == window:
        return f"{words} for {window} months or more."
    if length == 1:
        return f"{words}, new that month."
    return f"{words} for {NUMBER_WORDS[length] if length < len(NUMBER_WORDS) else length} months."
