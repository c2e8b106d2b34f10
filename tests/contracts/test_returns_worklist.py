"""The officer's worklist and everyone's list for reviewers."""

import datetime
import re

import html5lib
import pytest

from contracts.choices import ReturnState
from contracts.models import Contract
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER, make_contract, make_return

WORKLIST = "/returns/2014-10/"
SEPTEMBER = datetime.date(2014, 9, 1)
AUGUST = datetime.date(2014, 8, 1)
LONG = [datetime.date(2013, month, 1) for month in range(4, 13)] + [
    datetime.date(2014, month, 1) for month in range(1, 10)
]


def returned_before(contract, **details):
    """Every month before October, so that nothing is overdue."""
    for month in LONG:
        make_return(contract, month, **details)
    return contract


def page(world, who="contract_officer", path=WORKLIST, **query):
    answer = world.browser(who).get(path, query)
    assert answer.status_code == 200
    return Page(answer.content.decode())


class Page:
    """What a reader finds: the heading, the tables by their captions, row by row."""

    def __init__(self, text):
        self.text = text
        self.tree = html5lib.parse(text, namespaceHTMLElements=False)

    @staticmethod
    def words(node):
        return re.sub(r"\s+", " ", "".join(node.itertext())).strip()

    @property
    def heading(self):
        [heading] = self.tree.iter("h1")
        return self.words(heading)

    @property
    def main(self):
        [main] = self.tree.iter("main")
        return self.words(main)

    def table(self, caption):
        for table in self.tree.iter("table"):
            if caption in self.words(table.find("caption")):
                return [[self.words(cell) for cell in row if cell.tag in ("th", "td")] for row in table.find("tbody")]
        return None

    @property
    def links(self):
        return [link.get("href") for link in self.tree.iter("a")]


# Where it opens


@pytest.mark.parametrize(
    ("query", "to"),
    [
        ({}, WORKLIST),
        ({"month": "2014-09"}, "/returns/2014-09/"),
        ({"month": "2014-13"}, WORKLIST),
        ({"month": "soon"}, WORKLIST),
        ({"month": "2014-09", "show": "everyone"}, "/returns/2014-09/?show=everyone"),
    ],
)
def test_returns_leads_to_the_month_to_return_now(world, query, to):
    answer = world.browser("contract_officer").get("/returns/", query)
    assert (answer.status_code, answer.headers["Location"]) == (302, to)


@pytest.mark.parametrize("month", ["2014-11", "2015-01", "2014-00", "2014-1", "0000-01"])
def test_a_month_that_is_not_over_has_no_list(world, month):
    assert world.browser("contract_officer").get(f"/returns/{month}/").status_code == 404


def test_earlier_months_can_be_chosen_back_to_the_units_first(world):
    text = page(world).text
    months = re.findall(r'<option value="(\d{4}-\d\d)"', text)
    assert (months[0], months[-1], len(months)) == ("2014-10", "2012-11", 24)
    assert '<option value="2014-10" selected>' in text


# One's own


def test_the_heading_counts_and_says_when_it_is_due(world):
    for number in range(3):
        contract = returned_before(world.contract())
        if number:
            make_return(contract)
    shown = page(world)
    assert shown.heading == "2 of 3 returned for October 2014"
    assert "Due by Friday 7 November, 3 working days left." in shown.main
    assert "jc-late" not in shown.text


def test_after_the_due_date_it_is_late(world, settings):
    settings.DEMO_TODAY = datetime.date(2014, 11, 11)
    returned_before(world.contract())
    shown = page(world)
    assert '<span class="jc-late">Was due by Friday 7 November, 2 working days late</span>' in shown.text


def test_what_is_all_in_is_not_late(world, settings):
    settings.DEMO_TODAY = datetime.date(2014, 11, 11)
    make_return(returned_before(world.contract()))
    shown = page(world)
    assert "jc-late" not in shown.text
    assert "All 1 returned for October 2014." in shown.main


def test_each_line_says_last_month_the_state_and_what_will_be_needed(world):
    red = returned_before(world.contract(title="A red one"), risk="red", jet=2)
    make_return(red, state=ReturnState.DRAFT, risk="green", jet=9)
    returned_before(world.contract(title="B green one"), jet=7)
    back = returned_before(world.contract(title="C sent back"), risk="amber", jet=5)
    make_return(back, state=ReturnState.SENT_BACK, review_note="Which posts?")
    assert page(world).table("you still have to return for October 2014") == [
        [
            "C sent backWillow Homes Ltd",
            "AAmber",
            "JET 5of 9, Requires improvement",
            "None",
            "Sent backWhich posts?",
            "Amber: needs a sentence every month",
            "Look again return for C sent back",
        ],
        [
            "A red oneWillow Homes Ltd",
            "RRed",
            "JET 2of 9, Inadequate",
            "None",
            "Draft",
            "Red: needs a sentence every month",
            "Continue return for A red one",
        ],
        [
            "B green oneWillow Homes Ltd",
            "GGreen",
            "JET 7of 9, Good",
            "None",
            "Not started",
            "3rd month or more with no change: needs a sentence",
            "Start return for B green one",
        ],
    ]


def test_what_is_returned_shows_this_month_and_what_changed(world, settings):
    changed = returned_before(world.contract(title="A changed"), risk="amber", jet=5)
    make_return(changed, risk="red", jet=3)
    accepted = returned_before(world.contract(title="B accepted"))
    make_return(
        accepted,
        state=ReturnState.ACCEPTED,
        reviewed_at=datetime.datetime(2014, 11, 4, 9, tzinfo=datetime.UTC),
        reviewed_by=world.people["commissioner"],
    )
    rows = page(world).table("you have returned for October 2014")
    assert [row[1:] for row in rows] == [
        [
            *("RRed", "JET 3of 9, Inadequate"),
            "None",
            "Returned3 Nov",
            "Amber to red, JET 5 to 3",
            "Change return for A changed",
        ],
        [*("GGreen", "JET 6of 9, Good"), "None", "Accepted4 Nov", "No change", "See return for B accepted"],
    ]


def test_a_month_never_returned_is_said_first_and_is_late(world):
    missing = returned_before(world.contract(title="Gap"))
    missing.returns.filter(month__in=[SEPTEMBER, AUGUST]).delete()
    make_return(missing, AUGUST, state=ReturnState.SENT_BACK, review_note="Again")
    shown = page(world)
    assert shown.table("earlier months are missing") == [
        ["GapWillow Homes Ltd", "September 2014: Gap, overdueAugust 2014: Gap, overdue"]
    ]
    assert shown.text.index("overdue") < shown.text.index("To return:")
    assert f"/returns/2014-09/{missing.slug}/?unit=mercia-children" in shown.links
    [row] = shown.table("you still have to return")
    assert row[1:3] == ["–Not returned", "None"]


@pytest.mark.parametrize(
    ("details", "missing"),
    [
        ({"start": datetime.date(2014, 8, 15)}, 2),
        ({"initial_end": datetime.date(2014, 1, 1)}, 4),
        ({"start": datetime.date(2014, 10, 1)}, None),
        ({"start": None}, None),
    ],
)
def test_only_months_in_which_the_contract_ran_can_be_missing(world, details, missing):
    """The list looks back twelve months: October 2013 to September 2014."""
    world.contract(**details)
    rows = page(world).table("earlier months are missing")
    assert (rows and rows[0][1].count("overdue")) == missing


def test_a_person_without_contracts_is_told_so(world):
    world.contract(title="Not theirs")
    shown = page(world, "service_manager")
    assert shown.heading == "Returns for October 2014"
    assert "<b>You have no contract to return for October 2014.</b>" in shown.text
    assert "Not theirs" not in shown.text


@pytest.mark.parametrize("part", ["officer", "service_manager", "deputy"])
def test_ones_own_are_those_one_is_officer_deputy_or_service_manager_of(world, part):
    person = world.people["service_manager"]
    contract = world.contract(title="Theirs", **({} if part == "deputy" else {part: person}))
    if part == "deputy":
        contract.deputies.add(person)
    world.contract(title="Not theirs")
    rows = page(world, "service_manager").table("you still have to return")
    assert [row[0] for row in rows] == ["TheirsWillow Homes Ltd"]


def test_ended_and_future_contracts_expect_nothing(world):
    world.contract(title="Ended", initial_end=datetime.date(2014, 9, 30))
    world.contract(title="Ends on its first day", initial_end=datetime.date(2014, 10, 1))
    world.contract(title="To start", start=datetime.date(2014, 11, 1))
    rows = page(world).table("you still have to return")
    assert [row[0] for row in rows] == ["Ends on its first dayWillow Homes Ltd"]


# Everyone's


@pytest.fixture
def five_states(world):
    """One contract in each state, of two officers and of none."""
    deputy = world.people["service_manager"]
    made = {
        "to_come": world.contract(title="A to come", officer=None),
        "draft": world.contract(title="B draft", officer=deputy),
        "submitted": world.contract(title="C submitted"),
        "accepted": world.contract(title="D accepted"),
        "sent_back": world.contract(title="E sent back", officer=deputy),
    }
    for state, contract in made.items():
        returned_before(contract)
        if state != "to_come":
            make_return(contract, state=state, review_note="Again")
    return made


def titles(shown):
    return [row[0].replace("Willow Homes Ltd", "")[0] for row in shown.table("Everyone’s returns") or []]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "ABCDE"),
        ({"state": "missing"}, "ABE"),
        ({"state": "to_come"}, "A"),
        ({"state": "draft"}, "B"),
        ({"state": "submitted"}, "C"),
        ({"state": "accepted"}, "D"),
        ({"state": "sent_back"}, "E"),
        ({"officer": "none"}, "A"),
        ({"officer": "service_manager"}, "BE"),
        ({"officer": "contract_officer", "state": "submitted"}, "C"),
        ({"officer": "contract_officer", "state": "draft"}, ""),
        ({"state": "no such state", "officer": "²"}, "ABCDE"),
    ],
)
def test_everyones_list_narrows_by_officer_and_state(world, five_states, query, found):
    if query.get("officer") in world.people:
        query = query | {"officer": str(world.people[query["officer"]].pk)}
    shown = page(world, "commissioner", show="everyone", **query)
    assert titles(shown) == list(found)
    assert shown.heading == "2 of 5 returned for October 2014"


def test_everyones_list_says_how_many_are_in_each_state(world, five_states):
    shown = page(world, "commissioner", show="everyone")
    assert re.findall(r'<option value="(\w+)"(?: selected)?>[^<(]+\((\d+)\)', shown.text) == [
        ("missing", "3"),
        ("to_come", "1"),
        ("draft", "1"),
        ("sent_back", "1"),
        ("submitted", "1"),
        ("accepted", "1"),
        ("amended", "0"),
    ]
    assert [row[-1].split()[0] for row in shown.table("Everyone’s returns")] == [
        "Enter",
        "Open",
        "Review",
        "See",
        "Open",
    ]


def test_a_reviewer_opens_their_own_list_where_they_have_one(world):
    world.contract(title="Another's")
    assert "Another" in page(world, "commissioner").text
    assert "You have no contract to return" in page(world, "commissioner", show="mine").text
    world.contract(title="Their own", officer=world.people["commissioner"])
    shown = page(world, "commissioner")
    assert "Another" not in shown.text
    assert "Their own" in shown.text


def test_everyones_overdue_months_are_counted(world):
    for number in range(3):
        contract = returned_before(world.contract())
        contract.returns.filter(month=SEPTEMBER).delete()
        if number:
            contract.returns.filter(month=AUGUST).delete()
    shown = page(world, "commissioner", show="everyone")
    assert "September 2014, not returned3 overdue" in shown.main.replace("returned ", "returned")
    assert "August 2014, not returned2 overdue" in shown.main.replace("returned ", "returned")
    assert "/returns/2014-09/?show=everyone&state=missing" in shown.links


@pytest.mark.parametrize(
    ("details", "overdue"),
    [
        ({"start": datetime.date(2014, 8, 31)}, ["September 2014", "August 2014"]),
        ({"start": datetime.date(2014, 9, 1)}, ["September 2014"]),
        ({"initial_end": datetime.date(2013, 11, 1)}, ["November 2013", "October 2013"]),
        ({"initial_end": datetime.date(2013, 10, 31)}, ["October 2013"]),
        ({"start": None}, []),
    ],
)
def test_everyones_overdue_months_are_those_in_which_contracts_ran(world, details, overdue):
    world.contract(**details)
    shown = page(world, "commissioner", show="everyone").main
    assert re.findall(r"(\w+ \d{4}), not returned1 overdue", shown.replace("returned ", "returned")) == overdue


def test_a_return_of_a_month_in_which_the_contract_no_longer_ran_hides_no_gap(world):
    ended, running = world.contract(initial_end=datetime.date(2014, 7, 31)), returned_before(world.contract())
    returned_before(ended)
    running.returns.filter(month=SEPTEMBER).delete()
    shown = page(world, "commissioner", show="everyone").main
    assert "September 2014, not returned1 overdue" in shown.replace("returned ", "returned")
    assert "August 2014, not returned" not in shown


def test_fifty_on_a_page(world):
    for _ in range(51):
        world.contract(officer=None)
    first = page(world, "commissioner", show="everyone", state="to_come")
    second = page(world, "commissioner", show="everyone", state="to_come", page="2")
    assert (len(first.table("Everyone’s")), len(second.table("Everyone’s"))) == (50, 1)
    assert "?show=everyone&state=to_come&page=2" in first.links


def test_the_unit_one_works_in_narrows_the_list(world):
    world.contract(title="Ours")
    make_contract(world.outsider_unit, title="Not ours")
    assert "Not ours" not in page(world, "commissioner", show="everyone").text


# KPIs


@pytest.mark.parametrize(("who", "query"), [("contract_officer", {}), ("commissioner", {"show": "everyone"})])
def test_each_line_says_what_is_met_and_what_is_due(world, who, query):
    contract = returned_before(world.contract(title="A measured"))
    make_reading(make_kpi(contract), 95)
    make_reading(make_kpi(contract), 80)
    returned_before(world.contract(title="B not measured"))
    owing = returned_before(world.contract(title="C owing"))
    make_reading(make_kpi(owing), 95)
    make_kpi(owing)
    found = page(world, who, **query)
    rows = found.table("you still have to return" if who == "contract_officer" else "Everyone’s")
    place = 3 if who == "contract_officer" else 4
    assert [row[place] for row in rows] == ["1 of 2 met", "None", "1 KPI value due1 of 1 met"]


def test_what_is_due_cannot_be_ticked_as_unchanged(world):
    for title in ("A owing", "B entered"):
        contract = world.contract(title=title)
        make_return(contract, AUGUST, jet=5)
        make_return(contract, SEPTEMBER)
        kpi = make_kpi(contract)
        if title == "B entered":
            make_reading(kpi, 95)
    rows = page(world).table("you still have to return")
    assert [row[-2] for row in rows] == ["", "Unchanged: B entered"]


# Cost


@pytest.mark.parametrize(
    ("who", "query", "cost"),
    [("contract_officer", {}, 11), ("commissioner", {"show": "everyone"}, 13)],
)
@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_contract_and_for_thirty(
    world, django_assert_num_queries, who, query, cost, count
):
    for number in range(count):
        contract = world.contract(providers=[world.provider, world.other_provider])
        for month in LONG[-3:] + ([OCTOBER] if number % 2 else []):
            make_return(contract, month)
        make_reading(make_kpi(contract), 95)
    browser = world.browser(who)
    with django_assert_num_queries(cost):
        assert browser.get(WORKLIST, query).status_code == 200
    assert Contract.objects.count() == count
