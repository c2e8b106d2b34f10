"""Files that leave the service: as .csv against COPY, as .xlsx against a bare XlsxWriter, in time and in memory.

Each is downloaded whole by its address, in this process, by somebody who may export everything there. COPY sends the
same cells, made by the one best statement written by hand; that it does is asked before anything is measured. Our .csv
has besides each cell looked at for formulas. The bare XlsxWriter writes the cells that were read beforehand, into a
workbook in constant memory, a row at a time, with nothing but a format for its dates.
"""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import xlsxwriter
from django.http import QueryDict
from django.test import Client

from bench.best import best_statement, values_for
from bench.inside import inside, person, raw
from bench.measure import Times, side_by_side
from bench.memory import growth
from bench.people import READER
from bench.queries import client_of
from bench.rows import Goal, Row
from bench.sign_in import NotServed
from bench.worlds import World
from contracts.register_files.export_rows import IDENTIFYING
from contracts.register_files.writing import WORKBOOK_OPTIONS, register_table
from contracts.resources.words import LABELS
from reporting.queries.register import filtered_contracts
from reporting.queries.register_export import RegisterExport
from reporting.views.export import view_readings

TO_COPY, TO_XLSXWRITER = Goal(4), Goal(1.2)
CSV_GROWTH, XLSX_GROWTH = Goal(15), Goal(20)
#: A file of a small register is mostly what every request costs.
WITH_GOALS: Final = ("M", "L")
ROUNDS: Final = 7
"""At most: a file of everything takes seconds."""
Table = list[list[Any]]


@dataclass(frozen=True)
class File:
    """``statement`` names the best one for its cells, ``cells`` reads them as the download does."""

    what: str
    address: str
    statement: str
    cells: Callable[[Any], Table]


def _as_looked_at(user: Any) -> Table:
    view = RegisterExport(user=user, unit=None, params=QueryDict())
    return [view.headings, *view.rows()]


def _to_import_again(user: Any) -> Table:
    found = filtered_contracts(user=user, unit=None, params=QueryDict())
    headings, rows = register_table(found, extra=view_readings({}))
    return [headings, *rows]


FILES: Final = (
    File("Register as it is looked at", "/contracts/view", "register_view_file", _as_looked_at),
    File("Register to import again", "/contracts/export", "register_file", _to_import_again),
)


def rows(worlds: Sequence[World], *, rounds: int) -> Iterator[Row]:
    for world in worlds:
        with inside(world), raw(world) as bare:
            client = client_of(READER.email)
            for file in FILES:
                yield from _times(file, world, client, copied_out(bare, file), rounds=min(rounds, ROUNDS))
        if world.size.code in WITH_GOALS:
            yield from _memory(world)


def _times(file: File, world: World, client: Client, copy: Callable[[], bytes], *, rounds: int) -> Iterator[Row]:
    refuse_other_cells(file, download(client, f"{file.address}.csv"), copy())
    taken = side_by_side({"ours": partial(download, client, f"{file.address}.csv"), "copy": copy}, rounds=rounds)
    yield _row(file, ".csv", "COPY", world, taken["ours"], taken["copy"], TO_COPY)
    cells = file.cells(person(READER.email))
    turns: dict[str, Callable[[], object]] = {
        "ours": partial(download, client, f"{file.address}.xlsx"),
        "bare": partial(bare_workbook, cells),
    }
    taken = side_by_side(turns, rounds=rounds, warm_up=1)
    yield _row(file, ".xlsx", "bare XlsxWriter", world, taken["ours"], taken["bare"], TO_XLSXWRITER)


def _row(file: File, fmt: str, against: str, world: World, ours: Times, theirs: Times, goal: Goal) -> Row:
    of = {"what": f"{file.what}, {fmt}", "against": against, "size": world.size.code, "person": READER.label}
    return Row.ratio(ours, theirs, goal=goal if world.size.code in WITH_GOALS else None, **of)


def _memory(world: World) -> Iterator[Row]:
    for file in FILES:
        for fmt, goal in (("csv", CSV_GROWTH), ("xlsx", XLSX_GROWTH)):
            grown = growth(world, READER.email, small=f"{file.address}.{fmt}?q=%21none", large=f"{file.address}.{fmt}")
            what = f"{file.what}, .{fmt}: growth of memory"
            yield Row(what=what, person=READER.label, size=world.size.code, figure=grown, unit="MB", goal=goal)


def download(client: Client, address: str) -> bytes:
    """The whole file. Raises NotServed where there is none."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise NotServed(f"{address} answered {answer.status_code}")
    return answer.getvalue()


def copied_out(bare: Any, file: File) -> Callable[[], bytes]:
    words = {name: {code: str(label) for code, label in of.items()} for name, of in LABELS.items()}
    values = values_for(person(READER.email), unit=None, contract=None, text="")
    values |= {"words": json.dumps(words), "schemes": IDENTIFYING}

    def run() -> bytes:
        sent = io.BytesIO()
        with bare.cursor() as cursor:
            statement = cursor.mogrify(best_statement(file.statement), values).decode()
            cursor.copy_expert(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv, HEADER)", sent)
        return sent.getvalue()

    return run


def refuse_other_cells(file: File, ours: bytes, copy: bytes) -> None:
    """Raises AssertionError unless both hold the same rows in the same order; the headings are ours alone."""
    _, *mine = csv.reader(io.StringIO(ours.decode("utf-8-sig"), newline=""))
    _, *theirs = csv.reader(io.StringIO(copy.decode(), newline=""))
    if mine != theirs:
        differing = next(((one, other) for one, other in zip(mine, theirs, strict=False) if one != other), None)
        raise AssertionError(f"{file.what}: {len(mine)} and {len(theirs)} rows; the first to differ: {differing}")


def bare_workbook(cells: Table) -> None:
    with tempfile.TemporaryFile() as stream:
        book = xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS | {"default_date_format": "dd/mm/yyyy"})
        page = book.add_worksheet()
        for number, row in enumerate(cells):
            page.write_row(number, 0, row)
        book.close()
