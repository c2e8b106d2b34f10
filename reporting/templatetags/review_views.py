"""Saved views on the page of the monthly review, which lies below this app and cannot ask for them itself."""

from typing import Any

from django import template
from django.template import RequestContext

from contracts.queries.month_review import MonthReviewPage
from reporting.queries.review_views import review_chips

register = template.Library()


@register.inclusion_tag("components/saved_views.html", takes_context=True)
def review_views(context: RequestContext, page: MonthReviewPage) -> dict[str, Any]:
    """{% review_views page %}"""
    request = context["request"]
    saved = review_chips(user=request.user, page=page, query=request.GET.urlencode())
    whole = (f"The whole month ({page.expected})", request.path, not request.GET)
    return {"views": [whole], "saved": saved}
