"""Contract management boards, with members from the supplier, the commissioning team and the service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from accounts.acts import act
from accounts.models import User
from contracts.models import Contract
from governance.choices import BoardKind, MeetingKind, MeetingState, Presence, SeatFor
from governance.models import Attendance, Board, Meeting, MeetingAction, Seat

from .people import COMMISSIONER, GARLAND, SAM
from .returns import LONDON

SUPPLIERS: Final = {
    "CAMHS Tier 3": ("Ellen Foss", "Ray Tillbrook"),
    "Short breaks for CWD": ("Mina Fenn",),
    "Domiciliary care for CWD": ("Carl Wold",),
}


@dataclass(frozen=True)
class ActionPlan:
    text: str
    owner: str
    due_on: date
    done_on: date | None = None
    outcome: str = ""


@dataclass(frozen=True)
class MeetingPlan:
    on: date
    at: time
    purpose: str
    notes: str = ""
    kind: MeetingKind = MeetingKind.ORDINARY
    actions: tuple[ActionPlan, ...] = ()
    is_planned: bool = False


_TEN: Final = time(10, 0)
MEETINGS: Final[dict[str, tuple[MeetingPlan, ...]]] = {
    "CAMHS Tier 3": (
        MeetingPlan(date(2014, 8, 14), _TEN, "ADHD waits", "Waits by district were gone through one by"
                    " one. Boston and Grantham wait longest.", MeetingKind.EXTRA,
                    (ActionPlan("Send the list by district each Friday", "Ellen Foss", date(2014, 9, 30),
                                date(2014, 9, 26), "Sent each week since."),)),
        MeetingPlan(date(2014, 9, 11), _TEN, "August figures and grade", "JET stays at 4: waits fall, posts are empty.",
                    actions=(
                        ActionPlan("Advertise both posts again", "Ray Tillbrook", date(2014, 9, 26),
                                   date(2014, 9, 24), "Advertised; interviews on 22 October."),
                        ActionPlan("Letters to families read by the parents’ panel", "Ellen Foss", date(2014, 12, 12)),
                        ActionPlan("Check figures of Grantham clinic", SAM, date(2014, 10, 3), date(2014, 10, 2),
                                   "Counted twice in July; corrected."),
                    )),
        MeetingPlan(date(2014, 10, 9), _TEN, "September figures and grade", "Both sides see 4 for September, and 5 in"
                    " reach for October if waits go on falling.",
                    actions=(
                        ActionPlan("Bring a recovery date for the Boston post", "Ray Tillbrook", date(2014, 11, 6)),
                        ActionPlan("Schools’ single point of access: list of go-live tasks", "Ellen Foss",
                                   date(2014, 11, 6)),
                        ActionPlan("Ask the CCGs about GP letters", COMMISSIONER, date(2014, 10, 31),
                                   date(2014, 10, 28), "Template agreed with all four."),
                        ActionPlan("Report Did Not Attend by clinic", "Ray Tillbrook", date(2014, 11, 6)),
                    )),
        MeetingPlan(date(2014, 10, 22), time(14, 0), "Visit to the Boston clinic with the lead commissioner",
                    "Talked with staff and three parents about the wait.", MeetingKind.FACE_TO_FACE),
        MeetingPlan(date(2014, 11, 6), _TEN, "October figures, recruitment, single point of access", is_planned=True),
    ),
    "Short breaks for CWD": (
        MeetingPlan(date(2014, 10, 8), time(13, 30), "Night posts", "Three posts empty. Agency cover is dear and new to"
                    " families.",
                    actions=(ActionPlan("Report vacancy rate weekly and bring a recovery date", "Mina Fenn",
                                        date(2014, 11, 12)),)),
        MeetingPlan(date(2014, 11, 12), time(13, 30), "Recovery date, winter rota", is_planned=True),
    ),
    "Domiciliary care for CWD": (
        MeetingPlan(date(2014, 8, 6), _TEN, "Call log and missed visits", "Call log seen.",
                    actions=(ActionPlan("Name the second co-ordinator", "Carl Wold", date(2014, 9, 5)),)),
        MeetingPlan(date(2014, 9, 24), time(15, 0), "Coastal round, with the provider’s director",
                    "The director undertook to answer by 17 October.", MeetingKind.FACE_TO_FACE),
        MeetingPlan(date(2014, 11, 19), _TEN, "Coastal round, contract notice", is_planned=True),
    ),
}  # fmt: skip


def write_boards(contracts: Mapping[str, Contract], *, people: Mapping[str, User]) -> None:
    """By title of the contract; each officer keeps the board of their contract."""
    for title, meetings in MEETINGS.items():
        contract = contracts[title]
        officer = contract.officer
        with act("Contract management board opened", by=officer):
            board = Board.objects.create(
                unit=contract.unit,
                kind=BoardKind.CONTRACT_MANAGEMENT,
                name=f"{contract.title} Contract Management Board",
                opened_on=contract.start or meetings[0].on,
                opened_by=officer,
            )
            seats = Seat.objects.bulk_create(_seats(board, contract, people))
            Contract.objects.filter(pk=contract.pk).update(board=board)
        for meeting in meetings:
            _write_meeting(board, meeting, seats, by=officer)


def _seats(board: Board, contract: Contract, people: Mapping[str, User]) -> list[Seat]:
    provider = contract.provider_rows.select_related("organisation")[0].organisation
    host = contract.unit.host
    members = (
        (SeatFor.COMMISSIONING, people[COMMISSIONER], host, True),
        (SeatFor.COMMISSIONING, people[SAM], host, False),
        (SeatFor.SERVICE, people[GARLAND], host, False),
    )
    ours = [
        Seat(board=board, sits_for=side, name=user.name, person=user, organisation=body, is_chair=chairs,
             since=board.opened_on)
        for side, user, body, chairs in members
    ]  # fmt: skip
    theirs = [
        Seat(board=board, sits_for=SeatFor.SUPPLIER, name=name, organisation=provider, since=board.opened_on)
        for name in SUPPLIERS[contract.title]
    ]
    return [*ours, *theirs]


def _write_meeting(board: Board, plan: MeetingPlan, seats: Sequence[Seat], *, by: User | None) -> None:
    day = min(plan.on, date(2014, 11, 3))
    with act("Meeting planned" if plan.is_planned else "Meeting recorded", by=by):
        meeting = Meeting.objects.create(
            board=board,
            kind=plan.kind,
            state=MeetingState.PLANNED if plan.is_planned else MeetingState.HELD,
            on=plan.on,
            starts_at=plan.at,
            purpose=plan.purpose,
            notes=plan.notes,
            recorded_at=datetime.combine(day, time(16, 45), tzinfo=LONDON),
            recorded_by=by,
        )
        if plan.is_planned:
            return
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, seat=seat, name=seat.name, sits_for=seat.sits_for, presence=Presence.PRESENT)
            for seat in seats
        )
        MeetingAction.objects.bulk_create(
            MeetingAction(
                board=board,
                meeting=meeting,
                text=action.text,
                owner=action.owner,
                due_on=action.due_on,
                done_on=action.done_on,
                done_by=by if action.done_on else None,
                outcome=action.outcome,
            )
            for action in plan.actions
        )
