"""On which days something can have happened to a contract: once it started, up to today, until it ends."""

import datetime

from django.core.exceptions import ValidationError

from accounts import clock
from commissioning.rules import long_date
from contracts.models import Contract
from contracts.rules import terms


def not_before_the_start(contract: Contract, on: datetime.date, *, name: str = "on") -> None:
    """Nothing is refused while the start lies ahead or is not known: a contract being procured is decided on too."""
    if fault := terms.before_start(on, start=contract.start, today=clock.today()):
        raise ValidationError({name: fault})


def not_ahead(on: datetime.date, *, name: str = "on") -> None:
    if on > clock.today():
        raise ValidationError({name: "A decision is recorded once it has been taken; this day lies ahead."})


def not_after_the_end(contract: Contract, on: datetime.date, *, name: str = "on") -> None:
    end = contract.effective_end
    if end is not None and on > end:
        verb = "ended" if end < clock.today() else "ends"
        raise ValidationError({name: f"The contract {verb} on {long_date(end)}."})
