"""Boards opened, and members who join and leave them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit, Organisation
from commissioning.rules import long_date
from governance.choices import BoardKind, SeatFor
from governance.models import Board, Seat
from governance.rules import before_board_fault


@dataclass(frozen=True)
class NewMember:
    """Somebody about to sit on a board; a person with an account sits under the account's name."""

    sits_for: SeatFor | str
    name: str = ""
    organisation: Organisation | None = None
    person: User | None = None
    is_chair: bool = False

    @property
    def called(self) -> str:
        return self.person.name if self.person else self.name.strip()


def open_board(
    *,
    unit: CommissioningUnit,
    kind: BoardKind,
    name: str,
    opened_on: datetime.date,
    members: Iterable[NewMember] = (),
    by: User,
) -> Board:
    """Within the act of the caller, which says in the same breath what it is the board of.

    Raises ValidationError beside the field.
    """
    if not name.strip():
        raise ValidationError({"name": "Give the board’s name."})
    board = Board(unit=unit, kind=kind, name=name.strip(), opened_on=opened_on, opened_by=by)
    board.full_clean()
    board.save()
    for member in members:
        _seat(board, member, since=opened_on)
    return board


def seat_member(
    *, board: Board, member: NewMember, since: datetime.date, by: User, on_behalf_of: User | None = None
) -> Seat:
    """Raises ValidationError beside the field, such as for somebody who sits there already."""
    with act("Member joined the board", by=by, on_behalf_of=on_behalf_of):
        return _seat(Board.objects.select_for_update(of=("self",)).get(pk=board.pk), member, since=since)


def _seat(board: Board, member: NewMember, *, since: datetime.date) -> Seat:
    if not member.called:
        raise ValidationError({"name": "Give the member’s name, or choose a person."})
    if fault := before_board_fault(since, opened_on=board.opened_on):
        raise ValidationError({"since": fault})
    sitting = board.seats.filter(Q(until=None) | Q(until__gte=since))
    same = Q(person=member.person) if member.person else Q(name__iexact=member.called, organisation=member.organisation)
    if there := sitting.filter(same).first():
        raise ValidationError({"name": f"{there.name} sits on this board since {long_date(there.since)}."})
    if member.is_chair and (chair := sitting.filter(is_chair=True).first()):
        raise ValidationError({"is_chair": f"{chair.name} chairs this board. A board has one chair at a time."})
    seat = Seat(
        board=board,
        sits_for=member.sits_for,
        name=member.called,
        organisation=member.organisation,
        person=member.person,
        is_chair=member.is_chair,
        since=since,
    )
    seat.full_clean()
    seat.save()
    return seat


def end_seat(*, seat: Seat, until: datetime.date, by: User, on_behalf_of: User | None = None) -> Seat:
    """The last day is still one of membership. Past attendance stays as it was recorded."""
    with act("Member left the board", by=by, on_behalf_of=on_behalf_of):
        stored = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
        if stored.until is not None:
            raise ValidationError({"until": f"{stored.name} left already, on {long_date(stored.until)}."})
        if until < stored.since:
            raise ValidationError({"until": f"{stored.name} joined on {long_date(stored.since)}: give a later day."})
        stored.until = until
        stored.full_clean()
        stored.save()
    return stored
