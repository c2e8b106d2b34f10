"""Somebody acts for an absent colleague: given for a time, by the colleague or by their administrator."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.models import StandIn
from commissioning.queries import may_stand_in_for
from commissioning.rules import long_date

LONGEST_DAYS = 366
"""For longer than a year the contracts themselves get another officer."""


def give_stand_in(
    *, absent: User, stand_in: User, since: datetime.date, until: datetime.date, by: User | None
) -> StandIn:
    """Raises ValidationError beside the field. Nobody gains sight of anything by it."""
    if since < clock.today():
        raise ValidationError({"since": "The first day is today or later: what was done before stays as it was done."})
    if until < since:
        raise ValidationError({"until": "The last day cannot be before the first."})
    if (until - since).days >= LONGEST_DAYS:
        raise ValidationError({"until": "A stand-in is for a year at most. For longer, change the contracts’ officer."})
    if not may_stand_in_for(absent).filter(pk=stand_in.pk).exists():
        raise ValidationError({"stand_in": "Choose somebody of the same organisation who returns contracts."})
    with act("Stand-in given", by=by, on_behalf_of=absent if by != absent else None), transaction.atomic():
        given = StandIn(absent=absent, stand_in=stand_in, since=since, until=until, given_by=by)
        _refuse_overlap(given)
        given.full_clean()
        given.save()
    return given


def _refuse_overlap(given: StandIn) -> None:
    """The constraint's sentence, with who and when; the absent person's row keeps two givers apart."""
    User.objects.select_for_update().get(pk=given.absent_id)
    there = StandIn.objects.filter(
        absent=given.absent_id, ended_on=None, since__lte=given.until, until__gte=given.since
    ).first()
    if there is not None:
        days = f"{long_date(there.since)} to {long_date(there.until)}"
        raise ValidationError({"since": f"{there.stand_in.name} already stands in from {days}. End that first."})


def end_stand_in(*, given: StandIn, by: User) -> StandIn:
    """From now on the stand-in acts for nobody; what they did stays on record under both names."""
    with act("Stand-in ended", by=by):
        stored = StandIn.objects.select_for_update().get(pk=given.pk)
        if stored.ended_on is None:
            stored.ended_on = clock.today()
            stored.save()
    return stored
