"""Many rows are typed before anything is saved: leaving the grid asks first, and sending it does not."""

import datetime

import pytest

from tests.world import make_return

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GRID = "/returns/2014-10/grid/"


@pytest.fixture
def contract(world):
    contract = world.contract(title="Short breaks")
    make_return(contract, datetime.date(2014, 9, 1))
    return contract


@pytest.fixture
def asked(open_page, contract):
    """The grid of the officer, and the kinds of dialogs that it opened; each is answered by staying."""
    page, kinds = open_page("contract_officer", GRID), []
    page.on("dialog", lambda dialog: (kinds.append(dialog.type), dialog.dismiss()))
    return page, kinds


def test_leaving_what_was_typed_asks_first_and_staying_keeps_it(asked):
    page, kinds = asked
    page.locator("textarea").first.press_sequentially("Two posts filled.")
    page.get_by_role("main").get_by_role("button", name="Show", exact=True).click()
    page.wait_for_timeout(300)
    assert kinds == ["beforeunload"]
    assert page.locator("textarea").first.input_value() == "Two posts filled."


def test_an_untouched_grid_and_a_sent_one_ask_nothing(asked):
    page, kinds = asked
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Show", exact=True).click()
    page.locator("textarea").first.press_sequentially("Two posts filled.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").click()
    assert kinds == []
