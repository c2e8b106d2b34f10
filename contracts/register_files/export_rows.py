"""The contracts of an export, in one query read through a cursor: memory stays flat whatever their number."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from commissioning.models import OrganisationIdentifier
from commissioning.rules import SCHEMES
from contracts.models import ContractDeputy, ContractFunding, ContractProvider, ExtensionOption
from contracts.models.contract import ContractQuerySet
from contracts.resources.parties import NamedShare
from contracts.resources.stored import FIELDS
from contracts.rules.terms import status_on

CHUNK: Final = 2_000
IDENTIFYING: Final = [row.scheme.value for row in SCHEMES if row.identifies]

Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """A column that is only for reading. `names` are what the contracts must carry for it; `cell` makes the value."""

    header: str
    names: Sequence[str]
    cell: Callable[[Mapping[str, Any]], Any]


def standard_readings(day: datetime.date) -> list[Reading]:
    """What follows from the register's own columns: the days are the database's, the status is the rule's."""

    def status(row: Mapping[str, Any]) -> str:
        return status_on(
            day, start=row["start"], effective_end=row["effective_end"], notice_given_on=row["notice_given_on"]
        ).label

    return [
        Reading("Status", ["effective_end"], status),
        Reading("Extended outside the options", [], _outside),
        Reading("Effective end", ["effective_end"], lambda row: row["effective_end"]),
        Reading("Latest possible end", ["maximum_end"], lambda row: row["maximum_end"]),
        Reading("Give notice by", ["notice_by"], lambda row: row["notice_by"]),
        Reading("Decide by", ["decide_by"], lambda row: row["decide_by"]),
        Reading("Commissioning unit", ["unit__name"], lambda row: row["unit__name"]),
    ]


def export_rows(
    contracts: ContractQuerySet, *, day: datetime.date, readings: Sequence[Reading]
) -> Iterator[tuple[Row, Row]]:
    """Each contract's values by column name, and all that was read of it, in the order of the queryset."""
    names = {name for reading in readings for name in reading.names}
    paths = {**FIELDS, "officer": "officer__email", "service_manager": "service_manager__email"}
    rows = contracts.annotate(**_lists(day)).values(*paths.values(), *names, *_lists(day))
    for row in rows.iterator(chunk_size=CHUNK):
        yield {name: row[path] for name, path in paths.items()} | _lists_of(row), row


def _lists(day: datetime.date) -> dict[str, Any]:
    mine = {"contract": OuterRef("pk")}
    code = (
        OrganisationIdentifier.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gte=day),
            organisation=OuterRef("organisation_id"),
            scheme__in=IDENTIFYING,
        )
        .order_by("scheme", "value")
        .values(written=Concat("scheme", Value(":"), "value"))[:1]
    )
    providers = ContractProvider.objects.filter(**mine).order_by("position", "pk")
    funding = ContractFunding.objects.filter(**mine).order_by("-annual_amount", "pk")
    options = ExtensionOption.objects.filter(**mine).order_by("position")
    deputies = ContractDeputy.objects.filter(**mine).order_by("user_id")
    return {
        "export_providers": _entries(providers, "organisation__name", Subquery(code)),
        "export_deputies": ArraySubquery(deputies.values("user__email")),
        "export_funding": _entries(
            funding,
            "organisation__name",
            Cast("annual_amount", CharField()),
            Cast("whole_life_amount", CharField()),
        ),
        "export_options": _entries(options, "is_outside", "months", "used_months", "exercised_on"),
    }


def _entries(rows: QuerySet[Any], *parts: Any) -> Cast:
    """Each row's parts as a list, all in one text of JSON: plain JSON costs a database a third of what jsonb does."""
    entry = Func(*parts, function="JSON_BUILD_ARRAY", output_field=TextField())
    return Cast(Func(ArraySubquery(rows.values(entry=entry)), function="ARRAY_TO_JSON"), TextField())


def _lists_of(row: Mapping[str, Any]) -> Row:
    providers = json.loads(row["export_providers"])
    options = [each for is_outside, *each in json.loads(row["export_options"]) if not is_outside]
    return {
        "providers": [name for name, _ in providers],
        "identifiers": [code for _, code in providers],
        "deputies": row["export_deputies"],
        "funding": [
            NamedShare(name, Decimal(annual), Decimal(whole_life))
            for name, annual, whole_life in json.loads(row["export_funding"])
        ],
        "options": [months for months, _, _ in options],
        "exercised": [_day(day) for day in _without_end([day for _, _, day in options])],
        "used": _without_end([used for _, used, _ in options]),
    }


def _without_end(places: list[Any]) -> list[Any]:
    """In the order of the options, without the empty places at the end."""
    while places and places[-1] is None:
        places.pop()
    return places


def _day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)


def _outside(row: Mapping[str, Any]) -> str:
    """Extensions outside the options, which rest on a ground in law and are recorded by a person alone."""
    options = json.loads(row["export_options"])
    return " | ".join(f"{months} months, {_day(day):%d/%m/%Y}" for is_outside, months, _, day in options if is_outside)
