"""What a KPI should reach from a month on, and the month with which it is closed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.permissions import Permission
from commissioning.gate import gate
from commissioning.services.conflict import Conflict
from commissioning.views.signed_in import posted, signed_in
from contracts.forms.kpis import CloseKpiForm, TargetForm, initial_of_target
from contracts.queries.kpi_list import kpi_page
from contracts.rules.returns import month_to_return
from contracts.services.kpis import close_kpi, reopen_kpi, set_target
from contracts.views.kpi_loading import ManagedKpi, load_kpi


@gate(Permission.RETURN_CONTRACTS, load=load_kpi)
def kpi_target(request: HttpRequest, of: ManagedKpi) -> HttpResponse:
    targets = list(of.kpi.targets.all())
    initial = initial_of_target(targets[-1] if targets else None)
    if not targets:
        initial["from_month"] = of.kpi.first_month
    form = TargetForm(posted(request), initial=initial, kpi=of.kpi, has_target=bool(targets))
    if form.is_bound and form.is_valid():
        figures = form.figures()
        try:
            if figures is not None:
                data = form.cleaned_data
                set_target(
                    kpi=of.kpi,
                    from_month=data["from_month"],
                    target=figures,
                    reason=data["reason"],
                    by=signed_in(request),
                )
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"Target set from {form.cleaned_data['from_month']:%B %Y}: {of.kpi.name}.")
            return redirect(of.contract.address_in_unit("kpi", of.kpi.pk))
    context = {"form": form, "kpi": of.kpi, "contract": of.contract, "page": kpi_page(of.kpi, year="")}
    return render(request, "contracts/kpi_target.html", context)


@gate(Permission.RETURN_CONTRACTS, load=load_kpi)
def kpi_close(request: HttpRequest, of: ManagedKpi) -> HttpResponse:
    initial = {
        "version": of.kpi.version,
        "last_month": of.kpi.last_month or month_to_return(clock.today()),
        "reason": of.kpi.closing_reason,
    }
    form = CloseKpiForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            closed = close_kpi(kpi=of.kpi, by=signed_in(request), **form.cleaned_data)
        except Conflict as conflict:
            typed = request.POST.copy()
            typed["version"] = str(conflict.current.version)
            context = {"form": CloseKpiForm(typed), "kpi": conflict.current, "contract": of.contract, "is_newer": True}
            return render(request, "contracts/kpi_close.html", context, status=409)
        except ValidationError as refused:
            form.take(refused)
        else:
            messages.success(request, f"Closed with {closed.last_month:%B %Y}: {closed.name}.")
            return redirect(of.contract.address_in_unit("kpis"))
    return render(request, "contracts/kpi_close.html", {"form": form, "kpi": of.kpi, "contract": of.contract})


@gate(Permission.RETURN_CONTRACTS, load=load_kpi)
@require_POST
def kpi_reopen(request: HttpRequest, of: ManagedKpi) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        reopen_kpi(kpi=of.kpi, version=int(version) if version.isdecimal() else 0, by=signed_in(request))
    except Conflict:
        messages.warning(request, "Somebody changed this KPI after you opened it. Look at it again first.")
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, f"Measured again: {of.kpi.name}.")
    return redirect(of.contract.address_in_unit("kpi", of.kpi.pk))
