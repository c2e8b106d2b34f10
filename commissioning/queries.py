"""What the pages of units, partners and people show."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404

from accounts import clock
from accounts.models import User
from accounts.permissions import NATIONALLY_OPEN_PERMISSIONS, ROLES, UNIT_PERMISSIONS, Permission, Role
from commissioning.access import Scope, scope_of
from commissioning.models import (
    CommissioningUnit,
    Membership,
    Organisation,
    OrganisationIdentifier,
    StandIn,
    UnitPartner,
)
from commissioning.rules import normalised_name

#: How many names a list of likely ones shows.
LIKELY = 8


# Units and partners


@dataclass(frozen=True)
class UnitRow:
    """A unit in sight, its partners of today and what the person may do there."""

    unit: CommissioningUnit
    partners: list[UnitPartner]
    may: list[str]
    may_manage: bool


def unit_rows(user: Any) -> list[UnitRow]:
    today = clock.today()
    partners = UnitPartner.objects.select_related("organisation").filter(Q(left_on=None) | Q(left_on__gte=today))
    units = (
        CommissioningUnit.objects.visible_to(user)
        .select_related("host")
        .prefetch_related(Prefetch("partners", queryset=partners, to_attr="partners_now"))
    )
    scope = scope_of(user)
    return [
        UnitRow(
            unit=unit,
            partners=[*unit.partners_now],
            may=[permission.description for permission in permissions_on(unit, scope)],
            may_manage=scope.can(Permission.MANAGE_UNIT, unit),
        )
        for unit in units
    ]


def permissions_on(unit: CommissioningUnit, scope: Scope) -> list[Permission]:
    """All that the person may do on the unit today, in the order of the table of permissions."""
    nationally = NATIONALLY_OPEN_PERMISSIONS if scope.national else frozenset()
    return [p for p in UNIT_PERMISSIONS if p in nationally or unit.pk in scope.units_with(p)]


@dataclass(frozen=True)
class PartnerLists:
    """Those who take part, and those who did."""

    now: list[UnitPartner]
    before: list[UnitPartner]


def partner_lists(unit: CommissioningUnit) -> PartnerLists:
    today = clock.today()
    rows = list(unit.partners.select_related("organisation").order_by("organisation__name", "joined_on"))
    ended = [row for row in rows if row.left_on is not None and row.left_on <= today]
    return PartnerLists(now=[row for row in rows if row not in ended], before=ended)


@dataclass(frozen=True)
class PartnerInUnit:
    """A partner that still takes part, opened by whoever manages its unit."""

    partner: UnitPartner

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.partner.unit.is_open_to(scope, permission)


@dataclass(frozen=True)
class NewPartner:
    """An organisation about to join, opened by whoever manages the unit."""

    unit: CommissioningUnit
    organisation: Organisation

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.unit.is_open_to(scope, permission)


# Organisations by typing


def organisations_named(name: str) -> list[Organisation]:
    """Those whose name is this one but for habits of writing; a body open today before one that closed."""
    found = list(Organisation.objects.filter(normalised_name=normalised_name(name)))
    return [body for body in found if _is_open(body)] or found


def _is_open(body: Organisation) -> bool:
    today = clock.today()
    return (body.opened_on or today) <= today <= (body.closed_on or today)


def organisations_like(text: str, *, limit: int = LIKELY) -> QuerySet[Organisation]:
    """Bodies whose name holds or resembles the text, or that carry it as a code; the likeliest first."""
    carried = OrganisationIdentifier.objects.filter(value__iexact=text.strip()).values("organisation_id")
    likeness = TrigramWordSimilarity(text, "name")
    return (
        Organisation.objects.annotate(likeness=likeness)
        .filter(Q(name__trigram_word_similar=text) | Q(name__icontains=text) | Q(pk__in=carried))
        .order_by("-likeness", F("closed_on").desc(nulls_first=True), "name")[:limit]
    )


def organisations_to_add(unit: CommissioningUnit, text: str, *, limit: int = 20) -> list[Organisation]:
    """Bodies open today that resemble the text and take no part in the unit yet."""
    today = clock.today()
    taking_part = unit.partners.filter(Q(left_on=None) | Q(left_on__gt=today)).values("organisation_id")
    open_now = Organisation.objects.open_on(today).exclude(pk__in=taking_part)
    likely = [body.pk for body in organisations_like(text, limit=limit * 3)]
    found = open_now.filter(pk__in=likely).prefetch_related("identifiers")
    return sorted(found, key=lambda body: likely.index(body.pk))[:limit]


# People


def people_of_unit(unit: CommissioningUnit, *, day: datetime.date) -> QuerySet[User]:
    """Who works today for one of the unit's partners, in a role of its work: those who may be named on a contract."""
    partners = UnitPartner.objects.filter(Q(left_on=None) | Q(left_on__gte=day), unit=unit, joined_on__lte=day)
    working = Membership.objects.current_on(day).filter(organisation__in=partners.values("organisation_id"))
    return User.objects.filter(is_active=True, pk__in=working.values("user_id"))


@dataclass(frozen=True)
class PersonOf:
    """Somebody with the roles that one organisation gave them, present, past and to come."""

    organisation: Organisation
    user: User
    roles: list[Membership]

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.organisation.is_open_to(scope, permission)

    @property
    def running(self) -> list[Membership]:
        today = clock.today()
        return [role for role in self.roles if role.until is None or role.until >= today]

    @property
    def has_left(self) -> bool:
        return not self.running


@dataclass(frozen=True)
class RoleOf:
    """One role of somebody, opened by the administrators of the organisation that gave it."""

    membership: Membership

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.membership.organisation.is_open_to(scope, permission)


@dataclass(frozen=True)
class OrganisationPeople:
    organisation: Organisation
    people: list[PersonOf]
    left: list[PersonOf]


def administered_organisations(user: Any) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=scope_of(user).organisations_as(Role.ORGANISATION_ADMINISTRATOR))


def people_by_organisation(user: Any) -> list[OrganisationPeople]:
    """The people of each organisation that this person administers; of others never."""
    bodies = list(administered_organisations(user))
    rows = _roles().filter(organisation__in=bodies).order_by("organisation_id", "user__name", "user_id", "since")
    people = [_person(list(group)) for _, group in groupby(rows, key=attrgetter("organisation_id", "user_id"))]
    return [_of(body, [person for person in people if person.organisation == body]) for body in bodies]


def _of(body: Organisation, people: list[PersonOf]) -> OrganisationPeople:
    return OrganisationPeople(
        organisation=body,
        people=[person for person in people if not person.has_left],
        left=[person for person in people if person.has_left],
    )


def person_of(user: Any, *, organisation_id: int, person_id: int) -> PersonOf:
    """One person of an administered organisation; anybody else is not found."""
    bodies = administered_organisations(user)
    rows = _roles().filter(organisation__in=bodies, organisation_id=organisation_id, user_id=person_id)
    return _person(_found(rows.order_by("since", "pk")))


def role_of(user: Any, *, membership_id: int) -> RoleOf:
    """A role that could still be ended; one that has ended is only listed."""
    running = _roles().filter(Q(until=None) | Q(until__gte=clock.today()))
    rows = running.filter(organisation__in=administered_organisations(user), pk=membership_id)
    return RoleOf(_found(rows)[0])


def _roles() -> QuerySet[Membership]:
    return Membership.objects.select_related("user", "organisation")


def _person(roles: list[Membership]) -> PersonOf:
    return PersonOf(organisation=roles[0].organisation, user=roles[0].user, roles=roles)


def _found(rows: Iterable[Membership]) -> list[Membership]:
    found = list(rows)
    if not found:
        raise Http404("Nobody of your organisation.")
    return found


# Stand-ins


#: Roles whose people make returns.
RETURNING_ROLES = tuple(role for role, held in ROLES.items() if Permission.RETURN_CONTRACTS in held.permissions)


def may_stand_in_for(absent: User) -> QuerySet[User]:
    """Colleagues of the same organisation who make returns themselves: names are not shown across partners."""
    today = clock.today()
    returning = Membership.objects.current_on(today).filter(role__in=RETURNING_ROLES)
    bodies = returning.filter(user=absent).values("organisation_id")
    people = returning.filter(organisation__in=bodies).values("user_id")
    return User.objects.filter(pk__in=people, is_active=True).exclude(pk=absent.pk).order_by("name", "pk")


def stand_ins_of(person: User) -> QuerySet[StandIn]:
    """Who stands in for the person now and later, the earliest first."""
    rows = StandIn.objects.filter(absent=person, ended_on=None, until__gte=clock.today())
    return rows.select_related("stand_in", "absent", "given_by").order_by("since", "pk")


def stood_in_for(person: User) -> QuerySet[StandIn]:
    """For whom the person stands in, now and later."""
    rows = StandIn.objects.filter(stand_in=person, ended_on=None, until__gte=clock.today())
    return rows.select_related("stand_in", "absent", "given_by").order_by("since", "pk")


def stand_in_to_end(user: Any, pk: int) -> StandIn:
    """One that the person may end: their own, on either side, or of somebody whose organisation they administer."""
    administered = Membership.objects.filter(organisation__in=administered_organisations(user)).values("user_id")
    mine = Q(absent=user) | Q(stand_in=user) | Q(absent__in=administered)
    found = (
        StandIn.objects.filter(mine, pk=pk, ended_on=None, until__gte=clock.today()).select_related("absent").first()
    )
    if found is None:
        raise Http404("There is no such stand-in.")
    return found
