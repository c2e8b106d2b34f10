"""Who may open, send and review a monthly return, typed by hand: role by page, on one's own contract and on others'."""

import datetime

import pytest

from accounts.permissions import Role
from contracts.choices import ReturnState
from contracts.models import MonthlyReturn
from contracts.services.restriction import restrict_contract
from tests.world import client_for, make_contract, make_person, make_return, make_unit

WORKLIST = "/returns/2014-10/"

#: Who: (the worklist, everyone's worklist, a return not their own, its review). 302 is to the sign-in page.
MATRIX = {
    "anonymous": (302, 302, 302, 302),
    "commissioner": (200, 200, 200, 302),
    "contract_officer": (200, 403, 403, 403),
    "board_secretary": (403, 403, 403, 403),
    "service_manager": (200, 403, 403, 403),
    "finance": (403, 403, 403, 403),
    "clinical_lead": (403, 403, 403, 403),
    "auditor": (403, 403, 403, 403),
    "provider_contact": (403, 403, 403, 403),
    "organisation_administrator": (403, 403, 404, 404),
    "ccg_commissioner": (200, 200, 200, 302),
    "observer": (403, 403, 403, 403),
    "outsider": (200, 200, 404, 404),
    "leaver": (403, 403, 404, 404),
}


def address(contract, tail=""):
    return f"{WORKLIST}{contract.slug}/{tail}"


def test_the_matrix_names_everybody(world):
    assert set(MATRIX) == set(world.people) | {"anonymous"}


@pytest.mark.parametrize(("who", "expected"), MATRIX.items())
def test_each_role_at_each_page(world, who, expected):
    contract = world.contract(officer=None)
    make_return(contract)
    browser = world.browser(who)
    got = (
        browser.get(WORKLIST).status_code,
        browser.get(WORKLIST, {"show": "everyone"}).status_code,
        browser.get(address(contract)).status_code,
        browser.post(address(contract, "review/"), {"version": 1, "do": "accept"}).status_code,
    )
    assert got == expected
    accepted = MonthlyReturn.objects.get().state == ReturnState.ACCEPTED
    assert accepted == (who in {"commissioner", "ccg_commissioner"})


@pytest.mark.parametrize(("who", "expected"), MATRIX.items())
def test_a_post_is_let_in_as_its_page_is(world, who, expected):
    contract = world.contract(officer=None)
    posted = {"risk": "green", "jet": "6", "version": 0, "do": "submit"}
    answer = world.browser(who).post(address(contract), posted)
    is_let_in = expected[2] == 200
    assert MonthlyReturn.objects.exists() == is_let_in
    assert answer.status_code == (302 if is_let_in else expected[2])


@pytest.mark.parametrize("part", ["officer", "service_manager", "deputy"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("contract_officer", 200),
        ("service_manager", 200),
        ("auditor", 403),
        ("finance", 403),
        ("observer", 403),
        ("outsider", 404),
    ],
)
def test_ones_part_in_a_contract_opens_its_return_to_roles_that_return(world, part, who, status):
    person = world.people[who]
    contract = world.contract(**({"officer": None} | ({} if part == "deputy" else {part: person})))
    if part == "deputy":
        contract.deputies.add(person)
    assert world.browser(who).get(address(contract)).status_code == status


def test_an_officer_does_not_review_their_own_return(world):
    contract = world.contract()
    make_return(contract)
    answer = world.browser("contract_officer").post(address(contract, "review/"), {"version": 1, "do": "accept"})
    assert (answer.status_code, MonthlyReturn.objects.get().state) == (403, ReturnState.SUBMITTED)


def test_a_review_is_a_post(world):
    contract = world.contract()
    make_return(contract)
    assert world.browser("commissioner").get(address(contract, "review/")).status_code == 405


def test_a_deputy_who_left_the_council_is_out(world):
    contract = world.contract(officer=world.people["leaver"])
    assert world.browser("leaver").get(address(contract)).status_code == 404


# A restricted contract


@pytest.fixture
def restricted(world):
    """Restricted to the CCG: its title must reach nobody of the council, whose officer it still names."""
    contract = world.contract(title="Secret retender", reference="SECRET/1")
    make_return(contract, risk="red", jet=1, narrative="Bids are under 2m")
    restrict_contract(
        contract=contract,
        reason="Bids are open.",
        named=[world.ccg],
        review_on=datetime.date(2015, 4, 1),
        by=world.people["ccg_commissioner"],
    )
    return contract


@pytest.mark.parametrize("who", ["contract_officer", "commissioner", "auditor", "observer", "outsider"])
def test_a_restricted_contract_is_not_there(world, restricted, who):
    browser = world.browser(who)
    assert browser.get(address(restricted)).status_code == 404
    assert browser.post(address(restricted), {"risk": "green", "version": 1, "do": "draft"}).status_code == 404
    assert browser.post(address(restricted, "review/"), {"version": 1, "do": "accept"}).status_code == 404
    assert MonthlyReturn.objects.get(contract=restricted).version == 1


@pytest.mark.parametrize("who", ["contract_officer", "commissioner", "outsider"])
@pytest.mark.parametrize(
    "query", [{}, {"show": "mine"}, {"show": "everyone"}, {"show": "everyone", "state": "submitted"}]
)
def test_a_restricted_contract_is_in_no_list_and_no_count(world, restricted, who, query):
    world.contract(title="Open service", officer=world.people["contract_officer"])
    text = world.browser(who).get(WORKLIST, query).content.decode()
    assert "Secret" not in text
    assert "SECRET" not in text
    assert "of 2 returned" not in text


def test_a_restricted_contract_counts_for_those_named(world, restricted):
    world.contract(title="Open service")
    text = world.browser("ccg_commissioner").get(WORKLIST, {"show": "everyone"}).content.decode()
    assert "Secret retender" in text
    assert "1 of 2 returned for October 2014" in text
    assert world.browser("ccg_commissioner").get(address(restricted)).status_code == 200


def test_a_restricted_contract_is_never_the_next_to_open(world, restricted):
    MonthlyReturn.objects.all().delete()
    last = world.contract(title="Open service")
    posted = {"risk": "green", "jet": "6", "version": 0, "do": "next"}
    answer = world.browser("contract_officer").post(address(last), posted)
    assert answer.headers["Location"] == WORKLIST


def test_the_neighbours_contract_with_the_same_reference_stays_theirs(world):
    ours = world.contract(reference="CS/0001", title="Ours")
    theirs = make_contract(world.outsider_unit, reference="CS/0001", title="Theirs")
    assert b"Theirs" not in world.browser("commissioner").get(address(ours)).content
    assert b"Ours" not in world.browser("outsider").get(address(theirs)).content
    posted = {"contract": theirs.pk, "risk": "green", "jet": "6", "version": 0, "do": "submit"}
    assert world.browser("commissioner").post(address(ours), posted).status_code == 404
    assert not MonthlyReturn.objects.exists()


def test_one_reference_in_two_units_in_sight_is_told_apart_by_the_unit_and_then_by_the_form(world):
    person = make_person("Across Both", world.council, Role.COMMISSIONER)
    both = make_unit("Adults’ commissioning", "mercia-adults", world.council)
    children = world.contract(reference="CS/0001", title="For children")
    adults = make_contract(both, reference="CS/0001", title="For adults")
    browser = client_for(person)
    assert b"For adults" in browser.get(address(adults), {"unit": both.code}).content
    assert b"For children" in browser.get(address(adults), {"unit": world.unit.code}).content
    posted = {"contract": adults.pk, "risk": "green", "jet": "6", "version": 0, "do": "submit"}
    browser.post(address(children), posted)
    assert [row.contract for row in MonthlyReturn.objects.all()] == [adults]
