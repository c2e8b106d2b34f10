"""The KPIs of a contract: listed, added, changed, put in order; one of them with its targets and readings."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.kpis import KpiForm, NewKpiForm, initial_of
from contracts.models import Contract
from contracts.queries.kpi_list import kpi_list, kpi_page
from contracts.queries.managed import ManagedContract
from contracts.rules.returns import month_start, month_to_return
from contracts.services.kpis import add_kpi, change_kpi, move_kpi
from contracts.views.kpi_loading import ManagedKpi, ReportedContract, load_kpi, load_reported
from contracts.views.loading import load_managed


@gate(Permission.VIEW_CONTRACTS, load=load_reported)
def kpis(request: HttpRequest, of: ReportedContract) -> HttpResponse:
    """Everything that is or was measured of the contract, for whoever sees it."""
    scope = scope_of(request.user)
    context = {
        "page": kpi_list(of.contract),
        "contract": of.contract,
        "may_manage": scope.can(Permission.RETURN_CONTRACTS, of.of),
        "may_report": scope.can(Permission.RETURN_CONTRACTS, of),
    }
    return render(request, "contracts/kpis.html", context)


@gate(Permission.VIEW_CONTRACTS, load=load_kpi)
def kpi(request: HttpRequest, of: ManagedKpi) -> HttpResponse:
    context = {
        "page": kpi_page(of.kpi, year=request.GET.get("year", "")),
        "kpi": of.kpi,
        "contract": of.contract,
        "may_manage": scope_of(request.user).can(Permission.RETURN_CONTRACTS, of),
    }
    return render(request, "contracts/kpi.html", context)


def _first_month(contract: Contract) -> datetime.date:
    """What is proposed: the month to return now, or the one in which the contract starts if that lies ahead."""
    now = month_to_return(clock.today())
    return max(now, month_start(contract.start)) if contract.start else now


@gate(Permission.RETURN_CONTRACTS, load=load_managed)
def kpi_add(request: HttpRequest, of: ManagedContract) -> HttpResponse:
    form = NewKpiForm(posted(request), contract=of.contract, initial={"first_month": _first_month(of.contract)})
    if form.is_bound and form.is_valid():
        try:
            added = add_kpi(contract=of.contract, details=form.details(), target=form.figures(), by=signed_in(request))
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"KPI added: {added.name}.")
            return redirect(of.contract.address_in_unit("kpis"))
    return render(request, "contracts/kpi_form.html", {"form": form, "contract": of.contract})


@gate(Permission.RETURN_CONTRACTS, load=load_kpi)
def kpi_change(request: HttpRequest, of: ManagedKpi) -> HttpResponse:
    form = KpiForm(posted(request), contract=of.contract, initial=initial_of(of.kpi))
    context: dict[str, Any] = {"form": form, "contract": of.contract, "kpi": of.kpi}
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            change_kpi(kpi=of.kpi, details=form.details(), version=version, by=signed_in(request))
        except Conflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current.version)
            context |= {
                "form": KpiForm(typed, contract=of.contract),
                "newer": kpi_page(conflict.current, year="").listed,
            }
            return render(request, "contracts/kpi_form.html", context, status=409)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"KPI changed: {form.cleaned_data['name']}.")
            return redirect(of.contract.address_in_unit("kpi", of.kpi.pk))
    return render(request, "contracts/kpi_form.html", context)


@gate(Permission.RETURN_CONTRACTS, load=load_kpi)
@require_POST
def kpi_move(request: HttpRequest, of: ManagedKpi) -> HttpResponse:
    try:
        move_kpi(kpi=of.kpi, is_up=request.POST.get("way") == "up", by=signed_in(request))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(of.contract.address_in_unit("kpis"))
