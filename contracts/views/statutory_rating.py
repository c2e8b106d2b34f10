"""The page on which a period is rated in the terms of the Procurement Act."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from accounts import clock
from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import signed_in
from contracts.choices import ActRating
from contracts.forms.grading import PeriodForm, RatingForm, rating_initial
from contracts.models import Contract, StatutoryRating
from contracts.queries.managed import ManagedContract
from contracts.queries.statutory_rating import months_offered, next_period, ratings_of
from contracts.rules.statutory_rating import unrated_fault
from contracts.services.statutory_rating import proposal_for, rate_period, refuse_overlap
from contracts.views.loading import load_managed
from contracts.views.return_conflict import ComparedLine, moment_words

PERIOD = ("from_month", "to_month")


@gate(Permission.RETURN_CONTRACTS, load=load_managed)
def statutory_rating(request: HttpRequest, of: ManagedContract) -> HttpResponse:
    """The period is chosen first, and the grades of it propose a rating; both stand in one address.

    That the period first shown has nothing to rate is a fact, not a mistake of whoever opens the page.
    """
    contract, ratings = of.contract, ratings_of(of.contract)
    if too_early := unrated_fault(start=contract.start, today=clock.today()):
        return render(request, "contracts/statutory_rating.html", {"contract": contract, "too_early": too_early})
    period = _period(request, contract, ratings)
    context: dict[str, Any] = {"contract": contract, "ratings": ratings, "period": period}
    if not period.is_valid():
        return render(request, "contracts/statutory_rating.html", context | {"form": period})
    span = {name: period.cleaned_data[name] for name in PERIOD}
    try:
        if request.method != "POST":
            refuse_overlap(contract, **span)
        context["proposal"] = proposal_for(contract, **span)
    except ValidationError as refused:
        if not any(name in _sent(request) for name in PERIOD):
            return render(request, "contracts/statutory_rating.html", context | {"empty": refused.messages[0]})
        period.take(refused)
        return render(request, "contracts/statutory_rating.html", context | {"form": period})
    row = next((each for each in ratings if each.to_month == span["to_month"]), None)
    if request.method == "POST":
        return _save(request, of, context | {"row": row}, span)
    form = RatingForm(initial=rating_initial(row))
    return render(request, "contracts/statutory_rating.html", context | {"row": row, "rating_form": form})


def _sent(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _period(request: HttpRequest, contract: Contract, ratings: list[StatutoryRating]) -> PeriodForm:
    sent = _sent(request)
    first, last = next_period(contract, ratings, clock.today())
    data = {
        "from_month": sent.get("from_month") or first.isoformat(),
        "to_month": sent.get("to_month") or last.isoformat(),
    }
    months = months_offered(clock.today())
    return PeriodForm(data, months=months if first in months else [*months, first])


def _save(
    request: HttpRequest, of: ManagedContract, context: dict[str, Any], span: dict[str, datetime.date]
) -> HttpResponse:
    form = RatingForm(request.POST)
    context |= {"rating_form": form, "form": form}
    if not form.is_valid():
        return render(request, "contracts/statutory_rating.html", context)
    typed: dict[str, Any] = span | {name: form.cleaned_data[name] for name in ("rating", "reason", "version")}
    try:
        row = rate_period(contract=of.contract, by=signed_in(request), **typed)
    except Conflict as conflict:
        return _show_conflict(request, context, conflict.current)
    except ValidationError as refused:
        form.take(refused)
        return render(request, "contracts/statutory_rating.html", context)
    messages.success(request, f"{row.get_rating_display()}: rated for {row.from_month:%B %Y} to {row.to_month:%B %Y}.")
    return redirect(of.contract.url_in_unit)


def _show_conflict(request: HttpRequest, context: dict[str, Any], newer: StatutoryRating | None) -> HttpResponse:
    typed = request.POST.copy()
    typed["version"] = str(newer.version if newer else 0)
    form = RatingForm(typed)
    form.is_valid()
    met = "The rating you opened is no longer there"
    if newer is not None:
        who = newer.rated_by.short_name if newer.rated_by else "The system"
        met = f"{who} rated this period {moment_words(newer.rated_at)} after you opened it"
    mine = form.cleaned_data.get("rating", "")
    compared = [
        ComparedLine("Rating", newer.get_rating_display() if newer else "", str(dict(ActRating.choices).get(mine, ""))),
        ComparedLine("Reason", newer.reason if newer else "", form.cleaned_data.get("reason", "")),
    ]
    context |= {"rating_form": form, "form": form, "met": met, "compared": compared}
    return render(request, "contracts/statutory_rating.html", context, status=409)
