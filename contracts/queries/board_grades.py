"""What grade stood agreed in the month of a meeting."""

import datetime
from collections.abc import Collection, Mapping
from typing import Final

from django.db.models import BigIntegerField, DateField

from contracts.choices import Side
from contracts.models import Contract, GradeView, MonthlyReturn
from contracts.queries.built_once import Given, Prepared
from contracts.rules.returns import month_start, previous_month

_VIEWS: Final = Prepared(
    lambda: GradeView.objects.filter(
        contract_id=Given("contract", BigIntegerField()), month__gte=Given("since", DateField())
    ).values_list("month", "side", "score")
)


def agreed_grades(
    contract: Contract,
    days: Collection[datetime.date],
    *,
    sees_all: bool,
    scores: Mapping[datetime.date, int | None] | None = None,
) -> dict[datetime.date, str]:
    """By day of a meeting: «JET 5 agreed», «JET stays at 4» where both sides gave the score of that month's return.

    Where a side would give another score, that is said to the commissioners; where nobody was heard, nothing is. Two
    queries whatever the days, one where the scores that count are handed in by month; none without a day.
    """
    if not days:
        return {}
    months = {month_start(day) for day in days}
    known = _scores(contract, months) if scores is None else scores
    views: dict[datetime.date, dict[str, int]] = {}
    for month, side, score in _VIEWS.rows(contract=contract.pk, since=min(months)):
        views.setdefault(month, {})[side] = score
    words = {
        month: _words(
            known.get(month), views.get(month, {}), before=known.get(previous_month(month)), sees_all=sees_all
        )
        for month in months
    }
    return {day: words[month_start(day)] for day in days}


def _scores(contract: Contract, months: set[datetime.date]) -> dict[datetime.date, int | None]:
    wanted = months | {previous_month(month) for month in months}
    returned = MonthlyReturn.objects.that_count().filter(contract=contract, month__in=wanted)
    return dict(returned.values_list("month", "jet_score"))


def _words(score: int | None, views: dict[str, int], *, before: int | None, sees_all: bool) -> str:
    if score is None or not views:
        return ""
    if any(view != score for view in views.values()):
        return f"JET {score}, not agreed by all" if sees_all else ""
    if len(views) < len(Side):
        return ""
    return f"JET stays at {score}" if score == before else f"JET {score} agreed"
