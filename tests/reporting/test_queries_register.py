"""The register: exact sets by filter, counts that equal what the filter finds, sorting, and sight."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict

from commissioning.models import ServiceArea
from contracts.models import Contract
from contracts.services.restriction import restrict_contract
from reporting.queries.month import NotAMonth, ReturnMonth
from reporting.queries.register import SORTS, filtered_contracts, sort_of
from reporting.queries.register_filter import CHOICES, CURRENT, conditions, has_words
from reporting.queries.register_page import RegisterPage
from tests.world import OCTOBER, TODAY, make_contract, make_return

SEPTEMBER = datetime.date(2014, 9, 1)
PAGE = ReturnMonth(OCTOBER, TODAY)


def found(world, query="", *, who="commissioner", unit="own"):
    """The references the address finds, in its order."""
    in_unit = world.unit if unit == "own" else unit
    contracts = filtered_contracts(user=world.people[who], unit=in_unit, params=QueryDict(query))
    return [contract.reference for contract in contracts]


@pytest.fixture
def register(world):
    """One contract of each sort, and a neighbour's that would match every filter."""
    council, ccg = world.council, world.ccg
    red = world.contract(reference="RED", title="Homes for the young", funding={council: 8000, ccg: 4000})
    make_return(red, SEPTEMBER, risk="amber", jet=5)
    make_return(red, risk="red", jet=3)
    amber = world.contract(reference="AMBER", title="Play", management="devolved", funding={council: 12000})
    make_return(amber, risk="amber", jet=5)
    held = world.contract(reference="HELD", title="Advice", description="Counselling in schools")
    make_return(held, SEPTEMBER, risk="green", jet=8)
    silent = world.contract(reference="SILENT", title="Transport", providers=[world.other_provider])
    make_return(silent, datetime.date(2014, 7, 1), risk="green", jet=9)
    unassessed = world.contract(
        reference="NEW", title="Nurseries", annual_value=Decimal(90000), initial_end=datetime.date(2015, 3, 31)
    )
    make_return(unassessed, risk="green", jet=None)
    world.contract(reference="PLANNED", title="Later", start=datetime.date(2015, 4, 1))
    world.contract(reference="OVER", title="Gone", initial_end=datetime.date(2014, 6, 30))
    world.contract(reference="BARE", title="Bare", start=None, initial_end=None, officer=None)
    neighbour = make_contract(
        world.outsider_unit, reference="THEIRS", title="Homes for the young", providers=[world.provider]
    )
    make_return(neighbour, SEPTEMBER, risk="amber", jet=5)
    make_return(neighbour, risk="red", jet=1)
    return world


CURRENT_ONES = ["RED", "AMBER", "SILENT", "HELD", "NEW"]


def test_current_contracts_worst_first(register):
    assert found(register) == CURRENT_ONES


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ("risk=red", ["RED"]),
        ("risk=red&risk=amber", ["RED", "AMBER"]),
        ("risk=green", ["HELD", "NEW"]),
        ("risk=none", ["SILENT"]),
        ("jet=inadequate", ["RED"]),
        ("jet=requires_improvement", ["AMBER"]),
        ("jet=good", []),
        ("jet=outstanding", ["HELD"]),
        ("jet=not_assessed", ["NEW"]),
        ("risk=green&jet=not_assessed", ["NEW"]),
        ("status=being_procured", ["BARE", "PLANNED"]),
        ("status=ended", ["OVER"]),
        ("status=ended&status=current", ["RED", "AMBER", "OVER", "SILENT", "HELD", "NEW"]),
        ("managed=devolved", ["AMBER"]),
        ("funder=nhs", ["RED"]),
        ("funder=council", ["AMBER"]),
        ("funder=unsplit", ["SILENT", "HELD", "NEW"]),
        ("returned=no", ["SILENT", "HELD"]),
        ("new=yes", ["RED"]),
        ("incomplete=yes", ["BARE"]),
        ("ends=2015-03-31", ["NEW"]),
        ("status=ended&ends=2015-03-31", []),
        ("decide=2015-01-31", ["NEW"]),
        ("q=the+young", ["RED"]),
        ("q=young+willow", ["RED"]),
        ("q=counselling", ["HELD"]),
        ("q=alder", ["SILENT"]),
        ("q=gone", ["OVER"]),
        ("q=%25", []),
        ("q=nothing+of+the+kind", []),
        ("area=Disability&risk=red", ["RED"]),
        ("area=Elsewhere", []),
        ("month=2014-09", ["RED", "NEW", "AMBER", "SILENT", "HELD"]),
    ],
)
def test_the_filter_finds_exactly(register, query, references):
    assert found(register, query) == references


def test_my_contracts_are_those_i_return(register):
    mine = Contract.objects.get(reference="AMBER")
    mine.deputies.add(register.people["service_manager"])
    assert found(register, "mine=yes", who="service_manager") == ["AMBER"]
    assert found(register, "mine=yes", who="contract_officer") == CURRENT_ONES


def test_by_officer(register):
    officer = register.people["contract_officer"]
    assert found(register, f"officer={officer.pk}") == CURRENT_ONES
    assert found(register, "officer=999999") == []


def test_what_no_filter_knows_is_left_out_and_said(register):
    page = RegisterPage(
        user=register.people["commissioner"], unit=register.unit, params=QueryDict("risk=purple&officer=x&ends=never")
    )
    assert [row.title for row in page.rows] == ["Homes for the young", "Play", "Transport", "Advice", "Nurseries"]
    assert page.unknown == "risk, officer and ends"


def test_a_month_that_is_none_is_refused(register):
    with pytest.raises(NotAMonth):
        found(register, "month=2015-01")


@pytest.mark.parametrize(
    ("sort", "references"),
    [
        ("jet", ["RED", "AMBER", "HELD", "SILENT", "NEW"]),
        ("-jet", ["HELD", "AMBER", "RED", "SILENT", "NEW"]),
        ("ends", ["NEW", "HELD", "RED", "AMBER", "SILENT"]),
        ("value", ["NEW", "HELD", "RED", "AMBER", "SILENT"]),
        ("name", ["HELD", "RED", "NEW", "AMBER", "SILENT"]),
        ("-name", ["SILENT", "AMBER", "NEW", "RED", "HELD"]),
        ("-risk", ["HELD", "NEW", "SILENT", "AMBER", "RED"]),
        ("bogus", CURRENT_ONES),
        ("-bogus", CURRENT_ONES),
    ],
)
def test_sorting(register, sort, references):
    assert found(register, f"sort={sort}") == references


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.code)
def test_turning_a_sort_turns_its_direction(sort):
    assert {sort.direction, sort_of(f"-{sort.code}").direction} == {"ascending", "descending"}


def test_every_count_equals_what_its_choice_finds(register):
    user = register.people["commissioner"]
    page = RegisterPage(user=user, unit=register.unit, params=QueryDict(""))
    for name, choices in CHOICES.items():
        if name in ("new", "incomplete", "restricted"):
            continue
        for value, _ in choices:
            assert page.counts[f"{name}_{value}"] == len(found(register, f"{name}={value}")), (name, value)
    for label, url, _ in page.views:
        count = int(label.rpartition("(")[2].rstrip(")"))
        assert count == len(found(register, url.removeprefix("?"))), label


def test_the_export_is_exactly_the_page(register):
    user = register.people["commissioner"]
    for query in ("", "risk=green", "q=homes&sort=-name", "status=ended&status=being_procured"):
        page = RegisterPage(user=user, unit=register.unit, params=QueryDict(query))
        titles = [
            contract.title for contract in filtered_contracts(user=user, unit=register.unit, params=QueryDict(query))
        ]
        assert [row.title for row in page.rows] == titles
        assert page.tally.total == len(titles)


def test_a_row_says_how_old_what_it_shows_is(register):
    rows = {
        row.title: row
        for row in RegisterPage(user=register.people["commissioner"], unit=register.unit, params=QueryDict("")).rows
    }
    assert cell(rows["Transport"], "risk").sub == "Last returned July 2014, 3 months ago"
    assert "No current view" in cell(rows["Transport"], "risk").text
    assert cell(rows["Advice"], "risk").sub == "from Sep"
    assert cell(rows["Homes for the young"], "risk").sub == "was amber"
    assert "Not assessed" in cell(rows["Nurseries"], "jet").text
    assert cell(rows["Transport"], "jet").text == ""


def cell(row, code):
    return next(cell for column, cell in row.cells if column.code == code)


def test_totals_are_not_multiplied_by_what_is_joined(register):
    contract = Contract.objects.get(reference="RED")
    contract.provider_rows.create(organisation=register.other_provider, position=2)
    page = RegisterPage(user=register.people["commissioner"], unit=None, params=QueryDict("risk=red"))
    assert page.tally.total == 1
    assert page.tally.sums == {"annual": Decimal(12000), "whole_life": Decimal(36000), "providers": 2}


def test_fifty_a_page_and_the_rest_on_the_next(world):
    for number in range(52):
        world.contract(title=f"Service {number:03}")
    user = world.people["commissioner"]
    pages = [RegisterPage(user=user, unit=world.unit, params=QueryDict(f"sort=name&page={n}")) for n in (1, 2)]
    assert [len(page.rows) for page in pages] == [50, 2]
    assert [row.title for row in pages[1].rows] == ["Service 050", "Service 051"]
    assert pages[1].showing == "Showing 51 to 52 of 52, by name."
    assert RegisterPage(user=user, unit=world.unit, params=QueryDict("sort=name&page=99")).page.number == 2


@pytest.mark.parametrize(
    ("who", "references"),
    [
        ("commissioner", [*CURRENT_ONES, "SECRET"]),
        ("ccg_commissioner", CURRENT_ONES),
        ("observer", CURRENT_ONES),
        ("provider_contact", ["RED", "AMBER", "HELD", "NEW", "THEIRS"]),
        ("outsider", ["THEIRS"]),
        ("leaver", []),
        ("organisation_administrator", []),
    ],
)
def test_each_sees_only_their_own_whatever_is_asked(register, who, references):
    secret = register.contract(reference="SECRET", title="Homes for the young", providers=[register.other_provider])
    make_return(secret, risk="red", jet=1)
    restrict_contract(
        contract=secret, reason="Price talks", named=[register.council], review_on=datetime.date(2015, 3, 1),
        by=register.people["commissioner"],
    )  # fmt: skip
    for query in ("", "risk=red&risk=amber&risk=green&risk=none"):
        assert sorted(found(register, query, who=who, unit=None)) == sorted(references)
    assert ("SECRET" in found(register, "q=homes", who=who, unit=None)) is ("SECRET" in references)
    assert found(register, "restricted=yes", who=who, unit=None) == (["SECRET"] if "SECRET" in references else [])
    page = RegisterPage(user=register.people[who], unit=None, params=QueryDict(""))
    assert page.counts["all"] == len(references)
    assert page.tally.total == len(references)
    assert ("restricted" in {choice.value for choice in page.panel.only}) is (who == "commissioner")
    assert len(page.rows) == len(references)


def test_service_areas_count_what_is_in_sight(register):
    hidden = ServiceArea.objects.create(unit=register.outsider_unit, name="Hidden area")
    Contract.objects.filter(reference="THEIRS").update(service_area=hidden)
    page = RegisterPage(user=register.people["commissioner"], unit=None, params=QueryDict(""))
    areas = next(group for group in page.panel.groups if group.name == "area")
    assert [(choice.value, choice.count) for choice in areas.choices] == [("Disability", 5)]


def test_the_conditions_of_statuses_cover_every_contract(register):
    known = conditions(PAGE)["status"]
    for contract in Contract.objects.all():
        held = {name for name, condition in known.items() if Contract.objects.filter(condition, pk=contract.pk)}
        assert len(held - {"notice_given"}) == 1, contract
    assert CURRENT in known


def test_a_search_can_be_answered_from_the_indexes(world):
    """What a small table would not show: without them a national search reads every description there is."""
    with connection.cursor() as cursor:
        # nor may it take the few organisations there are one by one, by their numbers
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_nestloop = off"
        )
    plan = Contract.objects.filter(has_words("willow")).explain()
    assert plan.count("Bitmap Index Scan on contract_words_trigram") == 3
    assert plan.count("Bitmap Index Scan on organisation_upper_trigram") == 1
    assert "Seq Scan on contracts_contract " not in plan
