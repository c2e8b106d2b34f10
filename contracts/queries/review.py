"""Returns that wait for a reviewer, in the order in which they are looked at."""

import datetime
from typing import Any, Final

from django.db.models import Case, ExpressionWrapper, F, FilteredRelation, IntegerField, Q, Value, When

from accounts.permissions import Permission
from commissioning.models import CommissioningUnit
from contracts.choices import COUNTING, ReturnState, Risk
from contracts.models import Contract
from contracts.models.contract import ContractQuerySet
from contracts.queries.monthly_return import LeftToReturn
from contracts.rules.returns import SEVERITY, month_end, previous_month

REVIEW_ORDER_WORDS: Final = "Red first, then amber, then the largest fall of JET, then by title"


def with_month(contracts: ContractQuerySet, month: datetime.date) -> ContractQuerySet:
    """``this``: the month's return, whatever its state."""
    return contracts.annotate(this=FilteredRelation("returns", condition=Q(returns__month=month)))


def in_review_order(contracts: ContractQuerySet, month: datetime.date) -> ContractQuerySet:
    """Of contracts with ``this``. A JET without one of last month to compare with has not fallen."""
    last = FilteredRelation("returns", condition=Q(returns__month=previous_month(month), returns__state__in=COUNTING))
    severity = Case(*(When(this__risk=risk, then=Value(SEVERITY[risk])) for risk in Risk), output_field=IntegerField())
    fall = ExpressionWrapper(F("last_month__jet_score") - F("this__jet_score"), output_field=IntegerField())
    ordered = contracts.annotate(last_month=last).annotate(severity=severity, fall=fall)
    return ordered.order_by(F("severity").desc(nulls_last=True), F("fall").desc(nulls_last=True), "title", "pk")


def reviewable(user: Any, *, unit: CommissioningUnit | None) -> ContractQuerySet:
    contracts = Contract.objects.visible_to(user, Permission.REVIEW_RETURNS)
    return contracts.filter(unit=unit) if unit else contracts


def left_to_review(user: Any, *, month: datetime.date, unit: CommissioningUnit | None) -> list[LeftToReturn]:
    """The submitted returns that the person may review, in the order of «To review» of everyone's list."""
    expected = with_month(reviewable(user, unit=unit).expecting_return(month, last_day=month_end(month)), month)
    waiting = in_review_order(expected.filter(Q(this__state=ReturnState.SUBMITTED)), month)
    return [LeftToReturn(*row) for row in waiting.values_list("pk", "slug", "unit__code")]
