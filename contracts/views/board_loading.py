"""Which board, member, meeting or action of which contract an address names."""

from typing import Any, TypedDict

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from accounts.models import User
from commissioning.access import scope_of
from commissioning.views.signed_in import signed_in
from contracts.models import Contract
from contracts.queries.board import OnBoard, actions_seen, meetings_seen
from contracts.queries.standing_in import acting_for
from contracts.views.loading import load_managed
from governance.models import Seat


def load_contract_board(request: HttpRequest, slug: str) -> OnBoard:
    """Whether or not the board has been opened."""
    return OnBoard(load_managed(request, slug))


def load_board(request: HttpRequest, slug: str) -> OnBoard:
    of = load_contract_board(request, slug)
    if of.contract.board is None:
        raise Http404("This contract has no board.")
    return of


def load_seat(request: HttpRequest, slug: str, pk: int) -> OnBoard:
    of = load_board(request, slug)
    return _with(of, Seat.objects.filter(board=of.board), pk)


def load_meeting(request: HttpRequest, slug: str, pk: int) -> OnBoard:
    of = load_board(request, slug)
    return _with(of, meetings_seen(scope_of(request.user), of.contract), pk)


def load_action(request: HttpRequest, slug: str, pk: int) -> OnBoard:
    of = load_board(request, slug)
    return _with(of, actions_seen(scope_of(request.user), of.contract), pk)


def _with(of: OnBoard, rows: QuerySet[Any], pk: int) -> OnBoard:
    return OnBoard(of.managed, get_object_or_404(rows, pk=pk))


class Whose(TypedDict):
    """Who does something to the board, and in whose stead."""

    by: User
    on_behalf_of: User | None


def whose(request: HttpRequest, of: OnBoard) -> Whose:
    by = signed_in(request)
    return {"by": by, "on_behalf_of": acting_for(of.contract, by)}


def to_board(contract: Contract, anchor: str = "") -> HttpResponseRedirect:
    return redirect(contract.address_in_unit("contract_board") + (f"#{anchor}" if anchor else ""))


def to_meeting(contract: Contract, pk: int) -> HttpResponseRedirect:
    return redirect(contract.address_in_unit("contract_meeting", pk))


def about(of: OnBoard, **more: Any) -> dict[str, Any]:
    """What every page of a board shows above itself."""
    contract = of.contract
    shown = {"contract": contract, "board": contract.board, "board_url": contract.address_in_unit("contract_board")}
    return shown | more
