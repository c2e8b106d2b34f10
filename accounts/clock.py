"""The one clock: the day the person lives in, which the demonstration fixes."""

import datetime

from django.conf import settings
from django.utils import timezone


def today() -> datetime.date:
    """Today in Europe/London, or the demonstration's day."""
    return settings.DEMO_TODAY or timezone.localdate()


def now() -> datetime.datetime:
    """This moment; on the demonstration's day where one is set, at the real time of day."""
    moment = timezone.now()
    if settings.DEMO_TODAY is None:
        return moment
    local = timezone.localtime(moment)
    return local.replace(year=settings.DEMO_TODAY.year, month=settings.DEMO_TODAY.month, day=settings.DEMO_TODAY.day)


def seconds() -> int:
    """Of the real time, by which sessions end also where the day is fixed."""
    return int(timezone.now().timestamp())


def is_fixed() -> bool:
    """Whether days are the demonstration's, so that what the database stamps is of another day."""
    return settings.DEMO_TODAY is not None
