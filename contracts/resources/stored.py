"""The register as it stands, in the shape in which a file's rows are compared with it: read in sets, never by row."""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from contracts.choices import Management, ProcurementRegime, ProcurementRoute
from contracts.models import Contract, ContractDeputy, ContractFunding, ContractProvider, ExtensionOption
from contracts.resources.columns import COLUMNS

Values = dict[str, Any]
"""A contract by column name: providers, people and funders by their ids, days, Decimals, codes and text."""

#: Columns that are the contract's own fields, by their column name.
FIELDS: Final = {
    "reference": "reference",
    "title": "title",
    "description": "description",
    "service_area": "service_area__name",
    "officer": "officer_id",
    "service_manager": "service_manager_id",
    "management": "management",
    "procurement_regime": "procurement_regime",
    "procurement_route": "procurement_route",
    "annual_value": "annual_value",
    "whole_life_value": "whole_life_value",
    "start": "start",
    "initial_end": "initial_end",
    "notice_months": "notice_months",
    "notice_given_on": "notice_given_on",
    "notice_given_by": "notice_given_by",
    "notice_kind": "notice_kind",
    "notice_ends_on": "notice_ends_on",
}
#: Those that are stored as they are typed; the others lead to rows of their own.
PLAIN_FIELDS: Final = tuple(name for name, path in FIELDS.items() if name == path)
LISTS: Final = ("providers", "deputies", "funding", "options", "exercised", "used")
#: Extensions outside the options, as (place among all, months, day): a file neither brings nor takes them away.
OUTSIDE: Final = "outside"
MONEY: Final = frozenset({"annual_value", "whole_life_value"})
DATES: Final = frozenset({"start", "initial_end", "notice_given_on", "notice_ends_on"})
#: Columns that a contract's values have; the identifiers only help to find its providers.
KEPT: Final = tuple(column.name for column in COLUMNS if column.name != "identifiers")


class Share(NamedTuple):
    """A partner's share, in pounds."""

    organisation: int
    annual_amount: Decimal
    whole_life_amount: Decimal


@dataclass(frozen=True)
class Stored:
    """A contract of the register. The fingerprint differs whenever anything the preview compares has changed."""

    pk: int
    values: Values
    fingerprint: str


def blank_values() -> Values:
    """A new contract before its row is read."""
    return dict.fromkeys(FIELDS) | {
        "description": "",
        "notice_given_by": "",
        "notice_kind": "",
        "management": Management.CENTRAL.value,
        "procurement_regime": ProcurementRegime.UNKNOWN.value,
        "procurement_route": ProcurementRoute.UNKNOWN.value,
        **dict.fromkeys((*LISTS, OUTSIDE), ()),
    }


def stored_contracts(contracts: QuerySet[Contract]) -> dict[str, Stored]:
    """By reference; five queries whatever their number. The queryset is of one unit and in the person's sight."""
    rows = {row["pk"]: row for row in contracts.order_by().values("pk", "version", *FIELDS.values())}
    lists: dict[str, dict[int, Any]] = {name: dict.fromkeys(rows, ()) | read(rows) for name, read in _READERS.items()}
    found = {}
    for pk, row in rows.items():
        values = {name: row[path] for name, path in FIELDS.items()}
        values |= {name: lists[name][pk] for name in _READERS}
        values |= _in_columns(values.pop("terms"))
        found[values["reference"]] = Stored(pk, values, fingerprint_of(row["version"], values))
    return found


def fingerprint_of(version: int, values: Mapping[str, Any]) -> str:
    said = repr((version, [values[name] for name in KEPT]))
    return hashlib.blake2b(said.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _in_columns(terms: Collection[tuple[int, int, int | None, bool, datetime.date | None]]) -> Values:
    """The options of a contract as the columns have them, and beside them those outside it."""
    own = [row for row in terms if not row[3]]
    return {
        "options": tuple(months for _, months, _, _, _ in own),
        "exercised": _without_end([day for *_, day in own]),
        "used": _without_end([used for _, _, used, _, _ in own]),
        OUTSIDE: tuple((position, months, day) for position, months, _, is_outside, day in terms if is_outside),
    }


def _without_end(places: list[Any]) -> tuple[Any, ...]:
    while places and places[-1] is None:
        places.pop()
    return tuple(places)


def _grouped(rows: Any) -> dict[int, tuple[Any, ...]]:
    """Rows that start with a contract's id, gathered by it in their order."""
    found: dict[int, list[Any]] = defaultdict(list)
    for pk, *rest in rows:
        found[pk].append(rest[0] if len(rest) == 1 else tuple(rest))
    return {pk: tuple(items) for pk, items in found.items()}


def _providers(ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    rows = ContractProvider.objects.filter(contract_id__in=ids).order_by("contract_id", "position", "pk")
    return _grouped(rows.values_list("contract_id", "organisation_id"))


def _deputies(ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    rows = ContractDeputy.objects.filter(contract_id__in=ids).order_by("contract_id", "pk")
    return {pk: tuple(sorted(users)) for pk, users in _grouped(rows.values_list("contract_id", "user_id")).items()}


def _funding(ids: Collection[int]) -> dict[int, tuple[Share, ...]]:
    rows = ContractFunding.objects.filter(contract_id__in=ids).order_by("contract_id")
    found = _grouped(rows.values_list("contract_id", "organisation_id", "annual_amount", "whole_life_amount"))
    return {pk: tuple(sorted(Share(*share) for share in shares)) for pk, shares in found.items()}


def _terms(ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
    rows = ExtensionOption.objects.filter(contract_id__in=ids).order_by("contract_id", "position")
    return _grouped(rows.values_list("contract_id", "position", "months", "used_months", "is_outside", "exercised_on"))


_READERS: Final[dict[str, Callable[[Collection[int]], dict[int, Any]]]] = {
    "providers": _providers,
    "deputies": _deputies,
    "funding": _funding,
    "terms": _terms,
}


class Taken(NamedTuple):
    """Who has a reference or an address in the unit already."""

    references: dict[str, int]
    slugs: dict[str, tuple[int, str]]


def taken_in(unit_id: int, *, references: Collection[str], slugs: Collection[str]) -> Taken:
    """Of the whole unit, in sight or not: only to refuse what the database would refuse."""
    rows = (
        Contract.objects.filter(Q(reference__in=references) | Q(slug__in=slugs), unit_id=unit_id)
        .order_by()
        .values_list("reference", "slug", "pk")
    )
    taken = Taken({}, {})
    for reference, slug, pk in rows:
        taken.references[reference] = pk
        taken.slugs[slug] = (pk, reference)
    return taken


# Values as JSON, for the time between the preview and the confirmation


def to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            return [plain(item) for item in value]
        return str(value) if isinstance(value, datetime.date | Decimal) else value

    return {name: plain(value) for name, value in values.items()}


def from_json(stored: Mapping[str, Any]) -> Values:
    values = dict(stored)
    for name in DATES:
        values[name] = _day(values[name])
    for name in MONEY:
        values[name] = None if values[name] is None else Decimal(values[name])
    values["exercised"] = tuple(_day(day) for day in values["exercised"])
    values["funding"] = tuple(Share(pk, Decimal(annual), Decimal(whole)) for pk, annual, whole in values["funding"])
    for name in ("providers", "deputies", "options", "used"):
        values[name] = tuple(values[name])
    values[OUTSIDE] = tuple((position, months, _day(day)) for position, months, day in values[OUTSIDE])
    return values


def _day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)
