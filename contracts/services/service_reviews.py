"""Service reviews: opened with their five elements, changed, decided, and opened again with a reason."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit
from commissioning.services.conflict import Conflict, locked_at
from contracts.choices import ElementState, ReviewElementKind
from contracts.models import Contract, Document, ReviewElement, ServiceReview
from contracts.rules.service_review import (
    OptionSaid,
    PlannedLength,
    length_faults,
    missing_before_decision,
)
from contracts.rules.terms import long_date

DETAILS: Final = (
    "title",
    "service_area",
    "why",
    "lead",
    "opened_on",
    "ends_on",
    "is_on_forward_plan",
    "planned_months",
    "planned_options",
)


def open_review(
    *, unit: CommissioningUnit, details: Mapping[str, Any], contracts: Collection[Contract], by: User
) -> ServiceReview:
    """A review with its five elements, none of them started. Raises ValidationError beside the fields."""
    if fault := _open_already(unit, str(details["title"]), by=by):
        raise ValidationError({"title": fault})
    with act("Service review opened", by=by):
        review = ServiceReview(unit=unit, recorded_by=by)
        _write(review, details, contracts)
        ReviewElement.objects.bulk_create(ReviewElement(review=review, kind=kind) for kind in ReviewElementKind)
    return review


def _open_already(unit: CommissioningUnit, title: str, *, by: User) -> str:
    """The sentence for a service that is under review; one that the person may not see is not spoken of."""
    same = ServiceReview.objects.visible_to(by).filter(unit=unit, title__iexact=title.strip(), sourcing="")
    standing = same.order_by("opened_on").first()
    if standing is None:
        return ""
    return f"This service is under review since {long_date(standing.opened_on)}: go on with that review."


def change_review(
    *, review: ServiceReview, details: Mapping[str, Any], contracts: Collection[Contract], version: int, by: User
) -> ServiceReview:
    """Raises Conflict where somebody saved first, ValidationError beside the fields."""
    with act("Service review changed", by=by):
        stored = locked_review(review, version=version)
        stored.version += 1
        _write(stored, details, contracts)
    return stored


def locked_review(review: ServiceReview, *, version: int) -> ServiceReview:
    """The row as it stands, held to the end of the act. Raises Conflict where it is no longer the one opened."""
    return locked_at(review, version, "unit")


def _write(review: ServiceReview, details: Mapping[str, Any], contracts: Collection[Contract]) -> None:
    for name in DETAILS:
        setattr(review, name, details[name])
    faults = length_faults(review.planned_months, review.planned_options) | _day_faults(review)
    if any(contract.unit_id != review.unit_id for contract in contracts):
        faults["contracts"] = "Choose contracts of this unit."
    if faults:
        raise ValidationError(faults)
    review.full_clean()
    review.save()
    review.contracts.set(contracts)


def _day_faults(review: ServiceReview) -> dict[str, str]:
    if review.opened_on > clock.today():
        return {"opened_on": "A review is recorded once it has begun; this day lies ahead."}
    if review.decided_on and review.decided_on < review.opened_on:
        return {"opened_on": f"It was decided on {long_date(review.decided_on)}, which would be before it began."}
    return {}


# Elements


def set_element(
    *,
    element: ReviewElement,
    state: str,
    on: datetime.date | None,
    document: Document | None,
    words: str,
    version: int,
    by: User,
) -> ReviewElement:
    """State, day, document and words of one element. Raises Conflict, ValidationError beside the fields."""
    with act("Element of a service review changed", by=by):
        stored = ReviewElement.objects.select_for_update(of=("self",)).get(pk=element.pk)
        if stored.version != version:
            raise Conflict(stored)
        if faults := _element_faults(stored, state=state, on=on, document=document, words=words):
            raise ValidationError(faults)
        stored.state, stored.on, stored.document, stored.words = state, on, document, words.strip()
        stored.version += 1
        stored.full_clean()
        stored.save()
    return stored


def _element_faults(
    element: ReviewElement, *, state: str, on: datetime.date | None, document: Document | None, words: str
) -> dict[str, str]:
    faults = {}
    if state == ElementState.DONE and on is None:
        faults["on"] = "Give the day on which it was done."
    if state == ElementState.DONE and on is not None and on > clock.today():
        faults["on"] = "This day lies ahead: an element is done on a day that has come."
    if state == ElementState.NOT_NEEDED and not words.strip():
        faults["words"] = "Say why it is not needed."
    if document is not None and document.review_id != element.review_id:
        faults["document"] = "Choose a document of this review."
    return faults


# The decision


def what_is_missing(review: ServiceReview, *, sourcing: str = "", length: PlannedLength | None = None) -> list[str]:
    """What the review still lacks before a decision, in sentences; two queries."""
    options = review.options.values_list("title", "horizon", "is_recommended")
    return missing_before_decision(
        elements=list(review.elements.values_list("kind", "state")),
        options=[OptionSaid(*row) for row in options],
        sourcing=sourcing,
        length=length or review.planned_length,
    )


def decide_sourcing(
    *,
    review: ServiceReview,
    sourcing: str,
    on: datetime.date,
    words: str,
    version: int,
    by: User,
    in_spite_of_gaps: bool = False,
) -> ServiceReview:
    """How the service will be provided, decided on a day by whom the words name.

    Raises Conflict, or ValidationError beside the fields; a review with gaps is decided only where that is said.
    """
    with act("Sourcing decided", by=by):
        stored = locked_review(review, version=version)
        faults = _decision_faults(stored, on=on, words=words)
        if not faults and not in_spite_of_gaps and (missing := what_is_missing(stored, sourcing=sourcing)):
            faults["sourcing"] = f"Still missing: {' '.join(missing)}"
        if faults:
            raise ValidationError(faults)
        stored.sourcing, stored.decided_on, stored.decision_words = sourcing, on, words.strip()
        stored.version += 1
        stored.full_clean()
        stored.save()
    return stored


def _decision_faults(review: ServiceReview, *, on: datetime.date, words: str) -> dict[str, str]:
    if review.decided_on is not None:
        return {"decided_on": f"It was decided already, on {long_date(review.decided_on)}. Reopen the decision first."}
    if on > clock.today():
        return {"decided_on": "A decision is recorded once it has been taken; this day lies ahead."}
    if on < review.opened_on:
        return {"decided_on": f"The review began on {long_date(review.opened_on)}: it cannot be decided before."}
    return {} if words.strip() else {"decision_words": "Say who decided, and why."}


def reopen_decision(*, review: ServiceReview, reason: str, version: int, by: User) -> ServiceReview:
    """Take the decision back; history keeps it with the reason. Raises Conflict, ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why the decision is reopened."})
    with act("Sourcing decision reopened", by=by, reason=reason.strip()):
        stored = locked_review(review, version=version)
        if stored.decided_on is None:
            raise ValidationError("Nothing is decided.")
        stored.sourcing, stored.decided_on, stored.decision_words = "", None, ""
        stored.version += 1
        stored.save()
    return stored
