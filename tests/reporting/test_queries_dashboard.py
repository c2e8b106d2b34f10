"""The dashboard's figures: counted once, moved by a return, and never beyond sight."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from commissioning.choices import OrganisationKind
from commissioning.services.organisations import add_organisation
from commissioning.services.people import give_role
from contracts.choices import NoticeGivenBy
from contracts.models import ReviewRules
from contracts.queries.month_review import UnitMonth, month_review_page, what_stands
from contracts.rules.concern import LEAVES, ConcernRules
from contracts.services.month_review import close_month
from contracts.services.restriction import restrict_contract
from contracts.services.return_review import accept_return
from contracts.services.returns import Figures, submit_return
from contracts.services.review_rules import change_rules
from reporting.queries.dashboard_page import DashboardPage
from tests.contracts.test_month_review import make_view
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER, TODAY, make_contract, make_person, make_return

SEPTEMBER, AUGUST = datetime.date(2014, 9, 1), datetime.date(2014, 8, 1)
#: Sign-in, sight and frame, then the six of the page.
QUERIES = 9


def page_of(world, who="commissioner", *, month=None, unit="own"):
    return DashboardPage(user=world.people[who], unit=world.unit if unit == "own" else unit, month_text=month)


def queue(page, label):
    return next(queue for queue in page.queues if label in queue.label)


def risk_counts(page):
    return [int(row.count) for row in page.risk_rows]


@pytest.fixture
def october(world):
    """Red, amber and green for October, one held over from September, one silent since August, and a neighbour."""
    histories = {
        "Red": {SEPTEMBER: ("amber", 5), OCTOBER: ("red", 3)},
        "Amber": {SEPTEMBER: ("amber", 5), OCTOBER: ("amber", 4)},
        "Green": {SEPTEMBER: ("green", 7), OCTOBER: ("green", None)},
        "Held": {SEPTEMBER: ("red", 2)},
        "Silent": {AUGUST: ("green", 9)},
    }
    for title, history in histories.items():
        contract = world.contract(title=title)
        for month, (risk, jet) in history.items():
            make_return(contract, month, risk=risk, jet=jet)
    neighbour = make_contract(world.outsider_unit, title="Neighbour")
    make_return(neighbour, risk="red", jet=1)
    return world


def test_risk_counts_every_contract_once_and_silence_never_green(october):
    page = page_of(october)
    assert risk_counts(page) == [2, 1, 1, 1]
    assert [row.moved for row in page.risk_rows] == ["1 more", "1 fewer", "no change", "no change"]
    assert page.coverage == "3 of 5"
    assert page.total == 5


def test_what_is_still_counted_as_last_month_is_said(october):
    assert page_of(october).carried_words == "1 not returned yet counts as in September."
    assert page_of(october, month="2014-09").carried_words == "", "its returns were due, so nothing is held over"


@pytest.mark.parametrize(
    ("who", "returns", "reviews"),
    [
        (
            "commissioner",
            ("See all 2", "/returns/2014-10/?show=everyone&state=missing"),
            ("See all 3 to review", "/returns/2014-10/?show=everyone&state=submitted"),
        ),
        ("contract_officer", ("See your returns", "/returns/2014-10/"), None),
        ("board_secretary", ("See all 2", "/contracts/?month=2014-10&returned=no"), None),
    ],
)
def test_a_queue_leads_to_what_it_counts(october, who, returns, reviews):
    page = page_of(october, who)
    assert (queue(page, "to come").more_text, queue(page, "to come").more_url) == returns
    led = [(each.more_text, each.more_url) for each in page.queues if "to review" in each.label]
    assert led == ([reviews] if reviews else [])


def test_an_earlier_month_is_seen_as_at_that_month(october):
    page = page_of(october, month="2014-09")
    assert risk_counts(page) == [1, 2, 1, 1]
    assert page.heading_line == "September 2014 return, as at Friday 31 October 2014"
    assert page.coverage == "4 of 5"


def test_after_the_due_date_last_months_view_no_longer_holds(october, settings):
    settings.DEMO_TODAY = datetime.date(2014, 11, 8)
    page = page_of(october)
    assert risk_counts(page) == [1, 1, 1, 2]
    assert "Was due by Friday 7 November" in queue(page, "to come").line


def test_returns_to_come_by_officer_with_what_was_never_returned(october):
    helper = make_person("Sam Fielding", october.council, Role.CONTRACT_OFFICER)
    for number in range(2):
        october.contract(title=f"Sam {number}", officer=helper)
    devolved = october.contract(title="Devolved", management="devolved")
    make_return(devolved, SEPTEMBER)
    column = queue(page_of(october), "to come")
    assert (column.count, column.progress) == ("5", (3, 8))
    assert column.line == "3 of 8 in. Due by Friday 7 November, 3 working days left."
    assert [(row["text"], row["meta"]) for row in column.rows] == [
        ("September, never returned", "3 overdue"),
        ("Council Contract officer", "2 of 5 left"),
        ("Sam Fielding", "2 of 2 left"),
        ("Devolved (service areas)", "1 of 1 left"),
    ]
    assert column.rows[0]["is_late"]


def test_nothing_is_late_once_every_return_is_in(world, settings):
    settings.DEMO_TODAY = datetime.date(2014, 11, 20)
    make_return(world.contract())
    column = queue(page_of(world), "to come")
    assert (column.count, column.line, column.empty) == ("0", "1 of 1 in.", "Every return is in.")


def test_red_contracts_newly_red_first(october):
    column = queue(page_of(october), "red contract")
    assert column.count == "2"
    assert column.line == "1 more than in September. 1 is new. 3 of 5 returned."
    assert [(row["text"], row["meta"]) for row in column.rows] == [("Red", "A to R"), ("Held", "1st month")]


def test_a_submitted_return_moves_the_counts(october):
    officer = october.people["contract_officer"]
    silent = october.unit.contracts.get(title="Silent")
    submit_return(
        contract=silent, month=OCTOBER, figures=Figures("red", 2, "", "Drivers have left."), version=0, by=officer
    )
    page = page_of(october)
    assert risk_counts(page) == [3, 1, 1, 0]
    assert page.coverage == "4 of 5"
    assert queue(page, "red contract").rows[0]["text"] == "Silent"


def test_returns_to_review_are_for_reviewers_newly_red_then_the_largest_fall(october):
    column = queue(page_of(october), "to review")
    assert [(row["text"], row["meta"]) for row in column.rows] == [
        ("Red", "A to R"), ("Amber", "JET 5 to 4"), ("Green", "Green, not assessed")
    ]  # fmt: skip
    row = october.unit.contracts.get(title="Red").returns.get(month=OCTOBER)
    accept_return(row=row, version=row.version, by=october.people["commissioner"])
    assert queue(page_of(october), "to review").count == "2"
    for who in ("contract_officer", "observer", "provider_contact", "finance"):
        assert not [queue for queue in page_of(october, who).queues if "review" in queue.label]


def test_to_decide_soon_by_the_day_to_decide_late_ones_marked(world):
    def ends(title, day, **details):
        return world.contract(title=title, initial_end=day, notice_months=3, **details)

    ends("Late", datetime.date(2015, 1, 31))
    ends("Near", datetime.date(2015, 3, 31))
    ends("Far", datetime.date(2016, 3, 31))
    ends("Over", datetime.date(2014, 10, 31))
    noticed = ends("Noticed", datetime.date(2015, 3, 31))
    noticed.notice_given_on, noticed.notice_given_by = TODAY, NoticeGivenBy.PROVIDER
    noticed.notice_ends_on = datetime.date(2015, 2, 28)
    noticed.save()
    column = queue(page_of(world), "to decide")
    assert [(row["text"], row["meta"], row["is_late"]) for row in column.rows] == [
        ("Late", "Notice 31 Oct", True), ("Near", "Notice 31 Dec", False)
    ]  # fmt: skip
    ending = page_of(world).ending
    assert [(row.title, row.next_step) for row in ending.rows] == [
        ("Late", "Re-tender or end"), ("Noticed", "Ends: notice given"), ("Near", "Re-tender or end")
    ]  # fmt: skip


def test_contracts_of_one_service_that_say_the_same_share_a_row(world):
    day = datetime.date(2015, 3, 31)
    for place in ("Boston", "Lincoln", "Stamford"):
        world.contract(title=f"Youth Housing, {place}", initial_end=day, notice_months=3)
    world.contract(title="Youth Housing, Spalding", initial_end=day, notice_months=3, options=[12])
    world.contract(title="Short breaks", initial_end=day, notice_months=3)
    page = page_of(world)
    assert [row.title for row in page.ending.rows] == [
        "Youth Housing (3 contracts)", "Youth Housing, Spalding", "Short breaks"
    ]  # fmt: skip
    assert (page.ending.shown, page.ending.total, page.ending_words) == (5, 5, "")
    text = world.browser("commissioner").get(page.ending.rows[0].url).content.decode()
    for place in ("Boston", "Lincoln", "Stamford"):
        assert f"Youth Housing, {place}" in text
    assert "Short breaks" not in text


def test_when_the_unit_decides_is_not_the_providers_to_know(world):
    world.contract(initial_end=datetime.date(2015, 3, 31), options=[12])
    theirs, ours = (world.browser(who).get("/").content.decode() for who in ("provider_contact", "observer"))
    for words in ("to decide soon", "Decide by", "re-tender"):
        assert words in ours
        assert words not in theirs
    assert "31 Mar 2015" in theirs


def test_contracts_of_concern_worst_and_newest_first(october):
    low = october.contract(title="Low")
    make_return(low, risk="green", jet=3)
    long_amber = october.contract(title="Long amber")
    for month in (6, 7, 8, 9, 10):
        make_return(long_amber, datetime.date(2014, month, 1), risk="amber", jet=5)
    better = october.contract(title="Better")
    make_return(better, SEPTEMBER, risk="red", jet=2)
    make_return(better, risk="green", jet=6)
    page = page_of(october)
    assert [(row.title, row.note) for row in page.heat_rows] == [
        ("Red", "Newly red"),
        ("Held", "October to come"),
        ("Low", "New on this list"),
        ("Long amber", "No change"),
        ("Better", "Leaves this list"),
    ]
    assert "Not returned" in page.heat_rows[1].now
    assert len(page.heat_rows[0].cells) == 11
    assert page.concerns_words == "5 contracts"


def concern_titles(page):
    return [row.title for row in page.heat_rows]


def test_the_list_is_that_of_the_review(october):
    """Both read the unit's own rules, each by a query of its own: what one names, so does the other."""
    fallen = october.contract(title="Fallen")
    make_return(fallen, SEPTEMBER, jet=8)
    make_return(fallen, jet=6)
    against = october.contract(title="Against its KPIs")
    make_return(against, SEPTEMBER)
    make_return(against)
    make_reading(make_kpi(against), 80)
    disputed = october.contract(title="Disputed")
    make_return(disputed, SEPTEMBER)
    make_return(disputed)
    make_view(disputed, score=8)
    quiet = october.contract(title="Quiet")
    make_return(quiet, AUGUST)
    settled = october.contract(title="Settled")
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        make_return(settled, month)
    commissioner = october.people["commissioner"]
    for rules in (
        ConcernRules(),
        ConcernRules(red=False, jet_at_most=None),
        ConcernRules(jet_at_most=6, jet_fall_at_least=1, months_without_return=1, amber_months=2),
        ConcernRules(contradicts_kpis=False, disagreement_at_least=3, jet_fall_at_least=None),
    ):
        stored = ReviewRules.objects.filter(unit=october.unit).first()
        change_rules(unit=october.unit, rules=rules, version=stored.version if stored else 0, by=commissioner)
        for number in (9, 10):
            month = datetime.date(2014, number, 1)
            review = month_review_page(commissioner, UnitMonth(october.unit, month))
            listed = {row.title for row in page_of(october, month=f"2014-{number:02}").heat_rows if row.note != LEAVES}
            assert listed == {row.contract.title for row in review.concern}
    assert "Against its KPIs" not in listed


def test_what_is_said_beside_the_grade_is_of_concern_to_commissioners_alone(world):
    against = world.contract(title="Against its KPIs", start=OCTOBER)
    make_return(against, kpi_reason="Our own words")
    make_reading(make_kpi(against), 80)
    disputed = world.contract(title="Disputed", start=OCTOBER)
    make_return(disputed)
    make_view(disputed, "service_manager", 3)
    ours, theirs = page_of(world), page_of(world, "provider_contact", unit=None)
    assert [(row.title, row.note) for row in ours.heat_rows] == [
        ("Against its KPIs", "Contradicts its KPIs"), ("Disputed", "New on this list")
    ]  # fmt: skip
    assert theirs.heat_rows == []
    assert "KPIs" in ours.concern_rules
    assert theirs.concern_rules == ""


def test_each_contract_is_listed_by_its_own_units_rules(world):
    give_role(
        user=world.people["commissioner"], organisation=world.outsider_council, role=Role.COMMISSIONER,
        since=datetime.date(2012, 4, 1), by=None,
    )  # fmt: skip
    for unit, title in ((world.unit, "Ours"), (world.outsider_unit, "Theirs")):
        contract = make_contract(unit, title=title)
        make_return(contract, SEPTEMBER, jet=4)
        make_return(contract, jet=4)
    rules = ConcernRules(jet_at_most=4)
    change_rules(unit=world.outsider_unit, rules=rules, version=0, by=world.people["outsider"])
    units = [world.unit, world.outsider_unit]
    page = DashboardPage(user=world.people["commissioner"], unit=None, month_text=None, units=units)
    assert concern_titles(page) == ["Theirs"]
    assert page.concern_rules == "Of concern is what the review of each unit looks at first, by its own rules."
    assert page_of(world).concern_rules == f"Of concern is what is {'; '.join(ConcernRules().words)}."


def test_red_is_counted_as_red_even_where_the_unit_makes_no_concern_of_it(october):
    rules = ConcernRules(red=False, jet_at_most=1, jet_fall_at_least=None)
    change_rules(unit=october.unit, rules=rules, version=0, by=october.people["commissioner"])
    page = page_of(october)
    assert concern_titles(page) == []
    assert [row["text"] for row in queue(page, "red contract").rows] == ["Red", "Held"]


def test_a_closed_month_is_listed_by_the_rules_of_its_day(october):
    by = october.people["commissioner"]
    of = UnitMonth(october.unit, OCTOBER)
    close_month(unit=october.unit, month=OCTOBER, stands=what_stands(by, of), is_confirmed=True, note="", by=by)
    listed = concern_titles(page_of(october))
    change_rules(unit=october.unit, rules=ConcernRules(jet_at_most=9), version=0, by=by)
    assert concern_titles(page_of(october)) == listed


@pytest.mark.parametrize("number", [1, 30])
def test_the_dashboard_asks_as_many_queries_for_any_number_of_contracts(world, number):
    for place in range(number):
        contract = world.contract(initial_end=datetime.date(2015, 3, 31))
        make_return(contract, SEPTEMBER, risk="red")
        make_return(contract, risk="red", jet=6)
        make_reading(make_kpi(contract), 80 + place % 20)
        make_view(contract)
    browser = world.browser("commissioner")
    browser.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/").status_code == 200
    assert len(asked) == QUERIES


def test_at_most_twelve_of_concern_are_shown_with_their_number(world):
    for _ in range(14):
        make_return(world.contract(), risk="red", jet=2)
    page = page_of(world)
    assert len(page.heat_rows) == 12
    assert page.concerns_words == "12 of 14 shown"
    assert queue(page, "red").count == "14"


def test_jet_is_counted_by_number_and_what_has_none_apart(october):
    page = page_of(october)
    assert {words: (now, before) for words, now, before in page.jet_rows if now or before} == {
        "7 Excellent": (0, 1),
        "5 Effective": (0, 2),
        "4 Satisfactory": (1, 0),
        "3 Fair": (1, 0),
        "2 Marginal": (1, 1),
        "Not assessed": (1, 0),
        "No current view": (1, 1),
    }
    assert page.jet_words == "0 of 3 assessed (0%) are good or outstanding."


def test_spend_by_partner_small_bodies_together_the_unsplit_said(world):
    second = add_organisation(name="Second CCG", kind=OrganisationKind.CCG, by=None)
    world.contract(funding={world.council: Decimal(8000), world.ccg: Decimal(3000), second: Decimal(1000)})
    world.contract(annual_value=Decimal(5000), whole_life_value=Decimal(9000))
    theirs = {world.outsider_council: Decimal(12000)}
    make_contract(world.outsider_unit, funding=theirs)
    page = page_of(world)
    assert [(row.name, row.annual, row.whole_life) for row in page.data.spend.rows] == [
        ("Mercia County Council", "£8,000", "£24k"),
        ("Clinical commissioning groups, 2 together", "£4,000", "£12k"),
        ("No split recorded", "£5,000", "£9,000"),
    ]
    assert (page.data.spend.annual, page.data.spend.whole_life) == ("£17k", "£45k")
    assert (page.financial_year, page.providers) == ("2014/15", "1 provider")


def test_money_not_known_is_said_to_be_left_out(world):
    world.contract(annual_value=None)
    assert page_of(world).value_note == "1 contract without a yearly value left out of the money."


def test_units_with_different_due_days_say_so(october):
    october.outsider_unit.return_working_day = 8
    october.outsider_unit.save()
    october.people["both"] = october.people["outsider"]
    from commissioning.services.people import give_role

    give_role(
        user=october.people["both"], organisation=october.council, role=Role.COMMISSIONER,
        since=datetime.date(2014, 1, 1), by=None,
    )  # fmt: skip
    line = queue(page_of(october, "both", unit=None), "to come").line
    assert "Due from 7 November 2014 to 12 November 2014, by unit" in line


@pytest.mark.parametrize(
    ("who", "risks"),
    [
        ("commissioner", [3, 1, 1, 1]),
        ("ccg_commissioner", [2, 1, 1, 1]),
        ("observer", [2, 1, 1, 1]),
        ("provider_contact", [2, 1, 1, 1]),
        ("outsider", [1, 0, 0, 0]),
        ("leaver", [0, 0, 0, 0]),
    ],
)
def test_a_restricted_contract_and_other_units_are_in_nobody_elses_figures(october, who, risks):
    secret = october.contract(title="Secret", providers=[october.other_provider], funding={october.council: 12000},
                              initial_end=datetime.date(2015, 2, 28))  # fmt: skip
    make_return(secret, risk="red", jet=1)
    restrict_contract(
        contract=secret, reason="Price talks", named=[october.council], review_on=datetime.date(2015, 3, 1),
        by=october.people["commissioner"],
    )  # fmt: skip
    page = page_of(october, who, unit=None)
    assert risk_counts(page) == risks
    told = [row["text"] for queue in page.queues for row in queue.rows]
    told += [row.title for row in page.heat_rows] + [row.title for row in page.ending.rows]
    assert ("Secret" in told) is (who == "commissioner")
    assert ("Neighbour" in told) is (who == "outsider")
    assert bool(page.data.spend.rows and page.data.spend.rows[0].name == "Mercia County Council") is (
        who == "commissioner"
    )
