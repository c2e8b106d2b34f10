"""A unit's rules of concern, changed by whoever manages the unit."""

from dataclasses import asdict

from django.core.exceptions import ValidationError

from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit
from commissioning.services.conflict import Conflict
from contracts.models import ReviewRules
from contracts.rules.concern import ConcernRules


def change_rules(*, unit: CommissioningUnit, rules: ConcernRules, version: int, by: User) -> ReviewRules:
    """``version`` 0 says that the defaults stood when the page was opened. Raises ValidationError, or Conflict."""
    if not rules.words:
        raise ValidationError("Keep at least one rule: with none, no contract would be of concern.")
    with act("Rules of concern changed", by=by):
        CommissioningUnit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
        stored = ReviewRules.objects.filter(unit=unit).first() or ReviewRules(unit=unit, version=0)
        if stored.version != version:
            raise Conflict(stored)
        for name, value in asdict(rules).items():
            setattr(stored, name, value)
        stored.version += 1
        stored.full_clean()
        stored.save()
    return stored
