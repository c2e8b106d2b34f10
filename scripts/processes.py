"""The processes that one program starts, written down so that a later run can end them, and no others.

A process number comes round again; together with the time that the process began it does not. Each
process is started in a session of its own: Ctrl-C in the terminal then reaches only the program that
started it, which stops them in order, and what a killed process leaves behind is found by its session.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

PATIENCE = 20  # seconds for a process to finish what it is doing
SAME_START = 2  # seconds: the clock that start times are read from is coarse


@dataclass(frozen=True)
class Started:
    pid: int
    at: float

    @classmethod
    def now(cls, pid: int) -> "Started":
        return cls(pid, psutil.Process(pid).create_time())


@dataclass
class Entry:
    """What the file holds."""

    supervisor: Started
    starter: Started | None
    postgres: int | None
    postgres_is_ours: bool
    processes: dict[str, Started] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Entry":
        raw = json.loads(text)
        return cls(
            supervisor=Started(**raw["supervisor"]),
            starter=Started(**raw["starter"]) if raw["starter"] else None,
            postgres=raw["postgres"],
            postgres_is_ours=raw["postgres_is_ours"],
            processes={name: Started(**process) for name, process in raw["processes"].items()},
        )


def is_alive(process: Started | None) -> bool:
    if process is None:
        return False
    try:
        found = psutil.Process(process.pid)
        return abs(found.create_time() - process.at) < SAME_START and _lives(found)
    except psutil.NoSuchProcess:
        return False


def end(process: Started, *, patience: float = PATIENCE) -> None:
    """Ask it to finish, wait, then end what is left of it and of all that it started."""
    members = _session(process)
    asked = [member for member in members if member.pid == process.pid] or members
    for member in asked:
        _quietly(member.terminate)
    wait_until(lambda: not any(map(_lives, asked)), patience=patience)
    left = {*_session(process), *filter(_lives, members)}
    for member in left:
        _quietly(member.kill)
    wait_until(lambda: not any(map(_lives, left)), patience=patience)


def _session(process: Started) -> list[psutil.Process]:
    """The living processes of its session; none where the number belongs to another program by now.

    A system gives no number away that a session still bears, so members without their first
    process are its own.
    """
    with suppress(psutil.NoSuchProcess):
        if abs(psutil.Process(process.pid).create_time() - process.at) > SAME_START:
            return []
    return [one for one in psutil.process_iter() if _session_of(one.pid) == process.pid and _lives(one)]


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _lives(process: psutil.Process) -> bool:
    """One that ended but that nobody has asked about yet still has its number; it does nothing any more."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _quietly(action: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        action()


class Ledger:
    """The file, and the processes of this run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entry: Entry | None = None
        self.left_behind: int | None = None
        self.children: dict[str, subprocess.Popen] = {}

    def others_entry(self) -> Entry | None:
        """What an earlier run wrote; a file that cannot be read is of no run that could still live."""
        try:
            return Entry.read(self.path.read_text())
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def end_leftovers(self) -> None:
        """End what a killed run left running and remember whether the database server was its own."""
        if entry := self.others_entry():
            for process in reversed(entry.processes.values()):
                end(process)
            self.left_behind = entry.postgres if entry.postgres_is_ours else None
        self.path.unlink(missing_ok=True)

    def open(self, *, starter: int, postgres: int | None, postgres_is_ours: bool) -> None:
        """Begin the file; FileExistsError where another run began at the same moment."""
        with self.path.open("x"):
            pass
        self.entry = Entry(
            supervisor=Started.now(os.getpid()),
            starter=Started.now(starter) if psutil.pid_exists(starter) else None,
            postgres=postgres,
            postgres_is_ours=postgres_is_ours,
        )
        self._write()

    def start(self, name: str, command: list[str]) -> subprocess.Popen:
        assert self.entry is not None
        child = subprocess.Popen(command, start_new_session=True)  # noqa: S603  (our own command lines)
        self.children[name] = child
        self.entry.processes[name] = Started.now(child.pid)
        self._write()
        return child

    def run(self, name: str, command: list[str]) -> None:
        """Start it and wait for its end; CalledProcessError where it failed."""
        code = self.start(name, command).wait()
        self._forget(name)
        if code:
            raise subprocess.CalledProcessError(code, command)

    def ended(self) -> str | None:
        """The name of a process that ended by itself."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def end_all(self) -> None:
        """End this run's processes, the last started first."""
        for name, child in reversed(list(self.children.items())):
            if self.entry and name in self.entry.processes:
                end(self.entry.processes[name])
            child.wait()
            self._forget(name)

    def close(self) -> None:
        self.path.unlink(missing_ok=True)

    def _forget(self, name: str) -> None:
        self.children.pop(name, None)
        if self.entry:
            self.entry.processes.pop(name, None)
            self._write()

    def _write(self) -> None:
        assert self.entry is not None
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(asdict(self.entry)))
        part.replace(self.path)  # whole or not at all, whenever this is killed


def wait_until(condition: Callable[[], object], *, patience: float) -> bool:
    """Whether it came true within so many seconds."""
    end_of_patience = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end_of_patience:
            return False
        time.sleep(0.1)
    return True
