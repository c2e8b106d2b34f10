"""The rules that name a unit's contracts of concern: its own, or the defaults."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from django.db.models import Q

from commissioning.models import CommissioningUnit
from contracts.models import MonthReview, ReviewRules
from contracts.rules.concern import ConcernRules

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
    """The rules of many units for one month, and which of them have closed it; by unit."""

    own: Mapping[int, ConcernRules]
    closed: frozenset[int]

    def of(self, unit_id: int) -> ConcernRules:
        return self.own.get(unit_id, ConcernRules())

    def groups(self) -> Iterator[tuple[ConcernRules, Q]]:
        """Each set of rules with its units, as a condition on contracts: few, as most units keep the defaults."""
        units: dict[ConcernRules, list[int]] = defaultdict(list)
        for unit_id, rules in self.own.items():
            units[rules].append(unit_id)
        yield ConcernRules(), ~Q(unit_id__in=list(self.own))
        for rules, ids in units.items():
            yield rules, Q(unit_id__in=ids)


def unit_rules(month: datetime.date) -> UnitRules:
    """As ``rules_of`` each unit; two queries."""
    own = {stored.unit_id: as_rules(stored) for stored in ReviewRules.objects.all()}
    reviews = list(MonthReview.objects.closed_for(month))
    own |= {review.unit_id: then for review in reviews if (then := _then(review)) is not None}
    return UnitRules(own, frozenset(review.unit_id for review in reviews))
