from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import JetBand
from contracts.rules.jet import (
    NOT_ASSESSED,
    SCALES,
    average_of,
    band_of,
    jet_of,
    scale_on,
    scores_in,
    sort_key,
    words_of,
)

# Lincolnshire County Council, Children and Young People Scrutiny Committee, 12 September 2014, typed from the paper
PUBLISHED = """\
Outstanding|9|Exceptional|Exceptionally strong with essentially no weaknesses|All are above target
Outstanding|8|Outstanding|Extremely strong with negligible weaknesses|Most are above target and are at least on target
Good|7|Excellent|Very strong with only some minor weaknesses|All are at least on target
Good|6|Good|Strong but with numerous minor weaknesses|Majority are on target with plans in place for all others to \
improve
Requires Improvement|5|Effective|Strong but with at least one moderate weakness|Some are under target, but showing \
signs of improvement
Requires Improvement|4|Satisfactory|Some strengths but also some moderate weaknesses|Some are under target and \
provider has action plan in place to improve
Inadequate|3|Fair|Some strengths but with at least one major weakness|Majority are under target but provider can \
evidence action plans are in place to improve
Inadequate|2|Marginal|A few strengths and a few major weaknesses|Majority are under target but provider has desire to \
improve
Inadequate|1|Poor|Very few strengths and numerous major weaknesses|All are under target and no plans in place to improve
"""
DAY = date(2014, 10, 31)
JETS = st.none() | st.just(NOT_ASSESSED) | st.integers(1, 9)


def test_the_scale_has_the_published_words():
    rows = scale_on(DAY).rows
    lines = [f"{row.grade}|{row.score}|{row.descriptor}|{row.strengths}|{row.kpis}" for row in rows]
    assert lines == PUBLISHED.splitlines()


def test_the_weaknesses_have_the_published_words():
    assert [(weakness.term, weakness.definition) for weakness in scale_on(DAY).weaknesses] == [
        ("Minor", "An easily addressable weakness that does not substantially lessen impact"),
        ("Moderate", "A weakness that lessens impact"),
        ("Major", "A weakness that severely limits impact"),
    ]


def test_each_scale_names_its_source_and_follows_the_one_before():
    assert all(scale.source for scale in SCALES)
    days = [scale.valid_from for scale in SCALES]
    assert days == sorted(set(days))


def test_days_before_the_paper_have_its_scale():
    assert scale_on(date(2012, 11, 1)) is scale_on(date(2014, 9, 12)) is SCALES[0]


def test_the_scale_cannot_be_changed_in_passing():
    with pytest.raises(FrozenInstanceError):
        scale_on(DAY).rows[0].score = 8


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (1, JetBand.INADEQUATE),
        (2, JetBand.INADEQUATE),
        (3, JetBand.INADEQUATE),
        (4, JetBand.REQUIRES_IMPROVEMENT),
        (5, JetBand.REQUIRES_IMPROVEMENT),
        (6, JetBand.GOOD),
        (7, JetBand.GOOD),
        (8, JetBand.OUTSTANDING),
        (9, JetBand.OUTSTANDING),
    ],
)
def test_band_of(score, band):
    assert band_of(score) is band


@pytest.mark.parametrize("score", [0, 10, -1])
def test_no_band_for_a_number_off_the_scale(score):
    with pytest.raises(ValueError, match="from 1 to 9"):
        band_of(score)


@pytest.mark.parametrize(
    ("jet", "words"),
    [(5, "5 Effective"), (6, "6 Good"), (NOT_ASSESSED, "Not assessed"), (None, "Not returned")],
)
def test_words(jet, words):
    assert words_of(jet, on=DAY) == words


@pytest.mark.parametrize(
    ("score", "not_assessed", "expected"), [(5, False, 5), (None, True, NOT_ASSESSED), (None, False, None)]
)
def test_jet_of(score, not_assessed, expected):
    assert jet_of(score, not_assessed=not_assessed) == expected


def test_a_score_is_never_also_not_assessed():
    with pytest.raises(ValueError, match="never both"):
        jet_of(5, not_assessed=True)


def test_order_is_by_number_and_not_by_word():
    assert sorted([6, None, 9, NOT_ASSESSED, 5, 1], key=sort_key) == [1, 5, 6, 9, NOT_ASSESSED, None]


def test_not_assessed_cannot_be_compared_with_a_score():
    with pytest.raises(TypeError):
        NOT_ASSESSED < 5  # noqa: B015


@pytest.mark.parametrize(
    ("values", "average"),
    [
        ([5, 6], Decimal("5.5")),
        ([5, NOT_ASSESSED, None], Decimal("5.0")),
        ([1, 1, 2], Decimal("1.3")),
        ([8, 9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8], Decimal("8.2")),
        ([NOT_ASSESSED, None], None),
        ([], None),
    ],
)
def test_average(values, average):
    assert average_of(values) == average


@given(values=st.lists(JETS))
def test_the_average_is_that_of_the_scores_alone(values):
    average = average_of(values)
    scores = scores_in(values)
    assert average == average_of(scores)
    assert average is None if not scores else min(scores) <= average <= max(scores)
