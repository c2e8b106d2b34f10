"""Saved views of the monthly review, as chips above it."""

from typing import Any

from contracts.queries.month_review import MonthReviewPage
from contracts.queries.review_filter import review_filter
from reporting.choices import ViewPage
from reporting.models import SavedView
from reporting.queries.saved_views import CHIPS_SHOWN, Chip, Chips
from reporting.rules.addresses import normal_query


def review_chips(*, user: Any, page: MonthReviewPage, query: str) -> Chips:
    """One query. The counts are of the rows that the page has read, so of what the person may see in its month."""
    views = SavedView.objects.visible_to(user).offered_in(page.unit).filter(page=ViewPage.REVIEW)
    found = sorted(views.select_related("owner"), key=lambda view: view.owner_id != user.pk)
    shown = found[:CHIPS_SHOWN]
    return Chips([_chip(view, user, page, now=normal_query(query)) for view in shown], is_cut=len(found) > len(shown))


def _chip(view: SavedView, user: Any, page: MonthReviewPage, *, now: str) -> Chip:
    wanted = review_filter(view.params)
    return Chip(
        name=view.name,
        count=sum(wanted.holds(row) for row in page.rows),
        url=f"?{view.query}",
        is_current=now == view.query,
        shared_by="" if view.owner_id == user.pk else view.owner.short_name,
    )
