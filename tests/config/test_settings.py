"""The environment, read by a real start of the program."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DATABASE_URL": "postgres://somebody:a-password@db.internal:5433/register?sslmode=require",
    "REDIS_URL": "redis://redis.internal:6379/0",
    "EMAIL_URL": "smtp+tls://postman:stamp@mail.internal:587",
    "ALLOWED_HOSTS": "commissioning.example.gov.uk,.example.nhs.uk",
}


def run(*command: str, without: str = "", var: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run it with this environment and no other, but for what finds programs."""
    chosen = {name: value for name, value in (PRODUCTION | environment).items() if name != without}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "JC_VAR_DIR": str(var), **chosen},
        capture_output=True,
        text=True,
        check=False,
    )


def setting(expression: str, *, var: Path, **environment: str):
    """The value that a started program has."""
    done = run(
        "-c",
        "import json, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        f"from django.conf import settings; print(json.dumps({expression}, default=str))",
        var=var,
        **environment,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("command", ["check", "migrate", "import_organisations", "runserver"])
@pytest.mark.parametrize(
    ("missing", "hint"),
    [
        ("SECRET_KEY", "a long random text that only this installation knows."),
        ("DATABASE_URL", "for example postgres://user:password@host:5432/name, a PostgreSQL 18 server."),
    ],
)
def test_a_missing_value_stops_the_start_with_what_to_set(missing, hint, command, tmp_path):
    done = run("manage.py", command, without=missing, var=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"Set {missing} in the environment: {hint}\n")


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL"])
def test_an_empty_value_is_a_missing_one(missing, tmp_path):
    done = run("manage.py", "check", var=tmp_path, **{missing: ""})
    assert done.returncode == 1
    assert done.stderr.startswith(f"Set {missing} in the environment: ")


def test_the_deployment_check_is_clean(tmp_path):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", var=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_the_deployment_check_sees_a_weak_key(tmp_path):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", var=tmp_path, SECRET_KEY="short")
    assert done.returncode == 1
    assert "security.W009" in done.stderr


def test_database_url(tmp_path):
    database = setting("settings.DATABASES['default']", var=tmp_path)
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.internal", 5433, "register")
    assert database["OPTIONS"]["sslmode"] == "require"
    assert "jit=off" in database["OPTIONS"]["options"]


def test_redis_url_is_queue_and_cache(tmp_path):
    names = "[settings.CELERY_BROKER_URL, settings.CACHES['default']['LOCATION']]"
    assert setting(names, var=tmp_path) == ["redis://redis.internal:6379/0"] * 2
    assert setting(names, var=tmp_path, REDIS_URL="") == ["files://localhost/", str(tmp_path / "cache")]


def test_email_url(tmp_path):
    names = "[settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS]"
    assert setting(names, var=tmp_path) == ["mail.internal", 587, "postman", True]
    assert setting("settings.EMAIL_BACKEND", var=tmp_path, EMAIL_URL="consolemail://").endswith("console.EmailBackend")


def test_allowed_hosts_are_trusted_for_forms(tmp_path):
    assert setting("[settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS]", var=tmp_path) == [
        ["commissioning.example.gov.uk", ".example.nhs.uk"],
        ["https://commissioning.example.gov.uk", "https://*.example.nhs.uk"],
    ]


def test_outside_debug_no_host_is_allowed_unasked(tmp_path):
    assert setting("settings.ALLOWED_HOSTS", var=tmp_path, ALLOWED_HOSTS="") == []


def test_everything_written_goes_to_the_var_folder(tmp_path):
    names = "[str(settings.MEDIA_ROOT), settings.CELERY_BROKER_TRANSPORT_OPTIONS['data_folder_in']]"
    assert setting(names, var=tmp_path, REDIS_URL="") == [
        str(tmp_path / "files"),
        str(tmp_path / "queue" / "messages"),
    ]
