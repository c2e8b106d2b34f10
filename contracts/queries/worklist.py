"""A person's own returns of a month: what is to return, what is returned, and what is overdue from before."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Q

from accounts import clock
from accounts.models import User
from commissioning.holidays import england_bank_holidays
from commissioning.models import CommissioningUnit
from contracts.models.contract import expects_return_of
from contracts.queries.addresses import AddressOf
from contracts.queries.missing_months import missing_months
from contracts.queries.monthly_return import due_of, own_contracts
from contracts.queries.return_words import month_word
from contracts.queries.standing_in import acting_for_each
from contracts.queries.worklist_row import WorklistRow, rows_of, sent_back_first
from contracts.rules.returns import month_end, previous_month, return_deadline


@dataclass(frozen=True)
class OverdueContract:
    """A contract of the person's own with months before this one that were never returned."""

    row: WorklistRow
    months: Sequence[datetime.date]

    @property
    def links(self) -> list[tuple[datetime.date, str]]:
        """(month, address of its return), newest first."""
        return [(month, AddressOf("return", month)(self.row.contract)) for month in self.months]


@dataclass(frozen=True)
class OwnWorklist:
    month: datetime.date
    to_return: list[WorklistRow]
    returned: list[WorklistRow]
    overdue: list[OverdueContract]
    due: "Due | None"

    @property
    def month_word(self) -> str:
        return month_word(self.month)

    @property
    def last_month_word(self) -> str:
        return month_word(previous_month(self.month))

    @property
    def expected(self) -> int:
        return len(self.to_return) + len(self.returned)

    @property
    def returned_count(self) -> int:
        return len(self.returned)

    @cached_property
    def unchanged_count(self) -> int:
        """How many may be returned as unchanged with one tick."""
        return sum(not row.why_not_unchanged for row in self.to_return)

    @property
    def is_empty(self) -> bool:
        return not (self.to_return or self.returned or self.overdue)


@dataclass(frozen=True)
class Due:
    """When the month's returns are due, over the units on the list."""

    words: str
    is_late: bool


def due_words(month: datetime.date, working_days: set[int]) -> Due | None:
    """Units may ask for different days: then the first and the last are said."""
    if not working_days:
        return None
    first, last = (due_of(month, working_day=number) for number in (min(working_days), max(working_days)))
    today = clock.today()
    words = return_deadline(today, first, england_bank_holidays())
    if last != first:
        words += f"; in other units up to {last.day} {month_word(last)}"
    return Due(words=words, is_late=today > first)


def own_worklist(user: Any, *, month: datetime.date, unit: CommissioningUnit | None) -> OwnWorklist:
    """What the person has to return for the month, what they have returned, and what is overdue from before."""
    contracts = own_contracts(user, unit=unit)
    missing = missing_months(contracts, month)
    shown = expects_return_of(month, last_day=month_end(month)) | Q(pk__in=missing)
    listed = rows_of(contracts.filter(shown).order_by("title", "pk"), month, kind=WorklistRow)
    rows = sent_back_first(_for_the_absent([row for row in listed if row.contract.expects_return(month)], user))
    return OwnWorklist(
        month=month,
        to_return=[row for row in rows if not row.is_returned],
        returned=[row for row in rows if row.is_returned],
        overdue=[OverdueContract(row, missing[row.contract.pk]) for row in listed if row.contract.pk in missing],
        due=due_words(month, {row.contract.unit.return_working_day for row in rows}),
    )


def own_rows(user: Any, *, month: datetime.date, contracts: Collection[int]) -> list[WorklistRow]:
    """Of these contracts the person's own, whatever became of them; the others are not there."""
    found = own_contracts(user, unit=None).filter(pk__in=contracts).order_by("title", "pk")
    return sent_back_first(_for_the_absent(rows_of(found, month, kind=WorklistRow), user))


def _for_the_absent(rows: list[WorklistRow], user: User) -> list[WorklistRow]:
    """Each with the person for whom it would be returned; a query more only for who stands in for somebody."""
    absent = acting_for_each([row.contract for row in rows], user)
    return [replace(row, absent=absent[row.contract.pk]) if absent[row.contract.pk] else row for row in rows]
