"""What a stock register would be: Django's change list with django-guardian deciding row by row who sees what.

Written as its documentation shows it, and as well as it can be without leaving the stock parts: the person's rows by
``get_objects_for_user``, fifty a page by their end, what a row shows fetched with it. It has the columns of our
register but the history drawn as a line, six of the filters, and no counts beside them.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from guardian.admin import GuardedModelAdmin
from guardian.shortcuts import get_objects_for_user

from accounts import clock
from accounts.permissions import Permission
from contracts.models import Contract, MonthlyReturn
from contracts.rules.returns import month_to_return


class StockSite(admin.AdminSite):
    """For the people whose pages are measured, who are no staff."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated


class StockContracts(GuardedModelAdmin):
    list_display = [
        "title",
        "providers_shown",
        "service_area",
        "annual_value",
        "effective_end",
        "risk_shown",
        "jet_shown",
        "officer",
    ]
    list_select_related = ["service_area", "officer"]
    list_filter = ["management", "procurement_regime", "procurement_route", "is_restricted", "start", "effective_end"]
    search_fields = ["title", "reference", "description"]
    list_per_page = 50
    ordering = ["effective_end", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contract]:
        month = month_to_return(clock.today())
        returned = MonthlyReturn.objects.that_count().filter(month=month)
        may_see = f"contracts.{Permission.VIEW_CONTRACTS}"
        seen: QuerySet[Contract] = get_objects_for_user(request.user, may_see, accept_global_perms=False)
        rows = seen.prefetch_related("providers", Prefetch("returns", returned, "returns_shown"))
        return rows.order_by(*self.ordering)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the list; which rows is guardian's to say."""
        return True

    @admin.display(description="Providers")
    def providers_shown(self, contract: Contract) -> str:
        return ", ".join(provider.name for provider in contract.providers.all())

    @admin.display(description="Risk")
    def risk_shown(self, contract: Any) -> str:
        return contract.returns_shown[0].get_risk_display() if contract.returns_shown else ""

    @admin.display(description="JET")
    def jet_shown(self, contract: Any) -> int | None:
        return contract.returns_shown[0].jet_score if contract.returns_shown else None


stock_site = StockSite(name="stock")
stock_site.register(Contract, StockContracts)
