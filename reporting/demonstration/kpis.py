"""KPI readings that bear out what each contract's returns say, month by month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from random import Random
from typing import Final

from accounts.acts import act
from accounts.models import User
from contracts.choices import KpiPlan, KpiStanding, Reporter, ReturnState
from contracts.models import Contract, Kpi, KpiReading, KpiTarget
from contracts.rules.evidence import Evidence, KpiEvidence
from contracts.rules.kpis import Target, is_at_best, is_due, standing_of, trend_of
from contracts.rules.returns import months_ending

from .calendar import OCTOBER, SEPTEMBER, TODAY
from .measures import (
    BY_AREA,
    CAMHS,
    CAMHS_VALUES,
    SATISFIED,
    SHORT_BREAKS,
    SHORT_BREAKS_BEGUN,
    SHORT_BREAKS_VALUES,
    Measure,
)
from .returns import LONDON, ReturnPlan
from .world import ContractPlan

YEAR: Final = months_ending(OCTOBER, 12)
MEASURED_CONTRACTS: Final = 110
"""The largest by value whose KPIs bear their grades out; smaller ones have none agreed."""
CAMHS_TITLE: Final = "CAMHS Tier 3"
SHORT_BREAKS_TITLE: Final = "Short breaks for CWD"
WITH_THE_CONTACT: Final = "Family Support, Boston"
TO_REPORT: Final = "Family Support, East Lindsey"
"""Contracts of the provider whose contact signs in: the one has all its figures, the other lacks October's."""
UNEXPLAINED: Final = "The last weeks of the month bear the score out; the month’s average does not show it yet."

#: For each score, how many of four KPIs are short of target and how many beat it, and what is done about the short.
_SHORT: Final = {9: 0, 8: 0, 7: 0, 6: 1, 5: 1, 4: 2, 3: 3, 2: 3, 1: 4}
_ABOVE: Final = {9: 4, 8: 3, 7: 2, 6: 2, 5: 2, 4: 1, 3: 0, 2: 0, 1: 0}
_PLAN: Final = {6: KpiPlan.IN_PLACE, 4: KpiPlan.IN_PLACE, 3: KpiPlan.IN_PLACE, 2: KpiPlan.WILLING}
_FURTHEST: Final = 14
_PLAN_IN_HAND: Final = date(2013, 12, 1)
"""From this month on the provider of CAMHS worked to a plan; it was agreed in writing on 14 March."""
_BEGUN_AT: Final = datetime.combine(TODAY, time(9, 4), tzinfo=LONDON)
_SELDOM: Final = 6
"""So many contracts have a month whose score their KPIs do not bear out, explained in the return."""


@dataclass(frozen=True)
class ReadingPlan:
    """One reading; no value where nothing was to count."""

    month: date
    value: Decimal | None
    plan: str
    saved_at: datetime


@dataclass(frozen=True)
class MeasuredPlan:
    """One contract's KPIs with their readings, and the months whose score they do not bear out."""

    reference: str
    measures: tuple[Measure, ...]
    first_month: date
    readings: tuple[tuple[ReadingPlan, ...], ...]
    unexplained: frozenset[date] = frozenset()


def measured_contracts(rng: Random, plans: Sequence[ContractPlan]) -> list[MeasuredPlan]:
    """The two that are known by their numbers, and the largest of the others."""
    found: list[MeasuredPlan] = []
    for plan in sorted(plans, key=lambda plan: (plan.title != WITH_THE_CONTACT, -plan.value.annual, plan.reference)):
        by_month = {row.month: row for row in plan.returns if row.month in YEAR}
        if plan.title == CAMHS_TITLE:
            camhs = _laid_down(plan, CAMHS, CAMHS_VALUES, YEAR, by_month)
            found.append(replace(camhs, unexplained=frozenset({YEAR[0]})))
        elif plan.title == SHORT_BREAKS_TITLE:
            found.append(_short_breaks(plan))
        elif plan.title == TO_REPORT:
            found.append(_to_report(plan))
        elif len(found) < MEASURED_CONTRACTS:
            measured = _of_scores(rng, plan, by_month)
            explained = sum(bool(other.unexplained) for other in found)
            if measured is not None and (explained < _SELDOM or not measured.unexplained):
                found.append(measured)
    return found


# By numbers laid down


def _laid_down(
    plan: ContractPlan,
    measures: tuple[Measure, ...],
    values: Sequence[Sequence[int | None]],
    months: Sequence[date],
    by_month: dict[date, ReturnPlan],
) -> MeasuredPlan:
    readings = tuple(
        tuple(
            ReadingPlan(month, Decimal(value), _plan_in(measure, value, month), by_month[month].saved_at)
            for month, value in zip(months, line, strict=True)
            if value is not None and month in by_month
        )
        for measure, line in zip(measures, values, strict=True)
    )
    return MeasuredPlan(plan.reference, measures, months[0], readings)


def _plan_in(measure: Measure, value: int, month: date) -> str:
    short = standing_of(Decimal(value), _target(measure), direction=measure.direction) == KpiStanding.BELOW
    return KpiPlan.IN_PLACE if short and month >= _PLAN_IN_HAND else (KpiPlan.WILLING if short else "")


def _short_breaks(plan: ContractPlan) -> MeasuredPlan:
    """Up to September, and of October what is typed so far."""
    returned = {row.month: row for row in plan.returns}
    laid = _laid_down(plan, SHORT_BREAKS, SHORT_BREAKS_VALUES, months_ending(SEPTEMBER, 12), returned)
    readings = tuple(
        (*line, *([ReadingPlan(OCTOBER, Decimal(value), "", _BEGUN_AT)] if value is not None else []))
        for line, value in zip(laid.readings, SHORT_BREAKS_BEGUN, strict=True)
    )
    return replace(laid, readings=readings)


def _to_report(plan: ContractPlan) -> MeasuredPlan:
    """One KPI, on its target every month, that the provider reports."""
    months = months_ending(SEPTEMBER, 2)
    returned = {row.month: row for row in plan.returns}
    measure = replace(SATISFIED, reported_by=Reporter.PROVIDER)
    return _laid_down(plan, (measure,), ((measure.target,) * len(months),), months, returned)


# By the scores


def _of_scores(rng: Random, plan: ContractPlan, by_month: dict[date, ReturnPlan]) -> MeasuredPlan | None:
    """None where October is still to come, where months are missing or where September's or October's KPIs would not
    bear the grade out: such contracts have agreed none.
    """
    october = by_month.get(OCTOBER)
    if october is None or october.state != ReturnState.SUBMITTED or len(by_month) < len(YEAR):
        return None
    measures = BY_AREA[plan.area]
    if plan.title == WITH_THE_CONTACT:
        measures = (*measures[:-1], replace(measures[-1], reported_by=Reporter.PROVIDER))
    aheads = _aheads(rng, [by_month[month].rating.jet for month in YEAR])
    readings = tuple(
        tuple(
            ReadingPlan(
                month,
                None if ahead is None else measure.value(ahead),
                _PLAN.get(by_month[month].rating.jet or 0, "") if ahead is not None and ahead < 0 else "",
                by_month[month].saved_at,
            )
            for month, ahead in zip(YEAR, line, strict=True)
        )
        for measure, line in zip(measures, aheads, strict=True)
    )
    wrong = frozenset(
        month
        for place, month in enumerate(YEAR)
        if (score := by_month[month].rating.jet) is not None and score not in _fits(measures, readings, place)
    )
    if wrong & {SEPTEMBER, OCTOBER} or len(wrong) > 1:
        return None
    return MeasuredPlan(plan.reference, measures, YEAR[0], readings, wrong)


def _aheads(rng: Random, scores: Sequence[int | None]) -> list[list[int | None]]:
    """For each of four KPIs and each month, how far ahead of its target it is; the weakest first."""
    lines: list[list[int | None]] = [[], [], [], []]
    gaps = [0, 0, 0, 0]
    for score in scores:
        for number, line in enumerate(lines):
            if score is None:
                line.append(None)
                continue
            if number < _SHORT[score]:
                gaps[number] = _gap(rng, gaps[number], score)
                line.append(-gaps[number])
            else:
                gaps[number] = 0
                line.append(rng.randint(1, 3) if number >= len(lines) - _ABOVE[score] else 0)
    return lines


def _gap(rng: Random, before: int, score: int) -> int:
    """«Showing signs of improvement» is a smaller gap than last month's; else it may go either way."""
    if not before:
        return rng.randint(8, 12)
    if score == 5:
        return max(before - 1, 1)
    return min(max(before + rng.choice((-1, 0, 1)), 2), _FURTHEST)


def _fits(measures: Sequence[Measure], readings: Sequence[Sequence[ReadingPlan]], place: int) -> tuple[int, ...]:
    """The scores that the KPIs of the month at the place would allow, as the product itself works them out."""
    kpis = []
    for measure, line in zip(measures, readings, strict=True):
        now = line[place]
        if now.value is None or not is_due(now.month, frequency=measure.frequency, first_month=YEAR[0]):
            continue
        target = _target(measure)
        before = line[place - 1].value if place else None
        kpis.append(
            KpiEvidence(
                standing=standing_of(now.value, target, direction=measure.direction),
                trend=trend_of(before, now.value, target, direction=measure.direction),
                plan=now.plan or KpiPlan.NONE,
                is_at_best=is_at_best(now.value, target, direction=measure.direction, unit=measure.unit),
            )
        )
    return Evidence(tuple(kpis)).fits


def _target(measure: Measure) -> Target:
    return Target(YEAR[0], Decimal(measure.target))


def explained(measured: Sequence[MeasuredPlan]) -> dict[tuple[str, date], str]:
    """By reference and month, why the score stands although the KPIs do not bear it out."""
    return {(plan.reference, month): UNEXPLAINED for plan in measured for month in plan.unexplained}


# Written


def write_kpis(measured: Sequence[MeasuredPlan], contracts: Mapping[str, Contract], *, by: User) -> None:
    """KPIs and targets as the commissioner agreed them, readings as each officer gave them with the return."""
    with act("KPIs agreed", by=by):
        kpis = Kpi.objects.bulk_create(
            Kpi(
                contract=contracts[plan.reference],
                position=position,
                name=measure.name,
                definition=measure.definition,
                unit=measure.unit,
                direction=measure.direction,
                frequency=measure.frequency,
                reported_by=measure.reported_by,
                first_month=plan.first_month,
            )
            for plan in measured
            for position, measure in enumerate(plan.measures, start=1)
        )
        measures = [measure for plan in measured for measure in plan.measures]
        KpiTarget.objects.bulk_create(
            KpiTarget(kpi=kpi, from_month=kpi.first_month, target=measure.target)
            for kpi, measure in zip(kpis, measures, strict=True)
        )
    _write_readings(kpis, [line for plan in measured for line in plan.readings])


def _write_readings(kpis: Sequence[Kpi], lines: Sequence[Sequence[ReadingPlan]]) -> None:
    by_officer: dict[User, list[KpiReading]] = defaultdict(list)
    for kpi, line in zip(kpis, lines, strict=True):
        officer = kpi.contract.officer
        assert officer is not None
        by_officer[officer] += [
            KpiReading(
                kpi=kpi,
                month=reading.month,
                value=reading.value,
                nothing_to_count=reading.value is None,
                plan=reading.plan,
                saved_at=reading.saved_at,
                saved_by=officer,
            )
            for reading in line
        ]
    for officer, rows in by_officer.items():
        with act("KPI readings saved", by=officer):
            KpiReading.objects.bulk_create(rows, batch_size=2_000)
