"""What the frame of every page shows: the person, the unit they work in, and where they may go."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission, Role
from commissioning.access import Scope, scope_of
from commissioning.current_unit import current_unit, has_units_to_choose
from commissioning.kept_form import typed_by

#: (label, URL name, the addresses it and its pages start with, permission)
PLACES: tuple[tuple[str, str, tuple[str, ...], Permission], ...] = (
    ("Dashboard", "dashboard", ("/",), Permission.VIEW_CONTRACTS),
    ("Contracts", "register", ("/contracts/", "/service-reviews/", "/providers/"), Permission.VIEW_CONTRACTS),
    ("Monthly returns", "returns", ("/returns/",), Permission.RETURN_CONTRACTS),
    ("Partners", "units", ("/units/",), Permission.VIEW_CONTRACTS),
    ("People", "people", ("/people/",), Permission.MANAGE_PEOPLE),
    ("Audit log", "audit", ("/audit/",), Permission.VIEW_AUDIT),
)


#: Said under every page of the demonstration, so that nobody takes an invented rating for a fact.
DEMONSTRATION_NOTE = (
    "Demonstration. The commissioning bodies, the 228 contracts with 177 providers, the totals of £32.0m a year and"
    " £134.0m whole life and the services under review come from a county council’s published paper of 12 September"
    " 2014. Every provider, person, rating, date, single amount and partner’s share is invented."
)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    note = DEMONSTRATION_NOTE if settings.DEMO_TODAY else ""
    if user is None or not user.is_authenticated:
        return {"navigation": [], "current_unit": None, "signed_in_person": None, "demonstration_note": note}
    scope = scope_of(user)
    unit = current_unit(request)
    return {
        "signed_in_person": {"name": user.name, "email": user.email, "role_label": role_label(scope)},
        "current_unit": {"name": unit.name, "host_name": unit.host.name, "code": unit.code} if unit else None,
        "may_change_unit": has_units_to_choose(request),
        "may_search": scope.holds(Permission.VIEW_CONTRACTS),
        "navigation": list(navigation(request.path, scope)),
        "typed_by": typed_by(user),
        "printed_at": clock.now(),
        "demonstration_note": note,
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "keepalive_url": _address("keep_signed_in"),
    }


def role_label(scope: Scope) -> str:
    """The person's first role in the order of the roles table, as the header shows it."""
    held = {role for _, role in scope.roles}
    return next((role.label for role in Role if role in held), "No role today")


def navigation(path: str, scope: Scope) -> list[tuple[str, str, bool]]:
    return [
        (label, _address(name), path == "/" if name == "dashboard" else path.startswith(starts))
        for label, name, starts, permission in PLACES
        if scope.holds(permission) and (name != "units" or _sees_a_unit(scope))
    ]


@cache
def _address(name: str) -> str:
    return reverse(name)


def _sees_a_unit(scope: Scope) -> bool:
    """A provider's contact sees contracts without a part in any unit."""
    return scope.national or bool(scope.units_with(Permission.VIEW_CONTRACTS))
