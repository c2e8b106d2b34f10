"""One month from open to closed by three people in three browsers at once; what it costs; and a session that ends.

Every act is made on the pages. What stands at the end is compared whole, with tables written by hand.
"""

import datetime
import time
from typing import Any

import pytest
from django.apps import apps
from playwright.sync_api import expect

from commissioning.models import StandIn
from contracts.choices import ReturnState
from contracts.models import MonthlyReturn, MonthReview, ReviewAction
from tests.browser.pages import check_accessible, check_no_sideways_scroll, rows_of, send, sign_in_here, tab_to
from tests.world import OCTOBER, PASSWORD, make_return

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUGUST = datetime.date(2014, 8, 1)
SEPTEMBER = datetime.date(2014, 9, 1)
WORKLIST = "/returns/2014-10/"
GRID = "/returns/2014-10/grid/"
REVIEW = "/returns/2014-10/review/mercia-children/"

OFFICER, MANAGER, COMMISSIONER = "contract_officer", "service_manager", "commissioner"


# The pages, in the words of those who use them


def grid_row(page, title):
    return page.locator("tr[data-row]", has=page.get_by_role("link", name=title, exact=True))


def fill_row(page, title, *, risk="", jet="", why="", narrative="", tick=True):
    """A row of the grid, left as it is but for what is given."""
    row = grid_row(page, title)
    if risk:
        row.get_by_label(risk).check(force=True)
    if jet:
        row.locator("select").select_option(jet)
    if why:
        row.get_by_label("Why JET was not assessed").fill(why)
    if narrative:
        row.locator("textarea").fill(narrative)
    row.get_by_label("Checked").set_checked(tick)


def stated_in(page, title):
    """Risk, JET, reason and sentence as they stand in the fields of a row of the grid, and whether it is ticked."""
    row = grid_row(page, title)
    return (
        row.locator("input[type=radio]:checked").get_attribute("value"),
        row.locator("select").input_value(),
        row.locator("input[type=text]").input_value(),
        row.locator("textarea").input_value(),
        row.get_by_label("Checked").is_checked(),
    )


def fill_return(page, *, risk="", jet="", narrative=""):
    """The page of one return."""
    if risk:
        page.locator("fieldset", has_text="Risk for October").get_by_label(risk).check(force=True)
    if jet:
        page.locator(f"input[name=jet][value='{jet}']").check()
    if narrative:
        page.locator("#id_narrative").fill(narrative)


def follow(page, link):
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=link, exact=True).click()


def said(page):
    """What the page says was done."""
    return [" ".join(text.split()) for text in page.locator(".govuk-notification-banner__content").all_inner_texts()]


def conflict_of(page, title):
    """What the grid shows above a row that somebody else saved: a headline, and of each part what both say."""
    clash = page.locator("tr.jc-clash", has_text=title)
    parts = [" ".join(text.split()) for text in clash.locator("li").all_inner_texts()]
    return clash.get_by_role("heading").inner_text(), parts


# One month


@pytest.fixture
def month(world):
    """Nine contracts of one officer, returned for September; the service manager has a part in two of them."""
    manager = world.people[MANAGER]
    last_month = {
        "Autism outreach": ("green", 6),
        "Befriending": ("green", 6),
        "Counselling": ("red", 3),
        "Day care": ("green", 7),
        "Early help": ("green", 6),
        "Foster support": ("amber", 5),
        "Grants": ("green", 6),
        "Holiday play": ("green", 6),
        "Independent visitors": ("amber", 4),
    }
    for title, (risk, jet) in last_month.items():
        contract = world.contract(title=title, service_manager=manager if title == "Foster support" else None)
        make_return(contract, AUGUST, risk=risk, jet=8)
        make_return(contract, SEPTEMBER, risk=risk, jet=jet, narrative=f"September of {title}.")
        if title == "Grants":
            contract.deputies.add(manager)
    return world


def test_a_month_from_open_to_closed_by_three_people_at_once(open_page, month):
    officer, second_tab = open_page(OFFICER, GRID), open_page(OFFICER, GRID)
    manager = open_page(MANAGER, WORKLIST, width=390, scripts=False)
    commissioner = open_page(COMMISSIONER, REVIEW)

    the_officer_fills_the_grid(officer)
    the_service_manager_returns_one_and_begins_another(manager)
    the_officer_submits_and_chooses_where_both_have_written(officer)
    the_commissioner_reviews_while_the_officer_changes_one(commissioner, officer)
    the_officer_looks_again_at_what_was_sent_back(officer)
    the_commissioner_accepts_it_and_asks_for_improvement(commissioner)
    the_month_closes_once_the_stand_in_has_returned(commissioner, officer, manager)
    nothing_more_is_returned_in_the_other_tab(second_tab)
    the_officer_amends_a_closed_return(officer)

    assert what_stands(month) == AT_THE_END
    assert acts_of_october(month) == ACTS
    assert acts_beside_the_returns(month) == BESIDE
    check_the_minutes(commissioner)
    assert [page.complaints for page in (officer, second_tab, manager, commissioner)] == [[], [], [], []]


def the_officer_fills_the_grid(page):
    fill_row(page, "Autism outreach")
    fill_row(page, "Befriending", risk="Amber", jet="5", narrative="Two posts are empty.")
    fill_row(page, "Counselling", jet="2", narrative="The waiting list has doubled.\nNo locum yet.")
    fill_row(page, "Day care", jet="not_assessed", why="Closed for repairs.", narrative="It opens again in December.")
    fill_row(page, "Early help", narrative="As before.")
    fill_row(page, "Foster support", risk="Red", jet="4", narrative="The officer’s words.")
    fill_row(page, "Grants", jet="7", narrative="The officer’s words on grants.")
    expect(page.locator("#bulk-count")).to_have_text("7 ready, 0 need something more, 2 not checked yet")


def the_service_manager_returns_one_and_begins_another(page):
    follow(page, "Start return for Foster support")
    fill_return(page, risk="Green", jet="6", narrative="Three new carers.")
    send(page, "Submit")
    assert said(page) == ["October 2014 return submitted: Foster support."]
    follow(page, "Start return for Grants")
    fill_return(page, risk="Amber", narrative="The manager’s words.")
    send(page, "Save draft")
    assert said(page) == ["Draft saved: Grants. It counts once you submit it."]


def the_officer_submits_and_chooses_where_both_have_written(page):
    send(page, "Submit 7 ready")
    assert "5 October 2014 returns submitted: Autism outreach; Befriending; Counselling; and 2 more." in said(page)
    headline, parts = conflict_of(page, "Foster support")
    assert headline.startswith("Foster support: C. S. manager submitted this at ")
    for part, label, theirs, mine in zip(
        parts,
        ("Risk", "JET grade", "What changed"),
        ("Green", "6", "Three new carers."),
        ("Red", "4", "The officer’s words."),
        strict=True,
    ):
        assert part.startswith(label)
        assert f"C. S. manager: {theirs}" in part
        assert f"Yours: {mine}" in part
        assert "Different" in part
    headline, parts = conflict_of(page, "Grants")
    assert headline.startswith("Grants: C. S. manager saved this at ")
    assert "C. S. manager: Nothing yet" in parts[1]
    assert "Yours: 7" in parts[1]
    check_accessible(page, "two conflicts")
    send(page, "Take theirs for Foster support")
    assert stated_in(page, "Foster support") == ("green", "6", "", "Three new carers.", False)
    assert stated_in(page, "Grants") == ("green", "7", "", "The officer’s words on grants.", True)
    send(page, "Submit 1 ready")
    assert page.url.endswith(WORKLIST)
    assert said(page) == ["1 October 2014 return submitted: Grants."]
    assert page.get_by_role("heading", level=1).inner_text() == "7 of 9 returned for October 2014"


def the_commissioner_reviews_while_the_officer_changes_one(page, officer):
    page.goto(REVIEW)
    assert page.get_by_role("heading", level=1).inner_text() == "Review of October 2014: 7 of 9 returned, 0 accepted"
    send_back(page, "Early help", "Which families?\nHow many wait?")
    assert said(page) == ["Sent back: Early help."]

    officer.goto(WORKLIST)
    follow(officer, "Change return for Day care")
    fill_return(officer, narrative="It opens again in January.")
    send(officer, "Submit changes")

    page.get_by_label("All 5 under “To review”").check()
    send(page, "Accept ticked")
    assert said(page) == [
        "Accepted: 4 returns.",
        "Changed since you opened the page, so left as they are. Look again: Day care.",
    ]
    assert "It opens again in January." in page.locator("#to-review").inner_text()
    send(page, "Accept Day care")
    send(page, "Accept Counselling")
    assert said(page) == ["Accepted: Counselling."]


def send_back(page, title, note):
    row = page.locator("tr", has=page.get_by_role("link", name=title, exact=True))
    row.locator("summary").click()
    row.get_by_label("What the officer should look at again").fill(note)
    send(page, f"Send back {title}")


def the_officer_looks_again_at_what_was_sent_back(page):
    page.goto(WORKLIST)
    first = rows_of(page, "still have to return")[0]
    assert (first[0].split(" Willow")[0], first[4]) == ("Early help", "Sent back Which families? How many wait?")
    follow(page, "Look again return for Early help")
    assert "Sent back by Council Commissioner, 4 November 2014. Which families?" in " ".join(
        page.locator(".govuk-inset-text").inner_text().split()
    )
    assert page.locator("#id_narrative").input_value() == "As before."
    expect(page.locator("#draft-note")).to_contain_text("by C. C. officer, sent back since")
    fill_return(page, narrative="Eight families of Alford wait.")
    expect(page.locator("#draft-note")).to_contain_text("Draft saved")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/returns/2014-10/**")
    expect(page.locator(".govuk-notification-banner__content")).to_contain_text("return submitted: Early help.")


def the_commissioner_accepts_it_and_asks_for_improvement(page):
    page.goto(REVIEW)
    assert "Eight families of Alford wait." in page.locator("#to-review").inner_text()
    send(page, "Accept Early help")
    follow(page, "Ask for improvement of Counselling")
    page.get_by_label("What must improve").fill("Halve the waiting list.")
    page.get_by_label("Who sees to it").fill("Ann Reed, Willow Homes")
    page.get_by_label("Due by").fill("31 January 2015")
    page.get_by_label("Provider", exact=True).select_option(label="Willow Homes Ltd")
    send(page, "Note this action")
    assert said(page) == ["Improvement action noted: Counselling."]
    follow(page, "Record the meeting")
    page.get_by_label("Held on").fill("4 November 2014")
    page.get_by_label("Present").fill("C. Commissioner\nC. Officer")
    page.get_by_label("Notes").fill("Counselling comes back in December.")
    send(page, "Save the record")
    assert said(page) == ["The meeting is recorded."]


def the_month_closes_once_the_stand_in_has_returned(page, officer, manager):
    """The commissioner had opened the closing before the stand-in returned, and is shown what stands now."""
    officer.goto("/standing-in/")
    officer.get_by_label("Who stands in").select_option(label="Council Service manager")
    officer.get_by_label("From").fill("4 November 2014")
    officer.get_by_label("To", exact=True).fill("14 November 2014")
    send(officer, "Let them stand in")
    page.goto(REVIEW)
    follow(page, "Close October 2014")
    assert not_returned(page) == "Council Contract officer (2): Holiday play; Independent visitors."

    manager.goto(WORKLIST)
    assert "You stand in for Council Contract officer" in manager.get_by_role("main").inner_text()
    follow(manager, "Start return for Holiday play")
    assert "“Council Service manager for Council Contract officer”" in manager.get_by_role("main").inner_text()
    fill_return(manager, risk="Green", jet="6")
    send(manager, "Submit")
    assert said(manager) == ["October 2014 return submitted for Council Contract officer: Holiday play."]

    page.get_by_label("Note on closing").fill("One is still missing.")
    page.get_by_label("Close this month; it is not opened again").check()
    send(page, "Close October 2014")
    assert (
        "Returns were saved or reviewed since you opened this page."
        in page.locator(".govuk-error-summary").inner_text()
    )
    assert not_returned(page) == "Council Contract officer (1): Independent visitors."
    send(page, "Close October 2014")
    assert said(page) == ["October 2014 is closed."]


def not_returned(page):
    """By officer, whose returns are missing at the closing."""
    return page.locator("section", has_text="Not returned (").locator("p:has(b)").inner_text()


def nothing_more_is_returned_in_the_other_tab(page):
    """It was opened while nothing was returned: the month has closed meanwhile, and others have written."""
    fill_row(page, "Independent visitors", narrative="Too late.")
    send(page, "Submit 1 ready")
    assert "October 2014 was closed on 4 November 2014." in page.locator(".govuk-error-summary").inner_text()
    assert page.locator("tr", has_text="Independent visitors").first.locator("textarea").input_value() == "Too late."


def the_officer_amends_a_closed_return(page):
    page.goto(WORKLIST)
    follow(page, "Amend return for Befriending")
    fill_return(page, risk="Red", jet="3")
    send(page, "Amend")
    assert "Say why the return is amended." in page.locator(".govuk-error-summary").inner_text()
    page.get_by_label("Why this is amended now").fill("The third post was left out.")
    send(page, "Amend")
    assert said(page) == ["October 2014 return amended: Befriending."]


# What stands at the end

WILLOW_ASKED = (
    "Counselling: Halve the waiting list. Willow Homes Ltd. Ann Reed, Willow Homes, due by 31 January 2015. "
    "Asked at the review of October 2014."
)

#: state, risk, JET, why not assessed, narrative, version; saved by, submitted by, for, reviewed by; note, amendment
AT_THE_END = {
    "Autism outreach": ("accepted", "green", 6, "", "", 2, OFFICER, OFFICER, None, COMMISSIONER, "", ""),
    "Befriending": (
        *("amended", "red", 3, "", "Two posts are empty.", 3),
        *(OFFICER, OFFICER, None, None, "", "The third post was left out."),
    ),
    "Counselling": (
        *("accepted", "red", 2, "", "The waiting list has doubled.\nNo locum yet.", 2),
        *(OFFICER, OFFICER, None, COMMISSIONER, "", ""),
    ),
    "Day care": (
        *("accepted", "green", None, "Closed for repairs.", "It opens again in January.", 3),
        *(OFFICER, OFFICER, None, COMMISSIONER, "", ""),
    ),
    "Early help": (
        *("accepted", "green", 6, "", "Eight families of Alford wait.", 5),
        *(OFFICER, OFFICER, None, COMMISSIONER, "", ""),
    ),
    "Foster support": (
        *("accepted", "green", 6, "", "Three new carers.", 2),
        *(MANAGER, MANAGER, None, COMMISSIONER, "", ""),
    ),
    "Grants": (
        *("accepted", "green", 7, "", "The officer’s words on grants.", 3),
        *(OFFICER, OFFICER, None, COMMISSIONER, "", ""),
    ),
    "Holiday play": ("submitted", "green", 6, "", "", 1, MANAGER, MANAGER, OFFICER, None, "", ""),
}

ACCEPTED = ("accepted", "Return accepted", COMMISSIONER, None, None)
SUBMITTED = ("submitted", "Return submitted", OFFICER, None, None)

#: state, act, by, for, reason; oldest first
ACTS = {
    "Autism outreach": [SUBMITTED, ACCEPTED],
    "Befriending": [
        SUBMITTED,
        ACCEPTED,
        ("amended", "Return amended", OFFICER, None, "The third post was left out."),
    ],
    "Counselling": [SUBMITTED, ACCEPTED],
    "Day care": [SUBMITTED, SUBMITTED, ACCEPTED],
    "Early help": [
        SUBMITTED,
        ("sent_back", "Return sent back", COMMISSIONER, None, "Which families?\nHow many wait?"),
        ("draft", "Return saved as a draft", OFFICER, None, None),
        SUBMITTED,
        ACCEPTED,
    ],
    "Foster support": [("submitted", "Return submitted", MANAGER, None, None), ACCEPTED],
    "Grants": [("draft", "Return saved as a draft", MANAGER, None, None), SUBMITTED, ACCEPTED],
    "Holiday play": [("submitted", "Return submitted", MANAGER, OFFICER, None)],
}

BESIDE = [
    ("Improvement action noted", COMMISSIONER, None),
    ("Month closed", COMMISSIONER, "One is still missing."),
    ("Review meeting recorded", COMMISSIONER, None),
    ("Stand-in given", OFFICER, None),
]


def what_stands(world) -> dict[str, tuple[Any, ...]]:
    known = names_of(world)
    rows = MonthlyReturn.objects.filter(month=OCTOBER).select_related("contract").order_by("contract__title")
    return {
        row.contract.title: (
            *(row.state, row.risk, row.jet_score, row.not_assessed_reason, row.narrative, row.version),
            *(known[row.saved_by_id], known[row.submitted_by_id], known[row.submitted_for_id]),
            *(known[row.reviewed_by_id], row.review_note, row.amendment_reason),
        )
        for row in rows
    }


def names_of(world) -> dict[int | None, str | None]:
    return {None: None} | {person.pk: name for name, person in world.people.items()}


def acts_of_october(world) -> dict[str, list[tuple[Any, ...]]]:
    """From the history of returns; the same again through ``saved_for`` for who acted in whose name."""
    known, found = names_of(world), {}
    events = apps.get_model("contracts", "MonthlyReturnEvent").objects.filter(month=OCTOBER)
    for event in events.select_related("pgh_context", "contract").order_by("contract__title", "version"):
        meta = event.pgh_context.metadata
        assert meta.get("on_behalf_of") == event.saved_for_id or event.state != ReturnState.SUBMITTED
        found.setdefault(event.contract.title, []).append(
            (event.state, meta["act"], known[meta["actor"]], known[meta.get("on_behalf_of")], meta.get("reason"))
        )
    return found


def acts_beside_the_returns(world) -> list[tuple[Any, ...]]:
    """Of the review, its actions and who stands in: an act for each row of history, and nothing but these."""
    known = names_of(world)
    assert (MonthReview.objects.count(), ReviewAction.objects.count(), StandIn.objects.count()) == (1, 1, 1)
    events = [
        event.pgh_context.metadata
        for app, model in (
            ("contracts", "MonthReviewEvent"),
            ("contracts", "ReviewActionEvent"),
            ("commissioning", "StandInEvent"),
        )
        for event in apps.get_model(app, model).objects.select_related("pgh_context")
    ]
    return sorted((meta["act"], known[meta["actor"]], meta.get("reason")) for meta in events)


def check_the_minutes(page):
    """As they are printed: every act of the review, and nothing that only a screen needs."""
    page.goto(REVIEW)
    follow(page, "Minutes")
    check_accessible(page, "minutes")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="Main").is_visible()
    accepted = "4 Nov 2014, Council Commissioner"
    assert rows_of(page, "Returns accepted") == [
        ["Autism outreach", "G Green", "JET 6 of 9, Good", accepted],
        ["Befriending", "R Red", "JET 3 of 9, Inadequate", "Amended: The third post was left out."],
        ["Counselling", "R Red", "JET 2 of 9, Inadequate", accepted],
        ["Day care", "G Green", "JET – Not assessed", accepted],
        ["Early help", "G Green", "JET 6 of 9, Good", accepted],
        ["Foster support", "G Green", "JET 6 of 9, Good", accepted],
        ["Grants", "G Green", "JET 7 of 9, Good", accepted],
    ]
    assert rows_of(page, "Returns sent back") == [["Early help", "Which families? How many wait?", accepted]]
    text = " ".join(page.get_by_role("main").inner_text().split())
    for words in (
        "Held on 4 November 2014 Present C. Commissioner C. Officer Notes Counselling comes back in December.",
        "2. Contracts of concern (2)",
        "3. Improvement actions asked for (1)",
        WILLOW_ASKED,
        "4. Returns accepted or amended (7)",
        "6. Not returned (1)",
        "Council Contract officer (1): Independent visitors.",
        "October 2014 was closed on 4 November 2014 by Council Commissioner. One is still missing. "
        "8 of 9 returned, 6 accepted, 1 amended; 1 not accepted, 1 not returned. 2 red, 0 amber, 6 green.",
    ):
        assert words in text, words
    page.emulate_media(media="screen")


# What it costs


class Keys:
    """A keyboard that counts: what is pressed, and apart from it the letters of what is written."""

    def __init__(self, page):
        self.page, self.pressed, self.letters, self.started = page, 0, 0, time.monotonic()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def tab_to(self, selector: str) -> None:
        self.pressed += tab_to(self.page, selector)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.letters += len(text)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


def unchanged_contracts(world, count):
    """Green for two months with another JET each: they may be returned without a sentence."""
    for number in range(count):
        contract = world.contract(title=f"Service {chr(65 + number)}")
        make_return(contract, AUGUST, jet=5)
        make_return(contract, SEPTEMBER, jet=6)


def test_twelve_unchanged_contracts_cost_three_clicks(open_page, world):
    unchanged_contracts(world, 12)
    page = open_page(OFFICER, WORKLIST)
    started = time.monotonic()
    page.get_by_label("All 12").click()
    send(page, "Check and submit")
    assert len(rows_of(page, "What will be stated for October 2014")) == 12
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()
    send(page, "Submit 12 as unchanged")
    seconds = time.monotonic() - started
    print(f"12 unchanged contracts from the worklist: 3 clicks, {seconds:.1f} seconds")
    assert page.get_by_role("heading", level=1).inner_text() == "12 of 12 returned for October 2014"
    by_officer = (OFFICER, OFFICER, None, None, "", "")
    assert set(what_stands(world).values()) == {("submitted", "green", 6, "", "", 1, *by_officer)}
    assert seconds < 30


def test_one_changed_contract_by_keys_costs_a_minute_at_most(open_page, world):
    unchanged_contracts(world, 1)
    page = open_page(OFFICER, WORKLIST)
    follow(page, "Start return for Service A")
    keys = Keys(page)
    keys.press("Tab", "Enter")  # past the header
    keys.tab_to("input[name=risk]")
    keys.press("r")
    keys.tab_to("input[name=jet]")
    keys.press("3")
    keys.tab_to("#id_narrative")
    keys.write("Two of five night posts are empty; cover is found week by week.")
    with page.expect_navigation():
        keys.press("Control+Enter")
    print(f"One changed contract: {keys.pressed} keys, {keys.letters} letters, {keys.seconds:.1f} seconds")
    assert said(page) == ["October 2014 return submitted: Service A."]
    assert keys.pressed <= 12
    assert keys.seconds < 60


# A session that ends


def test_what_was_typed_into_the_grid_outlives_the_session(open_page, world):
    officer = world.people[OFFICER]
    officer.set_password(PASSWORD)
    officer.save()
    for title in ("Autism outreach", "Befriending", "Counselling", "Day care", "Early help"):
        make_return(world.contract(title=title, service_manager=world.people[MANAGER]), SEPTEMBER)
    page = open_page(OFFICER, GRID)
    fill_row(page, "Autism outreach")
    fill_row(page, "Befriending", risk="Red", jet="2", narrative="Two posts are empty.\n<b>One</b> is filled & waits.")
    fill_row(page, "Counselling", jet="not_assessed", why="Closed for repairs.", narrative="Half a", tick=False)
    fill_row(page, "Day care", risk="Amber", narrative="The officer’s words.")
    typed = {
        "Autism outreach": ("green", "6", "", "", True),
        "Befriending": ("red", "2", "", "Two posts are empty.\n<b>One</b> is filled & waits.", True),
        "Counselling": ("green", "not_assessed", "Closed for repairs.", "Half a", False),
        "Day care": ("amber", "6", "", "The officer’s words.", True),
        "Early help": ("green", "6", "", "", False),
    }
    page.context.clear_cookies(name="sessionid")
    send(page, "Save draft")
    [why] = said(page)
    assert "You are signed out." in why
    assert "What you had just typed is kept, but not saved yet" in why
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()

    manager = open_page(MANAGER, WORKLIST, scripts=False)
    follow(manager, "Start return for Day care")
    fill_return(manager, risk="Green", jet="8", narrative="The manager’s words.")
    send(manager, "Save draft")

    sign_in_here(page, officer.email, PASSWORD)
    assert page.url.endswith(GRID)
    assert (
        "This is what you had typed when you were signed out. It is not saved yet."
        in page.locator("main .govuk-inset-text").all_inner_texts()
    )
    assert {title: stated_in(page, title) for title in typed} == typed
    assert list(what_stands(world)) == ["Day care"]
    check_accessible(page, "as it was typed")
    check_no_sideways_scroll(page, "as it was typed")

    send(page, "Submit 3 ready")
    headline, parts = conflict_of(page, "Day care")
    assert headline.startswith("Day care: C. S. manager saved this at ")
    assert "The manager’s words." in parts[-1]
    assert stated_in(page, "Day care") == typed["Day care"]
    send(page, "Submit 1 ready")
    assert page.url.endswith(WORKLIST)
    by_officer = (OFFICER, OFFICER, None, None, "", "")
    assert what_stands(world) == {
        "Autism outreach": ("submitted", "green", 6, "", "", 1, *by_officer),
        "Befriending": ("submitted", "red", 2, "", typed["Befriending"][3], 1, *by_officer),
        "Counselling": ("draft", "green", None, "Closed for repairs.", "Half a", 1, OFFICER, None, *by_officer[2:]),
        "Day care": ("submitted", "amber", 6, "", "The officer’s words.", 2, *by_officer),
    }
