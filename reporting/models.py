from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from commissioning.models import CommissioningUnit
from reporting.choices import ViewPage

LONGEST_QUERY = 2_000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """The person's own, and those shared in a unit they work in: a name may tell what a unit is busy with."""
        scope = scope_of(user)
        shared = Q(is_shared=True, unit_id__in=scope.units_with(Permission.VIEW_CONTRACTS))
        return self.filter(Q(owner_id=scope.user_id) | shared)

    def offered_in(self, unit: CommissioningUnit | None) -> "SavedViewQuerySet":
        """What is of use while working in the unit: its views, and those over all units."""
        return self if unit is None else self.filter(Q(unit=unit) | Q(unit=None))


@pghistory.track()
class SavedView(models.Model):
    """A list as somebody keeps it: the filter, sort and columns of its address under a name.

    It holds an address and no contract, so that everybody who opens it sees what they may see.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    unit = models.ForeignKey(
        CommissioningUnit,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_views",
        help_text="The unit it was saved in; empty where it was saved over all units.",
    )
    page = models.CharField(max_length=10, choices=ViewPage, default=ViewPage.REGISTER)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True, help_text="As rules.addresses writes it.")
    is_shared = models.BooleanField("shared with the unit", default=False)
    version = models.PositiveIntegerField(default=1, help_text="Counts changes, to notice another's.")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "unit", "page", "name"],
                name="saved_view_name_once_a_unit",
                nulls_distinct=False,
                violation_error_message="You already have a view with this name here. Give it another name.",
            ),
            models.CheckConstraint(
                name="saved_view_is_shared_in_a_unit",
                condition=Q(is_shared=False) | Q(unit__isnull=False),
                violation_error_message="A view over all units cannot be shared. Choose one unit, then save it there.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def params(self) -> QueryDict:
        return QueryDict(self.query)

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        """Seen as ``visible_to`` says; otherwise the owner's alone, and its end the unit's manager's too."""
        if self.owner_id == scope.user_id:
            return True
        in_unit = self.is_shared and self.unit_id in scope.units_with(Permission.VIEW_CONTRACTS)
        return in_unit and self.unit_id in scope.units_with(permission)
