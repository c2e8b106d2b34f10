"""The newest of what was done to one contract, as its page tells it.

Which acts those are is asked of every table of events by its index; what they changed, only of the tables they wrote.
"""

import json
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, Value

from contracts.models import Contract
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
_BOARD = "__contract"
"""How the way to the contract ends for what was written of its board, which is known."""


def newest_entries(contract: Contract, *, count: int) -> list[Entry]:
    """Newest first, in three queries at most. Sight is the caller's."""
    known = {"contract": contract.pk, "board": contract.board_id}
    found = rows(_newest_acts(has_board=contract.board_id is not None), **known, count=count)
    said: dict[Act, dict[str, Any]] = {(context, at): json.loads(words or "{}") for context, at, words, _ in found}
    if not said:
        return []
    codes = {code for *_, kinds in found for code in kinds}
    since = min(at for _, at in said)
    wrote = all_of([_events_since(kind.code) for kind in CONTRACT_KINDS if kind.code in codes])
    events = sorted(map(_event, rows(wrote, **known, since=since)), key=moment, reverse=True)
    return entries_with([event for event in events if event.act in said], said)


def _event(row: tuple[Any, ...]) -> Event:
    kind, number, context, at, label, about, now, was = row
    return Event(kind, number, context, at, label, about, json.loads(now), json.loads(was) if was else None)


@cache
def _newest_acts(*, has_board: bool) -> Statement:
    """(context, moment, what was said of it, kinds of events) of each act."""
    kinds = [kind for kind in CONTRACT_KINDS if has_board or not kind.contract.endswith(_BOARD)]
    each = all_of([_numbers_of(kind) for kind in kinds])
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


def _numbers_of(kind: Kind) -> Statement:
    return built(_of_contract(kind).order_by().values_list(*ACT, "pgh_id", Value(kind.code)))


@cache
def _events_since(code: str) -> Statement:
    kind = KINDS[code]
    return built(rows_of_kind(kind, _of_contract(kind).filter(pgh_created_at__gte=Given("since", DateTimeField()))))


def _of_contract(kind: Kind) -> Any:
    if kind.contract.endswith(_BOARD):
        return kind.all.filter(**{kind.contract.removesuffix(_BOARD): Given("board", BigIntegerField())})
    return kind.all.filter(**{kind.contract: _CONTRACT})
