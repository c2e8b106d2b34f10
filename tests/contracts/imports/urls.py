from django.urls import include, path

from config.urls import urlpatterns as service
from reporting.views.export import register_export

urlpatterns = [
    path("contracts/", include("contracts.urls_import")),
    path("contracts/export.<str:fmt>", register_export, name="register_export"),
    *service,
]
