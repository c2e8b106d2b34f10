"""Rows of a workbook: every kind of cell, and what fits none."""

import datetime
import io
import tempfile
from decimal import Decimal

import pytest
from python_calamine import load_workbook

from contracts.register_files.sheets import LONGEST_CELL, TooLongForWorkbook
from contracts.register_files.tables import write_table

DAY = datetime.date(2015, 3, 31)
HEADINGS = ["Title", "Day", "Money", "Number", "Note"]


def written(rows):
    stream = io.BytesIO()
    write_table(HEADINGS, rows, "xlsx", stream, sheet="Rows", about=[("What", "Rows")])
    return load_workbook(io.BytesIO(stream.getvalue())).get_sheet_by_index(0).to_python()


def test_every_kind_of_cell_reads_back():
    rows = [
        ["Short breaks", DAY, Decimal("108800.50"), 5, "=1+1"],
        ["", None, None, None, ""],
        [' Tom & Jerry <b>"it\'s"</b> ', None, Decimal("-3.10"), 0, "<r><t>x</t></r>"],
        ["Zoë 🎈", datetime.datetime.combine(DAY, datetime.time(12, 30)), None, 10**9, "_x0041_"],
    ]
    read = written(rows)
    assert read[1] == ["Short breaks", DAY, 108800.5, 5, "=1+1"]
    assert read[2] == ["", "", "", "", ""]
    assert read[3] == [' Tom & Jerry <b>"it\'s"</b> ', "", -3.1, 0, "<r><t>x</t></r>"]
    assert read[4][0] == "Zoë 🎈"
    assert read[4][3:] == [10**9, "_x0041_"]


@pytest.mark.parametrize("letter", ["a", "🎈"])
def test_a_text_that_fits_no_cell_is_refused_whole_and_never_cut(letter, tmp_path, monkeypatch):
    """And nothing is left behind of the workbook that was begun."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    most = LONGEST_CELL // (len(letter.encode("utf-16-le")) // 2)
    assert written([[letter * most]])[1][0] == letter * most
    with pytest.raises(TooLongForWorkbook, match=rf"^Row 2 holds a text of {most + 1:,} characters\.$"):
        written([[letter * (most + 1)]])
    assert list(tmp_path.iterdir()) == []
