"""The thirteen services under review that the paper names, and what else the dashboard shows by name.

The names are the paper's; providers, places, values, terms and ratings are invented. All the services under review end
from March to September 2015 («A number of services are due to end from March 2015 through to September 2015»).
"""

from dataclasses import dataclass
from typing import Final

from contracts.choices import Management

from .people import ADEYEMI, KEMI, LUND, SAM, THORNE
from .terms import Term, three_years

UNDER_REVIEW: Final = (
    "Leaving Care",
    "CAMHS",
    "Youth Housing",
    "Domiciliary Care for CWD",
    "Short breaks for CWD",
    "Solutions 4",
    "Outreach Support Service",
    "Family Support",
    "Adoption support",
    "Locality commissioning",
    "School Improvement Service",
    "LAC & SEND Placements",
    "Regional developments",
)

LOOKED_AFTER: Final = "Looked after children"
LOCALITIES: Final = "Localities"
DISABILITY: Final = "Disability"
SEN: Final = "SEN"
EARLY_YEARS: Final = "Early years"
SCHOOLS: Final = "School improvement"
IN_NEED: Final = "Children in need"
HEALTH: Final = "Public health"
EMOTIONAL: Final = "Emotional health"


@dataclass(frozen=True)
class Concern:
    """Twelve months of risk, November 2013 to October 2014 (r, a, g; n not returned), with the last JET scores.

    ``jet_now`` is the score of the view of October, ``jet_before`` that of the return before it.
    """

    risks: str
    jet_now: int
    jet_before: int
    jets: tuple[int, ...] = ()


@dataclass(frozen=True)
class Named:
    """A contract known by its name. ``annual`` is pounds, None where it is as invented as its neighbours'."""

    title: str
    area: str
    term: Term
    officer: str = ""
    providers: tuple[str, ...] = ()
    annual: int | None = None
    concern: Concern | None = None
    reference: str = ""
    description: str = ""
    management: Management = Management.CENTRAL


FRAMEWORK_PROVIDERS: Final = (
    "Alderlode Children’s Homes Ltd",
    "Bellmarsh Care and Education Ltd",
    "Carrholm Schools Ltd",
    "Deepwold House Ltd",
    "Eaudyke Residential Care Ltd",
    "Fosswater Fostering Ltd",
    "Gowtside Children’s Services Ltd",
    "Hollowdale Schools Trust",
    "Ingelow Homes Ltd",
)

_SPRING = three_years(2012, 4)
_JULY = three_years(2012, 7, notice=5)
_SEPTEMBER = three_years(2012, 9, notice=6)
_AUTUMN = three_years(2012, 10, notice=6)

NAMED: Final = (
    Named(
        "Youth Housing, Lincoln", LOOKED_AFTER, _SPRING, SAM, ("Trent Youth Housing",), 412_000,
        Concern("aaaaaggaaaar", 3, 4),
    ),
    Named("Youth Housing, Boston", LOOKED_AFTER, _SPRING),
    Named("Youth Housing, East Lindsey", LOOKED_AFTER, _SPRING),
    Named("Youth Housing, West Lindsey", LOOKED_AFTER, _SPRING),
    Named("Youth Housing, Kesteven", LOOKED_AFTER, _SPRING),
    Named("Youth Housing, South Holland", LOOKED_AFTER, _SPRING),
    Named(
        "LAC & SEND placements", LOOKED_AFTER, three_years(2012, 9, (12,), notice=6), KEMI, FRAMEWORK_PROVIDERS,
        1_180_000, Concern("ggggaaaaaaar", 3, 5),
        description="A framework of nine providers of residential and day places.",
    ),
    Named(
        "Adoption support", LOOKED_AFTER, _SEPTEMBER, SAM, ("Kin & Kind Agency",), 167_000,
        Concern("ggggaaaaanar", 4, 5),
    ),
    Named(
        "Domiciliary care for CWD", DISABILITY, three_years(2010, 4, notice=4, used=2), SAM, ("Wolds Homecare",),
        368_000, Concern("ggaaaaarrrrr", 2, 3),
        description="Personal care at home for children with disabilities.",
    ),
    Named(
        "Outreach Support Service", LOCALITIES, three_years(2012, 7, (12,), notice=5), SAM, ("Haven Outreach",),
        146_000, Concern("aarrrraarrrr", 3, 3),
    ),
    Named("Solutions 4", SEN, _AUTUMN, SAM, ("Solutions 4 Partnership",), 204_000, Concern("aaaaaaaarrrr", 3, 3)),
    Named(
        "Leaving Care, East", LOOKED_AFTER, _JULY, SAM, ("Pilgrim Care Leavers",), 238_000,
        Concern("gggggaaaarrr", 3, 4),
    ),
    Named("Leaving Care, West", LOOKED_AFTER, _JULY),
    Named("Leaving Care, South", LOOKED_AFTER, _JULY),
    Named(
        "Family Support, Boston", LOCALITIES, _AUTUMN, SAM, ("Marshland Families CIC",), 121_000,
        Concern("aaaaarraaarr", 3, 3),
    ),
    Named("Family Support, East Lindsey", LOCALITIES, _AUTUMN, SAM, ("Marshland Families CIC",)),
    Named("Family Support, Lincoln", LOCALITIES, _AUTUMN, KEMI, ("Fenland Family CIC",)),
    Named("Family Support, North Kesteven", LOCALITIES, _AUTUMN),
    Named("Family Support, South Holland", LOCALITIES, _AUTUMN),
    Named("Family Support, South Kesteven", LOCALITIES, _AUTUMN),
    Named("Family Support, West Lindsey", LOCALITIES, _AUTUMN),
    Named(
        "Locality commissioning, South Holland", LOCALITIES, three_years(2010, 4, used=2), THORNE,
        ("Welland Together",), 64_000, Concern("rrrraaaaaarr", 4, 4),
    ),
    Named("Locality commissioning, West Lindsey", LOCALITIES, _AUTUMN, SAM, ("Ermine Street Support",)),
    Named(
        "CAMHS Tier 3", EMOTIONAL, _AUTUMN, SAM, ("Fosse and Witham NHS Foundation Trust",), 6_400_000,
        Concern("aarrrraaaaaa", 5, 4, (5, 4, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5)), "CS/0147",
        "Child and adolescent mental health services.",
    ),
    Named(
        "Short breaks for CWD", DISABILITY, _SPRING, SAM, ("Fenside Short Breaks CIC",), 1_250_000,
        Concern("ggggggaaaaaa", 5, 5, (6, 6, 7, 6, 6, 6, 6, 5, 5, 5, 5, 5)), "CS/0093",
        "Short breaks, day and overnight, for children with disabilities.",
    ),
    Named(
        "Speech and Language Therapy", SEN, three_years(2013, 4, (), notice=6), SAM,
        ("Bellwater Community Health NHS Trust",), 520_000, Concern("rrrraaaaaaag", 6, 5),
    ),
    Named("School Improvement Service", SCHOOLS, _SEPTEMBER, LUND),
    Named(
        "Regional developments", LOOKED_AFTER, three_years(2012, 10, ()), ADEYEMI,
        description="East Midlands work towards a regional contract for residential and school placements.",
    ),
)  # fmt: skip
