"""What may be recorded of a board, its meetings and what they agreed. Days come in as arguments.

Source of the board and who sits on it: «Meetings are led by the Contract Management Board, made up of
representatives from the Supplier, Commissioning team and the relevant Children's Service Manager» (Lincolnshire County
Council, Children and Young People Scrutiny Committee, 12 September 2014). Of meetings besides: «Face to face meetings
between commissioners and providers outside of the normal contract performance meetings» (Borderline and Peterborough
LCGs, 31 July 2013).
"""

from datetime import date

from commissioning.rules import long_date


def sat_on(day: date, *, since: date, until: date | None) -> bool:
    """Whether a member sat on the board that day; both ends of a seat are days of it."""
    return since <= day and (until is None or day <= until)


def held_fault(on: date, *, today: date) -> str | None:
    if on > today:
        return f"{long_date(on)} lies ahead: a meeting is recorded once it was held."
    return None


def due_fault(due_on: date, *, met_on: date) -> str | None:
    if due_on < met_on:
        return f"An action cannot be due before the meeting that agreed it, on {long_date(met_on)}."
    return None


def done_fault(done_on: date, *, met_on: date, today: date) -> str | None:
    if done_on > today:
        return "Give the day on which it was done: this one lies ahead."
    if done_on < met_on:
        return f"It was agreed on {long_date(met_on)}, so it was not done before."
    return None


def before_board_fault(on: date, *, opened_on: date) -> str | None:
    if on < opened_on:
        return f"The board opened on {long_date(opened_on)}: give that day or a later one."
    return None
