"""How a page about one return finds it, and its address."""

import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from commissioning.current_unit import current_unit
from contracts.queries.monthly_return import ContractMonth, contract_month


def load_return(request: HttpRequest, *, month: datetime.date, slug: str) -> ContractMonth:
    """The address's contract in sight; a post says by its own number which one its page showed."""
    found = contract_month(
        request.user,
        month=month,
        slug=slug,
        unit=current_unit(request),
        unit_code=request.GET.get("unit", ""),
        contract_pk=request.POST.get("contract", ""),
    )
    if found is None:
        raise Http404("No such contract.")
    return found


def return_address(month: datetime.date, slug: str, unit_code: str) -> str:
    return reverse("return", args=[month, slug]) + f"?{urlencode({'unit': unit_code})}"
