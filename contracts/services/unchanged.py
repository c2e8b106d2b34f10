"""Many returns of one month stated as last month: what may go is saved, what may not says why."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from accounts.models import User
from contracts.choices import COUNTING, ReturnState
from contracts.models import MonthlyReturn
from contracts.queries.return_words import month_word
from contracts.queries.unchanged import last_that_counts, why_not_unchanged
from contracts.rules.returns import previous_month
from contracts.services.grid import Locked, lock_many, write_many
from contracts.services.returns import Figures, figures_of, is_repeated, month_fault, state_submitted, write_figures

WHAT = "Return submitted as unchanged"


@dataclass(frozen=True)
class Seen:
    """What the person was shown of one contract: the month's return and last month's by their versions, 0 for none."""

    contract: int
    version: int
    last_version: int


@dataclass
class Unchanged:
    """What became of each contract: one of the two."""

    returned: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def return_unchanged(*, seen: Sequence[Seen], month: datetime.date, by: User) -> Unchanged:
    """Submit each with last month's risk and JET, under one act; one that is refused holds up no other."""
    outcome = Unchanged()
    to_write: list[tuple[str, MonthlyReturn]] = []
    with transaction.atomic():
        locked = lock_many([each.contract for each in seen], month, by)
        for each in seen:
            if _is_already_so(each, locked):
                outcome.returned.append(each.contract)
                continue
            refusal = _refusal(each, locked)
            if refusal:
                outcome.refused[each.contract] = refusal
            else:
                outcome.returned.append(each.contract)
                to_write.append((WHAT, _stated(each.contract, locked)))
        write_many(to_write, locked)
    return outcome


def _last(pk: int, locked: Locked) -> MonthlyReturn | None:
    return last_that_counts(locked.earlier[pk], locked.month)


def _figures(pk: int, locked: Locked) -> Figures:
    """Last month's risk and JET; a draft that may go keeps its sentence, and last month's are said of no other."""
    last, row = _last(pk, locked), locked.rows.get(pk)
    if last is None:
        return Figures()
    return replace(figures_of(last), narrative=row.narrative if row else "", kpi_reason="")


def _is_already_so(seen: Seen, locked: Locked) -> bool:
    """A button pressed twice."""
    row = locked.rows.get(seen.contract)
    return is_repeated(row, _figures(seen.contract, locked), COUNTING, by=locked.by)


def _refusal(seen: Seen, locked: Locked) -> str:
    contract, row = locked.contracts[seen.contract], locked.rows.get(seen.contract)
    if seen.version != (row.version if row else 0):
        return _moved(row)
    last = _last(seen.contract, locked)
    if seen.last_version != (last.version if last else 0):
        return f"{month_word(previous_month(locked.month))}’s return has changed since you looked."
    fault = month_fault(contract=contract, month=locked.month)
    if fault:
        return fault
    rows = [*locked.earlier[contract.pk], *([row] if row else [])]
    closed = locked.closed.get(contract.unit_id)
    return why_not_unchanged(contract, rows, locked.month, closed=closed, kpis=locked.kpis[contract.pk])


def _moved(row: MonthlyReturn | None) -> str:
    if row is None:
        return "It has changed since you looked."
    if row.state == ReturnState.SENT_BACK:
        return "It was sent back after you opened this page."
    who = row.saved_by.name if row.saved_by else "Somebody"
    return f"{who} {'returned' if row.counts else 'saved'} it after you opened this page."


def _stated(pk: int, locked: Locked) -> MonthlyReturn:
    row = locked.rows.get(pk) or MonthlyReturn(contract=locked.contracts[pk], month=locked.month, version=0)
    absent = locked.absent[pk]
    write_figures(row, _figures(pk, locked), by=locked.by, absent=absent)
    state_submitted(row, by=locked.by, absent=absent)
    return row
