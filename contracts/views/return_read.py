"""A return as it is read, and its review."""

import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import signed_in
from contracts.choices import ReturnState
from contracts.forms.monthly_return import ReviewForm
from contracts.models import MonthlyReturn
from contracts.queries.monthly_return import ContractMonth, LeftToReturn, ReturnPage, next_after, return_page
from contracts.queries.review import REVIEW_ORDER_WORDS, left_to_review
from contracts.services.return_review import accept_return, send_back_return
from contracts.views.return_conflict import ReturnConflict, conflict_with
from contracts.views.return_loading import load_return, return_address
from contracts.views.worklist import EVERYONE


def show_return(
    request: HttpRequest,
    page: ReturnPage,
    *,
    review: ReviewForm | None = None,
    conflict: ReturnConflict | None = None,
    status: int = 200,
) -> HttpResponse:
    """A submitted or accepted return, with the review for whoever may review it."""
    may_review = page.of.is_open_to(scope_of(request.user), Permission.REVIEW_RETURNS) and not page.closed
    waits = may_review and page.row is not None and page.row.state == ReturnState.SUBMITTED
    context = {
        "page": page,
        "contract": page.of.contract,
        "form": review or ReviewForm(initial={"version": page.version}),
        "conflict": conflict,
        "kpis": page.kpis,
        "sides": page.side_lines,
        "scorecard": page.scorecard,
        "may_review": may_review,
        "has_next": waits and _next_to_review(request, page.of) is not None,
        "review_order": REVIEW_ORDER_WORDS[0].lower() + REVIEW_ORDER_WORDS[1:],
        "submitted_it_themselves": page.row is not None and page.row.submitted_by == request.user,
        "today": clock.today(),
    }
    return render(request, "contracts/return_read.html", context, status=status)


@gate(Permission.REVIEW_RETURNS, load=load_return)
@require_POST
def review_return(request: HttpRequest, of: ContractMonth) -> HttpResponse:
    page = return_page(of, by=signed_in(request))
    if page.row is None:
        raise Http404("Nothing to review.")
    form = ReviewForm(request.POST)
    opens_next = request.POST.get("do") == "accept_next"
    following = _next_to_review(request, of) if opens_next else None
    if form.is_valid():
        try:
            _review(request, page.row, form)
        except Conflict:
            return _review_conflict(request, of)
        except ValidationError as refused:
            form.take(refused)
        else:
            return redirect(_after_review(of.month, following))
    return show_return(request, page, review=form)


def _next_to_review(request: HttpRequest, of: ContractMonth) -> LeftToReturn | None:
    """Asked before this one is reviewed, as it is its place in the list that says which is next."""
    left = left_to_review(request.user, month=of.month, unit=current_unit(request))
    return next_after(left, of.contract.pk)


def _after_review(month: datetime.date, following: LeftToReturn | None) -> str:
    if following:
        return return_address(month, following.slug, following.unit_code)
    to_review = urlencode({"show": EVERYONE, "state": ReturnState.SUBMITTED})
    return f"{reverse('worklist', args=[month])}?{to_review}"


def _review(request: HttpRequest, row: MonthlyReturn, form: ReviewForm) -> None:
    version, by = form.cleaned_data["version"], signed_in(request)
    if request.POST.get("do") in ("accept", "accept_next"):
        accept_return(row=row, version=version, by=by)
        messages.success(request, f"Accepted: {row.contract.title}.")
    else:
        send_back_return(row=row, version=version, note=form.cleaned_data["note"], by=by)
        messages.success(request, f"Sent back: {row.contract.title}.")


def _review_conflict(request: HttpRequest, of: ContractMonth) -> HttpResponse:
    """The return as it stands now, to be looked at before it is reviewed; the note typed stays."""
    page = return_page(of, by=signed_in(request))
    typed = request.POST.copy()
    typed["version"] = str(page.version)
    conflict = conflict_with(page.row, None, reader=signed_in(request), kpis=page.kpis)
    return show_return(request, page, review=ReviewForm(typed), conflict=conflict, status=409)
