"""Saved views: keep the register or a review as it is looked at, change and remove what was kept."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.current_unit import current_unit
from commissioning.forms import show_faults
from commissioning.gate import gate
from commissioning.models import CommissioningUnit
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.queries.month_review import UnitMonth
from contracts.views.review_loading import load_month, review_url
from reporting.choices import ViewPage
from reporting.forms import ChangedViewForm, NewViewForm
from reporting.models import SavedView
from reporting.queries.saved_views import managed_views
from reporting.services.saved_views import change_view, remove_view, save_view

PLACES: Final = {ViewPage.REGISTER: "the list of contracts", ViewPage.REVIEW: "the review of every month"}


def load_view(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user).select_related("owner", "unit"), pk=pk)


@gate(Permission.VIEW_CONTRACTS)
def saved_views(request: HttpRequest) -> HttpResponse:
    unit = current_unit(request)
    return render(request, "reporting/saved_views.html", {"views": managed_views(user=request.user, unit=unit)})


@gate(Permission.VIEW_CONTRACTS)
def saved_view_add(request: HttpRequest) -> HttpResponse:
    unit = _to_share_with(request)
    return _added(request, unit, page=ViewPage.REGISTER, share_with=unit, address=reverse("register"))


@gate(Permission.REVIEW_RETURNS, load=load_month)
def review_view_add(request: HttpRequest, of: UnitMonth) -> HttpResponse:
    """Of the unit reviewed, whichever the person works in at the time; the month is left open."""
    works_there = of.unit.pk in scope_of(request.user).units_with(Permission.VIEW_CONTRACTS)
    share_with = of.unit if works_there else None
    return _added(request, of.unit, page=ViewPage.REVIEW, share_with=share_with, address=review_url(of))


def _added(
    request: HttpRequest,
    unit: CommissioningUnit | None,
    *,
    page: ViewPage,
    share_with: CommissioningUnit | None,
    address: str,
) -> HttpResponse:
    form = NewViewForm(posted(request), unit=share_with, initial={"query": request.GET.urlencode()})
    if form.is_bound and form.is_valid():
        try:
            view = _saved(form.cleaned_data, unit, page, by=signed_in(request))
        except ValidationError as error:
            show_faults(form, error)
        else:
            messages.success(request, f"The view “{view}” is saved. It stands above {PLACES[page]}.")
            return redirect(f"{address}?{view.query}")
    back = f"{address}?{form['query'].value() or ''}"
    context = {"form": form, "unit": share_with, "back": back, "page": page}
    return render(request, "reporting/saved_view_form.html", context)


def _saved(data: dict[str, Any], unit: CommissioningUnit | None, page: ViewPage, *, by: User) -> SavedView:
    return save_view(
        name=data["name"], query=data["query"], unit=unit, page=page, share=data.get("share", False), by=by
    )


def _to_share_with(request: HttpRequest) -> CommissioningUnit | None:
    """The unit that the person works in and not only looks at; None: the view is theirs alone, over all units."""
    unit = current_unit(request)
    works_in = scope_of(request.user).units_with(Permission.VIEW_CONTRACTS)
    return unit if unit is not None and unit.pk in works_in else None


@gate(Permission.VIEW_CONTRACTS, load=load_view)
def saved_view_change(request: HttpRequest, view: SavedView) -> HttpResponse:
    if view.owner_id != signed_in(request).pk:
        raise PermissionDenied("Only the person who saved a view may change it")
    kept = {"name": view.name, "share": view.is_shared, "version": view.version}
    form = ChangedViewForm(posted(request), unit=view.unit, initial=kept)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            changed = change_view(
                view=view, name=data["name"], share=data.get("share", False), version=data["version"],
                by=signed_in(request),
            )  # fmt: skip
        except ValidationError as error:
            show_faults(form, error)
        except Conflict:
            messages.error(request, "This view was changed after you opened it. Nothing was saved: look at it again.")
            return redirect("saved_view_change", pk=view.pk)
        else:
            messages.success(request, f"The view “{changed}” is changed.")
            return redirect("saved_views")
    return render(
        request, "reporting/saved_view_form.html", {"form": form, "unit": view.unit, "view": view, "page": view.page}
    )


@gate(Permission.VIEW_CONTRACTS, load=load_view)
def saved_view_remove(request: HttpRequest, view: SavedView) -> HttpResponse:
    """The owner's own, or a shared one of a unit that the person manages."""
    if not scope_of(request.user).can(Permission.MANAGE_UNIT, view):
        raise PermissionDenied("Only the person who saved a view, or who manages the unit, may remove it")
    if request.method == "POST":
        remove_view(view=view, by=signed_in(request))
        messages.success(request, f"The view “{view}” is removed.")
        return redirect("saved_views")
    return render(request, "reporting/saved_view_remove.html", {"view": view})
