from django.urls import include, path

from contracts import urls_contract, urls_returns, urls_service_reviews

urlpatterns = [
    *urls_contract.urlpatterns,
    path("contracts/", include("contracts.urls_import")),
    *urls_returns.urlpatterns,
    *urls_service_reviews.urlpatterns,
]
