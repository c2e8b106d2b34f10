"""What a contract's board has open, for whoever makes the contract's return."""

from typing import Final

from django.db.models import BigIntegerField

from contracts.models import Contract
from contracts.queries.built_once import Given, Prepared
from governance.models import MeetingAction

ASKED_SHOWN: Final = 3
_ASKED: Final = Prepared(
    lambda: (
        MeetingAction.objects.filter(board_id=Given("board", BigIntegerField()), done_on=None)
        .select_related("meeting")
        .order_by("-meeting__on", "due_on", "pk")[:ASKED_SHOWN]
    )
)


def asked_by_board(contract: Contract) -> list[MeetingAction]:
    """The newest actions still open; no query where there is no board."""
    return _ASKED.rows(board=contract.board_id) if contract.board_id else []
