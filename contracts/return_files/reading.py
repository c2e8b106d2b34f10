"""Rows that were pasted or uploaded, as what they state of each contract. Nothing is looked up here.

Raises Unreadable, whose sentence the person reads; what is wrong with one row is said beside it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.choices import Risk
from contracts.register_files.reading import holds, rows_of
from contracts.register_files.workbooks import Unreadable
from contracts.resources.widgets import as_text
from contracts.return_files.columns import (
    HEADERS,
    JET,
    KPI_REASON,
    NARRATIVE,
    REASON,
    REFERENCE,
    RISK,
    STATED,
    UNIT,
    is_heading_row,
    key_of,
    known_headings,
    places_of,
)
from contracts.rules.jet import HIGHEST, LOWEST, NOT_ASSESSED

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 2_000
SHEET: Final = "Returns"
_LONGEST_SHOWN: Final = 40

_RISKS: Final = {key_of(word): risk.value for risk in Risk for word in (risk.label, risk.label[0])}
_JETS: Final = {str(score): str(score) for score in range(LOWEST, HIGHEST + 1)} | dict.fromkeys(
    ("not assessed", NOT_ASSESSED.value, "n/a"), NOT_ASSESSED.value
)


@dataclass
class StatedRow:
    """What one row says. `number` is the one that the spreadsheet shows beside it, `values` are as a form sends them.

    A value that cannot be read is there and empty, so that it is chosen anew and last month's does not stand for it.
    """

    number: int
    reference: str = ""
    unit: str = ""
    values: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def pasted(text: str) -> list[StatedRow]:
    """Cells copied from a spreadsheet, with or without their headings."""
    if not text.strip():
        raise Unreadable("Nothing was pasted.")
    return _stated_rows(_pasted_rows(text))


def uploaded(content: bytes) -> list[StatedRow]:
    """An .xlsx or .csv, told apart by content."""
    if len(content) > MOST_BYTES:
        raise Unreadable("The file is larger than 5 MB. Take out what is not about these returns.")
    if not content.strip():
        raise Unreadable("The file is empty.")
    return _stated_rows(rows_of(content, sheet=SHEET, known=known_headings))


# Rows


def _pasted_rows(text: str) -> Iterable[list[str]]:
    """Spreadsheets put a cell of several lines in quotation marks. A mark that is only text is left as it is."""
    separator = "\t" if "\t" in text else max(",;", key=text.count)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        rows = []
    if not rows or any(separator == "\t" and separator in cell for row in rows for cell in row):
        return [line.split(separator) for line in text.split("\n")]
    return rows


def _stated_rows(rows: Iterable[list[Any]]) -> list[StatedRow]:
    places: Mapping[str, int] | None = None
    stated: list[StatedRow] = []
    count = 0
    for number, cells in enumerate(rows, start=1):
        if not any(holds(cell) for cell in cells):
            continue
        if places is None:
            has_headings = is_heading_row(cells)
            places = places_of(cells if has_headings else None)
            if has_headings:
                continue
        count += 1
        if count > MOST_ROWS:
            raise Unreadable("There are more than 2,000 rows. Leave only those of contracts that you return.")
        stated.append(_stated_row(number, cells, places))
    if not stated:
        raise Unreadable("There is no row below the headings." if places else "There is no row that holds anything.")
    return [row for row in stated if row.values or row.faults]


def _stated_row(number: int, cells: list[Any], places: Mapping[str, int]) -> StatedRow:
    row = StatedRow(number)
    texts = {name: text for name, text in _texts(row, cells, places) if text}
    row.reference, row.unit = texts.get(REFERENCE, ""), texts.get(UNIT, "")
    if RISK in texts:
        row.values[RISK] = _known(row, texts[RISK], _RISKS, "Risk is red, amber or green, not {}.")
    if JET in texts:
        row.values[JET] = _known(row, texts[JET], _JETS, "JET is a number from 1 to 9, not {}.")
    elif REASON in texts:
        row.values.setdefault(JET, NOT_ASSESSED.value)
    row.values |= {name: texts[name] for name in (NARRATIVE, REASON, KPI_REASON) if name in texts}
    return row


def _texts(row: StatedRow, cells: list[Any], places: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for name, place in places.items():
        cell = cells[place] if place < len(cells) else ""
        try:
            yield name, as_text(cell)
        except ValueError as unread:
            row.faults.append(f"{HEADERS[name]} cannot be read. {unread}")
            if name in STATED:
                row.values[name] = ""


def _known(row: StatedRow, text: str, known: Mapping[str, str], fault: str) -> str:
    value = known.get(key_of(text), "")
    if not value:
        row.faults.append(fault.format(_shown(text)))
    return value


def _shown(text: str) -> str:
    """A number as it is, anything else in quotation marks and no longer than a sentence bears."""
    if text.isascii() and text.lstrip("-").replace(".", "", 1).isdigit() and len(text) <= _LONGEST_SHOWN:
        return text
    return f"“{shortened(text)}”"


def shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN]}…"
