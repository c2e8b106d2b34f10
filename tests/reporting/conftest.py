"""What several modules about the demonstration share."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from reporting.demonstration.calendar import TODAY


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The loaded demonstration, for all tests that ask for it, and gone after them; what the command said."""
    said = StringIO()
    with django_db_blocker.unblock(), override_settings(DEMO_TODAY=TODAY), transaction.atomic():
        call_command("seed_demo", stdout=said)
        connection.check_constraints()  # also those that wait for the end of the transaction
        yield said.getvalue()
        transaction.set_rollback(True)
