"""Which service review, element or option an address names."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.permissions import Permission
from commissioning.access import Scope
from contracts.models import ReviewElement, ReviewOption, ServiceReview


def load_review(request: HttpRequest, pk: int) -> ServiceReview:
    reviews = ServiceReview.objects.visible_to(request.user)
    return get_object_or_404(reviews.select_related("unit__host", "service_area", "lead"), pk=pk)


@dataclass(frozen=True)
class ElementOfReview:
    review: ServiceReview
    element: ReviewElement

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.review.is_open_to(scope, permission)


def load_element(request: HttpRequest, pk: int, kind: str) -> ElementOfReview:
    review = load_review(request, pk)
    return ElementOfReview(review, get_object_or_404(review.elements, kind=kind))


@dataclass(frozen=True)
class OptionOfReview:
    review: ServiceReview
    option: ReviewOption

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.review.is_open_to(scope, permission)


def load_option(request: HttpRequest, pk: int, option: int) -> OptionOfReview:
    review = load_review(request, pk)
    return OptionOfReview(review, get_object_or_404(review.options.select_related("review"), pk=option))
