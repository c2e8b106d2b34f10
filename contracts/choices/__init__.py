"""What may be chosen. The codes are stored and never change; the labels are for reading."""

from .attention import MeetingPattern, MonitoringFrequency
from .contract import (
    COUNTING,
    ContractStatus,
    JetBand,
    Management,
    NoticeGivenBy,
    ProcurementRegime,
    ProcurementRoute,
    ReturnState,
    Risk,
)
from .grading import ActRating, Perspective, Side, Standing
from .improvement import Concern, NoticeOutcome, StepState
from .kpis import (
    KpiDirection,
    KpiFrequency,
    KpiPlan,
    KpiStanding,
    KpiUnit,
    OutcomeEffect,
    OutcomeState,
    OutcomeTerm,
    Reporter,
)
from .life import DutyCause, LifeEventKind, NoticeKind
from .reviews import ElementState, Horizon, ReviewElementKind, Sourcing

__all__ = [
    "COUNTING",
    "ActRating",
    "Concern",
    "ContractStatus",
    "DutyCause",
    "ElementState",
    "Horizon",
    "JetBand",
    "KpiDirection",
    "KpiFrequency",
    "KpiPlan",
    "KpiStanding",
    "KpiUnit",
    "LifeEventKind",
    "Management",
    "MeetingPattern",
    "MonitoringFrequency",
    "NoticeGivenBy",
    "NoticeKind",
    "NoticeOutcome",
    "OutcomeEffect",
    "OutcomeState",
    "OutcomeTerm",
    "Perspective",
    "ProcurementRegime",
    "ProcurementRoute",
    "Reporter",
    "ReturnState",
    "ReviewElementKind",
    "Risk",
    "Side",
    "Sourcing",
    "Standing",
    "StepState",
]
