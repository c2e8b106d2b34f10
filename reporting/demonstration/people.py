"""The bodies that commission, from the papers, and the people of the demonstration, all invented."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from accounts.permissions import Role
from commissioning.choices import IdentifierScheme, OrganisationKind, PartnerLevel

PASSWORD: Final = "commission-together-2014"  # noqa: S105  (shown on purpose: opens invented data only)

UNIT_CODE: Final = "lincolnshire-childrens"
UNIT_NAME: Final = "Children’s Services commissioning"
COUNCIL: Final = "Lincolnshire County Council"
EAST_CCG: Final = "Lincolnshire East CCG"
WEST_CCG: Final = "Lincolnshire West CCG"
SOUTH_CCG: Final = "South Lincolnshire CCG"
SOUTH_WEST_CCG: Final = "South West Lincolnshire CCG"
CCGS: Final = (WEST_CCG, EAST_CCG, SOUTH_CCG, SOUTH_WEST_CCG)
AREA_TEAM: Final = "NHS England Leicestershire and Lincolnshire Area Team"
PUBLIC_HEALTH: Final = "Public health, Lincolnshire County Council"

NEIGHBOUR: Final = "Fenmarch County Council"
NEIGHBOUR_UNIT_CODE: Final = "fenmarch-childrens"
NEIGHBOUR_UNIT_NAME: Final = "Fenmarch children’s commissioning"

PETERBOROUGH: Final = "Peterborough City Council"
PETERBOROUGH_CCG: Final = "Cambridgeshire and Peterborough CCG"
PETERBOROUGH_TRUST: Final = "Cambridgeshire and Peterborough NHS Foundation Trust"
PETERBOROUGH_UNIT_CODE: Final = "peterborough-childrens"
PETERBOROUGH_UNIT_NAME: Final = "Peterborough and Borderline joint commissioning"

COUNCIL_FROM: Final = date(2012, 4, 1)
HEALTH_FROM: Final = date(2013, 4, 1)
"""Clinical commissioning groups and area teams exist since the Health and Social Care Act 2012 took effect."""


@dataclass(frozen=True)
class Body:
    """An organisation; ``level`` is its part in Lincolnshire's unit."""

    name: str
    kind: OrganisationKind
    identifiers: tuple[tuple[IdentifierScheme, str], ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None
    level: PartnerLevel | None = None
    is_invented: bool = False


def _ccg(name: str, code: str) -> Body:
    return Body(
        name,
        OrganisationKind.CCG,
        ((IdentifierScheme.ODS, code),),
        opened_on=HEALTH_FROM,
        closed_on=date(2020, 3, 31),
        level=PartnerLevel.FULL,
    )


def _trust(name: str, code: str, opened_on: date) -> Body:
    return Body(name, OrganisationKind.NHS_TRUST, ((IdentifierScheme.ODS, code),), opened_on=opened_on)


BODIES: Final = (
    Body(
        COUNCIL,
        OrganisationKind.COUNCIL,
        ((IdentifierScheme.GSS, "E10000019"), (IdentifierScheme.LOCAL_AUTHORITY, "LIN")),
        level=PartnerLevel.HOST,
    ),
    _ccg(EAST_CCG, "03T"),
    _ccg(WEST_CCG, "04D"),
    _ccg(SOUTH_CCG, "99D"),
    _ccg(SOUTH_WEST_CCG, "04Q"),
    Body(AREA_TEAM, OrganisationKind.NHS_ENGLAND_AREA_TEAM, opened_on=HEALTH_FROM, level=PartnerLevel.OBSERVER),
    Body(PUBLIC_HEALTH, OrganisationKind.PUBLIC_HEALTH, opened_on=HEALTH_FROM),
    _trust("Lincolnshire Partnership NHS Foundation Trust", "RP7", date(2001, 4, 1)),
    _trust("Lincolnshire Community Health Services NHS Trust", "RY5", date(2011, 4, 1)),
    Body(NEIGHBOUR, OrganisationKind.COUNCIL, is_invented=True),
    Body(
        PETERBOROUGH,
        OrganisationKind.COUNCIL,
        ((IdentifierScheme.GSS, "E06000031"), (IdentifierScheme.LOCAL_AUTHORITY, "PTE")),
    ),
    replace(_ccg(PETERBOROUGH_CCG, "06H"), level=None),
    _trust(PETERBOROUGH_TRUST, "RT1", date(2008, 6, 1)),
)


@dataclass(frozen=True)
class Person:
    """Somebody invented. ``shown_as`` is the role in the list of sign-ins; empty for those not listed."""

    name: str
    host: str
    organisation: str
    role: Role
    shown_as: str = ""
    since: date = COUNCIL_FROM

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@{self.host}.example"


COMMISSIONER: Final = "Jo Marsh"
SAM: Final = "Sam Fielding"
KEMI: Final = "Kemi Obi"
THORNE: Final = "Megan Thorne"
ADEYEMI: Final = "Rotimi Adeyemi"
LUND: Final = "Peter Lund"
GARLAND: Final = "Helen Garland"
ASKEW: Final = "Tom Askew"
NEIGHBOUR_OFFICER: Final = "Fay Brandt"
NEIGHBOUR_COMMISSIONER: Final = "Owen Hale"
PETERBOROUGH_COMMISSIONER: Final = "Ruth Ames"
PETERBOROUGH_OFFICER: Final = "Colin Dyer"
PROVIDER_CONTACT: Final = "Leah Marsden"
PROVIDER_OF_CONTACT: Final = "Marshland Families CIC"

_COUNCIL = ("lincolnshire", COUNCIL)

PEOPLE: Final = (
    Person(COMMISSIONER, *_COUNCIL, Role.COMMISSIONER, "Commissioner"),
    Person(SAM, *_COUNCIL, Role.CONTRACT_OFFICER, "Contract officer"),
    Person(KEMI, *_COUNCIL, Role.CONTRACT_OFFICER, "Contract officer"),
    Person(THORNE, *_COUNCIL, Role.CONTRACT_OFFICER),
    Person(ADEYEMI, *_COUNCIL, Role.CONTRACT_OFFICER),
    Person(LUND, *_COUNCIL, Role.CONTRACT_OFFICER),
    Person(
        "Grace Dunmore",
        "southwestlincolnshireccg",
        SOUTH_WEST_CCG,
        Role.BOARD_SECRETARY,
        "Board secretary",
        HEALTH_FROM,
    ),
    Person(GARLAND, *_COUNCIL, Role.SERVICE_MANAGER, "Service manager"),
    Person(ASKEW, *_COUNCIL, Role.SERVICE_MANAGER),
    Person("Priya Raman", *_COUNCIL, Role.FINANCE, "Finance"),
    Person("Alan Whitby", "lincolnshireeastccg", EAST_CCG, Role.CLINICAL_LEAD, "Clinical lead", HEALTH_FROM),
    Person("Nadia Cole", *_COUNCIL, Role.AUDITOR, "Auditor"),
    Person(PROVIDER_CONTACT, "marshlandfamilies", PROVIDER_OF_CONTACT, Role.PROVIDER_CONTACT, "Provider contact"),
    Person("Ivy Thorpe", *_COUNCIL, Role.ORGANISATION_ADMINISTRATOR, "Organisation administrator"),
    Person(
        "Dinah Marlow",
        "lincolnshirewestccg",
        WEST_CCG,
        Role.COMMISSIONER,
        "Commissioner of a CCG",
        HEALTH_FROM,
    ),
    Person("Mark Selby", "areateam", AREA_TEAM, Role.COMMISSIONER, "Commissioner of an observing partner", HEALTH_FROM),
    Person(NEIGHBOUR_COMMISSIONER, "fenmarch", NEIGHBOUR, Role.COMMISSIONER, "Commissioner of a neighbouring council"),
    Person(NEIGHBOUR_OFFICER, "fenmarch", NEIGHBOUR, Role.CONTRACT_OFFICER),
    Person(PETERBOROUGH_COMMISSIONER, "peterborough", PETERBOROUGH, Role.COMMISSIONER, "Commissioner of Peterborough"),
    Person(PETERBOROUGH_OFFICER, "peterborough", PETERBOROUGH, Role.CONTRACT_OFFICER),
)
