"""Start the demonstration and everything it needs, and stop all of it on Ctrl-C.

`python scripts/demo.py` is what `make demo` runs; `python scripts/demo.py reset` empties it.
Whatever this starts is written down in var/demo.json, so that the next start can end what a killed
one left behind, and nothing else.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
os.environ.setdefault("DEBUG", "true")
os.environ.setdefault("DEMO_DATABASE", "joint_commissioning")
os.environ.setdefault("DEMO_TODAY", "2014-11-04")

from config import embedded_postgres  # noqa: E402  (reads the environment set above)
from config.file_queue import file_queue_options, return_unfinished  # noqa: E402
from scripts.processes import Ledger, is_alive, wait_until  # noqa: E402

VAR_DIR = embedded_postgres.DATA_DIR.parent
STARTER = os.getppid()
ORDERS_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):  # noqa: N818  (an order, not an error)
    """Ctrl-C, a closed terminal, a kill, or the end of the make that started this."""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("what", nargs="?", choices=["serve", "reset"], default="serve")
    arguments.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    chosen = arguments.parse_args()
    for number in ORDERS_TO_STOP:
        signal.signal(number, _order_stop)
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(VAR_DIR / "demo.json")
    try:
        if running := _running_demonstration(ledger):
            return _say(f"The demonstration is running already, as process {running}: stop it with Ctrl-C first.")
        ledger.end_leftovers()
        return reset(ledger) if chosen.what == "reset" else serve(ledger, chosen.port)
    except Stop:
        return 0


def serve(ledger: Ledger, port: int) -> int:
    """Start everything, wait for the order to stop, stop everything. Returns the exit code."""
    if _is_taken(port):
        return _say(f"Port {port} is taken by another program. Choose another one: make demo PORT={port + 1}")
    begun = time.monotonic()
    ours = _start_database(ledger)
    try:
        ledger.open(starter=STARTER, postgres=embedded_postgres.server_process(), postgres_is_ours=ours)
        prepare(ledger)
        start_processes(ledger, port)
        wait_until(lambda: _is_taken(port) or ledger.ended(), patience=60)
        print(f"\nStarted in {time.monotonic() - begun:.0f} seconds. Open http://127.0.0.1:{port}/  (Ctrl-C stops it)")
        sys.stdout.flush()
        return _watch(ledger)
    except Stop:
        return 0
    except FileExistsError:
        return _say("Another demonstration is starting at this moment.")
    except subprocess.CalledProcessError as failed:
        return _say(f"{Path(failed.cmd[1]).name} {failed.cmd[2]} failed: the lines above say why.")
    finally:
        stop_everything(ledger, database_too=ours)


def prepare(ledger: Ledger) -> None:
    """Bring the database up to date, fill it where it is empty, say who can sign in: one start of Python for all."""
    ledger.run("preparation", [sys.executable, str(PROJECT / "manage.py"), "prepare_demo"])


def start_processes(ledger: Ledger, port: int) -> None:
    python = [sys.executable, "-m"]
    file_queue_options(VAR_DIR / "queue")
    return_unfinished(VAR_DIR / "queue")
    # What is switched off has workers greet one another: on a queue of files nobody clears that away.
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"]
    unwarned = [sys.executable, "-W", "ignore:You're running the worker with superuser", "-m"]
    ledger.start("worker", [*unwarned, "celery", "-q", "-A", "config", "worker", "--concurrency=1", *alone])
    web = ["config.wsgi:application", f"--bind=127.0.0.1:{port}", "--workers=2", "--preload", "--timeout=120"]
    ledger.start("web server", [*python, "gunicorn", *web, "--log-level=warning"])


def stop_everything(ledger: Ledger, *, database_too: bool) -> None:
    """The pages first, then the worker with the job in its hands, the database last and only if it is ours."""
    for number in ORDERS_TO_STOP:
        signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C would leave half of it running
    if ledger.entry is None:
        return
    print("Stopping.", flush=True)
    ledger.end_all()
    if database_too and not embedded_postgres.stop_unless_used():
        print("The database stays up, because another program works with it.")
    ledger.close()
    print("Stopped.", flush=True)


def reset(ledger: Ledger) -> int:
    """Forget everything that was entered; the next start loads the demonstration afresh."""
    if os.environ.get("DATABASE_URL"):
        return _say("DATABASE_URL is set: empty that database yourself; make reset only empties its own.")
    ours = _start_database(ledger)
    embedded_postgres.drop_database(os.environ["DEMO_DATABASE"])
    for folder in ("queue", "cache", "files"):
        shutil.rmtree(VAR_DIR / folder, ignore_errors=True)
    if ours:
        embedded_postgres.stop_unless_used()
    return _say("The demonstration is empty: make demo loads it afresh.", code=0)


def _start_database(ledger: Ledger) -> bool:
    """Whether stopping it is ours: this run started it, or a run that was killed and left it behind."""
    if os.environ.get("DATABASE_URL"):
        return False
    before = embedded_postgres.server_process()
    embedded_postgres.create_database(os.environ["DEMO_DATABASE"])
    return before is None or before == ledger.left_behind


def _running_demonstration(ledger: Ledger) -> int | None:
    """The process id of a demonstration that somebody else has in hand.

    One whose make was killed is about to stop by itself: it gets the time for it.
    """
    entry = ledger.others_entry()
    if entry is None:
        return None
    if not is_alive(entry.starter):
        wait_until(lambda: not is_alive(entry.supervisor), patience=30)
    return entry.supervisor.pid if is_alive(entry.supervisor) else None


def _watch(ledger: Ledger) -> int:
    """Wait; a process that ends by itself ends the demonstration, as nobody would notice half of one."""
    while not (ended := ledger.ended()):
        if "MAKELEVEL" in os.environ and os.getppid() != STARTER:
            return 0  # make was killed, so no Ctrl-C will ever come
        time.sleep(0.5)
    return _say(f"The {ended} ended by itself: the lines above say why.")


def _is_taken(port: int) -> bool:
    with socket.socket() as asking:
        asking.settimeout(2)
        return asking.connect_ex(("127.0.0.1", port)) == 0


def _order_stop(number: int, frame: object) -> None:
    raise Stop


def _say(sentence: str, code: int = 1) -> int:
    print(sentence, file=sys.stderr if code else sys.stdout, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
