import pytest

from contracts.choices import ProcurementRegime as Regime
from contracts.choices import ProcurementRoute as Route
from contracts.ocds.procurement import regime_of, route_of


@pytest.mark.parametrize(
    ("tender", "regime"),
    [
        ({}, Regime.UNKNOWN),
        ({"legalBasis": {"scheme": "CELEX", "id": "32014L0024"}}, Regime.PCR2015),
        ({"legalBasis": {"scheme": "CELEX", "id": "32004L0018"}}, Regime.PCR2006),
        ({"legalBasis": {"id": "2006/5", "scheme": "UKSI"}}, Regime.PCR2006),
        ({"legalBasis": {"id": "2023/1348", "scheme": "UKSI"}}, Regime.PSR),
        ({"legalBasis": {"id": "2023/54"}}, Regime.UNKNOWN),
        ({"legalBasis": {"id": "2023/54"}, "aboveThreshold": True}, Regime.PA2023_FULL),
        ({"legalBasis": {"id": "2023/54"}, "aboveThreshold": False}, Regime.PA2023_BELOW_THRESHOLD),
        (
            {"legalBasis": {"id": "2023/54"}, "aboveThreshold": True, "specialRegime": ["lightTouch"]},
            Regime.PA2023_LIGHT_TOUCH,
        ),
        ({"legalBasis": {"id": "2023/54"}, "aboveThreshold": True, "specialRegime": ["utilities"]}, Regime.UNKNOWN),
        ({"legalBasis": "2023/54"}, Regime.UNKNOWN),
        ({"procurementMethodDetails": "Open procedure (above threshold)"}, Regime.UNKNOWN),
    ],
)
def test_regime(tender, regime):
    assert regime_of(tender) is regime


@pytest.mark.parametrize(
    ("details", "regime", "route"),
    [
        ("Open procedure (below threshold)", Regime.UNKNOWN, Route.OPEN),
        ("Call-off from a framework agreement", Regime.UNKNOWN, Route.FRAMEWORK_CALL_OFF),
        ("Call-off from a dynamic purchasing system", Regime.UNKNOWN, Route.UNKNOWN),
        ("Single tender action (below threshold)", Regime.UNKNOWN, Route.DIRECT_AWARD),
        ("Competitive quotation (below threshold)", Regime.PCR2015, Route.QUOTATION),
        ("Competitive procedure with negotiation (above threshold)", Regime.PCR2015, Route.NEGOTIATED),
        ("Restricted procedure", Regime.PA2023_FULL, Route.UNKNOWN),
        ("Competitive flexible procedure", Regime.PA2023_FULL, Route.COMPETITIVE_FLEXIBLE),
        ("Direct award process C", Regime.PSR, Route.PSR_DIRECT_C),
        ("Direct award process C", Regime.UNKNOWN, Route.UNKNOWN),
        ("Direct award", Regime.PSR, Route.UNKNOWN),
        ("Other - Open", Regime.UNKNOWN, Route.UNKNOWN),
        ("Not specified", Regime.UNKNOWN, Route.UNKNOWN),
        (None, Regime.UNKNOWN, Route.UNKNOWN),
    ],
)
def test_route(details, regime, route):
    assert route_of({"procurementMethodDetails": details}, regime) is route
