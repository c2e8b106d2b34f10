"""The register page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from reporting.queries.month import NotAMonth
from reporting.queries.register_links import places_of_contracts
from reporting.queries.register_page import RegisterPage

#: (words, address, kind): the list as it is looked at, then its contracts whole, to come back by an import.
EXPORTS = (
    ("This view, Excel", "register_view_export", "xlsx"),
    ("This view, CSV", "register_view_export", "csv"),
    ("Whole register rows, to edit and import: Excel", "register_export", "xlsx"),
    ("Whole register rows, to edit and import: CSV", "register_export", "csv"),
)


@gate(Permission.VIEW_CONTRACTS)
def register(request: HttpRequest) -> HttpResponse:
    try:
        page = RegisterPage(user=request.user, unit=current_unit(request), params=request.GET)
    except NotAMonth as error:
        raise Http404("There is no return month with this name.") from error
    scope = scope_of(request.user)
    exports = [(label, f"{reverse(name, args=[kind])}?{page.query}") for label, name, kind in EXPORTS]
    context = {
        "page": page,
        "panel": page.panel,
        "places": places_of_contracts("register", scope),
        "exports": exports if scope.holds(Permission.EXPORT_CONTRACTS) and page.tally.total else [],
        "may_edit": scope.holds(Permission.EDIT_CONTRACTS),
    }
    return render(request, "reporting/register.html", context)
