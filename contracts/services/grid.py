"""Many returns of one month at once: the good ones are saved, the others say why not.

The rules are those of ``services.returns``; here they are read, locked and written in sets, so that thirty contracts
cost no more queries than one.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acts import act
from accounts.models import User
from contracts.choices import COUNTING, ReturnState
from contracts.models import Contract, MonthlyReturn, MonthReview
from contracts.queries.closing import closed_reviews, closed_words
from contracts.queries.kpi_facts import KpiFacts, facts_of
from contracts.queries.return_words import Stated, stated_before
from contracts.queries.standing_in import acting_for_each
from contracts.rules.jet import scale_on
from contracts.rules.returns import MONTHS_UNEXPLAINED, month_end, months_back, previous_month
from contracts.services.month_lock import hold_open
from contracts.services.returns import (
    Figures,
    is_repeated,
    month_fault,
    refuse_a_long_text,
    state_submitted,
    what_is_missing,
    write_figures,
)

_STATED: Final = ("risk", "jet_score", "not_assessed_reason", "narrative", "kpi_reason")
_WRITTEN: Final = (
    *_STATED,
    *("state", "version", "saved_at", "saved_by", "saved_for", "submitted_at", "submitted_by", "submitted_for"),
    *("reviewed_at", "reviewed_by", "review_note"),
)


@dataclass(frozen=True)
class Entry:
    """What was stated of one contract; ``version`` 0 says that no return was there when the page was opened."""

    contract: int
    figures: Figures
    version: int
    submits: bool


@dataclass
class Outcome:
    """By contract, what became of each entry: exactly one of the four."""

    returned: list[int] = field(default_factory=list)
    drafted: list[int] = field(default_factory=list)
    faults: dict[int, ValidationError] = field(default_factory=dict)
    conflicts: dict[int, MonthlyReturn | None] = field(default_factory=dict)

    @property
    def saved(self) -> list[int]:
        return [*self.returned, *self.drafted]


@dataclass(frozen=True)
class Locked:
    """What the entries are judged against, held until the transaction ends; by contract, ``closed`` by unit."""

    month: datetime.date
    by: User
    contracts: dict[int, Contract]
    rows: dict[int, MonthlyReturn]
    earlier: dict[int, list[MonthlyReturn]]
    closed: dict[int, MonthReview]
    absent: dict[int, User | None]
    kpis: dict[int, KpiFacts]

    def before(self, pk: int) -> list[Stated | None]:
        """``services.returns.earlier_views`` of one of them."""
        return stated_before(self.earlier[pk], self.month)


def save_many(*, entries: Sequence[Entry], month: datetime.date, by: User) -> Outcome:
    """Submit or keep each entry by itself: one that is refused holds up no other."""
    outcome = Outcome()
    to_write: list[tuple[str, MonthlyReturn]] = []
    with transaction.atomic():
        locked = lock_many([entry.contract for entry in entries], month, by)
        for entry in entries:
            try:
                row = _judge(entry, locked, outcome)
            except ValidationError as refused:
                outcome.faults[entry.contract] = refused
                continue
            if row is not None:
                to_write.append(("Return submitted" if entry.submits else "Return saved as a draft", row))
        write_many(to_write, locked)
    return outcome


def lock_many(pks: Iterable[int], month: datetime.date, by: User) -> Locked:
    """In the order in which every writer of a month locks: the month, the contracts, their returns."""
    wanted = set(pks)
    hold_open(Contract.objects.filter(pk__in=wanted).values_list("unit_id", flat=True), month)
    contracts = Contract.objects.select_for_update(of=("self",), no_key=True).select_related("unit").order_by("pk")
    held = {contract.pk: contract for contract in contracts.filter(pk__in=wanted)}
    rows = MonthlyReturn.objects.select_for_update(of=("self",)).select_related("saved_by", "reviewed_by")
    return Locked(
        month=month,
        by=by,
        contracts=held,
        rows={row.contract_id: row for row in rows.filter(contract__in=held, month=month)},
        earlier=_earlier(held, month),
        closed=closed_reviews({contract.unit_id for contract in held.values()}, month),
        absent=acting_for_each(held.values(), by),
        kpis=facts_of(list(held), month),
    )


def _earlier(contracts: Iterable[int], month: datetime.date) -> dict[int, list[MonthlyReturn]]:
    """By contract, the returns that count of the months before that the rule looks at; one query."""
    earlier: dict[int, list[MonthlyReturn]] = {pk: [] for pk in contracts}
    months = (months_back(month, MONTHS_UNEXPLAINED), previous_month(month))
    for row in MonthlyReturn.objects.that_count().filter(contract__in=earlier, month__range=months):
        earlier[row.contract_id].append(row)
    return earlier


def _judge(entry: Entry, locked: Locked, outcome: Outcome) -> MonthlyReturn | None:
    """The return to write, as stated; None where there is nothing to write. Raises ValidationError."""
    contract, row = locked.contracts[entry.contract], locked.rows.get(entry.contract)
    kpis = locked.kpis[contract.pk]
    if entry.submits:
        entry = replace(entry, figures=entry.figures.beside(kpis.evidence))
    into = outcome.returned if entry.submits else outcome.drafted
    if entry.version != (row.version if row else 0):
        if is_repeated(row, entry.figures, COUNTING if entry.submits else (ReturnState.DRAFT,), by=locked.by):
            into.append(contract.pk)
        else:
            outcome.conflicts[contract.pk] = row
        return None
    fault = month_fault(contract=contract, month=locked.month)
    if fault:
        raise ValidationError(fault)
    if entry.submits:
        _refuse_closed(locked.closed.get(contract.unit_id))
        _refuse_unread(kpis, locked.month)
    _refuse(entry, row, locked)
    row = row or MonthlyReturn(contract=contract, month=locked.month, version=0)
    _state(row, entry, by=locked.by, absent=locked.absent[contract.pk])
    into.append(contract.pk)
    return row


def _refuse_closed(review: MonthReview | None) -> None:
    if review:
        raise ValidationError(f"{closed_words(review)} Open the return on its own page to amend it with a reason.")


def _refuse_unread(kpis: KpiFacts, month: datetime.date) -> None:
    """Readings are typed where there is room for them: the grade beside them could not be judged here."""
    if kpis.due:
        raise ValidationError(
            f"{kpis.due_words} for {month:%B %Y}. Type {'it' if kpis.due == 1 else 'them'} on the return’s own page."
        )


def _refuse(entry: Entry, row: MonthlyReturn | None, locked: Locked) -> None:
    if entry.submits:
        faults = what_is_missing(
            entry.figures,
            before=locked.before(entry.contract),
            evidence=locked.kpis[entry.contract].evidence,
            scale=scale_on(month_end(locked.month)),
        )
        if faults:
            raise ValidationError(faults)
        if row and row.state == ReturnState.ACCEPTED:
            raise ValidationError("This return has been accepted. Ask for it to be sent back to change it.")
    elif row and row.state not in (ReturnState.DRAFT, ReturnState.SENT_BACK):
        raise ValidationError("This return has been submitted. Tick «Checked» and submit to change it.")
    refuse_a_long_text(entry.figures)


def _state(row: MonthlyReturn, entry: Entry, *, by: User, absent: User | None) -> None:
    write_figures(row, entry.figures, by=by, absent=absent)
    if entry.submits:
        state_submitted(row, by=by, absent=absent)
    else:
        row.state = ReturnState.DRAFT
    # what cannot be wrong is left out: a foreign key would ask the database for each row
    row.clean_fields(exclude={column.name for column in row._meta.fields} - set(_STATED))


def write_many(to_write: Sequence[tuple[str, MonthlyReturn]], locked: Locked) -> None:
    """Each named act once for all that it wrote, and once more for each absent person acted for."""

    def sort_key(item: tuple[str, MonthlyReturn]) -> tuple[str, int]:
        absent = locked.absent[item[1].contract_id]
        return item[0], absent.pk if absent else 0

    for (what, _), group in groupby(sorted(to_write, key=sort_key), key=sort_key):
        rows = [row for _, row in group]
        new, known = [row for row in rows if row.pk is None], [row for row in rows if row.pk is not None]
        with act(what, by=locked.by, on_behalf_of=locked.absent[rows[0].contract_id]):
            MonthlyReturn.objects.bulk_create(new)
            MonthlyReturn.objects.bulk_update(known, _WRITTEN)
