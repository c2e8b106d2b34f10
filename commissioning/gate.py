"""The gate in front of every view: it names the permission, loads through sight, and checks the object."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.signed_out import ask_to_sign_in

View = Callable[..., HttpResponseBase]
Loader = Callable[..., Any]


def gate(permission: Permission, *, load: Loader | None = None) -> Callable[[View], View]:
    """Let in who holds the permission; with a loader, who holds it on the object loaded.

    Outside one's sight is 404 (the loader raises it), seen but not allowed is 403. The view is called
    with the request and, where there is a loader, the object instead of the address's parts.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **parts: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            scope = scope_of(request.user)
            if load is None:
                if not scope.holds(permission):
                    raise PermissionDenied(permission.description)
                return view(request, **parts)
            loaded = load(request, **parts)
            if not scope.can(permission, loaded):
                raise PermissionDenied(permission.description)
            return view(request, loaded)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """A view for everyone, signed in or not; said so that the system check knows it is meant."""

    @wraps(view)
    def opened(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(*args, **kwargs)

    opened.public = True  # type: ignore[attr-defined]
    return opened
