"""The page of one return: what it shows, keeps, refuses, and what it does when two people meet."""

import datetime
import re
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest

from contracts.choices import ReturnState
from contracts.models import MonthlyReturn
from contracts.rules.jet import scale_on
from contracts.services.returns import Figures, save_draft
from tests.world import OCTOBER, client_for, make_return

WORKLIST = "/returns/2014-10/"
SEPTEMBER = datetime.date(2014, 9, 1)
AUGUST = datetime.date(2014, 8, 1)
WHOLE = {"risk": "red", "jet": "2", "narrative": "Two night posts are empty."}


@pytest.fixture
def contract(world):
    return world.contract(title="Short breaks")


@pytest.fixture
def officer(world):
    return world.browser("contract_officer")


@pytest.fixture
def deputy(world, contract):
    """A second person on the same contract."""
    contract.deputies.add(world.people["service_manager"])
    return world.browser("service_manager")


def test_what_a_risk_means_is_the_units_own_setting(world, contract, officer):
    assert "Concerns that a plan is dealing with" in officer.get(address(contract)).content.decode()
    world.unit.risk_amber_means = "A plan is late"
    world.unit.save()
    text = officer.get(address(contract)).content.decode()
    assert "A plan is late" in text
    assert "Concerns that a plan is dealing with" not in text


@pytest.fixture
def reviewer(world):
    return world.browser("commissioner")


def address(contract, tail=""):
    return f"{WORKLIST}{contract.slug}/{tail}"


def send(browser, contract, do="submit", version=0, **typed):
    return browser.post(address(contract), typed | {"do": do, "version": version, "contract": contract.pk})


def tree(answer):
    return html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)


def words(node):
    return re.sub(r"\s+", " ", "".join(node.itertext())).strip()


def shown(answer):
    [main] = tree(answer).iter("main")
    return words(main)


def checked(answer):
    return {(i.get("name"), i.get("value")) for i in tree(answer).iter("input") if i.get("checked") is not None}


def hidden(answer, name):
    return {i.get("value") for i in tree(answer).iter("input") if i.get("name") == name}


def typed_text(answer, name="narrative"):
    [area] = [area for area in tree(answer).iter("textarea") if area.get("name") == name]
    return words(area)


def buttons(answer):
    return [words(b) for b in tree(answer).find(".//main").iter("button") if b.get("name") == "do"]


def summary(answer):
    [box] = [div for div in tree(answer).iter("div") if div.get("class") == "govuk-error-summary"]
    return {
        (words(item), (item.find("a").get("href") if item.find("a") is not None else None)) for item in box.iter("li")
    }


# What it shows


def test_nothing_of_last_month_is_carried_into_a_new_return(contract, officer):
    make_return(contract, SEPTEMBER, risk="amber", jet=5, narrative="Night posts empty.")
    answer = officer.get(address(contract))
    assert checked(answer) == set()
    assert typed_text(answer) == ""
    assert hidden(answer, "version") == {"0"}


def test_last_month_stands_beside(contract, officer):
    make_return(contract, AUGUST, risk="amber", jet=4)
    make_return(contract, SEPTEMBER, risk="amber", jet=5, narrative="Night posts empty.")
    answer = officer.get(address(contract))
    [aside] = tree(answer).iter("aside")
    assert words(aside).startswith("September, for comparison AAmber")
    assert "Amber since August. JET 5, new that month." in words(aside)
    assert "“Night posts empty.”" in words(aside)
    assert aside.find(".//input").get("value") == "Copy September’s wording"
    marked = [words(label) for label in tree(answer).iter("label") if "September" in words(label)]
    assert marked == ["AAmberConcerns that a plan is dealing withSeptember"]
    [row] = [words(row) for row in tree(answer).iter("tr") if "September" in words(row)]
    assert row.startswith("Requires Improvement5 Effective")


def test_a_month_missing_before_is_said_with_the_last_view_there_is(contract, officer):
    make_return(contract, AUGUST, risk="red", jet=2)
    make_return(contract, SEPTEMBER, state=ReturnState.DRAFT)
    [aside] = tree(officer.get(address(contract))).iter("aside")
    assert "Nothing was returned for September 2014. Last returned for August 2014:RRed" in words(aside)


def test_the_jet_table_has_the_nine_rows_in_the_scales_own_words(contract, officer):
    answer = officer.get(address(contract))
    [table] = [t for t in tree(answer).iter("table") if "nine JET grades" in words(t.find("caption"))]
    rows = [row for row in table.iter("tr") if row.find(".//input") is not None]
    expected = [(str(row.score), row.descriptor, row.strengths, row.kpis) for row in scale_on(OCTOBER).rows]
    got = []
    for row in rows[:9]:
        cells = [words(cell) for cell in row.iter("td")]
        score, descriptor = cells[0].split(" ", 1)
        got.append((score, descriptor, cells[1], cells[2].removeprefix("KPIs: ")))
    assert got == expected
    assert [row.find(".//input").get("value") for row in rows] == [*"987654321", "not_assessed"]


def test_its_place_in_the_list_and_its_due_day(world, contract, officer, settings):
    world.contract(title="Another")
    assert "CS/" in shown(officer.get(address(contract)))
    assert "Contract 2 of 2 left. Due Friday 7 November." in shown(officer.get(address(contract)))
    settings.DEMO_TODAY = datetime.date(2014, 11, 10)
    assert '<span class="jc-late">Was due 7 November 2014</span>' in officer.get(address(contract)).content.decode()


@pytest.mark.parametrize("month", ["2014-11", "2013-03"])
def test_a_month_without_a_return_to_make_has_no_page(contract, officer, month):
    assert officer.get(f"/returns/{month}/{contract.slug}/").status_code == 404
    assert officer.post(f"/returns/{month}/{contract.slug}/", WHOLE | {"version": 0}).status_code == 404


def test_the_main_button_is_the_last(world, contract, officer):
    assert buttons(officer.get(address(contract))) == ["Save draft", "Submit"]
    world.contract(title="Another")
    assert buttons(officer.get(address(contract))) == ["Save draft", "Submit", "Submit and open next"]
    make_return(contract)
    answer = officer.get(address(contract), {"change": "1"})
    assert buttons(answer) == ["Submit changes", "Submit and open next"]


def test_enter_sends_nothing_even_without_javascript(contract, officer):
    """A browser's Enter presses the form's first button: here one that only closes a dialog, and there is none."""
    [form] = [f for f in tree(officer.get(address(contract))).iter("form") if f.get("data-no-enter") is not None]
    first = next(form.iter("button"))
    assert (first.get("type"), first.get("formmethod"), first.get("hidden") is not None) == ("submit", "dialog", True)


# Drafts


def test_a_draft_comes_back_as_it_was_typed(world, contract, officer):
    answer = send(
        officer, contract, "draft", jet="not_assessed", not_assessed_reason="None delivered", narrative="Half"
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, address(contract))
    again = officer.get(address(contract))
    assert checked(again) == {("jet", "not_assessed")}
    assert (typed_text(again), typed_text(again, "not_assessed_reason")) == ("Half", "None delivered")
    assert hidden(again, "version") == {"1"}
    assert re.search(r"Draft saved \d+:\d\d[ap]m by C. C. officer", shown(again))
    assert "Draft saved: Short breaks." in shown(again)


def test_a_form_sent_without_a_button_is_a_draft(contract, officer):
    officer.post(address(contract), WHOLE | {"version": 0})
    assert MonthlyReturn.objects.get().state == ReturnState.DRAFT


def test_a_draft_of_another_day_says_the_day(world, contract, officer):
    earlier = datetime.datetime(2014, 11, 3, 9, 14, tzinfo=datetime.UTC)
    make_return(contract, state="draft", saved_at=earlier, saved_by=world.people["commissioner"])
    assert "Draft saved 3 Nov 2014, 9:14am by C. Commissioner" in shown(officer.get(address(contract)))


@pytest.mark.parametrize(("typed", "after"), [("", "Night posts empty."), (" Mine ", "Mine Night posts empty.")])
def test_last_months_wording_is_copied_under_ones_own_and_nothing_is_saved(contract, officer, typed, after):
    make_return(contract, SEPTEMBER, risk="amber", jet=5, narrative="Night posts empty.")
    posted = {"copy": "Copy September’s wording", "risk": "red", "jet": "4", "narrative": typed, "version": 0}
    answer = officer.post(address(contract), posted)
    assert (typed_text(answer), checked(answer)) == (after, {("risk", "red"), ("jet", "4")})
    assert "govuk-error-summary" not in answer.content.decode()
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


# A draft that saves itself


def keep(browser, contract, version=0, **typed):
    posted = typed | {"version": version, "contract": contract.pk}
    return browser.post(address(contract), posted, headers={"HX-Request": "true"})


def note(answer):
    return words(html5lib.parse(answer.content.decode(), namespaceHTMLElements=False).find("body"))


def test_a_draft_saved_by_itself_answers_when_and_the_new_version(contract, officer):
    answer = keep(officer, contract, narrative="Half")
    assert (answer.status_code, hidden(answer, "version")) == (200, {"1"})
    assert re.fullmatch(r"Draft saved \d+:\d\d[ap]m", note(answer))
    assert hidden(keep(officer, contract, version=1, narrative="Half a word"), "version") == {"2"}
    row = MonthlyReturn.objects.get()
    assert (row.narrative, row.state) == ("Half a word", ReturnState.DRAFT)


def test_the_same_words_again_write_nothing(contract, officer):
    keep(officer, contract, narrative="Half")
    again = keep(officer, contract, version=1, narrative="Half ")
    assert (hidden(again, "version"), note(again)[:11]) == ({"1"}, "Draft saved")
    assert MonthlyReturn.objects.get().version == 1
    assert keep(officer, contract, version=1, narrative="Half", risk="red").status_code == 200
    assert MonthlyReturn.objects.get().version == 2


def test_a_draft_saved_by_itself_overwrites_nothing_newer(contract, officer, deputy):
    keep(officer, contract, narrative="Theirs")
    answer = keep(deputy, contract, narrative="Mine")
    assert (answer.status_code, hidden(answer, "version")) == (409, set())
    assert re.match(r"C. C. officer saved this at \d+:\d\d[ap]m after you opened it\. ", note(answer))
    assert note(answer).endswith("nothing was overwritten. Compare the two")
    assert MonthlyReturn.objects.get().narrative == "Theirs"


@pytest.mark.parametrize("state", [ReturnState.SUBMITTED, ReturnState.ACCEPTED])
def test_what_was_submitted_never_becomes_a_draft_by_itself(contract, officer, state):
    make_return(contract, state=state)
    row = MonthlyReturn.objects.get()
    answer = keep(officer, contract, version=row.version, narrative="Mine")
    assert "Draft not saved yet. This return has been submitted" in note(answer)
    assert keep(officer, contract, version=0, narrative="Mine").status_code == 409
    assert MonthlyReturn.objects.get().state == state


def test_only_a_page_that_makes_a_draft_saves_it_by_itself(contract, officer, deputy):
    def saves_itself(answer):
        return [f.get("hx-post") for f in tree(answer).iter("form") if f.get("hx-post") is not None]

    assert saves_itself(officer.get(address(contract))) == [address(contract)]
    send(officer, contract, "draft", narrative="Theirs")
    assert saves_itself(send(deputy, contract, "draft", narrative="Mine")) == []
    send(officer, contract, version=1, **WHOLE)
    assert saves_itself(officer.get(address(contract), {"change": "1"})) == []


def test_a_draft_that_cannot_be_saved_says_why(contract, officer):
    answer = keep(officer, contract, jet="not_assessed")
    assert note(answer) == "Draft not saved yet. Say why JET was not assessed."
    assert not MonthlyReturn.objects.exists()


# Signed out meanwhile


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page_with_a_reason(contract, officer):
    make_return(contract)
    page = f"{address(contract)}?unit={contract.unit.code}"
    officer.session.flush()
    answer = officer.post(
        address(contract, "review/"), {"do": "accept"}, headers={"Referer": f"http://testserver{page}"}
    )
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.url).query) == {"next": [page]}
    said = shown(officer.get(answer.url))
    assert "You are signed out. This happens after 30 minutes without use." in said
    assert "What you had just sent was not saved." in said


def test_a_page_opened_after_the_session_ended_says_so_without_speaking_of_loss(contract, officer):
    officer.session.flush()
    said = shown(officer.get(address(contract), follow=True))
    assert "You are signed out." in said
    assert "was not saved" not in said


def test_who_was_never_signed_in_is_not_told_of_being_signed_out(contract):
    assert "You are signed out" not in shown(client_for(None).get(address(contract), follow=True))


@pytest.mark.parametrize("sender", ["https://elsewhere.example/returns/", ""])
def test_the_way_back_never_leads_elsewhere(contract, sender):
    answer = client_for(None).post(address(contract), WHOLE, headers={"Referer": sender})
    assert parse_qs(urlsplit(answer.url).query) == {"next": [address(contract)]}


def test_a_draft_saved_by_itself_without_a_session_says_so_in_its_place(contract):
    answer = keep(client_for(None), contract, narrative="Half")
    assert answer.status_code == 401
    assert note(answer).startswith("You are signed out. Nothing was saved just now")
    assert not MonthlyReturn.objects.exists()


# Submitting


def test_submitting_leads_back_to_the_list_and_says_so(contract, officer):
    answer = send(officer, contract, **WHOLE)
    assert (answer.status_code, answer.headers["Location"]) == (302, WORKLIST)
    after = shown(officer.get(WORKLIST))
    assert "October 2014 return submitted: Short breaks." in after
    assert "1 of 1 returned for October 2014" in after


def test_submit_and_open_next_goes_down_the_list_and_round(world, contract, officer):
    first = world.contract(title="A first")
    last = world.contract(title="Z last")
    assert f"{last.slug}/?unit=" in send(officer, contract, "next", **WHOLE).headers["Location"]
    assert f"{first.slug}/?unit=" in send(officer, last, "next", **WHOLE).headers["Location"]
    assert send(officer, first, "next", **WHOLE).headers["Location"] == WORKLIST


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            {},
            {
                ("Choose red, amber or green.", "#id_risk_0"),
                ("Choose a JET score from 1 to 9, or say that JET was not assessed and why.", "#id_jet_0"),
            },
        ),
        (
            {"risk": "amber", "jet": "5"},
            {("Say what changed, or why nothing did. Risk is amber. Risk has changed from green to amber. "
              "JET has changed from 6 to 5.", "#id_narrative")},
        ),
        (
            {"risk": "green", "jet": "not_assessed"},
            {
                ("Say why JET was not assessed.", "#id_not_assessed_reason"),
                ("Say what changed, or why nothing did. JET has changed from 6 to not assessed.", "#id_narrative"),
            },
        ),
        (
            {"risk": "red"},
            {
                ("Choose a JET score from 1 to 9, or say that JET was not assessed and why.", "#id_jet_0"),
                ("Say what changed, or why nothing did. Risk is red. Risk has changed from green to red.",
                 "#id_narrative"),
            },
        ),
        (
            {"jet": "not_assessed"},
            {
                ("Choose red, amber or green.", "#id_risk_0"),
                ("Say why JET was not assessed.", "#id_not_assessed_reason"),
                ("Say what changed, or why nothing did. JET has changed from 6 to not assessed.", "#id_narrative"),
            },
        ),
        (
            {"risk": "green", "jet": "6", "not_assessed_reason": "None"},
            {("This is the reason for «Not assessed»: choose that, or clear the reason.", "#id_not_assessed_reason")},
        ),
        (
            {"risk": "green", "jet": "6", "narrative": "x" * 601},
            {
                (
                    "What changed this month, and what it means for children and families: use 600 characters or "
                    "fewer; there are 601",
                    "#id_narrative",
                )
            },
        ),
        (
            {"risk": "blue", "jet": "10"},
            {
                ("Risk: select a valid choice. blue is not one of the available choices.", "#id_risk_0"),
                ("JET grade: select a valid choice. 10 is not one of the available choices.", "#id_jet_0"),
            },
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_above_and_beside_and_nothing_typed_is_lost(contract, officer, typed, expected):
    make_return(contract, SEPTEMBER)
    answer = send(officer, contract, **typed)
    assert answer.status_code == 200
    assert summary(answer) == expected
    text = answer.content.decode()
    for _, link in expected:
        assert f'id="{link[1:]}"' in text
    assert text.count("govuk-error-message") == len(expected)
    assert "<title>Error: " in text
    assert checked(answer) == {
        item for item in typed.items() if item[0] in ("risk", "jet") and item[1] not in ("blue", "10")
    }
    assert typed_text(answer) == typed.get("narrative", "")
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


def test_an_empty_return_names_the_sentence_too_where_every_choice_needs_one(contract, officer):
    make_return(contract, AUGUST, risk="green", jet=6)
    make_return(contract, SEPTEMBER, risk="green", jet=6)
    assert {link for _, link in summary(send(officer, contract))} == {"#id_risk_0", "#id_jet_0", "#id_narrative"}
    assert ("Say what changed, or why nothing did.", "#id_narrative") in summary(send(officer, contract))


def test_the_end_of_a_line_counts_as_one_character(contract, officer):
    text = "\r\n".join(["x" * 99] * 6)
    assert send(officer, contract, risk="red", jet="2", narrative=text).status_code == 302
    assert len(MonthlyReturn.objects.get().narrative) == 599


def test_what_was_typed_is_shown_as_text(contract, officer):
    send(officer, contract, risk="red", jet="2", narrative="</textarea><script>alert(1)</script>")
    assert b"<script>alert" not in officer.get(address(contract)).content
    assert b"<script>alert" not in officer.get(address(contract), {"change": "1"}).content


def test_a_submitted_return_is_read_first_and_can_be_changed(contract, officer):
    send(officer, contract, **WHOLE)
    read = officer.get(address(contract))
    assert "What was returned" in shown(read)
    assert "Two night posts are empty." in shown(read)
    assert "Accept" not in shown(read)
    change = officer.get(address(contract), {"change": "1"})
    assert checked(change) == {("risk", "red"), ("jet", "2")}
    send(officer, contract, version=1, risk="red", jet="3", narrative="One post filled.")
    assert MonthlyReturn.objects.get().jet_score == 3


# Review


def test_accepting(world, contract, officer, reviewer):
    send(officer, contract, **WHOLE)
    page = reviewer.get(address(contract))
    assert "By Council Contract officer, 4 November 2014" in shown(page)
    assert "You submitted this yourself" not in shown(page)
    answer = reviewer.post(address(contract, "review/"), {"version": 1, "do": "accept", "contract": contract.pk})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{WORKLIST}?show=everyone&state=submitted")
    for browser in (officer, reviewer):
        read = shown(browser.get(address(contract), {"change": "1"}))
        assert "Accepted by Council Commissioner, 4 November 2014" in read
        assert "Change this return" not in read
    assert "Accept " not in shown(reviewer.get(address(contract)))
    assert "Send back" in shown(reviewer.get(address(contract)))
    assert "Send back" not in shown(officer.get(address(contract)))


@pytest.fixture
def queue(world):
    """Submitted returns whose titles are not in the order in which they are reviewed."""
    made = {}
    for title, before, now in (
        ("A green", None, {"risk": "green", "jet": 2}),
        ("B amber, JET 5 to 4", 5, {"risk": "amber", "jet": 4}),
        ("C amber, JET 8 to 4", 8, {"risk": "amber", "jet": 4}),
        ("D amber, nothing before", None, {"risk": "amber", "jet": 1}),
        ("E red, JET 3 to 6", 3, {"risk": "red", "jet": 6}),
    ):
        made[title[0]] = contract = world.contract(title=title)
        if before:
            make_return(contract, SEPTEMBER, risk="green", jet=before)
        make_return(contract, **now)
    make_return(made["D"], SEPTEMBER, state=ReturnState.DRAFT, jet=9)
    make_return(world.contract(title="F accepted"), state=ReturnState.ACCEPTED, risk="red", jet=1)
    return made


def accept(browser, contract, do="accept_next", version=1):
    posted = {"version": version, "do": do, "contract": contract.pk}
    return browser.post(address(contract, "review/"), posted)


def test_accept_and_open_next_goes_down_the_order_that_is_stated(queue, reviewer):
    shown_order = shown(reviewer.get(WORKLIST, {"show": "everyone", "state": "submitted"}))
    assert "Red first, then amber, then the largest fall of JET, then by title" in shown_order
    places = [shown_order.index(queue[letter].title) for letter in "ECBDA"]
    assert places == sorted(places)
    assert buttons(reviewer.get(address(queue["E"]))) == ["Accept", "Accept and open next", "Send back"]
    version = MonthlyReturn.objects.get(contract=queue["E"], month=OCTOBER).version
    opened = []
    contract = queue["E"]
    for following in "CBDA":
        answer = accept(reviewer, contract, version=version)
        opened.append(answer.headers["Location"])
        contract = queue[following]
    assert opened == [f"{address(queue[letter])}?unit={queue[letter].unit.code}" for letter in "CBDA"]
    assert buttons(reviewer.get(address(queue["A"]))) == ["Accept", "Send back"]
    last = accept(reviewer, contract, version=version)
    assert last.headers["Location"] == f"{WORKLIST}?show=everyone&state=submitted"
    assert not MonthlyReturn.objects.filter(month=OCTOBER, state=ReturnState.SUBMITTED).exists()


def test_the_next_to_review_goes_round_to_the_top(queue, reviewer):
    assert address(queue["E"]) in accept(reviewer, queue["A"]).headers["Location"]


def test_accept_and_open_next_accepts_nothing_that_changed_meanwhile(queue, reviewer):
    assert accept(reviewer, queue["C"], version=7).status_code == 409
    assert MonthlyReturn.objects.get(contract=queue["C"], month=OCTOBER).state == ReturnState.SUBMITTED


def test_the_return_and_its_review_lead_to_the_contract(contract, officer, reviewer):
    def links(answer):
        return [link.get("href") for link in tree(answer).iter("a") if words(link) == "See the contract"]

    assert links(officer.get(address(contract))) == [contract.url_in_unit]
    make_return(contract)
    assert links(reviewer.get(address(contract))) == [contract.url_in_unit]


@pytest.mark.parametrize("count", [1, 30])
def test_a_review_costs_the_same_for_one_return_and_for_thirty(world, reviewer, django_assert_num_queries, count):
    contracts = [world.contract() for _ in range(count)]
    for contract in contracts:
        make_return(contract, SEPTEMBER)
        make_return(contract)
    with django_assert_num_queries(14):
        assert reviewer.get(address(contracts[0])).status_code == 200


def test_the_reason_for_no_grade_stands_beside_its_choice(contract, officer):
    [row] = [r for r in tree(officer.get(address(contract))).iter("tr") if "Not assessed" in words(r)]
    assert [area.get("name") for area in row.iter("textarea")] == ["not_assessed_reason"]


def test_sending_back_shows_the_note_to_the_officer(contract, officer, reviewer):
    send(officer, contract, **WHOLE)
    reviewer.post(address(contract, "review/"), {"version": 1, "do": "send_back", "note": "Which posts?"})
    answer = officer.get(address(contract))
    assert "Sent back by Council Commissioner, 4 November 2014. Which posts?" in shown(answer)
    assert checked(answer) == {("risk", "red"), ("jet", "2")}
    assert re.search(r"Submitted \d+:\d\d[ap]m by C. C. officer, sent back since", shown(answer))
    assert "Draft saved" not in shown(answer)
    send(officer, contract, "draft", version=2, **WHOLE)
    assert "Which posts?" in shown(officer.get(address(contract)))
    send(officer, contract, version=3, **WHOLE)
    assert "Which posts?" not in shown(officer.get(address(contract)))


def test_sending_back_without_a_note_is_refused_beside_the_note(contract, officer, reviewer):
    send(officer, contract, **WHOLE)
    answer = reviewer.post(address(contract, "review/"), {"version": 1, "do": "send_back", "note": " "})
    assert summary(answer) == {("Say what the officer should look at again.", "#id_note")}
    assert MonthlyReturn.objects.get().state == ReturnState.SUBMITTED


def test_a_review_without_a_button_accepts_nothing(contract, officer, reviewer):
    send(officer, contract, **WHOLE)
    reviewer.post(address(contract, "review/"), {"version": 1})
    assert MonthlyReturn.objects.get().state == ReturnState.SUBMITTED


def test_there_is_nothing_to_review_before_it_is_submitted(contract, reviewer):
    assert reviewer.post(address(contract, "review/"), {"version": 1, "do": "accept"}).status_code == 404
    make_return(contract, state=ReturnState.DRAFT)
    answer = reviewer.post(address(contract, "review/"), {"version": 1, "do": "accept"})
    assert "Only a submitted return can be reviewed." in shown(answer)
    assert MonthlyReturn.objects.get().state == ReturnState.DRAFT


def test_reviewing_ones_own_submission_is_said(world, reviewer):
    contract = world.contract(officer=world.people["commissioner"])
    send(reviewer, contract, **WHOLE)
    assert "You submitted this yourself" in shown(reviewer.get(address(contract)))


# Two people


@pytest.mark.parametrize("do", ["draft", "submit", "next"])
def test_the_second_sees_what_changed_and_keeps_their_own_text(world, contract, officer, deputy, do):
    send(officer, contract, "draft", risk="amber", jet="5", narrative="Theirs")
    answer = send(deputy, contract, do, risk="red", jet="5", narrative="Mine")
    assert answer.status_code == 409
    assert re.search(r"C. C. officer saved this at \d+:\d\d[ap]m after you opened it", shown(answer))
    [table] = [t for t in tree(answer).iter("table") if "two versions" in words(t.find("caption"))]
    assert [[words(cell) for cell in row] for row in table.find("tbody")] == [
        ["Risk", "Amber", "Red", "Different"],
        ["JET grade", "5", "5", "Same"],
        ["What changed", "Theirs", "Mine", "Different"],
    ]
    assert (typed_text(answer), checked(answer)) == ("Mine", {("risk", "red"), ("jet", "5")})
    assert hidden(answer, "version") == {"1"}
    assert MonthlyReturn.objects.get().narrative == "Theirs"
    assert send(deputy, contract, "submit", version=1, risk="red", jet="5", narrative="Mine").status_code == 302
    stored = MonthlyReturn.objects.get()
    assert (stored.narrative, stored.version, stored.submitted_by) == ("Mine", 2, world.people["service_manager"])


def test_a_third_save_between_is_a_conflict_again(contract, officer, deputy):
    send(officer, contract, "draft", narrative="One")
    assert send(deputy, contract, "draft", narrative="Mine").status_code == 409
    send(officer, contract, "draft", version=1, narrative="Two")
    answer = send(deputy, contract, "draft", version=1, narrative="Mine")
    assert (answer.status_code, hidden(answer, "version")) == (409, {"2"})


def test_ones_own_second_window_is_said_to_be_that(contract, officer):
    send(officer, contract, "draft", narrative="First window")
    answer = send(officer, contract, "draft", narrative="Second window")
    assert re.search(r"You saved this at \d+:\d\d[ap]m, in another window, after you opened it here", shown(answer))


def test_accepted_meanwhile(contract, officer, reviewer):
    send(officer, contract, **WHOLE)
    reviewer.post(address(contract, "review/"), {"version": 1, "do": "accept"})
    answer = send(officer, contract, version=1, risk="red", jet="2", narrative="A better sentence.")
    assert answer.status_code == 409
    assert re.search(r"C. Commissioner accepted this at \d+:\d\d[ap]m after you opened it", shown(answer))
    assert "A better sentence." in shown(answer)
    assert buttons(answer) == []
    assert MonthlyReturn.objects.get().narrative == "Two night posts are empty."


def test_sent_back_meanwhile(contract, officer, reviewer):
    send(officer, contract, **WHOLE)
    reviewer.post(address(contract, "review/"), {"version": 1, "do": "send_back", "note": "Which posts?"})
    answer = send(officer, contract, version=1, risk="red", jet="2", narrative="A better sentence.")
    assert "C. Commissioner sent this back at" in shown(answer)
    assert "Which posts?" in shown(answer)
    assert typed_text(answer) == "A better sentence."


def test_changed_while_the_reviewer_read_it(contract, officer, reviewer):
    send(officer, contract, **WHOLE)
    send(officer, contract, version=1, risk="red", jet="1", narrative="Worse.")
    for posted in ({"do": "accept"}, {"do": "send_back", "note": "Which posts?"}):
        answer = reviewer.post(address(contract, "review/"), posted | {"version": 1})
        assert answer.status_code == 409
        assert "C. C. officer submitted this at" in shown(answer)
        assert "Worse." in shown(answer)
        assert hidden(answer, "version") == {"2"}
        assert typed_text(answer, "note") == posted.get("note", "")
    assert MonthlyReturn.objects.get().state == ReturnState.SUBMITTED


def test_a_submitted_return_does_not_become_a_draft_by_an_older_page(world, contract, officer, deputy):
    save_draft(contract=contract, month=OCTOBER, figures=Figures(), version=0, by=world.people["contract_officer"])
    send(officer, contract, version=1, **WHOLE)
    assert send(deputy, contract, "draft", version=1, narrative="Mine").status_code == 409
    answer = send(deputy, contract, "draft", version=2, narrative="Mine")
    assert "This return has been submitted; change it and submit it again." in shown(answer)
    assert typed_text(answer) == "Mine"
    assert MonthlyReturn.objects.get().state == ReturnState.SUBMITTED


# Cost


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_one_contract_and_for_thirty(world, officer, django_assert_num_queries, count):
    contracts = [world.contract(providers=[world.provider, world.other_provider]) for _ in range(count)]
    for contract in contracts:
        for month in (AUGUST, SEPTEMBER):
            make_return(contract, month)
    with django_assert_num_queries(15):
        assert officer.get(address(contracts[0])).status_code == 200
    make_return(contracts[0])
    with django_assert_num_queries(10):
        assert officer.get(address(contracts[0])).status_code == 200
