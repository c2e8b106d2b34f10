"""Which contracts a unit's review and the dashboard look at first, and why: each rule in a sentence of its own.

Source of the review: «a monthly contract review meeting takes place with the commissioning management team, where all
returns are reviewed», with a focus on «contracts causing concern» (Lincolnshire County Council, Children and Young
People Scrutiny Committee, 12 September 2014). The numbers are the unit's own, and the defaults its practice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from commissioning.rules import MONTH_NAMES

from ..choices import Risk
from .improvement import overdue_words
from .returns import View, movement

LEAVES: Final = "Leaves this list"
CONTRADICTS: Final = "Contradicts its KPIs"


@dataclass(frozen=True)
class ConcernRules:
    """A rule that is None, or not set, is off."""

    red: bool = True
    jet_at_most: int | None = 3
    jet_fall_at_least: int | None = 2
    months_without_return: int | None = 2
    amber_months: int | None = 5
    contradicts_kpis: bool = True
    disagreement_at_least: int | None = 2
    steps_overdue: int | None = 1

    @property
    def lasting(self) -> "ConcernRules":
        """Without those that speak of one month only: what is no longer so the month after has not improved."""
        return replace(self, jet_fall_at_least=None, contradicts_kpis=False, disagreement_at_least=None)

    @property
    def words(self) -> list[str]:
        """The rules that are on, as they stand on the page."""
        numbered = [
            (self.jet_at_most, f"JET {self.jet_at_most} or lower"),
            (self.jet_fall_at_least, f"JET down by {self.jet_fall_at_least} or more"),
            (self.months_without_return, f"not returned for {_months(self.months_without_return or 0)}"),
            (self.amber_months, f"amber for {_months(self.amber_months or 0)} or more"),
            (1 if self.contradicts_kpis else None, "graded other than its KPIs bear out"),
            (
                self.disagreement_at_least,
                f"graded {self.disagreement_at_least} or more away from the service manager’s or supplier’s view",
            ),
            (self.steps_overdue, _late_with(self.steps_overdue or 0)),
        ]
        return (["red"] if self.red else []) + [words for number, words in numbered if number is not None]


class MonthSaid(NamedTuple):
    """What a contract said of one month; ``is_owed`` once a return is expected of it and was due.

    ``contradicts_kpis`` where the month's KPIs do not bear out its score, ``others`` are the scores that the service
    manager and the supplier would give; ``steps_overdue`` counts late steps of improvement plans. These are known of
    the month looked at and of no earlier one.
    """

    month: date
    view: View | None
    is_owed: bool = True
    contradicts_kpis: bool = False
    others: tuple[tuple[str, int], ...] = ()
    steps_overdue: int = 0


def reasons_of_concern(history: Sequence[MonthSaid], rules: ConcernRules) -> list[str]:
    """Why a contract is of concern, a sentence for each rule that names it; none for one that is not.

    ``history`` runs to the month reviewed, newest last. A month without a return neither breaks a run of amber nor
    takes a red contract off the list: silence is no improvement.
    """
    return [
        *_red(history, rules),
        *_low_jet(history, rules),
        *_fallen_jet(history, rules),
        *_silent(history, rules),
        *_long_amber(history, rules),
        *_contradicting(history, rules),
        *_disputed(history, rules),
        *_late_steps(history, rules),
    ]


def concern_note(history: Sequence[MonthSaid], rules: ConcernRules) -> str | None:
    """What the list of concern says of a contract in a few words; None for one that is not on it.

    On the list is what ``reasons_of_concern`` names, and for one month what a return has just taken off it.
    """
    reasons = reasons_of_concern(history, rules)
    if not history or history[-1].view is None:
        silent = _silent(history, rules)
        return (silent[0] if reasons == silent else "No current view") if reasons else None
    if not reasons:
        return LEAVES if reasons_of_concern(history[:-1], rules.lasting) else None
    if reasons == [CONTRADICTS]:
        return CONTRADICTS
    if reasons == _late_steps(history, rules):
        return overdue_words(history[-1].steps_overdue)
    known = [said.view for said in history if said.view is not None]
    red_months = _run(known, Risk.RED)
    if red_months:
        return "Newly red" if red_months == 1 else f"Red {_months(red_months)}"
    return movement(known[-1], known[-2]) if len(known) > 1 else "New on this list"


def _late_steps(history: Sequence[MonthSaid], rules: ConcernRules) -> list[str]:
    count = history[-1].steps_overdue if history else 0
    if rules.steps_overdue is None or count < rules.steps_overdue:
        return []
    return [f"Improvement plan: {overdue_words(count)}"]


def _late_with(count: int) -> str:
    return f"late with {'a step' if count == 1 else f'{count} or more steps'} of its improvement plans"


def _months(count: int) -> str:
    return f"{count} month" if count == 1 else f"{count} months"


def _run(views: Sequence[View], risk: Risk) -> int:
    """How many returns in a row, the newest last, have this risk."""
    return next((place for place, view in enumerate(reversed(views)) if view.risk != risk), len(views))


def _name(month: date) -> str:
    return MONTH_NAMES[month.month - 1]


def _newest(history: Sequence[MonthSaid]) -> MonthSaid | None:
    return next((said for said in reversed(history) if said.view is not None), None)


def _red(history: Sequence[MonthSaid], rules: ConcernRules) -> list[str]:
    newest = _newest(history)
    if not rules.red or newest is None or newest.view is None or newest.view.risk != Risk.RED:
        return []
    return ["Red"] if newest.month == history[-1].month else [f"Red when last returned, in {_name(newest.month)}"]


def _low_jet(history: Sequence[MonthSaid], rules: ConcernRules) -> list[str]:
    newest = _newest(history)
    jet = newest.view.jet if newest and newest.view else None
    if rules.jet_at_most is None or newest is None or not isinstance(jet, int) or jet > rules.jet_at_most:
        return []
    when = "now" if newest.month == history[-1].month else f"in {_name(newest.month)}"
    return [f"JET {rules.jet_at_most} or lower: {when} {jet}"]


def _fallen_jet(history: Sequence[MonthSaid], rules: ConcernRules) -> list[str]:
    """Only where the month itself says so: a fall of an earlier month was that month's news."""
    if rules.jet_fall_at_least is None or not history or history[-1].view is None:
        return []
    graded = [
        (said.month, said.view.jet) for said in history if said.view is not None and isinstance(said.view.jet, int)
    ]
    if len(graded) < 2 or graded[-1][0] != history[-1].month:
        return []
    (before_month, before), (_, now) = graded[-2:]
    fall = before - now
    return [f"JET down {fall} since {_name(before_month)}"] if fall >= rules.jet_fall_at_least else []


def _silent(history: Sequence[MonthSaid], rules: ConcernRules) -> list[str]:
    """The newest months that owe nothing yet are passed over; an earlier one that owed none ends the run."""
    owed = list(history)
    while owed and owed[-1].view is None and not owed[-1].is_owed:
        owed.pop()
    run = 0
    while run < len(owed) and owed[-1 - run].view is None and owed[-1 - run].is_owed:
        run += 1
    if rules.months_without_return is None or run < rules.months_without_return:
        return []
    return [f"Not returned for {_at_least(run, history)}"]


def _long_amber(history: Sequence[MonthSaid], rules: ConcernRules) -> list[str]:
    views = [said.view for said in history if said.view is not None]
    run = _run(views, Risk.AMBER)
    if rules.amber_months is None or run < rules.amber_months:
        return []
    return [f"Amber for {_at_least(run, history)}"]


def _at_least(run: int, history: Sequence[MonthSaid]) -> str:
    """What fills all the months looked at may have begun earlier."""
    return f"{_months(run)} or more" if run == len(history) else _months(run)


def _contradicting(history: Sequence[MonthSaid], rules: ConcernRules) -> list[str]:
    is_so = rules.contradicts_kpis and bool(history) and history[-1].contradicts_kpis
    return [CONTRADICTS] if is_so else []


def _disputed(history: Sequence[MonthSaid], rules: ConcernRules) -> list[str]:
    """Each side whose score is so far from the month's own, in one sentence."""
    jet = history[-1].view.jet if history and history[-1].view else None
    if rules.disagreement_at_least is None or not isinstance(jet, int):
        return []
    apart = [(side, score) for side, score in history[-1].others if abs(score - jet) >= rules.disagreement_at_least]
    said = " and ".join(f"{side} {score}" for side, score in apart)
    return [f"Graded {jet}, but {said}"] if apart else []
