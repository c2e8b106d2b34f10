"""The balanced scorecard: what is proposed, and what quality against cost says."""

import itertools

import pytest

from contracts.choices import KpiStanding, Perspective, Standing
from contracts.rules.evidence import Evidence, KpiEvidence
from contracts.rules.scorecard import MEANINGS, VALUE_FOR_MONEY, proposed_performance, proposed_risk, value_for_money

MET, SHORT = KpiEvidence(KpiStanding.ON), KpiEvidence(KpiStanding.BELOW)


@pytest.mark.parametrize(
    ("kpis", "standing"),
    [
        ((), None),
        ((MET,), Standing.STRONG),
        ((MET, MET, SHORT), Standing.SOUND),
        ((MET, SHORT), Standing.WEAK),
        ((SHORT,), Standing.WEAK),
    ],
)
def test_performance_follows_from_the_kpis(kpis, standing):
    assert proposed_performance(Evidence(kpis)) == standing


@pytest.mark.parametrize(
    ("risk", "standing"),
    [("green", Standing.STRONG), ("amber", Standing.SOUND), ("red", Standing.WEAK), ("", None)],
)
def test_risk_follows_from_the_rating(risk, standing):
    assert proposed_risk(risk) == standing


def test_every_pair_of_quality_and_cost_has_a_statement_of_its_own():
    assert set(VALUE_FOR_MONEY) == set(itertools.product(Standing, Standing))
    assert len(set(VALUE_FOR_MONEY.values())) == 9
    said = {"High": "strong", "Sound": "sound", "Low": "weak"}
    assert [said[words.split()[0]] for words in VALUE_FOR_MONEY.values()] == [quality for quality, _ in VALUE_FOR_MONEY]


@pytest.mark.parametrize(
    ("quality", "cost", "words"),
    [
        ("sound", "strong", "Sound quality at a low cost: good value for money."),
        ("weak", "weak", "Low quality at a high cost: no value for money."),
        ("sound", None, ""),
        (None, "weak", ""),
    ],
)
def test_value_for_money_needs_both(quality, cost, words):
    assert value_for_money(quality, cost) == words


def test_every_choice_says_what_it_means():
    assert set(MEANINGS) == set(Perspective)
    assert all(set(meanings) == set(Standing) for meanings in MEANINGS.values())
