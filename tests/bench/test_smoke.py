"""The bench, really run at two sizes that a test can wait for: it measures nothing, and shows that all of it runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.addresses import PAGES
from bench.facts import ALL_FACTS
from bench.people import BY_SIGHT
from bench.plans import name_of
from bench.rows import QUERIES, Row
from bench.running import differing
from tests.plugins.database import migrated_template

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]

COUNTS = [
    "Permission rows, a contract",
    "Rows written as a partner joins, a unit",
    "Rows taken away as it leaves, a unit",
    "Reading what one may do, on any page, times",
]
#: Beside each page against the empty one, and some against raw SQL.
OTHERS = [
    ("Register / stock change list", "one unit"),
    ("Register / stock change list", "30 units"),
    ("Register / stock change list", "national"),
    ("Register / the same for one unit", "national"),
    ("Register / the same at smoke", "one unit"),
    ("Register / the same at smoke", "30 units"),
    ("Register / the same at smoke", "national"),
    ("Dashboard / the same at smoke", "one unit"),
    ("Dashboard / the same at smoke", "30 units"),
    ("Dashboard / the same at smoke", "national"),
]


@pytest.fixture(scope="module")
def written(django_db_setup, tmp_path_factory) -> Path:
    """The page of the notes after a run, which ends with an error where a page is not there or counts differ."""
    page = tmp_path_factory.mktemp("bench") / "performance.md"
    page.write_text((ROOT / "docs" / "performance.md").read_text())
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    sizes = ["--sizes=smoke,smoke2", "--rounds=1", f"--migrated={migrated_template()}"]
    parts = ["--only=counts,pages", f"--write={page}", f"--plans={page.parent / 'plans'}"]
    done = subprocess.run(
        [sys.executable, "-m", "bench", *sizes, *parts],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return page


def table(page: Path, name: str) -> list[list[str]]:
    """The cells of the lines between the markers, the heads left out."""
    between = page.read_text().partition(f"from here: {name} -->")[2].partition(f"<!-- to here: {name}")[0]
    lines = [line for line in between.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_row_is_there_at_both_sizes(written):
    pages = [(f"{page.what} / empty page", person.label) for page in PAGES for person in page.people]
    beside_raw = [
        (f"{facts.page.what}, {what} / raw SQL", person.label)
        for facts in ALL_FACTS
        for person in BY_SIGHT
        if person in facts.page.people
        for what in ("its queries", "whole page")
    ]
    lines = table(written, "pages")
    assert sorted((line[0], line[1]) for line in lines) == sorted([*pages, *beside_raw, *OTHERS])
    assert {(line[0], line[1]) for line in lines if not line[3]} == set()
    assert {line[0] for line in lines if not line[2]} >= {"Dashboard / the same at smoke"}
    assert [(line[0], line[1] != "", line[2] != "") for line in table(written, "counts")] == [
        (what, True, True) for what in COUNTS
    ]


def test_every_page_runs_as_many_queries_at_one_size_as_at_the_other(written):
    counts = table(written, "queries")
    assert [line[0] for line in counts] == [f"{page.what}, queries" for page in PAGES for _ in page.people]
    assert [line for line in counts if line[2] != line[3]] == []


def test_every_page_has_its_plans(written):
    size = "smoke2: 2 units, 120 contracts, 3 months"
    plans = {path.stem: path.read_text().splitlines()[0] for path in (written.parent / "plans").iterdir()}
    assert plans == {name_of(page): f"{page.what}, {page.people[0].label}, {size}" for page in PAGES}


def test_a_number_of_queries_that_grows_is_said():
    grows = [
        Row(what="Register", person="one unit", size=size, figure=figure, unit=QUERIES)
        for size, figure in (("S", 5), ("L", 6))
    ]
    same = [
        Row(what="Board", person="one unit", size=size, figure=figure, unit=QUERIES)
        for size, figure in (("S", 5), ("L", 5))
    ]
    assert differing([*grows, *same]) == [
        "Register, one unit: the number of queries differs from size to size: 5 at S, 6 at L"
    ]
