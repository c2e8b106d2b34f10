"""A contract's management board as one person may read it: meetings, actions, members, and who may join."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts import clock
from accounts.models import User
from accounts.permissions import Permission, Role
from commissioning.access import Scope, scope_of
from commissioning.models import Membership, Organisation
from commissioning.rules import long_date
from contracts.choices import ContractStatus
from contracts.models import Contract
from contracts.queries.attention import attention_of, board_overdue
from contracts.queries.board_grades import agreed_grades
from contracts.queries.managed import ManagedContract
from contracts.queries.sight import sees_narrative
from governance.choices import MeetingKind, MeetingState, Presence, SeatFor
from governance.models import Attendance, Board, Meeting, MeetingAction, Seat
from governance.rules import sat_on
from governance.services.boards import NewMember

MEETINGS_SHOWN: Final = 12
"""Earlier ones fold away."""
RUNNING: Final = (ContractStatus.CURRENT, ContractStatus.NOTICE_GIVEN)
CAME: Final = (Presence.PRESENT, Presence.SUBSTITUTE)


# What may be read


def meetings_seen(scope: Scope, contract: Contract) -> QuerySet[Meeting]:
    """The board's meetings; of those face to face a provider's contact sees the ones where its provider was."""
    if contract.board_id is None:
        return Meeting.objects.none()
    meetings = Meeting.objects.filter(board_id=contract.board_id)
    if sees_narrative(scope, contract):
        return meetings
    was_there = Attendance.objects.filter(
        meeting=OuterRef("pk"),
        sits_for=SeatFor.SUPPLIER,
        presence__in=CAME,
        seat__organisation__in=scope.organisations_as(Role.PROVIDER_CONTACT),
    )
    return meetings.filter(~Q(kind=MeetingKind.FACE_TO_FACE) | Exists(was_there))


def actions_seen(scope: Scope, contract: Contract) -> QuerySet[MeetingAction]:
    """What was agreed at a meeting in sight."""
    if contract.board_id is None:
        return MeetingAction.objects.none()
    actions = MeetingAction.objects.filter(board_id=contract.board_id, meeting__in=meetings_seen(scope, contract))
    return actions.select_related("meeting", "done_by")


@dataclass(frozen=True)
class OnBoard:
    """Something of a contract's board, opened as the contract is to whoever manages it."""

    managed: ManagedContract
    item: Any = None

    @property
    def contract(self) -> Contract:
        return self.managed.contract

    @property
    def board(self) -> Board:
        """Of a contract whose board is open."""
        return cast(Board, self.contract.board)

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.managed.is_open_to(scope, permission)


# In words


def at_time(time: datetime.time | None) -> str:
    """«10am», «2:30pm»; empty where none is set."""
    if time is None:
        return ""
    minutes = f":{time.minute:02}" if time.minute else ""
    return f"{time.hour % 12 or 12}{minutes}{'am' if time.hour < 12 else 'pm'}"


def meeting_when(meeting: Meeting) -> str:
    """«6 November 2014, 10am»"""
    return ", ".join(part for part in (long_date(meeting.on), at_time(meeting.starts_at)) if part)


def actions_words(count: int) -> str:
    return f"{count} action{'' if count == 1 else 's'}"


@dataclass(frozen=True)
class MeetingRow:
    """One line of a list of meetings."""

    meeting: Meeting
    url: str
    sub: str
    state: str
    is_late: bool = False

    @property
    def when(self) -> str:
        return meeting_when(self.meeting)


def next_of(meetings: Sequence[Meeting], *, today: datetime.date) -> Meeting | None:
    """The soonest planned meeting of the board that lies ahead or is today."""
    ahead = [row for row in meetings if row.state == MeetingState.PLANNED and row.on >= today]
    return min(ahead, key=lambda row: (row.on, row.pk), default=None)


def meeting_rows(
    contract: Contract,
    meetings: Sequence[Any],
    *,
    sees_all: bool,
    today: datetime.date,
    scores: Mapping[datetime.date, int | None] | None = None,
) -> list[MeetingRow]:
    """Of meetings with ``action_count``; the queries are those of ``agreed_grades``."""
    held = [row.on for row in meetings if row.state == MeetingState.HELD and row.kind != MeetingKind.FACE_TO_FACE]
    grades = agreed_grades(contract, held, sees_all=sees_all, scores=scores)
    following = next_of(meetings, today=today)
    return [_row(contract, row, grades.get(row.on, ""), is_next=row == following, today=today) for row in meetings]


def _row(contract: Contract, meeting: Any, grade: str, *, is_next: bool, today: datetime.date) -> MeetingRow:
    state, is_late = "Minutes", False
    sub = [_kind_words(meeting)]
    if meeting.state == MeetingState.CANCELLED:
        state = "Cancelled"
    elif meeting.state == MeetingState.PLANNED:
        is_late = meeting.on < today
        state = "To record" if is_late else "Next" if is_next else "Planned"
        sub.append(meeting.place)
    else:
        words = [actions_words(meeting.action_count)] if meeting.action_count else []
        came_of_it = ", ".join([*words, *([grade] if grade and meeting.kind != MeetingKind.FACE_TO_FACE else [])])
        sub = [came_of_it or meeting.purpose] if meeting.kind == MeetingKind.ORDINARY else [*sub, came_of_it]
    url = contract.address_in_unit("contract_meeting", meeting.pk)
    return MeetingRow(meeting, url, ". ".join(part for part in sub if part), state, is_late)


def _kind_words(meeting: Meeting) -> str:
    """«Extra meeting: ADHD waits»; an ordinary meeting is only what it is about."""
    if meeting.kind == MeetingKind.EXTRA:
        return f"Extra meeting: {meeting.purpose}" if meeting.purpose else "Extra meeting"
    return meeting.purpose


# The page


class BoardPage:
    """All that the page of a contract's board shows to one person."""

    def __init__(self, *, user: Any, of: OnBoard) -> None:
        self.contract, self.today = of.contract, clock.today()
        self.board = of.contract.board
        scope = scope_of(user)
        self.sees_all = sees_narrative(scope, self.contract)
        self.may_manage = scope.can(Permission.RETURN_CONTRACTS, of)
        seen = meetings_seen(scope, self.contract).annotate(action_count=Count("actions"))
        meetings = list(seen.order_by("-on", "-pk"))
        self.of_board = [row for row in meetings if row.kind != MeetingKind.FACE_TO_FACE]
        self.rows = meeting_rows(self.contract, self.of_board, sees_all=self.sees_all, today=self.today)
        face_to_face = [row for row in meetings if row.kind == MeetingKind.FACE_TO_FACE]
        self.face_to_face = meeting_rows(self.contract, face_to_face, sees_all=self.sees_all, today=self.today)
        self.actions = list(actions_seen(scope, self.contract)) if self.board else []
        self.seats = list(self.board.seats.select_related("organisation")) if self.board else []

        self.overdue = self._overdue()

    def _overdue(self) -> str:
        """To commissioners, of a contract that runs."""
        if self.board is None or not self.sees_all or self.contract.status_on(self.today) not in RUNNING:
            return ""
        last = next((row for row in self.of_board if row.state == MeetingState.HELD), None)
        return board_overdue(
            attention_of([self.contract])[self.contract.pk].meetings,
            board_opened_on=self.board.opened_on,
            last_met=last.on if last else None,
            today=self.today,
        )

    @property
    def recent(self) -> list[MeetingRow]:
        return self.rows[:MEETINGS_SHOWN]

    @property
    def earlier(self) -> list[MeetingRow]:
        return self.rows[MEETINGS_SHOWN:]

    @property
    def open_actions(self) -> list[MeetingAction]:
        return [row for row in self.actions if row.done_on is None]

    @property
    def done_actions(self) -> list[MeetingAction]:
        done = [row for row in self.actions if row.done_on is not None]
        return sorted(done, key=lambda row: (row.done_on, row.pk), reverse=True)

    @cached_property
    def open_words(self) -> str:
        """«4 open, 1 late»"""
        late = sum(row.due_on < self.today for row in self.open_actions)
        return f"{len(self.open_actions)} open" + (f", {late} late" if late else "")

    @property
    def members(self) -> list[Seat]:
        """Those of today and those who join soon."""
        return [seat for seat in self.seats if seat.until is None or seat.until >= self.today]

    @property
    def past_members(self) -> list[Seat]:
        return [seat for seat in self.seats if seat not in self.members]

    @property
    def strip(self) -> list[tuple[str, str, str]]:
        following = next_of(self.of_board, today=self.today)
        last = next((row for row in self.of_board if row.state == MeetingState.HELD), None)
        sitting = [seat for seat in self.seats if sat_on(self.today, since=seat.since, until=seat.until)]
        return [
            ("Next meeting", meeting_when(following) if following else "None planned",
             following.place if following else ""),
            ("Last met", long_date(last.on) if last else "Not yet", ""),
            ("Actions", self.open_words, ""),
            ("Members", str(len(sitting)), sides_words(sitting)),
        ]  # fmt: skip


def sides_words(seats: Collection[Seat]) -> str:
    """«Supplier 2, commissioning team 1»"""
    counts = [(SeatFor(side).label, sum(seat.sits_for == side for seat in seats)) for side in SeatFor]
    words = [f"{label[0] if not place else label[0].lower()}{label[1:]} {count}"
             for place, (label, count) in enumerate((label, count) for label, count in counts if count)]  # fmt: skip
    return ", ".join(words)


@dataclass(frozen=True)
class MeetingPage:
    """One meeting: as it is planned, or its minutes."""

    contract: Contract
    meeting: Meeting
    attendances: list[Attendance]
    actions: list[MeetingAction]
    grade: str
    may_manage: bool
    today: datetime.date

    @property
    def when(self) -> str:
        return meeting_when(self.meeting)

    @property
    def is_planned(self) -> bool:
        return self.meeting.state == MeetingState.PLANNED

    @property
    def is_held(self) -> bool:
        return self.meeting.state == MeetingState.HELD

    @property
    def has_passed(self) -> bool:
        return self.meeting.on <= self.today

    @property
    def members(self) -> list[Attendance]:
        return [row for row in self.attendances if row.sits_for]

    @property
    def guests(self) -> list[str]:
        return [row.name for row in self.attendances if not row.sits_for]


def meeting_page(user: Any, of: OnBoard) -> MeetingPage:
    scope, meeting, contract = scope_of(user), of.item, of.contract
    sees_all = sees_narrative(scope, contract)
    is_held = meeting.state == MeetingState.HELD and meeting.kind != MeetingKind.FACE_TO_FACE
    grades = agreed_grades(contract, [meeting.on] if is_held else [], sees_all=sees_all)
    return MeetingPage(
        contract=contract,
        meeting=meeting,
        attendances=list(meeting.attendances.select_related("seat__organisation").order_by("sits_for", "pk")),
        actions=list(meeting.actions.select_related("done_by")),
        grade=grades.get(meeting.on, ""),
        may_manage=scope.can(Permission.RETURN_CONTRACTS, of),
        today=clock.today(),
    )


# Who may sit


def organisations_on_board(contract: Contract) -> QuerySet[Organisation]:
    """The contract's providers and today's partners of its unit; of a restricted contract only those named on it."""
    if contract.is_restricted:
        return Organisation.objects.filter(
            named_on_restrictions__contract=contract, named_on_restrictions__lifted_on=None
        ).distinct()
    today = clock.today()
    partner = Q(partnerships__left_on=None) | Q(partnerships__left_on__gte=today)
    partners = Organisation.objects.filter(
        partner, partnerships__unit=contract.unit_id, partnerships__joined_on__lte=today
    )
    return Organisation.objects.filter(Q(pk__in=partners.values("pk")) | Q(provider_rows__contract=contract)).distinct()


def people_on_board(contract: Contract) -> QuerySet[User]:
    """Who works today for an organisation that may sit."""
    working = Membership.objects.current_on(clock.today()).filter(organisation__in=organisations_on_board(contract))
    return User.objects.filter(is_active=True, pk__in=working.values("user_id")).order_by("name", "pk")


def members_to_begin_with(contract: Contract) -> list[NewMember]:
    """Whom the contract names already: officer and deputies, service manager, and the providers' own contacts."""
    working = Membership.objects.current_on(clock.today()).filter(organisation__in=organisations_on_board(contract))
    rows = list(working.select_related("organisation", "user").order_by("user__name", "pk"))
    employer = {row.user_id: row.organisation for row in rows}
    providers = set(contract.provider_rows.values_list("organisation_id", flat=True))
    team = [contract.officer, *contract.deputies.all()]
    named = [(SeatFor.COMMISSIONING, person) for person in team if person]
    named += [(SeatFor.SERVICE, contract.service_manager)] if contract.service_manager else []
    named += [
        (SeatFor.SUPPLIER, row.user)
        for row in rows
        if row.role == Role.PROVIDER_CONTACT and row.organisation_id in providers
    ]
    members: dict[int, NewMember] = {}
    for side, person in named:
        if person.pk in employer:
            member = NewMember(sits_for=side, organisation=employer[person.pk], person=person)
            members.setdefault(person.pk, member)
    return list(members.values())
