"""Which files are read, and the sentence for those that are not."""

import io
import zipfile

import pytest

from contracts.register_files.reading import Row, read_table
from contracts.register_files.workbooks import Unreadable
from tests.contracts.imports.files import xlsx_file

HEADINGS = ["Reference", "Title"]


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read_table(content)
    return str(refused.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_is_read_in_its_separators_and_encodings(separator, encoding):
    text = f'Reference{separator}Title\r\nA1{separator}"Café, {separator} “North”"\r\n'
    table = read_table(text.encode(encoding))
    assert table.headings == HEADINGS
    assert table.rows == [Row(2, ["A1", f"Café, {separator} “North”"])]


def test_rows_keep_the_numbers_that_the_spreadsheet_shows():
    content = b'\r\nReference,Title\r\nA1,"two\r\nlines"\r\n\r\n,\r\nA2,x\r\n'
    assert [(row.number, row.cells[0]) for row in read_table(content).rows] == [(3, "A1"), (6, "A2")]
    sheet = xlsx_file([[], HEADINGS, ["A1", "x"], [], ["A2", "y"]])
    assert [(row.number, row.cells[0]) for row in read_table(sheet).rows] == [(3, "A1"), (5, "A2")]


def test_the_sheet_called_register_is_read_else_the_first():
    assert read_table(xlsx_file([HEADINGS, ["A1", "x"]], sheet="Sheet1")).rows[0].cells == ["A1", "x"]


def test_formula_marks_come_off_and_text_that_only_looks_marked_keeps_one():
    content = b"Reference,Title\r\nA1,'=1+1\r\nA2,''=1+1\r\nA3,'plain\r\n"
    assert [row.cells[1] for row in read_table(content).rows] == ["=1+1", "'=1+1", "'plain"]


def test_what_is_no_register_is_refused_in_a_sentence():
    assert refusal(b"") == "The file is empty."
    assert refusal(b"Reference,Title\r\n") == "The file has headings but no contract below them."
    assert refusal(b"PK\x03\x04 not a zip") == "The workbook is damaged. Open it, save it again as .xlsx and send that."
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1") == (
        "This is an older Excel file, or one with a password. Save it as .xlsx without a password."
    )
    assert refusal(b"%PDF\x00\x01") == "This is neither .xlsx nor .csv. Save it as .xlsx, or as .csv in UTF-8."
    assert refusal(b"%PDF-1.4\n%text only") == refusal(b"%PDF\x00\x01")
    assert refusal(b"Reference,Title\r\nA,b,c\r\n") == "Row 2 has something in column 3, which has no heading."


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


def test_another_archive_and_macros_are_refused():
    assert refusal(archive(**{"word/document.xml": b"x"})).startswith("This is not an Excel workbook.")
    macros = archive(**{"xl/workbook.xml": b"x", "xl/vbaProject.bin": b"x"})
    assert refusal(macros) == "The workbook holds macros. Save it as a workbook without them, .xlsx."


def test_a_small_file_that_unpacks_to_a_huge_one_is_not_opened():
    bomb = archive(**{"xl/workbook.xml": b"x", "xl/sharedStrings.xml": b"0" * (251 << 20)})
    assert len(bomb) < 1 << 20
    assert refusal(bomb) == "The workbook is far larger unpacked than such a file can be, so it is not opened."


def test_a_part_that_lies_about_its_size_is_counted_as_it_is():
    bomb = bytearray(archive(**{"xl/workbook.xml": b"x", "xl/styles.xml": b"0" * (251 << 20)}))
    size = (251 << 20).to_bytes(4, "little")
    assert bomb.count(size) == 2  # the part's own header and the directory
    lying = bytes(bomb).replace(size, (10).to_bytes(4, "little"))
    assert refusal(lying) == "The workbook is far larger unpacked than such a file can be, so it is not opened."


@pytest.mark.parametrize("cell", [(3, 150), (100_000, 0)])
def test_a_cell_far_out_is_refused_before_the_emptiness_fills_the_memory(cell):
    rows = [HEADINGS, ["A1", "x"]]
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet("Register")
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    page.write(*cell, "far")
    book.close()
    assert refusal(stream.getvalue()).startswith("The sheet uses cells far to the right of or below your rows.")


def test_too_many_rows_are_refused():
    lines = [b"Reference,Title", *(b"A%d,x" % number for number in range(50_001))]
    assert refusal(b"\n".join(lines)).startswith("The file has more than 50,000 rows.")
