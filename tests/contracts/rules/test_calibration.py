"""Evidence grouped as the KPI column tells it apart, and how far scores are from what it fits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import KpiPlan, KpiStanding
from contracts.rules.calibration import (
    Grade,
    Tally,
    distance,
    distance_words,
    pattern_of,
    spread_words,
    tally_of,
)
from contracts.rules.evidence import Evidence, KpiEvidence

KINDS = {
    "a": KpiEvidence(KpiStanding.ABOVE),
    "b": KpiEvidence(KpiStanding.ON, is_at_best=True),
    "o": KpiEvidence(KpiStanding.ON),
    "s": KpiEvidence(KpiStanding.BELOW),
    "i": KpiEvidence(KpiStanding.BELOW, trend=1),
    "p": KpiEvidence(KpiStanding.BELOW, plan=KpiPlan.IN_PLACE),
    "P": KpiEvidence(KpiStanding.BELOW, trend=1, plan=KpiPlan.IN_PLACE),
    "w": KpiEvidence(KpiStanding.BELOW, plan=KpiPlan.WILLING),
}


def evidence(letters):
    """Above, at its best, on target; short, short and improving, with a plan, improving with a plan, willing."""
    return Evidence(tuple(KINDS[letter] for letter in letters))


@pytest.mark.parametrize(
    ("letters", "words", "fits"),
    [
        ("aab", "All met, all better than target", (9, 8, 7, 6)),
        ("aao", "All met, most better than target", (8, 7, 6)),
        ("aoo", "All met", (7, 6)),
        ("ao", "All met", (7, 6)),
        ("oooP", "Some short of target, all improving, plans for all", (6, 5, 4)),
        ("oooi", "Some short of target, all improving, not all with a plan", (5,)),
        ("ooop", "Some short of target, not all improving, plans for all", (6, 4)),
        ("oooip", "Some short of target, not all improving, not all with a plan", ()),
        ("oP", "Half short of target, all improving, plans for all", (5, 4)),
        ("oi", "Half short of target, all improving, not all with a plan", (5,)),
        ("op", "Half short of target, not all improving, plans for all", (4,)),
        ("os", "Half short of target, not all improving, not all with a plan", ()),
        ("opP", "Most short of target, plans for all", (3, 2)),
        ("opw", "Most short of target, the provider wants to improve", (2,)),
        ("ops", "Most short of target, not all with a plan", ()),
        ("oss", "Most short of target, no plans", ()),
        ("pp", "All short of target, plans for all", (3, 2)),
        ("pw", "All short of target, the provider wants to improve", (2,)),
        ("ws", "All short of target, not all with a plan", ()),
        ("ss", "All short of target, no plans", (1,)),
    ],
)
def test_evidence_by_its_pattern(letters, words, fits):
    assert pattern_of(evidence(letters)).words == words
    assert evidence(letters).fits == fits


def test_nothing_is_no_pattern():
    assert pattern_of(Evidence()) is None


EVIDENCE = st.lists(st.sampled_from([*KINDS]), min_size=1, max_size=7).map(evidence)


@given(EVIDENCE, EVIDENCE)
def test_one_pattern_fits_one_set_of_scores(one, other):
    first, second = pattern_of(one), pattern_of(other)
    assert (first == second) == (first.words == second.words) == (first.place == second.place)
    if first == second:
        assert one.fits == other.fits


@pytest.mark.parametrize(
    ("score", "fits", "apart", "words"),
    [
        (5, (5,), 0, "Fits"),
        (7, (6, 5, 4), 1, "1 above"),
        (9, (6, 5, 4), 3, "3 above"),
        (2, (6, 4), -2, "2 below"),
        (5, (6, 4), -1, "1 below"),
        (4, (), None, "No score fits"),
    ],
)
def test_how_far_a_score_is_from_what_fits(score, fits, apart, words):
    assert (distance(score, fits), distance_words(score, fits)) == (apart, words)


@given(st.integers(1, 9), EVIDENCE)
def test_a_score_has_no_distance_where_it_fits_and_only_there(score, found):
    assert (distance(score, found.fits) == 0) == (score in found.fits)


def test_a_tally_counts_each_grade_once():
    grades = [
        Grade(6, evidence("ao")),
        Grade(9, evidence("ao")),
        Grade(4, evidence("ao")),
        Grade(7, evidence("oi")),
        Grade(3, evidence("os")),
        Grade(8, Evidence()),
    ]
    assert tally_of(grades) == Tally(
        inside=1, above=2, below=1, nothing_fits=1, without_evidence=1, mean=Decimal("0.5")
    )
    assert tally_of(grades).measured == 4


@pytest.mark.parametrize(
    ("scores", "mean"),
    [([6, 6], "0.0"), ([9, 6], "1.0 above"), ([3, 5], "2.0 below"), ([], ""), ([8, 7, 7], "0.3 above")],
)
def test_the_mean_in_words(scores, mean):
    assert tally_of(Grade(score, evidence("ao")) for score in scores).mean_words == mean


@pytest.mark.parametrize(("scores", "words"), [([6, 6], "All 6"), ([7, 4, 6], "4 to 7"), ([2], "All 2")])
def test_the_spread_in_words(scores, words):
    assert spread_words(scores) == words
