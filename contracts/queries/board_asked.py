"""What a contract's board has open, for whoever makes the contract's return."""

from contracts.models import Contract
from governance.models import MeetingAction


def asked_by_board(contract: Contract, *, limit: int) -> list[MeetingAction]:
    """The newest actions still open; no query where there is no board."""
    if contract.board_id is None:
        return []
    open_now = MeetingAction.objects.filter(board_id=contract.board_id, done_on=None)
    return list(open_now.select_related("meeting").order_by("-meeting__on", "due_on", "pk")[:limit])
