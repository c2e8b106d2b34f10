"""Returns of earlier months that were expected and never came: counted over many contracts, or named one by one.

A month that its unit has closed stands as not returned: it is amended, not overdue. So the units' open months are
found first, and only of their contracts is a return looked for, by its key.
"""

import datetime
from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

from contracts.choices import COUNTING
from contracts.models.contract import ContractQuerySet
from contracts.rules.returns import months_ending, previous_month

#: So many months back a list looks for returns never made.
MONTHS_LOOKED_BACK: Final = 12

# ``contracts.rules.returns.expects_return`` for every open month at once. No plan may turn the search for a return
# into a reading of all of them, which the LIMIT says.
_MISSING: Final = """
FROM (
    SELECT unit.id AS unit_id, asked.month
    FROM commissioning_commissioningunit unit CROSS JOIN unnest(%s::date[]) AS asked (month)
    WHERE (unit.first_return_month IS NULL OR unit.first_return_month <= asked.month)
      AND NOT EXISTS (
          SELECT 1 FROM contracts_monthreview review
          WHERE review.unit_id = unit.id AND review.month = asked.month AND review.closed_at IS NOT NULL
      )
) open
JOIN ({contracts}) contract
  ON contract.unit_id = open.unit_id
 AND contract.start < open.month + interval '1 month'
 AND (contract.effective_end IS NULL OR contract.effective_end >= open.month)
 AND (contract.returns_from IS NULL OR contract.returns_from <= open.month)
LEFT JOIN LATERAL (
    SELECT true AS is_there FROM contracts_monthlyreturn made
    WHERE made.contract_id = contract.id AND made.month = open.month AND made.state = ANY(%s)
    LIMIT 1
) returned ON true
WHERE returned.is_there IS NULL
"""
_COUNTED: Final = f"SELECT open.month, count(*) {_MISSING} GROUP BY open.month ORDER BY open.month DESC"
_NAMED: Final = f"SELECT contract.id, open.month {_MISSING} ORDER BY open.month DESC"


def missing_counts(contracts: ContractQuerySet, before: datetime.date) -> list[tuple[datetime.date, int]]:
    """(month, how many of these contracts lack its return), newest first, of months that lack any; one query."""
    return [(month, count) for month, count in _read(_COUNTED, contracts, before)]


def missing_months(contracts: ContractQuerySet, before: datetime.date) -> dict[int, list[datetime.date]]:
    """By contract that lacks any, the months before this one, newest first; one query."""
    found: dict[int, list[datetime.date]] = {}
    for contract, month in _read(_NAMED, contracts, before):
        found.setdefault(contract, []).append(month)
    return found


def _read(statement: str, contracts: ContractQuerySet, before: datetime.date) -> Sequence[Any]:
    """Sight is that of the queryset; a person with none asks nothing."""
    asked = contracts.order_by().values("id", "unit_id", "start", "effective_end", "returns_from")
    try:
        sql, parameters = asked.query.sql_with_params()
    except EmptyResultSet:
        return []
    months = list(months_ending(previous_month(before), MONTHS_LOOKED_BACK))
    with connection.cursor() as cursor:
        cursor.execute(statement.format(contracts=sql), [months, *parameters, list(COUNTING)])
        return cursor.fetchall()
