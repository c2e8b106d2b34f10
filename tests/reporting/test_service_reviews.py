"""The list and the page of service reviews, what leaves as a file, and what stays unknown to who may not see it."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from commissioning.access import scope_of
from commissioning.services.people import give_role
from contracts.services.restriction import restrict_contract
from contracts.services.service_reviews import change_review, decide_sourcing, set_element
from reporting.queries.service_reviews import ServiceReviewsExport
from tests.permissions.addresses import text_of
from tests.review_world import DETAILS, make_review
from tests.world import LONG_AGO, TODAY, client_for, make_person

LIST = "/service-reviews/"


def titles(world, query="", who="commissioner"):
    return [row.title for row in world.browser(who).get(f"{LIST}{query}").context["page"].rows]


def exported(browser, query=""):
    text = text_of(browser.get(f"{LIST}export.csv{query}")).lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def three(world):
    reviews = [
        make_review(world, title="Leaving care"),
        make_review(world, title="Youth housing", ends_on=datetime.date(2015, 9, 30), planned_options=[]),
        make_review(world, title="Family support", ends_on=None, lead=world.people["finance"]),
    ]
    decide_sourcing(
        review=reviews[0], sourcing="grant", on=TODAY, words="Executive", version=1, in_spite_of_gaps=True,
        by=world.people["commissioner"],
    )  # fmt: skip
    element = reviews[1].elements.first()
    set_element(
        element=element, state="done", on=TODAY, document=None, words="", version=1, by=world.people["commissioner"]
    )
    return reviews


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Leaving care", "Youth housing", "Family support"]),
        ("?state=open", ["Youth housing", "Family support"]),
        ("?state=decided", ["Leaving care"]),
        ("?q=HOUSING", ["Youth housing"]),
        ("?since=1/4/2015", ["Youth housing"]),
        ("?since=1 March 2015&until=30 September 2015", ["Leaving care", "Youth housing"]),
        ("?until=2015-03-31", ["Leaving care"]),
        ("?sort=title", ["Family support", "Leaving care", "Youth housing"]),
        ("?sort=lead", ["Family support", "Leaving care", "Youth housing"]),
        ("?sort=progress", ["Family support", "Leaving care", "Youth housing"]),
        ("?sort=decision", ["Family support", "Youth housing", "Leaving care"]),
    ],
)
def test_the_list_and_the_file_hold_what_the_address_asks_for(world, three, query, found):
    assert titles(world, query) == found
    assert [row["Service"] for row in exported(world.browser("commissioner"), query)] == found


def test_what_the_address_says_wrong_is_said_and_left_out(world, three):
    page = world.browser("commissioner").get(f"{LIST}?state=maybe&until=31 February 2015&colour=blue")
    assert page.context["page"].unknown == "colour, state maybe and the day 31 February 2015"
    assert len(page.context["page"].rows) == 3


def test_a_row_says_how_far_it_is(world, three):
    rows = {row.title: row for row in world.browser("observer").get(LIST).context["page"].rows}
    assert (rows["Youth housing"].progress, rows["Youth housing"].decision) == ("1 of 5 elements done", "Open")
    assert (rows["Leaving care"].decision, rows["Leaving care"].decided) == ("Grant", "4 Nov 2014")
    assert "Review of current services: done" in rows["Youth housing"].marks


def test_the_file_says_all_of_a_review(world, three):
    contract = world.contract(reference="CS/0147")
    change_review(
        review=three[1],
        details=DETAILS | {"title": "=Youth housing"},
        contracts=[contract],
        version=1,
        by=world.people["commissioner"],
    )
    row = next(row for row in exported(world.browser("finance")) if "Youth" in row["Service"])
    assert row["Service"] == "'=Youth housing"
    assert (row["Review of current services"], row["Financial review"]) == ("Done", "Not started")
    assert row["Planned length"] == "3 years, with options of 12 and 12 months: 5 years in all"
    assert (row["Contracts"], row["Service ends"]) == ("CS/0147", "2015-03-31")


def test_the_file_is_one_query_whatever_hangs_on_a_review(world, three, django_assert_num_queries):
    contracts = [world.contract(reference=f"CS/{number}") for number in (2, 1)]
    make_review(world, title="Advocacy", contracts=contracts)
    export = ServiceReviewsExport(user=world.people["commissioner"], unit=None, params=QueryDict("sort=title"))
    scope_of(world.people["commissioner"])
    with django_assert_num_queries(1):
        rows = list(export.rows())
    assert [row[0] for row in rows] == ["Advocacy", "Family support", "Leaving care", "Youth housing"]
    assert rows[0][-1] == "CS/1, CS/2"
    assert rows[3][7:12] == ["Done", "Not started", "Not started", "Not started", "Not started"]


def test_the_page_draws_the_planned_length_and_says_it(world, three):
    page = world.browser("commissioner").get(f"{LIST}{three[0].pk}/").context["page"]
    assert page.plan.words == "3 years, with options of 12 and 12 months: 5 years in all"
    assert [item.text for item in page.plan.terms] == [
        "1 April 2015 to 31 March 2018.",
        "1 April 2018 to 31 March 2019.",
        "1 April 2019 to 31 March 2020.",
    ]
    assert (page.plan.latest_end, "jc-track" in page.plan.track) == ("31 March 2020", True)
    undated = world.browser("commissioner").get(f"{LIST}{three[2].pk}/").context["page"]
    assert (undated.plan.track, undated.plan.latest_end) == ("", "")


# What stays unknown


@pytest.fixture
def hidden(world):
    """A review of one open contract and of one restricted to the council."""
    secret = world.contract(title="Prices under tender", reference="CS/0900")
    review = make_review(world, title="Secret sourcing", contracts=[world.contract(reference="CS/0001"), secret])
    restrict_contract(
        contract=secret, reason="Tender", named=[world.council, world.provider],
        review_on=datetime.date(2015, 3, 31), by=world.people["commissioner"],
    )  # fmt: skip
    return review


@pytest.mark.parametrize("who", ["ccg_commissioner", "observer"])
def test_a_review_of_a_restricted_contract_does_not_exist_for_others(world, three, hidden, who):
    assert (len(titles(world, who=who)), len(titles(world))) == (3, 4)
    browser = world.browser(who)
    for address in (LIST, f"{LIST}?q=secret", f"{LIST}?sort=title", "/contracts/CS-0001/", "/contracts/"):
        page = browser.get(address).content.decode()
        assert [word for word in ("Secret sourcing", "CS/0900", "4 reviews") if word in page] == []
    for part in ("", "change/", "decide/", "elements/finance/", "options/new/", "documents/new/"):
        assert browser.get(f"{LIST}{hidden.pk}/{part}").status_code == 404


def test_nor_in_a_file_or_the_history(world, three, hidden):
    auditor = client_for(make_person("Ccg Auditor", world.ccg, Role.AUDITOR))
    assert len(exported(auditor)) == 3
    log = auditor.get("/audit/").content.decode()
    assert ("Secret sourcing" in log, "Review of Youth housing, begun on 12 September 2014" in log) == (False, True)
    assert "Secret sourcing" in world.browser("auditor").get("/audit/").content.decode()


def test_who_also_speaks_for_its_provider_reads_no_review_of_it(world, hidden):
    give_role(
        user=world.people["finance"], organisation=world.provider, role=Role.PROVIDER_CONTACT, since=LONG_AGO, by=None
    )
    assert titles(world, who="finance") == []
    assert titles(world, who="clinical_lead") == ["Secret sourcing"]


def test_a_provider_s_contact_is_told_nothing_of_a_review(world):
    contract = world.contract(reference="CS/0147")
    make_review(world, title="Secret sourcing", contracts=[contract])
    browser = world.browser("provider_contact")
    assert [browser.get(address).status_code for address in (LIST, f"{LIST}export.csv")] == [403, 403]
    assert "Secret sourcing" not in browser.get("/contracts/CS-0147/").content.decode()
    assert "Service reviews" not in browser.get("/contracts/").content.decode()
    assert "Secret sourcing" in world.browser("finance").get("/contracts/CS-0147/").content.decode()


# How much is asked


def asked(browser, address):
    with CaptureQueriesContext(connection) as queries:
        text_of(browser.get(address))
    return len(queries)


def test_the_list_the_file_and_the_page_ask_the_same_for_one_and_for_thirty(world):
    contract = world.contract()
    review = make_review(world, contracts=[contract])
    browser = world.browser("commissioner")
    browser.get(LIST)
    addresses = (LIST, f"{LIST}export.csv", f"{LIST}{review.pk}/", contract.url_in_unit)
    few = [asked(browser, address) for address in addresses]
    for number in range(30):
        make_review(world, title=f"Service {number}", contracts=[contract, world.contract()])
    assert [asked(browser, address) for address in addresses] == few
    assert few[:3] == [6, 4, 8]
