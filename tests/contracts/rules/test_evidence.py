"""The KPI column of the JET scale, row by row, and over random evidence."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import KpiPlan, KpiStanding
from contracts.rules.evidence import EVERY_SCORE, Evidence, KpiEvidence, contradiction, fits_words, reason_words
from contracts.rules.jet import scale_on

SCALE = scale_on(datetime.date(2014, 11, 4))
ABOVE = KpiEvidence(KpiStanding.ABOVE)
ON = KpiEvidence(KpiStanding.ON)
BEST = KpiEvidence(KpiStanding.ON, is_at_best=True)
SHORT = KpiEvidence(KpiStanding.BELOW)
IMPROVING = KpiEvidence(KpiStanding.BELOW, trend=1)
PLANNED = KpiEvidence(KpiStanding.BELOW, trend=-1, plan=KpiPlan.IN_PLACE)
WILLING = KpiEvidence(KpiStanding.BELOW, trend=0, plan=KpiPlan.WILLING)
BOTH = KpiEvidence(KpiStanding.BELOW, trend=1, plan=KpiPlan.IN_PLACE)


@pytest.mark.parametrize(
    ("kpis", "fits"),
    [
        ([ABOVE, ABOVE, ABOVE], (9, 8, 7, 6)),
        ([ABOVE, BEST], (9, 8, 7, 6)),  # nothing better than 100% can be asked for
        ([ABOVE, ABOVE, ON], (8, 7, 6)),
        ([ABOVE, ON], (7, 6)),  # half is not most
        ([ON, ON], (7, 6)),
        ([ON, ON, PLANNED], (6, 4)),
        ([ON, ON, BOTH], (6, 5, 4)),
        ([ON, ON, IMPROVING], (5,)),
        ([ON, BOTH], (5, 4)),  # half is no majority on target
        ([ON, ON, ON, IMPROVING, PLANNED], ()),  # neither all improving nor all planned
        ([ON, PLANNED, PLANNED], (3, 2)),
        ([ON, WILLING, PLANNED], (2,)),
        ([PLANNED, PLANNED], (3, 2)),
        ([SHORT, SHORT], (1,)),
        ([SHORT, WILLING], ()),  # one without a plan and one with the will: no row says so
        ([ON, SHORT], ()),
        ([], EVERY_SCORE),
    ],
)
def test_the_scores_that_the_kpi_column_allows(kpis, fits):
    assert Evidence(tuple(kpis)).fits == fits


def test_every_row_of_the_scale_is_reached_by_some_evidence():
    reached = {
        score
        for kpis in ([ABOVE], [ABOVE, ABOVE, ON], [ON], [ON, ON, PLANNED], [ON, IMPROVING], [ON, PLANNED], [PLANNED],
                     [WILLING], [SHORT])
        for score in Evidence(tuple(kpis)).fits
    }  # fmt: skip
    assert reached == set(range(1, 10))


@pytest.mark.parametrize(
    ("score", "kpis", "sentence"),
    [
        (9, [ABOVE, ON], "9 Exceptional asks of the KPIs: “All are above target”."
                         " Here 2 of 2 met, 1 better than target."),
        (8, [ON, ON], "8 Outstanding asks of the KPIs: “Most are above target and are at least on target”."
                      " Here 2 of 2 met."),
        (7, [ON, IMPROVING], "7 Excellent asks of the KPIs: “All are at least on target”."
                             " Here 1 of 2 met, 1 short: improving, without a plan."),
        (6, [ON, ON, IMPROVING], "6 Good asks of the KPIs: “Majority are on target with plans in place for all others"
                                 " to improve”. Here 2 of 3 met, 1 short: improving, without a plan."),
        (5, [ON, PLANNED], "5 Effective asks of the KPIs: “Some are under target, but showing signs of improvement”."
                           " Here 1 of 2 met, 1 short: not improving, with a plan."),
        (4, [ON, ON, IMPROVING, IMPROVING], "4 Satisfactory asks of the KPIs: “Some are under target and provider has"
            " action plan in place to improve”. Here 2 of 4 met, 2 short: both improving, none with a plan."),
        (3, [WILLING, PLANNED, IMPROVING], "3 Fair asks of the KPIs: “Majority are under target but provider can"
            " evidence action plans are in place to improve”. Here 0 of 3 met, 3 short: 1 improving, 1 with a plan."),
        (2, [ON, ON], "2 Marginal asks of the KPIs: “Majority are under target but provider has desire to improve”."
                      " Here 2 of 2 met."),
        (1, [PLANNED, PLANNED, PLANNED], "1 Poor asks of the KPIs: “All are under target and no plans in place to"
            " improve”. Here 0 of 3 met, 3 short: none improving, all with a plan."),
    ],
)  # fmt: skip
def test_every_contradiction_is_named(score, kpis, sentence):
    assert contradiction(score, Evidence(tuple(kpis)), scale=SCALE) == sentence


def test_without_evidence_nothing_contradicts():
    assert [contradiction(score, Evidence(), scale=SCALE) for score in (None, *EVERY_SCORE)] == [None] * 10
    assert fits_words(Evidence()) == ""


def test_what_fits_is_said():
    assert fits_words(Evidence((ON, BOTH))) == "The KPIs fit 5 and 4."
    assert fits_words(Evidence((SHORT,))) == "The KPIs fit 1."
    assert "No score" in fits_words(Evidence((ON, SHORT)))


KPIS = st.lists(
    st.builds(
        KpiEvidence,
        standing=st.sampled_from(KpiStanding),
        trend=st.sampled_from([None, -1, 0, 1]),
        plan=st.sampled_from(KpiPlan),
        is_at_best=st.just(False),
    ),
    min_size=1,
    max_size=8,
)


@given(KPIS)
def test_a_score_fits_or_is_contradicted_and_nothing_depends_on_the_order(kpis):
    evidence = Evidence(tuple(kpis))
    assert {score for score in EVERY_SCORE if contradiction(score, evidence, scale=SCALE) is None} == set(evidence.fits)
    assert Evidence(tuple(reversed(kpis))).fits == evidence.fits


@given(KPIS)
def test_a_kpi_that_falls_short_never_allows_a_better_score(kpis):
    """Losing one KPI, without improvement or plan, never raises the best score that fits."""
    worse = (SHORT, *kpis[1:])
    before, after = Evidence(tuple(kpis)).fits, Evidence(worse).fits
    assert not after or not before or max(after) <= max(before)


@given(KPIS)
def test_the_best_scores_are_for_those_that_miss_nothing(kpis):
    misses = any(kpi.standing == KpiStanding.BELOW for kpi in kpis)
    assert bool({9, 8, 7} & set(Evidence(tuple(kpis)).fits)) != misses


@pytest.mark.parametrize(
    ("kpis", "bold", "start"),
    [
        ([], "", ""),
        ([ABOVE, ABOVE], "Grade 5 or less would need a reason.", "Here 2 of 2 met"),
        ([ON, ON], "Grade 8 or more, or 5 or less would need a reason.", "8 asks of the KPIs: “Most are above"),
        ([ON, ON, PLANNED], "Grade other than 6 and 4 would need a reason.", "7 asks of the KPIs: “All are at least"),
        ([ON, BOTH], "Grade 6 or more, or 3 or less would need a reason.", "6 asks of the KPIs: “Majority are on"),
        ([WILLING], "Grade 3 or more, or 1 would need a reason.", "3 asks of the KPIs: “Majority are under"),
        ([SHORT], "Grade 2 or more would need a reason.", "2 asks of the KPIs: “Majority are under"),
        ([ON, SHORT], "Every grade would need a reason.", "No row of the scale describes these KPIs: 1 of 2 met"),
    ],
)
def test_which_grades_would_need_a_reason(kpis, bold, start):
    said = reason_words(Evidence(tuple(kpis)), scale=SCALE)
    assert said[0] == bold
    assert said[1].startswith(start)


@given(kpis=st.lists(st.sampled_from([ABOVE, ON, BEST, SHORT, IMPROVING, PLANNED, WILLING, BOTH]), max_size=6))
def test_a_reason_is_announced_exactly_where_a_score_contradicts(kpis):
    evidence = Evidence(tuple(kpis))
    contradicted = [score for score in EVERY_SCORE if contradiction(score, evidence, scale=SCALE)]
    assert bool(reason_words(evidence, scale=SCALE)[0]) == bool(contradicted)
    assert contradicted == [score for score in EVERY_SCORE if score not in evidence.fits]
