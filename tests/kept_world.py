"""The world is built by the services once a process; every later test gets the same rows by one statement.

Building it takes some four hundred statements. The rows that it wrote are kept as JSON and written again with triggers
off, history and grants included, and the objects that point at them are copied.
"""

import copy
from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.db import connection, transaction

from tests.world import World, build_world

_TABLES = """
    SELECT c.relname,
           array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname
"""


@dataclass(frozen=True)
class Kept:
    world: World
    statement: str
    values: tuple[str, ...]
    first_permission: int


_kept: list[Kept] = []


def world_again() -> World:
    """A world of this test's own; built anew where the database may not write with its triggers off."""
    first = _first_permission()
    if _kept and _kept[0].first_permission != first:
        _kept.clear()
    if not _kept:
        return _build_and_keep(first)
    kept = _kept[0]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(kept.statement, kept.values)
    return copy.deepcopy(kept.world)


def _first_permission() -> int:
    """Django writes its permissions anew once a database was emptied, under other numbers, and grants point at them."""
    return Permission.objects.order_by("pk").values_list("pk", flat=True)[0]


def _build_and_keep(first_permission: int) -> World:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = dict(cursor.fetchall())
        before = _counts(cursor, tables)
    world = build_world()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        if not cursor.fetchone()[0]:
            return world
        counts = _counts(cursor, tables)
        written = [table for table in tables if counts[table] != before[table]]
        assert not any(before[table] for table in written), "the world is written into empty tables only"
        values = []
        for table in written:
            cursor.execute(f"SELECT json_agg(t)::text FROM {table} t")  # noqa: S608
            values.append(cursor.fetchone()[0])
    statements = ["SET LOCAL session_replication_role = replica"]
    statements += [
        f"INSERT INTO {table} ({', '.join(tables[table])}) OVERRIDING SYSTEM VALUE "  # noqa: S608
        f"SELECT {', '.join(tables[table])} FROM json_populate_recordset(NULL::{table}, %s)"
        for table in written
    ]
    statements.append("SET LOCAL session_replication_role = DEFAULT")
    _kept.append(Kept(copy.deepcopy(world), ";\n".join(statements), tuple(values), first_permission))
    return world


def _counts(cursor, tables: dict[str, list[str]]) -> dict[str, int]:
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))  # noqa: S608
    return dict(cursor.fetchall())
