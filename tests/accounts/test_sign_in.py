"""Signing in, staying signed in and being turned away, through the pages that people use."""

import datetime
import re

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone

from accounts.models import User
from config import settings as production
from tests.world import PASSWORD

SIGN_IN = "/sign-in/"


@pytest.fixture
def person(world):
    user = world.people["commissioner"]
    user.set_password(PASSWORD)
    user.save()
    cache.clear()
    return user


def sign_in(client, email, password=PASSWORD):
    return client.post(SIGN_IN, {"login": email, "password": password})


def signed_in(client):
    return "_auth_user_id" in client.session


def test_a_person_signs_in_by_email_whatever_its_capitals(person):
    client = Client()
    answer = sign_in(client, person.email.upper())
    assert (answer.status_code, answer.url) == (302, "/")
    assert signed_in(client)


def test_the_page_that_was_wanted_opens_after_signing_in(person):
    client = Client()
    answer = client.get("/units/")
    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/units/")
    page = client.get(answer.url).content.decode()
    assert 'name="next" value="/units/"' in page
    answer = client.post(SIGN_IN, {"login": person.email, "password": PASSWORD, "next": "/units/"})
    assert answer.url == "/units/"


def test_no_other_site_is_opened_after_signing_in(person):
    answer = Client().post(SIGN_IN, {"login": person.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert answer.url == "/"


@pytest.mark.parametrize("email", ["person", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_give_one_sentence(person, email):
    client = Client()
    answer = sign_in(client, person.email if email == "person" else email, "not the password")
    assert answer.status_code == 200
    assert [str(error) for error in answer.context["form"].non_field_errors()] == [
        "The email address and/or password you specified are not correct."
    ]
    assert not signed_in(client)


def test_guessing_is_stopped_in_words(person):
    client = Client()
    for _ in range(5):
        assert sign_in(client, person.email, "a wrong password").status_code == 200
    answer = sign_in(client, person.email)
    page = answer.content.decode()
    assert not signed_in(client)
    assert "Too many failed login attempts. Try again later." in page


def test_a_flood_from_one_place_gets_the_page_that_says_so(person):
    client = Client()
    answers = [client.post(SIGN_IN, {"login": f"n{n}@example.org", "password": "x"}) for n in range(31)]
    assert [answer.status_code for answer in answers[:30]] == [200] * 30
    assert answers[30].status_code == 429
    page = answers[30].content.decode()
    assert "<h1>Too many tries</h1>" in page


def test_an_inactive_person_cannot_sign_in(person):
    person.is_active = False
    person.save()
    client = Client()
    answer = sign_in(client, person.email)
    assert (answer.status_code, answer.url) == (302, reverse("account_inactive"))
    assert not signed_in(client)
    assert client.get(answer.url).status_code == 200


def test_who_is_made_inactive_is_signed_out_at_once(person):
    client = Client()
    sign_in(client, person.email)
    User.objects.filter(pk=person.pk).update(is_active=False)
    answer = client.get("/units/")
    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/units/")


def test_passwords_are_kept_as_argon2_at_its_full_cost(settings):
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    assert make_password(PASSWORD).startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")


def test_a_forgotten_password_is_set_by_the_link_in_the_mail(person):
    client = Client()
    answer = client.post(reverse("account_reset_password"), {"email": person.email})
    assert (answer.status_code, answer.url) == (302, reverse("account_reset_password_done"))
    (message,) = mail.outbox
    assert message.to == [person.email]
    path = re.search(r"http://testserver(/password/new/\S+)", message.body).group(1)
    answer = client.get(path, follow=True)
    address = answer.redirect_chain[-1][0]
    assert "set-password" in address
    new = "quite another long password"
    answer = client.post(address, {"password1": new, "password2": new})
    assert answer.status_code == 302
    stale, fresh = Client(), Client()
    assert sign_in(stale, person.email).status_code == 200
    assert not signed_in(stale)
    assert sign_in(fresh, person.email, new).status_code == 302
    assert signed_in(fresh)
    again = Client().get(path, follow=True)
    assert "password1" not in again.content.decode()  # the link serves once


def test_asking_for_a_new_password_does_not_say_who_has_an_account(person):
    known = Client().post(reverse("account_reset_password"), {"email": person.email})
    unknown = Client().post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [message.to for message in mail.outbox] == [[person.email]]


def test_weak_passwords_are_refused(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "short1", "password2": "short1"}
    )
    assert answer.status_code == 200
    assert "at least 12 characters" in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


# The session


def test_a_session_ends_after_half_an_hour_without_a_request(person):
    assert settings.SESSION_COOKIE_AGE == 30 * 60
    client = Client()
    answer = sign_in(client, person.email)
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert not cookie["max-age"]  # ends with the browser as well
    stored = Session.objects.get(session_key=client.session.session_key)
    left = (stored.expire_date - timezone.now()).total_seconds()
    assert 29 * 60 < left <= 30 * 60


def test_every_request_moves_the_end_of_the_session(person, time_machine):
    time_machine.move_to("2014-11-04T09:00:00Z", tick=False)
    client = Client()
    sign_in(client, person.email)
    time_machine.move_to("2014-11-04T09:29:00Z", tick=False)
    assert client.get("/keep-signed-in/").status_code == 204
    time_machine.move_to("2014-11-04T09:58:00Z", tick=False)
    assert client.get("/keep-signed-in/").status_code == 204
    time_machine.move_to("2014-11-04T10:28:01Z", tick=False)
    assert client.get("/keep-signed-in/").status_code == 302


def test_what_is_asked_within_a_minute_writes_no_session(person, time_machine):
    time_machine.move_to("2014-11-04T09:00:00Z", tick=False)
    client = Client()
    sign_in(client, person.email)
    asked = {}
    for second in (0, 59, 60, 119, 120):
        minute, left = divmod(second, 60)
        time_machine.move_to(f"2014-11-04T09:{minute:02}:{left:02}Z", tick=False)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/keep-signed-in/").status_code == 204
        asked[second] = sum('UPDATE "django_session"' in query["sql"] for query in queries)
    assert asked == {0: 0, 59: 0, 60: 1, 119: 0, 120: 1}


@pytest.mark.parametrize("last", ["09:29:00", "09:29:59"])
@pytest.mark.parametrize(("minutes", "status"), [(29, 204), (30, 302)])
def test_a_session_lasts_for_half_an_hour_but_for_a_minute(person, time_machine, last, minutes, status):
    """Also where the last request came a second before the end of the session would have been written again."""
    time_machine.move_to("2014-11-04T09:00:00Z", tick=False)
    client = Client()
    sign_in(client, person.email)
    for asked in ("09:29:00", last):
        time_machine.move_to(f"2014-11-04T{asked}Z", tick=False)
        assert client.get("/keep-signed-in/").status_code == 204
    time_machine.shift(datetime.timedelta(minutes=minutes))
    assert client.get("/keep-signed-in/").status_code == status


def test_pages_tell_the_browser_when_to_warn(person):
    client = Client()
    sign_in(client, person.email)
    page = client.get("/units/").content.decode()
    assert 'data-idle-seconds="1800" data-keepalive-url="/keep-signed-in/"' in page
    assert 'id="idle-warning"' in page
    assert "data-idle-seconds" not in Client().get(SIGN_IN).content.decode()


def test_signing_out_needs_a_press_and_ends_the_session(person):
    client = Client()
    sign_in(client, person.email)
    assert client.get("/sign-out/").status_code == 200
    assert signed_in(client)
    answer = client.post("/sign-out/")
    assert (answer.status_code, answer.url) == (302, SIGN_IN)
    assert not signed_in(client)


def test_a_forged_form_is_refused_in_words(person):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert page.count("<h1") == 1
    assert "CSRF" not in page


# What is not there


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_confirm_email", "account_reauthenticate",
                                  "account_set_password", "account_request_login_code"])  # fmt: skip
def test_pages_of_the_library_that_nobody_needs_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["/signup/", "/accounts/signup/", "/accounts/login/", "/email/", "/accounts/email/"])
def test_nobody_signs_up(path):
    with pytest.raises(Resolver404):
        resolve(path)


def test_sign_in_offers_no_account_to_make(person):
    page = Client().get(SIGN_IN).content.decode().lower()
    assert "sign up" not in page
    assert "signup" not in page
