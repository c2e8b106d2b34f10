"""A contract's board with members of each side, a meeting held with an action, and one planned."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from contracts.models import Contract
from contracts.services.contract_board import open_contract_board
from governance.choices import SeatFor
from governance.models import Board, Meeting, MeetingAction, Seat
from governance.services.actions import NewAction
from governance.services.boards import NewMember
from governance.services.meetings import Came, MeetingDetails, Minutes, plan_meeting, record_meeting
from tests.world import World

OPENED = datetime.date(2014, 5, 1)
HELD = datetime.date(2014, 10, 9)
PLANNED = datetime.date(2014, 11, 6)


@dataclass
class BoardMeetings:
    board: Board
    seat: Seat
    held: Meeting
    planned: Meeting
    action: MeetingAction


def open_board_of(world: World, contract: Contract, *, name: str = "", opened_on: datetime.date = OPENED) -> Board:
    """With the commissioner in the chair, the service manager, and Lee Ford of the provider, who has no account."""
    members = [
        NewMember(
            SeatFor.COMMISSIONING, organisation=world.council, person=world.people["commissioner"], is_chair=True
        ),
        NewMember(SeatFor.SERVICE, organisation=world.council, person=world.people["service_manager"]),
        NewMember(SeatFor.SUPPLIER, name="Lee Ford", organisation=world.provider),
    ]
    board = open_contract_board(
        contract=contract,
        name=name or f"{contract.title} Contract Management Board",
        opened_on=opened_on,
        members=members,
        by=world.people["commissioner"],
    )
    contract.refresh_from_db()
    return board


def all_there(board: Board, on: datetime.date = HELD) -> dict[int, Came]:
    sitting = board.seats.filter(Q(until=None) | Q(until__gte=on), since__lte=on)
    return {seat.pk: Came("present") for seat in sitting}


def hold_meeting(
    world: World,
    board: Board,
    on: datetime.date = HELD,
    *,
    kind: str = "ordinary",
    members: dict[int, Came] | None = None,
    notes: str = "Waits were looked at.",
    actions: tuple[NewAction, ...] = (),
    **details: object,
) -> Meeting:
    boss = world.people["commissioner"]
    meeting = plan_meeting(board=board, details=MeetingDetails(on=on, kind=kind, **details), by=boss)
    there = all_there(board, on) if members is None else members
    minutes = Minutes(on=on, members=there, notes=notes, actions=dict(enumerate(actions)))
    return record_meeting(meeting=meeting, minutes=minutes, version=meeting.version, by=boss)


def hold_meetings(world: World, contract: Contract) -> BoardMeetings:
    board = open_board_of(world, contract)
    asked = NewAction("Report the vacancy rate weekly", "Lee Ford", datetime.date(2014, 10, 31))
    held = hold_meeting(world, board, actions=(asked,))
    details = MeetingDetails(on=PLANNED, starts_at=datetime.time(10), place="County Offices")
    planned = plan_meeting(board=board, details=details, by=world.people["commissioner"])
    return BoardMeetings(board, board.seats.get(name="Lee Ford"), held, planned, held.actions.get())
