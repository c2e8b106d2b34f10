from django.contrib import admin
from django.urls import include, path

from commissioning.gate import public
from config.front_page import front_page
from config.health import health

urlpatterns = [
    path("", front_page, name="dashboard"),
    path("health/", public(health), name="health"),
    path("admin/", admin.site.urls),
    path("", include("config.urls_accounts")),
    path("", include("commissioning.urls")),
    path("", include("contracts.urls")),
    path("", include("reporting.urls")),
]
