"""A register over few units and over many, by statements that are kept for whoever asks."""

import datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from commissioning.access import NATIONAL_SIGHT
from contracts.models import Contract
from contracts.queries.built_once import built, rows
from contracts.queries.given_sight import InGivenSight, returned_by_given, sight_given
from contracts.services.restriction import restrict_contract
from reporting.queries.register import filtered_contracts
from reporting.queries.register_page import RegisterPage
from tests.world import client_for, make_contract, make_person, make_return

QUERIES = 6


@pytest.fixture
def national(world):
    user = make_person("Nat Wide", world.council, Role.ORGANISATION_ADMINISTRATOR)
    group = Group.objects.create(name="National")
    group.permissions.add(Permission.objects.get(codename=NATIONAL_SIGHT))
    user.groups.add(group)
    return user


@pytest.fixture
def people(world, national):
    """A restricted contract that some of them may see, one elsewhere, and three to look at."""
    for number, risk in enumerate(("red", "amber", "green")):
        contract = world.contract(
            title=f"Open {number}", providers=[world.provider], officer=world.people["service_manager"]
        )
        make_return(contract, risk=risk)
    secret = world.contract(title="Secret", providers=[world.provider])
    restrict_contract(
        contract=secret, reason="Price talks", named=[world.council], review_on=datetime.date(2015, 3, 1),
        by=world.people["commissioner"],
    )  # fmt: skip
    make_contract(world.outsider_unit, title="Elsewhere", initial_end=datetime.date(2015, 1, 31))
    return {**world.people, "national": national}


def page_of(user, query="", unit=None):
    return RegisterPage(user=user, unit=unit, params=QueryDict(query))


def titles(page):
    return [row.title for row in page.rows]


def test_the_sight_given_is_the_sight(world, people):
    statement = built(Contract.objects.filter(InGivenSight()).order_by("pk").values_list("pk"))
    for user in people.values():
        for unit in (None, world.unit, world.outsider_unit):
            seen = Contract.objects.visible_to(user)
            wanted = seen.filter(unit=unit) if unit else seen
            assert {pk for (pk,) in rows(statement, **sight_given(user, unit))} == {each.pk for each in wanted}


def test_who_returns_when_given_is_who_returns(world, people):
    statement = built(Contract.objects.filter(returned_by_given()).values_list("pk"))
    world.contract(officer=None, service_manager=people["service_manager"])
    deputised = world.contract(officer=None)
    deputised.deputies.add(people["finance"])
    for user in people.values():
        wanted = {contract.pk for contract in Contract.objects.all().for_officer(user)}
        assert {pk for (pk,) in rows(statement, **sight_given(user, None))} == wanted
    assert wanted == set()


def test_a_statement_kept_for_one_says_nothing_of_it_to_the_next(people):
    seen = {}
    for _ in range(2):
        for who in ("commissioner", "ccg_commissioner", "outsider", "provider_contact", "national"):
            found = titles(page_of(people[who], "sort=name"))
            assert seen.setdefault(who, found) == found
    assert seen == {
        "commissioner": ["Open 0", "Open 1", "Open 2", "Secret"],
        "ccg_commissioner": ["Open 0", "Open 1", "Open 2"],
        "outsider": ["Elsewhere"],
        "provider_contact": ["Open 0", "Open 1", "Open 2"],
        "national": ["Elsewhere", "Open 0", "Open 1", "Open 2"],
    }


def test_over_every_unit_nothing_is_counted_unasked(people):
    page = page_of(people["national"])
    assert titles(page) == ["Elsewhere", "Open 0", "Open 1", "Open 2"]
    assert page.showing == "Showing 1 to 4 of 4, soonest end first."
    assert (page.summary, page.coverage, dict(page.counts)) == ("", "", {})
    assert {choice.count for group in page.panel.groups for choice in group.choices} == {None}
    assert [label for label, _, _ in page.views] == [
        "All current", "Red or amber", "Newly red", "Ending within 6 months", "Part-funded by the NHS", "Not returned",
    ]  # fmt: skip
    counted = page_of(people["national"], page.counting_url.removeprefix("?"))
    assert titles(counted) == titles(page)
    assert counted.counting_url == ""
    assert counted.count_words == "4 contracts"
    assert counted.summary.startswith("with 1 provider, £48k a year")
    assert (counted.counts["risk_red"], counted.counts["all"]) == (1, 4)
    assert counted.views[1][0] == "Red or amber (2)"
    assert "counts=yes" in counted.views[1][1]


@pytest.mark.parametrize("query", ["", "risk=red&risk=green", "q=open&sort=-name", "unit_name=border", "sort=-decide"])
def test_the_file_of_a_wide_register_is_exactly_its_page(people, query):
    page = page_of(people["national"], query)
    file = filtered_contracts(user=people["national"], unit=None, params=QueryDict(page.query))
    assert titles(page) == [contract.title for contract in file]
    assert page.tally.total == len(titles(page)) > 0


def test_long_lists_are_found_by_their_words(people):
    user = people["commissioner"]
    officer = people["service_manager"].name
    assert titles(page_of(user, f"officer_name={officer}")) == ["Open 0", "Open 1", "Open 2"]
    assert titles(page_of(user, "area_name=nowhere")) == []
    assert titles(page_of(people["national"], "unit_name=borderland")) == ["Elsewhere"]


@pytest.mark.parametrize("page", ["0", "99", "-1", "9" * 30])
def test_a_page_that_is_not_there_is_the_last(people, page):
    for who in ("commissioner", "national"):
        assert titles(page_of(people[who], f"sort=name&page={page}")) == titles(page_of(people[who], "sort=name"))


@pytest.mark.parametrize("query", ["", "?q=open&sort=-ends", "?page=1", "?risk=red&sort=provider", "?counts=yes"])
def test_everybodys_page_asks_as_many_queries(people, query):
    asked = {}
    for who in ("commissioner", "contract_officer", "auditor", "observer", "outsider", "national"):
        browser = client_for(people[who])
        browser.get(f"/contracts/{query}")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/contracts/{query}").status_code == 200
        asked[who] = len(queries)
    assert asked == dict.fromkeys(asked, QUERIES)
