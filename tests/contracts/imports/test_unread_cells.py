"""Errors and formulas without a result are faults in words: never an empty cell that wipes out a value."""

import io
import zipfile

import pytest

from contracts.register_files.reading import read_table
from contracts.register_files.unread_cells import MOST_UNREAD, is_worth_a_look
from contracts.register_files.workbooks import Unreadable
from contracts.resources.register import RegisterResource
from tests.contracts.imports.files import faults_of, received, xlsx_file

HEADINGS = ["Reference", "Title", "Annual value"]
PLACE = b'<c r="C2"><v>7</v></c>'
UNCALCULATED = "This holds a formula without a result. Open the file in Excel, save it, and upload it again."


def with_part(workbook: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with some of a part's XML replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in source.infolist():
            content = source.read(each)
            if each.filename == part:
                assert old in content
                content = content.replace(old, new)
            packed.writestr(each.filename, content)
    return stream.getvalue()


def workbook(cell: bytes, *, old: bytes = PLACE) -> bytes:
    """A register whose annual value on row 2 is this XML."""
    return with_part(xlsx_file([HEADINGS, ["A1", "x", 7]]), "xl/worksheets/sheet1.xml", old, cell)


def sentences(content: bytes) -> list[str]:
    cells = read_table(content).rows[0].cells
    return [fault.sentence for fault in RegisterResource().clean_row(dict(zip(HEADINGS, cells, strict=True))).faults]


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="C2"><f>1000*2</f><v /></c>',
        b'<c r="C2"><f>1000*2</f><v></v></c>',
        b'<c r="C2"><f>1000*2</f></c>',
        b'<c r="C2" t="n"><f t="shared" si="0"/></c>',
        b"<c><f>1000*2</f></c>",
    ],
)
def test_a_formula_without_a_result_is_a_fault(cell):
    assert sentences(workbook(cell)) == [UNCALCULATED]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (b'<c r="C2"><f>1000*2</f><v>2000</v></c>', 2000.0),
        (b'<c r="C2" t="str"><f>""</f><v></v></c>', ""),
        (b'<c r="C2" t="str"><f>"2,"&amp;"000"</f><v>2,000</v></c>', "2,000"),
        (b'<c r="C2"/>', ""),
    ],
)
def test_a_formula_with_a_result_is_that_result(cell, value):
    assert read_table(workbook(cell)).rows[0].cells[2:] in ([value], [] if value == "" else None)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("#DIV/0!", ", a division by nothing"),
        ("#REF!", ", a cell that is no longer there"),
        ("#NUM!", ", a number that cannot be worked out"),
    ],
)
@pytest.mark.parametrize("formula", [b"", b"<f>1/0</f>"])
def test_an_error_is_a_fault_in_words(code, words, formula):
    cell = b'<c r="C2" t="e">%s<v>%s</v></c>' % (formula, code.encode())
    assert sentences(workbook(cell)) == [
        f"This holds the error {code}{words}. Mend its formula, or type the value itself."
    ]


def test_the_preview_names_row_and_column_and_the_register_keeps_its_value(world):
    contract = world.contract(reference="A1", title="x", annual_value=7)
    shown = received(world, workbook(b'<c r="C2"><f>1000*2</f><v/></c>'), name="register.xlsx")
    assert faults_of(shown) == [f"Row 2, Annual value: {UNCALCULATED}"]
    contract.refresh_from_db()
    assert contract.annual_value == 7


def test_a_row_of_nothing_else_counts_as_a_row():
    content = workbook(b'%s</row><row r="4"><c r="B4"><f>1</f></c>' % PLACE)
    assert [(row.number, len(row.cells)) for row in read_table(content).rows] == [(2, 3), (4, 2)]


def test_another_sheet_of_the_workbook_may_hold_what_it_likes():
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    notes, register = book.add_worksheet("Notes"), book.add_worksheet("Register")
    notes.write(1, 2, 7)
    for number, row in enumerate([HEADINGS, ["A1", "x", 7]]):
        register.write_row(number, 0, row)
    book.close()
    faulty = b'<c r="C2"><f>1000*2</f></c>'
    assert sentences(with_part(stream.getvalue(), "xl/worksheets/sheet1.xml", PLACE, faulty)) == []
    assert sentences(with_part(stream.getvalue(), "xl/worksheets/sheet2.xml", PLACE, faulty)) == [UNCALCULATED]


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        (b'<c r="C1" t="s"><v>2</v></c>', b'<c r="C1"><f>A1</f></c>', "The heading of column 3 cannot be read. This"),
        (PLACE, b'<c r="C2"><f>1</f></c>' * (MOST_UNREAD + 1), "More than 10,000 cells hold an error or a formula"),
        (PLACE, b"<c/>" * 104 + b"<c><f>1</f></c>", "The sheet uses cells far to the right"),
        (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', "The workbook is damaged."),
    ],
)
def test_what_cannot_be_shown_row_by_row_is_refused(old, new, refusal):
    content = workbook(b'<c r="C2"><f>1</f></c>')
    changed = b'<c r="C2"><f>1</f></c>' if old == PLACE else old
    with pytest.raises(Unreadable, match=refusal):
        read_table(with_part(content, "xl/worksheets/sheet1.xml", changed, new))


def test_a_look_is_worth_it_only_for_formulas_and_errors_also_across_two_pieces():
    assert is_worth_a_look(iter([b'<c r="A1"><', b"f>1</f></c>"]))
    assert is_worth_a_look(iter([b'<c r="A1" t=', b'"e"><v>#N/A</v></c>']))
    assert is_worth_a_look(iter([b"<x:f>1</x:f>"]))
    assert not is_worth_a_look(iter([b'<formatPr/><c r="A1" t="s"><v>1</v></c>']))
