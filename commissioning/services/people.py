"""People of an organisation: accounts and the roles they hold, from and to a day."""

import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts import clock
from accounts.acts import act
from accounts.models import User
from accounts.permissions import Role
from commissioning.emails import send_invitation
from commissioning.models import Membership, Organisation
from commissioning.rules import long_date
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
    if until is not None and until < since:
        raise ValidationError({"until": "A role cannot end before it starts."})
    with act("Role given", by=by):
        role_groups(organisation)
        membership = Membership(user=user, organisation=organisation, role=role, since=since, until=until)
        membership.full_clean()
        membership.save()
    return membership


def invite_person(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    role: Role,
    since: datetime.date,
    by: User,
    site: str,
    until: datetime.date | None = None,
) -> Membership:
    """Add somebody to the organisation by e-mail, give the role, and mail them once that is written.

    Who has an account already, perhaps with another organisation, is joined under the name they have:
    nothing here says that the account was there.
    """
    with transaction.atomic():
        user = User.objects.filter(email=User.objects.normalise(email)).first()
        if user is None:
            user = add_person(email=email, name=name, by=by)
        membership = give_role(user=user, organisation=organisation, role=role, since=since, until=until, by=by)
        send_link(user=user, organisation=organisation, role=role, by=by, site=site)
    return membership


def send_link(*, user: User, organisation: Organisation, role: Role | None, by: User, site: str) -> None:
    """Mail the person on commit; a mail server that is down undoes nothing and is logged."""
    if not user.is_active:
        return

    def mail() -> None:
        send_invitation(user=user, organisation=organisation, role=role, by_name=str(by), site=site)

    transaction.on_commit(mail, robust=True)


def end_role(*, membership: Membership, on: datetime.date, by: User | None) -> Membership:
    """End the role with that day as its last; an organisation keeps somebody who administers it.

    One that has ended is history: its last day says how long somebody had sight.
    """
    with act("Role ended", by=by):
        stored = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if stored.until is not None and not _is_running(stored):
            raise ValidationError({"until": f"This role ended on {long_date(stored.until)}."})
        if on < stored.since:
            raise ValidationError({"until": "A role cannot end before it starts."})
        _keep_an_administrator([stored])
        stored.until = on
        stored.save(update_fields=["until"])
    return stored


def end_all_roles(*, user: User, organisation: Organisation, on: datetime.date, by: User | None, reason: str) -> int:
    """A leaver: every role in the organisation ends with that day, one that lies ahead never starts. The number ended.

    A role that would start later is removed; history keeps it.
    """
    with act("Person left the organisation", by=by, reason=reason):
        running = list(
            Membership.objects.select_for_update(of=("self",))
            .filter(user=user, organisation=organisation)
            .filter(Q(until=None) | Q(until__gt=on))
        )
        _keep_an_administrator(running)
        for membership in running:
            if membership.since > on:
                membership.delete()
            else:
                membership.until = on
                membership.save(update_fields=["until"])
    return len(running)


def _keep_an_administrator(ending: list[Membership]) -> None:
    """Raises ValidationError where these were the last who could add people of their organisation.

    The organisation's row is locked, so that two administrators cannot end each other at once.
    """
    for membership in ending:
        if membership.role != Role.ORGANISATION_ADMINISTRATOR or not _is_running(membership):
            continue
        organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
        others = organisation.memberships.exclude(user=membership.user_id).filter(
            role=Role.ORGANISATION_ADMINISTRATOR, user__is_active=True, since__lte=clock.today(), until=None
        )
        if not others.exists():
            raise ValidationError(
                f"{membership.user} is the last organisation administrator of {organisation}."
                " Give the role to somebody else first."
            )


def _is_running(membership: Membership) -> bool:
    return membership.until is None or membership.until >= clock.today()
