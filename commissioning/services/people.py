"""People of an organisation: accounts and the roles they hold, from and to a day."""

import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from accounts.acts import act
from accounts.models import User
from accounts.permissions import Role
from commissioning.models import Membership, Organisation
from commissioning.services.grants import role_groups


def add_person(*, email: str, name: str, by: User | None, password: str | None = None) -> User:
    """An account with a checked address; without a password the person sets one by the link they are sent."""
    with act("Person added", by=by):
        user = User(email=User.objects.normalise(email), name=name.strip())
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def give_role(
    *,
    user: User,
    organisation: Organisation,
    role: Role,
    since: datetime.date,
    by: User | None,
    until: datetime.date | None = None,
) -> Membership:
    """Give the role from a day on; raises ValidationError where the person already has it in those days."""
    with act("Role given", by=by):
        role_groups(organisation)
        membership = Membership(user=user, organisation=organisation, role=role, since=since, until=until)
        membership.full_clean()
        membership.save()
    return membership


def end_role(*, membership: Membership, on: datetime.date, by: User | None) -> Membership:
    """End the role with that day as its last."""
    if on < membership.since:
        raise ValidationError({"until": "A role cannot end before it starts."})
    with act("Role ended", by=by):
        membership.until = on
        membership.save(update_fields=["until"])
    return membership
