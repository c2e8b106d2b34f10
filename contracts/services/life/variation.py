"""Value or term varied, both figures kept."""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError

from accounts.acts import act
from accounts.models import User
from contracts.choices import DutyCause, LifeEventKind
from contracts.models import ChangeGround, Contract
from contracts.rules import terms
from contracts.rules.money import shares_error, whole_life_error
from contracts.services.contract import Share, write_funding
from contracts.services.life.days import not_after_the_end, not_ahead, not_before_the_start
from contracts.services.life.events import (
    Recorded,
    checked_ground,
    figures_of,
    locked,
    record,
    with_a_reason,
)


def vary_value(
    *,
    contract: Contract,
    on: datetime.date,
    takes_effect_on: datetime.date,
    annual_value: Decimal | None,
    whole_life_value: Decimal | None,
    shares: Sequence[Share],
    reason: str,
    by: User,
    ground: ChangeGround | None = None,
) -> Recorded:
    """Change what the contract is worth; the partners' shares are given again, so that they make up the new value."""
    with act("Value varied", by=by, reason=reason):
        stored = locked(contract)
        not_ahead(on)
        not_before_the_start(stored, on)
        not_after_the_end(stored, on)
        not_before_the_start(stored, takes_effect_on, name="takes_effect_on")
        not_after_the_end(stored, takes_effect_on, name="takes_effect_on")
        why = with_a_reason(reason)
        grounds = checked_ground(stored, ground, is_needed=False)
        before = figures_of(stored)
        if (before.annual, before.whole_life) == (annual_value, whole_life_value):
            raise ValidationError({"annual_value": "Neither value changes."})
        if fault := _whole_life_fault(stored, annual_value, whole_life_value):
            raise ValidationError({"whole_life_value": fault})
        amounts = [(share.annual_amount, share.whole_life_amount) for share in shares]
        if fault := shares_error(amounts, annual_value=annual_value, whole_life_value=whole_life_value):
            raise ValidationError({"funding": fault})
        stored.annual_value, stored.whole_life_value = annual_value, whole_life_value
        stored.full_clean(exclude=["slug"])
        stored.save()
        write_funding(stored, shares)
        return record(
            stored,
            before,
            kind=LifeEventKind.VALUE_VARIED,
            on=on,
            by=by,
            cause=DutyCause.VALUE_VARIED,
            takes_effect_on=takes_effect_on,
            words=why,
            **grounds,
        )


def _whole_life_fault(contract: Contract, annual: Decimal | None, whole_life: Decimal | None) -> str | None:
    """Less than a year's worth is only the whole of a contract that lasts no year."""
    lasts_a_year = terms.lasts_a_year(start=contract.start, end=contract.effective_end)
    return whole_life_error(annual, whole_life) if lasts_a_year else None


def vary_term(
    *,
    contract: Contract,
    on: datetime.date,
    initial_end: datetime.date,
    reason: str,
    by: User,
    ground: ChangeGround | None = None,
) -> Recorded:
    """Move the end of the first term; the options exercised stay possible, and those left follow it."""
    with act("Term varied", by=by, reason=reason):
        stored = locked(contract)
        not_ahead(on)
        not_before_the_start(stored, on)
        not_after_the_end(stored, on)
        why = with_a_reason(reason)
        grounds = checked_ground(stored, ground, is_needed=False)
        if fault := _term_fault(stored, on=on, initial_end=initial_end):
            raise ValidationError({"initial_end": fault})
        before = figures_of(stored)
        stored.initial_end = initial_end
        stored.full_clean(exclude=["slug"])
        stored.save()
        stored.refresh_from_db()
        return record(
            stored,
            before,
            kind=LifeEventKind.TERM_VARIED,
            on=on,
            by=by,
            cause=DutyCause.TERM_VARIED,
            takes_effect_on=min((end for end in (before.end, stored.effective_end) if end), default=on),
            words=why,
            **grounds,
        )


def _term_fault(contract: Contract, *, on: datetime.date, initial_end: datetime.date) -> str | None:
    if initial_end == contract.initial_end:
        return "The first term ends on this day already."
    if contract.start is not None and initial_end < contract.start:
        return "A contract cannot end before it starts."
    options = [option.as_rule for option in contract.options.all() if option.exercised_on]
    if fault := terms.options_error(options, initial_end=initial_end, ended_early_on=contract.notice_ends_on):
        return fault
    end = terms.effective_end(initial_end=initial_end, exercised_months=contract.exercised_months)
    if end is not None and end < on:
        return f"The contract would have ended on {terms.long_date(end)}, before the decision. End it early instead."
    return None
