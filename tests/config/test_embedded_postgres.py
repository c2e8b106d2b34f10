"""The PostgreSQL of demonstration and tests, where its process number has come round again."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(folder: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"from config import embedded_postgres as server\n{program}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "JC_VAR_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def folder():
    # Not in pytest's own folder: each run closes that to other users, and the server is one where we are root.
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
        run(Path(name), "server.stop()")


@pytest.mark.slow
def test_another_program_with_the_number_of_the_killed_server_is_not_the_server(folder):
    first = int(run(folder, "server.create_database('kept'); print(server.server_process())"))
    psutil.Process(first).kill()
    psutil.wait_procs([psutil.Process(first)] if psutil.pid_exists(first) else [], timeout=20)
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        lines = (folder / "postgres" / name).read_text().splitlines()
        lines[0] = str(os.getpid())
        (folder / "postgres" / name).write_text("\n".join(lines) + "\n")
    assert run(folder, "print(server.server_process())") == "None"
    second = int(run(folder, "server.create_database('kept'); print(server.server_process())"))
    assert second not in {first, os.getpid()}


@pytest.mark.slow
def test_it_stops_only_when_nobody_else_works_with_it(folder):
    user = subprocess.Popen(
        [sys.executable, "-c", "from config.embedded_postgres import database_url as u; u(); print('up'); input()"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "JC_VAR_DIR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with user:
        assert user.stdout.readline() == b"up\n"
        assert run(folder, "print(server.stop_unless_used(), server.server_process() is None)") == "False False"
        user.communicate(b"\n")
    assert run(folder, "print(server.stop_unless_used(), server.server_process() is None)") == "True True"


@pytest.mark.slow
def test_a_database_is_made_once_and_dropped(folder):
    count = (
        "c = server._connect(); q = c.cursor()\n"
        "q.execute(\"SELECT count(*) FROM pg_database WHERE datname = 'it''s'\"); print(q.fetchone()[0])"
    )
    assert run(folder, f'server.create_database("it\'s"); server.create_database("it\'s")\n{count}') == "1"
    assert run(folder, f'server.drop_database("it\'s")\n{count}') == "0"
