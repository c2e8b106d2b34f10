"""The monthly review filtered and sorted by its address."""

import html
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from commissioning.models import ServiceArea
from contracts.choices import Management, ReturnState
from contracts.queries.month_review import UnitMonth, month_review_page
from contracts.queries.review_shown import review_shown
from contracts.services.review_actions import note_action
from tests.contracts.test_month_review import (
    QUERIES,
    REVIEW,
    SEPTEMBER,
    calm,
    key,
    make_view,
    review,
    secret,
    titles,
    words,
)
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER, TODAY, make_return


def shown(world, query="", who="commissioner"):
    page = month_review_page(world.people[who], UnitMonth(world.unit, OCTOBER))
    return review_shown(page, QueryDict(query))


def left(world, query, who="commissioner"):
    return sorted(titles(shown(world, query, who).rows))


@pytest.fixture
def month(world):
    """One contract of every kind of choice."""
    calm(world, "Accepted", state=ReturnState.ACCEPTED, jet=8)
    calm(world, "Amended", state=ReturnState.AMENDED, amendment_reason="A figure was wrong.", jet=7)
    calm(world, "Waits", risk="amber", jet=5)
    calm(world, "Ungraded", jet=None)
    calm(world, "Red", risk="red", jet=2)
    calm(world, "Back", state=ReturnState.SENT_BACK, review_note="Which?")
    contract = world.contract(
        title="Other",
        reference="EX/0042",
        officer=world.people["commissioner"],
        service_area=ServiceArea.objects.create(unit=world.unit, name="Early years"),
        management=Management.DEVOLVED,
        providers=[world.other_provider],
    )
    make_return(contract, SEPTEMBER)
    make_return(world.contract(title="Nobody", officer=None, service_area=None), SEPTEMBER)
    return world


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("risk=red", ["Red"]),
        ("risk=red&risk=amber", ["Red", "Waits"]),
        ("risk=none", ["Back", "Nobody", "Other"]),
        ("jet=inadequate", ["Red"]),
        ("jet=requires_improvement", ["Waits"]),
        ("jet=outstanding&jet=good", ["Accepted", "Amended"]),
        ("jet=not_assessed", ["Ungraded"]),
        ("state=to_review", ["Red", "Ungraded", "Waits"]),
        ("state=accepted", ["Accepted"]),
        ("state=amended", ["Amended"]),
        ("state=sent_back", ["Back"]),
        ("state=not_returned", ["Back", "Nobody", "Other"]),
        ("area=Early+years", ["Other"]),
        ("area=none", ["Nobody"]),
        ("officer=none", ["Nobody"]),
        ("officer=999999", []),
        ("area=Nowhere", []),
        ("managed=devolved", ["Other"]),
        ("q=oth", ["Other"]),
        ("q=ALDER+other", ["Other"]),
        ("q=alder+red", []),
        ("q=ex/0042", ["Other"]),
        ("q=EX-0042", ["Other"]),
        ("risk=red&state=accepted", []),
    ],
)
def test_each_choice_finds_its_own(month, query, found):
    assert left(month, query) == found


def test_an_officer_is_found_by_number(month):
    assert left(month, f"officer={month.people['commissioner'].pk}") == ["Other"]


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        ("risk=blue", ("risk",)),
        ("jet=splendid&state=lost&managed=well&officer=x", ("officer", "jet", "state", "managed")),
        ("colour=red", ("colour",)),
        ("sort=hue", ("sort hue",)),
        ("risk=&q=&sort=", ()),
    ],
)
def test_what_is_not_known_is_left_out_and_said(month, query, unknown):
    found = shown(month, query)
    assert found.filter.unknown == unknown
    assert len(found.rows) == 8
    text = words(review(month, path=f"{REVIEW}?{query}"))
    assert ("is not known and was left out" in text) is bool(unknown)


def test_the_known_part_of_a_filter_stands(month):
    found = shown(month, "risk=red&risk=blue")
    assert (titles(found.rows), found.filter.unknown) == (["Red"], ("risk",))


def test_the_headings_say_what_is_shown_and_the_first_counts_the_month(month):
    text = words(review(month, path=REVIEW + "?risk=amber&risk=red"))
    assert "Review of October 2014: 5 of 8 returned, 1 accepted, 1 amended" in text
    assert "2 of 8 shown. Risk of the month: Red, Amber." in text
    for heading in (
        "Contracts of concern (1 of 1 shown)",
        "To review (1 of 2 shown)",
        "Accepted (0 of 2 shown)",
        "Not returned (0 of 3 shown)",
    ):
        assert heading in text
    assert "All 1 shown under “To review”" in text
    assert "Nothing here fits the filter." in text
    whole = words(review(month))
    assert "Accepted (2)" in whole
    assert "of 8 shown" not in whole


def test_actions_are_of_the_contracts_shown(month):
    page = month_review_page(month.people["commissioner"], UnitMonth(month.unit, OCTOBER))
    for row in page.rows:
        if row.contract.title in ("Red", "Waits"):
            note_action(
                contract=row.contract, month=OCTOBER, text=f"Mend {row.contract.title}", owner="A. Person",
                due_on=TODAY, provider=None, by=month.people["commissioner"],
            )  # fmt: skip
    found = shown(month, "risk=red")
    assert ([action.text for action in found.actions], found.actions_count) == (["Mend Red"], "1 of 2 shown")
    assert len(shown(month).actions) == 2


# Sorted


@pytest.fixture
def four(world):
    calm(world, "A", risk="amber", jet=7)
    calm(world, "B", risk="green", jet=4 + 1)
    calm(world, "C", risk="green", jet=None)
    make_return(world.contract(title="D", officer=world.people["commissioner"]), risk="amber", jet=8)
    return world


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "ADBC"),
        ("contract", "ABCD"),
        ("-contract", "DCBA"),
        ("officer", "DABC"),
        ("-officer", "ABCD"),
        ("risk", "ADBC"),
        ("-risk", "BCAD"),
        ("jet", "BADC"),
        ("-jet", "DABC"),
        ("movement", "ABCD"),
        ("-movement", "CBAD"),
        ("hue", "ADBC"),
    ],
)
def test_the_tables_are_sorted_by_each_column(four, sort, order):
    assert "".join(titles(shown(four, f"sort={sort}").to_review)) == order


def test_the_page_opens_at_the_next_of_what_is_shown(four):
    rows = shown(four, "sort=-jet&risk=amber").to_review
    assert [(row.contract.title, row.opens_at) for row in rows] == [("D", rows[1].contract.pk), ("A", 0)]


def test_a_heading_sorts_and_turns_round_and_keeps_the_filter(four):
    text = html.unescape(review(four, path=REVIEW + "?risk=amber&sort=jet").content.decode())
    assert '<th scope="col" aria-sort="ascending"><a class="jc-sort" href="?risk=amber&sort=-jet">JET</a></th>' in text
    assert '<a class="jc-sort" href="?risk=amber&sort=officer">Officer</a>' in text
    assert 'The tables are sorted by “JET”. <a class="govuk-link" href="?risk=amber">Usual order</a>' in text


# Reviewed


def test_all_ticks_only_what_is_shown_and_the_page_stays_filtered(four):
    address = REVIEW + "?risk=amber"
    text = review(four, path=address).content.decode()
    bulk = re.search(r'<form class="jc-sticky.*?</form>', text, re.DOTALL)[0]
    keys = re.findall(r'name="shown" value="([^"]+)"', bulk)
    answer = four.browser("commissioner").post(address, {"all": "1", "shown": keys, "do": "accept"})
    assert answer.headers["Location"] == address
    assert titles(shown(four).accepted) == ["A", "D"]


def test_a_fault_is_shown_on_the_filtered_page(four):
    [first, _] = shown(four, "risk=amber").to_review
    answer = four.browser("commissioner").post(REVIEW + "?risk=amber", {"row": first.key, "do": "send_back"})
    assert answer.status_code == 200
    assert "2 of 4 shown" in words(answer)


def test_an_action_leads_back_to_the_filtered_page(four):
    [row, _] = shown(four, "risk=amber").to_review
    text = review(four, path=REVIEW + "?risk=amber").content.decode()
    address = f"{REVIEW}action/{row.contract.pk}/?risk=amber"
    assert f'href="{address}"' in text
    posted = {"text": "Hire", "owner": "A. Person", "due_on": "31 December 2014"}
    answer = four.browser("commissioner").post(address, posted)
    assert answer.headers["Location"] == f"{REVIEW}?risk=amber#c{row.contract.pk}"
    assert f'href="{REVIEW}?risk=amber#c{row.contract.pk}"' in review(four, path=address).content.decode()


def test_one_sent_back_leads_back_to_the_filtered_page(four):
    first, second = shown(four, "risk=amber").to_review
    assert first.key == key(first.row, second.contract.pk)
    answer = four.browser("commissioner").post(REVIEW + "?risk=amber", {"one": "1", "row": first.key, "do": "accept"})
    assert answer.headers["Location"] == f"{REVIEW}?risk=amber#c{second.contract.pk}"


# Sight and speed


def test_a_restricted_contract_is_neither_shown_nor_counted(world):
    secret(world)
    calm(world, "Open", risk="red")
    for query in ("?risk=red", "?q=prices", "?sort=risk"):
        text = words(review(world, "ccg_commissioner", REVIEW + query))
        assert "Prices under tender" not in text
        assert "Red (1)" in text
    assert left(world, "risk=red", "ccg_commissioner") == ["Open"]
    assert left(world, "risk=red") == ["Open", "Prices under tender"]


@pytest.mark.parametrize("number", [1, 30])
def test_a_filtered_page_asks_no_more(world, number):
    for place in range(number):
        area = ServiceArea.objects.create(unit=world.unit, name=f"Area {place}")
        contract, _ = calm(world, f"Contract {place}", risk=("red", "amber")[place % 2])
        make_reading(make_kpi(contract), 95)
        make_return(world.contract(title=f"Of area {place}", service_area=area), risk="red")
    browser = world.browser("commissioner")
    browser.get(REVIEW)
    with CaptureQueriesContext(connection) as asked:
        browser.get(REVIEW + "?risk=red&q=willow&area=Area+0&area=Disability&sort=-jet")
    assert len(asked) == QUERIES


def test_only_what_is_said_against_the_grade(world):
    against, _ = calm(world, "Against its KPIs")
    make_reading(make_kpi(against), 80)
    disputed, _ = calm(world, "Disputed")
    make_view(disputed, score=7)
    agreed, _ = calm(world, "Agreed")
    make_view(agreed, score=6)
    make_reading(make_kpi(agreed), 95)
    assert left(world, "beside=kpis") == ["Against its KPIs"]
    assert left(world, "beside=views") == ["Disputed"]
    assert left(world, "beside=kpis&beside=views") == ["Against its KPIs", "Disputed"]
    assert "Contradicts its KPIs (1)" in words(review(world))
