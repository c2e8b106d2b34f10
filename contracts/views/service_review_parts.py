"""The elements and options of a service review."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.service_reviews import ElementForm, ReviewOptionForm
from contracts.models import ReviewElement, ReviewOption, ServiceReview
from contracts.services.review_options import add_option, change_option, recommended_beside, remove_option
from contracts.services.service_reviews import set_element
from contracts.views.both import differences, typed_again
from contracts.views.review_parts import ElementOfReview, OptionOfReview, load_element, load_option, load_review


def _to(review: ServiceReview, place: str) -> HttpResponse:
    return redirect(f"{reverse('service_review', args=[review.pk])}#{place}")


@gate(Permission.EDIT_CONTRACTS, load=load_element)
def review_element(request: HttpRequest, held: ElementOfReview) -> HttpResponse:
    form = _element_form(held, posted(request), held.element)
    if form.is_bound and form.is_valid():
        try:
            set_element(element=held.element, by=signed_in(request), **form.cleaned_data)
        except Conflict as conflict:
            current: ReviewElement = conflict.current
            again = _element_form(held, typed_again(request, version=current.version), current)
            both = differences(form, _element(current))
            return _element_page(request, held, again, status=409, both=both, is_conflict=True)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"{held.element}: saved.")
            return _to(held.review, "elements")
    return _element_page(request, held, form)


def _element(element: ReviewElement) -> dict[str, Any]:
    return {name: getattr(element, name) for name in ("state", "on", "document", "words")}


def _element_form(held: ElementOfReview, data: Any, stored: ReviewElement) -> ElementForm:
    initial = _element(stored) | {"version": stored.version}
    return ElementForm(data, documents=held.review.documents.all(), initial=initial)


def _element_page(
    request: HttpRequest, held: ElementOfReview, form: ElementForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "review": held.review, "element": held.element} | more
    return render(request, "contracts/review_element.html", context, status=status)


@gate(Permission.EDIT_CONTRACTS, load=load_review)
def review_option_add(request: HttpRequest, review: ServiceReview) -> HttpResponse:
    form = ReviewOptionForm(posted(request), initial={"version": 0})
    if form.is_bound and form.is_valid():
        moves = "confirm" in request.POST
        try:
            added = add_option(review=review, details=form.details(), moves_recommendation=moves, by=signed_in(request))
        except ValidationError as refused:
            return _refused(request, review, form, refused, option=None)
        messages.success(request, f"Option added: {added}.")
        return _to(review, "options")
    return _option_page(request, review, form)


@gate(Permission.EDIT_CONTRACTS, load=load_option)
def review_option_change(request: HttpRequest, held: OptionOfReview) -> HttpResponse:
    review, option = held.review, held.option
    form = ReviewOptionForm(posted(request), initial=_option(option) | {"version": option.version})
    if form.is_bound and form.is_valid():
        try:
            changed = change_option(
                option=option,
                details=form.details(),
                version=form.cleaned_data["version"],
                moves_recommendation="confirm" in request.POST,
                by=signed_in(request),
            )
        except Conflict as conflict:
            current: ReviewOption = conflict.current
            again = ReviewOptionForm(typed_again(request, version=current.version))
            both = differences(form, _option(current))
            return _option_page(request, review, again, status=409, option=option, both=both, is_conflict=True)
        except ValidationError as refused:
            return _refused(request, review, form, refused, option=option)
        messages.success(request, f"Option changed: {changed}.")
        return _to(review, "options")
    return _option_page(request, review, form, option=option)


def _option(option: ReviewOption) -> dict[str, Any]:
    names = ("title", "horizon", "benefits", "disbenefits", "is_recommended")
    return {name: getattr(option, name) for name in names}


def _refused(
    request: HttpRequest,
    review: ServiceReview,
    form: ReviewOptionForm,
    refused: ValidationError,
    *,
    option: ReviewOption | None,
) -> HttpResponse:
    """Where another option is recommended already, the page asks whether this one takes its place."""
    other = recommended_beside(review, horizon=form.cleaned_data["horizon"], option=option)
    if other is not None and set(refused.message_dict) == {"is_recommended"}:
        return _option_page(request, review, form, option=option, other=other)
    form.take(refused)
    return _option_page(request, review, form, option=option)


def _option_page(
    request: HttpRequest, review: ServiceReview, form: ReviewOptionForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, "contracts/review_option.html", {"form": form, "review": review} | more, status=status)


@gate(Permission.EDIT_CONTRACTS, load=load_option)
def review_option_remove(request: HttpRequest, held: OptionOfReview) -> HttpResponse:
    if request.method == "POST":
        remove_option(option=held.option, by=signed_in(request))
        messages.success(request, f"Option removed: {held.option}.")
        return _to(held.review, "options")
    return render(request, "contracts/review_option_remove.html", {"review": held.review, "option": held.option})
