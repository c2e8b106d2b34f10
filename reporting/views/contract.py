"""The page of one contract."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from contracts.models import Contract
from reporting.queries.contract_page import ContractPage, SameReference, contracts_at
from reporting.queries.month import NotAMonth


def load_contract(request: HttpRequest, slug: str) -> Contract | SameReference:
    """The contract of the unit that the address names, else of the current one; several are shown to choose from."""
    found = contracts_at(request.user, slug)
    if code := request.GET.get("unit"):
        found = [contract for contract in found if contract.unit.code == code]
    unit = current_unit(request)
    here = [contract for contract in found if unit is not None and contract.unit_id == unit.pk]
    found = here or found
    if not found:
        raise Http404("There is no contract with this reference that you may see.")
    return found[0] if len(found) == 1 else SameReference(tuple(found))


@gate(Permission.VIEW_CONTRACTS, load=load_contract)
def contract(request: HttpRequest, found: Contract | SameReference) -> HttpResponse:
    if isinstance(found, SameReference):
        return render(request, "reporting/contract_choose.html", {"contracts": found.contracts})
    try:
        page = ContractPage(user=request.user, contract=found, month_text=request.GET.get("month"))
    except NotAMonth as error:
        raise Http404("There is no return month with this name.") from error
    return render(request, "reporting/contract.html", {"page": page, "contract": page.contract})
