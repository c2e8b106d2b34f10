"""What tests begin with is built by the services once a process; every later test gets the same rows by one statement.

Building takes hundreds of statements. The rows that it wrote are kept as JSON and written again with triggers off,
history and grants included; so are its files, and the objects that point at the rows are copied.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection, transaction

Built = TypeVar("Built")

_TABLES = """
    SELECT c.relname,
           array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname
"""


@dataclass(frozen=True)
class Kept:
    objects: bytes
    statement: str
    values: tuple[str, ...]
    files: dict[str, bytes]
    first_permission: int


_kept: dict[Callable[[], Any], Kept] = {}


def again(build: Callable[[], Built]) -> Built:
    """What ``build`` gives, and all that it wrote, for this test alone.

    Built anew where the database may not write with its triggers off.
    """
    first = _first_permission()
    kept = _kept.get(build)
    if kept is None or kept.first_permission != first:
        return _build_and_keep(build, first)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(kept.statement, kept.values)
    for name, content in kept.files.items():
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return pickle.loads(kept.objects)  # noqa: S301  (written by this process)


def _first_permission() -> int:
    """Django writes its permissions anew once a database was emptied, under other numbers, and grants point at them."""
    return Permission.objects.order_by("pk").values_list("pk", flat=True)[0]


def _build_and_keep(build: Callable[[], Built], first_permission: int) -> Built:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = dict(cursor.fetchall())
        before = _counts(cursor, tables)
    built = build()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        if not cursor.fetchone()[0]:
            return built
        counts = _counts(cursor, tables)
        written = [table for table in tables if counts[table] != before[table]]
        assert not any(before[table] for table in written), "what is kept is written into empty tables only"
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
    _kept[build] = Kept(pickle.dumps(built), ";\n".join(statements), tuple(values), _files(), first_permission)
    return built


def _counts(cursor: Any, tables: dict[str, list[str]]) -> dict[str, int]:
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))  # noqa: S608
    return dict(cursor.fetchall())


def _files() -> dict[str, bytes]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
