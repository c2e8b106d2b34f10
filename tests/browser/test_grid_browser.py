"""The one-page grid in a real browser: keys counted, by two people, without JavaScript, and by the rules of axe."""

import datetime
import time

import pytest
from playwright.sync_api import expect

from contracts.choices import ReturnState
from contracts.models import MonthlyReturn
from tests.browser.pages import check_accessible, check_no_sideways_scroll
from tests.world import OCTOBER, client_for, make_return

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEPTEMBER = datetime.date(2014, 9, 1)
AUGUST = datetime.date(2014, 8, 1)
WORKLIST = "/returns/2014-10/"
GRID = "/returns/2014-10/grid/"


@pytest.fixture
def open_page(chromium, live_server, world):
    """Opens the grid as a person, each in a browser of their own; a complaint of the page is an error."""
    contexts, complaints = [], []

    def open_page(who="contract_officer", path=GRID, *, width=1366, scripts=True):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        session = client_for(world.people[who]).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        assert page.goto(path).status == 200
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def contracts(world, count, **details):
    """Green for two months with another JET each: they may be returned without a sentence."""
    made = []
    for number in range(count):
        contract = world.contract(title=f"Service {chr(65 + number)}", **details)
        make_return(contract, AUGUST, jet=5)
        make_return(contract, SEPTEMBER, jet=6)
        made.append(contract)
    return made


def of_october():
    return {row.contract.title: row for row in MonthlyReturn.objects.filter(month=OCTOBER).select_related("contract")}


def row(page, title):
    return page.locator("tr[data-row]", has=page.get_by_role("link", name=title, exact=True))


def send(page, button):
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def focused(page):
    return page.evaluate("[document.activeElement.name || '', document.activeElement.closest('tr')?.id || '']")


def test_twelve_unchanged_contracts_cost_five_tabs_and_one_space_each(open_page, world):
    made = contracts(world, 12)
    page = open_page()
    keys, started = {"Tab": 0, "Space": 0}, time.monotonic()
    page.get_by_role("button", name="Show", exact=True).focus()
    for contract in made:
        name = f"c{contract.pk}-checked"
        tabs = 0
        while focused(page)[0] != name:
            page.keyboard.press("Tab")
            tabs += 1
            assert tabs <= 5, f"{contract.title}: {focused(page)}"
        page.keyboard.press("Space")
        keys["Tab"] += tabs
        keys["Space"] += 1
    expect(page.locator("#bulk-count")).to_have_text("12 ready, 0 need something more, 0 not checked yet")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    seconds = time.monotonic() - started
    print(f"12 unchanged contracts: {keys['Tab']} Tab, {keys['Space']} Space, 1 Ctrl+Enter, {seconds:.1f} seconds")
    assert page.url.endswith(WORKLIST)
    assert (keys["Tab"], keys["Space"]) == (60, 12)
    assert seconds < 120
    assert {r.state for r in of_october().values()} == {ReturnState.SUBMITTED}
    assert len(of_october()) == 12


def test_a_changed_row_by_keyboard_alone(open_page, world):
    contracts(world, 2)
    page = open_page()
    row(page, "Service A").get_by_role("link").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("r")
    page.keyboard.press("Tab")
    page.keyboard.press("4")
    page.keyboard.press("Tab")
    page.keyboard.type("Two posts empty. 1 g")
    page.keyboard.press("Enter")
    page.keyboard.type("One left.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    [done] = of_october().values()
    assert (done.risk, done.jet_score, done.narrative, done.state) == (
        "red",
        4,
        "Two posts empty. 1 g\nOne left.",
        "submitted",
    )


def test_the_bar_counts_and_the_row_asks_only_where_the_rule_will(open_page, world):
    contracts(world, 3)
    make_return(world.contract(title="Amber"), SEPTEMBER, risk="amber", jet=5)
    page = open_page()
    bar, send_button = page.locator("#bulk-count"), page.locator("#bulk-send")
    expect(bar).to_have_text("0 ready, 0 need something more, 4 not checked yet")
    expect(row(page, "Amber").locator(".jc-ask")).to_have_text("Say what changed, or why nothing did")
    expect(row(page, "Service A").locator(".jc-ask")).to_be_hidden()
    for title in ("Amber", "Service A", "Service B"):
        row(page, title).get_by_label("Checked").check()
    expect(bar).to_have_text("2 ready, 1 needs something more, 1 not checked yet")
    expect(send_button).to_have_text("Submit 2 ready")
    row(page, "Service A").locator("select").select_option("7")
    expect(row(page, "Service A").locator(".jc-ask")).to_be_visible()
    row(page, "Service A").locator("textarea").fill("A new manager.")
    expect(bar).to_have_text("2 ready, 1 needs something more, 1 not checked yet")
    reason = row(page, "Service B").get_by_label("Why JET was not assessed")
    expect(reason).to_be_hidden()
    row(page, "Service B").locator("select").select_option("not_assessed")
    expect(reason).to_be_visible()
    row(page, "Service B").locator("textarea").fill("x" * 601)
    expect(row(page, "Service B").locator(".jc-ask")).to_have_text("1 character too many")
    expect(bar).to_have_text("1 ready, 2 need something more, 1 not checked yet")


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_in_a_line_of_text_never_sends(open_page, world, scripts):
    contracts(world, 1)
    page = open_page(scripts=scripts)
    row(page, "Service A").locator("select").select_option("not_assessed")
    row(page, "Service A").get_by_label("Checked").check()
    row(page, "Service A").get_by_label("Why JET was not assessed").fill("None delivered")
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert sent == []
    assert of_october() == {}


def test_without_javascript_everything_works(open_page, world):
    contracts(world, 3)
    page = open_page(scripts=False)
    for title in ("Service A", "Service B"):
        row(page, title).get_by_label("Checked").check()
    row(page, "Service B").locator("select").select_option("not_assessed")
    expect(row(page, "Service A").get_by_label("Why JET was not assessed")).to_be_visible()
    send(page, "Submit checked")
    assert "Service B: Say why JET was not assessed." in page.locator(".govuk-error-summary").inner_text()
    row(page, "Service B").get_by_label("Why JET was not assessed").fill("None delivered")
    row(page, "Service B").locator("textarea").fill("The service is paused.")
    send(page, "Submit checked")
    assert page.url.endswith(WORKLIST)
    assert {title: r.state for title, r in of_october().items()} == {
        "Service A": "submitted",
        "Service B": "submitted",
    }


def test_two_people_on_one_grid(open_page, world):
    contracts(world, 2, service_manager=world.people["service_manager"])
    first, second = open_page(), open_page("service_manager")
    row(first, "Service A").get_by_label("Red").check(force=True)
    row(first, "Service A").locator("textarea").fill("Theirs")
    send(first, "Save draft")
    row(second, "Service A").locator("textarea").fill("Mine")
    for title in ("Service A", "Service B"):
        row(second, title).get_by_label("Checked").check()
    send(second, "Submit 2 ready")
    clash = second.locator("tr.jc-clash")
    assert "saved this at" in clash.inner_text()
    assert "Theirs" in clash.inner_text()
    assert "Mine" in clash.inner_text()
    assert row(second, "Service A").locator("textarea").input_value() == "Mine"
    stored = of_october()
    assert (stored["Service A"].narrative, stored["Service B"].state) == ("Theirs", ReturnState.SUBMITTED)
    check_accessible(second, "conflict")
    send(second, "Take theirs for Service A")
    assert row(second, "Service A").locator("textarea").input_value() == "Theirs"
    row(second, "Service A").locator("textarea").fill("Theirs and mine")
    row(second, "Service A").get_by_label("Checked").check()
    send(second, "Submit 1 ready")
    assert (of_october()["Service A"].narrative, of_october()["Service A"].state) == ("Theirs and mine", "submitted")


@pytest.mark.parametrize("width", [1366, 1000, 650, 390, 320])
def test_thirty_contracts_meet_the_rules_at_every_width(open_page, world, width):
    made = [world.contract(title=f"Domiciliary care for children with disabilities {n:02}") for n in range(30)]
    for contract in made[:20]:
        make_return(contract, SEPTEMBER, risk="red", jet=3)
    page = open_page(width=width)
    check_accessible(page, "grid")
    check_no_sideways_scroll(page, "grid")
    page.locator(".jc-tick input").first.check()
    page.locator(".jc-tick input").last.check()
    page.locator("select").nth(1).select_option("not_assessed")
    send(page, "Submit 0 ready")
    check_accessible(page, "grid with errors")
    check_no_sideways_scroll(page, "grid with errors")
