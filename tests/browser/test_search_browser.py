"""The search of the demonstration in a real browser: by keyboard alone, without JavaScript, on a phone, by axe."""

import pytest

from reporting.demonstration.people import COMMISSIONER
from tests.browser.pages import check_accessible, check_no_sideways_scroll, titles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.xdist_group("demonstration pages"),
]

SEARCHES = ["/search/", "/search/?q=breaks", "/search/?q=brekas", "/search/?q=county", "/search/?q=submarine"]
FOCUSED = "document.activeElement.textContent.trim()"


@pytest.mark.parametrize("width", [1366, 390, 320])
def test_every_outcome_is_accessible_and_fits(sign_in, width):
    page = sign_in(COMMISSIONER, width=width)
    for address in SEARCHES:
        page.goto(address)
        check_accessible(page, address)
        check_no_sideways_scroll(page, address)


def test_by_keyboard_alone(sign_in):
    page = sign_in(COMMISSIONER)
    page.goto("/returns/2014-10/?show=everyone")
    page.keyboard.press("/")
    page.keyboard.type("counselling")
    with page.expect_navigation(url="**/search/?q=counselling"):
        page.keyboard.press("Enter")
    first, second, *_ = titles(page)
    assert page.evaluate(FOCUSED).startswith("Found for")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == first
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == second
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"
    page.locator("h1").focus()
    page.keyboard.press("/")
    assert page.evaluate("getSelection().toString()") == "counselling", "what is typed next replaces it"
    page.keyboard.press("ArrowDown")
    with page.expect_navigation(url="**/contracts/**"):
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text().startswith(first)


def test_without_scripts_the_first_tab_after_searching_is_among_the_results(sign_in):
    page = sign_in(COMMISSIONER, scripts=False)
    page.goto("/contracts/")
    page.locator("#q").fill("breaks")
    with page.expect_navigation():
        page.locator("#q").press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.locator("[data-result]:focus").count():
            break
    assert page.locator("[data-result]:focus").inner_text() == titles(page)[0]


def test_a_reference_leads_straight_to_its_contract(sign_in):
    page = sign_in(COMMISSIONER)
    page.goto("/")
    page.locator("#q").fill("cs 0147")
    with page.expect_navigation(url="**/contracts/CS-0147/**"):
        page.locator("#q").press("Enter")
