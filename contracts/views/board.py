"""A contract's management board: its page, its opening, its members, and what came of its actions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import clock
from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted
from contracts.forms.board import ActionAgreedForm, DoneForm, EndSeatForm, OpenBoardForm, SeatForm
from contracts.queries.board import (
    BoardPage,
    OnBoard,
    members_to_begin_with,
    organisations_on_board,
    people_on_board,
)
from contracts.services.contract_board import open_contract_board
from contracts.views.board_loading import (
    about,
    load_action,
    load_board,
    load_contract_board,
    load_meeting,
    load_seat,
    to_board,
    to_meeting,
    whose,
)
from governance.models import MeetingAction
from governance.services.actions import agree_action, finish_action
from governance.services.boards import end_seat, seat_member


@gate(Permission.VIEW_CONTRACTS, load=load_contract_board)
def contract_board(request: HttpRequest, of: OnBoard) -> HttpResponse:
    page = BoardPage(user=request.user, of=of)
    return render(request, "contracts/board.html", about(of, page=page))


@gate(Permission.RETURN_CONTRACTS, load=load_contract_board)
def contract_board_open(request: HttpRequest, of: OnBoard) -> HttpResponse:
    if of.contract.board_id is not None:
        return to_board(of.contract)
    suggested = members_to_begin_with(of.contract)
    initial = {
        "name": f"{of.contract.title} Contract Management Board"[:200],
        "opened_on": clock.today(),
        "members": [str(member.person.pk) for member in suggested if member.person],
    }
    form = OpenBoardForm(posted(request), suggested=suggested, initial=initial)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            board = open_contract_board(
                contract=of.contract,
                name=data["name"],
                opened_on=data["opened_on"],
                members=form.members_chosen(),
                **whose(request, of),
            )
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"{board.name} is open.")
            return to_board(of.contract)
    return render(request, "contracts/board_open.html", about(of, form=form))


@gate(Permission.RETURN_CONTRACTS, load=load_board)
def contract_seat_add(request: HttpRequest, of: OnBoard) -> HttpResponse:
    form = SeatForm(
        posted(request), organisations=organisations_on_board(of.contract), people=people_on_board(of.contract)
    )
    if form.is_bound and form.is_valid():
        try:
            seat = seat_member(
                board=of.board, member=form.member(), since=form.cleaned_data["since"], **whose(request, of)
            )
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"{seat.name} sits on the board.")
            return to_board(of.contract, "members")
    return render(request, "contracts/board_member.html", about(of, form=form))


@gate(Permission.RETURN_CONTRACTS, load=load_seat)
def contract_seat_end(request: HttpRequest, of: OnBoard) -> HttpResponse:
    form = EndSeatForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            seat = end_seat(seat=of.item, until=form.cleaned_data["until"], **whose(request, of))
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"{seat.name} leaves the board.")
            return to_board(of.contract, "members")
    return render(request, "contracts/board_member_end.html", about(of, form=form, seat=of.item))


@gate(Permission.RETURN_CONTRACTS, load=load_meeting)
def contract_action_add(request: HttpRequest, of: OnBoard) -> HttpResponse:
    form = ActionAgreedForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            agree_action(meeting=of.item, action=form.action(), **whose(request, of))
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, "The action is noted.")
            return to_meeting(of.contract, of.item.pk)
    cancel = of.contract.address_in_unit("contract_meeting", of.item.pk)
    return render(request, "contracts/board_action.html", about(of, form=form, meeting=of.item, cancel=cancel))


@gate(Permission.RETURN_CONTRACTS, load=load_action)
def contract_action_done(request: HttpRequest, of: OnBoard) -> HttpResponse:
    """Ticked with what came of it; one ticked already is corrected here."""
    action = of.item
    form = DoneForm(posted(request), initial=_ticked(action))
    if form.is_bound and form.is_valid():
        try:
            finish_action(
                action=action,
                done_on=form.cleaned_data["done_on"],
                outcome=form.cleaned_data["outcome"],
                version=form.cleaned_data["version"],
                **whose(request, of),
            )
        except Conflict as conflict:
            return _done_conflict(request, of, conflict.current)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"Done: {action.text}")
            return to_board(of.contract, "actions")
    return render(request, "contracts/board_action_done.html", about(of, form=form, action=action))


def _ticked(action: MeetingAction) -> dict[str, object]:
    shown: dict[str, object] = {"version": action.version, "outcome": action.outcome}
    return shown | ({"done_on": action.done_on} if action.done_on else {"done_on": clock.today()})


def _done_conflict(request: HttpRequest, of: OnBoard, current: MeetingAction) -> HttpResponse:
    """What the other person said above what was typed; the next press carries the version that has now been seen."""
    typed = request.POST.copy()
    typed["version"] = str(current.version)
    context = about(of, form=DoneForm(typed), action=current, current=current)
    return render(request, "contracts/board_action_done.html", context, status=409)
