from contracts.models.contract import Contract, ContractDeputy, ContractFunding, ContractProvider
from contracts.models.imported_release import ImportedRelease
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
from contracts.models.term import ExtensionOption

__all__ = [
    "Contract",
    "ContractDeputy",
    "ContractFunding",
    "ContractGroupObjectPermission",
    "ContractProvider",
    "ContractRestriction",
    "ExtensionOption",
    "ImportOutcome",
    "ImportState",
    "ImportedRelease",
    "ImportedRow",
    "MonthReview",
    "MonthlyReturn",
    "ProviderQuestion",
    "RegisterImport",
    "RestrictionNamed",
    "ReviewAction",
    "ReviewRules",
]
