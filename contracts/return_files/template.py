"""The file that is filled in: a person's own contracts still to return for a month, with what last month said."""

import csv
import datetime
import io
from collections.abc import Sequence
from typing import IO, Any, Final

import xlsxwriter

from contracts.choices import Risk
from contracts.queries.grid import GridRow
from contracts.queries.return_words import jet_words, month_word
from contracts.register_files.formulas import guarded
from contracts.register_files.writing import CSV, WORKBOOK_OPTIONS, XLSX
from contracts.return_files.columns import HEADERS, JET, KPI_REASON, NARRATIVE, REASON, REFERENCE, RISK, UNIT
from contracts.return_files.reading import SHEET
from contracts.rules.jet import HIGHEST, LOWEST
from contracts.rules.returns import previous_month

_WIDTHS: Final = {
    "Contract": 40,
    "Provider": 30,
    "KPIs": 30,
    HEADERS[NARRATIVE]: 60,
    HEADERS[REASON]: 40,
    HEADERS[KPI_REASON]: 40,
    HEADERS[REFERENCE]: 16,
}
_TO_FILL: Final = (RISK, JET, NARRATIVE, REASON, KPI_REASON)


def write_template(fmt: str, stream: IO[bytes], *, rows: Sequence[GridRow], month: datetime.date, most: int) -> None:
    """``most``: the characters that a sentence may have. Raises KeyError for a format that is neither of the two."""
    with_unit = len({row.contract.unit_id for row in rows}) > 1
    reading = [_heading_of(month, "risk"), _heading_of(month, "JET"), "KPIs"]
    units = [HEADERS[UNIT]] if with_unit else []
    headings = [HEADERS[REFERENCE], *units, "Contract", "Provider", *reading]
    lines = [_line(row, with_unit=with_unit) for row in rows]
    {XLSX: _write_xlsx, CSV: _write_csv}[fmt](headings, lines, stream, most)


def _heading_of(month: datetime.date, what: str) -> str:
    return f"{month_word(previous_month(month))} {what}"


def _line(row: GridRow, *, with_unit: bool) -> list[str]:
    contract, last = row.contract, row.last_stated
    unit = [contract.unit.name] if with_unit else []
    said = [Risk(last[0]).label, jet_words(last[1]).capitalize()] if last else ["Not returned", ""]
    return [contract.reference, *unit, contract.title, row.providers, *said, _kpis(row)]


def _kpis(row: GridRow) -> str:
    """«4 of 6 met. The KPIs fit 5.», «2 KPI values due»"""
    kpis = row.kpis
    return ". ".join(words for words in (kpis.due_words, kpis.met_words, kpis.fits_words) if words)


def _write_csv(headings: list[str], lines: list[list[str]], stream: IO[bytes], most: int) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([*headings, *(HEADERS[name] for name in _TO_FILL)])
    writer.writerows([*(guarded(cell) for cell in line), *("" for _ in _TO_FILL)] for line in lines)
    text.flush()
    text.detach()


def _write_xlsx(headings: list[str], lines: list[list[str]], stream: IO[bytes], most: int) -> None:
    book = xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS | {"constant_memory": False})
    page = book.add_worksheet(SHEET)
    read = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True, "font_color": "#46515a"})
    fill = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    head = book.add_format({"bold": True, "bg_color": "#d9e9eb", "text_wrap": True, "valign": "top"})
    for place, heading in enumerate([*headings, *(HEADERS[name] for name in _TO_FILL)]):
        page.set_column(place, place, _WIDTHS.get(heading, 14), read if place < len(headings) else fill)
        page.write_string(0, place, heading, head)
    for number, line in enumerate(lines, start=1):
        for place, cell in enumerate(line):
            page.write_string(number, place, cell, read)
    page.freeze_panes(1, 1)
    _add_rules(page, len(headings), max(len(lines), 1), most)
    book.close()


def _add_rules(page: Any, first: int, last_row: int, most: int) -> None:
    risk, jet, narrative, kpi_reason = (first + _TO_FILL.index(name) for name in (RISK, JET, NARRATIVE, KPI_REASON))
    page.data_validation(1, risk, last_row, risk, _list_rule([each.label for each in Risk]))
    scores = [str(score) for score in range(HIGHEST, LOWEST - 1, -1)]
    page.data_validation(1, jet, last_row, jet, _list_rule([*scores, "Not assessed"]))
    length = {"validate": "length", "criteria": "<=", "value": most, "error_type": "warning"}
    words = {"error_title": "Too long", "error_message": f"A sentence has at most {most} characters."}
    for place in (narrative, kpi_reason):
        page.data_validation(1, place, last_row, place, length | words)


def _list_rule(words: list[str]) -> dict[str, Any]:
    message = {"error_title": "Not on the list", "error_message": "Choose one of the list."}
    return {"validate": "list", "source": words} | message
