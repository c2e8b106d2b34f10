"""Monthly returns: the worklist of a month."""

import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from contracts.queries.closing import units_with_month
from contracts.queries.everyones import everyones_worklist
from contracts.queries.monthly_return import months_to_choose
from contracts.queries.worklist import OwnWorklist, own_worklist
from contracts.rules.returns import month_to_return, previous_month
from contracts.templatetags.marks import monthname

EVERYONE: Final = "everyone"


def newest_month() -> datetime.date:
    """The month to return now."""
    return month_to_return(clock.today())


@gate(Permission.RETURN_CONTRACTS)
def returns(request: HttpRequest) -> HttpResponse:
    """To the month asked for, else to the one to return now."""
    try:
        month = datetime.date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        month = newest_month()
    if month.year // 100 != 20:
        month = newest_month()
    query = f"?show={EVERYONE}" if request.GET.get("show") == EVERYONE else ""
    return redirect(reverse("worklist", args=[month]) + query)


@gate(Permission.RETURN_CONTRACTS)
def worklist(request: HttpRequest, month: datetime.date) -> HttpResponse:
    """One's own returns; for a reviewer everyone's, at once where they have none of their own."""
    if month > newest_month():
        raise Http404(f"{monthname(month)} is not over.")
    may_review = scope_of(request.user).holds(Permission.REVIEW_RETURNS)
    show = request.GET.get("show", "")
    if show == EVERYONE and not may_review:
        raise PermissionDenied(Permission.REVIEW_RETURNS.description)
    if show != EVERYONE:
        own = own_worklist(request.user, month=month, unit=current_unit(request))
        if show == "mine" or not own.is_empty or not may_review:
            return _own(request, own, may_review=may_review)
    return _everyones(request, month)


def _own(request: HttpRequest, own: OwnWorklist, *, may_review: bool) -> HttpResponse:
    context = {"list": own, "may_review": may_review, "shows_everyone": False} | _months(request, own.month)
    return render(request, "contracts/worklist.html", context)


def _everyones(request: HttpRequest, month: datetime.date) -> HttpResponse:
    chosen = {name: request.GET.get(name, "") for name in ("officer", "state")}
    shown = everyones_worklist(
        request.user, month=month, unit=current_unit(request), page=request.GET.get("page", 1), **chosen
    )
    query = urlencode({"show": EVERYONE} | {name: value for name, value in chosen.items() if value})
    context = {"list": shown, "chosen": chosen, "query": query, "may_review": True, "shows_everyone": True}
    return render(request, "contracts/worklist_everyone.html", context | _months(request, month))


def _months(request: HttpRequest, month: datetime.date) -> dict[str, Any]:
    units = units_with_month(request.user, month, unit=current_unit(request))
    return {
        "month": month,
        "closing": units.closing,
        "last_month": previous_month(month),
        "months": months_to_choose(month, newest=newest_month(), first=units.first_month),
    }
