"""The first page: the dashboard for who may see contracts, else the first place the person may go."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.gate import gate
from config.context import navigation
from reporting.views.dashboard import dashboard


@gate(Permission.SIGNED_IN)
def front_page(request: HttpRequest) -> HttpResponseBase:
    scope = scope_of(request.user)
    if scope.holds(Permission.VIEW_CONTRACTS):
        return dashboard(request)
    places = navigation(request.path, scope)
    if places:
        return redirect(places[0][1])
    return render(request, "accounts/no_role.html", status=403)
