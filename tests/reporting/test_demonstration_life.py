"""The life of the demonstration's contracts: KPIs, plans, boards, reviews, and the contract of the other paper."""

import datetime
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Q

from commissioning.models import CommissioningUnit
from contracts.choices import LifeEventKind
from contracts.models import (
    Contract,
    ImprovementPlan,
    Kpi,
    KpiReading,
    LifeEvent,
    MonthlyReturn,
    Outcome,
    PerformanceNotice,
    PlanStep,
    ServiceReview,
)
from contracts.queries.kpi_evidence import evidence_of
from governance.models import Board, Meeting
from reporting.demonstration.calendar import OCTOBER, TODAY
from reporting.demonstration.kpis import YEAR
from reporting.demonstration.named import UNDER_REVIEW
from reporting.queries.history_of_contract import newest_entries

pytestmark = pytest.mark.django_db

UNIT = "lincolnshire-childrens"


@pytest.fixture
def unit(seeded) -> CommissioningUnit:
    return CommissioningUnit.objects.get(code=UNIT)


# KPIs


def test_so_many_contracts_are_measured(unit):
    assert Contract.objects.filter(unit=unit, kpis__isnull=False).distinct().count() == 88
    assert Kpi.objects.count() == 354
    assert not Kpi.objects.exclude(contract__unit=unit).exists()


@pytest.mark.parametrize("month", YEAR)
def test_the_kpis_bear_out_each_grade_or_the_return_says_why_not(unit, month):
    graded = MonthlyReturn.objects.that_count().filter(
        month=month, jet_score__isnull=False, contract__kpis__isnull=False
    )
    rows = list(graded.distinct())
    evidence = evidence_of([row.contract_id for row in rows], month)
    assert len(rows) > 80
    contradicted = {row.contract_id for row in rows if row.jet_score not in evidence[row.contract_id].fits}
    assert contradicted == {row.contract_id for row in rows if row.kpi_reason}
    if month >= datetime.date(2014, 9, 1):
        assert contradicted == set()


def test_camhs_reads_as_it_was_drawn(unit):
    camhs = Contract.objects.get(unit=unit, title="CAMHS Tier 3")
    october = {
        reading.kpi.name: (reading.value, reading.plan)
        for reading in KpiReading.objects.filter(kpi__contract=camhs, month=OCTOBER).select_related("kpi")
    }
    assert october == {
        "ADHD assessments waiting over 12 weeks": (19, "in_place"),
        "Referral to first assessment within 6 weeks": (92, "in_place"),
        "Referral to treatment within 18 weeks": (96, ""),
        "Appointments not attended": (8, ""),
        "Paired outcome measures showing improvement": (74, ""),
        "Urgent referrals seen within 24 hours": (100, ""),
    }
    evidence = evidence_of([camhs.pk], OCTOBER)[camhs.pk]
    assert (evidence.met, evidence.total, evidence.improving) == (4, 6, 2)
    assert 5 in evidence.fits


def test_what_may_be_returned_unchanged_owes_no_figures_of_the_officer(unit):
    for title in ("Family Support, East Lindsey", "Locality commissioning, West Lindsey"):
        assert not Kpi.objects.filter(contract__title=title, reported_by="officer").exists()


# Plans, boards, reviews


def test_plans_and_their_overdue_steps(unit):
    plans = ImprovementPlan.objects.filter(contract__unit=unit)
    assert plans.count() == 6
    overdue = PlanStep.objects.filter(contract__unit=unit, due_on__lt=TODAY).exclude(state="done")
    assert set(overdue.values_list("contract__title", flat=True)) == {
        "CAMHS Tier 3",
        "Short breaks for CWD",
        "Domiciliary care for CWD",
        "Outreach Support Service",
    }
    camhs = plans.get(contract__title="CAMHS Tier 3")
    assert camhs.agreed_on == datetime.date(2014, 3, 14)
    assert [step.state for step in camhs.steps.all()] == ["done", "on_course", "on_course", "on_course", "not_started"]


def test_outcomes_are_agreed_and_one_is_proposed_by_a_provider(unit):
    outcomes = Outcome.objects.filter(contract__unit=unit)
    assert dict(Counter(outcomes.values_list("state", flat=True))) == {"agreed": 6, "proposed": 1}
    assert outcomes.get(state="proposed").proposed_by.name == "Leah Marsden"
    assert outcomes.filter(is_intended=False).get().effect == "negative"


def test_a_plan_answers_a_private_notice(unit):
    notice = PerformanceNotice.objects.get()
    assert notice.contract.title == "CAMHS Tier 3"
    assert [plan.agreed_on for plan in notice.plans.all()] == [datetime.date(2014, 3, 14)]


def test_boards_meet(unit):
    assert Board.objects.filter(contract__unit=unit).count() == 3
    camhs = Board.objects.get(contract__title="CAMHS Tier 3")
    assert set(camhs.seats.values_list("sits_for", flat=True)) == {"supplier", "commissioning", "service"}
    assert camhs.meetings.filter(kind="face_to_face").count() == 1
    following = camhs.meetings.filter(state="planned").get()
    assert following.on == datetime.date(2014, 11, 6)
    assert not Meeting.objects.filter(Q(state="held", on__gt=TODAY) | Q(state="planned", on__lte=TODAY)).exists()


def test_the_thirteen_reviews_of_the_paper(unit):
    reviews = ServiceReview.objects.filter(unit=unit)
    assert set(reviews.values_list("title", flat=True)) == set(UNDER_REVIEW)
    assert {(review.planned_months, *review.planned_options) for review in reviews} == {(36, 12, 12)}
    assert all(datetime.date(2015, 3, 1) <= review.ends_on <= datetime.date(2015, 9, 30) for review in reviews)
    assert {review.elements.count() for review in reviews} == {5}
    assert all(review.contracts.exists() for review in reviews)


def test_each_option_taken_up_is_an_event_of_the_contract(unit):
    taken = Contract.objects.filter(unit=unit, options__exercised_on__isnull=False)
    assert LifeEvent.objects.filter(contract__unit=unit).count() == taken.count() > 20
    for event in LifeEvent.objects.filter(contract__unit=unit).select_related("contract"):
        assert event.end_after > event.end_before
        assert event.end_after <= event.contract.effective_end


# The contract of the other paper


def test_the_contract_of_the_other_paper(seeded):
    contract = Contract.objects.get(unit__code="peterborough-childrens")
    assert (contract.start, contract.initial_end) == (datetime.date(2011, 4, 1), datetime.date(2014, 3, 31))
    assert contract.effective_end == contract.maximum_end == datetime.date(2015, 3, 31)
    assert contract.status_on(TODAY) == "current"
    assert [event.kind for event in contract.life_events.all()] == [
        LifeEventKind.NOTICE_GIVEN,
        LifeEventKind.NOTICE_WITHDRAWN,
        LifeEventKind.EXTENDED,
    ]
    plan = contract.improvement_plans.get()
    assert plan.condition_of == contract.options.get(is_outside=True)
    assert plan.steps.count() == 4
    review = contract.service_reviews.get()
    assert [(option.horizon, option.is_recommended) for option in review.options.all()] == [
        ("short", True),
        ("long", False),
        ("long", False),
    ]


def test_of_a_real_body_nothing_is_rated_or_measured(seeded):
    contract = Contract.objects.get(unit__code="peterborough-childrens")
    assert not contract.returns.exists()
    assert not contract.kpis.exists()
    assert contract.expects_return(OCTOBER)


# History


def test_no_event_is_dated_after_the_demonstration_s_morning(seeded):
    nine = datetime.datetime(2014, 11, 4, 9, 10, tzinfo=datetime.UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'pgh_created_at'"
            " AND table_schema = 'public' AND (table_name LIKE 'contracts_%' OR table_name LIKE 'governance_%')"
            # the law is no part of the demonstration: it is written with the tables
            " AND table_name NOT IN ('contracts_changegroundevent', 'contracts_dutyruleevent')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        late = []
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE pgh_created_at > %s", [nine])  # noqa: S608
            late += [table] if cursor.fetchone()[0] else []
    assert len(tables) > 25
    assert late == []


def test_the_history_of_the_extended_contract_runs_in_order(seeded):
    contract = Contract.objects.get(unit__code="peterborough-childrens")
    entries = newest_entries(contract, count=200)
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
    assert entries[-1].title == "Contract added"
