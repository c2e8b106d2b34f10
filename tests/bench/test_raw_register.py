"""The best statements by hand for the register and the search say what the pages say."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.http import QueryDict

from accounts.permissions import Role
from bench.best import best_statement, values_for
from commissioning.access import NATIONAL_SIGHT
from commissioning.models import CommissioningUnit, ServiceArea
from contracts.models import Contract
from contracts.services.restriction import restrict_contract
from reporting.queries.register_page import RegisterPage
from reporting.queries.search import Search
from tests.world import OCTOBER, make_contract, make_person, make_return

SEPTEMBER = datetime.date(2014, 9, 1)


@pytest.fixture
def people(world):
    """Contracts that differ in everything counted, one restricted, one of another unit."""
    area = ServiceArea.objects.create(unit=world.unit, name="Homes and play")
    council, ccg = world.council, world.ccg
    red = world.contract(title="Respite at home", funding={council: 8000, ccg: 4000}, service_area=area, options=[12])
    make_return(red, SEPTEMBER, risk="amber", jet=5)
    make_return(red, risk="red", jet=3)
    held = world.contract(title="Respite", funding={council: 12000}, management="devolved")
    make_return(held, SEPTEMBER, risk="green", jet=8)
    silent = world.contract(
        title="Play", description="Some respite too", providers=[world.provider, world.other_provider]
    )
    make_return(silent, datetime.date(2014, 7, 1), risk="green", jet=9)
    make_return(world.contract(title="Nurseries", annual_value=Decimal(90000)), risk="green", jet=None)
    world.contract(title="Later", start=datetime.date(2015, 4, 1))
    world.contract(title="Gone", initial_end=datetime.date(2014, 6, 30))
    world.contract(title="Bare", start=None, initial_end=None, officer=None)
    secret = world.contract(title="Respite in secret", initial_end=datetime.date(2015, 1, 31))
    restrict_contract(
        contract=secret, reason="Price talks", named=[council], review_on=datetime.date(2015, 3, 1),
        by=world.people["commissioner"],
    )  # fmt: skip
    theirs = make_contract(world.outsider_unit, title="Their respite", providers=[world.provider])
    make_return(theirs, SEPTEMBER, risk="amber", jet=5)
    national = make_person("Nat Wide", council, Role.ORGANISATION_ADMINISTRATOR)
    group = Group.objects.create(name="National")
    group.permissions.add(Permission.objects.get(codename=NATIONAL_SIGHT))
    national.groups.add(group)
    return {**world.people, "national": national}


def unit_of(user):
    units = list(CommissioningUnit.objects.visible_to(user))
    return units, units[0] if len(units) == 1 else None


def answer_of(name, user, text=""):
    _, unit = unit_of(user)
    with connection.cursor() as cursor:
        cursor.execute(best_statement(name), values_for(user, unit=unit, contract=None, text=text))
        (row,) = cursor.fetchall()
    return row


@pytest.mark.parametrize("who", ["commissioner", "ccg_commissioner", "outsider", "national"])
def test_the_register_by_hand_shows_the_rows_of_the_page(people, who):
    user = people[who]
    _, unit = unit_of(user)
    page = RegisterPage(user=user, unit=unit, params=QueryDict(""))
    _, counted, shown = answer_of("register", user)
    assert [row[0] for row in shown] == page.tally.ids
    assert [row[2] for row in shown] == [row.title for row in page.rows]
    assert ("Respite in secret" in [row[2] for row in shown]) is (who == "commissioner")
    assert counted["all"] == page.tally.total == len(shown) > 0


@pytest.mark.parametrize("who", ["commissioner", "ccg_commissioner", "outsider"])
def test_the_register_by_hand_counts_what_the_page_counts(people, who):
    user = people[who]
    _, unit = unit_of(user)
    tally = RegisterPage(user=user, unit=unit, params=QueryDict("")).tally
    of_all, of_the_month, _ = answer_of("register", user)
    sums = {name: of_the_month.pop(name) for name in ("annual", "whole_life", "providers")}
    lists = {name: of_the_month.pop(name) or [] for name in ("areas", "officers", "managers")}
    assert of_all == {name: tally.counts[name] for name in of_all}
    assert of_the_month == {name: tally.counts[name] for name in of_the_month}
    assert (Decimal(sums["annual"]), Decimal(sums["whole_life"]), sums["providers"]) == tuple(tally.sums.values())
    assert sorted((name, number) for name, number in lists["areas"]) == [(name, n) for _, name, n in tally.areas]
    for name, listed in (("officers", tally.officers), ("managers", tally.managers)):
        assert sorted((words, str(pk), n) for pk, words, n in lists[name]) == [(w, v, n) for v, w, n in listed]


def test_the_rows_by_hand_are_the_contracts(people):
    _, _, shown = answer_of("register", people["commissioner"])
    for row in shown:
        contract = Contract.objects.select_related("unit", "officer", "service_area").get(pk=row[0])
        assert row[1:6] == [
            contract.slug,
            contract.title,
            contract.is_restricted,
            contract.unit.code,
            contract.unit.name,
        ]
        assert row[12] == [provider.name for provider in contract.providers.order_by("provider_rows__position")]
        returns = contract.returns.that_count().filter(month__lte=OCTOBER).order_by("month")
        assert (row[14] or []) == [[f"{each.month}", each.risk, each.jet_score] for each in returns]


@pytest.mark.parametrize("who", ["commissioner", "ccg_commissioner", "outsider", "national", "provider_contact"])
@pytest.mark.parametrize("text", ["respite", "willow", "play", "nothing"])
def test_the_search_by_hand_finds_what_the_page_finds(people, who, text):
    user = people[who]
    units, unit = unit_of(user)
    page = Search(user=user, units=units, unit=unit, text=text, page=None)
    total, here, contracts, providers = answer_of("search", user, text)
    found = [hit.url.partition("?")[0] for hit in page.contracts]
    assert [f"/contracts/{row[2]}/" for row in contracts or []] == found
    listed = [group for group in page.groups if group.id == "providers"]
    if page.words == page.typed:
        assert (total, here) == (page.total, page.here)
        assert len(providers or []) == (len(listed[0].rows) if listed else 0)
