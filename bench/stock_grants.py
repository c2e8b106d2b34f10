"""The grants that the stock register needs: a row for each contract that one of the measured people sees.

They lie in guardian's own table of people's grants, which the service itself neither writes nor reads. For everybody in
England there would be ten times as many; fewer rows only make the stock register faster.
"""

from guardian.models import UserObjectPermission

from accounts.grants import stored_permissions
from accounts.models import User
from accounts.permissions import Permission
from contracts.models import Contract
from reporting.scale.names import MANY_UNITS, NATIONAL, ONE_UNIT


def write_stock_grants() -> None:
    permission = stored_permissions(Contract)[Permission.VIEW_CONTRACTS]
    for user in User.objects.filter(email__in=(ONE_UNIT, MANY_UNITS, NATIONAL)):
        seen = Contract.objects.visible_to(user).order_by("pk").values_list("pk", flat=True)
        rows = [
            UserObjectPermission(
                permission=permission, content_type_id=permission.content_type_id, object_pk=str(pk), user=user
            )
            for pk in seen
        ]
        UserObjectPermission.objects.bulk_create(rows, batch_size=5_000)
