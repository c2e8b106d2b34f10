"""When a reading is due, which target holds, how a reading stands."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import KpiDirection, KpiFrequency, KpiStanding, KpiUnit
from contracts.rules import kpis
from contracts.rules.kpis import Target


def month(number: int, year: int = 2014) -> datetime.date:
    return datetime.date(year, number, 1)


@pytest.mark.parametrize(
    ("frequency", "months"),
    [
        (KpiFrequency.MONTHLY, list(range(1, 13))),
        (KpiFrequency.QUARTERLY, [3, 6, 9, 12]),
        (KpiFrequency.HALF_YEARLY, [3, 9]),
        (KpiFrequency.YEARLY, [3]),
    ],
)
def test_a_period_ends_in_the_financial_year(frequency, months):
    due = [n for n in range(1, 13) if kpis.is_due(month(n), frequency=frequency, first_month=month(1, 2013))]
    assert due == months


def test_a_kpi_closed_in_mid_year_owes_nothing_after():
    span = {"frequency": KpiFrequency.MONTHLY, "first_month": month(4), "last_month": month(8)}
    assert [n for n in range(1, 13) if kpis.is_due(month(n), **span)] == [4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("frequency", "start"),
    [(KpiFrequency.MONTHLY, month(3)), (KpiFrequency.QUARTERLY, month(1)), (KpiFrequency.YEARLY, month(4, 2013))],
)
def test_the_period_of_a_reading(frequency, start):
    assert kpis.period_start(month(3), frequency=frequency) == start


@given(st.dates(datetime.date(2010, 1, 1), datetime.date(2030, 12, 1)), st.sampled_from(KpiFrequency))
def test_a_reading_stands_from_the_last_due_month_until_the_next(day, frequency):
    start = day.replace(day=1)
    last, following = kpis.last_due(start, frequency=frequency), kpis.next_due(start, frequency=frequency)
    assert last <= start <= following
    assert kpis.is_due(last, frequency=frequency, first_month=last)
    assert (frequency in kpis.frequencies_due(start)) == (last == start) == (following == start)


@given(st.dates(datetime.date(2010, 1, 1), datetime.date(2030, 12, 1)), st.sampled_from(KpiFrequency))
def test_the_next_due_month_is_due_and_none_before_it_is(day, frequency):
    start = day.replace(day=1)
    found = kpis.next_due(start, frequency=frequency)
    assert kpis.is_due(found, frequency=frequency, first_month=start)
    assert 0 <= (found.year - start.year) * 12 + found.month - start.month < kpis.PERIOD_MONTHS[frequency]


def test_a_new_target_leaves_earlier_months_theirs():
    targets = [Target(month(7), Decimal(98)), Target(month(1), Decimal(95))]
    held = [kpis.target_in(month(n), targets) for n in (1, 6, 7, 12)]
    assert [target and target.target for target in held] == [95, 95, 98, 98]
    assert kpis.target_in(month(12, 2013), targets) is None


@pytest.mark.parametrize(
    ("direction", "target", "value", "standing"),
    [
        ("at_least", Target(month(1), Decimal(95)), "96", KpiStanding.ABOVE),
        ("at_least", Target(month(1), Decimal(95)), "95", KpiStanding.ON),
        ("at_least", Target(month(1), Decimal(95)), "94.9", KpiStanding.BELOW),
        ("at_least", Target(month(1), Decimal(95), tolerance=Decimal(1)), "94", KpiStanding.ON),
        ("at_least", Target(month(1), Decimal(95), tolerance=Decimal(1)), "96", KpiStanding.ON),
        ("at_least", Target(month(1), Decimal(95), tolerance=Decimal(1)), "96.1", KpiStanding.ABOVE),
        ("at_most", Target(month(1), Decimal(10)), "9", KpiStanding.ABOVE),
        ("at_most", Target(month(1), Decimal(10)), "10", KpiStanding.ON),
        ("at_most", Target(month(1), Decimal(10)), "11", KpiStanding.BELOW),
        ("between", Target(month(1), Decimal(4), Decimal(6)), "4", KpiStanding.ON),
        ("between", Target(month(1), Decimal(4), Decimal(6)), "6", KpiStanding.ON),
        ("between", Target(month(1), Decimal(4), Decimal(6)), "6.1", KpiStanding.BELOW),
        ("between", Target(month(1), Decimal(4), Decimal(6), Decimal("0.5")), "3.5", KpiStanding.ON),
    ],
)
def test_a_reading_against_its_target(direction, target, value, standing):
    assert kpis.standing_of(Decimal(value), target, direction=direction) == standing


@pytest.mark.parametrize(
    ("direction", "unit", "value", "best"),
    [
        ("at_least", "percent", 100, True),
        ("at_least", "percent", 99, False),
        ("at_least", "number", 100, False),
        ("at_most", "number", 0, True),
        ("at_most", "pounds", 0, False),
        ("between", "weeks", 5, True),
    ],
)
def test_what_cannot_be_bettered(direction, unit, value, best):
    target = Target(month(1), Decimal(4), Decimal(6))
    assert kpis.is_at_best(Decimal(value), target, direction=direction, unit=unit) == best


@pytest.mark.parametrize(
    ("direction", "before", "now", "trend"),
    [
        ("at_least", 80, 90, 1),
        ("at_least", 90, 80, -1),
        ("at_most", 20, 19, 1),
        ("between", 9, 8, 1),
        ("between", 2, 1, -1),
        ("at_least", 80, 80, 0),
        ("at_least", None, 80, None),
    ],
)
def test_the_trend_is_towards_the_target(direction, before, now, trend):
    target = Target(month(1), Decimal(4), Decimal(6))
    values = [None if value is None else Decimal(value) for value in (before, now)]
    assert kpis.trend_of(*values, target, direction=direction) == trend


def test_a_percentage_is_worked_out_and_nothing_of_nothing_is_refused():
    assert kpis.value_of_counts(Decimal(1), Decimal(3), decimals=1) == Decimal("33.3")
    assert kpis.value_of_counts(Decimal(1), Decimal(8), decimals=0) == Decimal(13)
    with pytest.raises(ValueError, match="The whole cannot be 0"):
        kpis.value_of_counts(Decimal(0), Decimal(0), decimals=0)


@pytest.mark.parametrize(
    ("part", "whole", "sentence"),
    [
        (1, 0, "The whole cannot be 0. If nothing was there to count, tick “Nothing to count”."),
        (-1, 5, "A count cannot be less than nothing."),
        (6, 5, "The part cannot be more than the whole."),
        (5, 5, None),
    ],
)
def test_counts_that_make_no_percentage(part, whole, sentence):
    assert kpis.counts_fault(Decimal(part), Decimal(whole)) == sentence


@pytest.mark.parametrize(
    ("value", "unit", "sentence"),
    [
        ("100.1", "percent", "A percentage cannot be over 100."),
        ("-1", "number", "A reading cannot be less than nothing."),
        ("-1", "pounds", None),
        ("100", "percent", None),
    ],
)
def test_values_that_a_unit_cannot_have(value, unit, sentence):
    assert kpis.reading_fault(Decimal(value), unit=unit) == sentence


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "words"),
    [
        ("92", "percent", 0, "92%"),
        ("92.46", "percent", 1, "92.46%"),
        ("92.0000", "percent", 1, "92.0%"),
        ("1200", "pounds", 0, "£1,200"),
        ("-5", "pounds", 0, "-£5"),
        ("4.5", "days", 1, "4.5 days"),
        ("19", "number", 0, "19"),
    ],
)
def test_a_reading_in_words(value, unit, decimals, words):
    assert kpis.value_words(Decimal(value), unit=unit, decimals=decimals) == words


@pytest.mark.parametrize(
    ("target", "direction", "unit", "words"),
    [
        (Target(month(1), Decimal(95)), "at_least", "percent", "≥ 95%"),
        (Target(month(1), Decimal(100)), "at_least", "percent", "100%"),
        (Target(month(1), Decimal(10)), "at_most", "number", "≤ 10"),
        (Target(month(1), Decimal(4), Decimal(6)), "between", "weeks", "4 to 6 weeks"),
        (Target(month(1), Decimal(4), Decimal(6)), "between", "pounds", "£4 to £6"),
        (None, "at_least", "percent", "No target"),
    ],
)
def test_a_target_in_words(target, direction, unit, words):
    assert kpis.target_words(target, direction=direction, unit=unit, decimals=0) == words


def test_a_standing_in_words():
    assert kpis.standing_words(KpiStanding.BELOW, 1) == "▼ Short, improving"
    assert kpis.standing_words(KpiStanding.BELOW) == "▼ Short of target"
    assert kpis.standing_words(KpiStanding.ABOVE, -1) == "▲ Beats target"
    assert KpiDirection.AT_LEAST.label == "At least"
    assert KpiUnit.PERCENT.label == "Per cent"
