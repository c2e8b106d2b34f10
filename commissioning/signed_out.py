"""What a person without a session meets: the sign-in page, why they are there, and the way back to their page."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

NOT_SAVED = "What you had just sent was not saved. "


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; a part of a page that asked by script is told so in its place, and keeps what is typed."""
    if request.headers.get("HX-Request"):
        return render(request, "components/signed_out.html", {"next": _page_of(request)}, status=401)
    if _had_session(request) or request.method == "POST":
        messages.warning(request, _words(request))
    return redirect_to_login(_page_of(request))


def _had_session(request: HttpRequest) -> bool:
    """A browser still showing a session's cookie had one that has ended; nobody signed in leaves none behind."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _words(request: HttpRequest) -> str:
    minutes = settings.SESSION_COOKIE_AGE // 60
    lost = NOT_SAVED if request.method == "POST" else ""
    return (
        f"You are signed out. This happens after {minutes} minutes without use. {lost}"
        "Sign in to go on: what was saved before, drafts too, is there."
    )


def _page_of(request: HttpRequest) -> str:
    """Where to go on after signing in: an address that only takes posts leads nowhere, so the page that sent it."""
    if request.method != "POST":
        return request.get_full_path()
    sender = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(sender, {request.get_host()}, require_https=request.is_secure()):
        return request.get_full_path()
    address = urlsplit(sender)
    return f"{address.path}?{address.query}" if address.query else address.path
