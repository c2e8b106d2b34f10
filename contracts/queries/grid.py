"""The returns that one person makes of a month, a row a contract, for the page that makes many of them at once."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Final

from django.db.models import Q

from commissioning.models import CommissioningUnit
from contracts.choices import ReturnState, Risk
from contracts.models.contract import expects_return_of
from contracts.queries.everyones import Choice
from contracts.queries.monthly_return import own_contracts
from contracts.queries.return_words import EVERY_JET, Stated, month_word
from contracts.queries.worklist_row import WorklistRow, rows_of, sent_back_first
from contracts.rules.jet import Jet, NotAssessed
from contracts.rules.returns import month_end, narrative_reasons, previous_month

TO_RETURN, ALL, RED = "to_return", "all", "red"
SHOWS: Final = {TO_RETURN: "To return", ALL: "All not accepted", RED: "Red last month"}
"""What the page can be narrowed to. What was accepted, or amended once the month was closed, is on none of them."""

_DONE: Final = (ReturnState.ACCEPTED, ReturnState.AMENDED)


@dataclass(frozen=True)
class GridRow(WorklistRow):
    """One contract's line, with what last month said and what may still be changed."""

    people = ("saved_by", "reviewed_by")

    @property
    def last_stated(self) -> Stated | None:
        return self.before[0]

    @property
    def last_jet(self) -> Jet:
        return self.last_stated[1] if self.last_stated else None

    @property
    def last_month_word(self) -> str:
        return month_word(previous_month(self.month))

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    @property
    def is_done(self) -> bool:
        return self.row is not None and self.row.state in _DONE

    @property
    def is_to_read(self) -> bool:
        """Nothing can be changed here: it was accepted, or the month was closed and is only amended, with a reason."""
        return self.is_done or self.closed is not None

    @property
    def needs_no_sentence(self) -> str:
        """Each risk and grade that may go without a sentence, as «green-6 green-not_assessed»."""
        return _free_after(tuple(self.before))

    def is_on(self, show: str) -> bool:
        if show == TO_RETURN:
            return not self.is_returned
        was_red = self.last is not None and self.last.risk == Risk.RED
        return not self.is_done and (show == ALL or was_red)


@lru_cache(maxsize=1024)
def _free_after(before: tuple[Stated | None, ...]) -> str:
    """The rule is asked of every risk and grade there is, once for contracts that said the same."""
    free = [
        f"{risk.value}-{'not_assessed' if isinstance(jet, NotAssessed) else jet}"
        for risk, jet in product(Risk, EVERY_JET)
        if not narrative_reasons(risk, jet, before)
    ]
    return " ".join(free)


@dataclass(frozen=True)
class ReturnGrid:
    """All that the person returns of the month; ``also`` are contracts to show whatever ``show`` narrows to."""

    month: datetime.date
    show: str
    all_rows: tuple[GridRow, ...]
    also: Collection[int] = ()

    @property
    def rows(self) -> list[GridRow]:
        return [row for row in self.all_rows if row.is_on(self.show) or row.contract.pk in self.also]

    @property
    def choices(self) -> list[Choice]:
        return [Choice(show, label, self.count(show)) for show, label in SHOWS.items()]

    def count(self, show: str) -> int:
        return sum(row.is_on(show) for row in self.all_rows)


def return_grid(
    user: Any,
    *,
    month: datetime.date,
    unit: CommissioningUnit | None,
    show: str = TO_RETURN,
    also: Collection[int] = (),
) -> ReturnGrid:
    """The person's own contracts that owe a return; and of those in ``also`` the person's own, owing one or not."""
    in_unit = Q(unit=unit) if unit else Q()
    wanted = (in_unit & expects_return_of(month, last_day=month_end(month))) | Q(pk__in=also)
    rows = rows_of(own_contracts(user, unit=None).filter(wanted).order_by("title", "pk"), month, kind=GridRow)
    return ReturnGrid(
        month=month,
        show=show if show in SHOWS else TO_RETURN,
        all_rows=tuple(sent_back_first(rows)),
        also=also,
    )


def every_own_row(user: Any, *, month: datetime.date) -> list[GridRow]:
    """Of all contracts that the person returns, in every unit, whether or not they owe the month's."""
    return sent_back_first(rows_of(own_contracts(user, unit=None).order_by("title", "pk"), month, kind=GridRow))
