"""One run: the worlds it needs, its parts in turn, and the tables that come of it."""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from django.core.management import call_command

from bench import facts, files, imports, load, pages, permissions, plans, queries
from bench.databases import built
from bench.rows import QUERIES, Part, Row
from bench.sizes import SIZES
from bench.table import as_markdown, as_text, number, table_of, write_between
from bench.worlds import World

PARTS: Final[dict[str, tuple[Part, ...]]] = {
    "counts": (permissions, queries),
    "pages": (pages, facts),
    "files": (files, imports),
    "load": (load,),
}


def run(
    *, sizes: Sequence[str], rounds: int, only: Sequence[str], write: Path | None, plans_to: Path | None,
    migrated: str | None,
) -> list[str]:  # fmt: skip
    """Prints a table of each part and one of queries; returns what is wrong: counts that differ from size to size."""
    call_command("collectstatic", interactive=False, verbosity=0)
    worlds = [built(SIZES[code], migrated=migrated) for code in sizes]
    tables = {name: list(_measured(name, worlds, rounds)) for name in only}
    counts = [row for rows in tables.values() for row in rows if row.unit == QUERIES]
    tables = {name: [row for row in rows if row.unit != QUERIES] for name, rows in tables.items()}
    if counts:
        tables["queries"] = counts
    for name, rows in tables.items():
        print(f"\n{as_text(table_of(rows))}")
        if write is not None:
            write_between(write, name, _written(rows, rounds))
    if plans_to is not None:
        plans.write(worlds[-1], plans_to)
    return differing(counts)


def _written(rows: Sequence[Row], rounds: int) -> str:
    """The table, and below it how many rounds its ratios rest on."""
    table = as_markdown(table_of(rows))
    return f"{table}\n\nMedians of {rounds} rounds." if any(row.against_ms is not None for row in rows) else table


def _measured(name: str, worlds: Sequence[World], rounds: int) -> Iterator[Row]:
    """Each is said as it comes: a whole run takes a while."""
    for part in PARTS[name]:
        for row in part.rows(worlds, rounds=rounds):
            what, person, figure = table_of([row])[1][:3]
            print("  ".join(filter(None, (row.size, what, person, figure))), file=sys.stderr, flush=True)
            yield row


def differing(counts: Sequence[Row]) -> list[str]:
    """A page must run as many statements at one size as at another."""
    by_page: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in counts:
        by_page[row.what, row.person][row.size] = row.figure
    return [
        f"{what}, {person}: the number of queries differs from size to size: {_each(found)}"
        for (what, person), found in by_page.items()
        if len(set(found.values())) > 1
    ]


def _each(found: dict[str, float]) -> str:
    return ", ".join(f"{number(figure)} at {size}" for size, figure in found.items())
