"""Terms that end soon and what must be decided before: rows with their track."""

import datetime
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Window

from commissioning.models import CommissioningUnit
from contracts.drawing import track
from contracts.models import ExtensionOption
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
READ: Final = 400
"""So many contracts are read, the most urgent first, of which those that say the same share a row."""
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
    """Contracts whose term ends within a year of the page's day, by the day to decide."""
    last_day = month_end(months_back(month.as_at, -MONTHS_OF_ENDS + 1))
    first, last = month.month, month_end(months_back(month.month, -TRACK_MONTHS + 1))
    open_options = ExtensionOption.objects.filter(contract=OuterRef("pk"), exercised_on=None).order_by("position")
    found = list(
        contracts.filter(ends_by(month, last_day), start__lte=month.as_at)
        .order_by("decide_by", "effective_end", "pk")
        .annotate(total=Window(Count("pk")), open_months=ArraySubquery(open_options.values("months")))
        .annotate(unit_code=named_unit(unit))
        .only("slug", "title", "start", "initial_end", "exercised_months", "effective_end", "decide_by", "notice_by",
              "notice_given_on", "notice_months")[:READ]
    )  # fmt: skip
    groups = _alike([(contract, _row(contract, month, (first, last))) for contract in found])[:ROWS]
    return Ending(
        rows=[_group_row(group, month) for group in groups],
        shown=sum(len(group) for group in groups),
        total=found[0].total if found else 0,
        last_day=last_day,
        span_words=f"{first:%b %Y} to {last:%b %Y}",
    )


_Told = tuple[Any, EndingRow]


def _alike(told: list[_Told]) -> list[list[_Told]]:
    """Contracts with one name before the comma whose rows say the same, in the order of the first of each."""
    groups: dict[Any, list[_Told]] = {}
    for contract, row in told:
        says = (_service(row), contract.unit_code, row.next_step, row.decide_by, row.ends, row.track)
        groups.setdefault(says if "," in row.title else contract.pk, []).append((contract, row))
    return list(groups.values())


def _service(row: EndingRow) -> str:
    """«Youth Housing» of «Youth Housing, Boston»."""
    return row.title.partition(",")[0].strip()


def _group_row(group: list[_Told], month: ReturnMonth) -> EndingRow:
    contract, row = group[0]
    if len(group) == 1:
        return row
    service, ends = _service(row), contract.effective_end.isoformat()
    url = register_url(month, q=service, status=list(RUNNING), ends=ends, sort="ends")
    return replace(row, title=f"{service} ({counted(len(group), 'contract')})", url=url)


def _row(contract: Any, month: ReturnMonth, span: tuple[datetime.date, datetime.date]) -> EndingRow:
    noticed = contract.notice_given_on is not None
    return EndingRow(
        url=contract_url(contract.slug, contract.unit_code),
        title=contract.title,
        next_step=next_step(contract.open_months, is_noticed=noticed),
        decide_by="" if noticed else _decision_day(contract),
        is_late=not noticed and contract.decide_by is not None and contract.decide_by < month.as_at,
        ends=shortdate(contract.effective_end),
        track=track(
            span=span,
            start=contract.start,
            end=contract.effective_end,
            option_ends=() if noticed else option_ends(contract, contract.open_months),
            decide_by=() if noticed or contract.notice_by is None else (contract.notice_by,),
            today=month.as_at,
        ),
    )


def _decision_day(contract: Any) -> str:
    """Not known where the notice period is not."""
    return shortdate(contract.decide_by) if contract.decide_by else "Not known"


def next_step(open_months: list[int], *, is_noticed: bool) -> str:
    """«Extend (12 months) or re-tender»"""
    if is_noticed:
        return "Ends: notice given"
    if open_months:
        return f"Extend ({open_months[0]} months) or re-tender"
    return "Re-tender or end"


def option_ends(contract: Any, open_months: list[int]) -> tuple[datetime.date, ...]:
    """The ends that the options still open would give, in order: months are summed before they are added."""
    if contract.initial_end is None:
        return ()
    used = contract.exercised_months
    return tuple(add_months(contract.initial_end, used + months) for months in accumulate(open_months))
