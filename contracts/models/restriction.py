import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from guardian.models import GroupObjectPermissionBase

from commissioning.models import Organisation
from commissioning.models.history import read_newest_first
from contracts.models.contract import Contract


class ContractGroupObjectPermission(GroupObjectPermissionBase):
    """A grant on one restricted contract to a group "organisation x role" of an organisation named on it."""

    content_object = models.ForeignKey(Contract, on_delete=models.CASCADE)


@pghistory.track(meta=read_newest_first())
class ContractRestriction(models.Model):
    """Commercially sensitive: to all but the organisations named, the contract does not exist."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="restrictions")
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    review_on = models.DateField()
    named = models.ManyToManyField(Organisation, related_name="named_on_restrictions")
    lifted_on = models.DateField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-decided_on", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(lifted_on=None),
                name="one_restriction_at_a_time",
                violation_error_message="This contract is already restricted.",
            ),
            models.CheckConstraint(
                name="restriction_reviewed_later",
                condition=Q(review_on__gte=F("decided_on")),
                violation_error_message="The review date cannot be before the decision.",
            ),
            models.CheckConstraint(
                name="restriction_lifted_by_somebody",
                condition=Q(lifted_on=None, lifted_by=None) | Q(lifted_on__isnull=False, lifted_by__isnull=False),
                violation_error_message="Say who lifted the restriction, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"Restriction of {self.contract_id}"


@pghistory.track(meta=read_newest_first())
class RestrictionNamed(ContractRestriction.named.through):  # type: ignore[name-defined]
    """An organisation named on a restriction; here so that history records it."""

    class Meta:
        proxy = True
        default_permissions = ()
