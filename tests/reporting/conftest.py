"""What several modules about the demonstration share."""

import pytest
from django.db import transaction
from django.test import override_settings

from reporting.demonstration.calendar import TODAY
from tests.demonstration import demonstration_again


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The loaded demonstration, for all tests that ask for it, and gone after them; what the command said."""
    with django_db_blocker.unblock(), override_settings(DEMO_TODAY=TODAY), transaction.atomic():
        yield demonstration_again()
        transaction.set_rollback(True)
