"""Guessers are stopped by where they come from, and nobody else is."""

import pytest
from django.core.cache import cache

from tests.config.test_settings import setting
from tests.world import client_for

STOPPED = "Too many failed login attempts"


@pytest.fixture(autouse=True)
def unused_limits():
    cache.clear()
    yield
    cache.clear()


def guess(name, *, forwarded):
    """Whether this guess was heard at all."""
    typed = {"login": f"{name}@example.org", "password": "a wrong guess"}
    page = client_for(None).post("/sign-in/", typed, headers={"x-forwarded-for": forwarded}).content.decode()
    return STOPPED not in page


def test_one_guesser_behind_the_proxy_shuts_nobody_else_out(db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    heard = [guess(f"g{number}", forwarded="203.0.113.9") for number in range(12)]
    assert heard == [True] * 10 + [False] * 2
    assert guess("somebody", forwarded="198.51.100.7")


def test_an_address_made_up_by_the_caller_counts_for_nothing(db, settings):
    """The proxy writes the last one; what stands before it is the caller's own word."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    heard = [guess(f"m{number}", forwarded=f"10.0.0.{number}, 203.0.113.9") for number in range(12)]
    assert heard == [True] * 10 + [False] * 2


def test_without_a_proxy_the_header_is_not_believed(db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    heard = [guess(f"w{number}", forwarded=f"10.0.0.{number}") for number in range(12)]
    assert heard == [True] * 10 + [False] * 2


def test_outside_debug_one_proxy_is_expected(tmp_path):
    both = "[settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.SECURE_PROXY_SSL_HEADER]"
    assert setting(both, var=tmp_path) == [1, ["HTTP_X_FORWARDED_PROTO", "https"]]
    assert setting(both, var=tmp_path, TRUSTED_PROXIES="2") == [2, ["HTTP_X_FORWARDED_PROTO", "https"]]
    assert setting(both, var=tmp_path, TRUSTED_PROXIES="0") == [0, None]
