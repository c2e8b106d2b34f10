"""What follows a contract: commissioned again, not at all, or carried on by a successor of its provider."""

import datetime

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.models import Organisation
from commissioning.rules import long_date
from contracts.choices import DutyCause, LifeEventKind
from contracts.models import ChangeGround, Contract, LifeEvent
from contracts.services.life.days import not_after_the_end, not_ahead, not_before_the_start
from contracts.services.life.events import (
    Recorded,
    checked_ground,
    figures_of,
    locked,
    record,
    with_a_reason,
)


def recommission(
    *, contract: Contract, on: datetime.date, reason: str, by: User, followed_by: Contract | None = None
) -> Recorded:
    """Record that the service is commissioned again, and by which contract where it is on the register."""
    with act("Recommissioned", by=by, reason=reason):
        stored = locked(contract)
        not_ahead(on)
        not_before_the_start(stored, on)
        why = with_a_reason(reason)
        _not_decommissioned(stored)
        if followed_by is not None and (fault := _follower_fault(stored, followed_by)):
            raise ValidationError({"followed_by": fault})
        return record(
            stored,
            figures_of(stored),
            kind=LifeEventKind.RECOMMISSIONED,
            on=on,
            by=by,
            takes_effect_on=stored.effective_end,
            words=why,
            followed_by=followed_by,
        )


def _follower_fault(contract: Contract, after: Contract) -> str | None:
    if after.pk == contract.pk:
        return "A contract cannot follow itself."
    if contract.start is None or after.start is None or after.start > contract.start:
        return None
    verb = "starts" if after.start > clock.today() else "started"
    return (
        f"{after.reference} {verb} on {long_date(after.start)}, this contract on {long_date(contract.start)}: "
        "a contract that follows starts later."
    )


def _not_decommissioned(contract: Contract) -> None:
    decided = _last_of(contract, LifeEventKind.DECOMMISSIONED)
    if decided is not None:
        raise ValidationError(
            f"It is decommissioned, by the decision of {long_date(decided.on)}: it cannot be recommissioned as well."
        )


def _not_recommissioned(contract: Contract, *, by: User) -> None:
    """The contract that follows is named only to a person who may see it."""
    decided = _last_of(contract, LifeEventKind.RECOMMISSIONED)
    if decided is None:
        return
    followers = [decided.followed_by_id] if decided.followed_by_id is not None else []
    after = Contract.objects.visible_to(by).filter(pk__in=followers).first()
    how = f" by {after.reference}" if after else f", by the decision of {long_date(decided.on)}"
    raise ValidationError(f"It is recommissioned{how}: it cannot be decommissioned as well.")


def _last_of(contract: Contract, kind: LifeEventKind) -> LifeEvent | None:
    return LifeEvent.objects.filter(contract=contract, kind=kind).order_by("on", "pk").last()


def decommission(*, contract: Contract, on: datetime.date, reason: str, by: User) -> Recorded:
    """Record that nothing follows: the service ends with the contract, on the end it has."""
    with act("Decommissioned", by=by, reason=reason):
        stored = locked(contract)
        not_ahead(on)
        not_before_the_start(stored, on)
        why = with_a_reason(reason)
        _not_recommissioned(stored, by=by)
        if stored.effective_end is None:
            raise ValidationError("The end of this contract is not known: add it, or end it early, before this.")
        return record(
            stored,
            figures_of(stored),
            kind=LifeEventKind.DECOMMISSIONED,
            on=on,
            by=by,
            cause=DutyCause.ENDED,
            takes_effect_on=stored.effective_end,
            words=why,
        )


def novate(
    *,
    contract: Contract,
    on: datetime.date,
    from_provider: Organisation,
    to_provider: Organisation,
    reason: str,
    by: User,
    ground: ChangeGround | None = None,
) -> Recorded:
    """Put a successor in a provider's place from a day that has come; history keeps both."""
    with act("Novated to a successor", by=by, reason=reason):
        stored = locked(contract)
        if on > clock.today():
            raise ValidationError({"on": "A novation is recorded once it has taken effect; this day lies ahead."})
        not_before_the_start(stored, on)
        not_after_the_end(stored, on)
        why = with_a_reason(reason)
        grounds = checked_ground(stored, ground, is_needed=False)
        _take_over(stored, on=on, from_provider=from_provider, to_provider=to_provider)
        return record(
            stored,
            figures_of(stored),
            kind=LifeEventKind.NOVATED,
            on=on,
            by=by,
            cause=DutyCause.NOVATED,
            warnings=_unnamed(stored, to_provider),
            takes_effect_on=on,
            words=why,
            from_provider=from_provider,
            to_provider=to_provider,
            **grounds,
        )


def _take_over(
    contract: Contract, *, on: datetime.date, from_provider: Organisation, to_provider: Organisation
) -> None:
    rows = {row.organisation_id: row for row in contract.provider_rows.select_for_update(of=("self",))}
    if from_provider.pk not in rows:
        raise ValidationError({"from_provider": f"{from_provider.name} is not a provider of this contract."})
    if to_provider.pk in rows:
        raise ValidationError({"to_provider": f"{to_provider.name} is a provider of this contract already."})
    if to_provider.closed_on is not None and to_provider.closed_on < on:
        closed = long_date(to_provider.closed_on)
        raise ValidationError({"to_provider": f"{to_provider.name} closed on {closed} and cannot take over."})
    row = rows[from_provider.pk]
    row.organisation = to_provider
    row.save(update_fields=["organisation"])


def _unnamed(contract: Contract, successor: Organisation) -> list[str]:
    """A restricted contract is open to those named on it alone, which a successor is not by taking over."""
    if not contract.is_restricted:
        return []
    named = contract.restrictions.filter(lifted_on=None, named=successor).exists()
    return [] if named else [f"The contract is restricted: {successor.name} does not see it unless it is named on it."]
