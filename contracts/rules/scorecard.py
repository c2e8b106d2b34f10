"""The balanced scorecard of a month, and what quality against cost says of value for money.

Source: the Joint Evaluation Toolkit is «a balanced scorecard approach» that looks at performance and risk, «quality
against cost» as value for money, and at outcomes (Lincolnshire County Council, Children and Young People Scrutiny
Committee, 12 September 2014). The three standings and the sentences are the service's own wording of it.
"""

from typing import Final

from ..choices import Perspective, Risk, Standing
from .evidence import Evidence

#: What each standing means, by perspective: what stands beside the choice.
MEANINGS: Final[dict[Perspective, dict[Standing, str]]] = {
    Perspective.PERFORMANCE: {
        Standing.STRONG: "All KPIs are at least on target",
        Standing.SOUND: "The majority of KPIs are on target",
        Standing.WEAK: "Half of the KPIs or more are short of target",
    },
    Perspective.RISK: {
        Standing.STRONG: "Green, no concerns that need a plan",
        Standing.SOUND: "Amber, concerns that a plan is dealing with",
        Standing.WEAK: "Red, outcomes or safety at risk, or the contract is failing",
    },
    Perspective.QUALITY: {
        Standing.STRONG: "Better than the specification asks",
        Standing.SOUND: "What the specification asks",
        Standing.WEAK: "Less than the specification asks",
    },
    Perspective.COST: {
        Standing.STRONG: "Lower than for comparable services",
        Standing.SOUND: "As for comparable services",
        Standing.WEAK: "Higher than for comparable services",
    },
    Perspective.OUTCOMES: {
        Standing.STRONG: "The outcomes are reached and the difference can be shown",
        Standing.SOUND: "Most outcomes are reached",
        Standing.WEAK: "Few outcomes are reached, or nothing shows it",
    },
}

#: (quality, cost): the statement on value for money.
VALUE_FOR_MONEY: Final[dict[tuple[Standing, Standing], str]] = {
    (Standing.STRONG, Standing.STRONG): "High quality at a low cost: very good value for money.",
    (Standing.STRONG, Standing.SOUND): "High quality at the usual cost: good value for money.",
    (Standing.STRONG, Standing.WEAK): "High quality at a high cost: fair value for money if the quality is needed.",
    (Standing.SOUND, Standing.STRONG): "Sound quality at a low cost: good value for money.",
    (Standing.SOUND, Standing.SOUND): "Sound quality at the usual cost: fair value for money.",
    (Standing.SOUND, Standing.WEAK): "Sound quality at a high cost: poor value for money until the cost falls.",
    (Standing.WEAK, Standing.STRONG): "Low quality at a low cost: poor value for money until the quality rises.",
    (Standing.WEAK, Standing.SOUND): "Low quality at the usual cost: poor value for money.",
    (Standing.WEAK, Standing.WEAK): "Low quality at a high cost: no value for money.",
}

_OF_RISK: Final = {Risk.GREEN: Standing.STRONG, Risk.AMBER: Standing.SOUND, Risk.RED: Standing.WEAK}


def proposed_performance(evidence: Evidence) -> Standing | None:
    """What the month's KPIs say of performance; None without readings."""
    if not evidence.total:
        return None
    if not evidence.short:
        return Standing.STRONG
    return Standing.SOUND if 2 * evidence.met > evidence.total else Standing.WEAK


def proposed_risk(risk: str) -> Standing | None:
    """What the month's risk rating says; None while there is none."""
    return _OF_RISK[Risk(risk)] if risk else None


def value_for_money(quality: str | None, cost: str | None) -> str:
    """The statement; empty until both are judged."""
    if not quality or not cost:
        return ""
    return VALUE_FOR_MONEY[Standing(quality), Standing(cost)]
