"""The rows of a workbook's sheet, cell by cell."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

LONGEST_CELL: Final = 32_767
"""Characters in a cell of a workbook, Excel's own limit; it counts those beyond U+FFFF twice."""


class TooLongForWorkbook(Exception):  # noqa: N818
    """A text does not fit a workbook's cell; .csv has no such limit."""


def write_rows(page: Any, rows: Iterable[Sequence[Any]], formats: Mapping[str, Any], *, first: int = 1) -> None:
    """From row ``first`` on; ``formats`` are those of «text», «date» and «money».

    A whole number goes by its column's format, and a text is a text whatever it begins with. Raises TooLongForWorkbook.
    """
    text, date, money = formats["text"], formats["date"], formats["money"]
    for number, cells in enumerate(rows, start=first):
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                if _is_too_long(cell):
                    raise TooLongForWorkbook(f"Row {number + 1} holds a text of {len(cell):,} characters.")
                _write_text(page, number, place, cell, text)
            elif isinstance(cell, datetime.date):
                page.write_datetime(number, place, cell, date)
            elif isinstance(cell, int):
                page.write_number(number, place, cell)
            else:
                page.write_number(number, place, cell, money)


def _write_text(page: Any, row: int, place: int, text: str, style: Any) -> None:
    """XlsxWriter takes a text between these two marks for formatted pieces already made, and writes it as markup."""
    if text.startswith("<r>") and text.endswith("</r>"):
        page.write_rich_string(row, place, text[:1], style, text[1:], style)
    else:
        page.write_string(row, place, text, style)


def _is_too_long(text: str) -> bool:
    return len(text) > LONGEST_CELL // 2 and len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_CELL
