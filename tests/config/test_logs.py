"""Log lines outside DEBUG: JSON, and one id from the page through to the job."""

import json
import os
import secrets
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JOBS = """
    import structlog
    from config.celery import app

    @app.task(name="tell")
    def tell(contract):
        structlog.get_logger("jobs").info("told", contract=contract)
"""
PAGES = """
    import structlog
    from django.http import HttpResponse
    from django.urls import path

    def page(request):
        structlog.get_logger("pages").warning("shown", contract="CS-0147")
        return HttpResponse("CS-0147")

    urlpatterns = [path("page/", page)]
"""
A_REQUEST = """
    import django
    django.setup()
    from django.conf import settings
    from django.test import Client
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = "pages"
    assert Client().get("/page/", secure=True).content == b"CS-0147"
"""
A_JOB_SENT = """
    import django, structlog
    django.setup()
    import jobs
    structlog.contextvars.bind_contextvars(request_id="the-id-of-this-request")
    jobs.tell.delay("CS-0147")
"""
A_WARNING = """
    import django, logging
    django.setup()
    logging.getLogger("of.a.library").warning("%s is late", "CS-0147", extra={"days": 3})
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("of.a.library").exception("it broke")
"""


@pytest.fixture
def environment(tmp_path):
    """Production, with the queue of this machine."""
    (tmp_path / "jobs.py").write_text(textwrap.dedent(JOBS))
    (tmp_path / "pages.py").write_text(textwrap.dedent(PAGES))
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}:{tmp_path}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "JC_VAR_DIR": str(tmp_path / "var"),
    }


def run(program: str, environment: dict[str, str]) -> list[dict]:
    """The lines that it logged."""
    done = subprocess.run(
        # Nobody has collected static files here, which is of no account.
        [sys.executable, "-W", "ignore:No directory at", "-c", textwrap.dedent(program)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_request_bears_one_id(environment):
    started, shown, finished = run(A_REQUEST, environment)
    assert [started["event"], shown["event"], finished["event"]] == ["request_started", "shown", "request_finished"]
    assert (started["request"], shown["contract"], finished["code"]) == ("GET /page/", "CS-0147", 200)
    assert len(started["request_id"]) == 36
    assert {line["request_id"] for line in (started, shown, finished)} == {started["request_id"]}
    assert {"timestamp", "level", "logger"} <= set(started)


def test_a_library_that_knows_nothing_of_it_logs_the_same(environment):
    late, broke = run(A_WARNING, environment)
    assert (late["event"], late["level"], late["logger"]) == ("CS-0147 is late", "warning", "of.a.library")
    assert late["days"] == 3
    assert broke["event"] == "it broke"
    assert "ZeroDivisionError" in broke["exception"]


@pytest.mark.slow
def test_the_id_of_the_request_goes_on_into_the_job(environment, tmp_path):
    sent = run(A_JOB_SENT, environment)
    assert [(line["event"], line["request_id"]) for line in sent] == [("task_enqueued", "the-id-of-this-request")]
    told = work_until(lambda lines: any(line["event"] == "task_succeeded" for line in lines), environment, tmp_path)
    ours = [line for line in told if line.get("task_id") == sent[0]["child_task_id"]]
    assert [line["event"] for line in ours if line["event"] != "task_received"][:2] == ["task_started", "told"]
    assert {line["request_id"] for line in ours} == {"the-id-of-this-request"}
    assert next(line for line in ours if line["event"] == "told")["contract"] == "CS-0147"


def work_until(condition, environment: dict[str, str], folder: Path) -> list[dict]:
    """Run a worker until its log says so."""
    log = folder / "worker.log"
    command = ["-q", "-A", "jobs", "worker", "--pool=solo", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    with log.open("w") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", *command], cwd=folder, env=environment, stderr=output, stdout=output
        )
    try:
        end = time.monotonic() + 60
        while not condition(lines := json_lines(log)):
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    return lines


def json_lines(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{") and line.endswith("}")]
