"""A review of a service that is to end: how long it would be let, how far the review is, what a decision still lacks.

Source of the elements and of the length: «review of current services, consultation and engagement, financial review,
options appraisal, political approval»; «three years with an option to extend for two 12 month periods», five years in
all (Lincolnshire County Council, Children and Young People Scrutiny Committee, 12 September 2014). Source of the
options by horizon, one of them recommended: Peterborough and Borderline LCGs, 31 July 2013.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from ..choices import ElementState, ReviewElementKind, Sourcing
from .terms import MOST_MONTHS, add_months

SETTLED: Final = (ElementState.DONE, ElementState.NOT_NEEDED)
"""States in which nothing is left to do."""
LET_FOR_A_TIME: Final = (Sourcing.GRANT, Sourcing.CONTRACT, Sourcing.JOINT)
"""Ways of sourcing for which a length is planned."""
MOST_OPTIONS: Final = 10


# The planned length


@dataclass(frozen=True)
class PlannedLength:
    """A first term and the options after it, in whole months."""

    months: int
    options: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return self.months + sum(self.options)

    @property
    def words(self) -> str:
        """«3 years, with options of 12 and 12 months: 5 years in all»"""
        if not self.options:
            return f"{length_words(self.months)}, without options"
        *most, last = [str(months) for months in self.options]
        listed = f"{', '.join(most)} and {last}" if most else last
        noun = "an option" if len(self.options) == 1 else "options"
        unit = "month" if self.options == (1,) else "months"
        return f"{length_words(self.months)}, with {noun} of {listed} {unit}: {length_words(self.total)} in all"

    def ends(self, start: date) -> list[date]:
        """The last day of the first term, then of each option: months are summed first and added once."""
        before = start - timedelta(days=1)
        return [add_months(before, months) for months in accumulate((self.months, *self.options))]


def length_words(months: int) -> str:
    """«3 years», «18 months», «1 year»"""
    number, noun = (months // 12, "year") if months and months % 12 == 0 else (months, "month")
    return f"{number} {noun if number == 1 else noun + 's'}"


def length_faults(months: int | None, options: Sequence[int]) -> dict[str, str]:
    """What is wrong with a planned length, as a sentence beside its field."""
    if months is None:
        return {"planned_months": "Give the first term before its options."} if options else {}
    if months < 1:
        return {"planned_months": "A first term lasts at least 1 month."}
    if any(option < 1 for option in options):
        return {"planned_options": "An option lasts at least 1 month."}
    if len(options) > MOST_OPTIONS:
        return {"planned_options": f"Give at most {MOST_OPTIONS} options."}
    if months + sum(options) > MOST_MONTHS:
        return {"planned_months": f"All terms together last at most {length_words(MOST_MONTHS)}."}
    return {}


# How far the review is


def progress_words(states: Sequence[str]) -> str:
    """«3 of 5 elements done»; what is not needed is said and not counted among those to do."""
    counted = Counter(states)
    left_out = counted[ElementState.NOT_NEEDED]
    needed = len(states) - left_out
    if not needed:
        return "No element is needed"
    words = f"{counted[ElementState.DONE]} of {needed} {'element' if needed == 1 else 'elements'} done"
    return f"{words}, {left_out} not needed" if left_out else words


@dataclass(frozen=True)
class OptionSaid:
    title: str
    horizon: str
    is_recommended: bool


def missing_before_decision(
    *,
    elements: Sequence[tuple[str, str]],
    options: Sequence[OptionSaid],
    sourcing: str = "",
    length: PlannedLength | None = None,
) -> list[str]:
    """What the review still lacks before it is decided how the service is sourced, a sentence each.

    ``elements`` are (kind, state). Political approval is the decision itself, so it is not asked for before it. A
    decision in spite of what is missing is possible, but never unsaid.
    """
    open_elements = [
        f"{ReviewElementKind(kind).label}: {ElementState(state).label.lower()}."
        for kind, state in elements
        if state not in SETTLED and kind != ReviewElementKind.APPROVAL
    ]
    return [*open_elements, *_missing_options(options), *_missing_length(sourcing, length)]


def _missing_options(options: Sequence[OptionSaid]) -> list[str]:
    if not options:
        return ["No option is written down."]
    return [] if any(option.is_recommended for option in options) else ["No option is recommended."]


def _missing_length(sourcing: str, length: PlannedLength | None) -> list[str]:
    if sourcing in LET_FOR_A_TIME and length is None:
        return ["No length is planned."]
    return []
