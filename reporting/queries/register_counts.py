"""How many contracts stand behind every choice of a register's filter, and which stand on its page: one statement.

What the contracts in sight are counted by is read once of each. A statement is built once for an address and a day:
who looks, and at which page, is given to it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Case, ExpressionWrapper, Q, TextField, Value, When
from django.http import QueryDict

from commissioning.access import NOTHING, scope_of
from contracts.choices import Management, Risk
from contracts.models import Contract
from contracts.models.contract import ContractQuerySet
from contracts.queries.built_once import Given, Statement, built, rows
from contracts.queries.given_sight import InGivenSight, returned_by_given, sight_given
from contracts.rules.jet import JET_BANDS
from reporting.queries.month import ReturnMonth
from reporting.queries.register_columns import Situation, carrying
from reporting.queries.register_filter import (
    CURRENT,
    FUNDERS,
    NO,
    STATUSES,
    YES,
    ContractFilter,
    Register,
    conditions,
    ends_by,
    in_view,
)
from reporting.queries.register_sorts import Sort, sort_of
from reporting.queries.words import NO_VIEW, NOT_ASSESSED_CODE

PAGE_SIZE: Final = 50
MOST_LISTED: Final = 50
"""Of areas, people and units those with the most contracts are listed; the others are found by their words."""

LAST_PAGE: Final = 1_000_000

_READ: Final = (
    "id",
    "risk",
    "jet",
    "management",
    "is_due",
    "is_returned",
    "is_newly_red",
    "is_restricted",
    "annual_value",
    "whole_life_value",
    "service_area_id",
    "officer_id",
    "service_manager_id",
    "unit_id",
)
#: What is listed with counts, by its name in addresses: (what contracts are counted by, its table, its value there,
#: its words).
_LISTED: Final = {
    "area": ("service_area_id", "commissioning_servicearea", "named.name", "named.name"),
    "officer": ("officer_id", "accounts_user", "named.id::text", "named.name"),
    "manager": ("service_manager_id", "accounts_user", "named.id::text", "named.name"),
    "unit": ("unit_id", "commissioning_commissioningunit", "named.code", "named.name"),
}
_IS_CURRENT: Final = f"in_status_{CURRENT}"
_OVER_ALL: Final = {
    "in_sight": "TRUE",
    "incomplete": "in_incomplete",
    "restricted": "is_restricted",
    **{f"status_{status}": f"in_status_{status}" for status, _ in STATUSES},
}
_OF_THE_MONTH: Final = {
    "all": "TRUE",
    "mine": "in_mine",
    "ending": "in_ending",
    **{f"managed_{code}": f"management = '{code}'" for code in Management.values},
    **{f"funder_{code}": f"in_funder_{code}" for code, _ in FUNDERS},
    "is_due": "is_due",
    "is_returned": "is_due AND is_returned",
    f"returned_{YES}": "is_due AND is_returned",
    f"returned_{NO}": "is_due AND NOT is_returned",
    f"risk_{NO_VIEW}": "is_due AND risk = ''",
    **{f"risk_{risk}": f"risk = '{risk}'" for risk in Risk.values},
    **{f"jet_{code}": f"risk <> '' AND jet BETWEEN {low} AND {high}" for code, _, low, high in JET_BANDS},
    f"jet_{NOT_ASSESSED_CODE}": "risk <> '' AND jet IS NULL",
    "red_or_amber": f"risk IN ('{Risk.RED.value}', '{Risk.AMBER.value}')",
    "newly_red": "is_newly_red",
}
#: Every count by its name, as a condition on what is read of a contract.
_COUNTED: Final = _OVER_ALL | {name: f"{_IS_CURRENT} AND {condition}" for name, condition in _OF_THE_MONTH.items()}
_TEXTS: Final = ArrayField(TextField())

Listed = list[tuple[str, str, int]]


@dataclass(frozen=True)
class Tally:
    """What is counted, and ``ids`` of the page in their order.

    The lists are of (value, words, count): service areas, largest first, people and units, by name.
    """

    total: int
    ids: list[int]
    is_counted: bool = False
    sums: dict[str, Any] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    areas: Listed = field(default_factory=list)
    officers: Listed = field(default_factory=list)
    managers: Listed = field(default_factory=list)
    units: Listed = field(default_factory=list)


@dataclass(frozen=True)
class FurtherCount:
    """A further address to be counted, of one unit or of all in sight, under a name."""

    name: str
    query: str
    unit_id: int | None


PERSONAL: Final = frozenset({"decide", "decide_seen"})
"""Filters and columns that say less to some than to others: their statement is built for one person alone."""


def tally(found: Register, *, sort: Sort, page: int = 1, beside: Sequence[FurtherCount] = ()) -> Tally:
    """Counted over the contracts that count in the month; statuses, what lacks facts and what is restricted over all.

    The sums are of what the filter leaves. ``beside``: further addresses to count, by the names of their counts. What
    the address asks for is listed however few contracts it has.
    """
    if _is_personal(found, sort, beside):
        statement = _counting(found.month, found.address, sort.code, tuple(beside), found.user)
    else:
        statement = _kept_counting(found.month, found.address, sort.code, tuple(beside))
    asked = {f"asked_{name}": found.filter.data.getlist(name) for name in _LISTED}
    total, ids, annual, whole_life, providers, *row = _page_of(statement, found, page, **asked)
    names = [*_COUNTED, *(each.name for each in beside)]
    areas, officers, managers, units = (
        [(value, words, number) for value, words, number in each or ()] for each in row[len(names) :]
    )
    return Tally(
        total=total,
        ids=ids,
        is_counted=True,
        sums={"annual": annual, "whole_life": whole_life, "providers": providers},
        counts=Counter(dict(zip(names, row, strict=False))),
        areas=sorted(areas, key=lambda entry: (-entry[2], entry[0])),
        officers=_by_name(officers),
        managers=_by_name(managers),
        units=_by_name(units),
    )


def page_alone(found: Register, *, sort: Sort, page: int = 1) -> Tally:
    """Only how many the filter leaves, and the page: as far as there are indexes no more is read than is shown."""
    if _is_personal(found, sort):
        statement = _paging(found.month, found.address, sort.code, found.user)
    else:
        statement = _kept_paging(found.month, found.address, sort.code)
    total, ids = _page_of(statement, found, page)
    return Tally(total=total, ids=ids)


def asked_page(text: str | None) -> int:
    """As a paginator understands it: the first where it is no number, and the last where there is no such page."""
    try:
        number = int(text or 1)
    except ValueError:
        return 1
    return number if 1 <= number <= LAST_PAGE else LAST_PAGE


def _page_of(statement: Statement, found: Register, page: int, **values: Any) -> tuple[Any, ...]:
    """The one row of a statement that begins with the total and the ids; of a page that is not there, the last."""
    values |= sight_given(found.user, found.unit)
    (row,) = rows(statement, **values, offset=(page - 1) * PAGE_SIZE)
    total, ids, *_ = row
    if total and not ids:
        (row,) = rows(statement, **values, offset=(total - 1) // PAGE_SIZE * PAGE_SIZE)
    return row


def _by_name(entries: Listed) -> Listed:
    return sorted(entries, key=lambda entry: (entry[1], entry[0]))


def _is_personal(found: Register, sort: Sort, beside: Iterable[FurtherCount] = ()) -> bool:
    asked = {*found.filter.filters, *sort.needs, *(name for each in beside for name in QueryDict(each.query))}
    return bool(asked & PERSONAL)


# The statements


@lru_cache(maxsize=256)
def _kept_counting(month: ReturnMonth, query: str, sort: str, beside: tuple[FurtherCount, ...]) -> Statement:
    return _counting(month, query, sort, beside)


@lru_cache(maxsize=256)
def _kept_paging(month: ReturnMonth, query: str, sort: str) -> Statement:
    return _paging(month, query, sort)


def _in_sight(sort: Sort, month: ReturnMonth, user: Any) -> ContractQuerySet:
    situation = Situation(month, None, scope_of(user) if user else NOTHING)
    return carrying(in_view(month).filter(InGivenSight()), sort.needs, situation)


def _wanted(month: ReturnMonth, query: str, user: Any) -> Q:
    return ContractFilter(QueryDict(query), queryset=Contract.objects.none(), month=month, user=user).condition


def _counting(
    month: ReturnMonth, query: str, sort_code: str, beside: tuple[FurtherCount, ...], user: Any = None
) -> Statement:
    sort = sort_of(sort_code)
    marked: dict[str, Any] = {name: ExpressionWrapper(is_so, BooleanField()) for name, is_so in _flags(month).items()}
    marked["fits"] = _is_so(_wanted(month, query, user))
    for each in beside:
        in_unit = Q(unit=each.unit_id) if each.unit_id else Q()
        marked[each.name] = _is_so(in_unit & _wanted(month, each.query, user))
    keys = {f"key_{place}": order.expression for place, order in enumerate(sort.order)}
    contracts = _in_sight(sort, month, user).annotate(**marked, **keys).order_by().values_list(*_READ, *marked, *keys)
    order = [f"key_{place}{' DESC' * each.descending} NULLS LAST" for place, each in enumerate(sort.order)]
    counts = [*_COUNTED.values(), *(each.name for each in beside)]
    of_contracts = built(contracts)
    statement = f"""
        WITH found AS MATERIALIZED ({of_contracts.sql})
        SELECT count(*) FILTER (WHERE fits),
            ARRAY(SELECT id FROM found WHERE fits ORDER BY {", ".join(order)}, id LIMIT {PAGE_SIZE} OFFSET %s),
            sum(annual_value) FILTER (WHERE fits), sum(whole_life_value) FILTER (WHERE fits),
            (SELECT count(DISTINCT named.organisation_id)
                FROM contracts_contractprovider named JOIN found ON found.id = named.contract_id WHERE fits),
            {", ".join(f"count(*) FILTER (WHERE {condition})" for condition in counts)},
            {", ".join(_list(*parts) for parts in _LISTED.values())}
        FROM found"""  # noqa: S608 (all texts are our own)
    asked = (Given(f"asked_{name}", _TEXTS) for name in _LISTED)
    return Statement(statement, (*of_contracts.parameters, _OFFSET, *asked))


def _is_so(condition: Q) -> Case:
    """Also of what can be so of no contract, such as a decision that nobody may know of."""
    return Case(When(condition, then=Value(value=True)), default=Value(value=False))


def _flags(month: ReturnMonth) -> dict[str, Q]:
    known = conditions(month)
    return {
        **{f"in_status_{name}": condition for name, condition in known["status"].items()},
        **{f"in_funder_{name}": condition for name, condition in known["funder"].items()},
        "in_incomplete": known["incomplete"][YES],
        "in_mine": returned_by_given(),
        "in_ending": ends_by(month, month.soon),
    }


def _list(column: str, table: str, value: str, words: str) -> str:
    """Of what counts in the month; named once it is counted."""
    return f"""(SELECT json_agg(json_build_array(value, words, number)) FROM (
            SELECT {value} AS value, {words} AS words, sum(number)::bigint AS number
            FROM (SELECT {column} AS counted_id, count(*) AS number FROM found WHERE {_IS_CURRENT} GROUP BY 1) counted
            JOIN {table} named ON named.id = counted_id
            GROUP BY 1, 2 ORDER BY {value} = ANY(%s) DESC, 3 DESC, 2, 1 LIMIT {MOST_LISTED}) listed)"""  # noqa: S608


def _paging(month: ReturnMonth, query: str, sort_code: str, user: Any = None) -> Statement:
    sort = sort_of(sort_code)
    contracts = _in_sight(sort, month, user).filter(_wanted(month, query, user)).values_list("pk")
    number, ids = built(contracts.order_by()), built(contracts.order_by(*sort.order, "pk"))
    statement = f"""
        SELECT (SELECT count(*) FROM ({number.sql}) found), ARRAY({ids.sql} LIMIT {PAGE_SIZE} OFFSET %s)"""  # noqa: S608
    return Statement(statement, (*number.parameters, *ids.parameters, _OFFSET))


_OFFSET: Final = Given("offset", BigIntegerField())
