"""Improvement plans, steps and private notices for tests, as they stand in the database."""

import datetime
from typing import Any

from contracts.choices import Concern, StepState
from contracts.models import Contract, ImprovementPlan, PerformanceNotice, PlanStep
from tests.world import TODAY

AGREED = datetime.date(2014, 3, 14)


def make_plan(contract: Contract, **details: Any) -> ImprovementPlan:
    """Agreed on 14 March 2014, unless told otherwise; ``kpis`` are set after it."""
    kpis = details.pop("kpis", [])
    values = {"title": "Waits for assessment", "concern": Concern.WAITING_TIMES, "agreed_on": AGREED} | details
    plan = ImprovementPlan.objects.create(contract=contract, **values)
    plan.kpis.set(kpis)
    return plan


def make_step(contract: Contract, *, plan: ImprovementPlan | None = None, **details: Any) -> PlanStep:
    """Due by the end of October 2014, four days before the day of the tests, and not started."""
    plan = plan or make_plan(contract)
    values = {
        "text": "Recruit two assessment clinicians",
        "owner": "Willow Homes, people team",
        "due_on": datetime.date(2014, 10, 31),
        "position": plan.steps.count() + 1,
    } | details
    if values.get("state") == StepState.DONE:
        values = {"evidence": "Both started.", "done_on": TODAY} | values
    return PlanStep.objects.create(contract=contract, plan=plan, **values)


def make_notice(contract: Contract, **details: Any) -> PerformanceNotice:
    """Issued on 20 October 2014: ten operational days later is 3 November."""
    values = {
        "concern": Concern.DATA_QUALITY,
        "words": "Ethnicity is missing from a third of records.",
        "issued_on": datetime.date(2014, 10, 20),
        "meeting_by": datetime.date(2014, 11, 3),
    } | details
    return PerformanceNotice.objects.create(contract=contract, **values)
