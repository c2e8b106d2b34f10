"""The register as it is looked at, as a file: its columns, order and filter, and nothing out of sight."""

import csv
import datetime
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from contracts.services.restriction import restrict_contract
from reporting.queries.register_columns import COLUMNS
from tests.world import make_return

SEPTEMBER = datetime.date(2014, 9, 1)
ALL = ",".join(column.code for column in COLUMNS)


def read(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table(browser, query):
    return list(csv.reader(StringIO(read(browser.get(f"/contracts/view.csv?{query}")).decode("utf-8-sig"))))


def book(browser, query):
    return load_workbook(BytesIO(read(browser.get(f"/contracts/view.xlsx?{query}"))))


@pytest.fixture
def register(world):
    first = world.contract(reference="CS/1", title="=Play", options=[12, 12], service_manager=None)
    make_return(first, SEPTEMBER, risk="amber", jet=5)
    make_return(first, risk="red", jet=3)
    held = world.contract(reference="CS/2", title="Advice", annual_value=None, officer=None)
    make_return(held, SEPTEMBER, risk="green", jet=None)
    world.contract(reference="CS/3", title="Silent", providers=[world.other_provider, world.provider])
    secret = world.contract(reference="CS/9", title="Decoy")
    make_return(secret, risk="red", jet=1)
    restrict_contract(
        contract=secret, reason="Price talks", named=[world.council], review_on=datetime.date(2015, 3, 1),
        by=world.people["commissioner"],
    )  # fmt: skip
    return world


def test_the_columns_in_their_order_with_the_filter_and_the_sort(register):
    browser = register.browser("commissioner")
    assert table(browser, "cols=jet,risk,reference&risk=red&sort=-jet") == [
        ["Contract", "JET", "Risk", "Reference"],
        ["'=Play", "3", "Red", "CS/1"],
        ["Decoy", "1", "Red", "CS/9"],
    ]


def test_words_days_and_amounts_as_a_file_holds_them(register):
    columns = "provider,value,ends,options,risk,was_risk,jet,history,officer,returned"
    assert table(register.browser("ccg_commissioner"), f"cols={columns}&sort=name")[1:] == [
        ["'=Play", "Willow Homes Ltd", "12000.00", "2016-03-31", "12 + 12 mths", "Red", "Amber", "3",
         ". . . . . . . . . . 5 3", "Council Contract officer", "Submitted"],
        ["Advice", "Willow Homes Ltd", "", "2016-03-31", "No option", "Green", "Green", "Not assessed", "", "",
         "Not returned"],
        ["Silent", "Alder Trust; Willow Homes Ltd", "12000.00", "2016-03-31", "No option", "No current view",
         "Not returned", "", "", "Council Contract officer", "Not returned"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "references"),
    [("commissioner", {"CS/1", "CS/2", "CS/3", "CS/9"}), ("ccg_commissioner", {"CS/1", "CS/2", "CS/3"})],
)
def test_a_restricted_contract_leaves_only_with_those_named(register, who, references):
    browser = register.browser(who)
    assert {row[1] for row in table(browser, "cols=reference")[1:]} == references
    sheet = book(browser, "cols=reference").worksheets[0]
    assert {row[1] for row in sheet.iter_rows(min_row=2, values_only=True)} == references


def test_only_what_may_be_exported_leaves(register):
    """A person who sees everything as an observer of one unit exports nothing of it."""
    assert register.browser("observer").get("/contracts/view.csv").status_code == 403
    assert register.browser("provider_contact").get("/contracts/view.csv").status_code == 403


def test_a_workbook_says_on_a_second_sheet_what_it_is(register):
    found = book(register.browser("commissioner"), "cols=risk,value&risk=red&value_from=100&area=Disability&sort=name")
    assert found.sheetnames == ["Contracts 2014-10", "About"]
    rows = list(found.worksheets[0].iter_rows(values_only=True))
    assert rows == [("Contract", "Risk", "Yearly value"), ("=Play", "Red", 12000), ("Decoy", "Red", 12000)]
    assert found.worksheets[0]["A2"].data_type == "s"
    about = list(found["About"].iter_rows(values_only=True))
    assert about[:-2] == [
        ("Contracts of", "Children’s commissioning"),
        ("Risk and JET for", "October 2014"),
        ("Seen as at", "4 November 2014"),
        ("Status", "Current"),
        ("Risk", "Red"),
        ("Service area", "Disability"),
        ("Filter", "Yearly value from £100"),
        ("Order", "by name"),
    ]
    assert about[-2][1].endswith("/contracts/?cols=risk%2Cvalue&risk=red&value_from=100&area=Disability&sort=name")
    assert about[-1] == ("Exported", "4 November 2014 by Council Commissioner")


def test_the_file_is_named_after_its_month(register):
    answer = register.browser("commissioner").get("/contracts/view.xlsx?month=2014-09")
    assert 'filename="contracts-view-mercia-children-2014-09-2014-11-04.xlsx"' in answer["Content-Disposition"]
    read(answer)


@pytest.mark.parametrize("query", ["", "sort=-status", f"cols={ALL}&sort=decide"])
def test_the_page_and_the_file_hold_the_same(register, query):
    browser = register.browser("ccg_commissioner")
    titles = [row.title for row in browser.get(f"/contracts/?{query}").context["page"].rows]
    assert [row[0].removeprefix("'") for row in table(browser, query)[1:]] == titles


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_as_many_queries_for_thirty_contracts_as_for_one(world, fmt):
    asked = []
    for number in (1, 29):
        for _ in range(number):
            make_return(world.contract(options=[12]))
        browser = world.browser("commissioner")
        with CaptureQueriesContext(connection) as captured:
            read(browser.get(f"/contracts/view.{fmt}?cols={ALL}"))
        asked.append((len(captured), sum('"contracts_contract"."title"' in query["sql"] for query in captured)))
    assert asked == [(7, 1), (7, 1)], [query["sql"][:90] for query in captured]


def test_neither_another_kind_nor_another_month(register):
    browser = register.browser("commissioner")
    assert browser.get("/contracts/view.pdf").status_code == 404
    assert browser.get("/contracts/view.csv?month=2015-01").status_code == 404


def test_what_no_filter_knows_is_no_reason_to_fail(register):
    assert len(table(register.browser("commissioner"), "cols=purple&colour=red&sort=x&risk=purple")) == 5
