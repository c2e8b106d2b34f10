"""The month a page is about, and what each contract says for it: the one definition pages and exports share.

A contract's view of a month is that month's return if it counts; until the month's return is due, last
month's still holds; after that, or once the unit has closed the month, there is no current view, which is
grey and never green.
"""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import BooleanField as Boolean
from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from commissioning.holidays import england_bank_holidays
from commissioning.models import CommissioningUnit
from commissioning.rules import MONTH_NAMES
from contracts.choices import Risk
from contracts.models import Contract, MonthlyReturn, MonthReview
from contracts.models.contract import ContractQuerySet, expects_return_of
from contracts.rules.returns import (
    due_date,
    month_end,
    month_to_return,
    months_back,
    months_ending,
    next_month,
    previous_month,
    return_deadline,
    time_left,
    working_days_between,
)

MONTHS_SHOWN: Final = 12
MONTHS_TO_CHOOSE: Final = 24
MONTHS_AHEAD: Final = 6
"""Decisions and ends so many months ahead count as soon."""


class NotAMonth(ValueError):  # noqa: N818 (it is no fault of the program: the page does not exist)
    """The address names no month that a page can be about."""


@dataclass(frozen=True)
class ReturnMonth:
    """A month of returns, and the day from which its page is seen."""

    month: datetime.date
    today: datetime.date

    @cached_property
    def as_at(self) -> datetime.date:
        """Today for the month now being returned; for an earlier one the last day its returns came in on time."""
        return min(self.today, month_end(next_month(self.month)))

    @cached_property
    def last_day(self) -> datetime.date:
        return month_end(self.month)

    @property
    def previous(self) -> datetime.date:
        return previous_month(self.month)

    @property
    def before(self) -> "ReturnMonth":
        """Last month, seen from the same day."""
        return ReturnMonth(month=self.previous, today=self.as_at)

    @property
    def name(self) -> str:
        """«October 2014»"""
        return f"{MONTH_NAMES[self.month.month - 1]} {self.month.year}"

    @property
    def short_name(self) -> str:
        """«October»"""
        return MONTH_NAMES[self.month.month - 1]

    @property
    def previous_name(self) -> str:
        return MONTH_NAMES[self.previous.month - 1]

    @cached_property
    def code(self) -> str:
        """As it stands in addresses: «2014-10»."""
        return f"{self.month:%Y-%m}"

    @cached_property
    def history(self) -> tuple[datetime.date, ...]:
        """The twelve months a chart shows, oldest first."""
        return months_ending(self.month, MONTHS_SHOWN)

    @cached_property
    def is_latest(self) -> bool:
        return self.month == month_to_return(self.today)

    @cached_property
    def soon(self) -> datetime.date:
        """The last day that is still soon."""
        ahead = months_back(self.as_at, -MONTHS_AHEAD)
        return ahead.replace(day=min(self.as_at.day, month_end(ahead).day))

    def due(self, working_day: int) -> datetime.date:
        return due_date(self.month, working_day=working_day, holidays=england_bank_holidays())

    def deadline(self, working_day: int) -> str:
        """«Due by Friday 7 November, 3 working days left»"""
        return return_deadline(self.as_at, self.due(working_day), england_bank_holidays())

    def time_left(self, working_day: int) -> str:
        return time_left(self.as_at, self.due(working_day), england_bank_holidays())

    @cached_property
    def first_working_day_open(self) -> int:
        """Units that return on this working day or a later one still have time: their last month's view holds.

        A return is due on the nth working day; by the day before the page's, so many had passed.
        """
        last_of_month, yesterday = month_end(self.month), self.as_at - datetime.timedelta(days=1)
        return working_days_between(last_of_month, yesterday, england_bank_holidays()) + 1


def chosen_month(text: str | None, *, today: datetime.date) -> ReturnMonth:
    """The month named in an address as 2014-10; the latest where none is. Raises NotAMonth for any other text."""
    latest = month_to_return(today)
    if not text:
        return ReturnMonth(month=latest, today=today)
    try:
        month = datetime.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise NotAMonth(text) from error
    if month > latest or month.year < 2000:
        raise NotAMonth(text)
    return ReturnMonth(month=month, today=today)


def months_to_choose(chosen: ReturnMonth) -> list[tuple[str, str, bool]]:
    """(code, name, is chosen) for the month picker, newest first."""
    months = {*months_ending(month_to_return(chosen.today), MONTHS_TO_CHOOSE), chosen.month}
    named = [ReturnMonth(month=month, today=chosen.today) for month in sorted(months, reverse=True)]
    return [(month.code, month.name, month.month == chosen.month) for month in named]


def in_unit(contracts: ContractQuerySet, unit: CommissioningUnit | None) -> ContractQuerySet:
    """The contracts of the unit the person works in; of all units where none is chosen."""
    return contracts if unit is None else contracts.filter(unit=unit)


def seen_by(user: Any, unit: CommissioningUnit | None) -> ContractQuerySet:
    """What the person may see, in the unit they work in: where every query of these pages starts."""
    return in_unit(Contract.objects.visible_to(user), unit)


def expected(contracts: ContractQuerySet, month: ReturnMonth) -> ContractQuerySet:
    """The contracts that count in the month: those of which it expects a return."""
    return contracts.expecting_return(month.month, last_day=month.last_day)


def is_expected(month: ReturnMonth) -> Q:
    """The same as ``expected`` as a condition, for counts over more contracts than those."""
    return expects_return_of(month.month, last_day=month.last_day)


def with_view(contracts: ContractQuerySet, month: ReturnMonth) -> ContractQuerySet:
    """Each contract with what it says for the month.

    ``view_month`` is the month whose return counts as its view (None: no current view), ``risk`` («» where
    there is none), ``jet`` (None where not assessed or no view), ``was_risk`` and ``was_jet`` of last month's
    return, ``is_returned`` whether the month's own is in, ``is_due`` whether one is expected.
    """
    own = Q(this_return__id__isnull=False)
    held = Q(last_return__id__isnull=False, unit__return_working_day__gte=month.first_working_day_open)
    held &= ~Q(Exists(MonthReview.objects.closed_for(month.month).filter(unit=OuterRef("unit"))))
    joined = contracts.with_returns_of(this_return=month.month, last_return=month.previous)
    return joined.annotate(
        is_returned=_condition(own),
        is_due=_condition(is_expected(month)),
        view_month=_first(own, month.month, held, month.previous, DateField()),
        risk=_text(_first(own, F("this_return__risk"), held, F("last_return__risk"), TextField())),
        jet=_first(own, F("this_return__jet_score"), held, F("last_return__jet_score"), IntegerField()),
        was_risk=_text(F("last_return__risk")),
        was_jet=F("last_return__jet_score"),
    )


def _condition(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=Boolean())


def _text(expression: Any) -> Coalesce:
    """Empty where there is nothing, so that it compares with a plain answer."""
    return Coalesce(expression, Value(""), output_field=TextField())


def _first(own: Q, this: Any, held: Q, last: Any, kind: Any) -> Case:
    return Case(When(own, then=this), When(held, then=last), default=None, output_field=kind)


def with_newly_red(contracts: ContractQuerySet, month: ReturnMonth) -> ContractQuerySet:
    """``is_newly_red``: red by the month's own return, and not red when last returned before, in these twelve months.

    A month not returned does not make an old red new. Needs ``with_view``; earlier returns are read only of reds.
    """
    earlier = (
        MonthlyReturn.objects.that_count()
        .filter(contract=OuterRef("pk"), month__gte=month.history[0], month__lt=month.month)
        .order_by("-month")
        .values("risk")[:1]
    )
    is_old = When(Exact(Subquery(earlier), Value(Risk.RED.value)), then=Value(value=False))
    is_red = When(this_return__risk=Risk.RED, then=Case(is_old, default=Value(value=True)))
    return contracts.annotate(is_newly_red=Case(is_red, default=Value(value=False), output_field=Boolean()))
