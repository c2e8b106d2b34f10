"""Addresses of a contract's KPIs, their readings, and its outcomes."""

from django.urls import path

from contracts.views import kpi_readings, kpi_targets, kpis, outcomes

urlpatterns = [
    path("kpis/", kpis.kpis, name="kpis"),
    path("kpis/add/", kpis.kpi_add, name="kpi_add"),
    path("kpis/<month:month>/", kpi_readings.kpi_readings, name="kpi_readings"),
    path("kpis/<int:pk>/", kpis.kpi, name="kpi"),
    path("kpis/<int:pk>/change/", kpis.kpi_change, name="kpi_change"),
    path("kpis/<int:pk>/move/", kpis.kpi_move, name="kpi_move"),
    path("kpis/<int:pk>/target/", kpi_targets.kpi_target, name="kpi_target"),
    path("kpis/<int:pk>/close/", kpi_targets.kpi_close, name="kpi_close"),
    path("kpis/<int:pk>/reopen/", kpi_targets.kpi_reopen, name="kpi_reopen"),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/add/", outcomes.outcome_add, name="outcome_add"),
    path("outcomes/<int:pk>/change/", outcomes.outcome_change, name="outcome_change"),
    path("outcomes/<int:pk>/decide/", outcomes.outcome_decide, name="outcome_decide"),
]
