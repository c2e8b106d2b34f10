"""What stands behind a month's grade: the views heard, the balanced scorecard, the rating of the Procurement Act."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commissioning.models.history import read_newest_first
from contracts.choices import ActRating, Perspective, Side, Standing
from contracts.models.contract import Contract
from contracts.models.of_contract import OfContractQuerySet


@pghistory.track(meta=read_newest_first())
class GradeView(models.Model):
    """The score that the service manager or the supplier would give. Whether it agrees follows from the return."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="grade_views")
    month = models.DateField()
    side = models.CharField(max_length=20, choices=Side)
    score = models.PositiveSmallIntegerField("score they would give")
    comment = models.TextField(blank=True, max_length=1_000)
    stated_on = models.DateField()
    stated_by = models.CharField("who said so", max_length=120)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["month", "side"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "month", "side"],
                name="one_view_a_side",
                violation_error_message="This view is recorded already.",
            ),
            models.CheckConstraint(name="grade_view_month_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="grade_view_one_to_nine",
                condition=Q(score__range=(1, 9)),
                violation_error_message="JET is a number from 1 to 9.",
            ),
        ]
        indexes = [models.Index(fields=["month", "contract"], name="grade_view_month")]

    def __str__(self) -> str:
        return f"{self.contract_id}, {self.month:%B %Y}: {self.get_side_display()} {self.score}"


@pghistory.track(meta=read_newest_first())
class ScorecardLine(models.Model):
    """One perspective of the balanced scorecard of a month. Quality against cost gives value for money."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="scorecard_lines")
    month = models.DateField()
    perspective = models.CharField(max_length=12, choices=Perspective)
    standing = models.CharField(max_length=8, choices=Standing)
    words = models.TextField(blank=True, max_length=600)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["month", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["contract", "month", "perspective"], name="one_line_a_perspective"),
            models.CheckConstraint(name="scorecard_month_is_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.get_perspective_display()}: {self.get_standing_display()}"


@pghistory.track(meta=read_newest_first())
class StatutoryRating(models.Model):
    """The rating in the terms of the Procurement Act 2023 for a period; another than proposed has a reason."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="statutory_ratings")
    from_month = models.DateField()
    to_month = models.DateField()
    proposed = models.CharField(max_length=20, choices=ActRating)
    rating = models.CharField(max_length=20, choices=ActRating)
    reason = models.TextField("why another than proposed", blank=True, max_length=1_000)
    is_statutory = models.BooleanField(default=False, help_text="Section 71 asks for it; else voluntary.")
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["-to_month"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "to_month"],
                name="one_rating_a_period",
                violation_error_message="A rating to this month is there already.",
            ),
            models.CheckConstraint(
                name="rating_period_in_order",
                condition=Q(to_month__gte=F("from_month"), from_month__day=1, to_month__day=1),
                violation_error_message="The period ends before it begins.",
            ),
            models.CheckConstraint(
                name="rating_overridden_with_a_reason",
                condition=Q(rating=F("proposed")) | ~Q(reason=""),
                violation_error_message="Say why the rating is another than the grades propose.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rating_display()}, {self.from_month:%B %Y} to {self.to_month:%B %Y}"
