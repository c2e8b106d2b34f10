"""The providers in sight: the list, the list as a file, and one provider."""

from dataclasses import dataclass
from typing import IO

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from commissioning.models import Organisation
from contracts.register_files.tables import write_table
from contracts.register_files.writing import CONTENT_TYPES
from reporting.queries.provider_page import ProviderPage, contracts_of
from reporting.queries.providers import HEADINGS, ProvidersExport, ProvidersPage
from reporting.queries.register_links import places_of_contracts
from reporting.views.export import file_answer


@gate(Permission.VIEW_CONTRACTS)
def providers(request: HttpRequest) -> HttpResponse:
    page = ProvidersPage(user=request.user, unit=current_unit(request), params=request.GET)
    exports = [
        (label, f"{reverse('providers_export', args=[fmt])}?{page.query}")
        for label, fmt in (("Excel", "xlsx"), ("CSV", "csv"))
    ]
    context = {
        "page": page,
        "places": places_of_contracts("providers", scope_of(request.user)),
        "exports": exports if page.may_export else [],
    }
    return render(request, "reporting/providers.html", context)


@gate(Permission.EXPORT_CONTRACTS)
def providers_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """Exactly what the page with the same address lists, of the contracts that the person may export."""
    if fmt not in CONTENT_TYPES:
        raise Http404("Providers are exported as .xlsx or .csv.")
    unit = current_unit(request)
    export = ProvidersExport(user=request.user, unit=unit, params=request.GET)
    address = request.build_absolute_uri(f"{reverse('providers')}?{request.GET.urlencode()}")
    name = f"providers-{unit.code if unit else 'all-units'}-{clock.today().isoformat()}.{fmt}"

    def write(stream: IO[bytes]) -> None:
        write_table(HEADINGS, export.rows(), fmt, stream, sheet="Providers", about=export.about(address=address))

    return file_answer(request, write, name=name, fmt=fmt, what="list")


@dataclass(frozen=True)
class ProviderInSight:
    """An organisation with a contract in the person's sight, which is all that reading asks for."""

    organisation: Organisation

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return scope.holds(permission)


def load_provider(request: HttpRequest, pk: int) -> ProviderInSight:
    """One with hidden contracts alone does not exist for the person."""
    if not contracts_of(request.user, pk).exists():
        raise Http404("There is no provider of a contract that you may see at this address.")
    return ProviderInSight(get_object_or_404(Organisation, pk=pk))


@gate(Permission.VIEW_CONTRACTS, load=load_provider)
def provider(request: HttpRequest, found: ProviderInSight) -> HttpResponse:
    page = ProviderPage(user=request.user, organisation=found.organisation)
    return render(request, "reporting/provider.html", {"page": page, "provider": found.organisation})
