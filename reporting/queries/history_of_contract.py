"""The newest of what was done to one contract, as its page tells it.

Which acts those are is asked of every table of events by its index; what they changed, only of the tables they wrote.
"""

import json
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, Max, Value

from contracts.queries.built_once import Given, Statement, all_of, built, rows
from reporting.queries.history import (
    ACT,
    CONTRACT_KINDS,
    KINDS,
    Act,
    Entry,
    Event,
    Kind,
    entries_with,
    moment,
    rows_of_kind,
)

_CONTRACT = Given("contract", BigIntegerField())


def newest_entries(contract_id: int, *, count: int) -> list[Entry]:
    """Newest first, in three queries at most. Sight is the caller's."""
    found = rows(_newest_acts(), contract=contract_id, count=count)
    said: dict[Act, dict[str, Any]] = {(context, at): json.loads(words or "{}") for context, at, words, _ in found}
    if not said:
        return []
    codes = {code for *_, kinds in found for code in kinds}
    since = min(at for _, at in said)
    wrote = all_of([_events_since(kind.code) for kind in CONTRACT_KINDS if kind.code in codes])
    events = sorted(map(_event, rows(wrote, contract=contract_id, since=since)), key=moment, reverse=True)
    return entries_with([event for event in events if event.act in said], said)


def _event(row: tuple[Any, ...]) -> Event:
    kind, number, context, at, label, about, now, was, place, total = row
    before = json.loads(was) if was else None
    return Event(kind, number, context, at, label, about, json.loads(now), before, place, total)


@cache
def _newest_acts() -> Statement:
    """(context, moment, what was said of it, kinds of events): of each table as many acts as are asked for of all."""
    each = all_of([_acts_of(kind) for kind in CONTRACT_KINDS])
    return Statement(
        f"""
        SELECT acts.context, acts.at, said.metadata::text, acts.kinds FROM (
            SELECT context, at, max(number) AS newest, array_agg(kind) AS kinds
            FROM ({each.sql}) event (context, at, number, kind) GROUP BY context, at
            ORDER BY at DESC, newest DESC LIMIT %s
        ) acts LEFT JOIN pghistory_context said ON said.id = acts.context
        """,  # noqa: S608  (written by the ORM; values go in as parameters)
        (*each.parameters, Given("count", BigIntegerField())),
    )


def _acts_of(kind: Kind) -> Statement:
    acts = kind.all.filter(**{kind.contract: _CONTRACT}).order_by().values_list(*ACT)
    numbered = built(acts.annotate(number=Max("pgh_id"), kind=Value(kind.code)))
    newest = 'ORDER BY "pgh_created_at" DESC, "number" DESC LIMIT %s'
    return Statement(f"{numbered.sql} {newest}", (*numbered.parameters, Given("count", BigIntegerField())))


@cache
def _events_since(code: str) -> Statement:
    kind = KINDS[code]
    since = Given("since", DateTimeField())
    return built(rows_of_kind(kind, kind.all.filter(**{kind.contract: _CONTRACT}, pgh_created_at__gte=since)))
