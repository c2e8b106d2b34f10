"""Register files for the tests, as people make them."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from contracts.models import RegisterImport
from contracts.services.register_import import check_register, receive_register


def csv_file(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def xlsx_file(rows: Sequence[Sequence[Any]], *, sheet: str = "Register") -> bytes:
    """A workbook with date cells for dates; the first row is the headings."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "dd/mm/yyyy",
        },
    )
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def received(world: Any, content: bytes, *, name: str = "register.csv", who: str = "commissioner") -> RegisterImport:
    """Uploaded, and checked."""
    register_import = receive_register(unit=world.unit, name=name, content=content, by=world.people[who])
    check_register(register_import_id=register_import.pk)
    register_import.refresh_from_db()
    return register_import


def faults_of(register_import: RegisterImport) -> list[str]:
    """As the preview says them."""
    return [
        f"Row {row.number}, {header}: {sentence}"
        for row in register_import.rows.all()
        for header, sentence in row.faults
    ]


def changes_of(register_import: RegisterImport) -> dict[str, list[tuple[str, str, str]]]:
    return {
        row.reference: [tuple(change) for change in row.changes] for row in register_import.rows.all() if row.changes
    }
