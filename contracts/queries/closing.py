"""Which months are closed: what they say then stands, but for amendments with a reason."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from accounts import clock
from commissioning.models import CommissioningUnit
from commissioning.rules import long_date
from contracts.models import MonthReview


def closed_review(unit_id: int, month: datetime.date) -> MonthReview | None:
    """The closed review of the unit; None while the month is open."""
    return closed_reviews([unit_id], month).get(unit_id)


def newest_closed_month(unit_id: int) -> datetime.date | None:
    """None while the unit has closed none."""
    return MonthReview.objects.closed().filter(unit_id=unit_id).aggregate(newest=Max("month"))["newest"]


def closed_reviews(units: Iterable[int], month: datetime.date) -> dict[int, MonthReview]:
    """By unit, the reviews of those that have closed the month; one query."""
    return {review.unit_id: review for review in MonthReview.objects.closed_for(month).filter(unit_id__in=set(units))}


@dataclass(frozen=True)
class ClosedMonth:
    """That a unit has closed a month and when, where no more is asked of its review."""

    month: datetime.date
    closed_at: datetime.datetime


def closed_at_of(month: datetime.date) -> Subquery:
    """An annotation of contracts: when their unit closed the month, None while it is open."""
    reviews = MonthReview.objects.closed_for(month).filter(unit_id=OuterRef("unit_id"))
    return Subquery(reviews.order_by().values("closed_at"))


def closed_on(review: MonthReview | ClosedMonth) -> str:
    """«13 November 2014»"""
    return _day_of(review.closed_at)


def _day_of(moment: datetime.datetime | None) -> str:
    return long_date(timezone.localtime(moment).date())


def looked_at_on(review: MonthReview | None) -> datetime.date:
    """The day as on which a month's review is shown: that of its closing, today while it is open."""
    return timezone.localtime(review.closed_at).date() if review and review.closed_at else clock.today()


def closed_words(review: MonthReview | ClosedMonth) -> str:
    """«October 2014 was closed on 13 November 2014.»"""
    return f"{review.month:%B %Y} was closed on {closed_on(review)}."


MOST_NAMED: Final = 10
"""Of more units it is only said how many have closed."""


@dataclass(frozen=True)
class Closing:
    """How far the units in sight are with a month: units close on different days, and that is said."""

    month_name: str
    closed: tuple[tuple[str, str], ...]
    open: tuple[str, ...]

    @property
    def is_everywhere(self) -> bool:
        """Nothing is left to return: what is not in stands as not returned."""
        return bool(self.closed) and not self.open

    @property
    def words(self) -> str:
        """Empty while every unit is open."""
        if not self.closed:
            return ""
        if not self.open and len({day for _, day in self.closed}) == 1:
            everywhere = " in every unit" if len(self.closed) > 1 else ""
            return f"{self.month_name} was closed{everywhere} on {self.closed[0][1]}."
        if len(self.closed) + len(self.open) > MOST_NAMED:
            return f"{self.month_name} was closed by {len(self.closed)} of {len(self.closed) + len(self.open)} units."
        closed = "; ".join(f"{name} on {day}" for name, day in self.closed)
        still = f" Still open: {'; '.join(self.open)}." if self.open else ""
        return f"{self.month_name} was closed by {closed}.{still}"


def closing_among(month: datetime.date, units: Sequence[tuple[str, datetime.datetime | None]]) -> Closing:
    """Of units by name, each with the moment at which it closed the month, None while it is open."""
    return Closing(
        month_name=f"{month:%B %Y}",
        closed=tuple((name, _day_of(at)) for name, at in units if at),
        open=tuple(name for name, at in units if not at),
    )


def closings_among(
    reviews: Iterable[MonthReview], months: Collection[datetime.date], *, units: Collection[CommissioningUnit]
) -> dict[datetime.date, Closing]:
    """By month, from reviews that are read already, of which those of other units count for nothing."""
    moments = {(review.unit_id, review.month): review.closed_at for review in reviews}
    chosen = sorted(units, key=lambda each: each.name)
    return {
        month: closing_among(month, [(each.name, moments.get((each.pk, month))) for each in chosen]) for month in months
    }


@dataclass(frozen=True)
class UnitsWithMonth:
    """The units in sight beside one month: which have closed it, and which month was the first to be asked for."""

    closing: Closing
    first_month: datetime.date | None


def units_with_month(user: Any, month: datetime.date, *, unit: CommissioningUnit | None) -> UnitsWithMonth:
    """The closing is that of the unit the person works in, else of all in sight; one query.

    ``first_month`` is None where some unit asks from the beginning.
    """
    closed_at = MonthReview.objects.closed_for(month).filter(unit_id=OuterRef("pk")).order_by().values("closed_at")
    found = CommissioningUnit.objects.visible_to(user).annotate(month_closed_at=Subquery(closed_at)).order_by("pk")
    rows = sorted(found.values_list("name", "pk", "first_return_month", "month_closed_at"), key=lambda row: row[0])
    firsts = [first for _, _, first, _ in rows if first is not None]
    chosen = [(name, at) for name, pk, _, at in rows if unit is None or pk == unit.pk]
    return UnitsWithMonth(closing_among(month, chosen), min(firsts) if firsts and len(firsts) == len(rows) else None)
