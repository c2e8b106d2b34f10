"""Which unit's review of which month an address names."""

import datetime
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.models import CommissioningUnit
from contracts.models import Contract, ReviewAction
from contracts.queries.month_review import UnitMonth
from contracts.rules.returns import month_to_return
from contracts.templatetags.marks import monthname


def load_unit(request: HttpRequest, code: str) -> CommissioningUnit:
    return get_object_or_404(CommissioningUnit.objects.visible_to(request.user).select_related("host"), code=code)


def load_any_month(request: HttpRequest, *, month: datetime.date, code: str) -> UnitMonth:
    """A month that is not over, too: closing it says why it cannot be closed."""
    return UnitMonth(load_unit(request, code), month)


def load_month(request: HttpRequest, *, month: datetime.date, code: str) -> UnitMonth:
    if month > month_to_return(clock.today()):
        raise Http404(f"{monthname(month)} is not over.")
    return load_any_month(request, month=month, code=code)


@dataclass(frozen=True)
class ContractUnderReview:
    of: UnitMonth
    contract: Contract

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.contract.is_open_to(scope, permission)


def load_contract_under_review(
    request: HttpRequest, *, month: datetime.date, code: str, pk: int
) -> ContractUnderReview:
    of = load_month(request, month=month, code=code)
    contracts = Contract.objects.visible_to(request.user).filter(unit=of.unit).select_related("unit")
    return ContractUnderReview(of, get_object_or_404(contracts, pk=pk))


@dataclass(frozen=True)
class ActionUnderReview:
    of: UnitMonth
    action: ReviewAction

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.action.contract.is_open_to(scope, permission)


def load_action(request: HttpRequest, *, month: datetime.date, code: str, pk: int) -> ActionUnderReview:
    of = load_month(request, month=month, code=code)
    actions = (
        ReviewAction.objects.visible_to(request.user).filter(contract__unit=of.unit).select_related("contract__unit")
    )
    return ActionUnderReview(of, get_object_or_404(actions, pk=pk))


def review_url(of: UnitMonth, anchor: str = "", *, query: str = "") -> str:
    address = reverse("month_review", args=[of.month, of.unit.code])
    return f"{address}{f'?{query}' if query else ''}{f'#{anchor}' if anchor else ''}"


def to_review(request: HttpRequest, of: UnitMonth, anchor: str = "") -> HttpResponseRedirect:
    """Back to the review with the filter and sort that the address of this page carries along."""
    return HttpResponseRedirect(review_url(of, anchor, query=request.GET.urlencode()))
