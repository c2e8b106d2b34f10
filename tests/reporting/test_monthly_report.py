"""The Assistant Director's monthly report: its numbers are the review's and the dashboard's, in the reader's sight."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contracts.choices import ReturnState
from contracts.models import ImprovementPlan, MonthReview, PlanStep
from contracts.queries.month_review import UnitMonth, month_review_page
from contracts.services.restriction import restrict_contract
from contracts.services.review_actions import note_action
from reporting.queries.dashboard_page import DashboardPage
from reporting.queries.monthly_report import MonthlyReport
from tests.permissions.addresses import text_of
from tests.world import OCTOBER, TODAY, make_contract, make_return

JULY, SEPTEMBER = datetime.date(2014, 7, 1), datetime.date(2014, 9, 1)
ADDRESS = "/reports/2014-10/mercia-children/"


@pytest.fixture
def contracts(world):
    """One red that fell from amber, one green that rose, one still to come, one silent, one not assessed."""
    fell, rose, to_come, silent, unassessed = (
        world.contract(title=title) for title in ("Fell", "Rose", "To come", "Silent", "Unassessed")
    )
    for month in (JULY, SEPTEMBER):
        make_return(fell, month, risk="amber", jet=4)
        make_return(to_come, month, risk="amber", jet=5)
        make_return(unassessed, month)
    make_return(rose, JULY, risk="red", jet=2)
    make_return(rose, SEPTEMBER, risk="green", jet=6)
    make_return(silent, JULY, risk="green", jet=7)
    make_return(fell, risk="red", jet=2, narrative="Two posts are empty")
    make_return(rose, risk="green", jet=7)
    make_return(unassessed, risk="green", jet=None)
    return {"fell": fell, "rose": rose, "to_come": to_come, "silent": silent, "unassessed": unassessed}


def report(world, who="commissioner", month=OCTOBER):
    return MonthlyReport(user=world.people[who], of=UnitMonth(world.unit, month))


def rows(found):
    return {row.contract.title: row for row in found.rows}


def close(world, month=OCTOBER):
    return MonthReview.objects.create(
        unit=world.unit, month=month, closed_at=timezone.now(), closed_by=world.people["commissioner"]
    )


def test_each_contract_has_its_risk_grade_and_movement(world, contracts):
    found = rows(report(world))
    said = {
        title: (row.risk, row.column, row.since_last_month, row.since_three_months, row.note)
        for title, row in found.items()
    }
    assert said == {
        "Fell": (
            "red",
            "inadequate",
            ("Getting worse", "Amber to red, JET 4 to 2"),
            ("Getting worse", "Amber to red, JET 4 to 2"),
            "",
        ),
        "Rose": ("green", "good", ("Improving", "JET 6 to 7"), ("Improving", "Red to green, JET 2 to 7"), ""),
        "To come": ("amber", "requires_improvement", ("", ""), ("No change", ""), "As in September, return to come"),
        "Silent": ("none", "", ("", ""), ("", ""), "Last returned July 2014"),
        "Unassessed": (
            "green",
            "not_assessed",
            ("No change", "JET 6 to not assessed"),
            ("No change", "JET 6 to not assessed"),
            "",
        ),
    }


def test_the_table_adds_up_to_every_contract(world, contracts):
    found = report(world)
    assert [(cells, all_of_it) for _, cells, all_of_it in found.table] == [
        ([1, 0, 0, 0, 0], 1),
        ([0, 1, 0, 0, 0], 1),
        ([0, 0, 1, 0, 1], 2),
        ([0, 0, 0, 0, 0], 1),
    ]
    assert found.totals == [1, 1, 1, 0, 1]
    assert (found.total, sum(len(group.rows) for group in found.groups)) == (5, 5)
    assert found.carried_words == "1 not returned yet counts as in September."


@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("month", [OCTOBER, SEPTEMBER])
def test_its_numbers_are_the_dashboard_s_and_the_review_s(world, contracts, month, is_closed):
    make_contract(world.outsider_unit, title="Elsewhere")
    if is_closed:
        close(world, month)
    user = world.people["commissioner"]
    found = report(world, month=month)
    dashboard = DashboardPage(user=user, unit=world.unit, month_text=f"{month:%Y-%m}")
    now = dashboard.data.now
    risks = {code: found.count(risk=code) for code in ("red", "amber", "green", "none")}
    assert risks == {code: now[f"risk_{code}"] for code in risks}
    assert (found.total, found.page.returned) == (now["all"], now["returned"])
    assert (found.annual, found.strip[2][1]) == (dashboard.annual, dashboard.annual)
    review = month_review_page(user, UnitMonth(world.unit, month))
    assert [(row.contract, row.reasons) for row in found.concern] == [
        (row.contract, row.reasons) for row in review.concern
    ]
    assert (found.page.coverage, found.page.movement_words) == (review.coverage, review.movement_words)


def test_an_open_month_says_so_and_a_closed_one_how_it_was_closed(world, contracts):
    assert report(world).state_words == "October 2014 is not closed: these figures may still change."
    closed = close(world)
    day = timezone.localtime(closed.closed_at)
    words = f"As closed on {day.day} {day:%B %Y}"
    assert report(world).state_words == f"{words}."
    row = contracts["rose"].returns.get(month=OCTOBER)
    row.state, row.amendment_reason = ReturnState.AMENDED, "Miscounted"
    row.save()
    assert report(world).state_words == f"{words}, but for 1 return amended since, shown as amended."


def test_concerns_actions_and_overdue_steps_stand_on_the_page(world, contracts):
    note_action(
        contract=contracts["fell"], month=OCTOBER, text="Fill both posts", owner="Willow Homes",
        due_on=datetime.date(2014, 12, 1), provider=None, by=world.people["commissioner"],
    )  # fmt: skip
    plan = ImprovementPlan.objects.create(
        contract=contracts["fell"], title="Staffing", concern="other", agreed_on=datetime.date(2014, 9, 1)
    )
    details = {"contract": contracts["fell"], "plan": plan, "owner": "Willow Homes"}
    PlanStep.objects.create(text="Advertise", due_on=TODAY - datetime.timedelta(days=1), **details)
    PlanStep.objects.create(text="Appoint", due_on=TODAY, **details)
    PlanStep.objects.create(
        text="Plan", due_on=datetime.date(2014, 9, 15), state="done", evidence="Minutes",
        done_on=datetime.date(2014, 9, 14), **details,
    )  # fmt: skip
    text = world.browser("finance").get(ADDRESS).content.decode()
    for words in ("Two posts are empty", "Red; JET 3 or lower: now 2; JET down 2", "Fill both posts", "Advertise"):
        assert words in text
    assert "Appoint" not in text
    assert [late.step.text for late in report(world).late_steps] == ["Advertise"]


def test_missing_returns_stand_by_officer(world, contracts):
    names = [
        (officer, [row.contract.title for row in missing]) for officer, missing in report(world).page.missing_by_officer
    ]
    assert names == [("Council Contract officer", ["Silent", "To come"])]


def test_money_stands_by_service_area_and_adds_up(world, contracts):
    world.contract(title="Nowhere", service_area=None, annual_value=None)
    found = report(world)
    assert [(area.name, area.contracts, area.annual) for area in found.areas] == [
        ("Disability", 5, "£60k"),
        ("Service area not known", 1, "£0"),
    ]
    assert (found.annual, found.value_note) == ("£60k", "1 contract without a yearly value left out of the money.")


def exported(browser, address=f"{ADDRESS}export.csv"):
    return list(csv.DictReader(io.StringIO(text_of(browser.get(address)).lstrip("\ufeff"))))


def test_the_file_holds_the_table_in_its_order(world, contracts):
    found = exported(world.browser("finance"))
    assert [(row["Contract"], row["Risk"], row["JET"], row["Grade"]) for row in found] == [
        ("Fell", "Red", "2", "Inadequate"),
        ("To come", "Amber", "5", "Requires improvement"),
        ("Rose", "Green", "7", "Good"),
        ("Unassessed", "Green", "", "Not assessed"),
        ("Silent", "No current view", "", ""),
    ]
    assert found[0]["Since last month"] == "Getting worse: Amber to red, JET 4 to 2"


def test_a_restricted_contract_is_in_no_number_of_those_it_does_not_name(world, contracts):
    hidden = world.contract(title="Prices under tender", annual_value=987_654)
    make_return(hidden, risk="red", jet=1, narrative="Secret words")
    note_action(
        contract=hidden, month=OCTOBER, text="Secret action", owner="Nobody", due_on=datetime.date(2014, 12, 1),
        provider=None, by=world.people["commissioner"],
    )  # fmt: skip
    restrict_contract(
        contract=hidden, reason="Tender", named=[world.council], review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )  # fmt: skip
    assert [report(world, who).total for who in ("commissioner", "ccg_commissioner", "observer")] == [6, 5, 5]
    for who in ("ccg_commissioner", "observer"):
        text = world.browser(who).get(ADDRESS).content.decode()
        assert [word for word in ("Prices under", "Secret", "£1.0m", "£988k") if word in text] == []
    assert len(exported(world.browser("ccg_commissioner"))) == 5


def test_outside_the_unit_s_work_there_is_no_report(world, contracts):
    for who in ("provider_contact", "outsider", "leaver"):
        assert world.browser(who).get(ADDRESS).status_code == 404
    assert "/reports/" not in world.browser("provider_contact").get("/").content.decode()
    assert f'href="{ADDRESS}"' in world.browser("commissioner").get("/").content.decode()


@pytest.mark.parametrize("address", ["/reports/2014-11/mercia-children/", "/reports/2014-11/"])
def test_a_month_that_is_not_over_has_no_report(world, address):
    assert world.browser("commissioner").get(address).status_code == 404


def test_a_month_without_contracts_says_so(world):
    answer = world.browser("commissioner").get(ADDRESS)
    assert "No contract that you may see expects a return for this month." in answer.content.decode()


def test_it_asks_as_many_queries_for_thirty_contracts_as_for_one(world):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            found = report(world)
            list(found.file_rows())
            _ = (found.strip, found.groups, found.areas, found.concern, found.table)
        return len(queries)

    def add(number):
        for each in range(number):
            make_return(world.contract(), risk=("red", "amber", "green")[each % 3])

    add(1)
    asked()
    few = asked()
    add(30)
    assert (asked(), few) == (few, 9)
