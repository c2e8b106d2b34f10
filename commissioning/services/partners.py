"""Partners of a unit: each change writes its grants in the same transaction."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.choices import PartnerLevel
from commissioning.models import CommissioningUnit, Organisation, UnitPartner
from commissioning.services.grants import grant_partner


def join_unit(
    *,
    unit: CommissioningUnit,
    organisation: Organisation,
    level: str,
    joined_on: datetime.date,
    by: User | None,
    reason: str = "",
) -> UnitPartner:
    """Make the organisation a partner from a day on; raises ValidationError where it already is one."""
    if level == PartnerLevel.HOST and unit.host_id != organisation.pk:
        raise ValidationError(
            {"level": f"{unit.host} hosts this unit; another partner takes part in full or observes."}
        )
    with act("Partner added", by=by, reason=reason):
        partner = UnitPartner(unit=unit, organisation=organisation, level=level, joined_on=joined_on)
        partner.full_clean()
        partner.save()
        grant_partner(unit=unit, organisation=organisation, level=level)
    return partner


def change_level(*, partner: UnitPartner, level: str, by: User | None, reason: str = "") -> UnitPartner:
    """Raise or lower a partner between full and observer; the host stays the host."""
    if PartnerLevel.HOST in (level, partner.level):
        raise ValidationError({"level": "The host's part in the unit cannot be changed here."})
    with act("Partner's level changed", by=by, reason=reason):
        partner.level = level
        partner.save(update_fields=["level"])
        grant_partner(unit=partner.unit, organisation=partner.organisation, level=level)
    return partner


def leave_unit(*, partner: UnitPartner, on: datetime.date, by: User | None, reason: str = "") -> UnitPartner:
    """End the partnership with that day as its last; unless the day lies ahead, its grants go at once.

    A day that lies ahead takes effect by itself: the Scope reads the dates.
    """
    if partner.level == PartnerLevel.HOST:
        raise ValidationError({"left_on": "The host cannot leave the unit it hosts; close the unit instead."})
    if on < partner.joined_on:
        raise ValidationError({"left_on": "A partner cannot leave before it joined."})
    with act("Partner left", by=by, reason=reason):
        partner.left_on = on
        partner.save(update_fields=["left_on"])
        if on <= clock.today():
            grant_partner(unit=partner.unit, organisation=partner.organisation, level=None)
    return partner


@transaction.atomic
def sweep_ended_partners() -> int:
    """Take away the grants of partnerships whose last day has passed; the number swept."""
    ended = UnitPartner.objects.filter(left_on__lt=clock.today()).select_related("unit", "organisation")
    swept = 0
    for partner in ended:
        still = UnitPartner.objects.filter(
            unit=partner.unit, organisation=partner.organisation, joined_on__gt=partner.left_on
        )
        if not still.exists():
            grant_partner(unit=partner.unit, organisation=partner.organisation, level=None)
            swept += 1
    return swept
