"""Statements that the ORM writes once in a process and that are run again and again with other values.

To put a queryset together and to compile it costs many times what the look-up by an index costs that it asks for.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, QuerySet

Row = TypeVar("Row")


class Given(Expression):
    """Stands in a queryset where a value is handed in each time the statement is run."""

    def __init__(self, name: str, output_field: Any) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@dataclass(frozen=True)
class Statement:
    """SQL, and what goes into it in its order: values, and those still to be given."""

    sql: str
    parameters: tuple[Any, ...]

    def with_values(self, **values: Any) -> list[Any]:
        return [values[part.name] if isinstance(part, Given) else part for part in self.parameters]


class Prepared(Generic[Row]):
    """A queryset with ``Given`` in it, compiled when it is first asked; its rows are those the queryset would give."""

    def __init__(self, make: Callable[[], QuerySet[Any, Row]]) -> None:
        self._make = make

    @cached_property
    def _compiled(self) -> tuple[QuerySet[Any, Row], Any, Statement]:
        queryset = self._make()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        return queryset, compiler, Statement(sql, tuple(parameters))

    def rows(self, **values: Any) -> list[Row]:
        """In one query. The ORM makes the rows, of what the compiler knows of them already."""
        queryset, compiler, statement = self._compiled
        running = copy(compiler)
        running.connection = connections[DEFAULT_DB_ALIAS]
        running.as_sql = lambda **_: (statement.sql, statement.with_values(**values))
        asked = queryset.all()
        asked.query.get_compiler = lambda *_, **__: running  # type: ignore[method-assign]
        return list(asked)


def built(queryset: QuerySet[Any]) -> Statement:
    """Of a queryset of values, in whose place of each ``Given`` a value can stand."""
    sql, parameters = queryset.query.sql_with_params()
    return Statement(sql, tuple(parameters))


def all_of(statements: Sequence[Statement]) -> Statement:
    """The rows of statements of one shape, one after the other."""
    sql = " UNION ALL ".join(f"({each.sql})" for each in statements)
    return Statement(sql, tuple(part for each in statements for part in each.parameters))


def rows(statement: Statement, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.with_values(**values))
        return cursor.fetchall()
