"""What the review asks of providers: noted, and ticked when done."""

import datetime

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.models import Organisation
from contracts.models import Contract, ReviewAction


def note_action(
    *,
    contract: Contract,
    month: datetime.date,
    text: str,
    owner: str,
    due_on: datetime.date,
    provider: Organisation | None,
    by: User,
) -> ReviewAction:
    """Without a provider it is asked of all of the contract's. Raises ValidationError beside the field."""
    if due_on < clock.today():
        raise ValidationError({"due_on": "Give a day that has not passed."})
    if provider is not None and not contract.provider_rows.filter(organisation=provider).exists():
        raise ValidationError({"provider": "Choose a provider of this contract."})
    with act("Improvement action noted", by=by):
        action = ReviewAction(
            contract=contract,
            provider=provider,
            month=month,
            text=text.strip(),
            owner=owner.strip(),
            due_on=due_on,
            noted_at=clock.now(),
            noted_by=by,
        )
        action.full_clean()
        action.save()
    return action


def finish_action(*, action: ReviewAction, by: User) -> ReviewAction:
    """Ticked twice, it stays with whoever ticked it first."""
    with act("Improvement action done", by=by):
        stored = ReviewAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
        if stored.done_at is None:
            stored.done_at, stored.done_by = clock.now(), by
            stored.save()
    return stored
