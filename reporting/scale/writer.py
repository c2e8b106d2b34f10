"""Writes the world in one transaction, by the statements in ``sql`` and those of ``history``.

Triggers and foreign keys are off meanwhile, so the statements themselves keep what these would: the months of options
in the contract's own columns, and a history row for each row. Check, unique and exclusion constraints hold as ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import AutoField

from accounts.grants import stored_permissions
from accounts.permissions import CONTRACT_PERMISSIONS, GRANTED_ROLES, UNIT_PERMISSIONS, Permission, Role
from commissioning.access import NATIONAL_SIGHT
from commissioning.choices import PartnerLevel
from commissioning.models import CommissioningUnit
from commissioning.services.grants import exception_permissions, permissions_at
from contracts.choices import Perspective, ReviewElementKind
from contracts.models import Contract
from contracts.rules.returns import months_back

from .history import write_history
from .names import PASSWORD, TODAY

STATEMENTS: Final = sorted(Path(__file__).with_name("sql").glob("*.sql"))
LAST_MONTH: Final = date(2026, 9, 1)
"""The month whose returns are coming in today."""
MEASURED_MONTHS: Final = 18
COUNTY: Final = 228
"""Contracts of the first unit, whatever the size of the whole, so that one person's pages can be compared."""


@dataclass(frozen=True)
class Size:
    """How much of everything; all else follows from these three."""

    units: int
    contracts: int
    months: int

    @property
    def first_unit(self) -> int:
        return self.contracts if self.units == 1 else min(COUNTY, self.contracts // self.units)

    @property
    def partners(self) -> int:
        """Bodies that host no unit: 500 organisations with people where there are 153 units."""
        return max(5, round(self.units * 2.27))

    @property
    def providers(self) -> int:
        return max(3, self.contracts * 3 // 10)


@transaction.atomic
def write(size: Size) -> None:
    """Needs an empty database and a role that may set ``session_replication_role``."""
    values = _values(size)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 2")
        cursor.execute(
            "CREATE TEMP TABLE scale_permission (level text, role text, unit_permission bigint,"
            " contract_permission bigint, may_lift boolean) ON COMMIT DROP"
        )
        cursor.executemany("INSERT INTO scale_permission VALUES (%s, %s, %s, %s, %s)", list(_permissions()))
        for path in STATEMENTS:
            cursor.execute(path.read_text(), values)
        write_history(cursor, began=values["first_month"])
        _number_on(cursor)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _values(size: Size) -> dict[str, Any]:
    return {
        "units": size.units,
        "contracts": size.contracts,
        "months": size.months,
        "first_unit": size.first_unit,
        "partners": size.partners,
        "providers": size.providers,
        "today": TODAY,
        "first_month": months_back(LAST_MONTH, size.months - 1),
        "last_month": LAST_MONTH,
        "measured_from": months_back(LAST_MONTH, min(size.months, MEASURED_MONTHS) - 1),
        "roles": [str(role) for role in Role],
        "role_count": len(Role),
        "national": stored_permissions(CommissioningUnit)[NATIONAL_SIGHT].pk,
        "password": make_password(PASSWORD),
        "perspectives": Perspective.values,
        "elements": ReviewElementKind.values,
    }


def _permissions() -> Iterator[tuple[str, str, int | None, int | None, bool]]:
    """What a role may do at a level, as the services grant it: on a unit, and on a restricted contract."""
    on_unit, on_contract = stored_permissions(CommissioningUnit), stored_permissions(Contract)
    for level in PartnerLevel.values:
        for role in GRANTED_ROLES:
            for permission in permissions_at(level, role) & frozenset(UNIT_PERMISSIONS):
                yield level, role, on_unit[permission].pk, None, False
            for permission in exception_permissions(level, role) & frozenset(CONTRACT_PERMISSIONS):
                lifts = permission == Permission.RESTRICT_CONTRACTS
                yield level, role, None, on_contract[permission].pk, lifts


def _number_on(cursor: Any) -> None:
    """New rows go on after the numbers given here; a sequence that is further already stays where it is."""
    for model in apps.get_models(include_auto_created=True):
        key = model._meta.pk
        if isinstance(key, AutoField) and not model._meta.proxy:
            table, column = model._meta.db_table, key.column
            cursor.execute(
                f'SELECT setval(s, greatest(last, pg_sequence_last_value(s::regclass))) FROM (SELECT max("{column}")'  # noqa: S608
                f" AS last, pg_get_serial_sequence('{table}', '{column}') AS s FROM {table}) given WHERE last > 0"
            )
