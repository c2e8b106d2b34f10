from contracts.models.contract import Contract, ContractDeputy, ContractFunding, ContractProvider
from contracts.models.monthly_return import MonthlyReturn
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
    "MonthlyReturn",
    "RestrictionNamed",
]
