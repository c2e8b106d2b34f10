"""What stands behind a contract's grade of a month, on its page: the views heard, the scorecard, the Act's ratings."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.permissions import Permission
from commissioning.access import scope_of
from contracts.choices import Side
from contracts.models import Contract, StatutoryRating
from contracts.queries.grade_views import SideLine, disagreement, nothing_to_grade, side_lines
from contracts.queries.managed import may_manage
from contracts.queries.scorecard import Scorecard, of_lines
from contracts.rules.jet import Jet
from contracts.rules.statutory_rating import next_due
from contracts.templatetags.marks import longdate
from reporting.queries.links import in_unit_of
from reporting.queries.words import month_and_year


@dataclass(frozen=True)
class RatingRow:
    """One rated period. Why it was overridden is for commissioners alone."""

    period: str
    rating: str
    instead: str
    duty: str
    rated: str


@dataclass(frozen=True)
class Assessment:
    """Of the month whose grade the page shows. A provider's contact sees its own side and the ratings, no scorecard."""

    month: datetime.date
    sides: list[SideLine]
    disagreement: str
    scorecard: Scorecard | None
    ratings: list[RatingRow]
    actions: list[tuple[str, str]]

    @property
    def month_name(self) -> str:
        return month_and_year(self.month)


def assessment_of(
    user: Any, contract: Contract, *, month: datetime.date, jet: Jet, parts: dict[str, list[Any]], sees_narrative: bool
) -> Assessment:
    """Of a contract annotated with ``is_own`` and what of its ``parts`` is about the month."""
    views = parts["views"]
    shown = views if sees_narrative else [view for view in views if view.side == Side.SUPPLIER]
    lines = side_lines(shown, jet=jet, month=month)
    return Assessment(
        month=month,
        sides=lines if sees_narrative else [line for line in lines if line.side == Side.SUPPLIER],
        disagreement=disagreement(shown, jet),
        scorecard=of_lines(parts["scorecard"]) if sees_narrative else None,
        ratings=[_row(rating, sees_narrative=sees_narrative) for rating in parts["ratings"]],
        actions=_actions(user, contract, month),
    )


def _row(rating: StatutoryRating, *, sees_narrative: bool) -> RatingRow:
    instead = ""
    if rating.rating != rating.proposed and sees_narrative:
        instead = f"The grades proposed “{rating.get_proposed_display()}”. {rating.reason}"
    duty = "Voluntary"
    if rating.is_statutory:
        duty = f"Section 71 of the Procurement Act 2023. Next due by {longdate(next_due(rating.to_month))}"
    return RatingRow(
        period=f"{month_and_year(rating.from_month)} to {month_and_year(rating.to_month)}",
        rating=rating.get_rating_display(),
        instead=instead,
        duty=duty,
        rated=longdate(rating.rated_at),
    )


def _actions(user: Any, contract: Contract, month: datetime.date) -> list[tuple[str, str]]:
    """(words, address) of what the person may add; whoever manages the contract, or speaks for its provider.

    Views and the scorecard only of a month with anything to grade.
    """
    code, place = contract.unit.code, [contract.slug, month]
    is_graded = not nothing_to_grade(contract, month)
    if may_manage(user, contract):
        named = [("Procurement Act rating", reverse("statutory_rating", args=[contract.slug]))]
        if is_graded:
            views, card = reverse("grade_views", args=place), reverse("scorecard", args=place)
            named = [("Views of the grade", views), ("Scorecard", card), *named]
        return [(words, in_unit_of(address, code)) for words, address in named]
    if is_graded and contract.is_open_to(scope_of(user), Permission.SPEAK_FOR_PROVIDER):
        return [("Say what you think of the grade", in_unit_of(reverse("grade_views", args=place), code))]
    return []
