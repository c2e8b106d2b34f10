"""The first page after signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Permission
from commissioning.current_unit import current_unit, units_in_sight
from commissioning.gate import gate
from reporting.queries.dashboard_page import DashboardPage
from reporting.queries.links import report_url
from reporting.queries.month import NotAMonth


@gate(Permission.VIEW_CONTRACTS)
def dashboard(request: HttpRequest) -> HttpResponse:
    try:
        page = DashboardPage(
            user=request.user,
            units=units_in_sight(request),
            unit=current_unit(request),
            month_text=request.GET.get("month"),
        )
    except NotAMonth as error:
        raise Http404("There is no return month with this name.") from error
    report = report_url(page.month.month, page.unit) if page.sees_plans else ""
    return render(request, "reporting/dashboard.html", {"page": page, "report_url": report})
