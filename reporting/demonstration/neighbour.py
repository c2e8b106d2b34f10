"""A neighbouring council, invented with all it has, that shares nothing with Lincolnshire."""

from random import Random
from typing import Final

from contracts.choices import Risk

from .assessment import Assessed
from .named import DISABILITY, EMOTIONAL, LOCALITIES, LOOKED_AFTER
from .people import NEIGHBOUR_COMMISSIONER, NEIGHBOUR_OFFICER
from .ratings import Rating, history
from .register import Draft
from .terms import Term, three_years

NEIGHBOUR_AREAS: Final = (LOOKED_AFTER, LOCALITIES, DISABILITY, EMOTIONAL)

_STANDARD: Final[Term] = three_years(2013, 4)

CONTRACTS: Final = (
    ("CS/0147", "School counselling, Fenmarch", EMOTIONAL, "Marchwater Counselling Trust", "r", 3),
    ("CS/0148", "Leaving care advisers, Fenmarch", LOOKED_AFTER, "Marchwater Young People CIC", "a", 5),
    ("CS/0149", "Short breaks, Fenmarch", DISABILITY, "Eastmarch Breaks CIC", "g", 7),
    ("CS/0150", "Family centres, Fenmarch", LOCALITIES, "Eastmarch Families CIC", "g", 6),
    ("CS/0151", "Foster carer training, Fenmarch", LOOKED_AFTER, "Eastmarch Fostering Ltd", "g", 6),
)
"""One reference is also one of Lincolnshire's, as references are each unit's own."""

_RISKS: Final = {"r": Risk.RED, "a": Risk.AMBER, "g": Risk.GREEN}


def neighbour_contracts(rng: Random) -> list[Assessed]:
    rows = []
    for reference, title, area, provider, letter, jet in CONTRACTS:
        draft = Draft(
            title,
            area,
            _STANDARD,
            NEIGHBOUR_OFFICER,
            NEIGHBOUR_COMMISSIONER,
            providers=(provider,),
            reference=reference,
        )
        now = Rating(_RISKS[letter], jet)
        rows.append(Assessed(draft, history(rng, september=now, october=now, start=_STANDARD.start)))
    return rows
