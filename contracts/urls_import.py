"""Addresses of the register import, under contracts/."""

from django.urls import path

from contracts.views import register_import as views

urlpatterns = [
    path("import/", views.register_import, name="register_import"),
    path("import/template.xlsx", views.register_import_template, name="register_import_template"),
    path("import/<int:pk>/", views.register_import_show, name="register_import_show"),
    path("import/<int:pk>/providers/", views.register_import_providers, name="register_import_providers"),
    path("import/<int:pk>/check/", views.register_import_check, name="register_import_check"),
    path("import/<int:pk>/confirm/", views.register_import_confirm, name="register_import_confirm"),
    path("import/<int:pk>/faults.csv", views.register_import_faults, name="register_import_faults"),
]
