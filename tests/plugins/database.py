"""The tests' database: migrated once for each state of the migrations, then copied for every run and worker.

Running all migrations takes a minute of work; copying their result takes a second. The result is kept on the server as
a template that is named by what it was made of, so that a changed migration makes another and drops the old one.
"""

import hashlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase

from tests.rows import Rows, may_put_triggers_to_sleep, row_counts

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "tests_migrated_"
ONE_AT_A_TIME = 20141104
"""The number of the lock that workers take before they look for the template."""
_migrated: list[Rows] = []


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_modify_db_settings_parallel_suffix, django_db_blocker
) -> Iterator[None]:
    """Instead of pytest-django's own: the copy, under the name that the worker goes by."""
    own, name = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            _copy_migrated(name)
            _go_by(name)
            if may_put_triggers_to_sleep():
                _migrated.append(Rows.of([table for table, count in row_counts().items() if count]))
        post_migrate.connect(_law_again, sender=apps.get_app_config("contracts"))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_again())
        yield
    with django_db_blocker.unblock():
        _go_by(own)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def empty_again() -> None:
    """What the migrations wrote stands, and nothing else: after tests with several connections, which cannot be undone.

    Django's own way cuts off every table and writes permissions and types anew, which takes many times as long.
    """
    if _migrated:
        _migrated[0].write_alone()
    else:
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


def _law_again(**_: Any) -> None:
    """What a migration of ours wrote is written again after Django has emptied the database."""
    from contracts.models import DutyRule

    if not DutyRule.objects.exists():
        import_module("contracts.migrations.0011_change_law").seed(apps, None)


def _go_by(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES[connection.alias]["NAME"] = name


def _copy_migrated(name: str) -> None:
    template = migrated_template()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        kept = {row[0] for row in cursor.fetchall()}
        for old in kept - {template}:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
        if template not in kept:
            _migrate(f"{template}_new")
            cursor.execute(f'ALTER DATABASE "{template}_new" RENAME TO "{template}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')  # nothing of it outlives the run
        cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def migrated_template() -> str:
    """The name of the database that holds what all migrations make of an empty one."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def _migrate(name: str) -> None:
    """As Django makes its tests' database, under another name."""
    own, wanted = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.settings_dict["TEST"]["NAME"] = wanted
        _go_by(own)
