"""The contract management board, as its contract's page shows it: the next meeting and the last three."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BigIntegerField, Count, DateField, Q

from commissioning.access import scope_of
from contracts.queries.board import MeetingRow, meeting_rows, sides_words
from contracts.queries.built_once import Given, Prepared
from contracts.queries.managed import may_manage
from contracts.queries.sight import sees_narrative
from governance.choices import MeetingKind, MeetingState
from governance.models import Meeting, Seat
from governance.rules import sat_on
from reporting.queries.month import ReturnMonth

MEETINGS_SHOWN: Final = 3


_BOARD: Final = Given("board", BigIntegerField())


def _meetings_shown() -> Any:
    """The last ones held and the next that is planned; one face to face is no meeting of the board."""
    of_board = Meeting.objects.filter(board_id=_BOARD).exclude(kind=MeetingKind.FACE_TO_FACE)
    held = of_board.filter(state=MeetingState.HELD, on__lte=Given("as_at", DateField())).order_by("-on", "-pk")
    planned = of_board.filter(state=MeetingState.PLANNED, on__gte=Given("today", DateField())).order_by("on", "pk")
    shown = Q(pk__in=held.values("pk")[:MEETINGS_SHOWN]) | Q(pk__in=planned.values("pk")[:1])
    return of_board.filter(shown).annotate(action_count=Count("actions")).order_by("-on", "-pk")


MEETINGS: Final[Prepared[Any]] = Prepared(_meetings_shown)
SEATS: Final = Prepared(lambda: Seat.objects.filter(board_id=_BOARD))


@dataclass(frozen=True)
class BoardSection:
    """``name`` and ``rows`` are empty where the contract has no board yet."""

    name: str
    url: str
    rows: list[MeetingRow]
    last_met: datetime.date | None
    may_open: bool = False

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """For the list of facts about the contract."""
        return [("Contract board", self.name, self.url)] if self.name else []

    @property
    def link(self) -> str:
        """The words of the link to the board's page; empty where there is nothing to find."""
        if not self.name:
            return "Open the board" if self.may_open else ""
        return "All meetings" if self.rows else "Board and members"


def board_of(
    user: Any,
    contract: Any,
    *,
    month: ReturnMonth,
    scores: Mapping[datetime.date, int | None],
    meetings: Iterable[Any],
    seats: Iterable[Seat],
) -> BoardSection:
    """As at the day of the page; what is planned only on the page of the month now being returned.

    ``scores`` is JET by month of the returns that count, up to the page's month.
    One query where a board has met: the views of the grades.
    """
    url = contract.address_in_unit("contract_board")
    if contract.board_id is None:
        return BoardSection(name="", url=url, rows=[], last_met=None, may_open=may_manage(user, contract))
    shown = list(meetings)
    held = [row for row in shown if row.state == MeetingState.HELD]
    planned = [row for row in shown if row.state == MeetingState.PLANNED and month.is_latest]
    sees_all = sees_narrative(scope_of(user), contract)
    rows = meeting_rows(contract, [*planned, *held], sees_all=sees_all, today=month.today, scores=scores)
    if planned and (sides := _sides(seats, planned[0].on)):
        first = rows[0]
        rows[0] = MeetingRow(first.meeting, first.url, ". ".join(filter(None, [first.sub, sides])), first.state)
    return BoardSection(name=contract.board_name, url=url, rows=rows, last_met=held[0].on if held else None)


def _sides(seats: Iterable[Seat], day: datetime.date) -> str:
    return sides_words([seat for seat in seats if sat_on(day, since=seat.since, until=seat.until)])
