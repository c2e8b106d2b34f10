"""Which grants follow from a partnership: computed in one place, written by every change to it."""

from collections.abc import Mapping

from django.contrib.auth.models import Group

from accounts.grants import replace_grants
from accounts.permissions import (
    CONTRACT_PERMISSIONS,
    GRANTED_ROLES,
    HOST_ONLY_PERMISSIONS,
    OBSERVER_PERMISSIONS,
    OWN_CONTRACT_PERMISSIONS,
    ROLES,
    Permission,
    Role,
)
from commissioning.access import regrant_exceptions
from commissioning.choices import PartnerLevel
from commissioning.models import CommissioningUnit, Organisation, OrganisationRole


def role_groups(organisation: Organisation) -> dict[Role, Group]:
    """The organisation's group for each role, made where missing."""
    held = {Role(row.role): row.group for row in organisation.roles.select_related("group")}
    for role in Role:
        if role not in held:
            group = Group.objects.create(name=f"organisation {organisation.pk}: {role}")
            OrganisationRole.objects.create(organisation=organisation, role=role, group=group)
            held[role] = group
    return held


def permissions_at(level: str, role: Role) -> frozenset[Permission]:
    """What the people of a partner at this level may do on the unit in this role."""
    permissions = ROLES[role].permissions
    if level == PartnerLevel.OBSERVER:
        return permissions & OBSERVER_PERMISSIONS
    if level == PartnerLevel.FULL:
        return permissions - HOST_ONLY_PERMISSIONS
    return permissions


def grant_partner(*, unit: CommissioningUnit, organisation: Organisation, level: str | None) -> None:
    """Make the organisation's grants on the unit exactly those of the level; None takes all away."""
    groups = role_groups(organisation)
    wanted: Mapping[Group, frozenset[Permission]] = (
        {} if level is None else {groups[role]: permissions_at(level, role) for role in GRANTED_ROLES}
    )
    replace_grants(unit, groups=groups.values(), wanted=wanted)
    regrant_exceptions(unit=unit, organisation=organisation, level=level)


def exception_permissions(level: str | None, role: Role) -> frozenset[Permission]:
    """What people of an organisation named on a restricted contract may do on it: as on the unit, but only here.

    An organisation that is no partner (level None) is the contract's provider: its contact may look.
    """
    if level is None:
        return OWN_CONTRACT_PERMISSIONS if role == Role.PROVIDER_CONTACT else frozenset()
    return permissions_at(level, role) & frozenset(CONTRACT_PERMISSIONS)
