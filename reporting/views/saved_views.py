"""Saved views: keep the register as it is looked at, change and remove what was kept."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.current_unit import current_unit
from commissioning.forms import show_faults
from commissioning.gate import gate
from commissioning.models import CommissioningUnit
from commissioning.views.signed_in import posted, signed_in
from contracts.services.conflict import Conflict
from reporting.forms import ChangedViewForm, NewViewForm
from reporting.models import SavedView
from reporting.queries.saved_views import managed_views
from reporting.services.saved_views import change_view, remove_view, save_view


def load_view(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user).select_related("owner", "unit"), pk=pk)


@gate(Permission.VIEW_CONTRACTS)
def saved_views(request: HttpRequest) -> HttpResponse:
    unit = current_unit(request)
    return render(request, "reporting/saved_views.html", {"views": managed_views(user=request.user, unit=unit)})


@gate(Permission.VIEW_CONTRACTS)
def saved_view_add(request: HttpRequest) -> HttpResponse:
    unit = _to_share_with(request)
    form = NewViewForm(posted(request), unit=unit, initial={"query": request.GET.urlencode()})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            view = save_view(
                name=data["name"], query=data["query"], unit=unit, share=data.get("share", False), by=signed_in(request)
            )
        except ValidationError as error:
            show_faults(form, error)
        else:
            messages.success(request, f"The view “{view}” is saved. It stands above the list of contracts.")
            return redirect(f"{reverse('register')}?{view.query}")
    back = f"{reverse('register')}?{form['query'].value() or ''}"
    return render(request, "reporting/saved_view_form.html", {"form": form, "unit": unit, "back": back})


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
    return render(request, "reporting/saved_view_form.html", {"form": form, "unit": view.unit, "view": view})


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
