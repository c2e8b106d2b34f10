"""The contract management board of a contract, opened once."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError

from accounts.acts import act
from accounts.models import User
from contracts.models import Contract
from governance.choices import BoardKind
from governance.models import Board
from governance.services.boards import NewMember, open_board


def open_contract_board(
    *,
    contract: Contract,
    name: str,
    opened_on: datetime.date,
    members: Iterable[NewMember],
    by: User,
    on_behalf_of: User | None = None,
) -> Board:
    """Raises ValidationError beside the field, or where the contract has its board already."""
    with act("Contract management board opened", by=by, on_behalf_of=on_behalf_of):
        stored = Contract.objects.select_for_update(of=("self",)).select_related("unit").get(pk=contract.pk)
        if stored.board_id is not None:
            raise ValidationError("Somebody has opened the board of this contract already.")
        stored.board = open_board(
            unit=stored.unit,
            kind=BoardKind.CONTRACT_MANAGEMENT,
            name=name,
            opened_on=opened_on,
            members=members,
            by=by,
        )
        stored.save(update_fields=["board"])
    return stored.board
