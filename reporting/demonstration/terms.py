"""The terms that the demonstration's contracts run on."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contracts.rules.terms import add_months

from .calendar import TODAY, tuesday_before

LATEST_DECISION: Final = TODAY - timedelta(days=21)
MONTHS_OF_THOUGHT: Final = 6
"""An extension is decided about so long before the end that it moves."""


@dataclass(frozen=True)
class Term:
    """From ``start`` to ``end``, the end of the first term, with options of so many months each."""

    start: date
    end: date
    options: tuple[int, ...] = ()
    exercised: int = 0
    notice_months: int = 3

    @property
    def effective_end(self) -> date:
        return add_months(self.end, sum(self.options[: self.exercised]))

    @property
    def years(self) -> float:
        """With every option, for the whole-life value."""
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
        return (months + sum(self.options)) / 12

    def exercised_on(self, position: int) -> date:
        """The day on which the option, counted from 1, was taken up."""
        ends = add_months(self.end, sum(self.options[: position - 1]))
        return tuesday_before(min(add_months(ends, -MONTHS_OF_THOUGHT), LATEST_DECISION))


def three_years(year: int, month: int, options: tuple[int, ...] = (12, 12), *, notice: int = 3, used: int = 0) -> Term:
    """The standard of the paper: «three years with an option to extend for two 12 month periods»."""
    start = date(year, month, 1)
    return Term(start, add_months(start, 36) - timedelta(days=1), options, used, notice)


def two_years(year: int, month: int, *, notice: int = 3) -> Term:
    start = date(year, month, 1)
    return Term(start, add_months(start, 24) - timedelta(days=1), (), 0, notice)


NEW_THIS_MONTH: Final = three_years(2014, 10)

ENDING_SOON: Final = (
    two_years(2013, 9),
    three_years(2012, 9, (12,)),
    three_years(2012, 9, ()),
    three_years(2012, 10, (12,)),
)

RUNNING_ON: Final = (
    three_years(2013, 4),
    three_years(2013, 9, (12,)),
    three_years(2014, 4, (12,)),
    three_years(2012, 4, (12,), used=1),
    two_years(2014, 4),
    three_years(2011, 4, (12, 12), used=2),
    three_years(2013, 10, (), notice=6),
    three_years(2014, 9, ()),
    three_years(2011, 9, (12, 12), used=2),
    three_years(2012, 12, (12,)),
    three_years(2013, 4, ()),
)
"""Ending in November 2015 or later as they stand."""

LONGEST: Final = three_years(2013, 4)
WITHOUT_OPTIONS: Final = three_years(2013, 4, ())

ENDED: Final = (
    three_years(2011, 1, ()),
    three_years(2011, 4, ()),
    three_years(2010, 4, (12,), used=1),
    three_years(2011, 7, ()),
    three_years(2011, 9, ()),
)
"""Ending from December 2013 to August 2014."""

ENDED_IN_SEPTEMBER: Final = three_years(2011, 10, ())
