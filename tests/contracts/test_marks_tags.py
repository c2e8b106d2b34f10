"""The wording of money and dates in templates."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.paginator import Paginator

from contracts.templatetags import marks


@pytest.mark.parametrize(
    ("amount", "short", "exact"),
    [
        (Decimal("6400000"), "£6.40m", "£6,400,000"),
        (Decimal("1180000.00"), "£1.18m", "£1,180,000"),
        (Decimal("32000000"), "£32.0m", "£32,000,000"),
        (Decimal("134000000"), "£134.0m", "£134,000,000"),
        (Decimal("9994999"), "£9.99m", "£9,994,999"),
        (Decimal("9995000"), "£10.0m", "£9,995,000"),
        (Decimal("412345.67"), "£412k", "£412,345.67"),
        (Decimal("412500"), "£413k", "£412,500"),
        (Decimal("999499"), "£999k", "£999,499"),
        (Decimal("999500"), "£1.00m", "£999,500"),
        (Decimal("10000"), "£10k", "£10,000"),
        (Decimal("9500"), "£9,500", "£9,500"),
        (Decimal("1234.50"), "£1,235", "£1,234.50"),
        (Decimal("0"), "£0", "£0"),
        (Decimal("-5250000"), "-£5.25m", "-£5,250,000"),
        (Decimal("-5.5"), "-£6", "-£5.50"),
        (None, "", ""),
        ("", "", ""),
    ],
)
def test_money(amount, short, exact):
    assert (marks.money(amount), marks.pounds(amount)) == (short, exact)


def test_totals_have_one_decimal():
    assert [marks.money(Decimal(amount), 1) for amount in (2_900_000, 9_640_000, 9_960_000, 19_500_000)] == [
        "£2.9m",
        "£9.6m",
        "£10.0m",
        "£19.5m",
    ]


@pytest.mark.parametrize(
    ("day", "long", "short", "month"),
    [
        (date(2014, 11, 7), "7 November 2014", "7 Nov 2014", "November 2014"),
        (date(2026, 3, 31), "31 March 2026", "31 Mar 2026", "March 2026"),
        (None, "", "", ""),
        # Half an hour before midnight in UTC is the next day in a British summer.
        (datetime(2014, 6, 30, 23, 30, tzinfo=UTC), "1 July 2014", "1 Jul 2014", "July 2014"),
    ],
)
def test_dates(day, long, short, month):
    assert (marks.longdate(day), marks.shortdate(day), marks.monthname(day)) == (long, short, month)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2014, 11, 4, 9, 31, tzinfo=UTC), "9:31am"),
        (datetime(2014, 7, 4, 11, 5, tzinfo=UTC), "12:05pm"),
        (datetime(2014, 11, 4, 0, 0, tzinfo=UTC), "12:00am"),
        (None, ""),
    ],
)
def test_times(moment, words):
    assert marks.clocktime(moment) == words


def test_page_numbers_leave_out_the_middle():
    page = Paginator(range(2280), 50).page(7)
    assert marks.page_numbers(page) == [1, page.paginator.ELLIPSIS, 6, 7, 8, page.paginator.ELLIPSIS, 46]
