"""Many returns on one page: what each row opens with, what is saved, what comes back, and two people at once."""

import datetime
import re

import html5lib
import pytest
from django.http import QueryDict
from django.test import RequestFactory

from commissioning.services.stand_ins import give_stand_in
from contracts.choices import Reporter, ReturnState
from contracts.models import MonthlyReturn, MonthReview
from contracts.services.return_review import accept_return
from contracts.views.grid import show_grid, show_posted
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER, TODAY, make_contract, make_return

GRID = "/returns/2014-10/grid/"
WORKLIST = "/returns/2014-10/"
SEPTEMBER = datetime.date(2014, 9, 1)
AUGUST = datetime.date(2014, 8, 1)
FIELDS = ("risk", "jet", "not_assessed_reason", "narrative", "kpi_reason", "version", "shown", "checked")


@pytest.fixture
def officer(world):
    return world.browser("contract_officer")


@pytest.fixture
def deputy(world):
    return world.browser("service_manager")


def words(node):
    return re.sub(r"\s+", " ", "".join(node.itertext())).strip()


class Grid:
    """The page as its reader finds it, and its form to fill in and send."""

    def __init__(self, answer):
        assert answer.status_code == 200
        self.text = answer.content.decode()
        self.tree = html5lib.parse(self.text, namespaceHTMLElements=False)
        [self.main] = self.tree.iter("main")

    @property
    def heading(self):
        return words(next(self.main.iter("h1")))

    @property
    def rows(self):
        """By title, the table's row."""
        found = {}
        for row in self.main.iter("tr"):
            head = row.find("th")
            if row.get("id") and head is not None:
                found[words(head.find("a"))] = row
        return found

    def values(self, title):
        """What the row would send."""
        row = self.rows[title]
        sent = {}
        for control in row.iter():
            name = (control.get("name") or "").split("-")[-1]
            if control.tag == "input" and control.get("type") in ("radio", "checkbox"):
                if control.get("checked") is not None:
                    sent[name] = control.get("value")
            elif control.tag == "input" and name:
                sent[name] = control.get("value", "")
            elif control.tag == "select":
                chosen = [o.get("value") for o in control.iter("option") if o.get("selected") is not None]
                sent[name] = (chosen or [next(control.iter("option")).get("value")])[0]
            elif control.tag == "textarea":
                sent[name] = "".join(control.itertext()).removeprefix("\n")  # which a browser drops
        return sent

    def stated(self, title):
        sent = self.values(title)
        return sent.get("risk", ""), sent["jet"], sent["not_assessed_reason"], sent["narrative"]

    def faults(self, title):
        return [
            words(p).removeprefix("Error: ") for p in self.rows[title].iter() if "error-message" in str(p.get("class"))
        ]

    @property
    def summary(self):
        boxes = [div for div in self.main.iter("div") if div.get("class") == "govuk-error-summary"]
        return [(words(link), link.get("href")) for box in boxes for link in box.iter("a")]

    @property
    def conflicts(self):
        return [words(row) for row in self.main.iter("tr") if row.get("class") == "jc-clash"]

    def send(self, browser, do="submit", path=GRID, headers=None, **changes):
        """Press a button; ``changes`` by title with underscores are what is typed first."""
        data = {"contract": [], "do": do, "typed_by": self.typed_by}
        for title in self.rows:
            sent = self.values(title)
            if "contract" not in sent:
                continue
            data["contract"].append(sent["contract"])
            sent |= changes.get(title.replace(" ", "_"), {})
            data |= {f"c{sent['contract']}-{name}": sent[name] for name in FIELDS if name in sent}
        return browser.post(path, data, headers=headers)

    @property
    def typed_by(self):
        return next((i.get("value") for i in self.main.iter("input") if i.get("name") == "typed_by"), "")


def open_grid(browser, **query):
    return Grid(browser.get(GRID, query))


def october(title):
    return MonthlyReturn.objects.get(contract__title=title, month=OCTOBER)


CHECKED = {"checked": "1"}
WHOLE = {"risk": "red", "jet": "2", "narrative": "Two night posts are empty.", "checked": "1"}


# What it shows


def test_a_row_opens_with_last_months_risk_and_jet_and_never_its_wording(world, officer):
    make_return(world.contract(title="Amber"), SEPTEMBER, risk="amber", jet=5, narrative="Posts empty.")
    make_return(world.contract(title="Ungraded"), SEPTEMBER, risk="green", jet=None)
    make_return(world.contract(title="August only"), AUGUST, risk="red", jet=1)
    make_return(world.contract(title="Drafted before"), SEPTEMBER, state=ReturnState.DRAFT, risk="red", jet=1)
    grid = open_grid(officer)
    assert grid.heading == "October 2014: return 4 contracts on one page"
    assert {title: grid.stated(title) for title in grid.rows} == {
        "Amber": ("amber", "5", "", ""),
        "Ungraded": ("green", "not_assessed", "", ""),
        "August only": ("", "", "", ""),
        "Drafted before": ("", "", "", ""),
    }
    assert all("checked" not in grid.values(title) for title in grid.rows)
    assert "September AAmber JET 5of 9" in words(grid.rows["Amber"])
    assert "September –Not returned" in words(grid.rows["August only"])
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


def test_a_draft_and_what_was_sent_back_open_with_their_own_words(world, officer):
    for title, details in (
        ("Draft", {"state": ReturnState.DRAFT}),
        ("Back", {"state": ReturnState.SENT_BACK, "review_note": "Which posts?",
                  "reviewed_by": world.people["commissioner"],
                  "reviewed_at": datetime.datetime(2014, 11, 4, 9, tzinfo=datetime.UTC)}),
    ):  # fmt: skip
        contract = world.contract(title=title)
        make_return(contract, SEPTEMBER)
        make_return(contract, risk="red", jet=3, narrative="Ours", **details)
    grid = open_grid(officer)
    assert list(grid.rows) == ["Back", "Draft"]
    assert grid.stated("Draft") == grid.stated("Back") == ("red", "3", "", "Ours")
    assert "Sent back by Council Commissioner, 4 November 2014. Which posts?" in words(grid.rows["Back"])


def test_only_ones_own_contracts_that_owe_a_return_are_on_it(world, officer):
    world.contract(title="Mine")
    world.contract(title="Ended", initial_end=datetime.date(2014, 9, 30))
    world.contract(title="A colleague’s", officer=world.people["commissioner"])
    make_contract(world.outsider_unit, title="Elsewhere", officer=world.people["contract_officer"])
    assert list(open_grid(officer).rows) == ["Mine"]


def test_it_can_be_narrowed_and_says_how_many_there_are_of_each(world, officer):
    for title, last, now in (
        ("Red to do", "red", None),
        ("Green to do", "green", None),
        ("Red returned", "red", ReturnState.SUBMITTED),
        ("Red accepted", "red", ReturnState.ACCEPTED),
    ):
        contract = world.contract(title=title)
        make_return(contract, SEPTEMBER, risk=last)
        if now:
            make_return(contract, state=now)
    grid = open_grid(officer)
    options = {o.get("value"): words(o) for o in grid.main.iter("option")}
    assert {value: options[value] for value in ("to_return", "all", "red")} == {
        "to_return": "To return (2)",
        "all": "All not accepted (3)",
        "red": "Red last month (2)",
    }
    assert list(grid.rows) == ["Green to do", "Red to do"]
    assert list(open_grid(officer, show="all").rows) == ["Green to do", "Red returned", "Red to do"]
    assert list(open_grid(officer, show="red").rows) == ["Red returned", "Red to do"]
    assert list(open_grid(officer, show="nonsense").rows) == ["Green to do", "Red to do"]


def test_a_month_that_is_not_over_has_no_grid(officer):
    for month in ("2014-11", "2015-01", "2014-13"):
        assert officer.get(f"/returns/{month}/grid/").status_code == 404
        assert officer.post(f"/returns/{month}/grid/").status_code == 404


def test_nothing_to_return_is_said(world, officer):
    grid = open_grid(officer)
    assert "You have no contract to return for October 2014." in words(grid.main)
    make_return(world.contract(), state=ReturnState.ACCEPTED)
    assert "Nothing is left to return for October 2014." in words(open_grid(officer).main)


def test_the_worklist_leads_to_it(world, officer):
    world.contract()
    world.contract()
    text = officer.get(WORKLIST).content.decode()
    assert f'href="{GRID}">Return all 2 on one page</a>' in text


# Saving


def test_only_what_is_checked_is_returned(world, officer):
    for title in ("One", "Two", "Three"):
        make_return(world.contract(title=title), SEPTEMBER)
    answer = open_grid(officer).send(officer, One=CHECKED, Three=WHOLE)
    assert (answer.status_code, answer.headers["Location"]) == (302, WORKLIST)
    assert "2 October 2014 returns submitted: One; Three." in officer.get(WORKLIST).content.decode()
    one, three = october("One"), october("Three")
    assert (one.state, one.risk, one.jet_score, one.narrative, one.version) == ("submitted", "green", 6, "", 1)
    assert (three.risk, three.jet_score, three.narrative) == ("red", 2, "Two night posts are empty.")
    assert one.submitted_by == one.saved_by == world.people["contract_officer"]
    assert not MonthlyReturn.objects.filter(month=OCTOBER, contract__title="Two").exists()


def test_nothing_is_returned_without_a_tick_and_what_was_changed_is_a_draft(world, officer):
    make_return(world.contract(title="One"), SEPTEMBER)
    make_return(world.contract(title="Two"), SEPTEMBER)
    grid = Grid(open_grid(officer).send(officer, One={"jet": "7"}))
    assert "Nothing was returned: no contract is ticked «Checked»." in words(grid.main)
    assert "Saved as a draft: One." in words(grid.main)
    assert [row.contract.title for row in MonthlyReturn.objects.filter(month=OCTOBER)] == ["One"]
    assert october("One").state == ReturnState.DRAFT


def test_good_rows_are_saved_and_bad_ones_come_back_as_typed(world, officer):
    for title in ("Good", "Bad", "Half", "Left"):
        make_return(world.contract(title=title), SEPTEMBER)
    grid = Grid(
        open_grid(officer).send(
            officer,
            Good=CHECKED,
            Bad={"risk": "red", "jet": "9", "checked": "1"},
            Half={"narrative": "Half a sentence"},
        )
    )
    pk = grid.values("Bad")["contract"]
    reason = (
        "Say what changed, or why nothing did. Risk is red. Risk has changed from green to red. "
        "JET has changed from 6 to 9."
    )
    assert list(grid.rows) == ["Bad", "Half", "Left"]
    assert grid.summary == [(f"Bad: {reason}", f"#id_c{pk}-narrative")]
    assert grid.faults("Bad") == [reason]
    assert "1 contract came back" in words(grid.main)
    assert f'id="id_c{pk}-narrative"' in grid.text
    assert "<title>Error: " in grid.text
    assert grid.stated("Bad") == ("red", "9", "", "")
    assert grid.values("Bad")["checked"] == "1"
    assert grid.stated("Half") == ("green", "6", "", "Half a sentence")
    assert "1 October 2014 return submitted: Good." in words(grid.main)
    assert "Saved as a draft: Half." in words(grid.main)
    assert october("Good").state == ReturnState.SUBMITTED
    assert october("Half").state == ReturnState.DRAFT
    assert not MonthlyReturn.objects.filter(month=OCTOBER, contract__title="Bad").exists()
    answer = grid.send(officer, Bad={"narrative": "Closed for repairs."})
    assert answer.status_code == 302
    assert october("Bad").narrative == "Closed for repairs."


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"jet": "10"}, "JET grade: select a valid choice. 10 is not one of the available choices."),
        ({"risk": "blue"}, "Risk: select a valid choice. blue is not one of the available choices."),
        ({"jet": "not_assessed"}, "Say why JET was not assessed."),
        ({"not_assessed_reason": "None"}, "This is the reason for «Not assessed»: choose that, or clear the reason."),
        ({"narrative": "x" * 20_000}, "What changed: use 600 characters or fewer; there are 20000"),
    ],
)
@pytest.mark.parametrize("do", ["submit", "draft"])
def test_what_cannot_be_saved_says_why_and_nothing_typed_is_lost(world, officer, do, changes, fault):
    make_return(world.contract(title="One"), SEPTEMBER)
    grid = Grid(open_grid(officer).send(officer, do, One=CHECKED | changes))
    assert fault in [message.removeprefix("One: ") for message, _ in grid.summary]
    kept = dict(zip(FIELDS, grid.stated("One"), strict=False))
    assert all(kept[name] == value for name, value in changes.items() if value not in ("10", "blue"))
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


def test_save_draft_keeps_what_was_changed_whether_checked_or_not_and_the_ticks(world, officer):
    for title in ("Ticked", "Changed", "Both", "Left"):
        make_return(world.contract(title=title), SEPTEMBER)
    grid = Grid(
        open_grid(officer).send(
            officer,
            "draft",
            Ticked=CHECKED,
            Changed={"risk": "red"},
            Both={"narrative": "A sentence", "checked": "1"},
        )
    )
    drafts = MonthlyReturn.objects.filter(month=OCTOBER)
    assert sorted((row.contract.title, row.state) for row in drafts) == [("Both", "draft"), ("Changed", "draft")]
    assert {title: "checked" in grid.values(title) for title in grid.rows} == {
        "Both": True,
        "Changed": False,
        "Left": False,
        "Ticked": True,
    }
    assert grid.values("Changed")["version"] == "1"
    again = Grid(grid.send(officer, "draft", Ticked={"checked": ""}))
    assert "Nothing had changed, so nothing was saved." in words(again.main)


def test_what_was_submitted_is_changed_only_by_submitting_again(world, officer):
    contract = world.contract(title="One")
    make_return(contract, SEPTEMBER)
    make_return(contract, saved_by=world.people["contract_officer"])
    grid = open_grid(officer, show="all")
    refused = Grid(grid.send(officer, "draft", path=f"{GRID}?show=all", One={"jet": "7"}))
    assert refused.faults("One") == ["This return has been submitted. Tick «Checked» and submit to change it."]
    assert refused.stated("One") == ("green", "7", "", "")
    assert october("One").jet_score == 6
    assert refused.send(officer, One={"checked": "1", "narrative": "Better"}).status_code == 302
    assert (october("One").jet_score, october("One").version) == (7, 2)


def test_the_bulk_act_is_in_the_history_of_each(world, officer):
    for title in ("One", "Two"):
        make_return(world.contract(title=title), SEPTEMBER)
    open_grid(officer).send(officer, One=CHECKED, Two=CHECKED)
    grid = open_grid(officer, show="all")
    grid.send(officer, One=WHOLE, Two=WHOLE)
    events = october("One").events.model.objects.filter(month=OCTOBER).select_related("pgh_context", "contract")
    acts = sorted((e.contract.title, e.version, e.pgh_context.metadata["act"]) for e in events)
    assert acts == [
        ("One", 1, "Return submitted"),
        ("One", 2, "Return submitted"),
        ("Two", 1, "Return submitted"),
        ("Two", 2, "Return submitted"),
    ]


# Two people


@pytest.fixture
def shared(world):
    """Two contracts of which a second person is service manager."""
    for title in ("One", "Two"):
        make_return(world.contract(title=title, service_manager=world.people["service_manager"]), SEPTEMBER)


def test_the_second_keeps_the_good_rows_and_sees_both_versions_of_the_other(shared, world, officer, deputy):
    mine = open_grid(deputy)
    open_grid(officer).send(officer, "draft", One={"risk": "amber", "jet": "5", "narrative": "Theirs"})
    grid = Grid(mine.send(deputy, One={"risk": "red", "jet": "5", "narrative": "Mine", "checked": "1"}, Two=CHECKED))
    assert october("Two").state == ReturnState.SUBMITTED
    assert october("One").narrative == "Theirs"
    assert list(grid.rows) == ["One"]
    [conflict] = grid.conflicts
    assert re.match(r"One: C. C. officer saved this at \d+:\d\d[ap]m after you opened it", conflict)
    for part in (
        "Risk DifferentC. C. officer: AmberYours: Red",
        "JET grade (the same)C. C. officer: 5What changed",
        "What changed DifferentC. C. officer: TheirsYours: Mine",
    ):
        assert part in conflict
    assert grid.stated("One") == ("red", "5", "", "Mine")
    assert grid.values("One")["version"] == "1"
    assert grid.summary[0][0].startswith("One: C. C. officer saved this")
    assert grid.send(deputy).status_code == 302
    assert (october("One").narrative, october("One").version) == ("Mine", 2)


def test_theirs_can_be_taken_and_the_other_rows_stay_as_typed(shared, officer, deputy):
    mine = open_grid(deputy)
    open_grid(officer).send(officer, "draft", One={"risk": "amber", "jet": "5", "narrative": "Theirs"})
    typed = {
        "One": {"risk": "red", "narrative": "Mine", "checked": "1"},
        "Two": {"jet": "not_assessed", "checked": "1"},
    }
    grid = Grid(mine.send(deputy, **typed))
    data = {"contract": [], "theirs": grid.values("One")["contract"]}
    for title in grid.rows:
        sent = grid.values(title)
        data["contract"].append(sent["contract"])
        data |= {f"c{sent['contract']}-{name}": sent[name] for name in FIELDS if name in sent}
    after = Grid(deputy.post(GRID, data))
    assert after.stated("One") == ("amber", "5", "", "Theirs")
    assert "checked" not in after.values("One")
    assert after.stated("Two") == ("green", "not_assessed", "", "")
    assert after.values("Two")["checked"] == "1"
    assert after.faults("Two") == []
    assert october("One").version == 1


def test_a_row_that_somebody_else_saved_is_no_conflict_where_nothing_was_changed(shared, officer, deputy):
    mine = open_grid(deputy)
    open_grid(officer).send(officer, "draft", One={"narrative": "Theirs"})
    assert mine.send(deputy, Two=CHECKED).status_code == 302
    assert october("One").narrative == "Theirs"


def test_a_tick_goes_where_the_row_now_shows_something_else(shared, officer, deputy):
    mine = open_grid(deputy)
    open_grid(officer).send(officer, "draft", One={"narrative": "Theirs"})
    grid = Grid(mine.send(deputy, "draft", One=CHECKED, Two=CHECKED))
    assert "checked" not in grid.values("One")
    assert "checked" in grid.values("Two")


def test_a_button_pressed_twice_is_no_conflict(shared, officer):
    grid = open_grid(officer)
    for do, changes in (("draft", {"narrative": "Half"}), ("submit", WHOLE)):
        first = grid.send(officer, do, One=changes)
        second = grid.send(officer, do, One=changes)
        assert first.status_code == second.status_code
        assert MonthlyReturn.objects.filter(month=OCTOBER).count() == 1
        grid = open_grid(officer)
    assert october("One").version == 2


def test_what_was_accepted_meanwhile_comes_back_only_to_read(shared, world, officer, deputy):
    mine = open_grid(deputy)
    open_grid(officer).send(officer, One=WHOLE)
    accept_return(row=october("One"), version=1, by=world.people["commissioner"])
    grid = Grid(mine.send(deputy, One={"risk": "amber", "narrative": "Mine", "checked": "1"}))
    [conflict] = grid.conflicts
    assert "Council Commissioner accepted this" in conflict or "C. Commissioner accepted this" in conflict
    assert "Yours: Mine" in conflict
    assert list(grid.rows["One"].iter("input")) == []
    assert "Take theirs" not in conflict
    assert october("One").state == ReturnState.ACCEPTED


# Tampering


@pytest.mark.parametrize("number", ["of another unit", "1", "9" * 30, "-1", "x", ""])
def test_a_contract_that_is_not_ones_own_is_left_out_without_telling(world, officer, number):
    other = make_contract(world.outsider_unit, title="Elsewhere")
    restricted = world.contract(title="A colleague’s", officer=world.people["commissioner"])
    pk = str(other.pk) if number == "of another unit" else number
    for each in (pk, str(restricted.pk)):
        data = {"contract": [each], "do": "submit", f"c{each}-version": "0"}
        data |= {f"c{each}-{name}": value for name, value in WHOLE.items()}
        grid = Grid(officer.post(GRID, data))
        assert "1 row is not of a contract that you return, and was left out." in words(grid.main)
        assert "Elsewhere" not in grid.text
        assert "colleague" not in grid.text
    assert not MonthlyReturn.objects.exists()


def test_a_contract_that_ended_meanwhile_says_so_and_keeps_what_was_typed(world, officer):
    contract = world.contract(title="One")
    make_return(contract, SEPTEMBER)
    grid = open_grid(officer)
    contract.initial_end = datetime.date(2014, 9, 30)
    contract.save()
    after = Grid(grid.send(officer, One=WHOLE))
    assert after.faults("One") == ["No return is expected of this contract for October 2014."]
    assert after.stated("One") == ("red", "2", "", "Two night posts are empty.")


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_version_that_no_page_showed_saves_nothing(world, officer, version):
    make_return(world.contract(title="One"), SEPTEMBER)
    grid = Grid(open_grid(officer).send(officer, One=WHOLE | {"version": version}))
    assert grid.summary != []
    assert grid.stated("One")[3] == WHOLE["narrative"]
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


def test_what_was_typed_is_shown_as_text(world, officer):
    make_return(world.contract(title="One"), SEPTEMBER)
    answer = open_grid(officer).send(officer, "draft", One={"narrative": "</textarea><script>alert(1)</script>"})
    assert b"<script>alert" not in answer.content
    assert b"<script>alert" not in officer.get(GRID).content


# Closed, and stood in for


def close_october(world):
    return MonthReview.objects.create(
        unit=world.unit,
        month=OCTOBER,
        closed_at=datetime.datetime(2014, 11, 4, 8, tzinfo=datetime.UTC),
        closed_by=world.people["commissioner"],
    )


def test_a_month_closed_meanwhile_takes_no_return_and_loses_nothing_typed(world, officer):
    make_return(world.contract(title="One"), SEPTEMBER)
    grid = open_grid(officer)
    close_october(world)
    after = Grid(grid.send(officer, One=WHOLE))
    assert after.faults("One") == [
        "October 2014 was closed on 4 November 2014. Open the return on its own page to amend it with a reason."
    ]
    assert after.stated("One") == ("red", "2", "", "Two night posts are empty.")
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()


def test_the_returns_of_a_closed_month_are_only_read_and_lead_to_their_own_page(world, officer):
    contract = world.contract(title="One")
    close_october(world)
    grid = open_grid(officer)
    assert list(grid.rows["One"].iter("input")) == []
    assert [b for b in grid.main.iter("button") if b.get("name") == "do"] == []
    links = [link.get("href") for link in grid.rows["One"].iter("a")]
    assert f"/returns/2014-10/{contract.slug}/?unit=mercia-children&change=1" in links


def test_a_stand_in_returns_in_the_name_of_the_absent_too(world, deputy):
    make_return(world.contract(title="Theirs"), SEPTEMBER)
    make_return(world.contract(title="Mine", officer=None, service_manager=world.people["service_manager"]), SEPTEMBER)
    absent = world.people["contract_officer"]
    give_stand_in(absent=absent, stand_in=world.people["service_manager"], since=TODAY, until=TODAY, by=absent)
    grid = open_grid(deputy)
    assert list(grid.rows) == ["Mine", "Theirs"]
    assert grid.send(deputy, Mine=CHECKED, Theirs=CHECKED).status_code == 302
    assert (october("Mine").submitted_for, october("Theirs").submitted_for) == (
        None,
        world.people["contract_officer"],
    )
    for row in (october("Mine"), october("Theirs")):
        [event] = row.events.select_related("pgh_context")
        assert event.pgh_context.metadata["act"] == "Return submitted"
        assert event.pgh_context.metadata.get("on_behalf_of") == (row.submitted_for and row.submitted_for.pk)


def test_what_was_typed_when_the_session_ended_is_on_the_page_again(world, officer):
    make_return(world.contract(title="One"), SEPTEMBER)
    grid = open_grid(officer)
    officer.session.flush()
    typed = {"One": WHOLE, "path": GRID}
    assert grid.send(officer, headers={"Referer": f"http://testserver{GRID}"}, **typed).status_code == 302
    officer.force_login(world.people["contract_officer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    again = open_grid(officer)
    assert "This is what you had typed when you were signed out." in words(again.main)
    assert again.stated("One") == ("red", "2", "", "Two night posts are empty.")
    assert again.values("One")["checked"] == "1"
    assert again.send(officer).status_code == 302
    assert october("One").state == ReturnState.SUBMITTED


# For other pages


def request_of(world, who="contract_officer"):
    request = RequestFactory().get(GRID)
    request.user = world.people[who]
    request.session = {}
    return request


def test_values_from_a_file_are_shown_marked_neither_saved_nor_checked(world, officer):
    contract = world.contract(title="One")
    make_return(contract, SEPTEMBER)
    world.contract(title="Two")
    brought = {contract.pk: {"risk": "red", "jet": "2", "not_assessed_reason": "", "narrative": "From a sheet."}}
    grid = Grid(show_grid(request_of(world), OCTOBER, brought=brought, said=["1 row of the file was brought in."]))
    assert grid.stated("One") == ("red", "2", "", "From a sheet.")
    assert "checked" not in grid.values("One")
    assert "From your file" in words(grid.rows["One"])
    assert "From your file" not in words(grid.rows["Two"])
    assert "1 row of the file was brought in." in words(grid.main)
    assert not MonthlyReturn.objects.filter(month=OCTOBER).exists()
    grid.send(officer, "draft")
    assert [row.contract.title for row in MonthlyReturn.objects.filter(month=OCTOBER)] == ["One"]
    assert october("One").narrative == "From a sheet."


def test_the_page_can_be_built_from_what_was_posted(world):
    contract = world.contract(title="One")
    make_return(contract, SEPTEMBER)
    posted = QueryDict(mutable=True)
    prefix = f"c{contract.pk}"
    posted.update({"contract": str(contract.pk), f"{prefix}-risk": "red", f"{prefix}-jet": "not_assessed"})
    posted.update({f"{prefix}-narrative": "Typed before", f"{prefix}-version": "0", f"{prefix}-checked": "1"})
    grid = Grid(show_posted(request_of(world), OCTOBER, posted))
    assert grid.stated("One") == ("red", "not_assessed", "", "Typed before")
    assert grid.values("One")["checked"] == "1"
    assert grid.summary == []


# KPIs

TO_GOOD = (
    "6 Good asks of the KPIs: “Majority are on target with plans in place for all others to improve”. "
    "Here 1 of 2 met, 1 short: improving, without a plan. Choose another score, or say why this one stands."
)


def fits_five(contract):
    """One KPI met and one short that gets better: what the KPI column says of 5, and of no other score."""
    make_reading(make_kpi(contract), 96)
    short = make_kpi(contract)
    make_reading(short, 80, SEPTEMBER)
    make_reading(short, 85)


def kpis_of(grid, title):
    """What the column of KPIs says."""
    [cell] = [cell for cell in grid.rows[title] if cell.get("data-label") == "KPIs"]
    return words(cell)


def stored(contract):
    return MonthlyReturn.objects.filter(contract=contract, month=OCTOBER).first()


@pytest.fixture
def respite(world):
    contract = world.contract(title="Respite")
    make_return(contract, SEPTEMBER, jet=5)
    return contract


def test_each_row_says_what_its_kpis_say_and_fit(world, officer, respite):
    fits_five(respite)
    make_return(world.contract(title="Unmeasured"), SEPTEMBER)
    grid = open_grid(officer)
    assert kpis_of(grid, "Respite").startswith("1 of 2 met▲ 1 better than target, ▼ 1 shortThe KPIs fit 5.")
    assert kpis_of(grid, "Unmeasured") == "No KPI to go by"
    assert (grid.rows["Respite"].get("data-fits"), grid.rows["Unmeasured"].get("data-fits")) == ("5", None)


def test_a_score_that_does_not_fit_comes_back_for_a_reason(officer, respite):
    fits_five(respite)
    came_back = Grid(open_grid(officer).send(officer, Respite={"jet": "6", "narrative": "Better.", "checked": "1"}))
    assert came_back.faults("Respite") == [TO_GOOD]
    [field] = [node for node in came_back.rows["Respite"].iter("textarea") if node.get("name").endswith("kpi_reason")]
    assert came_back.summary == [(f"Respite: {TO_GOOD}", f"#{field.get('id')}")]
    assert stored(respite) is None
    answer = came_back.send(officer, Respite={"kpi_reason": " A new team has begun. "})
    assert answer.status_code == 302
    row = stored(respite)
    assert (row.jet_score, row.kpi_reason, row.state) == (6, "A new team has begun.", ReturnState.SUBMITTED)


def test_the_field_for_the_reason_is_open_where_it_is_needed_and_not_elsewhere(world, officer, respite):
    fits_five(respite)
    against = world.contract(title="Against")
    make_return(against, SEPTEMBER, jet=6)
    fits_five(against)
    grid = open_grid(officer)

    def is_open(title):
        [box] = [node for node in grid.rows[title].iter("div") if node.get("class") == "jc-against"]
        return box.get("hidden") is None

    assert (is_open("Respite"), is_open("Against")) == (False, True)


def test_a_reason_without_need_is_not_kept(officer, respite):
    fits_five(respite)
    grid = open_grid(officer)
    grid.send(officer, Respite={"kpi_reason": "Not needed.", "narrative": "Steady.", "checked": "1"})
    assert stored(respite).kpi_reason == ""


def test_a_reason_typed_is_kept_in_a_draft(officer, respite):
    fits_five(respite)
    open_grid(officer).send(officer, do="draft", Respite={"jet": "6", "kpi_reason": "A new team has begun."})
    assert stored(respite).kpi_reason == "A new team has begun."
    assert open_grid(officer).values("Respite")["kpi_reason"] == "A new team has begun."


def test_what_is_missing_is_said_at_once_with_what_cannot_be_read(officer, respite):
    fits_five(respite)
    came_back = Grid(open_grid(officer).send(officer, Respite={"jet": "6", "narrative": "x" * 601, "checked": "1"}))
    assert TO_GOOD in came_back.faults("Respite")
    assert len(came_back.faults("Respite")) == 2


def test_values_that_are_due_lead_to_the_return_itself(officer, respite):
    fits_five(respite)
    make_kpi(respite)
    grid = open_grid(officer)
    assert "1 KPI value due. Type it in its own return: Respite" in kpis_of(grid, "Respite")
    links = [node.get("href") for node in grid.rows["Respite"].iter("a")]
    assert "/returns/2014-10/" + respite.slug + "/?unit=mercia-children" in links
    came_back = Grid(grid.send(officer, Respite={"narrative": "Steady.", "checked": "1"}))
    assert came_back.faults("Respite") == [
        "1 KPI value due for October 2014. Type it on the return’s own page."
    ]  # fmt: skip
    assert came_back.stated("Respite")[3] == "Steady."
    assert stored(respite) is None
    open_grid(officer).send(officer, do="draft", Respite={"narrative": "Steady."})
    assert stored(respite).state == ReturnState.DRAFT, "a draft waits for its values"


def test_what_the_provider_reports_holds_nothing_up(officer, respite):
    fits_five(respite)
    make_kpi(respite, reported_by=Reporter.PROVIDER)
    assert open_grid(officer).send(officer, Respite={"narrative": "Steady.", "checked": "1"}).status_code == 302


# Cost


def many(world, count):
    for number in range(count):
        contract = world.contract(title=f"Contract {number:02}", providers=[world.provider, world.other_provider])
        for month in (AUGUST, SEPTEMBER):
            make_return(contract, month, jet=6 if month == AUGUST else 5)
        if number % 2:
            make_return(contract, state=ReturnState.DRAFT, jet=5, saved_by=world.people["contract_officer"])
        fits_five(contract)


@pytest.mark.parametrize("count", [4, 30])
def test_the_grid_costs_the_same_for_four_contracts_and_for_thirty(world, officer, django_assert_num_queries, count):
    many(world, count)
    with django_assert_num_queries(9):
        grid = open_grid(officer)
    changes = {
        title.replace(" ", "_"): ({"checked": "1"} if number % 3 else {"narrative": "A sentence"})
        for number, title in enumerate(grid.rows)
    }
    # new and known rows, submitted and kept as drafts: two acts with two statements each, however many rows
    with django_assert_num_queries(23):
        grid.send(officer, **changes)
    counted = MonthlyReturn.objects.filter(month=OCTOBER)
    assert counted.count() == count
    assert counted.filter(state=ReturnState.DRAFT).count() == (count + 2) // 3
