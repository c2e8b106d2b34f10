from typing import Any

from accounts.permissions import Permission
from commissioning.access import scope_of


class ScopeBackend:
    """``user.has_perm("contracts.view_contracts", contract)`` answers from the person's Scope.

    It never answers for a permission without an object and never for a superuser as such.
    """

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user: Any, perm: str, obj: Any = None) -> bool:
        codename = perm.rpartition(".")[2]
        if obj is None or codename not in set(Permission):
            return False
        return hasattr(obj, "is_open_to") and scope_of(user).can(Permission(codename), obj)
