"""The service reviews of one contract, as its page names them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from contracts.models import Contract, ReviewElement, ServiceReview
from contracts.rules.service_review import progress_words
from contracts.templatetags.marks import longdate


@dataclass(frozen=True)
class ReviewOfContract:
    url: str
    title: str
    state: str


def reviews_of_contract(user: Any, contract: Contract) -> list[ReviewOfContract]:
    """Those in sight, the newest first: a provider's contact sees none. Two queries at most."""
    elements = Prefetch("elements", queryset=ReviewElement.objects.order_by("pk"))
    found = ServiceReview.objects.visible_to(user).filter(contracts=contract).prefetch_related(elements)
    return [
        ReviewOfContract(review.get_absolute_url(), review.title, _state(review))
        for review in found.order_by("-opened_on", "-pk")
    ]


def _state(review: ServiceReview) -> str:
    if review.is_decided:
        return f"{review.get_sourcing_display()}, decided on {longdate(review.decided_on)}"
    return progress_words([element.state for element in review.elements.all()])
