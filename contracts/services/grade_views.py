"""What the service manager and the supplier think of a month's grade, put on record."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.rules import long_date
from commissioning.services.conflict import Conflict
from contracts.choices import Side
from contracts.models import Contract, GradeView
from contracts.queries.grade_views import (
    NAME_LENGTH,
    absent_of,
    is_own_statement,
    nothing_to_grade,
    side_of,
    spoken,
)
from contracts.queries.standing_in import acting_for
from contracts.rules.grade_views import stated_on_fault
from contracts.rules.jet import HIGHEST, LOWEST

COMMENT_LENGTH: Final = 1_000


@dataclass(frozen=True)
class Heard:
    """What a side said. ``stated_by`` and ``stated_on`` are of somebody heard by whoever writes it down."""

    score: int | None
    comment: str = ""
    stated_by: str = ""
    stated_on: datetime.date | None = None


def record_view(
    *, contract: Contract, month: datetime.date, side: Side, heard: Heard, version: int, by: User
) -> GradeView:
    """State one's own view, or write down what was said, at a meeting for example.

    Who speaks for the side signs with their own name and today. What a side stated itself is changed by that side
    alone. Raises ValidationError, or Conflict with the newer view; ``version`` 0 says that there was none.
    """
    is_own = side_of(by, contract) == side
    absent = absent_of(side, contract, by) if is_own else acting_for(contract, by)
    said = _signed(heard, by, absent) if is_own else heard
    score, stated_on = _whole(contract, month, said)
    with act("View of a grade recorded", by=by, on_behalf_of=absent):
        row = _locked(contract, month, side)
        if row.version != version:
            raise Conflict(row if row.pk else None)
        if row.pk and not is_own and is_own_statement(row) and row.recorded_by != by:
            when = long_date(row.stated_on)
            raise ValidationError(f"{row.stated_by} stated this on {when}. Only the {spoken(side)} can change it.")
        row.score, row.stated_on = score, stated_on
        row.comment, row.stated_by = said.comment.strip(), said.stated_by.strip()
        row.recorded_by, row.recorded_at = by, clock.now()
        row.version += 1
        row.full_clean()
        row.save()
    return row


def _signed(heard: Heard, by: User, absent: User | None) -> Heard:
    name = f"{by.name} for {absent.name}" if absent else by.name
    return Heard(heard.score, heard.comment, stated_by=name[:NAME_LENGTH], stated_on=clock.today())


def _whole(contract: Contract, month: datetime.date, said: Heard) -> tuple[int, datetime.date]:
    """The score and the day of what can be recorded; raises ValidationError for anything else."""
    today = clock.today()
    if fault := nothing_to_grade(contract, month):
        raise ValidationError(fault)
    faults: dict[str, str] = {}
    if said.score is None or not LOWEST <= said.score <= HIGHEST:
        faults["score"] = f"Choose a score from {LOWEST} to {HIGHEST}."
    if len(said.comment.strip()) > COMMENT_LENGTH:
        faults["comment"] = f"Use {COMMENT_LENGTH:,} characters or fewer."
    if not said.stated_by.strip():
        faults["stated_by"] = "Say who said so."
    elif len(said.stated_by.strip()) > NAME_LENGTH:
        faults["stated_by"] = f"Use {NAME_LENGTH} characters or fewer."
    if said.stated_on is None:
        faults["stated_on"] = "Give the day on which it was said."
    elif on := stated_on_fault(said.stated_on, month=month, today=today):
        faults["stated_on"] = on
    if faults or said.score is None or said.stated_on is None:
        raise ValidationError(faults)
    return said.score, said.stated_on


def _locked(contract: Contract, month: datetime.date, side: Side) -> GradeView:
    """The view as it stands, held until the transaction ends; a new one where there is none."""
    Contract.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=contract.pk)
    rows = GradeView.objects.select_related("recorded_by").select_for_update(of=("self",))
    row = rows.filter(contract=contract, month=month, side=side).first()
    return row or GradeView(contract=contract, month=month, side=side, version=0)
