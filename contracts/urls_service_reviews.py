"""Addresses of what changes a service review or a document; their pages to read stand in reporting."""

from django.urls import path

from contracts.views import documents, service_review_parts, service_reviews

_REVIEW = "service-reviews/<int:pk>/"

urlpatterns = [
    path("service-reviews/new/", service_reviews.service_review_add, name="service_review_add"),
    path(f"{_REVIEW}change/", service_reviews.service_review_change, name="service_review_change"),
    path(f"{_REVIEW}decide/", service_reviews.service_review_decide, name="service_review_decide"),
    path(f"{_REVIEW}reopen/", service_reviews.service_review_reopen, name="service_review_reopen"),
    path(f"{_REVIEW}elements/<slug:kind>/", service_review_parts.review_element, name="review_element"),
    path(f"{_REVIEW}options/new/", service_review_parts.review_option_add, name="review_option_add"),
    path(f"{_REVIEW}options/<int:option>/", service_review_parts.review_option_change, name="review_option_change"),
    path(
        f"{_REVIEW}options/<int:option>/remove/",
        service_review_parts.review_option_remove,
        name="review_option_remove",
    ),
    path(f"{_REVIEW}documents/new/", documents.review_document_add, name="review_document_add"),
    path("contracts/<slug:slug>/documents/new/", documents.contract_document_add, name="contract_document_add"),
    path("documents/<int:pk>/remove/", documents.document_remove, name="document_remove"),
]
