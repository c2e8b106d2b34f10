"""A register too large to be checked at once: through the queue to a worker of its own, and watched in the browser."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from config.celery import app
from config.file_queue import file_queue_options
from contracts.models import Contract, ImportState, RegisterImport
from tests.contracts.imports.files import csv_file
from tests.world import client_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
ROWS = 600


@pytest.fixture
def queue(settings, tmp_path):
    """The queue, the files and the cache of this test alone, where the web and the worker meet."""
    settings.MEDIA_ROOT = tmp_path / "files"
    before = app.conf.broker_url, app.conf.broker_transport_options
    app.conf.update(broker_url="files://localhost/", broker_transport_options=file_queue_options(tmp_path / "queue"))
    app._after_fork()  # forgets the connections to the queue before
    yield tmp_path
    app.conf.update(broker_url=before[0], broker_transport_options=before[1])
    app._after_fork()


def address_of_the_test_database() -> str:
    of = connection.settings_dict
    host = of["HOST"] or of["OPTIONS"].get("host", "")
    who = f"{quote(of['USER'])}:{quote(of['PASSWORD'])}"
    return f"postgres://{who}@:{of['PORT'] or 5432}/{of['NAME']}?host={quote(host, safe='')}"


@pytest.fixture
def start_worker(queue):
    """Starts the worker; until then a job lies in the queue."""
    started = []

    def start_worker():
        surroundings = os.environ | {
            "DEBUG": "true",
            "JC_VAR_DIR": str(queue),
            "DATABASE_URL": address_of_the_test_database(),
            "DEMO_TODAY": "2014-11-04",
            "REDIS_URL": "",
        }
        log = (queue / "worker.log").open("w")
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool=solo", "--loglevel=INFO"]
        started.append((subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=log, stderr=log), log))

    yield start_worker
    for worker, log in started:
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=10)
        log.close()


@pytest.fixture
def page(chromium, live_server, world):
    context = chromium.new_context(base_url=live_server.url)
    session = client_for(world.people["commissioner"]).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    context.set_default_timeout(12_000)
    yield context.new_page()
    context.close()


def test_six_hundred_rows_go_through_the_queue_to_the_register(page, world, queue, start_worker):
    lines = [f"CS/{row:04},Service {row},Provider {row:04} Care Ltd,01/04/2013,£{row + 1}" for row in range(ROWS)]
    content = csv_file("Reference,Title,Providers,Starts,Annual value", *lines)
    page.goto(reverse("register_import"))
    page.set_input_files("input[type=file]", {"name": "register.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Check this file").click()

    expect(page.get_by_role("status").filter(has_text="rows")).to_have_text("600 rows waiting to be checked.")
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert len(list((queue / "queue" / "messages").glob("*.msg"))) == 1
    start_worker()
    expect(page.locator("h1")).to_have_text("What this file would change", timeout=15_000)  # the page looks by itself
    expect(page.locator("main")).to_contain_text("Providers: Provider 0000 Care Ltd; Annual value: £1.00")
    expect(page.get_by_role("status").filter(has_text="of 600")).to_contain_text("1 to 50 of 600")
    assert not Contract.objects.exists()

    page.get_by_role("button", name="Import 600 contracts").click()
    expect(page.locator("h1")).to_have_text(re.compile("^600 contracts imported$"), timeout=15_000)
    assert Contract.objects.filter(unit=world.unit, created_by=world.people["commissioner"]).count() == ROWS
    assert RegisterImport.objects.get().state == ImportState.APPLIED
    assert list((queue / "queue" / "messages").glob("*.msg")) == []
