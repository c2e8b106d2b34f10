"""The register: fifty contracts a page, filtered and sorted by the server."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Max, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts import clock
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.models import Contract, ContractProvider
from contracts.models.contract import ContractQuerySet
from reporting.queries.links import contract_url
from reporting.queries.month import NotAMonth, chosen_month, with_view
from reporting.queries.register_columns import Cell, ChosenColumns, Column, Situation, carrying, needs_of
from reporting.queries.register_filter import Register, register_of
from reporting.queries.register_sorts import SEVERITY, SORTS, Sort, sort_of
from reporting.queries.words import provider_words

PAGE_SIZE: Final = 50
#: What every row of the page is read with, whichever columns it shows.
OF_EVERY_ROW: Final = ("slug", "title", "is_restricted", "unit_code", "unit_words", "provider_names")


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
    return Situation(month=found.month, unit=found.unit, scope=scope_of(found.filter.user))


def in_order(contracts: ContractQuerySet, sort: Sort, situation: Situation) -> ContractQuerySet:
    return carrying(contracts, sort.needs, situation).order_by(*sort.order, "pk")


def totals(contracts: ContractQuerySet) -> dict[str, Any]:
    """How many contracts, with how many providers, worth how much."""
    plain = contracts.order_by()
    # counted once, whatever the number of contracts that the maximum is taken over
    named = ContractProvider.objects.filter(contract__in=plain.values("pk")).order_by()
    providers = named.annotate(all=Value(1)).values("all").annotate(number=Count("organisation_id", distinct=True))
    return plain.aggregate(
        contracts=Count("id"),
        annual=Sum("annual_value"),
        whole_life=Sum("whole_life_value"),
        providers=Coalesce(Max(Subquery(providers.values("number"))), 0),
    )


@dataclass(frozen=True)
class RegisterRow:
    """One line of the register, as it is read: the contract, and the cells of the other columns."""

    url: str
    title: str
    providers: str
    unit: str
    is_restricted: bool
    cells: list[tuple[Column, Cell]]


def page_rows(
    contracts: ContractQuerySet, *, sort: Sort, chosen: ChosenColumns, situation: Situation, offset: int
) -> list[RegisterRow]:
    """The ids of the page first, then its rows with all they show: of a wide list only the page is sorted."""
    ids = in_order(contracts, sort, situation).values("pk")[offset : offset + PAGE_SIZE]
    names = needs_of(chosen.columns, *OF_EVERY_ROW)
    read = carrying(with_view(Contract.objects.filter(pk__in=ids), situation.month), names, situation)
    rows = in_order(read, sort, situation).values_list(*names, named=True)
    return [_row(row, chosen, situation) for row in rows]


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
    "totals",
]
