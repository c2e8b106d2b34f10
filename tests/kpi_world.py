"""KPIs with their targets and readings, for tests."""

import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from contracts.choices import KpiDirection, KpiUnit, OutcomeState, OutcomeTerm
from contracts.models import Contract, ImprovementPlan, Kpi, KpiReading, KpiTarget, Outcome
from tests.world import OCTOBER

APRIL = datetime.date(2013, 4, 1)
MOMENT = datetime.datetime(2014, 11, 3, 9, 30, tzinfo=datetime.UTC)

_numbers = count(1)


def make_kpi(contract: Contract, *, target: Any = 95, target_from: datetime.date = APRIL, **details: Any) -> Kpi:
    """A monthly percentage of at least 95 since April 2013, unless told otherwise; no target for None."""
    number = next(_numbers)
    upper, tolerance = details.pop("upper", None), details.pop("tolerance", 0)
    values = {
        "name": f"KPI {number}",
        "position": number,
        "unit": KpiUnit.PERCENT,
        "direction": KpiDirection.AT_LEAST,
        "first_month": APRIL,
    } | details
    kpi = Kpi.objects.create(contract=contract, **values)
    if target is not None:
        KpiTarget.objects.create(kpi=kpi, from_month=target_from, target=target, upper=upper, tolerance=tolerance)
    return kpi


def make_reading(kpi: Kpi, value: Any, month: datetime.date = OCTOBER, **details: Any) -> KpiReading:
    """Nothing to count for None."""
    known = None if value is None else Decimal(str(value))
    values = {"value": known, "nothing_to_count": known is None, "saved_at": MOMENT} | details
    return KpiReading.objects.create(kpi=kpi, month=month, **values)


def make_plan(*kpis: Kpi, agreed_on: datetime.date = datetime.date(2014, 3, 14), **details: Any) -> ImprovementPlan:
    """An improvement plan that names these KPIs of one contract."""
    values = {"title": "Waits", "concern": "waiting_times", "agreed_on": agreed_on} | details
    if "closed_on" in details:
        values |= {"closed_by": kpis[0].contract.officer, "closing_words": "Waits are down"}
    plan = ImprovementPlan.objects.create(contract=kpis[0].contract, **values)
    plan.kpis.set(kpis)
    return plan


def make_outcome(contract: Contract, statement: str = "Children wait less", **details: Any) -> Outcome:
    """An agreed one; ``state=OutcomeState.PROPOSED`` for one that waits to be agreed."""
    values = {"term": OutcomeTerm.SHORT, "state": OutcomeState.AGREED, "proposed_at": MOMENT} | details
    values.setdefault("decided_at", None if values["state"] == OutcomeState.PROPOSED else MOMENT)
    return Outcome.objects.create(contract=contract, statement=statement, **values)
