import pytest

from contracts.choices import ProcurementRegime, ProcurementRoute
from contracts.rules.procurement import REGIMES, route_error, routes_of

PSR_ROUTES = {
    ProcurementRoute.PSR_DIRECT_A,
    ProcurementRoute.PSR_DIRECT_B,
    ProcurementRoute.PSR_DIRECT_C,
    ProcurementRoute.PSR_MOST_SUITABLE,
    ProcurementRoute.PSR_COMPETITIVE,
}
REGULATIONS = {
    ProcurementRoute.OPEN,
    ProcurementRoute.RESTRICTED,
    ProcurementRoute.NEGOTIATED,
    ProcurementRoute.DIRECT_AWARD,
    ProcurementRoute.FRAMEWORK_CALL_OFF,
    ProcurementRoute.QUOTATION,
}
ACT = {
    ProcurementRoute.OPEN,
    ProcurementRoute.COMPETITIVE_FLEXIBLE,
    ProcurementRoute.DIRECT_AWARD,
    ProcurementRoute.FRAMEWORK_CALL_OFF,
}
ALLOWED = {
    ProcurementRegime.PCR2006: REGULATIONS,
    ProcurementRegime.PCR2015: REGULATIONS,
    ProcurementRegime.PA2023_FULL: ACT,
    ProcurementRegime.PA2023_LIGHT_TOUCH: ACT,
    ProcurementRegime.PA2023_BELOW_THRESHOLD: ACT | {ProcurementRoute.QUOTATION},
    ProcurementRegime.PSR: PSR_ROUTES | {ProcurementRoute.FRAMEWORK_CALL_OFF},
    ProcurementRegime.GRANT: set(),
    ProcurementRegime.NONE: set(),
    ProcurementRegime.UNKNOWN: set(ProcurementRoute) - {ProcurementRoute.UNKNOWN},
}


def test_each_regime_has_one_row_with_its_source():
    assert [row.regime for row in REGIMES] == list(ProcurementRegime)
    assert all(row.source for row in REGIMES)


@pytest.mark.parametrize("regime", ProcurementRegime)
@pytest.mark.parametrize("route", ProcurementRoute)
def test_route_error_for_each_pair(regime, route):
    allowed = route in ALLOWED[regime] | {ProcurementRoute.UNKNOWN}
    assert (route_error(regime, route) is None) is allowed


@pytest.mark.parametrize("regime", ProcurementRegime)
def test_not_known_is_offered_last(regime):
    routes = routes_of(regime)
    assert routes[-1] is ProcurementRoute.UNKNOWN
    assert len(set(routes)) == len(routes)


@pytest.mark.parametrize(
    ("regime", "route", "sentence"),
    [
        ("psr", "open", "Open procedure is not a route under the Provider Selection Regime."),
        (
            "pa2023_light_touch",
            "psr_direct_c",
            "Direct award process C is not a route under the light touch regime of the Procurement Act 2023.",
        ),
        (
            "pcr2006",
            "competitive_flexible",
            "Competitive flexible procedure is not a route under the Public Contracts Regulations 2006.",
        ),
        ("grant", "open", "Open procedure is not a route under a grant, which is not procured."),
    ],
)
def test_the_sentence(regime, route, sentence):
    assert route_error(regime, route) == sentence


def test_an_empty_route_is_one_not_known():
    assert route_error("psr", "") is None
