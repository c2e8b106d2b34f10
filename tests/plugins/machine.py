"""What the machine must have for the whole suite, and what was left out where it has it not.

A test marked `redis` or `browser`, or one that uses the fixtures `redis_url` or `chromium`, needs a
program that is not in the requirements. Where it is missing the test is skipped and the end of the
run says so, with the command that installs it; with CI=true it fails, so that no check is lost unseen.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

LEFT_OUT = "left out, as this machine has no "


@dataclass(frozen=True)
class Tool:
    """A program that some tests need."""

    marker: str
    fixture: str
    name: str
    commands: tuple[str, ...]
    package: str

    def path(self) -> str | None:
        return next(filter(None, map(shutil.which, self.commands)), None)


TOOLS = (
    Tool("redis", "redis_url", "Redis", ("redis-server",), "redis-server"),
    Tool("browser", "chromium", "Chromium", ("chromium", "chromium-browser", "google-chrome"), "chromium"),
)
FLAGS = [
    "--no-sandbox",  # a container has no user namespaces for it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A fixture brings its marker along, so that `-m "not browser"` misses none."""
    for item in items:
        for tool in TOOLS:
            if tool.fixture in getattr(item, "fixturenames", ()):
                item.add_marker(tool.marker)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for tool in TOOLS:
        if item.get_closest_marker(tool.marker) and not tool.path():
            missing = f"{LEFT_OUT}{tool.name}: apt-get install {tool.package}"
            if _nothing_may_be_missing():
                pytest.fail(missing, pytrace=False)
            pytest.skip(missing)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tests left out, by the program that they need."""
    missing: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if LEFT_OUT in reason:
            missing[reason.partition(LEFT_OUT)[2]] += 1
    if missing:
        terminalreporter.section("left out on this machine")
    for what, count in sorted(missing.items()):
        name, _, command = what.partition(": ")
        tests = "1 test needs" if count == 1 else f"{count} tests need"
        terminalreporter.line(f"{tests} {name}. To run: {command}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no database server behind that this run started, unless somebody else uses it by now."""
    embedded = sys.modules.get("config.embedded_postgres")
    if embedded and embedded.started_here and not hasattr(config, "workerinput"):
        embedded.stop_unless_used()


def _nothing_may_be_missing() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of this run's own: its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder),
         "--save", "", "--appendonly", "no", "--logfile", str(folder / "log")]
    )  # fmt: skip
    address = f"redis://127.0.0.1:{port}/0"
    try:
        _wait_for_redis(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of a real Redis, empty at the start of each test."""
    import redis

    with redis.Redis.from_url(redis_server) as connection:
        connection.flushall()
    return redis_server


def _wait_for_redis(address: str, patience: float = 10) -> None:
    import redis

    end = time.monotonic() + patience
    with redis.Redis.from_url(address) as connection:
        while True:
            try:
                connection.ping()
                return
            except redis.ConnectionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


@pytest.fixture(scope="session")
def chromium() -> Iterator["playwright.sync_api.Browser"]:  # noqa: F821  (imported only where there is a browser)
    """A real Chromium for this process of the run; each test opens its own page or context."""
    from playwright.sync_api import sync_playwright

    path = next(tool for tool in TOOLS if tool.fixture == "chromium").path()
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
