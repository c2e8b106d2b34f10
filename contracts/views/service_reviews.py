"""A service review opened, changed, decided, and opened again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import clock
from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.service_reviews import DecisionForm, ReopenForm, ReviewForm
from contracts.models import ServiceReview
from contracts.services.service_reviews import (
    change_review,
    decide_sourcing,
    open_review,
    reopen_decision,
    what_is_missing,
)
from contracts.views.both import differences, typed_again
from contracts.views.loading import unit_to_add_to
from contracts.views.review_parts import load_review


@gate(Permission.EDIT_CONTRACTS)
def service_review_add(request: HttpRequest) -> HttpResponse:
    unit, units = unit_to_add_to(request)
    if unit is None:
        return render(request, "contracts/service_review_unit.html", {"units": units})
    initial = {"opened_on": clock.today(), "version": 0}
    form = ReviewForm(posted(request), user=request.user, unit=unit, also=set(), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            review = open_review(
                unit=unit,
                details=form.details(),
                contracts=form.cleaned_data["contracts"],
                by=signed_in(request),
            )
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"The review of “{review}” is open, with its five elements.")
            return redirect(review)
    return render(request, "contracts/service_review_form.html", {"form": form, "unit": unit})


@gate(Permission.EDIT_CONTRACTS, load=load_review)
def service_review_change(request: HttpRequest, review: ServiceReview) -> HttpResponse:
    form = _review_form(request, review, posted(request))
    if form.is_bound and form.is_valid():
        try:
            changed = change_review(
                review=review,
                details=form.details(),
                contracts=form.cleaned_data["contracts"],
                version=form.cleaned_data["version"],
                by=signed_in(request),
            )
        except Conflict as conflict:
            return _review_conflict(request, conflict.current, form)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"The review of “{changed}” is changed.")
            return redirect(changed)
    context = {"form": form, "unit": review.unit, "review": review}
    return render(request, "contracts/service_review_form.html", context)


def _review_form(request: HttpRequest, review: ServiceReview, data: Any) -> ReviewForm:
    initial = _kept(review) | {"lead": review.lead.name if review.lead else "", "version": review.version}
    also = {review.lead_id} if review.lead_id else set()
    return ReviewForm(data, user=request.user, unit=review.unit, also=also, initial=initial)


def _kept(review: ServiceReview) -> dict[str, Any]:
    names = ("title", "lead", "service_area", "why", "opened_on", "ends_on", "is_on_forward_plan", "planned_months")
    return {name: getattr(review, name) for name in names} | {
        "planned_options": list(review.planned_options),
        "contracts": list(review.contracts.order_by("reference")),
    }


def _review_conflict(request: HttpRequest, current: ServiceReview, form: ReviewForm) -> HttpResponse:
    again = _review_form(request, current, typed_again(request, version=current.version))
    context = {"form": again, "unit": current.unit, "review": current, "both": differences(form, _kept(current))}
    return render(request, "contracts/service_review_form.html", context | {"is_conflict": True}, status=409)


@gate(Permission.EDIT_CONTRACTS, load=load_review)
def service_review_decide(request: HttpRequest, review: ServiceReview) -> HttpResponse:
    """What the review still lacks stands above the form, and is asked about before a decision is written."""
    form = DecisionForm(posted(request), initial={"version": review.version})
    context: dict[str, Any] = {"form": form, "review": review, "missing": what_is_missing(review)}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        missing = what_is_missing(review, sourcing=data["sourcing"])
        try:
            decided = decide_sourcing(
                review=review,
                sourcing=data["sourcing"],
                on=data["decided_on"],
                words=data["decision_words"],
                version=data["version"],
                in_spite_of_gaps="confirm" in request.POST,
                by=signed_in(request),
            )
        except Conflict as conflict:
            return _decision_conflict(request, conflict.current)
        except ValidationError as refused:
            if missing and set(refused.message_dict) == {"sourcing"}:
                return render(request, "contracts/service_review_decide.html", context | {"asks": missing})
            form.take(refused)
        else:
            messages.success(request, f"Decided: {decided.get_sourcing_display().lower()}.")
            return redirect(decided)
    return render(request, "contracts/service_review_decide.html", context)


def _decision_conflict(request: HttpRequest, current: ServiceReview) -> HttpResponse:
    form = DecisionForm(typed_again(request, version=current.version))
    context = {"form": form, "review": current, "missing": what_is_missing(current), "is_conflict": True}
    return render(request, "contracts/service_review_decide.html", context, status=409)


@gate(Permission.EDIT_CONTRACTS, load=load_review)
def service_review_reopen(request: HttpRequest, review: ServiceReview) -> HttpResponse:
    typed = posted(request) if review.is_decided else None
    form = ReopenForm(typed, initial={"version": review.version})
    if form.is_bound and form.is_valid():
        try:
            reopened = reopen_decision(review=review, by=signed_in(request), **form.cleaned_data)
        except Conflict as conflict:
            messages.error(request, "Somebody changed this review after you opened it. Look at it, then reopen it.")
            return redirect(conflict.current)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"The decision on “{reopened}” is open again.")
            return redirect(reopened)
    return render(request, "contracts/service_review_reopen.html", {"form": form, "review": review})
