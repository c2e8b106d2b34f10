"""The workbook that people start from: an empty register, every column explained, and lists to choose from."""

import datetime
from collections.abc import Sequence
from typing import IO, Any, Final

import xlsxwriter

from contracts.register_files.reading import MOST_ROWS
from contracts.register_files.writing import WORKBOOK_OPTIONS, cell_formats, register_sheet
from contracts.resources.columns import COLUMNS, Column

GUIDANCE: Final = (
    "Fill in the sheet «Register», one row a contract. Headings may not be changed, but columns other than Reference "
    "and Title may be left out: what is not in the file stays as it is.",
    "An empty cell of a column that is there empties that value. The preview shows every value that would change, from "
    "and to, before anything is imported.",
    "All rows are imported, or none: the preview names the row and the column of each fault.",
    "A column whose heading ends with «(not imported)» is passed over, so an exported register can be sent back as "
    "it is.",
)


def write_template(stream: IO[bytes], *, service_areas: Sequence[str]) -> None:
    book = xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS | {"constant_memory": False})
    page = register_sheet(book, [column.header for column in COLUMNS], cell_formats(book))
    _write_guidance(book)
    lists = book.add_worksheet("Lists")
    for place, column in enumerate(COLUMNS):
        allowed = service_areas if column.name == "service_area" else column.allowed
        if allowed:
            _write_list(lists, place, column, allowed)
            page.data_validation(1, place, MOST_ROWS, place, _list_rule(place, column, allowed))
        elif column.name in ("start", "initial_end", "notice_given_on", "notice_ends_on"):
            page.data_validation(1, place, MOST_ROWS, place, _DATE_RULE)
    book.close()


_DATE_RULE: Final = {
    "validate": "date",
    "criteria": "between",
    "minimum": datetime.date(1900, 1, 1),
    "maximum": datetime.date(2199, 12, 31),
    "error_type": "warning",
    "error_title": "Not a date",
    "error_message": "Type the day first, such as 31/03/2015.",
}


def _write_list(lists: Any, place: int, column: Column, allowed: Sequence[str]) -> None:
    lists.write_string(0, place, column.header)
    for row, word in enumerate(allowed, start=1):
        lists.write_string(row, place, word)


def _list_rule(place: int, column: Column, allowed: Sequence[str]) -> dict[str, Any]:
    """A list to choose from; a new service area may still be typed."""
    letter = xlsxwriter.utility.xl_col_to_name(place)
    is_open = column.name == "service_area"
    return {
        "validate": "list",
        "source": f"=Lists!${letter}$2:${letter}${len(allowed) + 1}",
        "error_type": "information" if is_open else "stop",
        "error_title": "A new service area" if is_open else "Not on the list",
        "error_message": "It will be added when you import." if is_open else "Choose one of the list.",
    }


def _write_guidance(book: Any) -> None:
    page = book.add_worksheet("Guidance")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#d9e9eb"})
    page.set_column(0, 0, 26, wrapped)
    page.set_column(1, 1, 12, wrapped)
    page.set_column(2, 2, 70, wrapped)
    page.set_column(3, 4, 45, wrapped)
    for row, sentence in enumerate(GUIDANCE):
        page.merge_range(row, 0, row, 4, sentence, wrapped)
        page.set_row(row, 32)
    first = len(GUIDANCE) + 1
    page.write_row(first, 0, ["Column", "Needed", "What it holds", "Allowed", "Example"], strong)
    for row, column in enumerate(COLUMNS, start=first + 1):
        cells = [column.header, "Yes" if column.required else "No", column.guidance]
        for place, cell in enumerate([*cells, "; ".join(column.allowed), column.example]):
            page.write_string(row, place, cell, wrapped)
    page.freeze_panes(first + 1, 1)
