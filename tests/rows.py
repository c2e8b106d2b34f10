"""Rows of whole tables, kept as JSON and written again by one statement, with triggers and foreign keys asleep."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

_TABLES = """
    SELECT c.relname,
           array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname
"""
_EVER_FILLED = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relkind = 'r' AND pg_relation_size(c.oid) > 0 ORDER BY c.relname
"""


def may_put_triggers_to_sleep() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        return bool(cursor.fetchone()[0])


def row_counts() -> dict[str, int]:
    """How many rows each table has."""
    asked = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in _tables())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Rows:
    """All rows of some tables."""

    statement: str
    values: tuple[str, ...]

    @classmethod
    def of(cls, tables: list[str]) -> "Rows":
        columns, values = _tables(), []
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT json_agg(t)::text FROM {table} t")  # noqa: S608
                values.append(cursor.fetchone()[0])
        statements = [
            f"INSERT INTO {table} ({', '.join(columns[table])}) OVERRIDING SYSTEM VALUE "  # noqa: S608
            f"SELECT {', '.join(columns[table])} FROM json_populate_recordset(NULL::{table}, %s)"
            for table in tables
        ]
        return cls(";\n".join(statements), tuple(values))

    def write(self) -> None:
        """Into tables that hold none of them."""
        _asleep(self.statement, self.values)

    def write_alone(self) -> None:
        """These rows and no others in any table, once nobody else writes any more."""
        with connection.cursor() as cursor:
            cursor.execute(_EVER_FILLED)
            tables = [table for (table,) in cursor.fetchall()]
        lock = f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE"
        deletions = [f"DELETE FROM {table}" for table in tables]  # noqa: S608
        _asleep(";\n".join([lock, *deletions, self.statement]), self.values)


def _tables() -> dict[str, list[str]]:
    """Each table with its columns, but for those that the database fills in."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return dict(cursor.fetchall())


def _asleep(statement: str, values: tuple[Any, ...]) -> None:
    around = "SET LOCAL session_replication_role = replica;\n{};\nSET LOCAL session_replication_role = DEFAULT"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(around.format(statement), values)
