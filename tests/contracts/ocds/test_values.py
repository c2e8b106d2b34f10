from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.ocds.values import Fault, london_day, moment, pounds
from tests.contracts.ocds.releases import every_real

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-04-01T00:00:00+01:00", date(2025, 4, 1)),  # 31 March in UTC
        ("2025-03-31T23:59:59+01:00", date(2025, 3, 31)),
        ("2025-03-31T23:59:59Z", date(2025, 4, 1)),
        ("2025-01-31T23:59:59Z", date(2025, 1, 31)),
        ("2025-10-26T00:30:00+01:00", date(2025, 10, 26)),
        ("2025-04-01T01:00:00+01:00", date(2025, 4, 1)),
        ("2025-04-01T00:00:00", date(2025, 4, 1)),
        ("2025-04-01T00:00:00.000Z", date(2025, 4, 1)),
        ("2025-04-01", date(2025, 4, 1)),
        (None, None),
        ("", None),
    ],
)
def test_london_day(text, day):
    assert london_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "31/03/2025",
        "2025-02-30",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "9999-12-31",
        "soon",
        20250401,
        {},
    ],
)
def test_what_is_no_day(text):
    with pytest.raises(Fault):
        london_day(text)


FIRST, LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")


@given(st.datetimes(FIRST, LAST, allow_imaginary=False, timezones=st.just(LONDON)), st.integers(-12, 14))
def test_the_day_is_the_londoners_whatever_the_offset_it_is_written_in(local, hours):
    written = local.astimezone(timezone(timedelta(hours=hours))).isoformat()
    assert london_day(written) == local.date()


def test_each_day_of_the_real_releases_is_the_one_written():
    """Contracts Finder writes London's own offset, so that the day is the one in the text."""
    periods = [
        period
        for release in every_real()
        for part in [release["tender"], *release.get("awards", [])]
        for period in [part.get("contractPeriod") or {}]
    ]
    texts = [text for period in periods for text in period.values()]
    assert len(texts) > 20
    assert [text for text in texts if london_day(text) != date.fromisoformat(text[:10])] == []
    in_utc = [datetime.fromisoformat(text).astimezone(UTC).date() for text in texts]
    assert any(day != date.fromisoformat(text[:10]) for day, text in zip(in_utc, texts, strict=True))


def test_moments_are_ordered_across_offsets():
    assert moment("2025-04-01T00:30:00+01:00") < moment("2025-03-31T23:45:00Z")
    assert moment("2025-07-01") == datetime(2025, 6, 30, 23, tzinfo=UTC)
    with pytest.raises(Fault):
        moment("yesterday")


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ({"amount": 3036.96, "currency": "GBP"}, Decimal("3036.96")),
        ({"amount": Decimal("0.005")}, Decimal("0.01")),
        ({"amount": "1200"}, Decimal("1200.00")),
        ({"currency": "GBP"}, None),
        ({"amount": None}, None),
        (None, None),
        ([], None),
    ],
)
def test_pounds(value, amount):
    assert pounds(value) == amount


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"amount": 0, "currency": "GBP"}, "the published value is \u00a30"),
        ({"amount": -5}, "the published value is less than nothing"),
        ({"amount": 10**12}, "the published value is implausibly large"),
        ({"amount": 5, "currency": "EUR"}, "the value is not in pounds"),
        ({"amountGross": 120, "currency": "GBP"}, "the value is published with VAT only"),
        ({"amount": "a lot"}, "the published value is not a number"),
        ({"amount": True}, "the published value is not a number"),
        ({"amount": float("nan")}, "the published value is not a number"),
    ],
)
def test_an_amount_that_says_nothing_says_why(value, reason):
    with pytest.raises(Fault, match=reason):
        pounds(value)
