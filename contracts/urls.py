from django.urls import include, path

from contracts import urls_contract, urls_returns

urlpatterns = [
    *urls_contract.urlpatterns,
    path("contracts/", include("contracts.urls_import")),
    *urls_returns.urlpatterns,
]
