"""Commercial sensitivity: restricting a contract and lifting it, with the grants that follow."""

import datetime
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.grants import replace_grants
from accounts.models import User
from accounts.permissions import GRANTED_ROLES, Permission, Role
from commissioning.models import CommissioningUnit, Organisation, UnitPartner
from commissioning.services.grants import exception_permissions, role_groups
from contracts.models import Contract, ContractRestriction


def restrict_contract(
    *,
    contract: Contract,
    reason: str,
    named: Collection[Organisation],
    review_on: datetime.date,
    by: User,
) -> ContractRestriction:
    """Hide the contract from all but the organisations named, until it is lifted.

    Raises ValidationError where the person restricting would lose sight of it, where no reason is
    given or the review date has passed.
    """
    _check_named(contract=contract, named=named, by=by)
    with act("Contract restricted", by=by, reason=reason):
        restriction = ContractRestriction(
            contract=contract, reason=reason, decided_by=by, decided_on=clock.today(), review_on=review_on
        )
        restriction.full_clean()
        restriction.save()
        restriction.named.set(named)
        contract.is_restricted = True
        contract.save(update_fields=["is_restricted"])
        for organisation in named:
            _grant(restriction, organisation=organisation, level=_level(contract.unit, organisation))
    return restriction


def lift_restriction(*, restriction: ContractRestriction, reason: str, by: User) -> None:
    """Open the contract to the unit's partners again and take the exceptions away."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why the contract need not be restricted any longer."})
    with act("Restriction lifted", by=by, reason=reason):
        standing = ContractRestriction.objects.select_for_update(of=("self",)).select_related("contract")
        stored = standing.get(pk=restriction.pk)
        if stored.lifted_on is not None:
            raise ValidationError("Somebody has lifted this restriction already.")
        stored.lifted_on = clock.today()
        stored.lifted_by = by
        stored.lifted_reason = reason
        stored.save()
        contract = stored.contract
        contract.is_restricted = False
        contract.save(update_fields=["is_restricted"])
        for organisation in stored.named.all():
            replace_grants(contract, groups=role_groups(organisation).values(), wanted={})


def regrant(*, unit: CommissioningUnit, organisation: Organisation, level: str | None) -> None:
    """After a partner's level changed or it left: its exceptions on the unit's restricted contracts follow."""
    standing = ContractRestriction.objects.filter(contract__unit=unit, lifted_on=None, named=organisation)
    for restriction in standing.select_related("contract__unit", "decided_by"):
        _grant(restriction, organisation=organisation, level=level)


def _grant(restriction: ContractRestriction, *, organisation: Organisation, level: str | None) -> None:
    """Exactly the exceptions of an organisation at this level; one that is neither partner nor provider has none.

    Only the host and whoever decided the restriction may lift it: another partner named on it merely sees.
    """
    contract, groups = restriction.contract, role_groups(organisation)
    kept = frozenset() if _may_lift(restriction, organisation) else frozenset({Permission.RESTRICT_CONTRACTS})
    takes_part = level is not None or contract.provider_rows.filter(organisation=organisation).exists()
    roles = (*GRANTED_ROLES, Role.PROVIDER_CONTACT) if takes_part else ()
    wanted = {groups[role]: exception_permissions(level, role) - kept for role in roles}
    replace_grants(contract, groups=groups.values(), wanted=wanted)


def _may_lift(restriction: ContractRestriction, organisation: Organisation) -> bool:
    deciders = restriction.decided_by.memberships.current_on(restriction.decided_on)
    return organisation.pk == restriction.contract.unit.host_id or organisation.pk in set(
        deciders.values_list("organisation_id", flat=True)
    )


def _level(unit: CommissioningUnit, organisation: Organisation) -> str | None:
    today = clock.today()
    partners: Any = UnitPartner.objects.filter(unit=unit, organisation=organisation, joined_on__lte=today)
    return next((partner.level for partner in partners if partner.is_current(today)), None)


def _check_named(*, contract: Contract, named: Collection[Organisation], by: User) -> None:
    own = set(by.memberships.current_on(clock.today()).values_list("organisation_id", "role"))
    keeps_sight = any(
        Permission.RESTRICT_CONTRACTS in exception_permissions(_level(contract.unit, organisation), Role(role))
        for organisation in named
        for organisation_id, role in own
        if organisation_id == organisation.pk
    )
    if not keeps_sight:
        raise ValidationError(
            {"named": "Name your own organisation too, or you could neither see the contract nor lift the restriction."}
        )
