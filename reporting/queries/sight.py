"""What of a contract in sight a person may read: the one place that keeps a provider from the commissioners' words."""

from django.db.models import Q

from accounts.permissions import Permission
from commissioning.access import Scope


def sees_plans(scope: Scope) -> bool:
    """Whether the person takes part in a unit's work: when it will decide and what comes next is not the provider's."""
    return scope.national or bool(scope.units_with(Permission.VIEW_CONTRACTS))


def with_plans_seen(scope: Scope) -> Q:
    """``sees_narrative`` of contracts as a condition: those of which the person may learn when the unit will decide."""
    works_on_the_unit = Q(unit_id__in=scope.units_with(Permission.VIEW_CONTRACTS))
    as_provider = Q(is_restricted=True, pk__in=scope.own)
    mine = works_on_the_unit & ~as_provider
    return mine | Q(is_restricted=False) if scope.national else mine
