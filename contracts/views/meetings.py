"""Meetings of a contract's board: planned, moved, cancelled, recorded, and read as minutes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.kept_form import forget_kept, kept_form
from commissioning.rules import long_date
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted
from contracts.forms.board import CancelForm, PlanForm, RecordForm, planned_as, recorded_as
from contracts.queries.board import OnBoard, meeting_page, meeting_when
from contracts.views.board_loading import about, load_board, load_meeting, to_meeting, whose
from governance.choices import MeetingState
from governance.models import Meeting
from governance.services.meetings import GONE, cancel_meeting, change_meeting, plan_meeting, record_meeting


@gate(Permission.VIEW_CONTRACTS, load=load_meeting)
def contract_meeting(request: HttpRequest, of: OnBoard) -> HttpResponse:
    return render(request, "contracts/meeting.html", about(of, page=meeting_page(request.user, of), meeting=of.item))


@gate(Permission.RETURN_CONTRACTS, load=load_board)
def contract_meeting_add(request: HttpRequest, of: OnBoard) -> HttpResponse:
    """One whose day has passed leads straight on to its record."""
    form = PlanForm(posted(request), initial={"version": 0})
    if form.is_bound and form.is_valid():
        try:
            meeting = plan_meeting(board=of.board, details=form.details(), **whose(request, of))
        except ValidationError as refused:
            form.take(refused)
        else:
            return _planned(request, of, meeting)
    return render(request, "contracts/meeting_plan.html", about(of, form=form))


def _planned(request: HttpRequest, of: OnBoard, meeting: Meeting) -> HttpResponse:
    page = meeting_page(request.user, OnBoard(of.managed, meeting))
    if meeting.on < page.today:
        messages.success(request, f"The meeting of {long_date(meeting.on)} is noted. Say now who was there.")
        return redirect(of.contract.address_in_unit("contract_meeting_record", meeting.pk))
    messages.success(request, f"The meeting is planned: {meeting_when(meeting)}.")
    return to_meeting(of.contract, meeting.pk)


@gate(Permission.RETURN_CONTRACTS, load=load_meeting)
def contract_meeting_change(request: HttpRequest, of: OnBoard) -> HttpResponse:
    meeting = of.item
    if meeting.state != MeetingState.PLANNED:
        return _gone(request, of)
    form = PlanForm(posted(request), initial=planned_as(meeting))
    if form.is_bound and form.is_valid():
        try:
            changed = change_meeting(
                meeting=meeting,
                details=form.details(),
                version=form.cleaned_data["version"],
                **whose(request, of),
            )
        except Conflict as conflict:
            return _conflict(request, of, PlanForm, "contracts/meeting_plan.html", conflict.current)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"The meeting is changed: {meeting_when(changed)}.")
            return to_meeting(of.contract, meeting.pk)
    return render(request, "contracts/meeting_plan.html", about(of, form=form, meeting=meeting))


@gate(Permission.RETURN_CONTRACTS, load=load_meeting)
def contract_meeting_cancel(request: HttpRequest, of: OnBoard) -> HttpResponse:
    meeting = of.item
    if meeting.state != MeetingState.PLANNED:
        return _gone(request, of)
    form = CancelForm(posted(request), initial={"version": meeting.version})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            cancel_meeting(meeting=meeting, why=data["why_cancelled"], version=data["version"], **whose(request, of))
        except Conflict as conflict:
            return _conflict(request, of, CancelForm, "contracts/meeting_cancel.html", conflict.current)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"The meeting of {long_date(meeting.on)} is cancelled.")
            return to_meeting(of.contract, meeting.pk)
    return render(request, "contracts/meeting_cancel.html", about(of, form=form, meeting=meeting))


@gate(Permission.RETURN_CONTRACTS, load=load_meeting)
def contract_meeting_record(request: HttpRequest, of: OnBoard) -> HttpResponse:
    """Also a record made before, to be corrected."""
    meeting = of.item
    if meeting.state == MeetingState.CANCELLED:
        return _gone(request, of)
    if request.method == "POST":
        forget_kept(request)
        return _record(request, of)
    if kept := kept_form(request):
        form = RecordForm(kept, meeting=meeting)
        return _show_record(request, of, meeting, form, is_kept=True)
    shown = recorded_as(meeting, list(meeting.attendances.all()))
    return _show_record(request, of, meeting, RecordForm(meeting=meeting, initial=shown))


def _record(request: HttpRequest, of: OnBoard) -> HttpResponse:
    meeting = of.item
    form = RecordForm(posted(request), meeting=meeting)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            record_meeting(meeting=meeting, minutes=form.minutes(), version=version, **whose(request, of))
        except Conflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current.version)
            again = RecordForm(typed, meeting=conflict.current)
            return _show_record(request, of, conflict.current, again, is_conflict=True, status=409)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"The meeting of {long_date(form.cleaned_data['on'])} is recorded.")
            return to_meeting(of.contract, meeting.pk)
    return _show_record(request, of, meeting, form)


def _show_record(
    request: HttpRequest,
    of: OnBoard,
    meeting: Meeting,
    form: RecordForm,
    *,
    is_conflict: bool = False,
    is_kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    """With what was agreed before; where somebody saved in between, with the record as it stands now."""
    page = meeting_page(request.user, OnBoard(of.managed, meeting))
    context = about(of, form=form, meeting=meeting, page=page, is_conflict=is_conflict, is_kept=is_kept)
    return render(request, "contracts/meeting_record.html", context, status=status)


def _gone(request: HttpRequest, of: OnBoard) -> HttpResponse:
    messages.warning(request, GONE[MeetingState(of.item.state)])
    return to_meeting(of.contract, of.item.pk)


def _conflict(
    request: HttpRequest, of: OnBoard, form: type[PlanForm] | type[CancelForm], template: str, current: Meeting
) -> HttpResponse:
    """The meeting as it stands now above what was typed; one that was held meanwhile is shown instead."""
    if current.state != MeetingState.PLANNED:
        return _gone(request, OnBoard(of.managed, current))
    typed = request.POST.copy()
    typed["version"] = str(current.version)
    context = about(of, form=form(typed), meeting=current, current=current, current_when=meeting_when(current))
    return render(request, template, context, status=409)
