"""The service's own addresses, and beside them what its pages are measured against."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from accounts.permissions import Permission
from bench.stock import stock_site
from commissioning.gate import gate
from config.urls import urlpatterns as of_the_service


@gate(Permission.SIGNED_IN)
def empty(request: HttpRequest) -> HttpResponse:
    """What every page costs before it shows anything: the session, the Scope, the frame with its navigation."""
    return render(request, "bench/empty.html")


urlpatterns = [
    *of_the_service,
    path("bench/empty/", empty, name="bench_empty"),
    path("bench/stock/", stock_site.urls),
]
