"""The contracts that a month or the one before counts, each once: the one pass that the dashboard's figures share."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.models.contract import in_sight
from reporting.queries.month import ReturnMonth, is_expected, seen_by
from reporting.queries.sight import with_plans_seen

LATEST_WORKING_DAY: Final = 20
"""No unit's returns are due later (`CommissioningUnit.return_working_day`)."""


def counted(
    user: Any,
    unit: CommissioningUnit | None,
    month: ReturnMonth,
    *,
    closed: Collection[int],
    closed_before: Collection[int],
) -> QuerySet[Any]:
    """One row a contract in sight of which this month or the last expects a return, with what its returns say.

    ``closed`` and ``closed_before`` are the units that have closed the one and the other. ``is_over``: last month's
    view holds no longer; ``first_owed``: a day of the first month ever asked of it; ``is_read``: the person reads what
    stands beside its grade; ``was_risk`` and ``was_jet``: its view of last month, ``last_risk`` and ``last_jet`` that
    month's own return.
    """
    before = month.before
    is_due, was_due = is_expected(month), is_expected(before)
    months = {"this_return": month.month, "last_return": month.previous}
    was: dict[str, F | Case] = {"was_risk": F("last_return__risk"), "was_jet": F("last_return__jet_score")}
    if before.first_working_day_open <= LATEST_WORKING_DAY:
        months["earlier_return"] = before.previous
        held = _is_held(before, closed_before)
        was = {
            name: Case(
                When(last_return__id__isnull=False, then=F(f"last_return__{field}")),
                When(held, then=F(f"earlier_return__{field}")),
                default=None,
            )
            for name, field in (("was_risk", "risk"), ("was_jet", "jet_score"))
        }
    return (
        seen_by(user, unit)
        .filter(is_due | was_due)
        .with_returns_of(**months)
        .order_by()
        .values(
            *("id", "unit_id", "officer_id", "management", "annual_value", "whole_life_value"),
            **was,
            working_day=F("unit__return_working_day"),
            first_owed=Greatest("start", "unit__first_return_month", "returns_from"),
            is_due=_column(is_due),
            was_due=_column(was_due),
            is_over=_column(~_is_held(month, closed)),
            is_read=_column(with_plans_seen(scope_of(user))),
            may_review=_column(in_sight(user, Permission.REVIEW_RETURNS)),
            this_state=F("this_return__state"),
            this_risk=F("this_return__risk"),
            this_jet=F("this_return__jet_score"),
            last_risk=F("last_return__risk"),
            last_jet=F("last_return__jet_score"),
        )
    )


def _is_held(month: ReturnMonth, closed: Collection[int]) -> Q:
    """The view of the month before still stands for it: its returns are not due yet, nor has the unit closed it."""
    return Q(unit__return_working_day__gte=month.first_working_day_open) & ~Q(unit_id__in=list(closed))


def _column(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
