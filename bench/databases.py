"""The databases that are measured: each size is built once and kept under a name that says what it was built from."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from psycopg2 import sql

from bench.inside import inside
from bench.sizes import Size
from bench.stock_grants import write_stock_grants
from bench.worlds import PROJECT, World, address_of

#: What a kept database rests on: where any of it changes, it is built anew.
MADE_FROM = (
    "requirements.txt",
    "*/migrations/*.py",
    "reporting/scale/*.py",
    "reporting/management/commands/seed_scale.py",
    "bench/stock_grants.py",
)


def built(size: Size, *, migrated: str | None = None) -> World:
    """The world of this size, kept from an earlier run or built now.

    ``migrated``: a database to copy instead of running all migrations, which takes longer than a small world itself.
    """
    prefix = f"bench_{size.code.lower()}_"
    world = World(size, prefix + state_of_the_code(size))
    with closing(_server()) as server, server.cursor() as cursor:
        kept = set(_databases(cursor, prefix))
        if world.database in kept:
            return world
        for old in kept:
            _run(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", old)
        unfinished = World(size, f"{world.database}_new")
        if migrated:
            _run(cursor, "CREATE DATABASE {} TEMPLATE {}", unfinished.database, migrated)
        else:
            _run(cursor, "CREATE DATABASE {}", unfinished.database)
        _fill(unfinished)
        _run(cursor, "ALTER DATABASE {} RENAME TO {}", unfinished.database, world.database)
    return world


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


def state_of_the_code(size: Size) -> str:
    digest = hashlib.sha256(repr(size).encode())
    for pattern in MADE_FROM:
        for path in sorted(PROJECT.glob(pattern)):
            digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def manage(database: str, *arguments: str) -> None:
    """Run a command of ours on this database. Raises CalledProcessError where it fails."""
    surroundings = os.environ | {"DATABASE_URL": address_of(database), "DJANGO_SETTINGS_MODULE": "bench.settings"}
    command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
    subprocess.run(command, cwd=PROJECT, env=surroundings, check=True, stdout=sys.stderr)  # noqa: S603  (our own)


def _fill(world: World) -> None:
    begun, size = time.monotonic(), world.size
    print(f"Building {size.code}: {size.words}", file=sys.stderr, flush=True)
    manage(world.database, "migrate", "--verbosity=0")
    sizes = {"units": size.units, "contracts": size.contracts, "months": size.months}
    manage(world.database, "seed_scale", *(f"--{name}={number}" for name, number in sizes.items()))
    with inside(world):
        write_stock_grants()
    with closing(psycopg2.connect(world.url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
    print(f"Built {size.code} in {time.monotonic() - begun:.0f} seconds.", file=sys.stderr, flush=True)


def _server() -> Any:
    connection = psycopg2.connect(address_of("postgres"))
    connection.autocommit = True  # a database is neither made nor dropped inside a transaction
    return connection


def _databases(cursor: Any, prefix: str) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [name for (name,) in cursor.fetchall()]


def _run(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
