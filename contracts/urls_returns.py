"""Addresses of monthly returns; a month is written 2014-10."""

import datetime

from django.urls import include, path, register_converter

from contracts.views import grid, grid_paste, return_read, returns, unchanged, worklist


class MonthConverter:
    """Of this century: no return is of another, and its neighbouring months are dates too."""

    regex = "20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(f"{value}-01")

    def to_url(self, value: datetime.date | str) -> str:
        return value if isinstance(value, str) else f"{value:%Y-%m}"


register_converter(MonthConverter, "month")

urlpatterns = [
    path("returns/", worklist.returns, name="returns"),
    path("returns/<month:month>/", worklist.worklist, name="worklist"),
    path("returns/<month:month>/grid/", grid.return_grid, name="return_grid"),
    path("returns/<month:month>/grid/paste/", grid_paste.return_grid_paste, name="return_grid_paste"),
    path("returns/<month:month>/grid/template.<str:fmt>", grid_paste.return_grid_template, name="return_grid_template"),
    path("returns/<month:month>/unchanged/", unchanged.returns_unchanged, name="returns_unchanged"),
    path("returns/", include("contracts.urls_review")),
    path("returns/<month:month>/<slug:slug>/", returns.monthly_return, name="return"),
    path("returns/<month:month>/<slug:slug>/review/", return_read.review_return, name="return_review"),
]
