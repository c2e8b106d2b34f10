"""The rules that name a unit's contracts of concern: its own, or the defaults."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from commissioning.models import CommissioningUnit
from contracts.models import MonthReview, ReviewRules
from contracts.rules.concern import ConcernRules
from contracts.rules.returns import previous_month

#: What a month closed before these rules were there knows nothing of.
_NOT_YET_THERE: Final[Mapping[str, Any]] = {
    "contradicts_kpis": False,
    "disagreement_at_least": None,
    "steps_overdue": None,
}


def stored_rules(unit: CommissioningUnit) -> ReviewRules | None:
    """What the unit has set itself; None while the defaults stand."""
    return ReviewRules.objects.filter(unit=unit).first()


def concern_rules(unit: CommissioningUnit) -> ConcernRules:
    """The unit's own, else the defaults."""
    return as_rules(stored_rules(unit))


def rules_of(review: MonthReview | None, unit: CommissioningUnit) -> ConcernRules:
    """Of a closed month those that held when it was closed, so that a later change does not rewrite its minutes."""
    return _then(review) or concern_rules(unit)


def _then(review: MonthReview | None) -> ConcernRules | None:
    if review is None or not review.is_closed or review.rules_then is None:
        return None
    return ConcernRules(**(_NOT_YET_THERE | review.rules_then))


def as_rules(stored: ReviewRules | None) -> ConcernRules:
    if stored is None:
        return ConcernRules()
    return ConcernRules(**{field.name: getattr(stored, field.name) for field in fields(ConcernRules)})


@dataclass(frozen=True)
class UnitRules:
    """The rules of many units for one month, by unit, and who has closed it or the month before: the closed reviews."""

    month: datetime.date
    own: Mapping[int, ConcernRules]
    reviews: tuple[MonthReview, ...]

    @property
    def closed(self) -> frozenset[int]:
        return frozenset(review.unit_id for review in self.reviews if review.month == self.month)

    @property
    def closed_before(self) -> frozenset[int]:
        return frozenset(review.unit_id for review in self.reviews if review.month < self.month)

    def of(self, unit_id: int) -> ConcernRules:
        return self.own.get(unit_id, ConcernRules())

    def by_rules(self) -> list[tuple[ConcernRules, list[int]]]:
        """Each set of rules with its units: few, as most units keep the defaults, which come first and name none."""
        units: dict[ConcernRules, list[int]] = defaultdict(list)
        for unit_id, rules in self.own.items():
            units[rules].append(unit_id)
        return [(ConcernRules(), []), *units.items()]


def unit_rules(month: datetime.date, *, unit: CommissioningUnit | None) -> UnitRules:
    """As ``rules_of`` the unit, or each of all units; two queries."""
    stored, closed = ReviewRules.objects.all(), MonthReview.objects.closed()
    if unit is not None:
        stored, closed = stored.filter(unit=unit), closed.filter(unit=unit)
    reviews = closed.filter(month__in=(month, previous_month(month))).only("unit", "month", "closed_at", "rules_then")
    rules = UnitRules(month, {row.unit_id: as_rules(row) for row in stored}, tuple(reviews))
    then = {review.unit_id: _then(review) for review in rules.reviews if review.month == month}
    own = {unit_id: its for unit_id, its in then.items() if its is not None}
    return replace(rules, own={**rules.own, **own})
