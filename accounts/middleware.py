from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.views.defaults import page_not_found
from django_structlog.middlewares import RequestMiddleware
from pghistory.middleware import HistoryMiddleware

from accounts import clock

Answer = Callable[[HttpRequest], HttpResponseBase]


class NoCopiesMiddleware:
    """No browser and no proxy keeps a page: «back» after signing out shows nothing, nor does a shared machine."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class IdleClockMiddleware:
    """Moves the end of the session with what the person asks for, written at most once in SESSION_MOVED_EVERY.

    So nobody stays signed in for longer than SESSION_COOKIE_AGE after their last request, and nobody for less than
    that by more than SESSION_MOVED_EVERY: the browser warns so much earlier.
    """

    MOVED_AT: Final = "moved_at"

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        session = request.session
        if not session.is_empty():
            now = clock.seconds()
            if now - session.get(self.MOVED_AT, 0) >= settings.SESSION_MOVED_EVERY:
                session[self.MOVED_AT] = now
        return response


class DemonstrationMiddleware:
    """What is not there looks in the demonstration, which runs with DEBUG, as it does in earnest.

    Django's own page for developers would tell a visitor every address and why this one was refused.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and settings.DEBUG and settings.DEMO_TODAY:
            return page_not_found(request, Http404())
        return response


class PlainTextMiddleware:
    """Refuses the one character that no form of ours sends and that the database does not take."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """After the check of the form's token, which reads the form anyhow."""
        for sent in (request.GET, request.POST):
            if any("\x00" in value for name, values in sent.lists() for value in (name, *values)):
                raise SuspiciousOperation("A null character was sent.")


class RequestLogMiddleware(RequestMiddleware):
    """One line for each request, without what a person searched for and without the key of a mailed link."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {path_to_log(request.path)}"


def path_to_log(path: str) -> str:
    """The path of an address; whoever reads the log must not be able to set somebody's password with it."""
    start = "/password/new/"
    return f"{start}…" if path.startswith(start) and path != f"{start}done/" else path


class ActMiddleware(HistoryMiddleware):
    """Rows changed outside a named act (the administration pages) still say who and where."""

    def get_context(self, request):
        user = getattr(request, "user", None)
        person = user if user is not None and user.is_authenticated else None
        return {
            "act": "Changed in the administration pages" if request.path.startswith("/admin/") else "",
            "actor": person.pk if person else None,
            "actor_name": str(person) if person else "nobody signed in",
            "at": clock.now().isoformat(),
        }
