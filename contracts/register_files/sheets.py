"""A workbook's sheet of many rows: each is written in one piece, as the very XML that XlsxWriter makes of its cells.

XlsxWriter makes an object and a dozen calls of each cell, of which a register has a million. Here its sheet keeps all
else that a sheet is; that both write the same is a test.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from xlsxwriter.utility import _preserve_whitespace, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

LONGEST_CELL: Final = 32_767
"""Characters in a cell of a workbook, Excel's own limit; it counts those beyond U+FFFF twice."""
_NEEDS_CARE: Final = re.compile(r"[\x00-\x08\x0b-\x1f&<>\ufffe\uffff]|_x|^\s|\s$")


class TooLongForWorkbook(Exception):  # noqa: N818
    """A text does not fit a workbook's cell; .csv has no such limit."""


class SheetOfRows(Worksheet):
    """In constant memory only: every row goes to the file at once."""

    def write_rows(
        self, rows: Iterable[Sequence[Any]], formats: Mapping[str, Any], *, columns: int, first: int = 1
    ) -> None:
        """From row ``first`` on, below what is written already; ``formats`` are those of «text», «date» and «money».

        A whole number goes by its column's format. Raises TooLongForWorkbook.
        """
        own = [self.col_info[place].column_format if place in self.col_info else None for place in range(columns)]
        self.letters = [xl_col_to_name(place) for place in range(columns)]
        self.styles = {kind: _style(each) for kind, each in formats.items()}
        self.own_styles = [_style(each) for each in own]
        self.days: dict[datetime.date, str] = {}
        try:
            for number, cells in enumerate(rows, start=first):
                self._write_single_row(number)  # what waits above, such as the headings
                if written := self._row_xml(number + 1, cells):
                    self._check_dimensions(number, columns - 1)
                    self.fh.write(written)
        except BaseException:
            self.row_data_fh.close()
            Path(self.row_data_filename).unlink()  # of a book that is closed, XlsxWriter takes it away itself
            raise

    def _row_xml(self, row: int, cells: Sequence[Any]) -> str:
        written = [
            self._cell_xml(place, row, cell) for place, cell in enumerate(cells) if cell is not None and cell != ""
        ]
        return f'<row r="{row}">{"".join(written)}</row>' if written else ""

    def _cell_xml(self, place: int, row: int, cell: Any) -> str:
        begin = f'<c r="{self.letters[place]}{row}"'
        if isinstance(cell, str):
            return f'{begin}{self.styles["text"]} t="inlineStr"><is>{self._text_xml(cell, row)}</is></c>'
        if isinstance(cell, datetime.date):
            return f"{begin}{self.styles['date']}><v>{self._day(cell)}</v></c>"
        style = self.own_styles[place] if isinstance(cell, int) else self.styles["money"]
        return f"{begin}{style}><v>{cell:.16G}</v></c>"

    def _text_xml(self, text: str, row: int) -> str:
        if len(text) > LONGEST_CELL // 2 and len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_CELL:
            raise TooLongForWorkbook(f"Row {row} holds a text of {len(text):,} characters.")
        if not _NEEDS_CARE.search(text):
            return f"<t>{text}</t>"
        text = self._escape_control_characters(text)
        space = ' xml:space="preserve"' if _preserve_whitespace(text) else ""
        return f"<t{space}>{self._escape_data(text)}</t>"

    def _day(self, day: datetime.date) -> str:
        """As Excel numbers it. A register has few days, each many times."""
        if day not in self.days:
            self.days[day] = f"{self._convert_date_time(day):.16G}"
        return self.days[day]


def _style(of: Any) -> str:
    return f' s="{of._get_xf_index()}"' if of else ""
