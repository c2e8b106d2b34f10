from typing import Any

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from commissioning.models.history import read_newest_first
from contracts.choices import COUNTING, ReturnState, Risk
from contracts.models.contract import Contract


class MonthlyReturnQuerySet(models.QuerySet["MonthlyReturn"]):
    def visible_to(self, user: Any) -> "MonthlyReturnQuerySet":
        """Returns of the contracts the person may see; filtered by contract, which the indexes serve."""
        return self.filter(contract__in=Contract.objects.visible_to(user))

    def that_count(self) -> "MonthlyReturnQuerySet":
        return self.filter(state__in=COUNTING)


@pghistory.track(meta=read_newest_first())
class MonthlyReturn(models.Model):
    """One contract's risk and JET for one month, kept by its first day. Two axes, never one."""

    # found by the indexes that begin with it
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="returns", db_index=False)
    month = models.DateField()
    state = models.CharField(max_length=10, choices=ReturnState, default=ReturnState.DRAFT)
    risk = models.CharField(max_length=5, choices=Risk, blank=True)
    jet_score = models.PositiveSmallIntegerField(
        "JET score", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    not_assessed_reason = models.CharField("why JET was not assessed", max_length=300, blank=True)
    narrative = models.TextField("what changed", blank=True, max_length=600)
    kpi_reason = models.TextField(
        "why the score stands although the KPIs do not bear it out", blank=True, max_length=600
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    saved_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The absent person for whom a stand-in saved it.",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="returns_submitted"
    )
    submitted_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The absent person for whom a stand-in submitted it.",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    review_note = models.TextField("note of the reviewer", blank=True)
    amendment_reason = models.TextField("why it was amended after the month was closed", blank=True, max_length=600)

    objects = MonthlyReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["month", "contract"], include=["risk", "jet_score", "submitted_at"], name="return_month"
            ),
            # a contract's own history, from the index alone
            models.Index(fields=["contract", "month"], include=["state", "risk", "jet_score"], name="return_history"),
            models.Index(
                fields=["month", "contract"],
                condition=~Q(state__in=["submitted", "accepted", "amended"]),
                name="return_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "month"],
                name="one_return_a_month",
                violation_error_message="This contract already has a return for the month.",
            ),
            models.CheckConstraint(name="return_month_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="return_is_whole_when_submitted",
                condition=Q(state="draft")
                | (
                    ~Q(risk="")
                    & Q(submitted_at__isnull=False)
                    & (
                        Q(jet_score__isnull=False, not_assessed_reason="")
                        | (Q(jet_score=None) & ~Q(not_assessed_reason=""))
                    )
                ),
                violation_error_message="A return states a risk, and a JET score or why none was given.",
            ),
            models.CheckConstraint(
                name="return_jet_one_to_nine",
                condition=Q(jet_score=None) | Q(jet_score__range=(1, 9)),
                violation_error_message="JET is a number from 1 to 9.",
            ),
            models.CheckConstraint(
                name="return_sent_back_with_a_note",
                condition=~Q(state="sent_back") | ~Q(review_note=""),
                violation_error_message="Say what the officer should look at again.",
            ),
            models.CheckConstraint(
                name="return_amended_with_a_reason",
                condition=Q(state="amended") & ~Q(amendment_reason="") | ~Q(state="amended") & Q(amendment_reason=""),
                violation_error_message="Say why the closed month is amended.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}, {self.month:%B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("return", args=[f"{self.month:%Y-%m}", self.contract.slug])

    @property
    def counts(self) -> bool:
        return self.state in COUNTING
