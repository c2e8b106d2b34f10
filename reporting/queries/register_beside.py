"""What stands around a register and is of no contract: saved views, and which units have closed the month."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, F, OuterRef, Q, Subquery

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.models import MonthReview
from contracts.queries.built_once import Given, Statement, built, rows
from contracts.queries.closing import Closing, closing_among
from contracts.queries.given_sight import OneOfGiven
from reporting.choices import ViewPage
from reporting.models import SavedView


@dataclass(frozen=True)
class KeptView:
    """A saved view of the register as its chip needs it."""

    pk: int
    name: str
    query: str
    unit_id: int | None
    unit_code: str
    owner_id: int
    owner_name: str


@dataclass(frozen=True)
class Beside:
    """One's own views first, then the shared ones; and how far the units in sight are with the month."""

    views: list[KeptView]
    closing: Closing


def beside_register(*, user: Any, unit: CommissioningUnit | None, month: datetime.date) -> Beside:
    """One query."""
    scope = scope_of(user)
    units = scope.units_with(Permission.VIEW_CONTRACTS)
    ((views, closings),) = rows(
        _statement(month),
        owner=[user.pk],
        shared=sorted(units),
        units=[unit.pk] if unit else sorted(units),
        everywhere=scope.national and unit is None,
    )
    kept = [KeptView(*view) for view in views or []]
    offered = [view for view in kept if unit is None or view.unit_id in (unit.pk, None)]
    offered.sort(key=lambda view: view.owner_id != user.pk)
    moments = [(name, datetime.datetime.fromisoformat(at) if at else None) for name, at in closings or []]
    return Beside(offered, closing_among(month, moments))


@lru_cache(maxsize=32)
def _statement(month: datetime.date) -> Statement:
    """``SavedView.objects.visible_to`` and ``CommissioningUnit.objects.visible_to``, with the person to be given."""
    seen = Q(OneOfGiven(F("owner_id"), "owner")) | Q(OneOfGiven(F("unit_id"), "shared"), is_shared=True)
    of_register = SavedView.objects.filter(seen, page=ViewPage.REGISTER).order_by("name", "pk")
    views = built(of_register.values_list("pk", "name", "query", "unit_id", "unit__code", "owner_id", "owner__name"))
    review = MonthReview.objects.closed_for(month).filter(unit=OuterRef("pk")).values("closed_at")
    in_sight = Q(Given("everywhere", BooleanField())) | Q(OneOfGiven(F("pk"), "units"))
    units = built(
        CommissioningUnit.objects.filter(in_sight)
        .annotate(closed_at=Subquery(review))
        .order_by("name")
        .values_list("name", "closed_at")
    )
    sql = f"SELECT {_listed(views, columns=7)}, {_listed(units, columns=2)}"
    return Statement(sql, (*views.parameters, *units.parameters))


def _listed(statement: Statement, *, columns: int) -> str:
    names = ", ".join(f"value_{place}" for place in range(columns))
    return f"(SELECT json_agg(json_build_array({names})) FROM ({statement.sql}) listed ({names}))"  # noqa: S608
