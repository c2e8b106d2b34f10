"""Saved views as they are shown: as chips above the register, and in full on their own page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from commissioning.models import CommissioningUnit
from contracts.rules.returns import month_to_return
from reporting.choices import ViewPage
from reporting.models import SavedView
from reporting.queries.month import ReturnMonth
from reporting.queries.register_address import changed
from reporting.queries.register_beside import KeptView
from reporting.queries.register_counts import FurtherCount
from reporting.rules.addresses import normal_query

CHIPS_SHOWN: Final = 12


@dataclass(frozen=True)
class Chip:
    """One saved view above the list, with what it finds for the person who looks, where that is counted."""

    name: str
    count: int | None
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


@dataclass(frozen=True)
class SavedViews:
    """The views above a register: those shown, which its counts take in, and whether there are more."""

    shown: list[KeptView]
    is_cut: bool

    @classmethod
    def of(cls, views: list[KeptView]) -> "SavedViews":
        return cls(views[:CHIPS_SHOWN], is_cut=len(views) > CHIPS_SHOWN)

    @property
    def to_count(self) -> list[FurtherCount]:
        return [FurtherCount(_name(view), view.query, view.unit_id) for view in self.shown]

    def chips(
        self,
        counts: Mapping[str, int] | None,
        *,
        user: Any,
        unit: CommissioningUnit | None,
        month: ReturnMonth,
        query: str,
    ) -> Chips:
        """Without numbers where none are counted. ``query``: of the page, which may be one of the views."""
        now = normal_query(query)
        chips = []
        for view in self.shown:
            asked = _query(view, unit, month)
            chips.append(
                Chip(
                    name=view.name,
                    count=None if counts is None else counts[_name(view)],
                    url=f"?{asked}",
                    is_current=now == normal_query(asked),
                    shared_by="" if view.owner_id == user.pk else User(name=view.owner_name).short_name,
                )
            )
        return Chips(chips, is_cut=self.is_cut)


def _name(view: KeptView) -> str:
    return f"view_{view.pk}"


def _query(view: KeptView, unit: CommissioningUnit | None, month: ReturnMonth) -> str:
    """A view of one unit stays of that unit while its reader works in all; its month is the one looked at."""
    params = QueryDict(view.query)
    parts: dict[str, Any] = {"month": "" if month.is_latest else month.code}
    if unit is None and view.unit_code and not params.get("unit"):
        parts["unit"] = view.unit_code
    return changed(params, **parts)


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
