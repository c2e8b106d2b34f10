"""Planned lengths, progress, and what a decision lacks."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import ElementState, ReviewElementKind
from contracts.rules.service_review import (
    OptionSaid,
    PlannedLength,
    length_faults,
    missing_before_decision,
    progress_words,
)
from contracts.rules.terms import add_months

RECOMMENDED = [OptionSaid("Extend", "short", is_recommended=True)]
DONE = [(kind, ElementState.DONE) for kind in ReviewElementKind]
MONTHS = st.integers(min_value=1, max_value=120)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (PlannedLength(36, (12, 12)), "3 years, with options of 12 and 12 months: 5 years in all"),
        (PlannedLength(36, (12,)), "3 years, with an option of 12 months: 4 years in all"),
        (PlannedLength(24, (12, 6, 6)), "2 years, with options of 12, 6 and 6 months: 4 years in all"),
        (PlannedLength(18, (1,)), "18 months, with an option of 1 month: 19 months in all"),
        (PlannedLength(12), "1 year, without options"),
    ],
)
def test_a_planned_length_adds_up_in_words(length, words):
    assert length.words == words


def test_the_paper_s_length_ends_on_the_paper_s_days():
    ends = PlannedLength(36, (12, 12)).ends(datetime.date(2015, 4, 1))
    assert ends == [datetime.date(2018, 3, 31), datetime.date(2019, 3, 31), datetime.date(2020, 3, 31)]


@given(
    st.dates(min_value=datetime.date(2000, 1, 1), max_value=datetime.date(2100, 1, 1)),
    MONTHS,
    st.lists(MONTHS, max_size=4),
)
def test_the_last_end_is_the_total_added_once(start, months, options):
    length = PlannedLength(months, tuple(options))
    ends = length.ends(start)
    assert length.total == months + sum(options)
    assert ends[-1] == add_months(start - datetime.timedelta(days=1), length.total)
    assert ends == sorted(ends)
    assert len(ends) == 1 + len(options)


@pytest.mark.parametrize(
    ("months", "options", "faults"),
    [
        (None, [], {}),
        (36, [12, 12], {}),
        (None, [12], {"planned_months": "Give the first term before its options."}),
        (0, [], {"planned_months": "A first term lasts at least 1 month."}),
        (36, [12, 0], {"planned_options": "An option lasts at least 1 month."}),
        (36, [1] * 11, {"planned_options": "Give at most 10 options."}),
        (590, [12], {"planned_months": "All terms together last at most 50 years."}),
    ],
)
def test_a_length_that_does_not_add_up_is_said_on_its_field(months, options, faults):
    assert length_faults(months, options) == faults


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (["done", "done", "done", "under_way", "not_started"], "3 of 5 elements done"),
        (["done", "not_needed", "done", "done", "not_started"], "3 of 4 elements done, 1 not needed"),
        (["not_needed"] * 4 + ["done"], "1 of 1 element done, 4 not needed"),
        (["not_needed"] * 5, "No element is needed"),
    ],
)
def test_progress_is_said_in_words(states, words):
    assert progress_words(states) == words


def test_nothing_is_missing_once_every_element_is_settled():
    assert missing_before_decision(elements=DONE, options=RECOMMENDED, sourcing="in_house") == []


def test_what_is_missing_is_named_one_by_one():
    elements = [
        (kind, state)
        for kind, state in zip(
            ReviewElementKind, ["done", "under_way", "not_needed", "not_started", "not_started"], strict=True
        )
    ]
    assert missing_before_decision(elements=elements, options=[], sourcing="contract") == [
        "Consultation and engagement with key stakeholders: under way.",
        "Options appraisal: not started.",
        "No option is written down.",
        "No length is planned.",
    ]


@pytest.mark.parametrize(
    ("sourcing", "missing"), [("in_house", []), ("none", []), ("grant", 1), ("contract", 1), ("joint", 1)]
)
def test_a_length_is_asked_for_only_where_a_service_is_let(sourcing, missing):
    unlisted = missing_before_decision(elements=DONE, options=RECOMMENDED, sourcing=sourcing)
    planned = missing_before_decision(
        elements=DONE, options=RECOMMENDED, sourcing=sourcing, length=PlannedLength(36, (12, 12))
    )
    assert (unlisted, planned) == ((["No length is planned."] if missing else []), [])


def test_options_without_a_recommendation_are_not_enough():
    options = [OptionSaid("Extend", "short", is_recommended=False)]
    assert missing_before_decision(elements=DONE, options=options) == ["No option is recommended."]
