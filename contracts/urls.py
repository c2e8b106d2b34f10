from contracts import urls_returns

urlpatterns = [*urls_returns.urlpatterns]
