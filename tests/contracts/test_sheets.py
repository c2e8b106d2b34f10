"""Rows written in one piece are what XlsxWriter would write of them cell by cell."""

import datetime
import io
import tempfile
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from contracts.register_files.sheets import LONGEST_CELL, SheetOfRows, TooLongForWorkbook
from contracts.register_files.writing import WORKBOOK_OPTIONS, cell_formats

DAY = datetime.date(2015, 3, 31)
ROWS = [
    ["Short breaks", DAY, Decimal("108800.00"), 5, True],
    ["", None, None, None, ""],
    [" begins and ends blank\n", datetime.date(1900, 2, 1), 0.1, 12, 1],
    ['Tom & Jerry <b>"it\'s"</b>', datetime.datetime.combine(DAY, datetime.time(12, 30)), Decimal("-3.10"), 0, "=1+1"],
    ["_x0041_ is no A, \x07 no bell, \ufffe no letter \r\n", DAY, Decimal("999999999999.99"), 10**9, "12"],
    ["Zoë 🎈", DAY, None, 7, None, "beyond the columns that are formatted"],
]


def sheet_of(rows, write, *, columns):
    """The sheet's XML: its headings are written by XlsxWriter, and its third column has a format of its own."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS)
    formats = cell_formats(book)
    page = book.add_worksheet("Rows", worksheet_class=SheetOfRows)
    page.set_column(3, 3, 18, formats["text"])
    for place in range(columns):
        page.write_string(0, place, f"Heading {place}")
    write(page, rows, formats)
    book.close()
    with zipfile.ZipFile(stream) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode(), stream.getvalue()


def whole(columns):
    return lambda page, rows, formats: page.write_rows(rows, formats, columns=columns)


def cell_by_cell(page, rows, formats):
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(number, place, cell, formats["text"])
            elif isinstance(cell, datetime.date):
                page.write_datetime(number, place, cell, formats["date"])
            elif isinstance(cell, int):
                page.write_number(number, place, cell)
            else:
                page.write_number(number, place, cell, formats["money"])


def test_every_kind_of_cell_is_the_same_xml_and_reads_back():
    ours, book = sheet_of(ROWS, whole(6), columns=6)
    assert ours == sheet_of(ROWS, cell_by_cell, columns=6)[0]
    read = load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert read[1] == ["Short breaks", DAY, 108800, 5, 1, ""]
    assert read[6][0] == "Zoë 🎈"


@settings(deadline=None)
@given(st.lists(st.text().filter(lambda text: not (text.startswith("<r>") and text.endswith("</r>"))), max_size=3))
def test_any_text_is_the_same_xml(texts):
    rows = [[text.encode(errors="ignore").decode()] for text in texts]
    assert sheet_of(rows, whole(1), columns=1)[0] == sheet_of(rows, cell_by_cell, columns=1)[0]


def test_no_text_becomes_markup_even_where_it_looks_like_rich_text():
    xml, _ = sheet_of([["<r><t>x</t></r>"]], whole(1), columns=1)
    assert "<t>&lt;r&gt;&lt;t&gt;x&lt;/t&gt;&lt;/r&gt;</t>" in xml


@pytest.mark.parametrize("letter", ["a", "🎈"])
def test_a_text_that_fits_no_cell_is_refused_whole_and_never_cut(letter, tmp_path, monkeypatch):
    """And nothing is left behind of the workbook that was begun."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    most = LONGEST_CELL // (len(letter.encode("utf-16-le")) // 2)
    xml, _ = sheet_of([[letter * most]], whole(1), columns=1)
    assert letter * most in xml
    with pytest.raises(TooLongForWorkbook, match=rf"^Row 2 holds a text of {most + 1:,} characters\.$"):
        sheet_of([[letter * (most + 1)]], whole(1), columns=1)
    assert list(tmp_path.iterdir()) == []
