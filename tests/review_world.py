"""Service reviews for tests."""

import datetime
from typing import Any

from contracts.models import Contract, ServiceReview
from contracts.services.review_options import add_option
from contracts.services.service_reviews import open_review
from tests.world import World

BEGUN = datetime.date(2014, 9, 12)
DETAILS: dict[str, Any] = {
    "title": "Leaving care",
    "service_area": None,
    "why": "The service ends.",
    "lead": None,
    "opened_on": BEGUN,
    "ends_on": datetime.date(2015, 3, 31),
    "is_on_forward_plan": True,
    "planned_months": 36,
    "planned_options": [12, 12],
}
OPTION: dict[str, Any] = {
    "title": "Extend the contract",
    "horizon": "short",
    "benefits": "Nobody moves",
    "disbenefits": "Waits stay long",
    "is_recommended": True,
}


def make_review(
    world: World, *, contracts: list[Contract] | None = None, with_option: bool = True, **details: Any
) -> ServiceReview:
    """Of the shared unit, ending on 31 March 2015, with one recommended option unless told otherwise."""
    by = world.people["commissioner"]
    review = open_review(unit=world.unit, details=DETAILS | details, contracts=contracts or [], by=by)
    if with_option:
        add_option(review=review, details=OPTION, by=by)
    return review
