import datetime
from typing import Any

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from guardian.models import GroupObjectPermissionBase

from accounts.permissions import NATIONALLY_OPEN_PERMISSIONS, UNIT_PERMISSIONS, Permission
from commissioning.access import NATIONAL_SIGHT, Scope, scope_of
from commissioning.choices import PartnerLevel, UnitKind, UnitStatus
from commissioning.models.organisation import DateSpan, Organisation


class UnitQuerySet(models.QuerySet["CommissioningUnit"]):
    def visible_to(self, user: Any, permission: Permission = Permission.VIEW_CONTRACTS) -> "UnitQuerySet":
        """Units the person may do this on; with national sight, every unit may be looked at."""
        scope = scope_of(user)
        if scope.national and permission in NATIONALLY_OPEN_PERMISSIONS:
            return self.all()
        return self.filter(pk__in=scope.units_with(permission))


@pghistory.track()
class CommissioningUnit(models.Model):
    """A joint commissioning unit, integrated hub, joint team, or a virtual unit over other units."""

    name = models.CharField(max_length=200)
    code = models.SlugField(max_length=40, unique=True, help_text="Short name used in addresses and files.")
    kind = models.CharField(max_length=30, choices=UnitKind)
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="hosted_units")
    over = models.ManyToManyField("self", symmetrical=False, related_name="under", blank=True)
    status = models.CharField(max_length=10, choices=UnitStatus, default=UnitStatus.PROPOSED)
    proposed_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    live_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    first_return_month = models.DateField(
        null=True, blank=True, help_text="The first month for which returns are expected, as its first day."
    )
    return_working_day = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="Returns are due on this working day of the following month.",
    )
    decision_lead_days = models.PositiveSmallIntegerField(
        default=28, help_text="Days before notice must be given by which the unit decides."
    )
    risk_red_means = models.CharField(
        max_length=200,
        default="Children’s outcomes or safety at risk, or the contract is failing",
        help_text="Stands beside the choice in every monthly return of the unit, as the next two do.",
        blank=True,
    )
    risk_amber_means = models.CharField(max_length=200, blank=True, default="Concerns that a plan is dealing with")
    risk_green_means = models.CharField(max_length=200, blank=True, default="No concerns that need a plan")

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [
            *[(str(permission), permission.description) for permission in UNIT_PERMISSIONS],
            (NATIONAL_SIGHT, "See every contract in England that is not restricted"),
        ]
        constraints = [
            models.CheckConstraint(
                name="unit_first_return_month_is_a_month",
                condition=Q(first_return_month=None) | Q(first_return_month__day=1),
                violation_error_message="The first month of returns is given as the first day of a month.",
            ),
            models.CheckConstraint(
                name="unit_status_has_its_date",
                condition=(~Q(status="approved") | Q(approved_on__isnull=False))
                & (~Q(status="live") | Q(live_on__isnull=False))
                & (~Q(status="closed") | Q(closed_on__isnull=False)),
                violation_error_message="Give the date on which the unit reached this status.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        nationally = scope.national and permission in NATIONALLY_OPEN_PERMISSIONS
        return nationally or self.pk in scope.units_with(permission)


class CommissioningUnitGroupObjectPermission(GroupObjectPermissionBase):
    """A grant on one unit to the group "organisation x role"."""

    content_object = models.ForeignKey(CommissioningUnit, on_delete=models.CASCADE)


@pghistory.track()
class UnitPartner(models.Model):
    """An organisation takes part in a unit, at a level, for a time."""

    unit = models.ForeignKey(CommissioningUnit, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partnerships")
    level = models.CharField(max_length=10, choices=PartnerLevel)
    joined_on = models.DateField("from")
    left_on = models.DateField("to", null=True, blank=True)

    class Meta:
        ordering = ["organisation__name"]
        constraints = [
            ExclusionConstraint(
                name="partner_once_at_a_time",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (DateSpan("joined_on", "left_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This organisation is already a partner of the unit in those days.",
            ),
            models.CheckConstraint(
                name="partner_leaves_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message="A partner cannot leave before it joined.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.unit}"

    def is_current(self, day: datetime.date) -> bool:
        return self.joined_on <= day and (self.left_on is None or self.left_on >= day)


class ServiceArea(models.Model):
    """A part of the unit's work by which its register is filtered and counted."""

    unit = models.ForeignKey(CommissioningUnit, models.CASCADE, related_name="service_areas")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="service_area_once_a_unit")]

    def __str__(self) -> str:
        return self.name
