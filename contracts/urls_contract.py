"""Addresses of one contract's forms. «new» is small letters: a reference in an address has none."""

from django.urls import path

from contracts.views import attention, contract, restriction

urlpatterns = [
    path("contracts/new/", contract.contract_add, name="contract_add"),
    path("contracts/<slug:slug>/change/", contract.contract_change, name="contract_change"),
    path("contracts/<slug:slug>/restrict/", restriction.contract_restrict, name="contract_restrict"),
    path("contracts/<slug:slug>/lift/", restriction.contract_lift, name="contract_lift"),
    path("contracts/<slug:slug>/attention/", attention.contract_attention, name="contract_attention"),
    path("contracts/<slug:slug>/attention/end/", attention.contract_attention_end, name="contract_attention_end"),
]
