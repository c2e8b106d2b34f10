"""Invented providers: made-up places, so that no real body is meant."""

from collections.abc import Collection
from typing import Final

from commissioning.choices import OrganisationKind

from .named import DISABILITY, EARLY_YEARS, EMOTIONAL, HEALTH, IN_NEED, LOCALITIES, LOOKED_AFTER, SCHOOLS, SEN

PROVIDERS: Final = 177
"""«228 contracts with 177 external providers»."""

PLACES: Final = (
    "Alderlode", "Ashwater", "Barholme", "Bellmarsh", "Birkwold", "Brackendyke", "Carrholm", "Coldlode", "Cranwater",
    "Deepwold", "Dunmere", "Eaudyke", "Elmcarr", "Fenlode", "Fosswater", "Goosedyke", "Gowtside", "Haverlode",
    "Hollowdale", "Ingelow", "Kelderby", "Larkfen", "Limewold", "Marlode", "Millcarr", "Nettledyke", "Oldwater",
    "Osierholm", "Pinchwold", "Reedlode", "Rushlode", "Saltdyke", "Sedgewold", "Skirwater", "Stonecarr",
    "Swanlode", "Teallode", "Thornlode", "Toftwater", "Wainholm", "Wellowside", "Whinwold", "Willowdyke",
    "Wraglode", "Wyberlode", "Yewcarr",
)  # fmt: skip

TRADES: Final = {
    LOOKED_AFTER: ("Fostering Ltd", "Advocates", "Homes Ltd", "Young People CIC", "Mentors"),
    LOCALITIES: ("Families CIC", "Youth Partnership", "Community Association", "Neighbourhoods CIC"),
    DISABILITY: ("Care Ltd", "Equipment Ltd", "Disability Action", "Breaks CIC"),
    SEN: ("Autism Trust", "Sensory Services", "Learning Support Ltd"),
    EARLY_YEARS: ("Children’s Centres CIC", "Nurseries Ltd", "Early Years Association"),
    SCHOOLS: ("School Advisers Ltd", "Education Partnership"),
    IN_NEED: ("Family Conferencing", "Family Meetings CIC"),
    HEALTH: ("Health Outreach CIC", "Wellbeing Ltd"),
    EMOTIONAL: ("Counselling Trust", "Minds CIC"),
}


def new_name(area: str, taken: Collection[str]) -> str:
    """A provider's name in an area of work that nobody has yet; places come round before trades."""
    trades = TRADES[area]
    for number in range(len(taken), len(taken) + len(PLACES) * len(trades)):
        name = f"{PLACES[number % len(PLACES)]} {trades[number // len(PLACES) % len(trades)]}"
        if name not in taken:
            return name
    raise ValueError(f"No name is left for a provider in {area}.")


def kind_of(name: str) -> OrganisationKind:
    """By the last words of the name."""
    if "NHS" in name:
        return OrganisationKind.NHS_TRUST
    if name.endswith((" Ltd", " CIC")):
        return OrganisationKind.COMPANY
    return OrganisationKind.VOLUNTARY_SECTOR
