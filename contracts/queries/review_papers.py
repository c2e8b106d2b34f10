"""What the agenda and the minutes of a monthly review say beside the returns themselves."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps

from contracts.models import Contract
from contracts.queries.month_review import MonthReviewPage, UnitMonth, month_review_page, under_review
from contracts.queries.monthly_return import with_providers
from contracts.queries.review import reviewable
from contracts.rules.returns import month_end, months_back

MONTHS_OF_ENDS: Final = 6


@dataclass(frozen=True)
class Agenda:
    page: MonthReviewPage
    ending: Sequence[Contract]
    ends_until: datetime.date


@dataclass(frozen=True)
class SentBack:
    """One time that a return was sent back: it may have come in again since."""

    title: str
    note: str
    at: datetime.datetime
    by: str


@dataclass(frozen=True)
class Minutes:
    page: MonthReviewPage
    sent_back: Sequence[SentBack]


def agenda(user: Any, of: UnitMonth) -> Agenda:
    until = month_end(months_back(of.month, -MONTHS_OF_ENDS))
    return Agenda(page=month_review_page(user, of), ending=ending_between(user, of, until=until), ends_until=until)


def ending_between(user: Any, of: UnitMonth, *, until: datetime.date) -> list[Contract]:
    """Contracts in sight whose term ends after the month and by a day, soonest first."""
    found = reviewable(user, unit=of.unit).filter(effective_end__gt=month_end(of.month), effective_end__lte=until)
    return list(with_providers(found.select_related("unit", "officer")).order_by("effective_end", "title", "pk"))


def minutes(user: Any, of: UnitMonth) -> Minutes:
    return Minutes(page=month_review_page(user, of), sent_back=_sent_back(user, of))


def _sent_back(user: Any, of: UnitMonth) -> list[SentBack]:
    """From the history of returns, as a return that came in again no longer says that it was sent back."""
    events = apps.get_model("contracts", "MonthlyReturnEvent").objects.filter(
        month=of.month, state="sent_back", contract__in=under_review(user, of).order_by()
    )
    rows = (
        events.order_by("contract__title", "reviewed_at")
        .values_list("contract__title", "review_note", "reviewed_at", "reviewed_by__name")
        .distinct()
    )
    return [SentBack(title, note, at, by or "") for title, note, at, by in rows]
