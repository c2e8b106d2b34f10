"""Regime and route, only where a release states them and only where that is certain."""

import re
from typing import Any, Final

from contracts.choices import ProcurementRegime as Regime
from contracts.choices import ProcurementRoute as Route
from contracts.rules.procurement import route_error

#: procurementMethodDetails as Contracts Finder and Find a Tender word it, without «(above threshold)» and the like.
#: Not here, because no one route is meant: «Call-off from a dynamic purchasing system», «Other», «Not specified».
_ROUTES: Final = {
    "open procedure": Route.OPEN,
    "restricted procedure": Route.RESTRICTED,
    "competitive procedure with negotiation": Route.NEGOTIATED,
    "negotiated procedure": Route.NEGOTIATED,
    "competitive flexible procedure": Route.COMPETITIVE_FLEXIBLE,
    "direct award": Route.DIRECT_AWARD,
    "single tender action": Route.DIRECT_AWARD,
    "call-off from a framework agreement": Route.FRAMEWORK_CALL_OFF,
    "competitive quotation": Route.QUOTATION,
}
#: Under the Provider Selection Regime alone.
_PSR_ROUTES: Final = {
    "direct award process a": Route.PSR_DIRECT_A,
    "direct award process b": Route.PSR_DIRECT_B,
    "direct award process c": Route.PSR_DIRECT_C,
    "most suitable provider process": Route.PSR_MOST_SUITABLE,
    "competitive process": Route.PSR_COMPETITIVE,
}
#: tender.legalBasis as published: the Act, the Regulations and the directives that these transpose.
_PROCUREMENT_ACT: Final = frozenset({"2023/54"})
_REGULATIONS_2006: Final = frozenset({"2006/5", "32004L0018"})
_REGULATIONS_2015: Final = frozenset({"2015/102", "32014L0024"})
_PROVIDER_SELECTION: Final = frozenset({"2023/1348"})

_THRESHOLD: Final = re.compile(r"\s*\((?:above|below) threshold\)$")


def regime_of(tender: dict[str, Any]) -> Regime:
    """By the legal basis that the release names. Dates prove nothing: old law runs on in old procurements."""
    basis = tender.get("legalBasis")
    law = str(basis.get("id", "")).strip() if isinstance(basis, dict) else ""
    if law in _PROVIDER_SELECTION:
        return Regime.PSR
    if law in _REGULATIONS_2006:
        return Regime.PCR2006
    if law in _REGULATIONS_2015:
        return Regime.PCR2015
    return _part_of_the_act(tender) if law in _PROCUREMENT_ACT else Regime.UNKNOWN


def _part_of_the_act(tender: dict[str, Any]) -> Regime:
    """Find a Tender states both; where it does not, which part of the Act applies is not known."""
    special = tender.get("specialRegime")
    if isinstance(special, list) and "lightTouch" in special:
        return Regime.PA2023_LIGHT_TOUCH
    if tender.get("aboveThreshold") is False:
        return Regime.PA2023_BELOW_THRESHOLD
    if tender.get("aboveThreshold") is True and not special:
        return Regime.PA2023_FULL
    return Regime.UNKNOWN


def route_of(tender: dict[str, Any], regime: Regime) -> Route:
    """By the wording of the publisher; unknown where the regime has no such route."""
    details = str(tender.get("procurementMethodDetails") or "").strip().lower()
    wording = _PSR_ROUTES if regime is Regime.PSR else _ROUTES
    route = wording.get(_THRESHOLD.sub("", details), Route.UNKNOWN)
    return Route.UNKNOWN if route_error(regime, route) else route
