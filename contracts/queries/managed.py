"""A contract as its own people manage it: KPIs, plans, meetings, views of the grade."""

from dataclasses import dataclass
from typing import Any

from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from contracts.models import Contract


@dataclass(frozen=True)
class ManagedContract:
    """What its officer, deputies and service manager, and whoever reviews returns, may change about a contract."""

    contract: Contract
    is_own: bool

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        """As with its returns (``ContractMonth``): its own people's, and those of whoever reviews."""
        if permission == Permission.RETURN_CONTRACTS and self.contract.is_open_to(scope, Permission.REVIEW_RETURNS):
            return True
        if permission == Permission.RETURN_CONTRACTS and not self.is_own:
            return False
        return self.contract.is_open_to(scope, permission)


def may_manage(user: Any, contract: Contract) -> bool:
    """For a contract annotated with ``is_own``: whether to show the person the links to what they may change."""
    managed = ManagedContract(contract, contract.is_own)  # type: ignore[attr-defined]
    return scope_of(user).can(Permission.RETURN_CONTRACTS, managed)


def managed(user: Any, contract: Contract) -> ManagedContract:
    """With one query for whether the contract is the person's own."""
    return ManagedContract(contract, Contract.objects.for_officer(user).filter(pk=contract.pk).exists())
