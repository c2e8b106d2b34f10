"""The monthly review of a unit: every return of the month, accepted and sent back where it is read."""

import datetime
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from commissioning.models import CommissioningUnit
from commissioning.views.signed_in import signed_in
from contracts.forms.month_review import SendBackForm
from contracts.queries.month_review import UnitMonth, month_review_page
from contracts.queries.review_shown import review_shown
from contracts.rules.returns import month_to_return, next_month, previous_month
from contracts.services.month_review import Reviewed, accept_returns, send_back_returns
from contracts.templatetags.marks import monthname
from contracts.views.review_loading import load_month, to_review

TO_REVIEW = "to-review"


@gate(Permission.REVIEW_RETURNS)
def month_reviews(request: HttpRequest, month: datetime.date) -> HttpResponse:
    """To the review of the unit that the person works in; of several, they choose."""
    if month > month_to_return(clock.today()):
        raise Http404(f"{monthname(month)} is not over.")
    units = list(CommissioningUnit.objects.visible_to(request.user, Permission.REVIEW_RETURNS).select_related("host"))
    chosen = current_unit(request)
    one = chosen if chosen in units else units[0] if len(units) == 1 else None
    if one is not None:
        return redirect("month_review", month, one.code)
    return render(request, "contracts/month_reviews.html", {"month": month, "units": units})


@gate(Permission.REVIEW_RETURNS, load=load_month)
def month_review(request: HttpRequest, of: UnitMonth) -> HttpResponse:
    if request.method == "POST":
        return _review(request, of)
    return _page(request, of, SendBackForm())


def _page(request: HttpRequest, of: UnitMonth, form: SendBackForm, *, ticked: set[int] | None = None) -> HttpResponse:
    page = month_review_page(request.user, of)
    newest = month_to_return(clock.today())
    context = {
        "page": page,
        "shown": review_shown(page, request.GET),
        "unit": of.unit,
        "month": of.month,
        "form": form,
        "ticked": ticked or set(),
        "reader": request.user.pk,
        "previous": previous_month(of.month),
        "next": next_month(of.month) if of.month < newest else None,
        "today": clock.today(),
        "may_set_rules": scope_of(request.user).can(Permission.MANAGE_UNIT, of.unit),
    }
    return render(request, "contracts/month_review.html", context)


def _review(request: HttpRequest, of: UnitMonth) -> HttpResponse:
    """What is ticked is reviewed together; the form beside a return posts that one alone.

    What was done with many, and what was left, is said at the top: the page opens there.
    """
    seen, opens_at = _seen(_ticked(request))
    if not seen:
        messages.error(request, "Tick the returns that you want to accept or send back.")
        return to_review(request, of, TO_REVIEW)
    sends_back = request.POST.get("do") == "send_back"
    form = SendBackForm(request.POST)
    act = _sent_back(request, of, form) if sends_back else _accepted(request, of)
    try:
        reviewed = act(seen)
    except ValidationError as refused:
        form.is_valid()
        form.take(refused)
        return _page(request, of, form, ticked=set(seen))
    _say(request, reviewed, "Sent back" if sends_back else "Accepted")
    return to_review(request, of, f"c{opens_at}" if "one" in request.POST and opens_at and not reviewed.changed else "")


def _accepted(request: HttpRequest, of: UnitMonth) -> Callable[[dict[int, int]], Reviewed]:
    return lambda seen: accept_returns(unit=of.unit, month=of.month, seen=seen, by=signed_in(request))


def _sent_back(request: HttpRequest, of: UnitMonth, form: SendBackForm) -> Callable[[dict[int, int]], Reviewed]:
    """Lines are counted as the person sees them, so the note comes from the form where it can be read."""
    note = form.cleaned_data.get("note", "") if form.is_valid() else request.POST.get("note", "")
    return lambda seen: send_back_returns(unit=of.unit, month=of.month, seen=seen, note=note, by=signed_in(request))


def _ticked(request: HttpRequest) -> list[str]:
    """One by one, or with the tick for all of them each that the page showed."""
    shown = request.POST.getlist("shown") if request.POST.get("all") else []
    return [*shown, *request.POST.getlist("row")]


def _seen(keys: list[str]) -> tuple[dict[int, int], int]:
    """The version of each return that the page showed, and the contract at which the page opens again."""
    seen, opens_at = {}, 0
    for key in keys:
        parts = key.split(":")
        if len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            number, version, opens_at = (int(part) for part in parts)
            seen[number] = version
    return seen, opens_at


def _say(request: HttpRequest, reviewed: Reviewed, what: str) -> None:
    titles = [row.contract.title for row in reviewed.done]
    if len(titles) == 1:
        messages.success(request, f"{what}: {titles[0]}.")
    elif titles:
        messages.success(request, f"{what}: {len(titles)} returns.")
    if reviewed.changed:
        names = "; ".join(row.contract.title for row in reviewed.changed)
        messages.warning(request, f"Changed since you opened the page, so left as they are. Look again: {names}.")
