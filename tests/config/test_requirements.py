"""What is installed: locked, hashed, from no named place, and each with its reason."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def locked(name: str) -> dict[str, str]:
    """Each requirement of the lock with all its lines."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    return {found[1]: entry for entry in entries if (found := re.match(r"([a-z0-9.-]+)(?:\[.*?\])?==", entry))}


def names(requirements: list[str]) -> set[str]:
    return {re.match(r"[A-Za-z0-9.-]+", requirement)[0].lower() for requirement in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_has_a_hash(lock):
    entries = locked(lock)
    assert len(entries) > 30
    assert [name for name, entry in entries.items() if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []


@pytest.mark.parametrize("file", [*LOCKS, "package-lock.json", ".npmrc"])
def test_no_place_to_fetch_from_is_named(file):
    text = (ROOT / file).read_text()
    assert re.findall(r"(?i)https?://\S+|--index-url|--find-links|\"resolved\"", text) == []


def test_the_locks_hold_what_the_project_asks_for():
    asked = names(PROJECT["dependencies"])
    developing = names(PROJECT["optional-dependencies"]["dev"])
    assert asked <= set(locked("requirements.txt"))
    assert asked | developing <= set(locked("requirements-dev.txt"))
    assert (developing - asked) & set(locked("requirements.txt")) == set()


def test_both_locks_hold_the_same_versions():
    versions = [{name: entry.split()[0] for name, entry in locked(lock).items()} for lock in LOCKS]
    assert versions[0].items() <= versions[1].items()


def test_every_dependency_says_why_it_is_here():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    requirements = [line for line in lines if re.match(r'    "[a-z][a-z0-9-]+(\[.*\])?[><=]', line)]
    assert len(requirements) == len(PROJECT["dependencies"]) + len(PROJECT["optional-dependencies"]["dev"])
    assert [line for line in requirements if not re.search(r",\s+# \w.{8,}$", line)] == []
