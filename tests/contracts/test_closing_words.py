"""Which months are closed, said where the month is read: units close on different days."""

import datetime
import re

import pytest

from contracts.models import MonthReview
from contracts.queries.closing import closed_review, closed_reviews, closings_among, units_with_month
from tests.world import OCTOBER, make_contract

THIRTEENTH = datetime.datetime(2014, 11, 13, 9, 30, tzinfo=datetime.UTC)
LATE_IN_SUMMER = datetime.datetime(2014, 7, 9, 23, 30, tzinfo=datetime.UTC)


def close(unit, by, at=THIRTEENTH, month=OCTOBER):
    return MonthReview.objects.create(unit=unit, month=month, closed_at=at, closed_by=by)


@pytest.fixture
def by(world):
    return world.people["commissioner"]


def words(world, units, unit=None, month=OCTOBER, who="commissioner"):
    """As the dashboard says it, from the closed reviews that its person sees."""
    reviews = MonthReview.objects.visible_to(world.people[who]).closed()
    return closings_among(reviews, [month], units=[unit] if unit else units)[month].words


def test_nothing_is_said_while_every_unit_is_open(world, by):
    close(world.unit, by, month=datetime.date(2014, 9, 1))
    assert words(world, [world.unit]) == ""


def test_one_unit(world, by):
    close(world.unit, by)
    assert words(world, [world.unit], unit=world.unit) == "October 2014 was closed on 13 November 2014."


def test_two_units_of_which_one_is_open(world, by):
    close(world.unit, by)
    assert words(world, [world.unit, world.outsider_unit]) == (
        "October 2014 was closed by Children’s commissioning on 13 November 2014. Still open: Borderland commissioning."
    )


def test_a_unit_out_of_sight_is_not_spoken_of(world, by):
    """Even if it were asked about: the outsider reads nothing of the other unit."""
    close(world.unit, by)
    assert words(world, [world.outsider_unit], who="outsider") == ""
    assert units_with_month(world.people["outsider"], OCTOBER, unit=world.unit).closing.closed == ()


def test_the_day_is_the_day_in_london(world, by):
    """Half past eleven in the evening by UTC is the next day in summer."""
    close(world.unit, by, at=LATE_IN_SUMMER, month=datetime.date(2014, 6, 1))
    said = words(world, [world.unit], unit=world.unit, month=datetime.date(2014, 6, 1))
    assert said == "June 2014 was closed on 10 July 2014."


def test_who_works_in_no_unit_is_told_of_none(world, by):
    close(world.unit, by)
    assert words(world, [], who="provider_contact") == ""
    assert units_with_month(world.people["provider_contact"], OCTOBER, unit=None).closing.words == ""


def test_closed_reviews(world, by, django_assert_num_queries):
    review = close(world.unit, by)
    with django_assert_num_queries(1):
        assert closed_reviews([world.unit.pk, world.outsider_unit.pk], OCTOBER) == {world.unit.pk: review}
    assert closed_review(world.outsider_unit.pk, OCTOBER) is None


@pytest.mark.parametrize("address", ["/", "/contracts/", "/returns/2014-10/", "/returns/2014-10/?show=everyone"])
def test_it_is_said_on_the_pages_of_the_month(world, by, address):
    world.contract(officer=by)
    close(world.unit, by)
    text = " ".join(world.browser("commissioner").get(address).content.decode().split())
    assert "October 2014 was closed on 13 November 2014." in text


@pytest.mark.parametrize(("who", "address"), [("contract_officer", "mine"), ("commissioner", "everyone")])
def test_a_closed_month_is_no_longer_overdue_and_an_open_one_is(world, by, who, address):
    world.contract(title="Respite", start=datetime.date(2014, 8, 5))
    make_contract(world.outsider_unit)
    close(world.unit, by, month=datetime.date(2014, 9, 1))
    close(world.outsider_unit, by, month=datetime.date(2014, 8, 1))
    text = " ".join(world.browser(who).get(f"/returns/2014-10/?show={address}").content.decode().split())
    [overdue] = re.findall(r"Overdue from earlier months.*?</section>", text)
    assert "August 2014" in overdue
    assert "September 2014" not in overdue


def test_the_dashboard_of_a_closed_month_waits_for_nothing(world, by):
    world.contract(title="Respite")
    close(world.unit, by)
    text = " ".join(world.browser("commissioner").get("/").content.decode().split())
    assert "The month is closed: they stand as not returned." in text
    assert "Due by" not in text
    assert "1 of 1 not returned" in text
    assert "September, never returned" in text
    assert "1 overdue" in text
    close(world.unit, by, month=datetime.date(2014, 9, 1))
    text = " ".join(world.browser("commissioner").get("/").content.decode().split())
    assert "1 overdue" not in text
