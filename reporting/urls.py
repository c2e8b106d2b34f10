"""Addresses of the register, its saved views, the search, the contract page, calibration and the audit log."""

from django.urls import path

from reporting.views.audit import audit
from reporting.views.calibration import calibration, calibration_export
from reporting.views.contract import contract
from reporting.views.documents import document
from reporting.views.duties import duties
from reporting.views.export import register_export
from reporting.views.improvement import performance_notice, plan
from reporting.views.monthly_report import monthly_report, monthly_report_export, monthly_reports
from reporting.views.providers import provider, providers, providers_export
from reporting.views.register import register
from reporting.views.register_view_export import register_view_export
from reporting.views.saved_views import (
    review_view_add,
    saved_view_add,
    saved_view_change,
    saved_view_remove,
    saved_views,
)
from reporting.views.search import search
from reporting.views.service_reviews import service_review, service_reviews, service_reviews_export
from reporting.views.versions import return_versions

urlpatterns = [
    path("contracts/", register, name="register"),
    path("contracts/export.<str:fmt>", register_export, name="register_export"),
    path("contracts/view.<str:fmt>", register_view_export, name="register_view_export"),
    path("contracts/views/", saved_views, name="saved_views"),
    path("contracts/views/save/", saved_view_add, name="saved_view_add"),
    path("contracts/views/<int:pk>/", saved_view_change, name="saved_view_change"),
    path("contracts/views/<int:pk>/remove/", saved_view_remove, name="saved_view_remove"),
    path("contracts/<slug:slug>/", contract, name="contract"),
    path("contracts/<slug:slug>/plans/<int:pk>/", plan, name="plan"),
    path("contracts/<slug:slug>/performance-notices/<int:pk>/", performance_notice, name="performance_notice"),
    path("contracts/<slug:slug>/returns/<month:month>/versions/", return_versions, name="return_versions"),
    path("returns/<month:month>/review/<slug:code>/save-view/", review_view_add, name="review_view_add"),
    path("duties/", duties, name="duties"),
    path("service-reviews/", service_reviews, name="service_reviews"),
    path("service-reviews/export.<str:fmt>", service_reviews_export, name="service_reviews_export"),
    path("service-reviews/<int:pk>/", service_review, name="service_review"),
    path("providers/", providers, name="providers"),
    path("providers/export.<str:fmt>", providers_export, name="providers_export"),
    path("providers/<int:pk>/", provider, name="provider"),
    path("reports/<month:month>/", monthly_reports, name="monthly_reports"),
    path("reports/<month:month>/<slug:code>/", monthly_report, name="monthly_report"),
    path("reports/<month:month>/<slug:code>/export.<str:fmt>", monthly_report_export, name="monthly_report_export"),
    path("documents/<int:pk>/", document, name="document"),
    path("calibration/<slug:code>/<month:month>/", calibration, name="calibration"),
    path("calibration/<slug:code>/<month:month>/export.<str:fmt>", calibration_export, name="calibration_export"),
    path("search/", search, name="search"),
    path("audit/", audit, name="audit"),
]
