"""What the suite says and does where the machine lacks a program."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import redis

ROOT = Path(__file__).resolve().parents[2]
A_SUITE = """
    import pytest

    def test_needs_redis(redis_url):
        raise AssertionError("ran without Redis")

    @pytest.mark.browser
    def test_needs_a_browser():
        raise AssertionError("ran without Chromium")

    @pytest.mark.browser
    def test_needs_a_browser_too():
        raise AssertionError("ran without Chromium")

    def test_needs_nothing():
        pass
"""


def run_suite(folder: Path, *, ci: str) -> tuple[int, str]:
    """Run a small suite on a machine whose PATH holds no program at all."""
    (folder / "test_suite.py").write_text(textwrap.dedent(A_SUITE))
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser: a\n    redis: b\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.plugins.machine", "-p", "no:django", str(folder)],
        cwd=folder,
        env={"PATH": str(folder), "PYTHONPATH": str(ROOT), "CI": ci, "HOME": os.environ.get("HOME", "/tmp")},  # noqa: S108
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_missing_program_is_named_with_the_command_that_installs_it(tmp_path):
    code, said = run_suite(tmp_path, ci="")
    assert code == 0
    assert "1 passed, 3 skipped" in said
    assert said.count("left out on this machine") == 1
    assert "1 test needs Redis. To run: apt-get install redis-server" in said
    assert "2 tests need Chromium. To run: apt-get install chromium" in said


@pytest.mark.parametrize("ci", ["true", "1"])
def test_in_continuous_integration_a_missing_program_is_a_failure(tmp_path, ci):
    code, said = run_suite(tmp_path, ci=ci)
    assert code == 1
    assert "1 passed, 3 errors" in said
    assert "ran without" not in said


def test_redis_is_real_and_empty(redis_url):
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.dbsize() == 0
        connection.set("a", "b")
        assert connection.info("server")["tcp_port"] == int(redis_url.rpartition(":")[2].partition("/")[0])


def test_redis_is_empty_again(redis_url):
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.keys() == []


def test_chromium_shows_a_page(chromium):
    page = chromium.new_page()
    page.set_content("<h1>Agreements</h1>")
    assert page.inner_text("h1") == "Agreements"
    page.close()
