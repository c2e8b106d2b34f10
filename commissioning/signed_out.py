"""What a person without a session meets: the sign-in page, why they are there, and the way back to their page."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from commissioning.kept_form import keep_form

NOT_SAVED = "What you had just sent was not saved. "
KEPT = "What you had just typed is kept, but not saved yet: it is on its page again once you have signed in. "


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; a part of a page that asked by script is told so in its place, and keeps what is typed."""
    page = _page_of(request)
    is_kept = request.method == "POST" and keep_form(request, page=page)
    if request.headers.get("HX-Request"):
        return render(request, "components/signed_out.html", {"next": page, "is_kept": is_kept}, status=401)
    if _had_session(request) or request.method == "POST":
        messages.warning(request, _words(request, is_kept=is_kept))
    return redirect_to_login(page)


def _had_session(request: HttpRequest) -> bool:
    """A browser still showing a session's cookie had one that has ended; nobody signed in leaves none behind."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _words(request: HttpRequest, *, is_kept: bool) -> str:
    minutes = settings.SESSION_COOKIE_AGE // 60
    lost = KEPT if is_kept else NOT_SAVED if request.method == "POST" else ""
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
