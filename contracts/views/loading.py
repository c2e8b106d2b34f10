from django.http import Http404, HttpRequest

from commissioning.current_unit import current_unit
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
