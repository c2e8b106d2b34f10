"""The terms of the Procurement Act from JET: the exact words, the mapping as a table and by property, and the duty."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import ActRating, KpiPlan, KpiStanding, ProcurementRegime
from contracts.rules.evidence import Evidence, KpiEvidence
from contracts.rules.jet import NOT_ASSESSED
from contracts.rules.statutory_rating import MEANINGS, is_statutory, next_due, period_fault, proposed_rating

MET, ABOVE = KpiEvidence(KpiStanding.ON), KpiEvidence(KpiStanding.ABOVE)
PLANNED = KpiEvidence(KpiStanding.BELOW, plan=KpiPlan.IN_PLACE)
SHORT = KpiEvidence(KpiStanding.BELOW)

kpis = st.builds(
    KpiEvidence,
    standing=st.sampled_from(KpiStanding),
    trend=st.sampled_from([None, -1, 0, 1]),
    plan=st.sampled_from(KpiPlan),
    is_at_best=st.booleans(),
)
evidences = st.lists(kpis, max_size=8).map(lambda each: Evidence(tuple(each)))


def test_the_terms_are_the_regulations_letter_for_letter():
    assert [rating.label for rating in ActRating] == [
        "Good",
        "Approaching target",
        "Requires improvement",
        "Inadequate",
        "Other",
    ]
    assert set(MEANINGS) == set(ActRating)


@pytest.mark.parametrize(
    ("jet", "evidence", "rating"),
    [
        (9, Evidence(), "Good"),
        (8, Evidence(), "Good"),
        (7, Evidence(), "Good"),
        (6, Evidence(), "Approaching target"),
        (6, Evidence((MET, ABOVE)), "Good"),
        (6, Evidence((MET, MET, PLANNED)), "Approaching target"),
        (5, Evidence((MET, MET)), "Approaching target"),
        (4, Evidence(), "Requires improvement"),
        (3, Evidence(), "Inadequate"),
        (3, Evidence((MET, PLANNED, PLANNED)), "Requires improvement"),
        (3, Evidence((MET, PLANNED, SHORT)), "Inadequate"),
        (3, Evidence((PLANNED, PLANNED)), "Inadequate"),
        (2, Evidence((MET,)), "Inadequate"),
        (1, Evidence(), "Inadequate"),
        (NOT_ASSESSED, Evidence((MET,)), "Other"),
        (None, Evidence(), "Other"),
    ],
)
def test_what_a_grade_amounts_to(jet, evidence, rating):
    assert proposed_rating(jet, evidence).label == rating


@given(evidence=evidences)
def test_a_higher_score_never_amounts_to_a_lower_rating(evidence):
    best_first = list(ActRating)
    places = [best_first.index(proposed_rating(score, evidence)) for score in range(9, 0, -1)]
    assert places == sorted(places)


@given(score=st.integers(1, 9), evidence=evidences)
def test_only_what_was_not_graded_is_other(score, evidence):
    assert proposed_rating(score, evidence) != ActRating.OTHER
    assert {proposed_rating(jet, evidence) for jet in (None, NOT_ASSESSED)} == {ActRating.OTHER}


@given(score=st.sampled_from([9, 8, 7, 5, 4, 2, 1]), evidence=evidences)
def test_the_kpis_decide_only_between_two_terms(score, evidence):
    assert proposed_rating(score, evidence) == proposed_rating(score, Evidence())


@pytest.mark.parametrize("regime", ProcurementRegime)
def test_only_the_full_regime_with_published_kpis_owes_the_assessment(regime):
    owed = {"regime": regime, "to_month": datetime.date(2026, 3, 1)}
    assert is_statutory(**owed, has_published_kpis=True) == (regime == ProcurementRegime.PA2023_FULL)
    assert not is_statutory(**owed, has_published_kpis=False)


def test_a_period_before_the_duty_is_rated_voluntarily():
    full = {"regime": ProcurementRegime.PA2023_FULL, "has_published_kpis": True}
    assert not is_statutory(**full, to_month=datetime.date(2025, 12, 1))
    assert is_statutory(**full, to_month=datetime.date(2026, 1, 1))


def test_the_next_is_due_twelve_months_on():
    assert next_due(datetime.date(2027, 2, 1)) == datetime.date(2028, 2, 29)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2014, 4), (2014, 10), ""),
        ((2014, 10), (2014, 4), "The period ends before it begins."),
        ((2014, 4), (2014, 11), "November 2014 is not over: the period can be rated from 1 December 2014."),
    ],
)
def test_a_period_that_cannot_be_rated(first, last, words):
    days = [datetime.date(*each, 1) for each in (first, last)]
    assert period_fault(*days, today=datetime.date(2014, 11, 4)) == words
