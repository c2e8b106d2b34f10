"""All duties that are due on the contracts that a person looks after."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from contracts.queries.duties import duties_page
from reporting.queries.register_links import places_of_contracts


@gate(Permission.EDIT_CONTRACTS)
def duties(request: HttpRequest) -> HttpResponse:
    found = duties_page(
        request.user,
        unit=current_unit(request),
        state=request.GET.get("state", ""),
        page=request.GET.get("page", "1"),
    )
    places = places_of_contracts("duties", scope_of(request.user))
    return render(request, "reporting/duties.html", {"found": found, "places": places})
