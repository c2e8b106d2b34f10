from contracts import urls_contract, urls_returns

urlpatterns = [*urls_contract.urlpatterns, *urls_returns.urlpatterns]
