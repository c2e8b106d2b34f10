"""What is measured of a contract, against what target since when, and what was reached; outcomes beside it."""

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.permissions import Permission
from commissioning.models.history import read_newest_first
from contracts.choices import (
    KpiDirection,
    KpiFrequency,
    KpiPlan,
    KpiUnit,
    OutcomeEffect,
    OutcomeState,
    OutcomeTerm,
    Reporter,
)
from contracts.models.contract import Contract
from contracts.models.of_contract import OfContractQuerySet


@pghistory.track(meta=read_newest_first())
class Kpi(models.Model):
    """One key performance indicator. Its unit, direction and frequency are fixed once it has a reading."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="kpis")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField("what is measured", max_length=200)
    definition = models.TextField("how it is counted", blank=True, max_length=2_000)
    unit = models.CharField("measured in", max_length=10, choices=KpiUnit)
    direction = models.CharField(max_length=10, choices=KpiDirection)
    frequency = models.CharField(max_length=12, choices=KpiFrequency, default=KpiFrequency.MONTHLY)
    decimals = models.PositiveSmallIntegerField(default=0, help_text="Decimal places of its readings.")
    is_from_counts = models.BooleanField(
        "worked out from a part and a whole", default=False, help_text="Percentages only: both counts are kept."
    )
    reported_by = models.CharField(max_length=10, choices=Reporter, default=Reporter.OFFICER)
    first_month = models.DateField("measured from", help_text="The first month with a reading, as its first day.")
    last_month = models.DateField(
        "measured until", null=True, blank=True, help_text="The last month with a reading once it is closed."
    )
    closing_reason = models.TextField("why it is closed", blank=True, max_length=600)
    is_published = models.BooleanField(
        default=False, help_text="Set under section 52 of the Procurement Act 2023 and published."
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        default_permissions = ()
        verbose_name = "KPI"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "name"],
                name="kpi_name_once_a_contract",
                violation_error_message="The contract already has a KPI of this name.",
            ),
            models.CheckConstraint(
                name="kpi_months_are_months",
                condition=Q(first_month__day=1) & (Q(last_month=None) | Q(last_month__day=1)),
            ),
            models.CheckConstraint(
                name="kpi_closes_after_it_opens",
                condition=Q(last_month=None) | Q(last_month__gte=F("first_month")),
                violation_error_message="A KPI cannot be closed before its first month.",
            ),
            models.CheckConstraint(
                name="kpi_closed_with_a_reason",
                condition=Q(last_month=None) | ~Q(closing_reason=""),
                violation_error_message="Say why the KPI is closed.",
            ),
            models.CheckConstraint(
                name="kpi_counts_make_a_percentage",
                condition=Q(is_from_counts=False) | Q(unit="percent"),
                violation_error_message="Only a percentage is worked out from a part and a whole.",
            ),
            models.CheckConstraint(name="kpi_decimals", condition=Q(decimals__lte=4)),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_in(self, month: Any) -> bool:
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)


class OfKpiQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, permission: Permission = Permission.VIEW_CONTRACTS) -> "OfKpiQuerySet":
        return self.filter(kpi__contract__in=Contract.objects.visible_to(user, permission))


@pghistory.track(meta=read_newest_first())
class KpiTarget(models.Model):
    """What the KPI should reach from a month on. A new target is a new row: earlier months keep theirs."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="targets")
    from_month = models.DateField(help_text="As its first day.")
    target = models.DecimalField(max_digits=14, decimal_places=4, help_text="For a range, its lower end.")
    upper = models.DecimalField(
        "upper end", max_digits=14, decimal_places=4, null=True, blank=True, help_text="Of a range only."
    )
    tolerance = models.DecimalField(
        max_digits=14, decimal_places=4, default=0, help_text="A reading this far from the target is on it."
    )
    reason = models.TextField("why it was changed", blank=True, max_length=600)

    objects = OfKpiQuerySet.as_manager()

    class Meta:
        ordering = ["from_month"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "from_month"],
                name="one_target_a_month",
                violation_error_message="A target from this month is there already.",
            ),
            models.CheckConstraint(name="target_month_is_a_month", condition=Q(from_month__day=1)),
            models.CheckConstraint(
                name="target_range_in_order",
                condition=Q(upper=None) | Q(upper__gte=F("target")),
                violation_error_message="The upper end of the range is below its lower end.",
            ),
            models.CheckConstraint(
                name="target_tolerance_not_negative",
                condition=Q(tolerance__gte=0),
                violation_error_message="A tolerance cannot be less than nothing.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} from {self.from_month:%B %Y}"


@pghistory.track(meta=read_newest_first())
class KpiReading(models.Model):
    """What was reached in the period that ends with the month. No value where there was nothing to count."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="readings")
    month = models.DateField(help_text="The last month of the period, as its first day.")
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    part = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    whole = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    nothing_to_count = models.BooleanField(default=False)
    plan = models.CharField("what is done about it", max_length=10, choices=KpiPlan, blank=True)
    note = models.CharField(max_length=300, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The absent person for whom a stand-in saved it.",
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = OfKpiQuerySet.as_manager()

    class Meta:
        ordering = ["month"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "month"],
                name="one_reading_a_month",
                violation_error_message="This KPI already has a reading for the month.",
            ),
            models.CheckConstraint(name="reading_month_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="reading_has_a_value_or_none_to_count",
                condition=Q(nothing_to_count=True, value=None) | Q(nothing_to_count=False, value__isnull=False),
                violation_error_message="Give the reading, or say that there was nothing to count.",
            ),
            models.CheckConstraint(
                name="reading_of_something",
                condition=Q(whole=None) | Q(whole__gt=0),
                violation_error_message="The whole cannot be 0. Say that there was nothing to count.",
            ),
        ]
        indexes = [models.Index(fields=["month", "kpi"], name="reading_month")]

    def __str__(self) -> str:
        return f"{self.kpi_id}, {self.month:%B %Y}"


@pghistory.track(meta=read_newest_first())
class Outcome(models.Model):
    """What changes for children and families because of the contract; a provider may propose one."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="outcomes")
    statement = models.TextField("outcome", max_length=600)
    term = models.CharField(max_length=10, choices=OutcomeTerm)
    is_intended = models.BooleanField("intended", default=True)
    effect = models.CharField(max_length=10, choices=OutcomeEffect, default=OutcomeEffect.POSITIVE)
    measured_by = models.TextField("how it is measured", max_length=600, blank=True)
    difference_made = models.TextField("what difference was made", max_length=2_000, blank=True)
    state = models.CharField(max_length=10, choices=OutcomeState, default=OutcomeState.AGREED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True, max_length=600)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="outcome_decided_by_somebody",
                condition=Q(state="proposed", decided_at=None) | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                violation_error_message="Say who agreed or declined the outcome, and when.",
            ),
            models.CheckConstraint(
                name="outcome_declined_with_a_note",
                condition=~Q(state="declined") | ~Q(decision_note=""),
                violation_error_message="Say why the outcome is declined.",
            ),
        ]

    def __str__(self) -> str:
        return self.statement[:80]
