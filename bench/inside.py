"""This process's own connections to a world: Django's, and a bare one beside it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import User
from bench.worlds import World


@contextmanager
def inside(world: World) -> Iterator[None]:
    """All that Django does in this process, it does on the world's database."""
    before = connection.settings_dict["NAME"]
    _go_to(world.database)
    try:
        yield
    finally:
        _go_to(before)


@contextmanager
def raw(world: World) -> Iterator[Any]:
    """psycopg2 on the world's database with the settings of our own connections, and nothing else between."""
    options = connection.settings_dict["OPTIONS"]["options"]
    with closing(psycopg2.connect(world.url, options=options)) as bare:
        bare.autocommit = True
        yield bare


def person(email: str) -> User:
    """Read afresh, so that nothing known about an earlier one is kept on it."""
    return User.objects.get(email=email)


def _go_to(database: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = database
    ContentType.objects.clear_cache()
