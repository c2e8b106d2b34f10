"""What the KPIs of many contracts say of a month, and which values their officers still owe: one statement.

A KPI is looked up by its two newest values and the target of the newest one, so that a year of readings more is not
a row more to read. It says the same as the lines of ``kpis`` do one by one.
"""

import datetime
from collections.abc import Collection
from decimal import Decimal
from typing import Final, NamedTuple

from django.db import connection

from contracts.choices import Reporter
from contracts.queries.kpis import MONTHS_READ, evidence_from, plan_of
from contracts.rules.evidence import Evidence, KpiEvidence
from contracts.rules.kpis import Target, frequencies_due, last_due
from contracts.rules.returns import month_end, months_back, next_month

_SAID: Final = """
SELECT kpi.contract_id, kpi.direction, kpi.unit, kpi.frequency,
       newest.month, newest.value, newest.plan, earlier.value,
       held.from_month, held.target, held.upper, held.tolerance,
       EXISTS (
           SELECT 1 FROM contracts_improvementplan_kpis named
           JOIN contracts_improvementplan plan ON plan.id = named.improvementplan_id
           WHERE named.kpi_id = kpi.id AND plan.agreed_on <= %(planned_by)s
             AND (plan.closed_on IS NULL OR plan.closed_on > %(month_end)s)
       ),
       kpi.reported_by = %(officer)s AND kpi.frequency = ANY(%(due)s)
       AND NOT EXISTS (SELECT 1 FROM contracts_kpireading there
                       WHERE there.kpi_id = kpi.id AND there.month = %(month)s)
       AND EXISTS (SELECT 1 FROM contracts_kpitarget begun
                   WHERE begun.kpi_id = kpi.id AND begun.from_month <= %(month)s)
FROM contracts_kpi kpi
LEFT JOIN LATERAL (
    SELECT month, value, plan FROM contracts_kpireading
    WHERE kpi_id = kpi.id AND month BETWEEN %(since)s AND %(month)s AND value IS NOT NULL
    ORDER BY month DESC LIMIT 1
) newest ON true
LEFT JOIN LATERAL (
    SELECT value FROM contracts_kpireading
    WHERE kpi_id = kpi.id AND month >= %(since)s AND month < newest.month AND value IS NOT NULL
    ORDER BY month DESC LIMIT 1
) earlier ON true
LEFT JOIN LATERAL (
    SELECT from_month, target, upper, tolerance FROM contracts_kpitarget
    WHERE kpi_id = kpi.id AND from_month <= newest.month
    ORDER BY from_month DESC LIMIT 1
) held ON true
WHERE kpi.contract_id = ANY(%(contracts)s)
  AND kpi.first_month <= %(month)s AND (kpi.last_month IS NULL OR kpi.last_month >= %(month)s)
ORDER BY kpi.position, kpi.id
"""


class _Row(NamedTuple):
    """The statement's columns in their order; those of a reading and a target are None where there is none."""

    contract: int
    direction: str
    unit: str
    frequency: str
    read_in: datetime.date | None
    value: Decimal | None
    plan: str | None
    before: Decimal | None
    from_month: datetime.date | None
    target: Decimal | None
    upper: Decimal | None
    tolerance: Decimal | None
    is_planned: bool
    is_owed: bool


class Said(NamedTuple):
    """Of one contract in one month; ``due`` are the readings, of KPIs with a target, that its officer still owes."""

    evidence: Evidence
    due: int


def said_of(contract_ids: Collection[int], month: datetime.date) -> dict[int, Said]:
    """By contract; one query however many there are, none for none. Sight is the caller's."""
    counted: dict[int, list[KpiEvidence]] = {pk: [] for pk in contract_ids}
    due = dict.fromkeys(counted, 0)
    for row in _rows(list(counted), month):
        due[row.contract] += row.is_owed
        evidence = _evidence(row, month)
        if evidence is not None:
            counted[row.contract].append(evidence)
    return {pk: Said(Evidence(tuple(found)), due[pk]) for pk, found in counted.items()}


def evidence_of(contract_ids: Collection[int], month: datetime.date) -> dict[int, Evidence]:
    """By contract, as ``kpi_lines`` would say it."""
    return {pk: said.evidence for pk, said in said_of(contract_ids, month).items()}


def _rows(contract_ids: list[int], month: datetime.date) -> list[_Row]:
    if not contract_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _SAID,
            {
                "contracts": contract_ids,
                "month": month,
                "since": months_back(month, MONTHS_READ - 1),
                "month_end": month_end(month),
                "planned_by": month_end(next_month(month)),
                "officer": Reporter.OFFICER,
                "due": list(frequencies_due(month)),
            },
        )
        return [_Row(*row) for row in cursor.fetchall()]


def _evidence(row: _Row, month: datetime.date) -> KpiEvidence | None:
    """A reading counts until the next of its KPI is due."""
    if row.read_in != last_due(month, frequency=row.frequency):
        return None
    return evidence_from(
        direction=row.direction,
        unit=row.unit,
        target=_target(row),
        value=row.value,
        before=row.before,
        plan=plan_of(row.plan or "", is_planned=row.is_planned),
    )


def _target(row: _Row) -> Target | None:
    if row.from_month is None or row.target is None or row.tolerance is None:
        return None
    return Target(from_month=row.from_month, target=row.target, upper=row.upper, tolerance=row.tolerance)
