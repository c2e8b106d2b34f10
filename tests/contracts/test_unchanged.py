"""Contracts returned as unchanged: which may be, what is shown first, what is stated, and what had moved meanwhile."""

import datetime
import re

import html5lib
import pytest
from playwright.sync_api import expect

from accounts import clock
from commissioning.services.stand_ins import give_stand_in
from contracts.choices import ReturnState
from contracts.models import MonthlyReturn, MonthReview
from contracts.services.return_review import accept_return
from contracts.services.returns import Figures, save_draft, submit_return
from contracts.services.unchanged import WHAT, Seen, return_unchanged
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER, TODAY, client_for, make_contract, make_person, make_return

WORKLIST = "/returns/2014-10/"
UNCHANGED = "/returns/2014-10/unchanged/"
SEPTEMBER = datetime.date(2014, 9, 1)
AUGUST = datetime.date(2014, 8, 1)
THIRD_MONTH = "It is at least the third month in a row with the same risk and JET."


@pytest.fixture
def officer(world):
    return world.browser("contract_officer")


def words(node):
    return re.sub(r"\s+", " ", "".join(node.itertext())).strip()


def lined_up(world, title="One", **details):
    """A contract that may go: green, JET 6 in September after another grade in August."""
    contract = world.contract(title=title)
    make_return(contract, AUGUST, jet=5)
    make_return(contract, SEPTEMBER, **details)
    return contract


class Page:
    def __init__(self, answer):
        assert answer.status_code == 200
        self.text = answer.content.decode()
        self.tree = html5lib.parse(self.text, namespaceHTMLElements=False)
        [self.main] = self.tree.iter("main")

    @property
    def heading(self):
        return words(next(self.main.iter("h1")))

    @property
    def going(self):
        return [[words(cell) for cell in row] for row in self.main.iter("tr")][1:]

    @property
    def staying(self):
        lists = [part for part in self.main.iter("ul") if part.get("class") == "jc-rows"]
        return [[words(part) for part in line] for each in lists for line in each]

    @property
    def ticks(self):
        return [
            control.get("value")
            for control in self.main.iter("input")
            if control.get("name") == "unchanged" and control.get("type") == "checkbox"
        ]

    @property
    def hidden(self):
        """What the confirming button sends."""
        data = {"do": "confirm", "unchanged": []}
        for control in self.main.iter("input"):
            if control.get("name") == "unchanged":
                data["unchanged"].append(control.get("value"))
            elif str(control.get("name")).endswith("-seen"):
                data[control.get("name")] = control.get("value")
        return data


def check(browser, *contracts):
    return Page(browser.post(UNCHANGED, {"unchanged": [contract.pk for contract in contracts]}))


def confirm(browser, page, **changes):
    return browser.post(UNCHANGED, page.hidden | changes)


def october(contract):
    return MonthlyReturn.objects.get(contract=contract, month=OCTOBER)


def state_of(row):
    return row.state, row.risk, row.jet_score, row.not_assessed_reason, row.narrative, row.version


# The ticks of the list


def test_only_what_the_rule_allows_has_a_tick(world, officer):
    fine = lined_up(world, "Fine")
    lined_up(world, "Red", risk="red", narrative="Posts empty.")
    lined_up(world, "Third month", jet=5)
    world.contract(title="Nothing returned")
    make_return(lined_up(world, "Back"), state=ReturnState.SENT_BACK, review_note="Which?")
    make_return(lined_up(world, "Other draft"), state=ReturnState.DRAFT, jet=4)
    same = lined_up(world, "Same draft")
    make_return(same, state=ReturnState.DRAFT)
    make_return(lined_up(world, "Returned"))
    page = Page(officer.get(WORKLIST))
    assert page.ticks == [str(fine.pk), str(same.pk)]
    assert "All 2 that can be returned unchanged" in words(page.main)
    assert "Check and submit" in words(page.main)


def test_without_any_that_may_go_there_is_no_tick_and_no_button(world, officer):
    lined_up(world, risk="red", narrative="Posts empty.")
    page = Page(officer.get(WORKLIST))
    assert page.ticks == []
    assert "Check and submit" not in words(page.main)


def test_a_closed_month_has_no_tick(world, officer):
    contract = lined_up(world)
    close(world)
    assert Page(officer.get(WORKLIST)).ticks == []
    [[title, why]] = check(officer, contract).staying
    assert title == "OneWillow Homes Ltd"
    assert why == "October 2014 was closed on 4 November 2014. Open the return to amend it with a reason."


def close(world):
    MonthReview.objects.create(
        unit=world.unit, month=OCTOBER, closed_at=clock.now(), closed_by=world.people["commissioner"]
    )


# What is shown first


def test_it_is_shown_as_it_will_be_stated_and_nothing_is_saved(world, officer):
    page = check(officer, lined_up(world, "Graded"), lined_up(world, "Ungraded", jet=None))
    assert page.heading == "October 2014: return 2 contracts as unchanged"
    assert page.going == [
        ["GradedWillow Homes Ltd", "GGreen", "JET 6Good", "No sentence: none is needed"],
        [
            "UngradedWillow Homes Ltd",
            "GGreen",
            "JET –Not assessedNothing delivered yet.",
            "No sentence: none is needed",
        ],
    ]
    assert page.staying == []
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


@pytest.mark.parametrize(
    ("last", "now", "why"),
    [
        ({"risk": "red"}, None, "Risk is red."),
        ({"risk": "amber"}, None, "Risk is amber."),
        ({"jet": 5}, None, THIRD_MONTH),
        (None, None, "Nothing was returned last month."),
        ({"state": ReturnState.DRAFT}, None, "Nothing was returned last month."),
        ({}, {}, "It has been returned already."),
        ({}, {"state": ReturnState.DRAFT, "jet": 4}, "A draft has been typed: open it."),
        ({}, {"state": ReturnState.DRAFT, "narrative": "Typed."}, "A draft has been typed: open it."),
        ({}, {"state": ReturnState.SENT_BACK, "review_note": "Which?"}, "It was sent back: open it."),
    ],
)
def test_what_may_not_go_says_why_and_a_forged_press_saves_nothing(world, officer, last, now, why):
    contract = world.contract(title="One")
    make_return(contract, AUGUST, jet=5)
    before = make_return(contract, SEPTEMBER, **last) if last is not None else None
    stored = make_return(contract, **now) if now is not None else None
    page = check(officer, contract)
    assert (page.heading, page.going) == ("Nothing can be returned as unchanged", [])
    assert page.staying == [["OneWillow Homes Ltd", why]]
    seen = f"{stored.version if stored else 0}-{before.version if before and before.counts else 0}"
    forged = officer.post(UNCHANGED, {"do": "confirm", "unchanged": contract.pk, f"c{contract.pk}-seen": seen})
    assert Page(forged).staying == [["OneWillow Homes Ltd", why]]
    if stored is None:
        assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()
    else:
        assert state_of(october(contract)) == state_of(stored)


def test_nothing_ticked_leads_back_and_says_so(world, officer):
    for data in ({}, {"do": "confirm"}):
        answer = officer.post(UNCHANGED, data, follow=True)
        assert answer.redirect_chain == [(WORKLIST, 302)]
        assert "Nothing was returned: no contract is ticked «Unchanged»." in answer.content.decode()


def test_its_address_leads_to_the_list(officer):
    assert officer.get(UNCHANGED)["Location"] == WORKLIST
    assert officer.post("/returns/2014-11/unchanged/").status_code == 404


# What is saved


def test_confirmed_it_is_stated_as_last_month_under_one_act(world, officer):
    graded, ungraded = lined_up(world, "Graded"), lined_up(world, "Ungraded", jet=None, narrative="Said in September.")
    answer = confirm(officer, check(officer, graded, ungraded))
    assert answer["Location"] == WORKLIST
    assert state_of(october(graded)) == (ReturnState.SUBMITTED, "green", 6, "", "", 1)
    assert state_of(october(ungraded)) == (ReturnState.SUBMITTED, "green", None, "Nothing delivered yet.", "", 1)
    row = october(graded)
    assert row.saved_by == row.submitted_by == world.people["contract_officer"]
    assert row.submitted_at is not None
    events = [
        MonthlyReturn.pgh_event_models["insert"].objects.get(pgh_obj=october(each)) for each in (graded, ungraded)
    ]
    assert {event.pgh_context.metadata["act"] for event in events} == {WHAT}
    assert len({event.pgh_context_id for event in events}) == 1
    said = officer.get(WORKLIST).content.decode()
    assert "2 October 2014 returns submitted as unchanged: Graded; Ungraded." in said


def test_a_draft_that_states_the_same_goes_with_its_sentence(world, officer):
    contract = lined_up(world, narrative="As before.")
    make_return(contract, state=ReturnState.DRAFT, narrative="As before.", submitted_at=None)
    page = check(officer, contract)
    assert page.going[0][3] == "As before."
    confirm(officer, page)
    assert state_of(october(contract)) == (ReturnState.SUBMITTED, "green", 6, "", "As before.", 2)


def test_the_good_ones_go_and_what_moved_comes_back_by_name(world, officer):
    colleague = world.people["service_manager"]
    good, typed, done, reopened = (lined_up(world, title) for title in ("Good", "Typed", "Done", "Reopened"))
    page = check(officer, good, typed, done, reopened)
    four = Figures(risk="green", jet_score=4, narrative="Fell.")
    save_draft(contract=typed, month=OCTOBER, figures=four, version=0, by=colleague)
    submit_return(contract=done, month=OCTOBER, figures=four, version=0, by=colleague)
    submit_return(contract=reopened, month=SEPTEMBER, figures=four, version=1, by=colleague)
    after = Page(confirm(officer, page))
    assert "3 contracts were not returned" in words(after.main)
    assert "1 October 2014 return submitted as unchanged: Good." in after.text
    assert after.staying == [
        ["DoneWillow Homes Ltd", "Council Service manager returned it after you opened this page."],
        ["TypedWillow Homes Ltd", "Council Service manager saved it after you opened this page."],
    ]
    [[title, *figures]] = after.going
    assert title == "ReopenedWillow Homes LtdNot returned yet. September’s return has changed since you looked."
    assert figures[1] == "JET 4Satisfactory"
    assert october(typed).narrative == october(done).narrative == "Fell."
    assert not MonthlyReturn.objects.filter(contract=reopened, month=OCTOBER).exists()
    assert confirm(officer, after).status_code == 302
    assert october(reopened).jet_score == 4


def test_what_closed_meanwhile_comes_back(world, officer):
    contract = lined_up(world)
    page = check(officer, contract)
    close(world)
    assert "October 2014 was closed on 4 November 2014." in Page(confirm(officer, page)).staying[0][1]
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


def test_what_ended_meanwhile_comes_back(world, officer):
    contract = lined_up(world)
    page = check(officer, contract)
    contract.initial_end = datetime.date(2014, 9, 30)
    contract.save()
    assert Page(confirm(officer, page)).staying[0][1] == "No return is expected of this contract for October 2014."


def test_a_button_pressed_twice_saves_once_and_is_no_fault(world, officer):
    contract = lined_up(world)
    page = check(officer, contract)
    assert [confirm(officer, page).status_code for _ in range(2)] == [302, 302]
    assert october(contract).version == 1
    accept_return(row=october(contract), version=1, by=world.people["commissioner"])
    assert confirm(officer, page).status_code == 302
    assert october(contract).state == ReturnState.ACCEPTED


@pytest.mark.parametrize("seen", ["", "0", "x-y", "0-", "9-9", "-1--1", "9" * 40 + "-0"])
def test_a_version_that_no_page_showed_saves_nothing(world, officer, seen):
    contract = lined_up(world)
    answer = confirm(officer, check(officer, contract), **{f"c{contract.pk}-seen": seen})
    assert Page(answer).heading == "October 2014: return 1 contract as unchanged"
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


def test_other_peoples_contracts_are_not_there(world, officer):
    mine = lined_up(world, "Mine")
    others = [
        make_contract(world.outsider_unit, title="Elsewhere", officer=world.people["contract_officer"]),
        world.contract(title="A colleague’s", officer=world.people["commissioner"]),
    ]
    for contract in others:
        make_return(contract, SEPTEMBER)
    numbers = [mine.pk, *(contract.pk for contract in others), "x", "-1", "9" * 30]
    page = Page(officer.post(UNCHANGED, {"unchanged": numbers}))
    assert [row[0] for row in page.going] == ["MineWillow Homes Ltd"]
    assert page.staying == []
    assert not re.search("Elsewhere|colleague", page.text)
    seen = {f"c{contract.pk}-seen": "0-1" for contract in [mine, *others]}
    officer.post(UNCHANGED, {"do": "confirm", "unchanged": numbers} | seen)
    assert [row.contract for row in MonthlyReturn.objects.filter(month=OCTOBER)] == [mine]


def test_a_stand_in_returns_for_the_absent_person(world):
    absent = world.people["contract_officer"]
    colleague = make_person("Stella Standin", world.council, "contract_officer")
    give_stand_in(absent=absent, stand_in=colleague, since=TODAY, until=TODAY, by=absent)
    contract = lined_up(world)
    browser = client_for(colleague)
    page = check(browser, contract)
    assert f"You stand in for {absent.name}" in page.going[0][0]
    confirm(browser, page)
    row = october(contract)
    assert (row.submitted_by, row.submitted_for, row.saved_for) == (colleague, absent, absent)


# KPIs

AGAINST = (
    "6 Good asks of the KPIs: “Majority are on target with plans in place for all others to improve”. "
    "Here 0 of 1 met, 1 short: not improving, without a plan. "
    "Open it to choose another score, or to say why this one stands."
)


@pytest.mark.parametrize(
    ("value", "why"), [(None, "1 KPI value is due."), (80, AGAINST), (95, None)], ids=["due", "against", "fits"]
)
def test_what_the_kpis_say_may_keep_a_contract_from_going(world, officer, value, why):
    contract = lined_up(world)
    kpi = make_kpi(contract)
    if value is not None:
        make_reading(kpi, value)
    page = check(officer, contract)
    assert page.staying == ([["OneWillow Homes Ltd", why]] if why else [])
    outcome = return_unchanged(seen=[Seen(contract.pk, 0, 1)], month=OCTOBER, by=world.people["contract_officer"])
    assert outcome.refused == ({contract.pk: why} if why else {})
    assert MonthlyReturn.objects.filter(month=OCTOBER).count() == (why is None)


def test_last_months_reason_is_not_carried_on(world, officer):
    """What was explained once is explained again, or graded otherwise."""
    contract = lined_up(world, kpi_reason="A new team has begun.")
    kpi = make_kpi(contract)
    make_reading(kpi, 80, SEPTEMBER)
    make_reading(kpi, 80)
    assert check(officer, contract).staying == [["OneWillow Homes Ltd", AGAINST]]


def test_a_reason_typed_is_not_thrown_away(world, officer):
    contract = lined_up(world)
    make_reading(make_kpi(contract), 95)
    make_return(contract, state=ReturnState.DRAFT, submitted_at=None, kpi_reason="Half typed")
    assert check(officer, contract).staying == [["OneWillow Homes Ltd", "A draft has been typed: open it."]]


# Cost


def many(world, count):
    contracts = [lined_up(world, f"Contract {number:02}") for number in range(count)]
    for contract in contracts:
        make_reading(make_kpi(contract), 95)
    for contract in contracts[1::2]:
        make_return(contract, state=ReturnState.DRAFT, submitted_at=None)
    return contracts


@pytest.mark.parametrize("count", [2, 30])
def test_it_costs_the_same_for_two_contracts_and_for_thirty(world, officer, django_assert_num_queries, count):
    contracts = many(world, count)
    with django_assert_num_queries(9):
        page = check(officer, *contracts)
    with django_assert_num_queries(18):
        assert confirm(officer, page).status_code == 302
    assert MonthlyReturn.objects.filter(month=OCTOBER, state=ReturnState.SUBMITTED).count() == count


def test_of_nothing_nothing_is_saved(world):
    outcome = return_unchanged(seen=[], month=OCTOBER, by=world.people["contract_officer"])
    assert (outcome.returned, outcome.refused) == ([], {})


def test_the_service_says_which_were_returned_and_why_others_were_not(world):
    good, red = lined_up(world), lined_up(world, "Red", risk="red", narrative="Posts empty.")
    seen = [Seen(good.pk, 0, 1), Seen(red.pk, 0, 1)]
    outcome = return_unchanged(seen=seen, month=OCTOBER, by=world.people["contract_officer"])
    assert (outcome.returned, outcome.refused) == ([good.pk], {red.pk: "Risk is red."})


# In a browser


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False])
def test_twelve_unchanged_contracts_take_three_clicks(chromium, live_server, world, scripts):
    contracts = [lined_up(world, f"Contract {number:02}") for number in range(12)]
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 1366, "height": 900}, java_script_enabled=scripts
    )
    session = world.browser("contract_officer").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(WORKLIST)
    every = page.get_by_label("All 12")
    if scripts:
        every.check()
        expect(page.locator("input[name=unchanged]:checked")).to_have_count(12)
        page.get_by_label("Unchanged: Contract 03").uncheck()
        expect(every).not_to_be_checked()
        every.check()
    else:
        expect(every).to_be_hidden()
        for contract in contracts:
            page.get_by_label(f"Unchanged: {contract.title}").check()
    page.get_by_role("button", name="Check and submit").click()
    page.get_by_role("button", name="Submit 12 as unchanged").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("12 of 12 returned for October 2014")
    assert MonthlyReturn.objects.filter(month=OCTOBER, state=ReturnState.SUBMITTED).count() == 12
    context.close()
