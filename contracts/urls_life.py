"""Addresses of the decisions of a contract's life, and of its own duties."""

from django.urls import path

from contracts.views import duties, life

_CONTRACT = "contracts/<slug:slug>/"

urlpatterns = [
    path(f"{_CONTRACT}decision/", life.contract_decision, name="contract_decision"),
    path(f"{_CONTRACT}option/", life.contract_option, name="contract_option"),
    path(f"{_CONTRACT}extend/", life.contract_extend, name="contract_extend"),
    path(f"{_CONTRACT}value/", life.contract_vary_value, name="contract_vary_value"),
    path(f"{_CONTRACT}term/", life.contract_vary_term, name="contract_vary_term"),
    path(f"{_CONTRACT}notice/", life.contract_notice, name="contract_notice"),
    path(f"{_CONTRACT}end/", life.contract_end, name="contract_end"),
    path(f"{_CONTRACT}recommission/", life.contract_recommission, name="contract_recommission"),
    path(f"{_CONTRACT}decommission/", life.contract_decommission, name="contract_decommission"),
    path(f"{_CONTRACT}novate/", life.contract_novate, name="contract_novate"),
    path(f"{_CONTRACT}duties/list/", duties.duties_list, name="duties_list"),
    path(f"{_CONTRACT}duties/add/", duties.duty_add, name="duty_add"),
    path(f"{_CONTRACT}duties/<int:pk>/", duties.duty, name="duty"),
]
