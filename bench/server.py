"""The service as in production: gunicorn with two workers on this machine, stopped afterwards."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.worlds import PROJECT, WORK_DIR, World
from scripts.processes import Started, end, wait_until

PATIENCE = 60  # seconds for the workers to begin
WORKERS = 2


@dataclass(frozen=True)
class Server:
    world: World
    port: int
    process: int


class DidNotStart(Exception):  # noqa: N818
    """The workers' own words are in the log that this names."""


@contextmanager
def served(world: World) -> Iterator[Server]:
    port = _free_port()
    log = WORK_DIR / f"{world.size.code}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", f"--bind=127.0.0.1:{port}"]
    surroundings = os.environ | {
        "DATABASE_URL": world.url,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "LOG_LEVEL": "INFO",
    }
    with log.open("w") as written:
        child = subprocess.Popen(  # noqa: S603  (our own command line)
            [*command, f"--workers={WORKERS}", "--timeout=120", "--log-level=warning"],
            cwd=PROJECT, env=surroundings, stdout=written, stderr=written, start_new_session=True,
        )  # fmt: skip
    begun = Started.now(child.pid)
    try:
        wait_until(lambda: _answers(port) or child.poll() is not None, patience=PATIENCE)
        if not _answers(port):
            raise DidNotStart(f"The server of size {world.size.code} did not start: {log} says why.")
        yield Server(world, port, child.pid)
    finally:
        end(begun)
        child.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
