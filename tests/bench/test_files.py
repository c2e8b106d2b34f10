"""The files part of the bench, really run on a small world, and what it refuses to measure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.files import FILES, refuse_other_cells
from tests.plugins.database import migrated_template

ROOT = Path(__file__).resolve().parents[2]
OURS = "\ufeffContract,A year\r\nShort breaks,100.00\r\nRespite,\r\n".encode()
COPY = b"title,annual_value\nShort breaks,100.00\nRespite,\n"


def test_the_same_cells_under_other_headings_are_the_same_file():
    refuse_other_cells(FILES[0], OURS, COPY)


@pytest.mark.parametrize(
    ("copy", "words"),
    [
        (COPY.replace(b"100", b"101"), r"2 and 2 rows; the first to differ: .*'100.00'.*'101.00'"),
        (COPY + b"Advocacy,\n", "2 and 3 rows; the first to differ: None"),
    ],
)
def test_other_cells_or_rows_are_not_measured_against_each_other(copy, words):
    with pytest.raises(AssertionError, match=words):
        refuse_other_cells(FILES[0], OURS, copy)


@pytest.mark.slow
@pytest.mark.xdist_group("bench")
def test_files_and_import_are_measured_beside_what_they_are_held_against(django_db_setup):
    """The run fails where COPY sends other cells, where a stock import writes less than all, or ours does."""
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bench",
            "--sizes=smoke",
            "--rounds=1",
            "--only=files",
            f"--migrated={migrated_template()}",
        ],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    measured = [line.split("  ")[0] for line in done.stdout.splitlines() if " / " in line.split("  ")[0]]
    assert measured == [
        "Register as it is looked at, .csv / COPY",
        "Register as it is looked at, .xlsx / bare XlsxWriter",
        "Register to import again, .csv / COPY",
        "Register to import again, .xlsx / bare XlsxWriter",
        "Import of 50 contracts, with all checks / stock import without",
    ]
