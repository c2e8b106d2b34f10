"""Improvement plans and private notices as every page shows them: steps with their standing, what a plan is for."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db.models import BigIntegerField, Prefetch

from accounts import clock
from commissioning.rules import long_date
from contracts.choices import NoticeOutcome, StepState
from contracts.models import Contract, ExtensionOption, ImprovementPlan, PerformanceNotice, PlanStep
from contracts.queries.built_once import Given, Prepared
from contracts.rules.improvement import StepStanding, due_words, plan_summary, step_standing


@dataclass(frozen=True)
class StepShown:
    step: PlanStep
    standing: StepStanding

    @property
    def is_overdue(self) -> bool:
        return self.step.due_on < clock.today() and not self.standing.is_done

    @property
    def evidence(self) -> list[str]:
        """A paragraph for each time that something was added."""
        return self.step.evidence.splitlines()


@dataclass(frozen=True)
class PlanShown:
    plan: ImprovementPlan
    contract: Contract
    day: datetime.date

    @cached_property
    def steps(self) -> list[StepShown]:
        return [StepShown(step, _standing(step, self.plan, self.day)) for step in self.plan.steps.all()]

    @property
    def is_open(self) -> bool:
        return self.plan.closed_on is None

    @property
    def has_undone(self) -> bool:
        return not all(shown.standing.is_done for shown in self.steps)

    @property
    def summary(self) -> str:
        return plan_summary([shown.standing for shown in self.steps])

    @property
    def head_words(self) -> str:
        """«Agreed 14 March 2014. 1 of 5 done, 1 late.»"""
        closed = f" Closed {long_date(self.plan.closed_on)}." if self.plan.closed_on else ""
        return f"Agreed {long_date(self.plan.agreed_on)}. {self.summary}.{closed}"

    @property
    def url(self) -> str:
        return self.contract.address_in_unit("plan", self.plan.pk)

    @property
    def condition_words(self) -> str:
        """«Condition of extending the contract by option 1, 12 months»"""
        option = self.plan.condition_of
        return f"Condition of extending the contract by {option_words(option)}" if option else ""

    @property
    def answered(self) -> "NoticeShown | None":
        notice = self.plan.answers
        return NoticeShown(notice, self.contract, self.day) if notice else None


def _standing(step: PlanStep, plan: ImprovementPlan, day: datetime.date) -> StepStanding:
    """Of a closed plan as on the day it closed: nothing grows late after that."""
    return step_standing(step.state, step.due_on, day=min(filter(None, [day, plan.closed_on])))


@dataclass(frozen=True)
class NoticeShown:
    notice: PerformanceNotice
    contract: Contract
    day: datetime.date

    @property
    def url(self) -> str:
        return self.contract.address_in_unit("performance_notice", self.notice.pk)

    @property
    def is_open(self) -> bool:
        return self.notice.closed_on is None

    @property
    def short_name(self) -> str:
        """Where the full name of the notice stands above it."""
        return f"{self.notice.get_concern_display()}, issued {long_date(self.notice.issued_on)}"

    @property
    def is_late(self) -> bool:
        """The meeting is owed: not held in time, and nothing withdrawn."""
        notice = self.notice
        return self.is_open and not notice.outcome and notice.meeting_by < self.day

    @property
    def state(self) -> str:
        notice = self.notice
        if notice.closed_on:
            return f"Closed {long_date(notice.closed_on)}"
        if notice.outcome:
            return self.outcome_words
        return f"Meet by {long_date(notice.meeting_by)}, {due_words(notice.meeting_by, day=self.day)}"

    @property
    def outcome_words(self) -> str:
        """«Remedial action plan, agreed on 20 March 2014»; empty before the meeting."""
        notice = self.notice
        if not notice.outcome:
            return ""
        label = NoticeOutcome(notice.outcome).label
        return f"{label}, agreed on {long_date(notice.met_on)}" if notice.met_on else label


def option_words(option: ExtensionOption) -> str:
    """«option 1, 12 months», «12 months outside its options»"""
    if option.is_outside:
        return f"{option.months} months outside its options"
    return f"option {option.position}, {option.months} months"


def plans_shown(contract: Contract, plans: Iterable[ImprovementPlan]) -> list[PlanShown]:
    return [PlanShown(plan, contract, clock.today()) for plan in plans]


_CONTRACT: Final = Given("contract", BigIntegerField())
PLANS: Final = Prepared(
    lambda: (
        ImprovementPlan.objects.filter(contract_id=_CONTRACT)
        .select_related("condition_of", "answers")
        .prefetch_related(_steps())
    )
)
NOTICES: Final = Prepared(lambda: PerformanceNotice.objects.filter(contract_id=_CONTRACT))
_OPEN_STEPS: Final = Prepared(
    lambda: (
        PlanStep.objects.filter(contract_id=_CONTRACT, plan__closed_on=None)
        .exclude(state=StepState.DONE)
        .select_related("plan")
        .order_by("due_on", "pk")
    )
)


def plan_shown(contract: Contract, plan: ImprovementPlan) -> PlanShown:
    return PlanShown(plan, contract, clock.today())


def notice_shown(contract: Contract, notice: PerformanceNotice) -> NoticeShown:
    return NoticeShown(notice, contract, clock.today())


def open_steps(contract: Contract) -> list[StepShown]:
    """Of its open plans the steps that are not done, soonest due first; one query."""
    found = _OPEN_STEPS.rows(contract=contract.pk)
    return [StepShown(step, _standing(step, step.plan, clock.today())) for step in found]


def _steps() -> Prefetch:
    return Prefetch("steps", queryset=PlanStep.objects.order_by("position", "pk"))
