"""How closely a contract is looked at: the unit's rules by value and risk, and what was decided otherwise."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commissioning.models import CommissioningUnit
from commissioning.models.history import read_newest_first
from contracts.choices import MeetingPattern, MonitoringFrequency, Risk
from contracts.models.contract import Contract
from contracts.models.of_contract import OfContractQuerySet


@pghistory.track(meta=read_newest_first())
class AttentionRule(models.Model):
    """One row of the unit's table, read in order: the first that fits decides. Without rows the defaults stand."""

    unit = models.ForeignKey(CommissioningUnit, models.CASCADE, related_name="attention_rules")
    position = models.PositiveSmallIntegerField()
    value_from = models.DecimalField(
        "worth a year at least",
        max_digits=14,
        decimal_places=2,
        default=0,
        help_text="Pounds, partner funding included.",
    )
    risk = models.CharField(max_length=5, choices=Risk, blank=True, help_text="Empty for any risk.")
    monitoring = models.CharField(max_length=12, choices=MonitoringFrequency)
    meetings = models.CharField(max_length=12, choices=MeetingPattern)

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "position"],
                name="attention_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="attention_value_not_negative",
                condition=Q(value_from__gte=0),
                violation_error_message="A value cannot be less than nothing.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: row {self.position}"


@pghistory.track(meta=read_newest_first())
class AttentionOverride(models.Model):
    """A contract looked at otherwise than the rules say: why, and when that is looked at again."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="attention_overrides")
    monitoring = models.CharField(max_length=12, choices=MonitoringFrequency)
    meetings = models.CharField(max_length=12, choices=MeetingPattern)
    reason = models.TextField(max_length=1_000)
    look_again_on = models.DateField()
    set_on = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfContractQuerySet.as_manager()

    class Meta:
        ordering = ["-set_on", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(ended_on=None),
                name="one_override_at_a_time",
                violation_error_message="Somebody has decided otherwise for this contract already.",
            ),
            models.CheckConstraint(
                name="override_looked_at_again_later",
                condition=Q(look_again_on__gte=F("set_on")),
                violation_error_message="Give a day that has not passed.",
            ),
            models.CheckConstraint(
                name="override_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why this contract is looked at otherwise.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.get_monitoring_display()}"
