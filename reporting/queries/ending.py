"""Terms that end soon and what must be decided before: rows with their track."""

import datetime
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    F,
    Func,
    Min,
    OuterRef,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Greatest, Trim

from commissioning.models import CommissioningUnit
from contracts.drawing import track
from contracts.models import Contract, ExtensionOption
from contracts.models.contract import ContractQuerySet
from contracts.rules.returns import month_end, months_back
from contracts.rules.terms import add_months
from contracts.templatetags.marks import shortdate
from reporting.queries.links import contract_url, named_unit
from reporting.queries.month import ReturnMonth
from reporting.queries.register_filter import RUNNING, decides_by, ends_by
from reporting.queries.register_links import register_url
from reporting.queries.words import counted, day_and_month

ROWS: Final = 8
LOOKED_AT: Final = 400
"""Among so many contracts, the most urgent first, those that say the same share a row."""
GROUPS_READ: Final = 2 * ROWS
"""Of these a few more share a row, where what tells them apart lies outside the chart."""
TRACK_MONTHS: Final = 24
MONTHS_OF_ENDS: Final = 12


@dataclass(frozen=True)
class EndingRow:
    """One contract whose term ends, as it is read, or several of one service that say the same."""

    url: str
    title: str
    next_step: str
    decide_by: str
    is_late: bool
    ends: str
    track: str


@dataclass(frozen=True)
class Ending:
    """The first rows, of how many contracts, how many there are, and the span their tracks are drawn over."""

    rows: list[EndingRow]
    shown: int
    total: int
    last_day: datetime.date
    span_words: str


def to_decide(
    contracts: ContractQuerySet, month: ReturnMonth, *, unit: CommissioningUnit | None, rows: int
) -> tuple[list[dict[str, Any]], int]:
    """(rows of the queue, how many there are) of what must be decided within six months, soonest first."""
    found = (
        contracts.filter(decides_by(month, month.soon))
        .order_by("decide_by", "pk")
        .annotate(total=Window(Count("pk")), unit_code=named_unit(unit))
        .only("slug", "title", "notice_by", "decide_by")[:rows]
    )
    shown = list(found)
    return [_queue_row(contract, month) for contract in shown], shown[0].total if shown else 0


def _queue_row(contract: Any, month: ReturnMonth) -> dict[str, Any]:
    """Late from the day after the unit should have decided; the notice date is the one that costs money."""
    return {
        "text": contract.title,
        "url": contract_url(contract.slug, contract.unit_code),
        "meta": f"Notice {day_and_month(contract.notice_by, month.as_at)}",
        "is_late": contract.decide_by < month.as_at,
    }


def ending_soon(contracts: ContractQuerySet, month: ReturnMonth, *, unit: CommissioningUnit | None) -> Ending:
    """Contracts whose term ends within a year of the page's day, by the day to decide; one query."""
    last_day = month_end(months_back(month.as_at, -MONTHS_OF_ENDS + 1))
    first, last = month.month, month_end(months_back(month.month, -TRACK_MONTHS + 1))
    found = list(_groups(contracts.filter(ends_by(month, last_day), start__lte=month.as_at), first, unit=unit))
    groups = _alike([(contract, _row(contract, month, (first, last))) for contract in found])[:ROWS]
    return Ending(
        rows=[_group_row(group, month) for group in groups],
        shown=sum(contract["number"] for group in groups for contract, _ in group),
        total=found[0]["total"] if found else 0,
        last_day=last_day,
        span_words=f"{first:%b %Y} to {last:%b %Y}",
    )


def _groups(found: ContractQuerySet, first: datetime.date, *, unit: CommissioningUnit | None) -> Any:
    """Contracts with one name before the comma that say the same, counted; one without a comma stands for itself."""
    open_options = ExtensionOption.objects.filter(contract=OuterRef("pk"), exercised_on=None).order_by("position")
    most_urgent = found.order_by("decide_by", "effective_end", "pk").values("pk")[:LOOKED_AT]
    how_many = found.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
    return (
        Contract.objects.filter(pk__in=most_urgent)
        .order_by()
        .values(
            *("effective_end", "initial_end", "exercised_months", "notice_by", "decide_by", "notice_given_on"),
            alone=Case(When(title__contains=",", then=Value(None)), default=F("pk"), output_field=BigIntegerField()),
            service=Trim(Func("title", Value(","), Value(1), function="split_part", output_field=CharField())),
            unit_code=named_unit(unit),
            drawn_from=Greatest("start", Value(first)),
            open_months=ArraySubquery(open_options.values("months")),
        )
        .annotate(number=Count("pk"), first=Min("pk"), title=Min("title"), slug=Min("slug"), total=Subquery(how_many))
        .order_by("decide_by", "effective_end", "first")[:GROUPS_READ]
    )


_Told = tuple[Any, EndingRow]


def _alike(told: list[_Told]) -> list[list[_Told]]:
    """Those whose rows say the same, in the order of the first of each."""
    groups: dict[Any, list[_Told]] = {}
    for contract, row in told:
        says = (contract["service"], contract["unit_code"], row.next_step, row.decide_by, row.ends, row.track)
        groups.setdefault(contract["alone"] or says, []).append((contract, row))
    return list(groups.values())


def _group_row(group: list[_Told], month: ReturnMonth) -> EndingRow:
    contract, row = group[0]
    number = sum(each["number"] for each, _ in group)
    if number == 1:
        return row
    service, ends = contract["service"], contract["effective_end"].isoformat()
    url = register_url(month, q=service, status=list(RUNNING), ends=ends, sort="ends")
    return replace(row, title=f"{service} ({counted(number, 'contract')})", url=url)


def _row(contract: dict[str, Any], month: ReturnMonth, span: tuple[datetime.date, datetime.date]) -> EndingRow:
    noticed = contract["notice_given_on"] is not None
    decide_by, notice_by, open_months = contract["decide_by"], contract["notice_by"], contract["open_months"]
    return EndingRow(
        url=contract_url(contract["slug"], contract["unit_code"]),
        title=contract["title"],
        next_step=next_step(open_months, is_noticed=noticed),
        # not known where the notice period is not
        decide_by="" if noticed else (shortdate(decide_by) if decide_by else "Not known"),
        is_late=not noticed and decide_by is not None and decide_by < month.as_at,
        ends=shortdate(contract["effective_end"]),
        track=track(
            span=span,
            start=contract["drawn_from"],
            end=contract["effective_end"],
            option_ends=() if noticed else option_ends(contract, open_months),
            decide_by=() if noticed or notice_by is None else (notice_by,),
            today=month.as_at,
        ),
    )


def next_step(open_months: list[int], *, is_noticed: bool) -> str:
    """«Extend (12 months) or re-tender»"""
    if is_noticed:
        return "Ends: notice given"
    if open_months:
        return f"Extend ({open_months[0]} months) or re-tender"
    return "Re-tender or end"


def option_ends(contract: dict[str, Any], open_months: list[int]) -> tuple[datetime.date, ...]:
    """The ends that the options still open would give, in order: months are summed before they are added."""
    if contract["initial_end"] is None:
        return ()
    used = contract["exercised_months"]
    return tuple(add_months(contract["initial_end"], used + months) for months in accumulate(open_months))
