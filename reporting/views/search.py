"""The search, where the box of the header leads."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts.permissions import Permission
from commissioning.current_unit import current_unit, units_in_sight
from commissioning.gate import gate
from reporting.queries.search import Search, named_contract


@gate(Permission.VIEW_CONTRACTS)
def search(request: HttpRequest) -> HttpResponse:
    """What is found; straight to the contract where its whole reference was typed."""
    text = request.GET.get("q", "")
    if contract := named_contract(request.user, text):
        return HttpResponseRedirect(contract.url_in_unit)
    found = Search(
        user=request.user,
        units=units_in_sight(request),
        unit=current_unit(request),
        text=text,
        page=request.GET.get("page"),
    )
    return render(request, "reporting/search.html", {"search": found, "searched_for": found.typed.text})
