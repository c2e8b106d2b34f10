"""One idea of sight: the list, the single object and the permission check agree, in any world."""

import datetime
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as StoredPermission
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.permissions import CONTRACT_PERMISSIONS, UNIT_PERMISSIONS, Permission, Role
from commissioning.access import NATIONAL_SIGHT, read_scope, scope_of
from commissioning.choices import OrganisationKind, PartnerLevel
from commissioning.models import CommissioningUnit, Membership, UnitPartner
from commissioning.services.grants import grant_partner
from commissioning.services.organisations import add_organisation
from commissioning.services.partners import change_level, join_unit, leave_unit
from commissioning.services.people import add_person, give_role
from contracts.models import Contract
from contracts.queries.built_once import built, rows
from contracts.queries.given_sight import InGivenSight, sight_given
from contracts.services.restriction import restrict_contract
from tests.world import LONG_AGO, TODAY, make_contract, make_unit

DAY = datetime.timedelta(days=1)
#: The statement for everybody, to which the register gives who asks.
SEEN_AS_GIVEN = built(Contract.objects.filter(InGivenSight()).order_by().values_list("pk"))


def fresh(user):
    """The person as a new request would find them."""
    return User.objects.get(pk=user.pk)


def seen(user, permission=Permission.VIEW_CONTRACTS):
    return set(Contract.objects.visible_to(fresh(user), permission))


# In any world


@dataclass
class RandomWorld:
    users: list
    contracts: list
    units: list


spans = st.sampled_from([
    (LONG_AGO, None), (LONG_AGO, TODAY), (LONG_AGO, TODAY - DAY), (TODAY, None), (TODAY + DAY, None),
])  # fmt: skip
partnerships = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from([PartnerLevel.FULL, PartnerLevel.OBSERVER]), spans),
    max_size=5,
    unique_by=lambda row: row[:2],
)
memberships = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from(Role), spans),
    min_size=1,
    max_size=7,
    unique_by=lambda row: row[:3],
)
contracts = st.lists(
    st.tuples(st.integers(0, 1), st.sets(st.integers(0, 2), max_size=2), st.none() | st.sets(st.integers(0, 2))),
    min_size=1,
    max_size=5,
)
people = st.lists(st.sampled_from(["plain", "inactive", "staff", "superuser", "national"]), min_size=4, max_size=4)


def build(partner_rows, membership_rows, contract_rows, kinds):
    bodies = [add_organisation(name=f"Body {n}", kind=OrganisationKind.COUNCIL, by=None) for n in range(3)]
    hosts = [add_organisation(name=f"Host {n}", kind=OrganisationKind.COUNCIL, by=None) for n in range(2)]
    units = [make_unit(f"Unit {n}", f"unit-{n}", hosts[n]) for n in range(2)]
    users = [person(n, kind) for n, kind in enumerate(kinds)]
    for body, unit, level, (since, until) in partner_rows:
        UnitPartner.objects.create(
            unit=units[unit], organisation=bodies[body], level=level, joined_on=since, left_on=until
        )
        grant_partner(unit=units[unit], organisation=bodies[body], level=level)
    for user, body, role, (since, until) in membership_rows:
        give_role(user=users[user], organisation=bodies[body], role=role, since=since, until=until, by=None)
    made = [make_contract(units[unit], providers=[bodies[n] for n in given]) for unit, given, _ in contract_rows]
    lister = add_person(email="host@example.org", name="Host Person", by=None)
    for host in hosts:
        give_role(user=lister, organisation=host, role=Role.COMMISSIONER, since=LONG_AGO, by=None)
    for contract, (unit, _, named) in zip(made, contract_rows, strict=True):
        if named is not None:
            restrict_contract(
                contract=contract,
                reason="Tender",
                named=[hosts[unit], *(bodies[n] for n in named)],
                review_on=TODAY,
                by=lister,
            )
    return RandomWorld(users=[*users, lister], contracts=list(Contract.objects.select_related("unit")), units=units)


def person(n, kind):
    user = add_person(email=f"p{n}@example.org", name=f"Person {n}", by=None)
    if kind == "national":
        user.groups.add(national_group())
    User.objects.filter(pk=user.pk).update(
        is_active=kind != "inactive", is_staff=kind in ("staff", "superuser"), is_superuser=kind == "superuser"
    )
    return user


def national_group():
    group, _ = Group.objects.get_or_create(name="National sight")
    group.permissions.add(StoredPermission.objects.get(codename=NATIONAL_SIGHT))
    return group


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(partnerships, memberships, contracts, people)
def test_the_list_and_the_single_object_agree(partner_rows, membership_rows, contract_rows, kinds):
    with transaction.atomic():
        made = build(partner_rows, membership_rows, contract_rows, kinds)
        for user in map(fresh, made.users):
            scope = scope_of(user)
            for permission in CONTRACT_PERMISSIONS:
                listed = set(Contract.objects.visible_to(user, permission))
                assert listed == {c for c in made.contracts if scope.can(permission, c)}
                assert listed == {c for c in made.contracts if user.has_perm(f"contracts.{permission}", c)}
                assert not listed or scope.holds(permission)
            for unit in (None, made.units[0]):
                listed = {pk for (pk,) in rows(SEEN_AS_GIVEN, **sight_given(user, unit))}
                expected = Contract.objects.visible_to(user)
                assert listed == {c.pk for c in expected if unit is None or c.unit_id == unit.pk}
            for permission in UNIT_PERMISSIONS:
                listed = set(CommissioningUnit.objects.visible_to(user, permission))
                assert listed == {u for u in made.units if scope.can(permission, u)}
                assert listed == {u for u in made.units if user.has_perm(f"commissioning.{permission}", u)}
            if not user.is_active:
                assert not Contract.objects.visible_to(user).exists()
        transaction.set_rollback(True)


# One query


@pytest.mark.parametrize(
    "who", ["commissioner", "provider_contact", "outsider", "leaver", "organisation_administrator"]
)
def test_a_scope_is_one_query_whatever_is_asked_of_it(world, django_assert_num_queries, who):
    contracts = [world.contract() for _ in range(5)]
    user = fresh(world.people[who])
    with django_assert_num_queries(1):
        for permission in CONTRACT_PERMISSIONS:
            for contract in contracts:
                scope_of(user).can(permission, contract)
        scope_of(user).holds(Permission.MANAGE_PEOPLE)


# Who sees nothing, and who loses it


def test_exactly_these_see_the_contract_of_the_shared_unit(world):
    contract = world.contract(title="Decoy that would leak")
    make_contract(world.outsider_unit, providers=[world.other_provider])
    assert [who for who in world.people if contract in seen(world.people[who])] == [
        "commissioner", "contract_officer", "board_secretary", "service_manager", "finance", "clinical_lead", "auditor",
        "provider_contact", "ccg_commissioner", "observer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until", "sees"),
    [(LONG_AGO, None, True), (TODAY, TODAY, True), (TODAY + DAY, None, False), (LONG_AGO, TODAY - DAY, False),
     (LONG_AGO, TODAY, True)],
)  # fmt: skip
def test_a_membership_opens_its_own_days_only(world, since, until, sees):
    contract = world.contract()
    user = add_person(email="dated@example.org", name="Dated Person", by=None)
    give_role(user=user, organisation=world.ccg, role=Role.FINANCE, since=since, until=until, by=None)
    assert (contract in seen(user)) is sees


def test_an_inactive_person_sees_nothing_and_is_asked_nothing(world, django_assert_num_queries):
    contract = world.contract()
    user = world.people["commissioner"]
    User.objects.filter(pk=user.pk).update(is_active=False)
    user = fresh(user)
    with django_assert_num_queries(0):
        assert not scope_of(user).can(Permission.VIEW_CONTRACTS, contract)
    assert not user.has_perm("contracts.view_contracts", contract)


@pytest.mark.parametrize("standing", ["is_staff", "is_superuser"])
def test_staff_and_superusers_see_nothing_by_that(world, standing):
    contract = world.contract()
    user = add_person(email="root@example.org", name="Root", by=None)
    User.objects.filter(pk=user.pk).update(**{standing: True})
    user = fresh(user)
    user.user_permissions.set(StoredPermission.objects.filter(codename__in=[str(p) for p in Permission]))
    user = fresh(user)
    assert seen(user) == set()
    for permission in CONTRACT_PERMISSIONS:
        assert not user.has_perm(f"contracts.{permission}", contract)
        assert not user.has_perm(f"commissioning.{permission}", world.unit)


def test_national_sight_looks_and_exports_everywhere_but_at_what_is_restricted(world):
    open_one, hidden = world.contract(), world.contract()
    elsewhere = make_contract(world.outsider_unit)
    restrict_contract(
        contract=hidden, reason="Tender", named=[world.council], review_on=TODAY, by=world.people["commissioner"]
    )
    user = add_person(email="nation@example.org", name="National Reader", by=None)
    user.groups.add(national_group())
    assert seen(user) == {open_one, elsewhere}
    assert seen(user, Permission.EXPORT_CONTRACTS) == {open_one, elsewhere}
    for permission in set(CONTRACT_PERMISSIONS) - {Permission.VIEW_CONTRACTS, Permission.EXPORT_CONTRACTS}:
        assert seen(user, permission) == set()


def test_a_provider_contact_sees_own_contracts_of_any_unit_and_may_only_look(world):
    own = world.contract(providers=[world.provider])
    shared = world.contract(providers=[world.other_provider, world.provider])
    world.contract(providers=[world.other_provider])
    abroad = make_contract(world.outsider_unit, providers=[world.provider])
    contact = world.people["provider_contact"]
    assert seen(contact) == {own, shared, abroad}
    for permission in set(CONTRACT_PERMISSIONS) - {Permission.VIEW_CONTRACTS}:
        assert seen(contact, permission) == set()
    assert not CommissioningUnit.objects.visible_to(fresh(contact)).exists()


def test_other_roles_of_a_provider_see_nothing(world):
    world.contract(providers=[world.provider])
    for role in set(Role) - {Role.PROVIDER_CONTACT}:
        user = add_person(email=f"{role}@willow.example", name=role.label, by=None)
        give_role(user=user, organisation=world.provider, role=role, since=LONG_AGO, by=None)
        assert seen(user) == set()


def test_a_restricted_contract_follows_the_names_on_it(world):
    contract = world.contract()
    restrict_contract(
        contract=contract,
        reason="Tender",
        named=[world.council, world.ccg],
        review_on=TODAY,
        by=world.people["commissioner"],
    )
    assert contract in seen(world.people["ccg_commissioner"], Permission.EDIT_CONTRACTS)
    assert contract not in seen(world.people["observer"])
    assert contract not in seen(world.people["provider_contact"])
    change_level(partner=world.partner(world.ccg), level="observer", by=None)
    assert contract in seen(world.people["ccg_commissioner"])
    assert contract not in seen(world.people["ccg_commissioner"], Permission.EDIT_CONTRACTS)


def test_an_exception_ends_when_its_partner_leaves_though_the_grant_were_still_there(world):
    """The Scope asks for the partnership too: a sweep that has not run yet opens nothing."""
    contract = world.contract()
    restrict_contract(
        contract=contract,
        reason="Tender",
        named=[world.council, world.ccg],
        review_on=TODAY,
        by=world.people["commissioner"],
    )
    UnitPartner.objects.filter(organisation=world.ccg).update(left_on=TODAY - DAY)
    assert seen(world.people["ccg_commissioner"]) == set()


def test_leaving_and_joining_again_closes_and_opens(world):
    contract = world.contract()
    leave_unit(partner=world.partner(world.ccg), on=TODAY - DAY, by=None)
    assert seen(world.people["ccg_commissioner"]) == set()
    join_unit(unit=world.unit, organisation=world.ccg, level="observer", joined_on=TODAY, by=None)
    assert seen(world.people["ccg_commissioner"]) == {contract}
    assert seen(world.people["ccg_commissioner"], Permission.EDIT_CONTRACTS) == set()


def test_sight_is_read_as_at_the_day(world):
    user = fresh(world.people["leaver"])
    assert read_scope(user, day=datetime.date(2013, 12, 31)).units_with(Permission.VIEW_CONTRACTS) == {world.unit.pk}
    assert read_scope(user, day=datetime.date(2014, 1, 1)).units == {}


def test_memberships_alone_decide(world):
    contract = world.contract()
    Membership.objects.filter(user=world.people["commissioner"]).delete()
    assert contract not in seen(world.people["commissioner"])
