from django.urls import include, path

from contracts import urls_contract, urls_life, urls_plans, urls_returns, urls_service_reviews

urlpatterns = [
    *urls_contract.urlpatterns,
    *urls_life.urlpatterns,
    *urls_plans.urlpatterns,
    path("contracts/<slug:slug>/board/", include("contracts.urls_board")),
    path("contracts/", include("contracts.urls_import")),
    *urls_returns.urlpatterns,
    *urls_service_reviews.urlpatterns,
    path("contracts/<slug:slug>/", include("contracts.urls_kpis")),
    path("contracts/", include("contracts.urls_assessment")),
]
