"""Reading a register file, .xlsx or .csv told apart by content, within limits that protect the server.

Raises Unreadable, whose sentence the person reads.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook

from contracts.register_files.formulas import unguarded
from contracts.register_files.unread_cells import Places, is_worth_a_look, sheet_part, unread_cells
from contracts.register_files.workbooks import Unreadable, check_workbook, pieces_of
from contracts.resources.columns import recognised
from contracts.resources.widgets import UnreadCell

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_ROWS: Final = 50_000
REGISTER_SHEET: Final = "Register"


@dataclass(frozen=True)
class Row:
    """A row that holds something. `number` is the one that the spreadsheet shows beside it."""

    number: int
    cells: list[Any]


@dataclass(frozen=True)
class Table:
    headings: list[str]
    rows: list[Row]


def read_table(content: bytes) -> Table:
    """The headings (the first row that holds anything) and the rows below them that hold anything."""
    if len(content) > MOST_BYTES:
        raise Unreadable("The file is larger than 20 MB. Split it and import the parts one after the other.")
    if not content.strip():
        raise Unreadable("The file is empty.")
    return _table(rows_of(content))


def rows_of(
    content: bytes, *, sheet: str = REGISTER_SHEET, known: Callable[[Sequence[str]], int] = recognised
) -> Iterator[list[Any]]:
    """Every row of the file, empty ones too. ``known`` says how many of some headings are columns of such a file."""
    return _xlsx_rows(content, sheet) if content.startswith(b"PK") else _csv_rows(content, known)


def _table(rows: Iterator[list[Any]]) -> Table:
    headings: list[str] | None = None
    kept: list[Row] = []
    for number, cells in enumerate(rows, start=1):
        if not any(holds(cell) for cell in cells):
            continue
        if headings is None:
            headings = [_heading(place, cell) for place, cell in enumerate(cells, start=1)]
            continue
        kept.append(Row(number, cells))
        if len(kept) > MOST_ROWS:
            raise Unreadable("The file has more than 50,000 rows. Split it and import the parts one after the other.")
    if headings is None:
        raise Unreadable("The file is empty.")
    if not kept:
        raise Unreadable("The file has headings but no contract below them.")
    _refuse_unheaded(headings, kept)
    return Table(headings, kept)


def _heading(place: int, cell: Any) -> str:
    if isinstance(cell, UnreadCell):
        raise Unreadable(f"The heading of column {place} cannot be read. {cell.sentence}")
    return str(cell).strip()


def holds(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _refuse_unheaded(headings: list[str], rows: list[Row]) -> None:
    headed = {place for place, heading in enumerate(headings) if heading}
    for row in rows:
        for place, cell in enumerate(row.cells):
            if place not in headed and holds(cell):
                raise Unreadable(f"Row {row.number} has something in column {place + 1}, which has no heading.")


# Workbooks


def _xlsx_rows(content: bytes, wanted: str) -> Iterator[list[Any]]:
    check_workbook(content)
    try:
        workbook = load_workbook(io.BytesIO(content))
        name = _sheet_name(workbook.sheets_metadata, wanted)
        sheet = workbook.get_sheet_by_name(name)
    except CalamineError:
        raise Unreadable("The workbook is damaged. Open it, save it again as .xlsx and send that.") from None
    return _with_unread(_all_rows(sheet), _unread(content, name))


def _unread(content: bytes, name: str) -> Places:
    part = sheet_part(
        name,
        workbook=pieces_of(content, "xl/workbook.xml"),
        relations=pieces_of(content, "xl/_rels/workbook.xml.rels"),
    )
    if part is None or not is_worth_a_look(pieces_of(content, part)):
        return {}
    return unread_cells(pieces_of(content, part))


def _with_unread(rows: Iterator[list[Any]], unread: Places) -> Iterator[list[Any]]:
    """The rows with these cells in their places, beyond the last row that holds a value too."""
    number = 0
    for number, cells in enumerate(rows, start=1):
        yield _filled(cells, unread[number]) if number in unread else cells
    for beyond in range(number + 1, max(unread, default=0) + 1):
        yield _filled([], unread.get(beyond, {}))


def _filled(cells: list[Any], unread: Mapping[int, UnreadCell]) -> list[Any]:
    filled = [*cells, *[""] * (max(unread, default=0) - len(cells))]
    for column, cell in unread.items():
        filled[column - 1] = cell
    return filled


def _all_rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """From the first row of the sheet on, whether or not it is empty, so that rows keep their numbers."""
    yield from sheet.to_python(skip_empty_area=False)


def _sheet_name(sheets: Any, wanted: str) -> str:
    """The sheet of the wanted name, else the first one that can be seen."""
    names = [
        sheet.name
        for sheet in sheets
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    if not names:
        raise Unreadable("The workbook has no sheet that can be seen.")
    return next((name for name in names if name.strip().casefold() == wanted.casefold()), names[0])


# Text


def _csv_rows(content: bytes, known: Callable[[Sequence[str]], int]) -> Iterator[list[Any]]:
    text = _decoded(content)
    separator = _separator(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        for cells in reader:
            yield [unguarded(cell) for cell in cells]
    except csv.Error:
        raise Unreadable("The file cannot be read as .csv: a quotation mark is left open, or a cell is huge.") from None


def _decoded(content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("This is an older Excel file, or one with a password. Save it as .xlsx without a password.")
    if b"\x00" in content or content.startswith(b"%PDF"):
        raise Unreadable("This is neither .xlsx nor .csv. Save it as .xlsx, or as .csv in UTF-8.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The letters of the file cannot be read. Save it as .csv in UTF-8.")


def _separator(text: str, known: Callable[[Sequence[str]], int]) -> str:
    """Of comma, semicolon and tab the one that makes the most headings out of the first line that holds anything."""
    first = text.lstrip("\r\n ,;\t\ufeff")[:20_000]

    def found(separator: str) -> int:
        return known(next(csv.reader(io.StringIO(first, newline=""), delimiter=separator), []))

    return max(",;\t", key=found)
