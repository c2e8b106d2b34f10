"""What the log may hold: who asked for which page, and nothing that opens or tells more."""

import json
import logging
from pathlib import Path

import pytest
from django.core.cache import cache
from structlog.stdlib import ProcessorFormatter
from structlog.testing import capture_logs

from accounts.middleware import path_to_log
from commissioning.emails import password_link
from config.logs import logging_config
from tests.world import PASSWORD, client_for

ROOT = Path(__file__).resolve().parents[2]


def test_the_key_of_a_mailed_link_is_not_logged(world):
    link = password_link(world.people["finance"])
    key = link.rstrip("/").rpartition("/")[2]
    with capture_logs() as lines:
        client_for(None).get(link)
    assert [line["request"] for line in lines] == ["GET /password/new/…"] * 2
    assert [line for line in lines if key in repr(line)] == []


def test_what_a_person_searched_for_is_not_logged(world):
    with capture_logs() as lines:
        world.browser("commissioner").get("/contracts/", {"q": "Sunita Placement"})
    assert [line["request"] for line in lines] == ["GET /contracts/"] * 2
    assert "Sunita" not in repr(lines)


def test_a_password_typed_is_not_logged(world, caplog):
    cache.clear()
    with capture_logs() as lines:
        client_for(None).post("/sign-in/", {"login": world.people["finance"].email, "password": PASSWORD})
    assert (PASSWORD in repr(lines), PASSWORD in caplog.text) == (False, False)
    assert [line["request"] for line in lines] == ["POST /sign-in/"] * 2


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/password/new/1-abc-def/", "/password/new/…"),
        ("/password/new/1-set-password/", "/password/new/…"),
        ("/password/new/done/", "/password/new/done/"),
        ("/password/", "/password/"),
    ],
)
def test_paths_as_the_log_has_them(path, logged):
    assert path_to_log(path) == logged


@pytest.mark.parametrize("file", ["Dockerfile", "docker-compose.yml"])
def test_the_web_server_writes_no_addresses_of_its_own(file):
    assert "access-logfile" not in (ROOT / file).read_text()


def test_a_failed_request_is_logged_without_what_was_searched_for(rf):
    """Django hangs the whole request on its lines about 4xx and 5xx answers."""
    asked = rf.get("/contracts/", {"q": "Sunita Placement"})
    record = logging.LogRecord(
        "django.request", logging.ERROR, __file__, 1, "Internal Server Error: %s", (asked.path,), None
    )
    record.request, record.status_code = asked, 500
    shape = logging_config(debug=False, level="INFO")["formatters"]["line"]
    formatter = ProcessorFormatter(foreign_pre_chain=shape["foreign_pre_chain"], processors=shape["processors"])
    line = json.loads(formatter.format(record))
    assert (line["event"], line["status_code"]) == ("Internal Server Error: /contracts/", 500)
    assert ("request" in line, "Sunita" in repr(line)) == (False, False)
