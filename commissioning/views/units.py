"""The units in sight, and the one the person works in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from commissioning.current_unit import choose_unit, current_unit
from commissioning.gate import gate
from commissioning.models import CommissioningUnit
from commissioning.queries import unit_rows


@gate(Permission.VIEW_CONTRACTS)
def units(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "commissioning/units.html",
        {"rows": unit_rows(request.user), "chosen": current_unit(request), "next": request.GET.get("next", "")},
    )


@gate(Permission.VIEW_CONTRACTS)
@require_POST
def unit_choose(request: HttpRequest) -> HttpResponse:
    """Work in one unit, or in all of one's units together where no code is given."""
    code = request.POST.get("unit", "")
    unit = get_object_or_404(CommissioningUnit.objects.visible_to(request.user), code=code) if code else None
    choose_unit(request, unit)
    messages.success(request, f"You now see {unit or 'all your units'}.")
    return HttpResponseRedirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    """An address of this site from its root, else the units."""
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here and wanted.startswith("/") else reverse("units")
