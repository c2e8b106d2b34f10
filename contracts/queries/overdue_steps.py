"""Steps of improvement plans that are overdue, in sets: for a unit's review, the dashboard, a list of contracts."""

import datetime
from dataclasses import dataclass
from typing import Any

from accounts import clock
from accounts.permissions import Permission
from commissioning.models import CommissioningUnit
from contracts.models import PlanStep
from contracts.models.contract import ContractQuerySet
from contracts.models.improvement import PlanStepQuerySet
from contracts.rules.improvement import due_words


@dataclass(frozen=True)
class OverdueStep:
    """A step with its plan and contract, and how late it was on the day asked about."""

    step: PlanStep
    day: datetime.date

    @property
    def contract_id(self) -> int:
        return self.step.contract_id

    @property
    def words(self) -> str:
        """«4 days late»"""
        return due_words(self.step.due_on, day=self.day)

    @property
    def plan_url(self) -> str:
        return self.step.contract.address_in_unit("plan", self.step.plan_id)


def overdue_on(
    user: Any, day: datetime.date, *, permission: Permission = Permission.VIEW_CONTRACTS
) -> PlanStepQuerySet:
    """In sight, and overdue on the day."""
    seen = PlanStep.objects.visible_to(user, permission)
    return seen.overdue_now(day) if day >= clock.today() else seen.overdue_on(day)  # type: ignore[attr-defined]


def overdue_steps(
    user: Any,
    *,
    day: datetime.date,
    unit: CommissioningUnit | None = None,
    permission: Permission = Permission.VIEW_CONTRACTS,
    among: ContractQuerySet | None = None,
) -> list[OverdueStep]:
    """Longest overdue first; one query. ``among``: of these contracts alone."""
    found = overdue_on(user, day, permission=permission)
    if among is not None:
        found = found.filter(contract__in=among.order_by().values("pk"))
    if unit is not None:
        found = found.filter(contract__unit=unit)
    ordered = found.select_related("plan", "contract__unit").order_by("due_on", "contract__title", "position", "pk")
    return [OverdueStep(step, day) for step in ordered]
