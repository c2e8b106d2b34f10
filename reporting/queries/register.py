"""The register: fifty contracts a page, filtered and sorted by the server."""

from collections import namedtuple
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db.models import F

from accounts import clock
from commissioning.access import NOTHING, scope_of
from commissioning.models import CommissioningUnit
from contracts.models import Contract
from contracts.models.contract import ContractQuerySet
from contracts.queries.built_once import Statement, built, rows
from contracts.queries.given_sight import OneOfGiven
from reporting.queries.links import contract_url
from reporting.queries.month import NotAMonth, ReturnMonth, chosen_month, with_view
from reporting.queries.register_columns import (
    BY_CODE,
    Cell,
    ChosenColumns,
    Column,
    Situation,
    carrying,
    needs_of,
)
from reporting.queries.register_filter import Register, register_of
from reporting.queries.register_sorts import SEVERITY, SORTS, Sort, sort_of
from reporting.queries.words import provider_words

#: What every row of the page is read with, whichever columns it shows.
OF_EVERY_ROW: Final = ("id", "slug", "title", "is_restricted", "unit_code", "unit_words", "provider_names")


def register(*, user: Any, unit: CommissioningUnit | None, params: Any) -> Register:
    """Raises NotAMonth where the address names none."""
    month = chosen_month(params.get("month"), today=clock.today())
    return register_of(user=user, unit=unit, params=params, month=month)


def filtered_contracts(*, user: Any, unit: CommissioningUnit | None, params: Any) -> ContractQuerySet:
    """Exactly the contracts of the register page with the same address, in its order, for whatever leaves as a file.

    Each carries what it says for the month: ``risk``, ``jet``, ``was_risk``, ``was_jet``, ``is_returned``
    and ``view_month``. Raises NotAMonth where the address names none.
    """
    found = register(user=user, unit=unit, params=params)
    return in_order(found.contracts, sort_of(params.get("sort")), situation_of(found))


def situation_of(found: Register) -> Situation:
    return Situation(month=found.month, unit=found.unit, scope=scope_of(found.user))


def in_order(contracts: ContractQuerySet, sort: Sort, situation: Situation) -> ContractQuerySet:
    return carrying(contracts, sort.needs, situation).order_by(*sort.order, "pk")


@dataclass(frozen=True)
class RegisterRow:
    """One line of the register, as it is read: the contract, and the cells of the other columns."""

    url: str
    title: str
    providers: str
    unit: str
    is_restricted: bool
    cells: list[tuple[Column, Cell]]


def page_rows(ids: list[int], *, chosen: ChosenColumns, situation: Situation) -> list[RegisterRow]:
    """The contracts of a page in its order, with all that the columns show: one query."""
    codes = tuple(chosen.codes)
    if "decide" in codes:
        statement = _reading(codes, situation)
    else:
        statement = _usual_reading(codes, situation.month, names_unit=situation.unit is None)
    row_of = _kind_of_row(codes)
    found = {pk: row_of(pk, *row) for pk, *row in rows(statement, ids=ids)}
    return [_row(found[pk], chosen, situation) for pk in ids if pk in found]


@lru_cache(maxsize=128)
def _usual_reading(codes: tuple[str, ...], month: ReturnMonth, *, names_unit: bool) -> Statement:
    """Of columns that say the same to whoever reads them."""
    return _reading(codes, Situation(month, None if names_unit else CommissioningUnit(), NOTHING))


def _reading(codes: tuple[str, ...], situation: Situation) -> Statement:
    names = _names(codes)
    contracts = with_view(Contract.objects.filter(OneOfGiven(F("pk"), "ids")), situation.month)
    return built(carrying(contracts, names, situation).order_by().values_list(*names))


@lru_cache(maxsize=128)
def _kind_of_row(codes: tuple[str, ...]) -> Any:
    return namedtuple("Row", _names(codes))


def _names(codes: tuple[str, ...]) -> list[str]:
    return needs_of((BY_CODE[code] for code in codes), *OF_EVERY_ROW)


def _row(row: Any, chosen: ChosenColumns, situation: Situation) -> RegisterRow:
    """Below its name a contract says what no column of its own says."""
    return RegisterRow(
        url=contract_url(row.slug, row.unit_code),
        title=row.title,
        providers="" if "provider" in chosen else provider_words(row.provider_names),
        unit="" if "unit" in chosen else row.unit_words,
        is_restricted=row.is_restricted,
        cells=[(column, _cell(column, row, chosen, situation)) for column in chosen.columns[1:]],
    )


def _cell(column: Column, row: Any, chosen: ChosenColumns, situation: Situation) -> Cell:
    cell = column.cell(row, situation)
    return Cell(cell.text) if column.code == "ends" and "options" in chosen else cell


__all__ = [
    "SEVERITY",
    "SORTS",
    "NotAMonth",
    "filtered_contracts",
    "page_rows",
    "register",
    "situation_of",
    "sort_of",
]
