"""What may be chosen for organisations and units. The codes are stored and never change; the labels are for reading."""

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    COUNCIL = "council", "Council"
    CCG = "ccg", "Clinical commissioning group"
    LCG = "lcg", "Local commissioning group"
    ICB = "icb", "Integrated care board"
    NHS_ENGLAND_AREA_TEAM = "nhs_england_area_team", "NHS England area team"
    PUBLIC_HEALTH = "public_health", "Public health"
    NHS_TRUST = "nhs_trust", "NHS trust"
    COMPANY = "company", "Company"
    VOLUNTARY_SECTOR = "voluntary_sector", "Voluntary sector"
    OTHER = "other", "Other"


class IdentifierScheme(TextChoices):
    """The registers that codes come from; `rules.SCHEMES` says what published data calls each of them."""

    ODS = "ods", "NHS organisation code (ODS)"
    GSS = "gss", "ONS GSS code"
    COMPANY = "company", "Companies House number"
    CHARITY = "charity", "Charity number"
    CFS = "cfs", "Contracts Finder record"
    PPON = "ppon", "Public procurement organisation number (PPON)"
    LOCAL_AUTHORITY = "local_authority", "Local authority code"


class UnitKind(TextChoices):
    JOINT_COMMISSIONING_UNIT = "joint_commissioning_unit", "Joint commissioning unit"
    INTEGRATED_HUB = "integrated_hub", "Integrated hub"
    JOINT_TEAM = "joint_team", "Joint team"
    VIRTUAL_UNIT = "virtual_unit", "Virtual unit over other units"


class UnitStatus(TextChoices):
    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    LIVE = "live", "Live"
    CLOSED = "closed", "Closed"


class PartnerLevel(TextChoices):
    HOST = "host", "Host"
    FULL = "full", "Full partner"
    OBSERVER = "observer", "Observer"
