from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.permissions import Permission
from commissioning.current_unit import current_unit
from commissioning.models import CommissioningUnit
from contracts.models import Contract
from contracts.queries.managed import ManagedContract, managed


def load_contract(request: HttpRequest, slug: str) -> Contract:
    """The contract in sight at this address.

    Two units may use one reference: then the form's own contract decides, else the unit that the address
    names, else the unit the person works in.
    """
    found = list(
        Contract.objects.visible_to(request.user).filter(slug=slug).select_related("unit").order_by("unit__name", "pk")
    )
    if own := request.POST.get("contract"):
        found = [contract for contract in found if str(contract.pk) == own]
    if code := request.GET.get("unit"):
        found = [contract for contract in found if contract.unit.code == code]
    if not found:
        raise Http404("No such contract.")
    unit = current_unit(request)
    return next((contract for contract in found if unit and contract.unit_id == unit.pk), found[0])


def load_managed(request: HttpRequest, slug: str) -> ManagedContract:
    """The same with whether it is the person's own, for what its own people may change."""
    return managed(request.user, load_contract(request, slug))


def unit_to_add_to(request: HttpRequest) -> tuple[CommissioningUnit | None, list[CommissioningUnit]]:
    """The unit the address or the form names, the unit one works in, or the only one; else those to choose from."""
    may = CommissioningUnit.objects.visible_to(request.user, Permission.EDIT_CONTRACTS)
    if code := request.POST.get("unit") or request.GET.get("unit"):
        return get_object_or_404(may, code=code), []
    units = list(may)
    chosen = current_unit(request)
    if chosen in units:
        return chosen, units
    return (units[0], units) if len(units) == 1 else (None, units)
