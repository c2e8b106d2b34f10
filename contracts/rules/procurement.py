"""Which routes to a contract each procurement regime knows, and what it asks of KPIs."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..choices import ProcurementRegime as Regime
from ..choices import ProcurementRoute as Route


@dataclass(frozen=True)
class RegimeRoutes:
    """The routes of one regime, in the order of the list a person chooses from, with the law that gives them.

    `of_route` ends the sentence «… is not a route under …».
    """

    regime: Regime
    routes: tuple[Route, ...]
    of_route: str
    source: str


PUBLISHED_KPIS_OVER: Final = Decimal(5_000_000)
"""Pounds of estimated value: Procurement Act 2023, s.52."""

_REGULATIONS_ROUTES: Final = (
    Route.OPEN,
    Route.RESTRICTED,
    Route.NEGOTIATED,
    Route.DIRECT_AWARD,
    Route.FRAMEWORK_CALL_OFF,
    Route.QUOTATION,
)
_ACT_ROUTES: Final = (Route.OPEN, Route.COMPETITIVE_FLEXIBLE, Route.DIRECT_AWARD, Route.FRAMEWORK_CALL_OFF)

REGIMES: Final = (
    RegimeRoutes(
        Regime.PCR2006,
        _REGULATIONS_ROUTES,
        "the Public Contracts Regulations 2006",
        "SI 2006/5, regs 13 to 17, 19; regs 5 and 8 leave Part B services and those below threshold to quotations and "
        "direct award. For procurements begun before 26 February 2015 (SI 2015/102, reg 118)",
    ),
    RegimeRoutes(
        Regime.PCR2015,
        _REGULATIONS_ROUTES,
        "the Public Contracts Regulations 2015",
        "SI 2015/102, regs 27 to 29, 32, 33; Part 4 for quotations below threshold",
    ),
    RegimeRoutes(
        Regime.PA2023_FULL,
        _ACT_ROUTES,
        "the Procurement Act 2023",
        "Procurement Act 2023, ss.20, 41 to 43, 45",
    ),
    RegimeRoutes(
        Regime.PA2023_LIGHT_TOUCH,
        _ACT_ROUTES,
        "the light touch regime of the Procurement Act 2023",
        "Procurement Act 2023, ss.9, 20, 41 to 43, 45, Schedule 5",
    ),
    RegimeRoutes(
        Regime.PA2023_BELOW_THRESHOLD,
        (*_ACT_ROUTES, Route.QUOTATION),
        "the below-threshold rules of the Procurement Act 2023",
        "Procurement Act 2023, Part 6 (s.85 bars a separate selection stage, hence no restricted procedure)",
    ),
    RegimeRoutes(
        Regime.PSR,
        (
            Route.PSR_DIRECT_A,
            Route.PSR_DIRECT_B,
            Route.PSR_DIRECT_C,
            Route.PSR_MOST_SUITABLE,
            Route.PSR_COMPETITIVE,
            Route.FRAMEWORK_CALL_OFF,
        ),
        "the Provider Selection Regime",
        "Health Care Services (Provider Selection Regime) Regulations 2023, SI 2023/1348",
    ),
    RegimeRoutes(Regime.GRANT, (), "a grant, which is not procured", "No procurement law applies to a grant"),
    RegimeRoutes(Regime.NONE, (), "an arrangement that is not procured", "No procurement law applies"),
    RegimeRoutes(
        Regime.UNKNOWN,
        tuple(route for route in Route if route is not Route.UNKNOWN),
        "a regime that is not known",
        "Nothing is ruled out while the regime is not known",
    ),
)


def routes_of(regime: str) -> tuple[Route, ...]:
    """The routes a person may choose under a regime, «not known» last. Raises ValueError for a regime not kept here."""
    return (*_row_of(regime).routes, Route.UNKNOWN)


def route_error(regime: str, route: str) -> str | None:
    """The sentence for a route that the regime does not know. An empty route is one not known."""
    if not route or Route(route) in routes_of(regime):
        return None
    return f"{Route(route).label} is not a route under {_row_of(regime).of_route}."


def _row_of(regime: str) -> RegimeRoutes:
    wanted = Regime(regime)
    return next(row for row in REGIMES if row.regime is wanted)


def publication_words(regime: str, whole_life_value: Decimal | None) -> str:
    """What the law asks about publishing a contract's KPIs.

    Procurement Act 2023, s.52: before a public contract of an estimated value over £5 million, at least three KPIs are
    set and published, unless its performance could not appropriately be assessed by them. Frameworks, concessions and
    light touch contracts are exempt; other regimes have no such duty.
    """
    if Regime(regime) is not Regime.PA2023_FULL or (whole_life_value or 0) <= PUBLISHED_KPIS_OVER:
        return "No duty to publish KPIs is known for this contract. Publishing some is voluntary good practice."
    return (
        "Section 52 of the Procurement Act 2023 asks for at least 3 published KPIs where a contract is worth more than "
        "£5 million, unless it could not be assessed by them."
    )
