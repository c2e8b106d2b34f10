from typing import Any

from django.db import models

from accounts.permissions import Permission
from contracts.models.contract import Contract


class OfContractQuerySet(models.QuerySet[Any]):
    """Rows that hang on a contract: seen by whoever sees it."""

    def visible_to(self, user: Any, permission: Permission = Permission.VIEW_CONTRACTS) -> "OfContractQuerySet":
        return self.filter(contract__in=Contract.objects.visible_to(user, permission))
