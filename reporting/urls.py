"""Addresses of the register, the search, the contract page and the audit log."""

from django.urls import path

from reporting.views.audit import audit
from reporting.views.contract import contract
from reporting.views.export import register_export
from reporting.views.register import register
from reporting.views.search import search
from reporting.views.versions import return_versions

urlpatterns = [
    path("contracts/", register, name="register"),
    path("contracts/export.<str:fmt>", register_export, name="register_export"),
    path("contracts/<slug:slug>/", contract, name="contract"),
    path("contracts/<slug:slug>/returns/<month:month>/versions/", return_versions, name="return_versions"),
    path("search/", search, name="search"),
    path("audit/", audit, name="audit"),
]
