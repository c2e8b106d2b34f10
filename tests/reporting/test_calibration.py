"""Same KPI evidence, different scores: the page, its file, and who sees what of it."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from commissioning.models import ServiceArea
from contracts.queries.month_review import UnitMonth
from contracts.services.restriction import restrict_contract
from reporting.queries.calibration import calibration
from tests.contracts.test_month_review import words
from tests.kpi_world import make_kpi, make_reading
from tests.test_markup import check
from tests.world import OCTOBER, make_contract, make_person, make_return

PAGE = "/calibration/mercia-children/2014-10/"
SEPTEMBER, AUGUST = datetime.date(2014, 9, 1), datetime.date(2014, 8, 1)
#: Sign-in, sight and frame, then the contracts with their providers, and two for each month looked at.
QUERIES = {"": 8, "?months=3": 10}


def graded(world, title, jet, *values, months=(OCTOBER,), **details):
    """Returned at the score, with a KPI of at least 95% for each reading."""
    contract = world.contract(title=title, **details.pop("contract", {}))
    for month in months:
        make_return(contract, month, jet=jet, **details)
    for value in values:
        kpi = make_kpi(contract)
        for month in months:
            make_reading(kpi, value, month)
    return contract


def page(world, params="", who="commissioner"):
    return calibration(world.people[who], UnitMonth(world.unit, OCTOBER), QueryDict(params))


def shown(world, address=PAGE, who="commissioner"):
    answer = world.browser(who).get(address)
    assert answer.status_code == 200
    return words(answer)


def rows_of(world, address=f"{PAGE}export.csv", who="commissioner"):
    answer = world.browser(who).get(address)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


@pytest.fixture
def kim(world):
    return make_person("Kim Officer", world.council, Role.CONTRACT_OFFICER)


@pytest.fixture
def four(world, kim):
    """Three graded on the same evidence by two officers, one of them out of it; and one without evidence."""
    graded(world, "As the column says", 7, 95, 95)
    graded(world, "Kim’s too", 6, 95, 95, contract={"officer": kim})
    graded(world, "Kim’s low", 4, 95, 95, contract={"officer": kim}, kpi_reason="The board has lost faith.")
    graded(world, "Nothing measured", 9)
    return world


def test_the_same_evidence_stands_together_with_its_scores(four):
    [group] = page(four).groups
    assert (group.pattern.words, group.fits_words) == ("All met", "The KPI column fits 7 and 6.")
    assert group.spread_words == "3 grades: 4 to 7"
    assert [(name, [(each.score, each.distance_words) for each in theirs]) for name, theirs in group.officers] == [
        ("Council Contract officer", [(7, "Fits")]),
        ("Kim Officer", [(6, "Fits"), (4, "2 below")]),
    ]


def test_each_officer_is_summed_up(four):
    assert [(row.officer, row.tally.inside, row.tally.below, row.tally.mean_words) for row in page(four).officers] == [
        ("Council Contract officer", 1, 0, "0.0"),
        ("Kim Officer", 1, 1, "1.0 below"),
    ]
    assert page(four).tally.without_evidence == 1


def test_the_page_says_it_in_words(four):
    text = shown(four)
    check(four.browser("commissioner").get(PAGE).content.decode())
    for said in (
        "Same evidence, different scores in 1 group",
        "All metThe KPI column fits 7 and 6.",
        "Kim’s low2 of 2 met",
        "Reason: The board has lost faith.",
        "Graded without KPI evidence (1)",
        "Nothing measured",
    ):
        assert said in text


def test_the_widest_spread_comes_first(world):
    graded(world, "Short", 1, 80)
    graded(world, "Met", 7, 95)
    graded(world, "Met too", 9, 95)
    assert [group.pattern.words for group in page(world).groups] == ["All met", "All short of target, no plans"]


def test_what_no_score_fits_has_no_distance(world):
    graded(world, "Odd", 5, 95, 80)
    found = page(world)
    assert found.groups[0].fits_words == "No score of the scale describes such evidence."
    assert (found.tally.nothing_fits, found.tally.measured, found.tally.mean) == (1, 0, None)
    assert "No score fits" in shown(world)


def test_drafts_are_no_grades_and_not_assessed_is_none(world):
    graded(world, "Draft", 5, 95, state="draft")
    graded(world, "Not assessed", None, 95)
    assert page(world).graded == []
    assert "No grade has KPI evidence beside it" in shown(world)


def test_three_months_each_with_the_evidence_of_its_own(world):
    contract = world.contract(title="Respite")
    kpi = make_kpi(contract)
    for month, jet, value in ((SEPTEMBER, 1, 80), (OCTOBER, 7, 95)):
        make_return(contract, month, jet=jet)
        make_reading(kpi, value, month)
    assert [group.pattern.words for group in page(world).groups] == ["All met"]
    assert [group.pattern.words for group in page(world, "months=3").groups] == [
        "All met", "All short of target, no plans"
    ]  # fmt: skip
    assert "August 2014 to October 2014" in shown(world, f"{PAGE}?months=3")


def test_the_grade_is_of_whom_the_return_came_though_the_contract_has_changed_hands(world, kim):
    graded(world, "Handed on", 7, 95, contract={"officer": kim}, submitted_by=world.people["contract_officer"])
    assert [row.officer for row in page(world).officers] == ["Council Contract officer"]
    graded(
        world, "Stood in for", 7, 95, submitted_by=world.people["contract_officer"], submitted_for=kim
    )  # fmt: skip
    assert [row.officer for row in page(world).officers] == ["Council Contract officer", "Kim Officer"]


def test_a_service_area_narrows_page_and_file(four):
    other = ServiceArea.objects.create(unit=four.unit, name="Early years")
    graded(four, "Elsewhere", 7, 95, contract={"service_area": other})
    assert page(four).areas == [("Disability", 4), ("Early years", 1)]
    narrowed = page(four, "area=Early+years")
    assert [each.contract.title for each in narrowed.graded] == ["Elsewhere"]
    assert [row[6] for row in rows_of(four, f"{PAGE}export.csv?area=Early+years")] == ["Contract", "Elsewhere"]
    assert page(four, "area=Gone").areas == [("Disability", 4), ("Early years", 1), ("Gone", 0)]


def test_the_file_holds_what_the_page_shows_and_runs_nothing(four):
    graded(four, "=2+3", 8, 95, kpi_reason="@SUM(A1)")
    rows = rows_of(four)
    assert rows[0][:6] == [
        "Month", "KPI evidence", "The KPI column fits", "Contract officer", "JET", "Against the KPI column"
    ]  # fmt: skip
    assert [(row[6], row[4], row[5]) for row in rows[1:]] == [
        ("'=2+3", "8", "1 above"),
        ("As the column says", "7", "Fits"),
        ("Kim’s too", "6", "Fits"),
        ("Kim’s low", "4", "2 below"),
        ("Nothing measured", "9", ""),
    ]
    assert rows[1][-1] == "'@SUM(A1)"


def test_there_is_no_file_of_another_kind(four):
    assert four.browser("commissioner").get(f"{PAGE}export.pdf").status_code == 404


def test_only_what_the_person_may_review_is_compared(four):
    secret = graded(four, "Prices under tender", 2, 95, 95, kpi_reason="Secret reason")
    restrict_contract(
        contract=secret,
        reason="Tender",
        named=[four.council],
        review_on=datetime.date(2015, 3, 31),
        by=four.people["commissioner"],
    )
    neighbour = make_contract(four.outsider_unit, title="Neighbour")
    make_return(neighbour, jet=1)
    make_reading(make_kpi(neighbour), 95)
    assert "Prices under tender" in shown(four)
    assert "Neighbour" not in shown(four)
    theirs = shown(four, who="ccg_commissioner")
    assert "Prices under tender" not in theirs
    assert "Secret reason" not in theirs
    assert "3 grades: 4 to 7" in theirs
    assert not [row for row in rows_of(four, who="ccg_commissioner") if "Prices under tender" in row]


@pytest.mark.parametrize("params", ["", "?months=3"])
@pytest.mark.parametrize("number", [1, 30])
def test_as_many_queries_for_any_number_of_contracts(world, number, params):
    for place in range(number):
        people = {"submitted_by": world.people["contract_officer"], "submitted_for": world.people["service_manager"]}
        graded(world, f"Contract {place}", 5, 90 + place % 9, months=(AUGUST, SEPTEMBER, OCTOBER), **people)
    browser = world.browser("commissioner")
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(f"{PAGE}{params}").status_code == 200
    assert len(asked) == QUERIES[params]


def test_the_review_leads_here(world):
    world.contract()
    answer = world.browser("commissioner").get("/returns/2014-10/review/mercia-children/")
    assert f'href="{PAGE}"' in answer.content.decode()
