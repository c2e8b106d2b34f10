"""What every answer of the service carries, whoever asks and however it ends."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client
from django.urls import path

from commissioning.gate import public
from config.urls import urlpatterns as addresses
from tests.permissions.addresses import names, send
from tests.world import PASSWORD, client_for

GUARDED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def _breaks(request):
    raise RuntimeError("A fault of ours, with a secret in it")


def _may_not(request):
    raise PermissionDenied("With a secret in it")


def _suspicious(request):
    raise SuspiciousOperation("With a secret in it")


urlpatterns = [
    *addresses,
    path("breaks/", public(_breaks)),
    path("may-not/", public(_may_not)),
    path("suspicious/", public(_suspicious)),
]


def faults_of(answer):
    """Which of the guards an answer lacks."""
    wrong = [name for name, value in GUARDED.items() if answer.headers.get(name) != value]
    if set(answer.headers.get("Content-Security-Policy", "").split("; ")) != POLICY:
        wrong.append("Content-Security-Policy")
    if not {"no-store", "private"} <= set(answer.headers.get("Cache-Control", "").split(", ")):
        wrong.append("Cache-Control")
    return wrong


@pytest.mark.parametrize("who", ["anonymous", "commissioner", "provider_contact", "outsider"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_answer_is_guarded_and_kept_by_no_cache(places, who, method):
    """Shown, sent on, refused or not there: so that «back» after signing out shows nothing either."""
    browser = places.world.browser(who)
    wrong = {}
    for name in sorted(names(), key=lambda name: name == "account_logout"):
        answer = send(browser, method, places.address(name))
        if faults := faults_of(answer):
            wrong[name] = (answer.status_code, faults)
    assert wrong == {}


@pytest.mark.urls("tests.security.test_answers")
@pytest.mark.parametrize(
    ("address", "status"), [("/breaks/", 500), ("/may-not/", 403), ("/suspicious/", 400), ("/nowhere/", 404)]
)
def test_error_pages_are_guarded_and_tell_nothing(db, address, status):
    answer = Client(raise_request_exception=False).get(address)
    assert (answer.status_code, faults_of(answer)) == (status, [])
    assert "secret" not in answer.content.decode()


def test_a_host_that_is_not_ours_is_refused(db):
    answer = Client().get("/password/forgotten/", headers={"host": "evil.example"})
    assert (answer.status_code, "evil.example" in answer.content.decode()) == (400, False)


def test_every_post_needs_its_token(places):
    """Swept over every address: a form on another site can do nothing with a session here."""
    browser, commissioner = Client(enforce_csrf_checks=True), places.world.people["commissioner"]
    browser.force_login(commissioner, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in names():
        answer = browser.post(places.address(name))
        assert (name, answer.status_code, faults_of(answer)) == (name, 403, [])
        assert "too old to send" in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "address", "data"),
    [
        ("get", "/contracts/", {"area": "\x00"}),
        ("get", "/contracts/new/", {"unit": "\x00"}),
        ("get", "/contracts/export.csv", {"area": "a\x00b"}),
        ("post", "/units/choose/", {"unit": "\x00"}),
        ("post", "/contracts/new/", {"provider_0": "\x00"}),
    ],
)
def test_a_character_that_no_form_sends_is_refused(world, method, address, data):
    browser = client_for(world.people["commissioner"])
    browser.raise_request_exception = False
    assert getattr(browser, method)(address, data).status_code == 400


def test_a_session_is_another_after_signing_in(world):
    """Whoever planted a session number before has nothing of it after."""
    user = world.people["commissioner"]
    user.set_password(PASSWORD)
    user.save()
    browser = Client()
    browser.get("/sign-in/")
    session = browser.session
    session["unit"] = 1
    session.save()
    before = session.session_key
    cache.clear()
    answer = browser.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert browser.session.session_key != before
    cookie = answer.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    browser.post("/sign-out/")
    assert "_auth_user_id" not in browser.session
    assert browser.get("/").url == "/sign-in/?next=/"


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(world, wanted):
    browser = client_for(world.people["commissioner"])
    assert browser.post("/units/choose/", {"unit": "", "next": wanted}).url == "/units/"


@pytest.mark.parametrize("wanted", ["foo", "register", "?x=1"])
def test_a_way_back_that_is_no_address_leads_to_the_units(world, wanted):
    browser = client_for(world.people["commissioner"])
    assert browser.post("/units/choose/", {"unit": "", "next": wanted}).url == "/units/"


def test_a_way_back_of_this_site_is_taken(world):
    browser = client_for(world.people["commissioner"])
    assert browser.post("/units/choose/", {"unit": "", "next": "/contracts/?risk=red"}).url == "/contracts/?risk=red"
