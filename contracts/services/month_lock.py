"""A month is closed while nobody is writing into it, and nobody writes into it while it is being closed."""

import datetime
from collections.abc import Iterable

from django.db import connection

#: Told apart from other advisory locks of the database by this number.
_MONTH_OF_A_UNIT = 7_301


def hold_open(units: Iterable[int], month: datetime.date) -> None:
    """Until the transaction ends these units cannot close the month; other writers of it are not kept waiting."""
    _lock("pg_advisory_xact_lock_shared", units, month)


def hold_closed(unit: int, month: datetime.date) -> None:
    """Waits for those who are writing into the month, and keeps new ones out until the transaction ends."""
    _lock("pg_advisory_xact_lock", [unit], month)


def _lock(function: str, units: Iterable[int], month: datetime.date) -> None:
    keys = [_key(unit, month) for unit in sorted(set(units))]
    with connection.cursor() as cursor:
        # the function's name is one of the two above
        cursor.execute(
            f"SELECT {function}(%s, key) FROM unnest(%s::integer[]) AS key",  # noqa: S608
            [_MONTH_OF_A_UNIT, keys],
        )


def _key(unit: int, month: datetime.date) -> int:
    """Fits 31 bits; two months that meet in one number only wait for each other."""
    return (unit * 2_400 + (month.year - 2000) * 12 + month.month) % 2_147_483_647
