"""Monthly returns in a real browser: by keyboard alone, without JavaScript, by two people, and by the rules of axe."""

import datetime
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from contracts.choices import ReturnState
from contracts.models import MonthlyReturn
from tests.world import OCTOBER, make_return

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEPTEMBER = datetime.date(2014, 9, 1)
WORKLIST = "/returns/2014-10/"


@pytest.fixture
def contract(world):
    contract = world.contract(title="Short breaks")
    contract.deputies.add(world.people["service_manager"])
    make_return(contract, SEPTEMBER, risk="amber", jet=5, narrative="Three night posts empty.")
    return contract


def address(contract):
    return f"{WORKLIST}{contract.slug}/"


def tab_to(page, selector):
    """Press Tab until the focus is there; fails where no Tab leads to it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"No Tab leads to {selector}")


def send(page, button):
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


# By keyboard alone


def test_a_return_by_keyboard_alone(open_page, contract):
    page = open_page("contract_officer", WORKLIST)
    tab_to(page, 'a[href*="/returns/2014-10/CS"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "input[name=risk]")
    page.keyboard.press("r")
    tab_to(page, "input[name=jet]")
    page.keyboard.press("4")
    tab_to(page, "#id_narrative")
    page.keyboard.type("Two posts filled.")
    page.keyboard.press("Enter")
    page.keyboard.type("One left.")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert page.url.endswith(WORKLIST)
    row = MonthlyReturn.objects.get(month=OCTOBER)
    assert (row.state, row.risk, row.jet_score, row.narrative) == (
        ReturnState.SUBMITTED,
        "red",
        4,
        "Two posts filled.\nOne left.",
    )
    assert page.complaints == []


def test_letters_and_digits_act_only_inside_their_group(open_page, contract):
    page = open_page("contract_officer", address(contract))
    page.locator("#id_narrative").focus()
    page.keyboard.type("gar 123")
    page.locator("input[name=risk]").first.focus()
    page.keyboard.press("3")
    assert page.locator("input:checked").count() == 0
    assert page.locator("#id_narrative").input_value() == "gar 123"
    page.keyboard.press("g")
    assert page.locator("input[name=risk]:checked").input_value() == "green"


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(
    "selector", ["input[name=risk] >> nth=1", "input[name=jet] >> nth=2", "#id_not_assessed_reason"]
)
def test_enter_never_sends_the_form(open_page, contract, scripts, selector):
    page = open_page("contract_officer", address(contract), scripts=scripts)
    page.wait_for_load_state("networkidle")
    requests = []
    page.on("request", lambda request: requests.append((request.method, request.url)))
    page.locator(selector).focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert requests == []
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


# Without JavaScript


def test_a_return_without_javascript(open_page, world, contract):
    other = world.contract(title="Z next")
    page = open_page("contract_officer", WORKLIST, scripts=False)
    page.get_by_role("link", name="Start return for Short breaks").click()
    send(page, "Submit")
    assert page.get_by_role("link", name="Choose red, amber or green.").count() == 1
    page.get_by_label("Green").check()
    page.get_by_label("6 Good").check()
    send(page, "Save draft")
    assert page.get_by_label("Green").is_checked()
    send(page, "Submit and open next")
    page.get_by_label("What changed this month").fill("Posts filled.")
    send(page, "Submit and open next")
    assert page.locator("h1").inner_text() == "October 2014 return: Z next"
    row = MonthlyReturn.objects.get(contract=contract, month=OCTOBER)
    assert (row.state, row.risk, row.jet_score) == (ReturnState.SUBMITTED, "green", 6)
    assert not other.returns.filter(month=OCTOBER).exists()


# Last month's words


@pytest.mark.parametrize("scripts", [True, False])
def test_last_months_wording_is_copied_only_when_asked(open_page, contract, scripts):
    page = open_page("contract_officer", address(contract), scripts=scripts)
    narrative = page.locator("#id_narrative")
    assert narrative.input_value() == ""
    page.get_by_label("4 Satisfactory").check()
    page.get_by_role("button", name="Copy September’s wording").click()
    assert narrative.input_value() == "Three night posts empty."
    assert page.get_by_label("4 Satisfactory").is_checked()
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


# Two people


def test_two_people_on_one_return(open_page, world, contract):
    first = open_page("contract_officer", address(contract))
    second = open_page("service_manager", address(contract))
    for page, risk, text in ((first, "Amber", "Theirs"), (second, "Red", "Mine")):
        # the buttons alone save here: on a slow machine a draft would save itself while this is typed
        page.route(
            "**/*",
            lambda route: route.fulfill(status=204) if "hx-request" in route.request.headers else route.continue_(),
        )
        page.locator("fieldset", has_text="Risk for October").get_by_label(risk).check(force=True)
        page.get_by_label("5 Effective").check()
        page.locator("#id_narrative").fill(text)
    send(first, "Save draft")
    send(second, "Submit")
    assert "saved this at" in second.get_by_role("alert").inner_text()
    lines = [
        row.inner_text().split("\t")
        for row in second.locator("table", has_text="two versions").locator("tbody tr").all()
    ]
    assert [[cell.strip() for cell in line] for line in lines] == [
        ["Risk", "Amber", "Red", "Different"],
        ["JET grade", "5", "5", "Same"],
        ["What changed", "Theirs", "Mine", "Different"],
    ]
    assert second.locator("#id_narrative").input_value() == "Mine"
    assert MonthlyReturn.objects.get(month=OCTOBER).narrative == "Theirs"
    second.locator("#id_narrative").fill("Theirs and mine")
    send(second, "Submit")
    row = MonthlyReturn.objects.get(month=OCTOBER)
    assert (row.narrative, row.state, row.version) == ("Theirs and mine", ReturnState.SUBMITTED, 2)
    send(first, "Save draft")
    assert "submitted this at" in first.get_by_role("alert").inner_text()


# A draft that saves itself


def draft_note(page):
    return page.locator("#draft-note")


def test_what_is_typed_is_saved_by_itself_and_is_there_after_a_reload(open_page, contract):
    page = open_page("contract_officer", address(contract))
    page.locator("#id_narrative").focus()
    page.keyboard.type("Two posts filled")
    expect(draft_note(page)).to_have_text(re.compile(r"^\s*Draft saved\s+\d+:\d\d[ap]m\s*$"))
    page.keyboard.type(", one left.")
    assert page.evaluate("document.activeElement.id") == "id_narrative"
    expect(page.locator("#id_version")).to_have_value("2")
    check_page(page, "draft saved by itself")
    page.reload()
    assert page.locator("#id_narrative").input_value() == "Two posts filled, one left."
    row = MonthlyReturn.objects.get(month=OCTOBER)
    assert (row.state, row.version) == (ReturnState.DRAFT, 2)
    page.locator("#id_not_assessed_reason").fill("None delivered")
    expect(draft_note(page)).to_contain_text("Draft not saved yet. This is the reason for «Not assessed»")


def test_a_button_pressed_while_the_draft_saves_itself_meets_no_conflict(open_page, contract):
    page = open_page("contract_officer", address(contract))
    asked = []

    def slowly(route):
        asked.append(route.request.headers.get("hx-request"))
        if asked[-1]:
            page.wait_for_timeout(600)
        route.continue_()

    page.route("**/returns/2014-10/*/", slowly)
    page.locator("fieldset", has_text="Risk for October").get_by_label("Red").check(force=True)
    page.locator("input[name=jet][value='4']").check()
    with page.expect_request(lambda request: request.headers.get("hx-request") == "true"):
        page.locator("#id_narrative").fill("Two posts filled.")
    with page.expect_navigation():
        page.get_by_role("button", name="Submit", exact=True).click()
    assert page.url.endswith(WORKLIST)
    row = MonthlyReturn.objects.get(month=OCTOBER)
    assert (row.state, row.version, asked) == (ReturnState.SUBMITTED, 2, ["true", None])


def test_a_draft_that_saves_itself_overwrites_nobody_and_leads_to_the_comparison(open_page, contract):
    first = open_page("contract_officer", address(contract))
    second = open_page("service_manager", address(contract))
    first.locator("#id_narrative").fill("Theirs")
    expect(draft_note(first)).to_contain_text("Draft saved")
    second.locator("#id_narrative").fill("Mine")
    expect(draft_note(second)).to_contain_text("saved this at")
    expect(draft_note(second)).to_contain_text("Your newest words are not saved, and nothing was overwritten.")
    second.complaints = [text for text in second.complaints if "409" not in text]
    check_page(second, "draft met a newer one")
    assert MonthlyReturn.objects.get(month=OCTOBER).narrative == "Theirs"
    send(second, "Compare the two")
    assert second.locator("table", has_text="two versions").count() == 1
    assert second.locator("#id_narrative").input_value() == "Mine"
    second.locator("#id_narrative").press("End")
    second.keyboard.type("!")
    second.wait_for_timeout(2600)
    assert MonthlyReturn.objects.get(month=OCTOBER).narrative == "Theirs"


def test_a_submitted_return_is_never_made_a_draft_by_itself(open_page, contract):
    make_return(contract, state=ReturnState.SUBMITTED)
    page = open_page("contract_officer", f"{address(contract)}?change=1")
    page.locator("#id_narrative").fill("Changed")
    page.wait_for_timeout(2600)
    assert MonthlyReturn.objects.get(month=OCTOBER).state == ReturnState.SUBMITTED
    assert page.complaints == []


def test_signed_out_while_typing_is_said_and_the_words_stay(open_page, contract):
    page = open_page("contract_officer", address(contract))
    page.context.clear_cookies(name="sessionid")
    page.locator("#id_narrative").fill("Two posts filled.")
    expect(draft_note(page)).to_contain_text("You are signed out")
    assert page.locator("#id_narrative").input_value() == "Two posts filled."
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


# For everyone


def check_page(page, name):
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
    assert page.complaints == [], name


@pytest.mark.parametrize("width", [1366, 390, 320])
def test_every_state_of_the_pages_meets_the_rules(open_page, world, contract, width):
    missing = world.contract(title="Leaving care", service_manager=world.people["service_manager"])
    page = open_page("contract_officer", WORKLIST, width=width)
    check_page(page, "worklist")
    page.goto(address(contract))
    check_page(page, "new return")
    page.locator("[name=not_assessed_reason]").fill("None delivered")
    send(page, "Submit")
    check_page(page, "return with errors")
    page.locator("[name=not_assessed_reason]").fill("")
    page.get_by_label("5 Effective").check()
    other = open_page("service_manager", address(contract), width=width)
    send(page, "Save draft")
    check_page(page, "draft saved")
    other.locator("#id_narrative").fill("Mine")
    send(other, "Save draft")
    other.complaints = [text for text in other.complaints if "409" not in text]
    check_page(other, "conflict")
    make_return(missing)
    make_return(world.contract(title="Next to review"))
    reviewer = open_page("commissioner", address(missing), width=width)
    check_page(reviewer, "review")
    send(reviewer, "Send back")
    check_page(reviewer, "review with errors")
    reviewer.goto(f"{WORKLIST}?show=everyone")
    check_page(reviewer, "everyone's worklist")
    reviewer.goto(f"{WORKLIST}?show=mine")
    check_page(reviewer, "empty worklist")
