"""Eleven contracts being procured; one of them commercially sensitive."""

from datetime import date
from typing import Final

from .named import DISABILITY, EARLY_YEARS, EMOTIONAL, IN_NEED, LOCALITIES, LOOKED_AFTER, SCHOOLS, SEN
from .people import ADEYEMI, COUNCIL, LUND, THORNE, WEST_CCG
from .register import Draft
from .terms import three_years, two_years

RESTRICTED_TITLE: Final = "Residential short breaks, new model"
RESTRICTED_REASON: Final = (
    "Providers have not yet been told which services would move into the new model, and bids would be affected."
)
RESTRICTED_NAMED: Final = (COUNCIL, WEST_CCG)
RESTRICTED_REVIEW: Final = date(2015, 2, 3)


def procured_contracts() -> list[Draft]:
    """They start between December 2014 and September 2015; two are awarded, the others have no provider yet."""
    april, september = three_years(2015, 4), three_years(2015, 9)
    return [
        Draft(RESTRICTED_TITLE, DISABILITY, september, THORNE, annual=840_000),
        Draft("Short breaks for CWD, from 2015", DISABILITY, april, THORNE, annual=1_260_000),
        Draft("Domiciliary care for CWD, from 2015", DISABILITY, april, ADEYEMI, annual=380_000),
        Draft("Youth Housing, from 2015", LOOKED_AFTER, april, LUND, annual=1_100_000),
        Draft("Return interviews", LOOKED_AFTER, two_years(2015, 1), ADEYEMI, annual=48_000),
        Draft("Locality grants, South Holland", LOCALITIES, april, THORNE, annual=60_000),
        Draft("Independent supporters, second round", SEN, two_years(2015, 1), LUND, annual=72_000),
        Draft("Two-year-old places, new centres", EARLY_YEARS, april, ADEYEMI, annual=95_000),
        Draft("Phonics programme", SCHOOLS, two_years(2014, 12), LUND, annual=36_000),
        Draft("Family group conferences, from 2015", IN_NEED, april, THORNE, annual=88_000),
        Draft("Online counselling", EMOTIONAL, april, LUND, annual=110_000),
    ]


AWARDED: Final = {"Return interviews": LOOKED_AFTER, "Phonics programme": SCHOOLS}
"""By title, the area whose providers won."""
