"""Saved views as they are shown: as chips above the register, and in full on their own page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, IntegerField, Value
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from commissioning.models import CommissioningUnit
from contracts.models.contract import ContractQuerySet
from contracts.rules.returns import month_to_return
from reporting.choices import ViewPage
from reporting.models import SavedView
from reporting.queries.month import ReturnMonth
from reporting.queries.register_address import changed
from reporting.queries.register_filter import register_of
from reporting.rules.addresses import normal_query

CHIPS_SHOWN: Final = 12


@dataclass(frozen=True)
class Chip:
    """One saved view above the list, with what it finds for the person who looks."""

    name: str
    count: int
    url: str
    is_current: bool
    shared_by: str


@dataclass(frozen=True)
class Chips:
    """One's own first, then the others' shared ones; what is over is on the page of all."""

    chips: list[Chip]
    is_cut: bool

    @property
    def own(self) -> list[Chip]:
        return [chip for chip in self.chips if not chip.shared_by]

    @property
    def shared(self) -> list[Chip]:
        return [chip for chip in self.chips if chip.shared_by]


def register_chips(*, user: Any, unit: CommissioningUnit | None, month: ReturnMonth, query: str) -> Chips:
    """Two queries: the views, and all their counts, each within the sight of the person who looks."""
    views = SavedView.objects.visible_to(user).offered_in(unit).filter(page=ViewPage.REGISTER)
    found = list(views.select_related("owner", "unit"))
    own_first = sorted(found, key=lambda view: view.owner_id != user.pk)
    shown = own_first[:CHIPS_SHOWN]
    counts = _counts(shown, user=user, unit=unit, month=month)
    now = normal_query(query)
    chips = [
        Chip(
            name=view.name,
            count=counts.get(view.pk, 0),
            url=f"?{_query(view, unit, month)}",
            is_current=now == normal_query(_query(view, unit, month)),
            shared_by="" if view.owner_id == user.pk else view.owner.short_name,
        )
        for view in shown
    ]
    return Chips(chips, is_cut=len(found) > len(shown))


def _query(view: SavedView, unit: CommissioningUnit | None, month: ReturnMonth) -> str:
    """A view of one unit stays of that unit while its reader works in all; its month is the one looked at."""
    params = view.params
    parts: dict[str, Any] = {"month": "" if month.is_latest else month.code}
    if unit is None and view.unit is not None and not params.get("unit"):
        parts["unit"] = view.unit.code
    return changed(params, **parts)


def _counts(
    views: Sequence[SavedView], *, user: Any, unit: CommissioningUnit | None, month: ReturnMonth
) -> dict[int, int]:
    counted = [_count(view, user=user, unit=unit, month=month) for view in views]
    if not counted:
        return {}
    first, *rest = counted
    rows: Iterable[tuple[int, int]] = first.union(*rest, all=True) if rest else first
    return dict(rows)


def _count(view: SavedView, *, user: Any, unit: CommissioningUnit | None, month: ReturnMonth) -> Any:
    found: ContractQuerySet = register_of(
        user=user, unit=view.unit or unit, params=view.params, month=month
    ).contracts.order_by()
    named = found.annotate(saved_view=Value(view.pk, output_field=IntegerField())).values("saved_view")
    return named.annotate(number=Count("pk")).values_list("saved_view", "number")


@dataclass(frozen=True)
class ManagedView:
    """A line of the page of all views."""

    pk: int
    name: str
    page: str
    unit: str
    owner: str
    sharing: str
    url: str
    may_change: bool
    may_remove: bool


def managed_views(*, user: Any, unit: CommissioningUnit | None) -> list[ManagedView]:
    """All that the person may see, in every unit; opened from here where that is the unit they work in."""
    scope = scope_of(user)
    views = SavedView.objects.visible_to(user).select_related("owner", "unit").order_by("name", "pk")
    return [
        ManagedView(
            pk=view.pk,
            name=view.name,
            page=ViewPage(view.page).label,
            unit=view.unit.name if view.unit else "All units",
            owner="You" if view.owner_id == user.pk else view.owner.name,
            sharing="Shared with the unit" if view.is_shared else "Only you",
            url=_url(view, unit, scope),
            may_change=view.owner_id == user.pk,
            may_remove=view.is_open_to(scope, Permission.MANAGE_UNIT),
        )
        for view in views
    ]


def _url(view: SavedView, unit: CommissioningUnit | None, scope: Scope) -> str:
    """Nothing where it cannot be opened from the unit in which the person works. A review opens at its newest month."""
    if view.page == ViewPage.REVIEW:
        may_review = view.unit_id in scope.units_with(Permission.REVIEW_RETURNS)
        month = month_to_return(clock.today())
        return (
            f"{reverse('month_review', args=[month, view.unit.code])}?{view.query}" if view.unit and may_review else ""
        )
    if unit and view.unit and unit.pk != view.unit_id:
        return ""
    params = view.params
    parts = {"unit": view.unit.code} if unit is None and view.unit and not params.get("unit") else {}
    return f"{reverse('register')}?{changed(params, **parts)}"
