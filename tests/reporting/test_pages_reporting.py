"""Dashboard, register, contract and audit pages: the same number of queries for 1 and for 30 contracts."""

import datetime

import html5lib
import pytest
import zeal
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.services.contract import ContractParts, change_contract
from contracts.services.returns import Figures, submit_return
from reporting.queries.register_columns import COLUMNS
from tests.plan_world import make_step
from tests.world import OCTOBER, make_contract, make_return

SEPTEMBER = datetime.date(2014, 9, 1)

ALL_COLUMNS = ",".join(column.code for column in COLUMNS)

#: address, who, and the queries of the page, session and person included.
PAGES = [
    ("/", "commissioner", 12),
    ("/", "observer", 12),
    ("/contracts/", "commissioner", 9),
    ("/contracts/?q=willow&risk=red&sort=-ends", "commissioner", 9),
    (f"/contracts/?cols={ALL_COLUMNS}&sort=-decide", "commissioner", 9),
    ("/contracts/", "provider_contact", 8),
    ("/contracts/CS-1/", "commissioner", 15),
    ("/contracts/CS-1/", "provider_contact", 11),
    ("/audit/", "auditor", 13),
    ("/audit/?contract=CS-1", "auditor", 13),
]


def fill(world, number, start=1):
    """Contracts that show on every part of every page, each with an act of its own."""
    boss = world.people["commissioner"]
    for place in range(start, start + number):
        contract = world.contract(
            reference=f"CS/{place}",
            options=[12, 12],
            initial_end=datetime.date(2015, 3, 31),
            funding={world.council: 8000, world.ccg: 4000},
            providers=[world.provider, world.other_provider],
        )
        make_step(contract)
        contract.deputies.add(world.people["service_manager"])
        make_return(contract, SEPTEMBER, risk="amber", jet=5)
        submit_return(contract=contract, month=OCTOBER, figures=Figures("red", 3, "", "Worse."), version=0, by=boss)
        change_contract(
            contract=contract, details={"title": f"Renamed {place}", "officer": boss}, parts=ContractParts(),
            version=contract.version, by=boss, reason="Typed wrong",
        )  # fmt: skip


def queries_of(world, url, who):
    browser = world.browser(who)
    with CaptureQueriesContext(connection) as captured, zeal.zeal_context():
        answer = browser.get(url)
    assert answer.status_code == 200, url
    return len(captured)


@pytest.mark.parametrize(("url", "who", "queries"), PAGES)
def test_the_number_of_queries_does_not_grow(world, url, who, queries):
    fill(world, 1)
    assert queries_of(world, url, who) == queries
    fill(world, 29, start=2)
    assert queries_of(world, url, who) == queries


def page(world, url, who="commissioner"):
    answer = world.browser(who).get(url)
    assert answer.status_code == 200, (url, who)
    return answer.content.decode()


@pytest.mark.parametrize(
    "url", ["/", "/?month=2014-07", "/contracts/", "/contracts/?q=none", "/contracts/CS-1/", "/audit/"]
)
def test_the_markup_parses_and_has_one_heading(world, url):
    fill(world, 2)
    text = page(world, url, "auditor")
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)
    # the doctype, SVG's own attributes and the like are the parser's business; tags that do not match are not
    faults = [fault for _, fault, _ in parser.errors if "tag" in fault]
    assert faults == []
    assert len(tree.findall(".//h1")) == 1
    assert tree.find(".//html") is None
    ids = [element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")]
    assert sorted(ids) == sorted(set(ids))
    for field in (*tree.iter("input"), *tree.iter("select")):
        if field.get("type") not in ("hidden", "submit"):
            assert tree.find(f".//label[@for='{field.get('id')}']") is not None, field.attrib
    assert all(table.find("caption") is not None for table in tree.iter("table"))


@pytest.mark.parametrize(
    "url", ["/?month=2014-11", "/?month=x", "/contracts/?month=2015-01", "/contracts/CS-1/?month=0"]
)
def test_a_month_that_is_none_is_not_found(world, url):
    fill(world, 1)
    assert world.browser("commissioner").get(url).status_code == 404


def test_a_unit_without_contracts_says_so_with_the_nearest_link(world):
    assert "No contracts yet in Children’s commissioning." in page(world, "/")
    assert "Import a register" in page(world, "/")
    assert "Import a register" not in page(world, "/", "observer")
    assert "No contracts yet" in page(world, "/contracts/")


def test_buttons_are_for_those_who_may(world):
    fill(world, 1)
    for who, exports, edits in (
        ("commissioner", True, True), ("finance", True, False), ("clinical_lead", False, False),
        ("observer", False, False), ("provider_contact", False, False),
    ):  # fmt: skip
        text = page(world, "/contracts/", who)
        assert ("This view, Excel" in text) is exports, who
        assert ("Whole register rows, to edit and import: Excel" in text) is exports, who
        assert ("Add a contract" in text) is edits, who


def test_the_export_keeps_the_filter(world):
    fill(world, 1)
    text = page(world, "/contracts/?risk=red&page=1&sort=ends")
    assert "/contracts/export.xlsx?risk=red&amp;sort=ends" in text


def test_sort_links_say_their_direction(world):
    fill(world, 1)
    text = page(world, "/contracts/?sort=ends&risk=red")
    assert 'aria-sort="ascending"><a class="jc-sort" href="?risk=red&amp;sort=-ends">Term ends' in text
    assert 'aria-sort="descending"><a class="jc-sort" href="?risk=red&amp;sort=ends">Term ends' in page(
        world, "/contracts/?sort=-ends&risk=red"
    )
    assert text.count("aria-sort") == 1


def test_typed_words_are_escaped(world):
    fill(world, 1)
    text = page(world, "/contracts/?q=<script>alert(1)</script>")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize("url", ["/", "/contracts/", "/contracts/CS-1/", "/audit/"])
def test_nobody_signed_in_is_sent_to_sign_in(world, url):
    answer = world.browser("anonymous").get(url)
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")


def test_one_reference_in_two_units(world):
    fill(world, 1)
    theirs = make_contract(world.outsider_unit, reference="CS/1", title="Their own", providers=[world.provider])
    make_return(theirs, risk="green", jet=7)
    assert "Renamed 1" in page(world, "/contracts/CS-1/")
    assert "Their own" in page(world, "/contracts/CS-1/", "outsider")
    both = page(world, "/contracts/CS-1/", "provider_contact")
    assert "Which contract?" in both
    assert "/contracts/CS-1/?unit=borderland" in both
    assert "Their own" in page(world, "/contracts/CS-1/?unit=borderland", "provider_contact")
    assert "Renamed 1" in page(world, "/contracts/CS-1/?unit=mercia-children", "provider_contact")
    assert world.browser("commissioner").get("/contracts/CS-1/?unit=borderland").status_code == 404


def test_views_of_contracts_to_return_or_complete_are_shown_to_those_who_do_that(world):
    world.contract()
    shown = {
        who: [
            name in world.browser(who).get("/contracts/").content.decode() for name in ("My contracts", "To complete")
        ]
        for who in ("commissioner", "contract_officer", "board_secretary", "auditor", "provider_contact")
    }
    assert shown == {
        "commissioner": [True, True],
        "contract_officer": [True, False],
        "board_secretary": [False, False],
        "auditor": [False, False],
        "provider_contact": [False, False],
    }
