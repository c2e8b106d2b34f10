"""Addresses of one contract's forms. «new» is small letters: a reference in an address has none."""

from django.urls import path

from contracts.views import contract, contract_events

urlpatterns = [
    path("contracts/new/", contract.contract_add, name="contract_add"),
    path("contracts/<slug:slug>/change/", contract.contract_change, name="contract_change"),
    path("contracts/<slug:slug>/option/", contract_events.contract_option, name="contract_option"),
    path("contracts/<slug:slug>/notice/", contract_events.contract_notice, name="contract_notice"),
    path("contracts/<slug:slug>/restrict/", contract_events.contract_restrict, name="contract_restrict"),
    path("contracts/<slug:slug>/lift/", contract_events.contract_lift, name="contract_lift"),
]
