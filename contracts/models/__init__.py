from contracts.models.attention import AttentionOverride, AttentionRule
from contracts.models.contract import Contract, ContractDeputy, ContractFunding, ContractProvider
from contracts.models.grading import GradeView, ScorecardLine, StatutoryRating
from contracts.models.imported_release import ImportedRelease
from contracts.models.improvement import ImprovementPlan, PerformanceNotice, PlanStep
from contracts.models.kpi import Kpi, KpiReading, KpiTarget, Outcome
from contracts.models.life import ChangeGround, Duty, DutyRule, LifeEvent
from contracts.models.month_review import MonthReview, ReviewAction, ReviewRules
from contracts.models.monthly_return import MonthlyReturn
from contracts.models.register_import import (
    ImportedRow,
    ImportOutcome,
    ImportState,
    ProviderQuestion,
    RegisterImport,
)
from contracts.models.restriction import ContractGroupObjectPermission, ContractRestriction, RestrictionNamed
from contracts.models.service_review import Document, ReviewedContract, ReviewElement, ReviewOption, ServiceReview
from contracts.models.term import ExtensionOption

__all__ = [
    "AttentionOverride",
    "AttentionRule",
    "ChangeGround",
    "Contract",
    "ContractDeputy",
    "ContractFunding",
    "ContractGroupObjectPermission",
    "ContractProvider",
    "ContractRestriction",
    "Document",
    "Duty",
    "DutyRule",
    "ExtensionOption",
    "GradeView",
    "ImportOutcome",
    "ImportState",
    "ImportedRelease",
    "ImportedRow",
    "ImprovementPlan",
    "Kpi",
    "KpiReading",
    "KpiTarget",
    "LifeEvent",
    "MonthReview",
    "MonthlyReturn",
    "Outcome",
    "PerformanceNotice",
    "PlanStep",
    "ProviderQuestion",
    "RegisterImport",
    "RestrictionNamed",
    "ReviewAction",
    "ReviewElement",
    "ReviewOption",
    "ReviewRules",
    "ReviewedContract",
    "ScorecardLine",
    "ServiceReview",
    "StatutoryRating",
]
