"""The views behind a grade: when there is anything to grade, and who would have given another score.

Source: the officer grades «after consideration with the Service Manager and Supplier» (Lincolnshire County Council,
Children and Young People Scrutiny Committee, 12 September 2014, Joint Evaluation Toolkit).
"""

from collections.abc import Iterable
from datetime import date

from commissioning.rules import long_date

from .returns import month_end, month_start, next_month


def grading_fault(month: date, *, start: date | None, effective_end: date | None, today: date) -> str:
    """Why there is nothing to grade of a contract in a month; empty where there is."""
    if month >= month_start(today):
        return f"{month:%B %Y} is not over: it can be graded from 1 {next_month(month):%B %Y}."
    if start is None:
        return "It is not known when the contract starts: there is nothing to grade yet."
    if start > month_end(month):
        return f"The contract starts on {long_date(start)}: there is nothing to grade for {month:%B %Y}."
    if effective_end is not None and effective_end < month:
        return f"The contract ended on {long_date(effective_end)}: there is nothing to grade for {month:%B %Y}."
    return ""


def stated_on_fault(day: date, *, month: date, today: date) -> str:
    """The sentence for a day on which nobody can have spoken of the month; empty for any other."""
    if day > today:
        return "This day has not come yet."
    if day < month:
        return f"This is before {month:%B %Y} began."
    return ""


def agreement_words(score: int, grade: int | None) -> str:
    """«Agrees», «1 lower», «2 higher»; empty while the officer has given no score."""
    if grade is None:
        return ""
    if score == grade:
        return "Agrees"
    return f"{abs(score - grade)} {'higher' if score > grade else 'lower'}"


def disagreement_words(views: Iterable[tuple[str, int]], grade: int | None) -> str:
    """«The service manager would give 4, the supplier 6.»; empty where all who were heard agree."""
    other = [(side, score) for side, score in views if grade is not None and score != grade]
    if not other:
        return ""
    (first, score), *rest = other
    return f"The {first} would give {score}{''.join(f', the {side} {given}' for side, given in rest)}."
