"""The demonstration, as the command loads it."""

from io import StringIO

from django.core.management import call_command
from django.db import connection

from tests.kept_world import again


def demonstration_again() -> str:
    """Into an empty database, loaded by the command the first time in a process; what the command said."""
    said = again(_load)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return said


def _load() -> str:
    said = StringIO()
    call_command("seed_demo", stdout=said)
    connection.check_constraints()  # also those that wait for the end of the transaction
    return said.getvalue()
