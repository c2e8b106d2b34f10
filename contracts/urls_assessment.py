"""Addresses of what stands behind a contract's grade, under contracts/; a month is written 2014-10."""

from django.urls import path

from contracts.views import grade_views, scorecard, statutory_rating

urlpatterns = [
    path("<slug:slug>/grade/<month:month>/", grade_views.grade_views, name="grade_views"),
    path("<slug:slug>/scorecard/<month:month>/", scorecard.scorecard, name="scorecard"),
    path("<slug:slug>/rating/", statutory_rating.statutory_rating, name="statutory_rating"),
]
