"""Improvement plans, their steps, and the private performance notices that may ask for one."""

import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commissioning.models.history import read_newest_first
from contracts.choices import Concern, NoticeOutcome, StepState
from contracts.models.contract import Contract
from contracts.models.kpi import Kpi
from contracts.models.of_contract import OfContractQuerySet
from contracts.models.term import ExtensionOption


@pghistory.track(meta=read_newest_first())
class PerformanceNotice(models.Model):
    """A «contract performance notice» under general condition 9 of the NHS Standard Contract: a private letter.

    Not the public «contract performance notice» of the Procurement Act 2023, which is a duty of its own.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="performance_notices")
    concern = models.CharField(max_length=20, choices=Concern)
    words = models.TextField("what has failed", max_length=2_000)
    issued_on = models.DateField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    meeting_by = models.DateField("meet by", help_text="Ten operational days after the notice, unless agreed.")
    met_on = models.DateField("met on", null=True, blank=True)
    outcome = models.CharField(max_length=15, choices=NoticeOutcome, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closing_words = models.TextField(blank=True, max_length=1_000)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="performance_notice_days_in_order",
                condition=Q(meeting_by__gte=F("issued_on"))
                & (Q(met_on=None) | Q(met_on__gte=F("issued_on")))
                & (Q(closed_on=None) | Q(closed_on__gte=F("issued_on"))),
                violation_error_message="A day after the notice cannot be before it was issued.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.get_concern_display()}, {self.issued_on:%d %B %Y}"


@pghistory.track(meta=read_newest_first())
class ImprovementPlan(models.Model):
    """What a provider must put right, agreed on a day; it may be the condition of an extension or answer a notice."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="improvement_plans")
    title = models.CharField(max_length=200)
    concern = models.CharField(max_length=20, choices=Concern)
    words = models.TextField("what is wrong, and what good looks like", blank=True, max_length=2_000)
    agreed_on = models.DateField()
    condition_of = models.ForeignKey(
        ExtensionOption,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="conditions",
        help_text="The extension is given on condition of this plan.",
    )
    answers = models.ForeignKey(
        PerformanceNotice,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name="answers the notice",
    )
    kpis = models.ManyToManyField(Kpi, related_name="improvement_plans", blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closing_words = models.TextField("what came of it", blank=True, max_length=1_000)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["-agreed_on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="plan_closed_by_somebody",
                condition=Q(closed_on=None, closed_by=None)
                | (Q(closed_on__gte=F("agreed_on"), closed_by__isnull=False) & ~Q(closing_words="")),
                violation_error_message="Say what came of the plan, on a day after it was agreed.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanStepQuerySet(OfContractQuerySet):
    def overdue_on(self, day: datetime.date) -> "PlanStepQuerySet":
        """Due before the day and not done by then, of plans that were open on it.

        Of an earlier day it says what was so then, as far as days tell: a step done since was overdue all the same.
        """
        not_done = ~Q(state=StepState.DONE) | Q(done_on__gt=day)
        plan_open = Q(plan__closed_on=None) | Q(plan__closed_on__gt=day)
        return self.filter(not_done, plan_open, due_on__lt=day, plan__agreed_on__lte=day)

    def overdue_now(self, today: datetime.date) -> "PlanStepQuerySet":
        """The same of today, read by the index of steps that are not done."""
        return self.filter(~Q(state=StepState.DONE), due_on__lt=today, plan__closed_on=None)


@pghistory.track(meta=read_newest_first())
class PlanStep(models.Model):
    """One step of a plan. ``contract`` is the plan's, kept here so that overdue steps are read by one index."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="plan_steps")
    plan = models.ForeignKey(ImprovementPlan, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.TextField("what will be done", max_length=600)
    owner = models.CharField("who sees to it", max_length=120)
    due_on = models.DateField("due")
    state = models.CharField(max_length=12, choices=StepState, default=StepState.NOT_STARTED)
    evidence = models.TextField(blank=True, max_length=2_000)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = PlanStepQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="step_done_with_its_day",
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on=None, done_by=None)),
                violation_error_message="A step that is done has the day on which it was done.",
            ),
            models.CheckConstraint(
                name="step_done_with_evidence",
                condition=~Q(state="done") | ~Q(evidence=""),
                violation_error_message="Say what shows that it is done.",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "contract"], condition=~Q(state="done"), name="step_open"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
