"""Commissioning units: opened in one place, so that a unit never stands without its host's grants."""

import datetime

from accounts.acts import act
from accounts.models import User
from commissioning.choices import PartnerLevel
from commissioning.models import CommissioningUnit
from commissioning.services.partners import join_unit


def open_unit(*, unit: CommissioningUnit, from_day: datetime.date, by: User | None) -> CommissioningUnit:
    """Save a new unit and make its host organisation the hosting partner from that day on."""
    with act("Unit added", by=by):
        unit.full_clean()
        unit.save(force_insert=True)
        join_unit(unit=unit, organisation=unit.host, level=PartnerLevel.HOST, joined_on=from_day, by=by)
    return unit
