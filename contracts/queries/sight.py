"""Who reads a contract in sight as a commissioner does, and who as its provider."""

from accounts.permissions import Permission
from commissioning.access import Scope
from contracts.models import Contract


def sees_narrative(scope: Scope, contract: Contract) -> bool:
    """Whether the person reads what commissioners write: narratives, history, who can see the contract.

    A provider's own contact sees the contract, its risk and JET and whether returns were accepted, no more. On a
    restricted contract a person who is also its provider's contact counts as that, since only the exception is known.
    """
    if scope.national and not contract.is_restricted:
        return True
    works_on_the_unit = contract.unit_id in scope.units_with(Permission.VIEW_CONTRACTS)
    return works_on_the_unit and not (contract.is_restricted and contract.pk in scope.own)
