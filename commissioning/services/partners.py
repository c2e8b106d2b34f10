"""Partners of a unit: each change writes its grants in the same transaction."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.choices import PartnerLevel
from commissioning.models import CommissioningUnit, Organisation, UnitPartner
from commissioning.rules import long_date
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
    """Make the organisation a partner from a day on; raises ValidationError where it already is one.

    A body whose last day lies ahead joins again only after it: one set of grants serves one partnership.
    """
    if level == PartnerLevel.HOST and unit.host_id != organisation.pk:
        raise ValidationError(
            {"level": f"{unit.host} hosts this unit; another partner takes part in full or observes."}
        )
    with act("Partner added", by=by, reason=reason):
        _refuse_before_the_last_day(unit=unit, organisation=organisation)
        partner = UnitPartner(unit=unit, organisation=organisation, level=level, joined_on=joined_on)
        partner.full_clean()
        partner.save()
        grant_partner(unit=unit, organisation=organisation, level=level)
    return partner


def _refuse_before_the_last_day(*, unit: CommissioningUnit, organisation: Organisation) -> None:
    running = UnitPartner.objects.filter(
        Q(left_on=None) | Q(left_on__gt=clock.today()), unit=unit, organisation=organisation
    ).first()
    if running is None:
        return
    if running.left_on is None:
        raise ValidationError(f"{organisation} already takes part in {unit}.")
    raise ValidationError(
        f"{organisation} takes part in {unit} until {long_date(running.left_on)}; add it again after that day."
    )


def change_level(*, partner: UnitPartner, level: str, by: User | None, reason: str = "") -> UnitPartner:
    """Raise or lower a partner between full and observer; the host stays the host."""
    with act("Partner's level changed", by=by, reason=reason):
        stored = _locked(partner)
        if PartnerLevel.HOST in (level, stored.level):
            raise ValidationError({"level": "The host's part in the unit cannot be changed here."})
        if level == stored.level:
            raise ValidationError({"level": f"{stored.organisation} already takes part at this level."})
        stored.level = level
        stored.save(update_fields=["level"])
        grant_partner(unit=stored.unit, organisation=stored.organisation, level=level)
    return stored


def leave_unit(*, partner: UnitPartner, on: datetime.date, by: User | None, reason: str = "") -> UnitPartner:
    """End the partnership with that day as its last; unless the day lies ahead, its grants go at once.

    A day that lies ahead takes effect by itself: the Scope reads the dates.
    """
    with act("Partner left", by=by, reason=reason):
        stored = _locked(partner)
        if stored.level == PartnerLevel.HOST:
            raise ValidationError({"left_on": "The host cannot leave the unit it hosts; close the unit instead."})
        if on < stored.joined_on:
            raise ValidationError({"left_on": "A partner cannot leave before it joined."})
        stored.left_on = on
        stored.save(update_fields=["left_on"])
        if on <= clock.today():
            grant_partner(unit=stored.unit, organisation=stored.organisation, level=None)
    return stored


def _locked(partner: UnitPartner) -> UnitPartner:
    """The partnership as it stands now, kept from other writers; one that has ended is history."""
    stored = UnitPartner.objects.select_for_update(of=("self",)).select_related("unit", "organisation")
    row = stored.get(pk=partner.pk)
    if row.left_on is not None and row.left_on <= clock.today():
        raise ValidationError(f"{row.organisation} left on {long_date(row.left_on)}.")
    return row


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
