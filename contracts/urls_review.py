"""Addresses of the monthly review. They stand before those of single returns, whose references are in capitals."""

from django.urls import path

from contracts.views import attention, month_closing, month_review, review_actions

_MONTH = "<month:month>/review/"
_UNIT = f"{_MONTH}<slug:code>/"

urlpatterns = [
    path("rules/<slug:code>/", review_actions.review_rules, name="review_rules"),
    path("rules/<slug:code>/attention/", attention.attention_rules, name="attention_rules"),
    path(_MONTH, month_review.month_reviews, name="month_reviews"),
    path(_UNIT, month_review.month_review, name="month_review"),
    path(f"{_UNIT}action/<int:pk>/", review_actions.review_action_add, name="review_action_add"),
    path(f"{_UNIT}action/<int:pk>/done/", review_actions.review_action_done, name="review_action_done"),
    path(f"{_UNIT}agenda/", month_closing.month_agenda, name="month_agenda"),
    path(f"{_UNIT}close/", month_closing.month_close, name="month_close"),
    path(f"{_UNIT}meeting/", month_closing.month_meeting, name="month_meeting"),
    path(f"{_UNIT}minutes/", month_closing.month_minutes, name="month_minutes"),
]
