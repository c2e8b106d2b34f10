"""Which plan, step or private notice an address names, with whether the contract is the person's own to manage.

Each has a number of its own, so that no address is doubtful where two units use one reference.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.permissions import Permission
from commissioning.access import Scope
from contracts.models import Contract, ImprovementPlan, PerformanceNotice, PlanStep
from contracts.queries.managed import ManagedContract, managed

Row = TypeVar("Row")


@dataclass(frozen=True)
class Held(Generic[Row]):
    """Something that hangs on a contract: open to whoever may do this to the contract."""

    managed: ManagedContract
    row: Row

    @property
    def contract(self) -> Contract:
        return self.managed.contract

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.managed.is_open_to(scope, permission)


def _held(request: HttpRequest, rows: QuerySet[Any], slug: str, pk: int) -> Held[Any]:
    row = get_object_or_404(rows.filter(contract__slug=slug).select_related("contract__unit"), pk=pk)
    return Held(managed(request.user, row.contract), row)


def load_plan(request: HttpRequest, slug: str, pk: int) -> Held[ImprovementPlan]:
    rows = ImprovementPlan.objects.visible_to(request.user).select_related("condition_of", "answers")
    return _held(request, rows, slug, pk)


def load_step(request: HttpRequest, slug: str, pk: int, step: int) -> Held[PlanStep]:
    rows = PlanStep.objects.visible_to(request.user).filter(plan=pk).select_related("plan")
    return _held(request, rows, slug, step)


def load_notice(request: HttpRequest, slug: str, pk: int) -> Held[PerformanceNotice]:
    return _held(request, PerformanceNotice.objects.visible_to(request.user), slug, pk)
