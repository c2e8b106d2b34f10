"""Improvement on the page of a contract: its plans, its private notices, and what the monthly review asked for."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import BigIntegerField

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from contracts.models import Contract, ImprovementPlan, PerformanceNotice, ReviewAction
from contracts.queries.built_once import Given, Prepared, naming
from contracts.queries.managed import may_manage
from contracts.queries.plans import NoticeShown, PlanShown, notice_shown, plans_shown
from contracts.queries.sight import sees_narrative
from contracts.rules.improvement import PRIVATE_NOTICE, PUBLIC_NOTICE
from reporting.queries.words import month_and_year

ASKED: Final = Prepared(
    lambda: naming(ReviewAction.objects.open().filter(contract_id=Given("contract", BigIntegerField())), "provider")
)


@dataclass(frozen=True)
class AskedAction:
    """What a monthly review asked for and is still open; not a step of any plan."""

    action: ReviewAction
    is_late: bool


class PlansOfContract:
    """``asked`` is what the unit's review asked for, handed in for who reads it."""

    private_name = PRIVATE_NOTICE
    public_name = PUBLIC_NOTICE

    def __init__(
        self,
        *,
        user: Any,
        contract: Contract,
        plans: Iterable[ImprovementPlan],
        notices: Iterable[PerformanceNotice],
        asked: Iterable[ReviewAction] = (),
    ) -> None:
        self.contract = contract
        self.may_manage = may_manage(user, contract)
        self.speaks_for_provider = scope_of(user).can(Permission.SPEAK_FOR_PROVIDER, contract)
        self.sees_narrative = sees_narrative(scope_of(user), contract)
        self.plans: list[PlanShown] = plans_shown(contract, plans)
        self.notices: list[NoticeShown] = [notice_shown(contract, notice) for notice in notices]
        today = clock.today()
        self.asked = [AskedAction(action, bool(action.due_on and action.due_on < today)) for action in asked]

    @cached_property
    def open(self) -> list[PlanShown]:
        return [plan for plan in self.plans if plan.is_open]

    @property
    def newest_closed(self) -> PlanShown | None:
        return max((plan for plan in self.plans if not plan.is_open), key=_closed_on, default=None)

    @property
    def older_closed(self) -> list[PlanShown]:
        """Only named: each has a page of its own."""
        return [plan for plan in self.plans if not plan.is_open and plan is not self.newest_closed]

    @property
    def is_shown(self) -> bool:
        """Where there is nothing, only who may open a plan is told so."""
        return bool(self.plans or self.notices or self.asked or self.may_manage)

    @property
    def add_url(self) -> str:
        return self.contract.address_in_unit("plan_add") if self.may_manage else ""

    @property
    def notice_url(self) -> str:
        return self.contract.address_in_unit("performance_notice_add") if self.may_manage else ""

    @property
    def duties_url(self) -> str:
        """Where the public notice of the same name is kept; not for the provider."""
        return f"{self.contract.url_in_unit}#duties" if self.sees_narrative else ""

    def chart_note(self, months: list[datetime.date]) -> dict[datetime.date, str]:
        """The month in which the newest plan was agreed, for the chart of JET grades."""
        agreed = sorted(plan.plan.agreed_on.replace(day=1) for plan in self.plans)
        shown = [month for month in agreed if month in months]
        return {shown[-1]: "Improvement plan agreed"} if shown else {}

    def chart_words(self, months: list[datetime.date]) -> str:
        """The same for who does not see the chart."""
        return "".join(f" {words} in {month_and_year(month)}." for month, words in self.chart_note(months).items())


def _closed_on(plan: PlanShown) -> tuple[datetime.date, int]:
    return plan.plan.closed_on or datetime.date.min, plan.plan.pk
