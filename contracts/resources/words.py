"""A value of the register in the words of the preview: long dates, pounds, names."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any, Final

from commissioning.rules import long_date
from contracts.choices import Management, NoticeGivenBy, NoticeKind, ProcurementRegime, ProcurementRoute
from contracts.resources.widgets import JOINER
from contracts.rules.money import pounds

EMPTY: Final = "empty"
LABELS: Final = {
    "management": dict(Management.choices),
    "procurement_regime": dict(ProcurementRegime.choices),
    "procurement_route": dict(ProcurementRoute.choices),
    "notice_given_by": dict(NoticeGivenBy.choices),
    "notice_kind": dict(NoticeKind.choices),
}
_MONEY: Final = ("annual_value", "whole_life_value")


def in_words(
    name: str,
    value: Any,
    *,
    people: Mapping[int, str],
    organisation: Callable[[Any], str],
) -> str:
    """The value of a column; «empty» where there is none."""
    if value in (None, "", ()):
        return EMPTY
    if isinstance(value, tuple):
        return JOINER.join(_place(name, place, people, organisation) for place in value)
    if name in LABELS:
        return str(LABELS[name].get(value, value))
    if name in _MONEY:
        return pounds(value)
    if name in ("officer", "service_manager"):
        return people.get(value, "somebody else")
    if name == "notice_months":
        return _months(value)
    return long_date(value) if isinstance(value, datetime.date) else str(value)


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _place(name: str, place: Any, people: Mapping[int, str], organisation: Callable[[Any], str]) -> str:
    if place is None:
        return "all" if name == "used" else "not exercised"
    if name == "providers":
        return organisation(place)
    if name == "deputies":
        return people.get(place, "somebody else")
    if name == "funding":
        funder = organisation(place.organisation)
        return f"{funder}: {pounds(place.annual_amount)} a year, {pounds(place.whole_life_amount)} whole life"
    return _months(place) if name in ("options", "used") else long_date(place)
