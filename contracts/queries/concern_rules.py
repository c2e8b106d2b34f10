"""The rules that name a unit's contracts of concern: its own, or the defaults."""

from dataclasses import fields

from commissioning.models import CommissioningUnit
from contracts.models import MonthReview, ReviewRules
from contracts.rules.concern import ConcernRules


def stored_rules(unit: CommissioningUnit) -> ReviewRules | None:
    """What the unit has set itself; None while the defaults stand."""
    return ReviewRules.objects.filter(unit=unit).first()


def concern_rules(unit: CommissioningUnit) -> ConcernRules:
    """The unit's own, else the defaults."""
    return as_rules(stored_rules(unit))


def rules_of(review: MonthReview | None, unit: CommissioningUnit) -> ConcernRules:
    """Of a closed month those that held when it was closed, so that a later change does not rewrite its minutes."""
    if review is not None and review.is_closed and review.rules_then is not None:
        return ConcernRules(**review.rules_then)
    return concern_rules(unit)


def as_rules(stored: ReviewRules | None) -> ConcernRules:
    if stored is None:
        return ConcernRules()
    return ConcernRules(**{field.name: getattr(stored, field.name) for field in fields(ConcernRules)})
