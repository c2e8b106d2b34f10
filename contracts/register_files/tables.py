"""Writing a list as it is looked at: .xlsx in constant memory with a sheet that says what it is, or .csv."""

from collections.abc import Iterable, Sequence
from typing import IO, Any, Final

import xlsxwriter

from contracts.register_files.sheets import SheetOfRows
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
    book = xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS)
    formats = cell_formats(book)
    bold = book.add_format({"bold": True, "bg_color": "#d9e9eb", "text_wrap": True, "valign": "top"})
    page: SheetOfRows = book.add_worksheet(sheet[:LONGEST_SHEET_NAME], worksheet_class=SheetOfRows)
    page.freeze_panes(1, 1)
    page.set_column(0, 0, _WIDE)
    page.set_column(1, max(len(headings) - 1, 1), _WIDTH)
    for place, heading in enumerate(headings):
        page.write_string(0, place, heading, bold)
    page.write_rows(rows, formats, columns=len(headings))
    _write_about(book, about, formats)
    book.close()


def _write_about(book: Any, about: Sequence[tuple[str, str]], formats: dict[str, Any]) -> None:
    page: SheetOfRows = book.add_worksheet(ABOUT_SHEET, worksheet_class=SheetOfRows)
    page.set_column(0, 0, _WIDTH)
    page.set_column(1, 1, 2 * _WIDE)
    page.write_rows(about, formats, columns=2, first=0)
