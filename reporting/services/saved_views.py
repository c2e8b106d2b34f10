"""Keeping, changing and removing saved views."""

from django.core.exceptions import ValidationError

from accounts.acts import act
from accounts.models import User
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from commissioning.services.conflict import Conflict
from reporting.choices import ViewPage
from reporting.models import LONGEST_QUERY, SavedView
from reporting.rules.addresses import normal_query


def save_view(
    *,
    name: str,
    query: str,
    unit: CommissioningUnit | None,
    by: User,
    page: str = ViewPage.REGISTER,
    share: bool = False,
) -> SavedView:
    """Raises ValidationError where the owner has one of this name, or may not share it."""
    view = SavedView(owner=by, unit=unit, page=page, name=name.strip(), query=normal_query(query), is_shared=share)
    _check(view, by=by)
    with act("View saved", by=by):
        view.save()
    return view


def change_view(*, view: SavedView, name: str, share: bool, version: int, by: User) -> SavedView:
    """Another name, shared or no longer. Raises Conflict where it was changed since it was opened."""
    with act("View changed", by=by):
        stored = SavedView.objects.select_for_update().get(pk=view.pk)
        if stored.owner_id != by.pk:
            raise ValidationError("Only the person who saved this view may change it.")
        if stored.version != version:
            raise Conflict(stored)
        stored.name, stored.is_shared = name.strip(), share
        stored.version += 1
        _check(stored, by=by)
        stored.save()
    return stored


def remove_view(*, view: SavedView, by: User) -> None:
    """By its owner; a shared one also by who manages the unit."""
    if not view.is_open_to(scope_of(by), Permission.MANAGE_UNIT):
        raise ValidationError("Only the person who saved this view, or who manages the unit, may remove it.")
    with act("View removed", by=by):
        view.delete()


def _check(view: SavedView, *, by: User) -> None:
    if len(view.query) > LONGEST_QUERY:
        raise ValidationError("This view has more filters than can be kept. Take some of them out first.")
    if view.is_shared and view.unit_id not in scope_of(by).units_with(Permission.VIEW_CONTRACTS):
        raise ValidationError({"share": "You can share a view only in one unit, and one that you work in."})
    view.full_clean(validate_constraints=False)
    try:
        view.validate_constraints()
    except ValidationError as error:
        raise ValidationError({"name": error.messages}) from error
