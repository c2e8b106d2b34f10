"""The demonstration, really started, stopped and killed, in a folder of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds: the first start makes a database and fills it
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]


class Demonstration:
    """One folder; starts in it follow one another as on a person's machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.output = folder / "output"
        self.runs: list[subprocess.Popen] = []
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment |= {"JC_VAR_DIR": str(folder / "var"), "PORT": str(self.port)}

    def start(self, *, under: tuple[str, ...] = ()) -> subprocess.Popen:
        """Start it and wait until it serves."""
        command = [*under, sys.executable, str(ROOT / "scripts" / "demo.py")]
        with self.output.open("w") as output:
            run = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        wait_until(lambda: "Ctrl-C stops it" in self.said() or run.poll() is not None)
        assert run.poll() is None, self.said()
        self.runs.append(run)
        return run

    def is_running(self) -> bool:
        return bool(self.runs) and self.runs[-1].poll() is None

    def try_to(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run it to its end: exit code and what it said."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "scripts" / "demo.py"), *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        return done.returncode, done.stdout + done.stderr

    def said(self) -> str:
        return self.output.read_text()

    def ledger(self) -> dict:
        return json.loads((self.folder / "var" / "demo.json").read_text())

    def health(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=30) as answer:
            return answer.status

    def processes(self) -> list[psutil.Process]:
        """Every process that works in this folder, the database server's own among them."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("JC_VAR_DIR") == self.environment["JC_VAR_DIR"]:
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]

    def sql(self, statement: str) -> str:
        program = (
            "import psycopg2, sys; from config.embedded_postgres import database_url as url\n"
            "c = psycopg2.connect(url('joint_commissioning')); c.autocommit = True; q = c.cursor()\n"
            "q.execute(sys.argv[1]); print(q.fetchall() if q.description else '')"
        )
        return self.python(program, statement)

    def python(self, program: str, *arguments: str) -> str:
        """What the program printed, run in this folder's environment."""
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_until(condition, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.1)


def is_open(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def demonstration():
    # Not in pytest's own folder: each run closes that to other users, and the server is one where we are root.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        demonstration = Demonstration(Path(folder))
        yield demonstration
        for process in demonstration.processes():
            process.kill()
        for run in demonstration.runs:
            run.wait()


@pytest.fixture
def running(demonstration):
    """As the test before left it running; else it is started. A test that needs it stopped stops it."""
    return demonstration.runs[-1] if demonstration.is_running() else demonstration.start()


def test_reset_empties_it_and_the_next_start_loads_it_afresh(demonstration):
    demonstration.python(
        "from config import embedded_postgres as server; server.create_database('joint_commissioning')"
    )
    demonstration.sql("CREATE TABLE forgotten AS SELECT 1 AS number")
    demonstration.python("from config import embedded_postgres as server; server.stop()")
    assert demonstration.try_to("reset") == (0, "The demonstration is empty: make demo loads it afresh.\n")
    assert demonstration.processes() == []
    demonstration.start()
    assert demonstration.sql("SELECT to_regclass('forgotten')") == "[(None,)]"
    assert demonstration.health() == 200


def test_it_serves_and_says_who_can_sign_in(demonstration, running):
    assert demonstration.health() == 200
    signing_in = demonstration.said().partition("Sign in as (role, e-mail, password):\n")[2].partition("\n\n")[0]
    lines = signing_in.splitlines()
    assert len(lines) >= 1
    assert [line for line in lines if not re.fullmatch(r"\S+( \S+)*  \S+@\S+  \S+", line)] == []


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_order_to_stop_stops_all_that_it_started(demonstration, running, order):
    assert len(demonstration.processes()) > 4  # itself, the worker, the web server, the database
    running.send_signal(order)
    assert running.wait(timeout=60) == 0, demonstration.said()
    assert demonstration.said().endswith("Stopped.\n")
    assert demonstration.processes() == []
    assert not is_open(demonstration.port)
    assert not (demonstration.folder / "var" / "demo.json").exists()


def test_one_at_a_time(demonstration, running):
    sentence = f"The demonstration is running already, as process {running.pid}: stop it with Ctrl-C first.\n"
    assert demonstration.try_to() == (1, sentence)
    assert demonstration.try_to("reset") == (1, sentence)
    assert demonstration.health() == 200


def test_killed_and_started_again_it_has_lost_nothing(demonstration, running):
    first = running
    demonstration.sql("CREATE TABLE kept AS SELECT 'typed just now' AS words")
    orphans = {process.pid for process in demonstration.processes()} - {first.pid}
    first.kill()
    first.wait()
    assert demonstration.health() == 200  # the orphans hold the port
    second = demonstration.start()
    database = demonstration.ledger()["postgres"]
    assert orphans & {process.pid for process in demonstration.processes()} >= {database}
    assert demonstration.health() == 200
    assert demonstration.sql("SELECT words FROM kept") == "[('typed just now',)]"
    second.send_signal(signal.SIGINT)
    second.wait(timeout=60)
    assert demonstration.processes() == []  # the database of the first among them


def test_a_machine_that_loses_power_has_lost_nothing(demonstration, running):
    first = running
    demonstration.sql("CREATE TABLE kept_too AS SELECT 'typed just now' AS words")
    for process in demonstration.processes():
        process.kill()
    first.wait()
    second = demonstration.start()
    assert demonstration.sql("SELECT words FROM kept_too") == "[('typed just now',)]"
    second.send_signal(signal.SIGINT)
    assert second.wait(timeout=60) == 0


def test_it_stops_when_the_make_that_started_it_is_killed(demonstration):
    # Like make, a shell with something left to do stays beside the program that it started.
    make = demonstration.start(under=("sh", "-c", 'MAKELEVEL=1 "$@"; true', "make"))
    make.kill()
    make.wait()
    again = demonstration.start()
    assert demonstration.health() == 200
    again.send_signal(signal.SIGINT)
    assert again.wait(timeout=60) == 0


def test_a_port_that_is_taken_is_named(demonstration):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = demonstration.try_to(PORT=str(port))
    assert (code, said) == (
        1,
        f"Port {port} is taken by another program. Choose another one: make demo PORT={port + 1}\n",
    )
    assert demonstration.processes() == []


def test_half_a_demonstration_ends(demonstration, running):
    os.kill(demonstration.ledger()["processes"]["worker"]["pid"], signal.SIGKILL)
    assert running.wait(timeout=60) == 1
    assert "The worker ended by itself" in demonstration.said()
    assert demonstration.processes() == []


def test_reset_leaves_a_database_of_somebody_elses_alone(demonstration):
    code, said = demonstration.try_to("reset", DATABASE_URL="postgres://somebody@nowhere/theirs")
    assert (code, said) == (
        1,
        "DATABASE_URL is set: empty that database yourself; make reset only empties its own.\n",
    )
