"""The world of scale: the same every time, and only into an empty database."""

import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from reporting.scale.writer import Size, write


@pytest.mark.django_db
def test_it_is_the_same_every_time():
    assert _digest() == _digest()


def _digest():
    """Of what is written, but for the numbers that a database in use has gone on counting."""
    digest = hashlib.sha256()
    with transaction.atomic(), connection.cursor() as cursor:
        write(Size(units=2, contracts=40, months=3))
        for table in ("contracts_contract", "contracts_monthlyreturn", "contracts_kpireading", "governance_meeting"):
            cursor.execute(f"SELECT (to_jsonb(t) - 'id')::text FROM {table} t ORDER BY 1")  # noqa: S608
            for row in cursor:
                digest.update(row[0].encode())
        cursor.execute("SELECT metadata::text FROM pghistory_context ORDER BY 1")
        for row in cursor:
            digest.update(row[0].encode())
        transaction.set_rollback(True)
    return digest.hexdigest()


def test_a_database_in_use_is_refused(world):
    with pytest.raises(CommandError, match="needs an empty database"):
        call_command("seed_scale", units=1, contracts=10, months=3)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [(0, 10, 3), (2, 3, 3), (1, 10, 2), (1, 10, 121)])
def test_a_size_that_makes_no_world_is_refused(size):
    with pytest.raises(CommandError, match="At least one unit"):
        call_command("seed_scale", units=size[0], contracts=size[1], months=size[2])
