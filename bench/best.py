"""The facts of a page by the one best statement, through psycopg2 alone: what its own queries are held against."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from psycopg2.extensions import AsIs

from accounts import clock
from accounts.permissions import NATIONALLY_OPEN_PERMISSIONS, Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.models import Contract
from reporting.queries.month import chosen_month

FOLDER: Final = Path(__file__).resolve().parent / "raw"
VIEW: Final = Permission.VIEW_CONTRACTS


def best_statement(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text()


def values_for(user: Any, *, unit: CommissioningUnit | None, contract: Contract | None, text: str) -> dict[str, Any]:
    """All that a statement may use, as `bench/raw/README.md` lists it."""
    month = chosen_month(None, today=clock.today())
    return {
        "sight": AsIs(_sight(user)),
        "reviewed": AsIs(_sight(user, Permission.REVIEW_RETURNS)),
        "user": user.pk,
        "unit": unit.pk if unit else None,
        "day": month.as_at,
        "month": month.month,
        "month_end": month.last_day,
        "previous": month.previous,
        "history": month.history[0],
        "soon": month.soon,
        "open_from": month.first_working_day_open,
        "contract": contract.pk if contract else None,
        "text": text,
    }


def runs(bare: Any, name: str, values: Mapping[str, Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """Running it once: sent, answered, all rows fetched."""
    statement = best_statement(name)

    def run() -> list[tuple[Any, ...]]:
        with bare.cursor() as cursor:
            cursor.execute(statement, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    return run


def _sight(user: Any, permission: Permission = VIEW) -> str:
    """``Contract.objects.visible_to(user)`` written by hand, over ``c``: numbers only, nothing that a person typed."""
    scope = scope_of(user)
    exceptions = _one_of("c.id", scope.exceptions_with(permission))
    if scope.national and permission in NATIONALLY_OPEN_PERMISSIONS:
        return f"(NOT c.is_restricted OR {exceptions})"
    units, own = scope.units_with(permission), scope.own_with(permission)
    ordinary = f"({_one_of('c.unit_id', units)} OR {_one_of('c.id', own)})"
    return f"((NOT c.is_restricted AND {ordinary}) OR {exceptions})"


def _one_of(column: str, ids: frozenset[int]) -> str:
    return f"{column} IN ({', '.join(map(str, sorted(ids)))})" if ids else "false"
