"""Fixtures of the whole suite: the fixed day, the world, and what the machine offers."""

import pytest

from tests.kept_world import again
from tests.permissions.addresses import Places, build_places
from tests.world import TODAY, World, build_world

pytest_plugins = ["tests.plugins.database", "tests.plugins.machine", "tests.plugins.passwords"]


@pytest.fixture(autouse=True)
def demonstration_day(settings):
    """Every test lives on 4 November 2014, so that nothing depends on the day it runs."""
    settings.DEMO_TODAY = TODAY


@pytest.fixture(autouse=True)
def plain_places(settings, tmp_path):
    """Nothing a test does leaves its own folder, mails nobody and needs no collected static files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def world(db) -> World:
    return again(build_world)


@pytest.fixture
def places(db) -> Places:
    """A row for every address there is, in a world of its own: ``places.world``, not the fixture of that name."""
    return again(build_places)
