"""What a person may do, and which roles may do it.

The sentences are what the screens and the README show. A permission marked for a unit is granted on
one commissioning unit (and, for a restricted contract, on that contract) to the group
"organisation x role"; it never holds anywhere else.
"""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """Codenames as stored in the grant tables."""

    VIEW_CONTRACTS = "view_contracts"
    EDIT_CONTRACTS = "edit_contracts"
    RETURN_CONTRACTS = "return_contracts"
    REVIEW_RETURNS = "review_returns"
    EXPORT_CONTRACTS = "export_contracts"
    RESTRICT_CONTRACTS = "restrict_contracts"
    VIEW_AUDIT = "view_audit"
    MANAGE_UNIT = "manage_unit"
    MANAGE_PEOPLE = "manage_people"
    SPEAK_FOR_PROVIDER = "speak_for_provider"
    SIGNED_IN = "signed_in"

    @property
    def description(self) -> str:
        return DESCRIPTIONS[self]


DESCRIPTIONS: dict[Permission, str] = {
    Permission.VIEW_CONTRACTS: "See the unit's contracts, their monthly returns and the dashboard",
    Permission.EDIT_CONTRACTS: "Add, import and change contracts",
    Permission.RETURN_CONTRACTS: "Enter monthly returns, and keep KPIs, plans and meetings, of contracts they are"
    " officer, deputy or service manager of",
    Permission.REVIEW_RETURNS: "Accept returns or send them back, and do for any contract what its officer does",
    Permission.EXPORT_CONTRACTS: "Export the register",
    Permission.RESTRICT_CONTRACTS: "Restrict a contract as commercially sensitive, and lift it",
    Permission.VIEW_AUDIT: "Read who changed what, and why",
    Permission.MANAGE_UNIT: "Add, change and remove the unit's partner organisations",
    Permission.MANAGE_PEOPLE: "Add people of their own organisation, give and end their roles",
    Permission.SPEAK_FOR_PROVIDER: "Say what the provider thinks of a grade, report KPIs, propose outcomes",
    Permission.SIGNED_IN: "Open pages that everyone signed in may open",
}

#: Granted on a commissioning unit to a group "organisation x role".
UNIT_PERMISSIONS: tuple[Permission, ...] = (
    Permission.VIEW_CONTRACTS,
    Permission.EDIT_CONTRACTS,
    Permission.RETURN_CONTRACTS,
    Permission.REVIEW_RETURNS,
    Permission.EXPORT_CONTRACTS,
    Permission.RESTRICT_CONTRACTS,
    Permission.VIEW_AUDIT,
    Permission.MANAGE_UNIT,
)
#: Granted on one restricted contract instead of its unit.
CONTRACT_PERMISSIONS: tuple[Permission, ...] = tuple(p for p in UNIT_PERMISSIONS if p != Permission.MANAGE_UNIT)
#: All that an observing partner's people may do, whatever their role.
OBSERVER_PERMISSIONS = frozenset({Permission.VIEW_CONTRACTS})
#: What the one named national sight opens, on everything that is not restricted.
NATIONALLY_OPEN_PERMISSIONS = frozenset({Permission.VIEW_CONTRACTS, Permission.EXPORT_CONTRACTS})
#: Kept to the host organisation.
HOST_ONLY_PERMISSIONS = frozenset({Permission.MANAGE_UNIT})


class Role(StrEnum):
    """Codes as stored on a membership."""

    COMMISSIONER = "commissioner"
    CONTRACT_OFFICER = "contract_officer"
    BOARD_SECRETARY = "board_secretary"
    SERVICE_MANAGER = "service_manager"
    FINANCE = "finance"
    CLINICAL_LEAD = "clinical_lead"
    AUDITOR = "auditor"
    PROVIDER_CONTACT = "provider_contact"
    ORGANISATION_ADMINISTRATOR = "organisation_administrator"

    @property
    def label(self) -> str:
        return ROLES[self].label


@dataclass(frozen=True)
class RoleDefinition:
    """A role, the sentence that screens show, and what its people may do on their units."""

    label: str
    description: str
    permissions: frozenset[Permission]


_V, _E, _R, _X = (
    Permission.VIEW_CONTRACTS,
    Permission.EDIT_CONTRACTS,
    Permission.RETURN_CONTRACTS,
    Permission.EXPORT_CONTRACTS,
)

ROLES: dict[Role, RoleDefinition] = {
    Role.COMMISSIONER: RoleDefinition(
        "Commissioner",
        "Manages the unit's contracts: loads and changes the register, reviews every return, restricts what is"
        " commercially sensitive, and for the host organisation manages the partners.",
        frozenset({_V, _E, _R, _X, Permission.REVIEW_RETURNS, Permission.RESTRICT_CONTRACTS, Permission.MANAGE_UNIT}),
    ),
    Role.CONTRACT_OFFICER: RoleDefinition(
        "Contract officer",
        "Returns risk and JET each month for the contracts they are officer or deputy of, keeps their KPIs, plans and"
        " board meetings, and exports the register.",
        frozenset({_V, _R, _X}),
    ),
    Role.BOARD_SECRETARY: RoleDefinition(
        "Board secretary",
        "Reads the unit's contracts and exports what a board needs.",
        frozenset({_V, _X}),
    ),
    Role.SERVICE_MANAGER: RoleDefinition(
        "Service manager",
        "Returns risk and JET for the contracts of their own service area, says what they would give, and reads the"
        " rest.",
        frozenset({_V, _R, _X}),
    ),
    Role.FINANCE: RoleDefinition("Finance", "Reads values and partner shares, and exports them.", frozenset({_V, _X})),
    Role.CLINICAL_LEAD: RoleDefinition(
        "Clinical lead", "Reads the unit's contracts and their returns.", frozenset({_V})
    ),
    Role.AUDITOR: RoleDefinition(
        "Auditor",
        "Reads everything in sight, the audit log and exempt items; changes nothing.",
        frozenset({_V, _X, Permission.VIEW_AUDIT}),
    ),
    Role.PROVIDER_CONTACT: RoleDefinition(
        "Provider contact",
        "Of a provider: sees that provider's own contracts and nothing else; on them says what the provider thinks of"
        " the grade, reports KPIs that it measures and proposes outcomes.",
        frozenset(),
    ),
    Role.ORGANISATION_ADMINISTRATOR: RoleDefinition(
        "Organisation administrator",
        "Adds people of their own organisation and gives and ends their roles; sees no contract by that.",
        frozenset(),
    ),
}

#: What a provider's own contact may do on the provider's own contract.
OWN_CONTRACT_PERMISSIONS = frozenset({Permission.VIEW_CONTRACTS})

#: Roles that a grant can name on a unit or a contract.
GRANTED_ROLES: tuple[Role, ...] = tuple(role for role, definition in ROLES.items() if definition.permissions)
