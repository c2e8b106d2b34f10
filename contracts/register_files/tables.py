"""Writing a list as it is looked at: .xlsx in constant memory with a sheet that says what it is, or .csv."""

from collections.abc import Iterable, Sequence
from typing import IO, Any, Final

import xlsxwriter

from contracts.register_files.sheets import write_rows
from contracts.register_files.writing import WORKBOOK_OPTIONS, XLSX, cell_formats, write_csv

ABOUT_SHEET: Final = "About"
LONGEST_SHEET_NAME: Final = 31
"""Characters, Excel's own limit."""
_WIDTH: Final = 18
_WIDE: Final = 40


def write_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    fmt: str,
    stream: IO[bytes],
    *,
    sheet: str,
    about: Sequence[tuple[str, str]],
) -> None:
    """The table alone on the first sheet, and `about` it on the second; a .csv holds the table only.

    Raises TooLongForWorkbook where a text fits no cell.
    """
    if fmt != XLSX:
        write_csv(list(headings), (list(row) for row in rows), stream)
        return
    with xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS) as book:
        _write_sheets(book, headings, rows, sheet=sheet, about=about)


def _write_sheets(
    book: Any,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str,
    about: Sequence[tuple[str, str]],
) -> None:
    formats = cell_formats(book)
    bold = book.add_format({"bold": True, "bg_color": "#d9e9eb", "text_wrap": True, "valign": "top"})
    page = book.add_worksheet(sheet[:LONGEST_SHEET_NAME])
    page.freeze_panes(1, 1)
    page.set_column(0, 0, _WIDE)
    page.set_column(1, max(len(headings) - 1, 1), _WIDTH)
    for place, heading in enumerate(headings):
        page.write_string(0, place, heading, bold)
    write_rows(page, rows, formats)
    _write_about(book, about, formats)


def _write_about(book: Any, about: Sequence[tuple[str, str]], formats: dict[str, Any]) -> None:
    page = book.add_worksheet(ABOUT_SHEET)
    page.set_column(0, 0, _WIDTH)
    page.set_column(1, 1, 2 * _WIDE)
    write_rows(page, about, formats, first=0)
