"""Addresses of the dashboard, the register, the contract page and the audit log."""

from django.urls import path

from reporting.views.dashboard import dashboard
from reporting.views.register import register

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("contracts/", register, name="register"),
]
