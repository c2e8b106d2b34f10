"""How PostgreSQL answers the hot statements of each page at the largest size, written beside the notes.

The statements are those that the page really ran, each explained by running it again. Only those are kept that touch a
table which grows with England; a scan of such a table from end to end is named at the head of the page's file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from django.db import connection

from bench.addresses import PAGES, Page, addresses_of
from bench.inside import inside
from bench.people import Person, people_of
from bench.queries import client_of, statements_of
from bench.worlds import World

LARGE: Final = 5_000
"""Rows, from which on a table counts as large."""
EXPLAIN: Final = "EXPLAIN (ANALYZE, BUFFERS, COSTS off, TIMING off, SUMMARY off) "
IDS_SHOWN: Final = 3
WIDE: Final = 240
ASIDE: Final = re.compile(r"^\s+(Buffers|Planning|Heap Blocks|Index Searches|Buckets|Storage|Cache Mode|Hits):?")
"""Said of a part of a plan and left out here: the head of the plan says it of the whole."""
SCAN: Final = re.compile(r"Seq Scan on (\w+)")


@dataclass(frozen=True)
class Plan:
    statement: str
    lines: tuple[str, ...]

    def scans(self, large: Sequence[str]) -> list[str]:
        """The large tables that it reads from end to end."""
        return sorted({name for line in self.lines for name in SCAN.findall(line) if name in large})


def write(world: World, folder: Path) -> None:
    """A file for each page, for the first person of those who open it."""
    folder.mkdir(parents=True, exist_ok=True)
    with inside(world):
        large, addresses = large_tables(), addresses_of(people_of(world.size))
        for page in PAGES:
            person = next(person for person in page.people if person.is_in(world.size))
            plans = list(_plans(addresses[page, person], person, large))
            (folder / f"{name_of(page)}.txt").write_text(as_text(page, person, world, plans, large))


def name_of(page: Page) -> str:
    return re.sub(r"[^a-z0-9]+", "-", page.what.lower()).strip("-")


def large_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s ORDER BY 1", [LARGE])
        return [name for (name,) in cursor.fetchall()]


def shortened(statement: str) -> str:
    """Long lists of ids by their first and their number, long lists of columns by their first."""
    return _without_columns(_without_ids(" ".join(statement.split())))


def as_text(page: Page, person: Person, world: World, plans: Sequence[Plan], large: Sequence[str]) -> str:
    scanned = sorted({name for plan in plans for name in plan.scans(large)})
    head = [
        f"{page.what}, {person.label}, {world.size.code}: {world.size.words}",
        f"Read from end to end: {', '.join(scanned) or 'no large table'}",
    ]
    return "\n\n".join(["\n".join(head), *("\n".join((shortened(x.statement), *x.lines)) for x in plans)]) + "\n"


def _plans(address: str, person: Person, large: Sequence[str]) -> Iterator[Plan]:
    for statement in statements_of(client_of(person.email), address):
        if any(f'"{name}"' in statement for name in large) and not _is_of_one_row(statement):
            with connection.cursor() as cursor:
                cursor.execute(EXPLAIN + statement)
                yield Plan(statement, tuple(_shown(line for (line,) in cursor.fetchall())))


def _is_of_one_row(statement: str) -> bool:
    """As of the person who asks: looked up by their number."""
    return statement.endswith("LIMIT 21")


def _shown(lines: Iterable[str]) -> Iterator[str]:
    """Down to where the planning begins; how many pages were read is kept of the whole."""
    is_said = False
    for line in takewhile(lambda line: not line.startswith("Planning"), lines):
        if not ASIDE.match(line) or (not is_said and "Buffers" in line):
            is_said = is_said or "Buffers" in line
            short = _without_ids(line)
            yield short if len(short) <= WIDE else f"{short[:WIDE]} …"


def _without_ids(text: str) -> str:
    return re.sub(r"(?<=[({])\d+(?:, ?\d+){4,}(?=[)}])", _counted, text)


def _counted(found: re.Match[str]) -> str:
    ids = re.split(", ?", found[0])
    return f"{', '.join(ids[:IDS_SHOWN])}, … {len(ids)} ids"


def _without_columns(statement: str) -> str:
    """«SELECT "contracts_contract"."id", … 31 columns FROM»"""
    plain = r'"\w+"\."\w+"(?: AS "\w+")?'
    return re.sub(rf"{plain}(?:, {plain}){{4,}}", lambda found: _first_of(found[0]), statement)


def _first_of(columns: str) -> str:
    names = columns.split(", ")
    return f"{names[0]}, … {len(names)} columns"
