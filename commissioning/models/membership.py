import datetime

import pghistory
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from accounts.permissions import ROLES, Role
from commissioning.models.organisation import DateSpan, Organisation

ROLE_CHOICES = [(str(role), definition.label) for role, definition in ROLES.items()]


class OrganisationRole(models.Model):
    """The group "organisation x role" that holds this organisation's grants for one role."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=30, choices=ROLE_CHOICES)
    group = models.OneToOneField(Group, models.CASCADE, related_name="organisation_role")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "role"], name="one_group_a_role")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current_on(self, day: datetime.date) -> "MembershipQuerySet":
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


@pghistory.track()
class Membership(models.Model):
    """A person works for an organisation in a role, for a time. All sight follows from this."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=ROLE_CHOICES)
    since = models.DateField("from")
    until = models.DateField("to", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "role"]
        constraints = [
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateSpan("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This person already has that role in those days.",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message="A role cannot end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {Role(self.role).label} of {self.organisation}"
