"""For whom somebody acts: «A for B» where a stand-in makes an absent person's return."""

from collections.abc import Iterable

from accounts.models import User
from commissioning.access import scope_of
from contracts.models import Contract, ContractDeputy


def acting_for(contract: Contract, by: User) -> User | None:
    """The absent person for whom this one returns the contract; None where they do it in their own name."""
    return acting_for_each([contract], by)[contract.pk]


def acting_for_each(contracts: Iterable[Contract], by: User) -> dict[int, User | None]:
    """By contract, in at most two queries. One's own contract is returned in one's own name, whoever else is away.

    Of several absent people on one contract the officer comes first, then the service manager, then a deputy.
    """
    listed = list(contracts)
    absent = scope_of(by).stands_in_for
    if not absent:
        return dict.fromkeys((contract.pk for contract in listed), None)
    deputies: dict[int, list[int]] = {contract.pk: [] for contract in listed}
    rows = ContractDeputy.objects.filter(contract_id__in=deputies, user_id__in=[by.pk, *absent])
    for contract_id, user_id in rows.order_by("pk").values_list("contract_id", "user_id"):
        deputies[contract_id].append(user_id)
    chosen = {
        contract.pk: _first_absent(
            [contract.officer_id, contract.service_manager_id, *deputies[contract.pk]], by, absent
        )
        for contract in listed
    }
    found = User.objects.in_bulk({pk for pk in chosen.values() if pk is not None})
    return {contract: found[pk] if pk is not None else None for contract, pk in chosen.items()}


def _first_absent(makers: list[int | None], by: User, absent: frozenset[int]) -> int | None:
    if by.pk in makers:
        return None
    return next((maker for maker in makers if maker in absent), None)
