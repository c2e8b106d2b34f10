import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.models.organisation import DateSpan


@pghistory.track()
class StandIn(models.Model):
    """Somebody acts for an absent colleague for a time: on the contracts that the colleague returns.

    It lends no sight: the stand-in acts only on what they may see and return by their own role. There are no chains:
    a stand-in does not pass on what was lent. Who acts today is read with the Scope.
    """

    absent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stood_in_by")
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stands_in_for")
    since = models.DateField("from")
    until = models.DateField("to")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField("ended early", null=True, blank=True)

    class Meta:
        ordering = ["-since", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="stand_in_is_somebody_else",
                condition=~Q(absent=F("stand_in")),
                violation_error_message="Choose somebody else: nobody stands in for themselves.",
            ),
            models.CheckConstraint(
                name="stand_in_ends_after_it_starts",
                condition=Q(until__gte=F("since")),
                violation_error_message="The last day cannot be before the first.",
            ),
            ExclusionConstraint(
                name="one_stand_in_at_a_time",
                expressions=[
                    ("absent", RangeOperators.EQUAL),
                    (DateSpan("since", "until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_on=None),
                violation_error_message="Somebody already stands in on one of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in} for {self.absent}, {self.since} to {self.until}"

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        """Loaded by whoever may end it, and by nobody else."""
        return permission == Permission.SIGNED_IN and scope.user_id is not None
