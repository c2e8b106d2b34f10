"""The options of a service review: at most one recommended for each horizon, and that moved only knowingly."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Max

from accounts.acts import act
from accounts.models import User
from commissioning.services.conflict import Conflict
from contracts.choices import Horizon
from contracts.models import ReviewOption, ServiceReview

FIELDS: Final = ("title", "horizon", "benefits", "disbenefits", "is_recommended")


def recommended_beside(
    review: ServiceReview, *, horizon: str, option: ReviewOption | None = None
) -> ReviewOption | None:
    """The other option that is recommended for the horizon now."""
    others = ReviewOption.objects.filter(review=review, horizon=horizon, is_recommended=True)
    return (others.exclude(pk=option.pk) if option and option.pk else others).first()


def add_option(
    *, review: ServiceReview, details: Mapping[str, Any], by: User, moves_recommendation: bool = False
) -> ReviewOption:
    """Raises ValidationError beside the fields, also where another is recommended and is not to lose that."""
    with act("Option added", by=by):
        _hold(review)
        last = review.options.aggregate(last=Max("position"))["last"] or 0
        option = ReviewOption(review=review, position=last + 1)
        _write(option, details, moves_recommendation=moves_recommendation)
    return option


def change_option(
    *,
    option: ReviewOption,
    details: Mapping[str, Any],
    version: int,
    by: User,
    moves_recommendation: bool = False,
) -> ReviewOption:
    """Raises Conflict, and ValidationError as ``add_option`` does."""
    with act("Option changed", by=by):
        _hold(option.review)
        stored = ReviewOption.objects.select_for_update(of=("self",)).get(pk=option.pk)
        if stored.version != version:
            raise Conflict(stored)
        stored.version += 1
        _write(stored, details, moves_recommendation=moves_recommendation)
    return stored


def remove_option(*, option: ReviewOption, by: User) -> None:
    """History keeps it."""
    with act("Option removed", by=by):
        _hold(option.review)
        ReviewOption.objects.filter(pk=option.pk).delete()


def _hold(review: ServiceReview) -> None:
    """One at a time writes the options of a review: two could otherwise both become the recommended one."""
    ServiceReview.objects.select_for_update(of=("self",), no_key=True).get(pk=review.pk)


def _write(option: ReviewOption, details: Mapping[str, Any], *, moves_recommendation: bool) -> None:
    for name in FIELDS:
        setattr(option, name, details[name])
    if option.is_recommended:
        _take_recommendation(option, moves=moves_recommendation)
    option.full_clean()
    option.save()


def _take_recommendation(option: ReviewOption, *, moves: bool) -> None:
    other = recommended_beside(option.review, horizon=option.horizon, option=option)
    if other is None:
        return
    if not moves:
        horizon = Horizon(option.horizon).label.lower()
        raise ValidationError({"is_recommended": f"For the {horizon} “{other}” is recommended already."})
    other.is_recommended = False
    other.version += 1
    other.save()
