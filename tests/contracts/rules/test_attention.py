"""Which row of a unit's table decides for a contract, in words, and when its board should have met."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import MeetingPattern, MonitoringFrequency, Risk
from contracts.rules.attention import (
    DEFAULTS,
    AttentionRow,
    assumed_words,
    attention_words,
    first_fitting,
    meet_by,
    never_reached,
)


def row(value_from=0, risk="", monitoring="quarterly", meetings="yearly"):
    return AttentionRow(Decimal(value_from), risk, monitoring, meetings)


@pytest.mark.parametrize(
    ("value", "risk", "monitoring", "meetings"),
    [
        (6_400_000, "amber", "monthly", "quarterly"),
        (6_400_000, "red", "monthly", "monthly"),
        (1_000_000, "green", "monthly", "quarterly"),
        (999_999, "green", "quarterly", "quarterly"),
        (250_000, "amber", "monthly", "quarterly"),
        (249_999, "amber", "quarterly", "half_yearly"),
        (50_000, "green", "quarterly", "half_yearly"),
        (49_999, "amber", "half_yearly", "yearly"),
        (0, "green", "half_yearly", "yearly"),
        (0, "red", "monthly", "monthly"),
        (None, "green", "monthly", "quarterly"),
        (None, "", "monthly", "monthly"),
        (10, "", "monthly", "monthly"),
    ],
)
def test_the_defaults_decide_by_value_and_risk(value, risk, monitoring, meetings):
    amount = None if value is None else Decimal(value)
    found = DEFAULTS[first_fitting(DEFAULTS, annual_value=amount, risk=risk)]
    assert (found.monitoring, found.meetings) == (monitoring, meetings)


def test_every_row_of_the_defaults_is_reached_and_the_last_catches_all():
    assert never_reached(DEFAULTS) == {}
    assert DEFAULTS[-1].catches_everything


def test_a_row_behind_one_that_catches_the_same_is_never_reached():
    table = (row(100), row(500), row(100, "red"), row(0, "red"), row(0), row(0, "green"))
    assert never_reached(table) == {1: 0, 2: 0, 5: 4}


amounts = st.one_of(st.none(), st.decimals(0, 2_000_000, places=2))
risks = st.sampled_from(["", *Risk.values])
rows = st.builds(
    AttentionRow,
    st.sampled_from([Decimal(0), Decimal(50_000), Decimal(250_000), Decimal(1_000_000)]),
    risks,
    st.sampled_from(MonitoringFrequency.values),
    st.sampled_from(MeetingPattern.values),
)


@given(table=st.lists(rows, max_size=5), value=amounts, risk=risks)
def test_the_first_row_that_fits_decides_and_a_row_never_reached_never_does(table, value, risk):
    whole = [*table, row()]
    place = first_fitting(whole, annual_value=value, risk=risk)
    assert whole[place].catches(annual_value=value, risk=risk)
    assert not any(earlier.catches(annual_value=value, risk=risk) for earlier in whole[:place])
    assert place not in never_reached(whole)


@given(table=st.lists(rows, max_size=5), value=st.decimals(0, 2_000_000, places=2), risk=st.sampled_from(Risk.values))
def test_what_is_not_known_counts_as_the_largest_and_as_red(table, value, risk):
    whole = [*table, row()]
    largest = Decimal(10**12)
    assert first_fitting(whole, annual_value=None, risk=risk) == first_fitting(whole, annual_value=largest, risk=risk)
    assert first_fitting(whole, annual_value=value, risk="") == first_fitting(whole, annual_value=value, risk="red")


def test_a_table_that_lets_a_contract_through_is_an_error():
    with pytest.raises(ValueError, match="must catch every contract"):
        first_fitting([row(100)], annual_value=Decimal(99), risk="green")


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (row(), "Every contract"),
        (row(250_000), "Worth £250,000 a year or more, whatever its risk"),
        (row(0, "red"), "Red, whatever its value"),
        (row("1234.50", "amber"), "Amber, worth £1,234.50 a year or more"),
    ],
)
def test_a_row_says_in_words_what_it_catches(made, words):
    assert made.words == words


@pytest.mark.parametrize(
    ("value", "risk", "words"),
    [
        (Decimal(1), "red", ""),
        (None, "red", "Its value is not known and counts as the largest"),
        (Decimal(1), "", "Its risk is not known and counts as red"),
        (None, "", "Its value is not known and counts as the largest and its risk is not known and counts as red"),
    ],
)
def test_what_was_assumed_is_said(value, risk, words):
    assert assumed_words(annual_value=value, risk=risk) == words


def test_attention_in_words():
    assert attention_words("monthly", "quarterly") == "looked at every month; board meets every quarter"
    assert attention_words("half_yearly", "as_needed") == "looked at twice a year; board meets when needed"


@pytest.mark.parametrize(
    ("meetings", "last", "by"),
    [
        ("monthly", date(2014, 10, 9), date(2014, 11, 30)),
        ("monthly", date(2015, 1, 31), date(2015, 2, 28)),
        ("quarterly", date(2014, 8, 14), date(2014, 11, 30)),
        ("half_yearly", date(2014, 8, 31), date(2015, 2, 28)),
        ("yearly", date(2015, 2, 1), date(2016, 2, 29)),
        ("as_needed", date(2014, 8, 14), None),
    ],
)
def test_a_board_meets_again_by_the_end_of_the_month_its_pattern_asks(meetings, last, by):
    assert meet_by(meetings, last=last) == by
