"""The versions of one return."""

import datetime
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from commissioning.gate import gate
from contracts.models import Contract
from contracts.queries.sight import sees_narrative
from reporting.queries.contract_page import SameReference
from reporting.queries.versions import VersionsPage
from reporting.views.contract import load_contract


@dataclass(frozen=True)
class ReturnOf:
    contract: Contract
    month: datetime.date

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        """What commissioners wrote is for those who take part in the unit's work, not for the provider."""
        return self.contract.is_open_to(scope, permission) and sees_narrative(scope, self.contract)


def load_return(request: HttpRequest, slug: str, month: datetime.date) -> ReturnOf:
    found = load_contract(request, slug)
    if isinstance(found, SameReference):
        found = found.contracts[0]
    return ReturnOf(contract=found, month=month)


@gate(Permission.VIEW_CONTRACTS, load=load_return)
def return_versions(request: HttpRequest, of: ReturnOf) -> HttpResponse:
    page = VersionsPage(contract=of.contract, month=of.month, shows_drafts=request.GET.get("drafts") == "all")
    if not page.all:
        raise Http404("Nothing was ever saved of this return.")
    may_return = scope_of(request.user).can(Permission.RETURN_CONTRACTS, of.contract)
    return render(request, "reporting/versions.html", {"page": page, "contract": of.contract, "may_return": may_return})
