"""The databases that are measured: each size is built once and kept under a name that says what it was built from."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, Final

import psycopg2
from django.db import connection
from psycopg2 import sql

from bench.inside import inside
from bench.sizes import Size
from bench.stock_grants import write_stock_grants
from bench.worlds import PROJECT, World, address_of

MIGRATIONS: Final = ("requirements.txt", "*/migrations/*.py")
WORLDS: Final = (
    *MIGRATIONS,
    "reporting/scale/**/*.py",
    "reporting/scale/**/*.sql",
    "reporting/management/commands/seed_scale.py",
    "bench/stock_grants.py",
)
"""What a kept database rests on: where any of it changes, it is built anew."""


def built(size: Size, *, migrated: str | None = None) -> World:
    """The world of this size, kept from an earlier run or built now.

    ``migrated``: a database in which all migrations have run, where the caller has one already.
    """
    with closing(_server()) as server, server.cursor() as cursor:
        name = f"bench_{size.code}_{size.units}_{size.contracts}_{size.months}".lower()
        return World(size, _kept(cursor, name, WORLDS, partial(_fill, cursor, size, migrated)))


def _kept(cursor: Any, what: str, made_from: Sequence[str], make: Callable[[str], None]) -> str:
    """The database of this name and state of the code; those of earlier states are dropped."""
    wanted = f"{what}_{state_of(made_from)}"
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{what}_"])
    there = {name for (name,) in cursor.fetchall()}
    if wanted not in there:
        for old in there:
            _run(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", old)
        make(f"{wanted}_new")
        _run(cursor, "ALTER DATABASE {} RENAME TO {}", f"{wanted}_new", wanted)
    return wanted


@contextmanager
def copied(world: World) -> Iterator[World]:
    """A copy to write into; nobody may be connected to the world while it is copied."""
    copy = World(world.size, f"{world.database}_copy")
    with closing(_server()) as server, server.cursor() as cursor:
        _run(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", copy.database)
        _run(cursor, "CREATE DATABASE {} TEMPLATE {}", copy.database, world.database)
        try:
            yield copy
        finally:
            _run(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", copy.database)


def state_of(patterns: Sequence[str]) -> str:
    """A digest of every file that one of these finds."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in PROJECT.glob(pattern)}):
        digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def manage(database: str, *arguments: str) -> None:
    """Run a command of ours on this database. Raises CalledProcessError where it fails."""
    surroundings = os.environ | {"DATABASE_URL": address_of(database), "DJANGO_SETTINGS_MODULE": "bench.settings"}
    command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
    subprocess.run(command, cwd=PROJECT, env=surroundings, check=True, stdout=sys.stderr)  # noqa: S603  (our own)


def _fill(cursor: Any, size: Size, migrated: str | None, database: str) -> None:
    begun = time.monotonic()
    _say(f"Building {size.code}: {size.words}")
    template = migrated or _kept(cursor, "bench_migrated", MIGRATIONS, partial(_migrate, cursor))
    _run(cursor, "CREATE DATABASE {} TEMPLATE {}", database, template)
    asked = {"units": size.units, "contracts": size.contracts, "months": size.months}
    manage(database, "seed_scale", *(f"--{name}={number}" for name, number in asked.items()))
    with inside(World(size, database)):
        write_stock_grants()
        with connection.cursor() as within:
            within.execute("VACUUM (ANALYZE)")
    _say(f"Built {size.code} in {time.monotonic() - begun:.0f} seconds.")


def _migrate(cursor: Any, database: str) -> None:
    _run(cursor, "CREATE DATABASE {}", database)
    manage(database, "migrate", "--verbosity=0")


def _server() -> Any:
    server = psycopg2.connect(address_of("postgres"))
    server.autocommit = True  # a database is neither made nor dropped inside a transaction
    return server


def _run(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
