"""Every column of the register: chosen by the address, shown, sorted both ways, filtered, and said where unknown."""

import datetime
from decimal import Decimal

import pytest
from django.http import QueryDict

from commissioning.models import ServiceArea
from contracts.choices import NoticeGivenBy, ReturnState
from reporting.queries.register import filtered_contracts
from reporting.queries.register_columns import COLUMNS, STANDARD
from reporting.queries.register_more import more_conditions
from reporting.queries.register_page import RegisterPage
from reporting.queries.register_sorts import SORTS
from tests.world import TODAY, make_contract, make_person, make_return

SEPTEMBER = datetime.date(2014, 9, 1)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def register(world):
    """Three that differ in every column, and a neighbour's that would match every filter."""
    other = make_person("Zoe Able", world.council, "service_manager")
    early = ServiceArea.objects.create(unit=world.unit, name="Early years")
    a = world.contract(
        reference="A", title="Advice line", providers=[world.other_provider, world.provider], service_area=early,
        annual_value=Decimal(5000), whole_life_value=Decimal(90000), start=day("2012-06-01"),
        initial_end=day("2015-03-31"), notice_months=1, options=[24], management="devolved",
        service_manager=world.people["service_manager"], procurement_regime="pcr2006", returns_from=SEPTEMBER,
    )  # fmt: skip
    b = world.contract(
        reference="B", title="Breaks", annual_value=Decimal("20000.50"), whole_life_value=Decimal(40000),
        start=day("2013-01-01"), initial_end=day("2016-03-31"), notice_months=6, service_manager=other,
        procurement_regime="grant", officer=other,
    )  # fmt: skip
    c = world.contract(
        reference="C", title="Care", annual_value=Decimal(10000), whole_life_value=Decimal(60000),
        start=day("2013-09-01"), initial_end=day("2015-12-31"), notice_months=3, officer=None,
        notice_given_on=day("2014-10-20"), notice_given_by=NoticeGivenBy.PROVIDER, notice_ends_on=day("2015-06-30"),
    )  # fmt: skip
    make_return(a, SEPTEMBER, risk="green", jet=8)
    make_return(a, risk="red", jet=2, state=ReturnState.ACCEPTED)
    make_return(b, SEPTEMBER, risk="red", jet=3)
    make_return(b, risk="green", jet=7)
    make_return(c, datetime.date(2014, 5, 1), risk="amber", jet=5)
    theirs = make_contract(
        world.outsider_unit, reference="Z", title="Advice breaks care", providers=[world.other_provider],
        annual_value=Decimal(9000), start=day("2012-06-01"), initial_end=day("2015-03-31"), notice_months=1,
    )  # fmt: skip
    make_return(theirs, risk="red", jet=1)
    return world


def found(world, query, who="commissioner", unit=None):
    contracts = filtered_contracts(user=world.people[who], unit=unit, params=QueryDict(query))
    return "".join(contract.reference for contract in contracts)


def page(world, query="", who="commissioner"):
    return RegisterPage(user=world.people[who], unit=None, params=QueryDict(query))


def cells(world, code, who="commissioner"):
    rows = page(world, f"cols={code}&sort=name", who).rows
    return [(row.cells[0][1].text, row.cells[0][1].sub) for row in rows]


@pytest.mark.parametrize(
    ("sort", "there", "back"),
    [
        ("reference", "ABC", "CBA"),
        ("provider", "ABC", "BCA"),
        ("unit", "ABC", "ABC"),
        ("value", "BCA", "ACB"),
        ("whole", "ACB", "BCA"),
        ("start", "ABC", "CBA"),
        ("ends", "ACB", "BCA"),
        ("max", "CBA", "ABC"),
        ("options", "ABC", "BAC"),  # where notice is given there is none, whichever way
        ("notice", "ACB", "BCA"),
        ("decide", "ACB", "BCA"),
        ("was_risk", "BCA", "ACB"),
        ("was_jet", "BAC", "ABC"),  # not returned is not known, and stays last
        ("officer", "ABC", "BAC"),
        ("manager", "ABC", "BAC"),
        ("managed", "BCA", "ABC"),
        ("status", "ABC", "CAB"),
        ("returned", "CBA", "ABC"),
        ("regime", "ABC", "CBA"),
        ("area", "BCA", "ABC"),
    ],
)
def test_every_column_sorts_both_ways(register, sort, there, back):
    assert (found(register, f"sort={sort}"), found(register, f"sort=-{sort}")) == (there, back)
    for code, references in ((sort, there), (f"-{sort}", back)):
        assert "".join(row.title[0] for row in page(register, f"sort={code}").rows) == references


def test_every_column_but_the_drawing_has_its_sort():
    assert {column.sort for column in COLUMNS} == {sort.code for sort in SORTS} | {""}
    assert [column.code for column in COLUMNS if not column.sort] == ["history"]


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ("name=line", "A"),
        ("name=advice+breaks", ""),
        ("provider_name=alder", "A"),
        ("provider_name=willow+homes", "ABC"),
        ("provider_name=alder+willow", ""),
        ("reference=b", "B"),
        ("value_from=10000", "BC"),
        ("value_from=£10,000&value_to=20000.49", "C"),
        ("value_to=5000", "A"),
        ("whole_from=60001", "A"),
        ("whole_to=60000", "BC"),
        ("start_from=2013-01-01", "BC"),
        ("start_to=1+January+2013", "AB"),
        ("ends_from=1/1/2016", "B"),
        ("ends_to=2015-06-30", "AC"),
        ("max_from=2016-04-01", "A"),
        ("max_to=2016-03-31", "BC"),
        ("notice=2015-02-28", "A"),
        ("notice=2016-12-31", "AB"),
        ("decide=2015-01-31", "A"),
        ("was_risk=red", "B"),
        ("was_risk=green&was_risk=none", "AC"),
        ("was_jet=outstanding", "A"),
        ("was_jet=not_assessed", ""),
        ("options=left", "A"),
        ("options=none", "B"),
        ("options=notice", "C"),
        ("regime=grant&regime=unknown", "BC"),
        ("unit=mercia-children", "ABC"),
        ("unit=borderland", ""),
    ],
)
def test_every_column_is_a_filter(register, query, references):
    assert found(register, f"{query}&sort=name") == references
    assert page(register, query).unknown == ""


def test_by_service_manager(register):
    manager = register.people["service_manager"]
    assert found(register, f"manager={manager.pk}") == "A"
    listed = next(group for group in page(register).panel.more_groups if group.name == "manager")
    assert [(choice.label, choice.count) for choice in listed.choices] == [
        ("Council Service manager", 1),
        ("Zoe Able", 1),
    ]


def test_the_choices_of_an_option_part_the_contracts(register):
    for name in ("options", "was_risk", "regime"):
        parts = [found(register, f"{name}={code}&sort=name") for code in more_conditions(TODAY)[name]]
        assert sorted("".join(parts)) == ["A", "B", "C"], name


@pytest.mark.parametrize(
    ("query", "codes", "unknown"),
    [
        ("", list(STANDARD), ()),
        ("cols=", list(STANDARD), ()),
        ("cols=jet,risk", ["contract", "jet", "risk"], ()),
        ("cols=jet&cols=risk&cols=jet", ["contract", "jet", "risk"], ()),
        ("cols=risk,contract", ["contract", "risk"], ()),
        ("cols=contract", ["contract"], ()),
        ("cols=purple,risk", ["contract", "risk"], ("purple",)),
        ("cols=purple", list(STANDARD), ("purple",)),
    ],
)
def test_columns_are_chosen_by_the_address(register, query, codes, unknown):
    chosen = page(register, query).chosen
    assert (chosen.codes, chosen.unknown) == (codes, unknown)
    assert page(register, query).headers[0]["label"] == "Contract"


def test_what_each_column_says(register):
    assert cells(register, "reference") == [("A", ""), ("B", ""), ("C", "")]
    assert cells(register, "provider")[0] == ("Alder Trust and 1 other", "")
    assert cells(register, "unit")[0] == ("Children’s commissioning", "")
    assert cells(register, "whole") == [("£90k", ""), ("£40k", ""), ("£60k", "")]
    assert cells(register, "start")[0] == ("1 Jun 2012", "")
    assert cells(register, "ends")[0] == ("31 Mar 2015", "+24 mths")
    assert cells(register, "max")[0] == ("31 Mar 2017", "")
    assert cells(register, "options") == [("+24 mths", ""), ("No option", ""), ("Notice given", "")]
    assert cells(register, "notice")[0] == ("28 Feb 2015", "")
    assert cells(register, "decide")[0] == ("31 Jan 2015", "")
    assert "Not returned" in cells(register, "was_risk")[2][0]
    assert ">3<" in cells(register, "was_jet")[1][0]
    assert cells(register, "officer")[2] == ("No officer", "")
    assert cells(register, "manager")[1] == ("Z. Able", "")
    assert cells(register, "managed")[0] == ("Devolved", "")
    assert cells(register, "status") == [("Current", ""), ("Current", ""), ("Notice given", "")]
    assert cells(register, "returned") == [("Accepted", ""), ("Submitted", ""), ("Not returned", "")]
    assert cells(register, "regime")[1] == ("Grant", "")


def test_what_has_a_column_of_its_own_is_not_said_twice(register):
    row = page(register, "cols=provider,unit,ends,options&sort=name").rows[0]
    assert (row.providers, row.unit) == ("", "")
    assert row.cells[2][1].sub == ""
    row = page(register, "cols=risk&sort=name").rows[0]
    assert (row.providers, row.unit) == ("Framework, 2 providers", "Children’s commissioning")


def test_a_provider_learns_nothing_of_the_days_of_decision(register):
    """Neither as a column, nor from the order, nor from a filter."""
    who = "provider_contact"
    shown = page(register, "cols=decide,risk&sort=decide", who)
    assert shown.chosen.codes == ["contract", "risk"]
    assert shown.unknown == "column decide"
    assert found(register, "sort=decide", who) == found(register, "sort=-decide", who) == "ABC"
    assert found(register, "decide=2020-01-01", who) == ""
    assert "decide" not in {choice["code"] for choice in shown.column_choices}
    assert "decide" not in {field.name for field in shown.panel.typed}


def test_a_column_is_moved_left_and_the_filter_stays(register):
    shown = page(register, "risk=red&cols=area,jet,risk")
    left = {choice["code"]: choice.get("left") for choice in shown.column_choices}
    assert left["area"] == ""
    assert left["risk"] == "?risk=red&cols=area%2Crisk%2Cjet"
    assert left["jet"] == "?risk=red&cols=jet%2Carea%2Crisk"
    assert dict(shown.kept_for_columns) == {"risk": "red"}
    assert shown.standard_columns == "?risk=red"
    assert ("cols", "area,jet,risk") in shown.panel.kept


def test_sorting_keeps_the_columns(register):
    shown = page(register, "cols=value,jet&sort=value")
    head = shown.headers[1]
    assert (head["direction"], head["url"]) == ("descending", "?cols=value%2Cjet&sort=-value")
    assert [code for code, _, _ in shown.sorts] == ["jet", "-jet", "value", "-value", "name", "-name"]


def test_what_is_typed_is_said_and_taken_away_again(register):
    shown = page(register, "value_from=10,000&ends_to=31/12/2016&provider_name=willow&was_risk=red")
    assert shown.panel.tags == [
        ("Current contracts", ""),
        ("Last month red", "?value_from=10%2C000&ends_to=31%2F12%2F2016&provider_name=willow"),
        ("Provider “willow”", "?value_from=10%2C000&ends_to=31%2F12%2F2016&was_risk=red"),
        ("Yearly value from £10,000", "?ends_to=31%2F12%2F2016&provider_name=willow&was_risk=red"),
        ("Term ends to 31 December 2016", "?value_from=10%2C000&provider_name=willow&was_risk=red"),
    ]
    assert shown.panel.has_more
    assert not page(register, "risk=red").panel.has_more


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("value_from=much", "value_from"),
        ("value_from=1e400", "value_from"),
        ("value_from=NaN", "value_from"),
        ("start_to=31+February+2014", "start_to"),
        ("sort=bogus", "sort bogus"),
        ("colour=red", "colour"),
        ("colour=&page=2&month=2014-10", ""),
        ("manager=x", "manager"),
    ],
)
def test_what_nobody_knows_is_left_out_and_said(register, query, said):
    shown = page(register, query)
    assert shown.unknown == said
    assert len(shown.rows) == 3
