"""What the frame of every page shows: the person, the unit they work in, and where they may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission, Role
from commissioning.access import Scope, scope_of
from commissioning.current_unit import current_unit, units_in_sight

#: (label, URL name, the address it and its pages start with, permission)
PLACES = (
    ("Dashboard", "dashboard", "/", Permission.VIEW_CONTRACTS),
    ("Contracts", "register", "/contracts/", Permission.VIEW_CONTRACTS),
    ("Monthly returns", "returns", "/returns/", Permission.RETURN_CONTRACTS),
    ("Partners", "units", "/units/", Permission.VIEW_CONTRACTS),
    ("People", "people", "/people/", Permission.MANAGE_PEOPLE),
    ("Audit log", "audit", "/audit/", Permission.VIEW_AUDIT),
)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "current_unit": None, "signed_in_person": None}
    scope = scope_of(user)
    unit = current_unit(request)
    return {
        "signed_in_person": {"name": user.name, "email": user.email, "role_label": role_label(scope)},
        "current_unit": {"name": unit.name, "host_name": unit.host.name, "code": unit.code} if unit else None,
        "may_change_unit": len(units_in_sight(request)) > 1,
        "navigation": list(navigation(request.path, scope)),
        "printed_at": clock.now(),
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "keepalive_url": reverse("keep_signed_in"),
    }


def role_label(scope: Scope) -> str:
    """The person's first role in the order of the roles table, as the header shows it."""
    held = {role for _, role in scope.roles}
    return next((role.label for role in Role if role in held), "No role today")


def navigation(path: str, scope: Scope) -> list[tuple[str, str, bool]]:
    return [
        (label, reverse(name), path == start if start == "/" else path.startswith(start))
        for label, name, start, permission in PLACES
        if scope.holds(permission)
    ]
