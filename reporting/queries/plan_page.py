"""The page of one improvement plan, and of one private performance notice, with its history."""

from typing import Any

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.rules import long_date
from contracts.choices import Concern
from contracts.models import Contract, ImprovementPlan, PerformanceNotice
from contracts.queries.managed import ManagedContract
from contracts.queries.plans import NoticeShown, PlanShown, notice_shown, plan_shown, plans_shown
from contracts.queries.sight import sees_narrative
from contracts.rules.improvement import PRIVATE_NOTICE, PUBLIC_NOTICE
from reporting.queries.history import (
    NOTICE_KIND,
    PLAN_KIND,
    STEP_KIND,
    Entry,
    Kind,
    entries_of,
    events_among,
)

ENTRIES_SHOWN = 40


class _PageOfContract:
    """What both pages ask of the person and the contract."""

    def __init__(self, user: Any, held: ManagedContract) -> None:
        scope = scope_of(user)
        self.contract: Contract = held.contract
        self.may_manage = scope.can(Permission.RETURN_CONTRACTS, held)
        self.speaks_for_provider = scope.can(Permission.SPEAK_FOR_PROVIDER, self.contract)
        self.sees_narrative = sees_narrative(scope, self.contract)

    def _history(self, *sources: tuple[Kind, Any]) -> list[Entry]:
        """Who in the unit wrote what is the unit's own to read."""
        return entries_of(events_among(sources), limit=ENTRIES_SHOWN) if self.sees_narrative else []


class PlanPage(_PageOfContract):
    def __init__(self, user: Any, held: ManagedContract, plan: ImprovementPlan) -> None:
        super().__init__(user, held)
        self.plan = plan
        self.shown: PlanShown = plan_shown(self.contract, plan)
        self.kpis = [kpi.name for kpi in plan.kpis.all()]
        self.history = self._history(
            (PLAN_KIND, PLAN_KIND.all.filter(pgh_obj_id=plan.pk)), (STEP_KIND, STEP_KIND.all.filter(plan_id=plan.pk))
        )

    @property
    def may_change(self) -> bool:
        return self.may_manage and self.shown.is_open

    @property
    def may_give_evidence(self) -> bool:
        return self.speaks_for_provider and self.shown.is_open

    @property
    def strip(self) -> list[tuple[str, str, str]]:
        plan = self.plan
        closed = ("Closed", long_date(plan.closed_on), "") if plan.closed_on else ("State", "Open", "")
        return [
            ("About", Concern(plan.concern).label, ""),
            ("Agreed", long_date(plan.agreed_on), ""),
            ("Steps", self.shown.summary, ""),
            closed,
        ]

    @property
    def actions(self) -> list[tuple[str, str]]:
        """(words, address) of what may be done with the plan beside adding a step."""
        names = (("Change the plan", "plan_change"), ("Close the plan", "plan_close"))
        return [(words, self.contract.address_in_unit(name, self.plan.pk)) for words, name in names if self.may_change]

    @property
    def add_url(self) -> str:
        return self.contract.address_in_unit("plan_step_add", self.plan.pk) if self.may_change else ""


class NoticePage(_PageOfContract):
    full_name = PRIVATE_NOTICE
    public_name = PUBLIC_NOTICE

    def __init__(self, user: Any, held: ManagedContract, notice: PerformanceNotice) -> None:
        super().__init__(user, held)
        self.notice = notice
        self.shown: NoticeShown = notice_shown(self.contract, notice)
        self.plans: list[PlanShown] = plans_shown(self.contract, notice.plans.prefetch_related("steps"))
        self.history = self._history((NOTICE_KIND, NOTICE_KIND.all.filter(pgh_obj_id=notice.pk)))

    @property
    def may_change(self) -> bool:
        return self.may_manage and self.shown.is_open

    @property
    def strip(self) -> list[tuple[str, str, str]]:
        notice = self.notice
        met = long_date(notice.met_on) if notice.met_on else "Not yet" if self.shown.is_open else "Not held"
        return [
            ("About", Concern(notice.concern).label, ""),
            ("Issued", long_date(notice.issued_on), ""),
            ("Meet by", long_date(notice.meeting_by), ""),
            ("Met", met, self._lateness),
            ("Outcome", notice.get_outcome_display() or "None yet", ""),
        ]

    @property
    def _lateness(self) -> str:
        """Said of a meeting held after its day, and of one that is still owed."""
        notice = self.notice
        if notice.met_on and notice.met_on > notice.meeting_by:
            return f"After the day it was due, {long_date(notice.meeting_by)}"
        return "Overdue" if self.shown.is_late else ""

    @property
    def main_action(self) -> tuple[str, str] | None:
        """(words, address) of the next thing to do."""
        if not self.may_change:
            return None
        words, name = ("Close the notice", "close") if self.notice.outcome else ("Record the meeting", "meeting")
        return words, self.contract.address_in_unit(f"performance_notice_{name}", self.notice.pk)

    @property
    def actions(self) -> list[tuple[str, str]]:
        if not self.may_change:
            return []
        names = [("Change the notice", "change"), *([("Change the meeting", "meeting")] if self.notice.outcome else [])]
        return [
            (words, self.contract.address_in_unit(f"performance_notice_{name}", self.notice.pk))
            for words, name in names
        ]

    @property
    def plan_url(self) -> str:
        """Where the plan that the meeting agreed is opened, while none answers the notice."""
        if not (self.may_change and self.notice.outcome == "plan") or self.plans:
            return ""
        return f"{self.contract.address_in_unit('plan_add')}&answers={self.notice.pk}"

    @property
    def duties_url(self) -> str:
        return f"{self.contract.url_in_unit}#duties" if self.sees_narrative else ""
