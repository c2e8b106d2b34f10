from commissioning.models.membership import Membership, OrganisationRole
from commissioning.models.organisation import Organisation, OrganisationIdentifier, OrganisationSuccession
from commissioning.models.stand_in import StandIn
from commissioning.models.unit import (
    CommissioningUnit,
    CommissioningUnitGroupObjectPermission,
    ServiceArea,
    UnitPartner,
)

__all__ = [
    "CommissioningUnit",
    "CommissioningUnitGroupObjectPermission",
    "Membership",
    "Organisation",
    "OrganisationIdentifier",
    "OrganisationRole",
    "OrganisationSuccession",
    "ServiceArea",
    "StandIn",
    "UnitPartner",
]
