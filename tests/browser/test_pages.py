"""Every page of the demonstration in a real browser: for people with disabilities, on small screens, by keyboard,
without JavaScript, on paper, and until the session ends. Nothing here changes the demonstration but a draft.
"""

import datetime
import re
from typing import Any

import pytest
import time_machine

from contracts.choices import ReturnState
from contracts.models import Contract, MonthlyReturn
from reporting.demonstration.people import COMMISSIONER, SAM, UNIT_CODE
from tests.browser.pages import check_accessible, check_no_sideways_scroll, fill_sign_in, rows_of, send, tab_to, titles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.xdist_group("demonstration pages"),
]

AUDITOR = "Nadia Cole"
ADMINISTRATOR = "Ivy Thorpe"
PROVIDER_CONTACT = "Leah Marsden"
OBSERVER = "Mark Selby"
NOBODY = ""
PARTNERS = f"/units/{UNIT_CODE}/partners/"
REVIEW = f"/returns/2014-10/review/{UNIT_CODE}/"

#: Every page that opens by its address, with somebody who may see it.
PAGES = [
    (NOBODY, "/sign-in/"),
    (NOBODY, "/password/forgotten/"),
    (NOBODY, "/accessibility/"),
    (COMMISSIONER, "/"),
    (COMMISSIONER, "/?month=2014-07"),
    (PROVIDER_CONTACT, "/"),
    (COMMISSIONER, "/contracts/"),
    (COMMISSIONER, "/contracts/?risk=red&risk=amber&status=current&sort=-ends"),
    (COMMISSIONER, "/contracts/?q=nothing+is+called+this"),
    (COMMISSIONER, "/contracts/CS-0147/"),
    (PROVIDER_CONTACT, "FIRST CONTRACT"),
    (COMMISSIONER, "/contracts/CS-0265/"),
    (COMMISSIONER, "/contracts/new/"),
    (COMMISSIONER, "/contracts/CS-0147/change/"),
    (COMMISSIONER, "/contracts/CS-0147/option/"),
    (COMMISSIONER, "/contracts/CS-0147/notice/"),
    (COMMISSIONER, "/contracts/CS-0147/restrict/"),
    (COMMISSIONER, "/contracts/CS-0265/lift/"),
    (COMMISSIONER, "/contracts/import/"),
    (COMMISSIONER, "/returns/2014-10/?show=everyone"),
    (COMMISSIONER, "/returns/2014-10/CS-0147/"),
    (SAM, "/returns/2014-10/"),
    (SAM, "/returns/2014-10/CS-0093/"),
    (COMMISSIONER, REVIEW),
    (COMMISSIONER, f"{REVIEW}agenda/"),
    (COMMISSIONER, f"{REVIEW}minutes/"),
    (COMMISSIONER, f"{REVIEW}close/"),
    (COMMISSIONER, f"{REVIEW}meeting/"),
    (COMMISSIONER, f"/returns/rules/{UNIT_CODE}/"),
    (COMMISSIONER, "/units/"),
    (COMMISSIONER, PARTNERS),
    (COMMISSIONER, f"{PARTNERS}find/?q=trust"),
    (OBSERVER, PARTNERS),
    (ADMINISTRATOR, "/people/"),
    (ADMINISTRATOR, "/people/add/"),
    (AUDITOR, "/audit/"),
    (COMMISSIONER, "/password/"),
    (COMMISSIONER, "/keyboard/"),
]


@pytest.fixture
def open_page(open_browser, sign_in):
    """Somebody's page at an address; without a name, of a browser in which nobody signed in."""

    def open_page(who: str, address: str, **kind: Any) -> Any:
        page = sign_in(who, **kind) if who else open_browser(**kind)
        if address == "FIRST CONTRACT":
            page.goto("/contracts/")
            address = page.locator(".jc-table tbody th a").first.get_attribute("href")
        answer = page.goto(address)
        assert answer.status == 200, address
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        return page

    return open_page


# For everyone, at every width


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_meets_the_rules_of_accessibility_at_every_width(open_page, who, address):
    page = open_page(who, address)
    for width in (1366, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        check_accessible(page, f"{address} at {width}")
        check_no_sideways_scroll(page, f"{address} at {width}")
    assert len(page.get_by_role("heading", level=1).all()) == 1


@pytest.mark.parametrize(
    ("who", "address"), [(COMMISSIONER, "/"), (COMMISSIONER, "/contracts/"), (SAM, "/returns/2014-10/")]
)
def test_a_page_first_opened_on_a_phone_meets_them_too(open_page, who, address):
    """The menu and the filter fold themselves away when the page starts."""
    page = open_page(who, address, width=390)
    check_accessible(page, address)
    menu = page.get_by_role("button", name="Menu")
    assert page.get_by_role("link", name="Monthly returns", exact=True).count() == 0
    menu.click()
    page.get_by_role("link", name="Monthly returns", exact=True).click()
    page.wait_for_url("**/returns/**")


# By keyboard

TABBABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility() && e.type !== 'radio').length"""
FOCUS = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect()
  const parts = [[e], [e, '::before'], [e.closest('label') || e], [e.nextElementSibling || e, '::before']]
  const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
  const isFree = !over || !over.closest('.jc-sticky') || over.closest('.jc-sticky').contains(e)
  const look = () => parts.map(part => getComputedStyle(...part))
    .map(s => [s.outlineStyle + s.outlineWidth + s.outlineColor, s.boxShadow, s.backgroundColor, s.borderWidth].join())
    .join()
  const focused = look()
  e.blur()
  const plain = look()
  e.focus()
  return {
    name: e.outerHTML.slice(0, 120), isBody: e === document.body, isMarked: focused !== plain,
    isSeen: isFree && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  }
}"""
"""The element with the focus; marked where it looks otherwise than without."""


@pytest.mark.parametrize(
    ("who", "address"),
    [
        (NOBODY, "/sign-in/"),
        (COMMISSIONER, "/"),
        (PROVIDER_CONTACT, "/contracts/"),
        (COMMISSIONER, "/contracts/CS-0147/"),
        (COMMISSIONER, "/contracts/CS-0147/change/"),
        (COMMISSIONER, "/contracts/import/"),
        (SAM, "/returns/2014-10/"),
        (SAM, "/returns/2014-10/CS-0093/"),
        (ADMINISTRATOR, "/people/add/"),
    ],
)
def test_tab_goes_through_a_page_with_the_focus_in_sight(open_page, who, address):
    page = open_page(who, address)
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUS)
    assert "Skip to main content" in first["name"]
    assert first["isSeen"], "the skip link shows when it has the focus"
    stops = page.evaluate(TABBABLE)
    seen = 1
    for _ in range(stops * 2):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here["isBody"]:
            break
        assert here["isSeen"], here["name"]
        assert here["isMarked"], here["name"]
        seen += 1
    else:
        pytest.fail("Tab never leaves the page: something keeps the focus")
    assert seen >= stops * 0.9, f"Tab came to {seen} of {stops}"


def test_the_skip_link_leads_to_the_main_part(open_page):
    page = open_page(COMMISSIONER, "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_slash_leads_to_the_search_but_not_from_a_field(open_page):
    page = open_page(COMMISSIONER, "/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("CAMHS 1/2")
    assert page.locator("#q").input_value() == "CAMHS 1/2"


# Without JavaScript


def test_signing_in_and_out_without_javascript(open_browser):
    page = open_browser(scripts=False)
    page.goto("/contracts/CS-0147/")
    assert page.url.endswith("/sign-in/?next=/contracts/CS-0147/")
    page.get_by_label("Work email address").fill("jo.marsh@lincolnshire.example")
    page.get_by_label("Password", exact=True).fill("commission-together-2014")
    send(page, "Sign in")
    assert page.url.endswith("/contracts/CS-0147/")
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_load_state()
    page.goto("/contracts/")
    assert "/sign-in/" in page.url


def test_filter_sort_and_pages_of_the_register_without_javascript(open_page):
    page = open_page(COMMISSIONER, "/contracts/", scripts=False)
    page.get_by_role("checkbox", name=re.compile(r"^\W*R?\W*Red \d")).check()
    page.get_by_role("button", name="Apply filter").first.click()
    page.wait_for_load_state()
    assert "9 contracts" in page.locator("h1 + p").inner_text()
    assert len(titles(page)) == 9
    page.get_by_role("columnheader", name="Contract").get_by_role("link").click()
    page.wait_for_load_state()
    assert titles(page) == sorted(titles(page))
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Contract")
    assert len(titles(page)) == 9, "the filter stays"
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").or_(page.get_by_role("link", name="CSV")).first.click()
    assert download.value.suggested_filename.endswith(".csv")
    page.goto("/contracts/")
    page.get_by_role("link", name="Next").click()
    page.wait_for_load_state()
    assert "51 to 100 of 228" in page.get_by_role("status").first.inner_text()


def test_the_month_is_chosen_without_javascript(open_page):
    page = open_page(COMMISSIONER, "/", scripts=False)
    page.get_by_label("Month").select_option("2014-07")
    send(page, "Show")
    assert page.url.endswith("/?month=2014-07")
    assert page.locator("h1 + p").inner_text().startswith("July 2014 return")
    page.goto("/returns/2014-10/?show=everyone")
    page.get_by_label("Month").select_option("2014-09")
    page.get_by_role("main").get_by_role("button", name="Show").first.click()
    page.wait_for_load_state()
    assert "September 2014" in page.get_by_role("heading", level=1).inner_text()


def test_a_file_is_previewed_without_javascript(open_page):
    page = open_page(COMMISSIONER, "/contracts/import/", scripts=False)
    lines = "Reference,Title,Ends\r\nCS/0401,Night line,31/03/2015\r\nCS/0402,Day line,31/02/2015\r\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "two.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    )
    send(page, "Check this file")
    assert [row[-1] for row in rows_of(page, "Rows of the file")] == [
        "A new contract",
        "Row 3, Ends: 31/02/2015 is not a date.",
    ]
    check_no_sideways_scroll(page, "preview")


def test_the_preview_of_a_file_is_accessible_at_every_width(open_page):
    page = open_page(COMMISSIONER, "/contracts/import/")
    lines = "Reference,Title,Ends\r\nCS/0401,Night line,31/03/2015\r\nCS/0402,Day line,31/02/2015\r\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "two.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    )
    send(page, "Check this file")
    for width in (1366, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        check_accessible(page, f"preview at {width}")
        check_no_sideways_scroll(page, f"preview at {width}")


def test_a_draft_of_a_return_without_javascript(open_page):
    contract = Contract.objects.get(title="Leaving Care, East")
    page = open_page(SAM, f"/returns/2014-10/{contract.slug}/", scripts=False)
    page.locator("input[name=risk][value=amber]").check(force=True)
    send(page, "Submit")
    assert page.locator(".govuk-error-summary").is_visible()
    assert page.locator("input[name=risk][value=amber]").is_checked(), "what was typed is kept"
    page.locator("input[name=jet][value='4']").check()
    page.locator("#id_narrative").fill("Better than it was.")
    send(page, "Save draft")
    row = MonthlyReturn.objects.get(contract=contract, month=datetime.date(2014, 10, 1))
    assert (row.state, row.risk, row.jet_score) == (ReturnState.DRAFT, "amber", 4)


# Until the session ends


def later(page: Any, moment: Any, minutes: int) -> None:
    """Let time pass in the server and in the browser alike."""
    moment.shift(datetime.timedelta(minutes=minutes))
    page.clock.fast_forward(f"{minutes:02}:00")


@pytest.fixture
def moment():
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=True) as traveller:
        yield traveller


def test_an_idle_session_ends_after_half_an_hour_with_a_warning_first(open_browser, moment):
    page = open_browser()
    page.clock.install()
    fill_sign_in(page, "jo.marsh@lincolnshire.example")
    dialog = page.get_by_role("dialog", name="You will be signed out in 2 minutes")
    later(page, moment, 26)
    assert dialog.count() == 0
    later(page, moment, 1)
    dialog.wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Stay signed in"
    check_accessible(page, "the warning")
    with page.expect_response("**/keep-signed-in/") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 204
    dialog.wait_for(state="hidden")

    later(page, moment, 28)
    dialog.wait_for()
    page.goto("/contracts/")
    assert page.get_by_role("heading", level=1).inner_text() == "Contracts", "56 minutes later, still signed in"

    later(page, moment, 28)
    dialog.wait_for()
    later(page, moment, 3)
    page.wait_for_url("**/sign-in/?next=/contracts/")
    assert "sign-in" in page.goto("/").url


# On paper


def test_print_leaves_out_what_only_a_screen_needs(open_page):
    page = open_page(COMMISSIONER, "/")
    on_screen = page.get_by_role("navigation", name="Main")
    printed = page.locator(".jc-printhead")
    assert on_screen.is_visible()
    assert not printed.is_visible()
    page.emulate_media(media="print")
    assert not on_screen.is_visible()
    assert not page.get_by_role("search").is_visible()
    assert not page.get_by_label("Month").is_visible()
    assert not page.get_by_role("link", name="Skip to main content").is_visible()
    assert re.search(r"Printed by Jo Marsh, 4 November 2014, \d", printed.inner_text())
    assert page.get_by_role("heading", name="Risk, all 228 contracts").is_visible()


def test_a_list_is_reached_by_keyboard_on_a_phone(open_page):
    page = open_page(COMMISSIONER, "/contracts/", width=390)
    tab_to(page, "#sort")
    page.keyboard.press("ArrowDown")
    tab_to(page, "form.jc-only-s button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "sort=" in page.url
