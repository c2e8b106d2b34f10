"""A unit's monthly review of its contracts: when it was held, what is of concern, what providers must improve."""

import datetime
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.permissions import Permission
from commissioning.models import CommissioningUnit, Organisation
from commissioning.models.history import read_newest_first
from contracts.models.contract import Contract


class MonthReviewQuerySet(models.QuerySet["MonthReview"]):
    def visible_to(self, user: Any, permission: Permission = Permission.VIEW_CONTRACTS) -> "MonthReviewQuerySet":
        return self.filter(unit__in=CommissioningUnit.objects.visible_to(user, permission))

    def closed(self) -> "MonthReviewQuerySet":
        """Months that are closed: what they say stands, but for amendments with a reason."""
        return self.filter(closed_at__isnull=False)

    def closed_for(self, month: datetime.date) -> "MonthReviewQuerySet":
        return self.closed().filter(month=month)


@pghistory.track(meta=read_newest_first())
class MonthReview(models.Model):
    """One unit's review of one month, kept by its first day; closed once the unit says that the month is done.

    What was not returned by then stands as not returned, whatever the due date.
    """

    unit = models.ForeignKey(CommissioningUnit, models.PROTECT, related_name="month_reviews")
    month = models.DateField()
    held_on = models.DateField("held on", null=True, blank=True)
    present = models.TextField("who was there", blank=True, max_length=1_000)
    notes = models.TextField("notes of the meeting", blank=True, max_length=5_000)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closing_note = models.TextField("note on closing", blank=True, max_length=1_000)
    rules_then = models.JSONField(
        "rules of concern on closing", null=True, blank=True, help_text="What was of concern then stays of concern."
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = MonthReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        default_permissions = ()
        indexes = [models.Index(fields=["month", "unit"], condition=Q(closed_at__isnull=False), name="month_closed")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "month"],
                name="one_review_a_month",
                violation_error_message="The unit already has a review of this month.",
            ),
            models.CheckConstraint(name="review_month_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="review_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None, closing_note="")
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                violation_error_message="Say who closed the month, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.month:%B %Y}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


@pghistory.track(meta=read_newest_first())
class ReviewRules(models.Model):
    """Which contracts are of concern to the unit at its review. An empty number switches its rule off.

    What stands here before anybody changes it is the practice of the paper's county (docs/domain.md).
    """

    unit = models.OneToOneField(CommissioningUnit, models.CASCADE, related_name="review_rules")
    red = models.BooleanField("red", default=True)
    jet_at_most = models.PositiveSmallIntegerField("JET at or below", null=True, blank=True, default=3)
    jet_fall_at_least = models.PositiveSmallIntegerField("JET down by at least", null=True, blank=True, default=2)
    months_without_return = models.PositiveSmallIntegerField(
        "months in a row without a return", null=True, blank=True, default=2
    )
    amber_months = models.PositiveSmallIntegerField("months in a row at amber", null=True, blank=True, default=5)
    contradicts_kpis = models.BooleanField("graded other than the KPIs bear out", default=True)
    disagreement_at_least = models.PositiveSmallIntegerField(
        "service manager or supplier away by at least", null=True, blank=True, default=2
    )
    steps_overdue = models.PositiveSmallIntegerField(
        "overdue steps of improvement plans", null=True, blank=True, default=1
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    class Meta:
        verbose_name_plural = "review rules"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="review_rules_of_jet",
                condition=(Q(jet_at_most=None) | Q(jet_at_most__range=(1, 9)))
                & (Q(jet_fall_at_least=None) | Q(jet_fall_at_least__range=(1, 8))),
                violation_error_message="JET goes from 1 to 9, and a fall from 1 to 8.",
            ),
            models.CheckConstraint(
                name="review_rules_of_disagreement",
                condition=Q(disagreement_at_least=None) | Q(disagreement_at_least__range=(1, 8)),
                violation_error_message="Two scores are from 1 to 8 apart.",
            ),
            models.CheckConstraint(
                name="review_rules_of_months",
                condition=(Q(months_without_return=None) | Q(months_without_return__range=(1, 12)))
                & (Q(amber_months=None) | Q(amber_months__range=(2, 12))),
                violation_error_message="Months without a return go from 1 to 12, months at amber from 2 to 12.",
            ),
            models.CheckConstraint(
                name="review_rules_of_steps",
                condition=Q(steps_overdue=None) | Q(steps_overdue__range=(1, 12)),
                violation_error_message="Overdue steps go from 1 to 12.",
            ),
        ]

    def __str__(self) -> str:
        return f"Review rules of {self.unit}"


class ReviewActionQuerySet(models.QuerySet["ReviewAction"]):
    def visible_to(self, user: Any, permission: Permission = Permission.VIEW_CONTRACTS) -> "ReviewActionQuerySet":
        return self.filter(contract__in=Contract.objects.visible_to(user, permission))

    def open(self) -> "ReviewActionQuerySet":
        return self.filter(done_at=None)


@pghistory.track(meta=read_newest_first())
class ReviewAction(models.Model):
    """What the review asked a provider to improve on a contract."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="review_actions")
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="review_actions")
    month = models.DateField(help_text="The month whose review asked for it, as its first day.")
    text = models.TextField("what must improve", max_length=600)
    owner = models.CharField("who sees to it", max_length=120)
    due_on = models.DateField("due", null=True, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReviewActionQuerySet.as_manager()

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="review_action_month_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="review_action_done_by_somebody",
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                violation_error_message="Say who did it, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.text[:60]}"
