"""Every number of the dashboard that leads into the register opens exactly that many rows, whatever the month."""

import csv
import datetime
import re
from io import StringIO

import pytest

from accounts.permissions import Role
from commissioning.services.people import give_role
from contracts.choices import NoticeGivenBy
from contracts.services.restriction import restrict_contract
from tests.reporting.numbers import differences, first_number, plain, rows_of
from tests.world import LONG_AGO, OCTOBER, make_contract, make_return

SEPTEMBER, AUGUST = datetime.date(2014, 9, 1), datetime.date(2014, 8, 1)
FIRST = datetime.date(2012, 11, 1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def awkward(world):
    """Contracts that two ways of counting would tell apart, in two units with different due days."""
    terms = {
        "Ended in the month": ("2012-06-01", "2014-10-15"),
        "Ended since": ("2012-06-01", "2014-11-02"),
        "Ended before": ("2012-06-01", "2014-09-30"),
        "Ended in the first month": ("2012-06-01", "2012-11-20"),
        "Ends on the day": ("2012-06-01", "2014-11-04"),
        "Ends today a month back": ("2012-06-01", "2014-10-31"),
        "Started since": ("2014-11-01", "2016-03-31"),
        "Started since and short": ("2014-11-03", "2015-03-31"),
        "Started a month back": ("2014-10-01", "2015-06-30"),
        "Started after the first month": ("2012-12-01", "2013-06-30"),
        "To start": ("2014-11-20", "2016-03-31"),
        "No start": (None, None),
        "No end": ("2012-06-01", None),
    }
    made = {
        title: world.contract(title=title, start=start and day(start), initial_end=end and day(end))
        for title, (start, end) in terms.items()
    }
    made["Noticed"] = world.contract(
        title="Noticed", start=LONG_AGO, notice_given_on=day("2014-10-20"), notice_given_by=NoticeGivenBy.PROVIDER,
        notice_ends_on=day("2015-01-31"),
    )  # fmt: skip
    made["Secret"] = world.contract(title="Secret", initial_end=day("2015-02-28"), providers=[world.other_provider])
    made["Not asked"] = world.contract(title="Not asked", returns_from=OCTOBER, initial_end=day("2015-03-31"))
    made["Asked later"] = world.contract(title="Asked later", returns_from=day("2014-11-01"))
    world.outsider_unit.return_working_day = 1
    world.outsider_unit.save()
    made["Other unit"] = make_contract(world.outsider_unit, title="Other unit", providers=[world.provider])
    make_contract(world.outsider_unit, title="Other silent", initial_end=day("2015-01-31"))
    for title, months in {
        "Ended in the month": {OCTOBER: "red", SEPTEMBER: "red"},
        "Ended since": {SEPTEMBER: "amber"},
        "Noticed": {OCTOBER: "red", AUGUST: "green", FIRST: "red"},
        "No end": {OCTOBER: "amber", SEPTEMBER: "red", FIRST: "amber"},
        "Secret": {OCTOBER: "red"},
        "Not asked": {SEPTEMBER: "red"},
        "Asked later": {OCTOBER: "red"},
        "Started since": {SEPTEMBER: "red"},
        "Other unit": {SEPTEMBER: "green"},
    }.items():
        for month, risk in months.items():
            make_return(made[title], month, risk=risk, jet=3 if risk == "red" else 6)
    restrict_contract(
        contract=made["Secret"], reason="Price talks", named=[world.council], review_on=day("2015-03-01"),
        by=world.people["commissioner"],
    )  # fmt: skip
    for role in (Role.COMMISSIONER, Role.BOARD_SECRETARY):
        world.people[f"{role} of both"] = world.people[str(role)]
        give_role(user=world.people[str(role)], organisation=world.outsider_council, role=role, since=LONG_AGO, by=None)
    return world


WHO = ["commissioner", "board_secretary", "observer", "ccg_commissioner", "provider_contact"]


@pytest.mark.parametrize("month", ["", "2014-09", "2012-11"])
@pytest.mark.parametrize("who", WHO)
def test_every_number_opens_as_many_rows(awkward, who, month):
    if month == "2012-11" and who == "provider_contact":
        awkward.contract(title="From the first", start=LONG_AGO)
    different, links = differences(awkward.browser(who), month)
    assert different == []
    assert links >= (7 if who == "provider_contact" else 8)


def test_the_walk_reads_numbers_that_are_not_all_alike(awkward):
    """A walk over nothing but noughts would prove nothing."""
    browser = awkward.browser("commissioner")
    assert rows_of(browser, "/contracts/") == 11
    assert rows_of(browser, "/contracts/?month=2014-09") == 10
    assert rows_of(browser, "/contracts/?risk=red") == 4
    assert rows_of(browser, "/contracts/?status=started_since") == 2
    html = browser.get("/").content.decode()
    queue = html[: html.index("to decide soon")]
    assert first_number(plain(queue[queue.rindex("<h2>") :])) == 6


@pytest.mark.parametrize("month", ["", "month=2014-09"])
@pytest.mark.parametrize("more", ["", "&risk=red", "&status=started_since"])
def test_the_export_holds_what_the_register_shows(awkward, month, more):
    browser = awkward.browser("commissioner")
    answer = browser.get(f"/contracts/export.csv?{month}{more}")
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    shown = rows_of(browser, f"/contracts/?{month}{more}")
    titles = {row[rows[0].index("Title")] for row in rows[1:]}
    assert (len(rows) - 1, len(titles)) == (shown, shown)


def views(page: str) -> dict[str, int]:
    nav = re.search(r'<ul class="jc-views">(.*?)</ul>', page, re.DOTALL)[1]
    words = (plain(link) for link in re.findall(r"<a.*?</a>", nav, re.DOTALL))
    return {text.rpartition(" (")[0]: first_number(text.rpartition("(")[2]) for text in words}


def test_what_started_since_and_what_is_not_asked_are_reached_by_their_own_views(awkward):
    browser = awkward.browser("commissioner")
    now, before = (views(browser.get(url).content.decode()) for url in ("/contracts/", "/contracts/?month=2014-09"))
    assert (now["Started since October"], now["No return asked for October"]) == (2, 1)
    assert (before["Started since September"], before["No return asked for September"]) == (1, 2)
    first = views(browser.get("/contracts/?month=2012-11").content.decode())
    assert first["Started since November"] == 1


def test_a_view_of_nothing_is_not_offered(world):
    world.contract()
    page = world.browser("commissioner").get("/contracts/").content.decode()
    assert set(views(page)) == {
        "All current", "My contracts", "Red or amber", "Newly red", "Ending within 6 months",
        "Part-funded by the NHS", "Not returned", "To complete",
    }  # fmt: skip
    assert "No return asked" not in page


def test_a_unit_whose_first_month_is_still_to_come_is_led_to_its_contracts(world):
    world.unit.first_return_month = day("2014-11-01")
    world.unit.save()
    world.contract(title="Short breaks")
    browser = world.browser("commissioner")
    html = browser.get("/").content.decode()
    assert "No contract expects a return for October 2014." in html
    url = re.search(r'href="(/contracts/[^"]*)">See all contracts</a></p>\s*\n', html)[1].replace("&amp;", "&")
    assert rows_of(browser, url) == 1
    assert views(browser.get("/contracts/").content.decode())["No return asked for October"] == 1


def test_in_the_first_month_nothing_has_moved(world):
    make_return(world.contract(start=day("2014-10-01")), risk="red", jet=3)
    html = world.browser("commissioner").get("/").content.decode()
    assert "First month. 1 of 1 returned." in html
    assert html.count(">first month<") == 4
    assert "more" not in plain(html[html.index("Risk ratings now") : html.index("<tfoot>")])
    assert "The black line on each column" not in html
