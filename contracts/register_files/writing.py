"""Writing a register to a file that imports again unchanged: .xlsx in constant memory, or .csv."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Final

import xlsxwriter

from accounts import clock
from contracts.models.contract import ContractQuerySet
from contracts.register_files.export_rows import Reading, export_rows, standard_readings
from contracts.register_files.formulas import guarded
from contracts.register_files.reading import REGISTER_SHEET
from contracts.register_files.sheets import write_rows
from contracts.resources.columns import COLUMNS, NOT_IMPORTED
from contracts.resources.register import RegisterResource

XLSX: Final = "xlsx"
CSV: Final = "csv"
CONTENT_TYPES: Final = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
WORKBOOK_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS: Final = {"title": 40, "description": 40, "providers": 30, "funding": 40, "officer": 28, "reference": 14}
_DATES: Final = frozenset({"start", "initial_end", "notice_given_on", "notice_ends_on"})


def write_register(contracts: ContractQuerySet, fmt: str, stream: IO[bytes], *, extra: Sequence[Reading] = ()) -> None:
    """Write every contract of the queryset, in its order, with read-only columns at the right.

    `extra` adds to those columns. Raises TooLongForWorkbook, and KeyError for a format that is neither of the two.
    """
    headings, rows = register_table(contracts, extra=extra)
    {XLSX: _write_xlsx, CSV: write_csv}[fmt](headings, rows, stream)


def register_table(
    contracts: ContractQuerySet, *, extra: Sequence[Reading] = ()
) -> tuple[list[str], Iterator[list[Any]]]:
    """The headings, and the rows as they are read."""
    day = clock.today()
    readings = [*standard_readings(day), *extra]
    resource = RegisterResource()
    rows = (
        [*resource.cells_of(values), *(reading.cell(row) for reading in readings)]
        for values, row in export_rows(contracts, day=day, readings=readings)
    )
    return [column.header for column in COLUMNS] + [f"{each.header} {NOT_IMPORTED}" for each in readings], rows


def write_csv(headings: list[str], rows: Iterable[list[Any]], stream: IO[bytes]) -> None:
    """UTF-8 with the mark by which Excel knows it; dates as 2015-03-31, which no country's settings turn round."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    text.flush()
    text.detach()


def _write_xlsx(headings: list[str], rows: Iterable[list[Any]], stream: IO[bytes]) -> None:
    with xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS) as book:
        formats = cell_formats(book)
        write_rows(register_sheet(book, headings, formats), rows, formats)


def cell_formats(book: Any) -> dict[str, Any]:
    """Made once a book: of two formats that are alike the second is compared with the first for every cell anew."""
    return {
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"}),
        "money": book.add_format({"num_format": "£#,##0.00", "valign": "top"}),
    }


def register_sheet(book: Any, headings: list[str], formats: dict[str, Any]) -> Any:
    """The first sheet with its headings: needed ones bold, those for reading grey; two columns stay in view."""
    page = book.add_worksheet(REGISTER_SHEET)
    needed = book.add_format({"bold": True, "bg_color": "#d9e9eb", "text_wrap": True, "valign": "top"})
    plain = book.add_format({"bg_color": "#d9e9eb", "text_wrap": True, "valign": "top"})
    reading = book.add_format({"italic": True, "font_color": "#46515a", "text_wrap": True, "valign": "top"})
    page.freeze_panes(1, 2)
    for place, column in enumerate(COLUMNS):
        page.set_column(place, place, _WIDTHS.get(column.name, 18), formats[_kind(column.name)])
    page.set_column(len(COLUMNS), max(len(headings), len(COLUMNS)), 18)
    for place, heading in enumerate(headings):
        style = reading if place >= len(COLUMNS) else needed if COLUMNS[place].required else plain
        page.write_string(0, place, heading, style)
    return page


def _kind(name: str) -> str:
    """Text columns are formatted as text, so that 0012 and 1/2 stay what is typed."""
    if name in _DATES:
        return "date"
    return "money" if name in ("annual_value", "whole_life_value") else "text"
