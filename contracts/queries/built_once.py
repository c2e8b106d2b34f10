"""Statements that the ORM writes once in a process and that are run again and again with other values.

To put a queryset together and to compile it costs many times what the look-up by an index costs that it asks for.
"""

import datetime
import json
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

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

    def rows(self, **values: Any) -> list[Row]:
        """In one query."""
        return self._made_of(rows(self.statement, **values))

    @property
    def statement(self) -> Statement:
        return self._built[2]

    @cached_property
    def as_json(self) -> Statement:
        """The same rows as one array, each a list of JSON."""
        columns = ", ".join(f"c{place}" for place in range(len(self._columns)))
        each = f"SELECT jsonb_build_array({columns}) FROM ({self.statement.sql}) r ({columns})"  # noqa: S608
        return Statement(f"ARRAY({each})", self.statement.parameters)

    def rows_of_json(self, found: Sequence[str]) -> list[Row]:
        kinds = [_OF_JSON.get(column.output_field.get_internal_type()) for column in self._columns]
        return self._made_of(
            [
                tuple(
                    kind(value) if kind is not None and value is not None else value
                    for kind, value in zip(kinds, json.loads(row, parse_float=Decimal), strict=True)
                )
                for row in found
            ]
        )

    def _made_of(self, found: list[tuple[Any, ...]]) -> list[Row]:
        """What the ORM makes of the rows, by what its compiler knows of them."""
        queryset, compiler, _ = self._built
        running = copy(compiler)
        running.connection = connections[DEFAULT_DB_ALIAS]
        running.execute_sql = lambda *_, **__: [found]
        asked = queryset.all()
        asked.query.get_compiler = lambda *_, **__: running  # type: ignore[method-assign]
        return list(asked)

    @cached_property
    def _built(self) -> tuple[QuerySet[Any, Row], Any, Statement]:
        """All in one: two threads that come first at once each build their own."""
        queryset = self._make()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        return queryset, compiler, Statement(sql, tuple(parameters))

    @property
    def _columns(self) -> list[Any]:
        _, compiler, _ = self._built
        return [column for column, *_ in compiler.select]


#: What the database gives for a column that JSON has no kind for.
_OF_JSON: Final[dict[str, Callable[[Any], Any]]] = {
    "DateField": datetime.date.fromisoformat,
    "DateTimeField": datetime.datetime.fromisoformat,
    "TimeField": datetime.time.fromisoformat,
    "DecimalField": Decimal,
}


class Together:
    """Several prepared querysets of a few rows each, asked in one query."""

    def __init__(self, **parts: Prepared[Any]) -> None:
        self._parts = parts

    @cached_property
    def _statement(self) -> Statement:
        each = [part.as_json for part in self._parts.values()]
        sql = f"SELECT {', '.join(part.sql for part in each)}"
        return Statement(sql, tuple(value for part in each for value in part.parameters))

    def rows(self, **values: Any) -> dict[str, list[Any]]:
        """By the name of each part."""
        ((*found,),) = rows(self._statement, **values)
        return {name: part.rows_of_json(each) for (name, part), each in zip(self._parts.items(), found, strict=True)}


def naming(queryset: QuerySet[Any, Row], *related: str) -> QuerySet[Any, Row]:
    """With what the rows refer to, but of that no more than its name."""
    own = [field.name for field in queryset.model._meta.concrete_fields]
    return queryset.select_related(*related).only(*own, *(f"{each}__name" for each in related))


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
