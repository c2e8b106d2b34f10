"""How many contracts stand behind every choice of the register's filter, in one pass."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BooleanField, Count, ExpressionWrapper

from contracts.choices import Risk
from contracts.models.contract import returned_by
from contracts.rules.jet import JET_BANDS
from reporting.queries.register_filter import CURRENT, NO, YES, Register, conditions, ends_by
from reporting.queries.words import NO_VIEW, NOT_ASSESSED_CODE

COLUMNS: Final = (
    "risk",
    "jet",
    "management",
    "is_due",
    "is_returned",
    "is_newly_red",
    "is_restricted",
    "service_area__name",
    "officer_id",
    "officer__name",
    "service_manager_id",
    "service_manager__name",
    "unit__code",
    "unit__name",
)


@dataclass(frozen=True)
class Tally:
    """The counts by name, and (value, words, count) of service areas, largest first, and people and units, by name."""

    counts: Counter[str]
    areas: list[tuple[str, str, int]]
    officers: list[tuple[str, str, int]]
    managers: list[tuple[str, str, int]]
    units: list[tuple[str, str, int]]


def tally(found: Register, *, user: Any) -> Tally:
    """Counted over the contracts that count in the month; statuses, what lacks facts and what is restricted over all.

    The database groups contracts that are alike in everything counted; the groups are added up here.
    """
    known = conditions(found.month)
    flags = {f"status_{name}": condition for name, condition in known["status"].items()}
    flags |= {f"funder_{name}": condition for name, condition in known["funder"].items()}
    flags |= {
        "incomplete": known["incomplete"][YES],
        "mine": returned_by(user),
        "ending": ends_by(found.month, found.month.soon),
    }
    marked = {f"in_{name}": ExpressionWrapper(condition, BooleanField()) for name, condition in flags.items()}
    groups = found.in_sight.annotate(**marked).order_by().values(*COLUMNS, *marked).annotate(number=Count("id"))
    return _added_up(list(groups), list(flags))


def _added_up(groups: list[dict[str, Any]], flags: list[str]) -> Tally:
    counts: Counter[str] = Counter()
    for group in groups:
        is_current = group[f"in_status_{CURRENT}"]
        for name in _names(group, [flag for flag in flags if group[f"in_{flag}"]], is_current=is_current):
            counts[name] += group["number"]
    current = [group for group in groups if group[f"in_status_{CURRENT}"]]
    areas = _counted(current, "service_area__name", "service_area__name")
    return Tally(
        counts=counts,
        areas=sorted(areas, key=lambda entry: (-entry[2], entry[0])),
        officers=_counted(current, "officer_id", "officer__name"),
        managers=_counted(current, "service_manager_id", "service_manager__name"),
        units=_counted(current, "unit__code", "unit__name"),
    )


def _counted(groups: list[dict[str, Any]], value: str, words: str) -> list[tuple[str, str, int]]:
    """(value, words, count) of what the groups name, by name."""
    found: Counter[tuple[str, str]] = Counter()
    for group in groups:
        if group[value]:
            found[str(group[value]), group[words]] += group["number"]
    by_name = sorted(found.items(), key=lambda entry: (entry[0][1], entry[0][0]))
    return [(code, name, number) for (code, name), number in by_name]


def _names(group: dict[str, Any], flags: list[str], *, is_current: bool) -> Iterable[str]:
    """The counts that a group belongs to."""
    yield "in_sight"
    yield from (flag for flag in flags if flag.startswith("status_") or flag == "incomplete")
    if group["is_restricted"]:
        yield "restricted"
    if not is_current:
        return
    yield "all"
    yield f"managed_{group['management']}"
    yield from (flag for flag in flags if flag.startswith("funder_") or flag in ("mine", "ending"))
    yield from _view_names(group)


def _view_names(group: dict[str, Any]) -> Iterable[str]:
    risk, score = group["risk"], group["jet"]
    if group["is_due"]:
        yield "is_due"
        yield "is_returned" if group["is_returned"] else f"returned_{NO}"
        if group["is_returned"]:
            yield f"returned_{YES}"
        if not risk:
            yield f"risk_{NO_VIEW}"
    if risk:
        yield f"risk_{risk}"
        yield f"jet_{_band(score)}"
    if risk in (Risk.RED, Risk.AMBER):
        yield "red_or_amber"
    if group["is_newly_red"]:
        yield "newly_red"


def _band(score: int | None) -> str:
    if score is None:
        return NOT_ASSESSED_CODE
    return next(code for code, _, low, high in JET_BANDS if low <= score <= high)
