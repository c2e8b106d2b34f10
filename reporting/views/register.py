"""The register page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.current_unit import current_unit
from commissioning.gate import gate
from reporting.queries.month import NotAMonth
from reporting.queries.register_page import RegisterPage


@gate(Permission.VIEW_CONTRACTS)
def register(request: HttpRequest) -> HttpResponse:
    try:
        page = RegisterPage(user=request.user, unit=current_unit(request), params=request.GET)
    except NotAMonth as error:
        raise Http404("There is no return month with this name.") from error
    scope = scope_of(request.user)
    exports = [
        (label, f"{reverse('register_export', args=[kind])}?{page.export_query}")
        for label, kind in (("Excel workbook", "xlsx"), ("CSV for analysis", "csv"))
    ]
    context = {
        "page": page,
        "exports": exports if scope.holds(Permission.EXPORT_CONTRACTS) and page.sums["contracts"] else [],
        "may_edit": scope.holds(Permission.EDIT_CONTRACTS),
    }
    return render(request, "reporting/register.html", context)
