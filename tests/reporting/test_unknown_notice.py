"""A notice period that nobody knows, on every page that speaks of one."""

import datetime

import pytest
from django.http import QueryDict

from contracts.services.contract import ContractParts, change_contract
from reporting.queries.month import ReturnMonth
from reporting.queries.register import SORTS, filtered_contracts
from reporting.queries.register_counts import tally
from reporting.queries.register_filter import register_of
from reporting.queries.register_page import RegisterPage
from tests.world import OCTOBER, TODAY

SOON = datetime.date(2015, 3, 31)


def text_of(world, address):
    answer = world.browser("commissioner").get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


@pytest.fixture
def contract(world):
    return world.contract(title="Short breaks", initial_end=SOON, notice_months=None, options=[12])


def test_the_contract_page_says_that_it_is_not_known(world, contract):
    page = text_of(world, contract.get_absolute_url())
    assert "The notice period is not known, so the days to decide and to give notice are not known." in page
    assert "Option 1: extend?" in page
    assert "Tell the provider by" not in page
    assert "None month" not in page


def test_the_contract_page_of_a_known_one_says_the_days(world):
    contract = world.contract(initial_end=SOON, notice_months=1, options=[12])
    page = text_of(world, contract.get_absolute_url())
    assert "Tell the provider by 28 February 2015 (1 month of notice)." in page
    assert "notice period is not known" not in page


def test_the_notice_page_says_so(world, contract):
    page = text_of(world, f"{contract.get_absolute_url()}notice/")
    assert "<dt>Last day to give notice</dt><dd>Not known" in page
    assert "Notice period not known" in page


def test_the_dashboard_shows_its_end_and_asks_for_no_decision_by_a_day(world, contract):
    world.contract(title="Known and late", initial_end=SOON, notice_months=6)
    page = text_of(world, "/")
    assert '<td class="jc-nowrap" data-label="Decide by">Not known</td>' in page
    assert page.index("Known and late") < page.index("Not known</td>")


def test_the_register_counts_and_finds_what_is_to_complete(world, contract):
    world.contract(title="Complete")
    lacking = world.contract(title="Without a provider", providers=[])
    world.contract(title="Not yet started", providers=[], start=datetime.date(2015, 1, 1))
    world.contract(title="Over", providers=[], notice_months=None, initial_end=datetime.date(2014, 6, 30))
    found = {"user": world.people["commissioner"], "unit": world.unit, "params": QueryDict("incomplete=yes")}
    assert {known.pk for known in filtered_contracts(**found)} == {contract.pk, lacking.pk}
    assert RegisterPage(**found).counts["incomplete"] == 2


def test_the_register_counts_in_one_query_whatever_the_number(world, contract, django_assert_num_queries):
    for number in (0, 20):
        for _ in range(number):
            world.contract(providers=[], notice_months=None)
        user = world.people["commissioner"]
        found = register_of(user=user, unit=world.unit, params=QueryDict(""), month=ReturnMonth(OCTOBER, TODAY))
        with django_assert_num_queries(1):
            assert tally(found, sort=SORTS[0]).counts["incomplete"] == number + 1


def test_the_history_names_it(world, contract):
    change_contract(
        contract=contract,
        details={"notice_months": 6},
        parts=ContractParts(),
        version=contract.version,
        by=world.people["commissioner"],
    )
    assert "not known to 6 months" in text_of(world, contract.get_absolute_url()).lower()
