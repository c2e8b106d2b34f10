"""Cells of a workbook's sheet that hold something and still read as empty: errors, and formulas without a result.

Whoever writes a workbook without calculating it (most programs but Excel and LibreOffice) leaves its formulas without
results. The sheet's XML is read as a stream, once more and only where a search finds a formula or an error in it.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.parsers import expat

from contracts.register_files.workbooks import DAMAGED, FAR, Unreadable
from contracts.resources.widgets import UnreadCell

Pieces = Iterator[bytes]
Places = dict[int, dict[int, UnreadCell]]

_WORTH_A_LOOK: Final = re.compile(rb"<(?:\w+:)?f[\s/>]|\bt\s*=\s*[\"']e[\"']")
_OVERLAP: Final = 64
MOST_UNREAD: Final = 10_000
_LONGEST_CODE: Final = 40
LAST_COLUMN: Final = 104
LAST_ROW: Final = 99_999
_TOO_MANY: Final = (
    "More than 10,000 cells hold an error or a formula without a result. Open the file in Excel, save it, and upload "
    "it again."
)
_CELL: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def is_worth_a_look(pieces: Pieces) -> bool:
    tail = b""
    for piece in pieces:
        if _WORTH_A_LOOK.search(tail + piece):
            return True
        tail = piece[-_OVERLAP:]
    return False


def unread_cells(pieces: Pieces) -> Places:
    """By row and column, both from 1. Raises Unreadable where the XML is damaged or far too large a sheet."""
    reader = _SheetReader()
    parse(pieces, start=reader.start, end=reader.end, text=reader.text)
    return reader.found


def parse(pieces: Pieces, *, start: Any, end: Any = None, text: Any = None) -> None:
    """Feed a part of the workbook to the handlers, names without their namespace. No document type is let in."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError):
        raise Unreadable(DAMAGED) from None


def _refuse(*_: Any) -> None:
    raise Unreadable(DAMAGED)


class _SheetReader:
    """Follows rows and cells; a cell without an address stands beside the one before it."""

    def __init__(self) -> None:
        self.found: Places = {}
        self.count = 0
        self.row = self.column = 0
        self.kind = ""
        self.has_formula = self.is_in_value = False
        self.value = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                written = attributes.get("r", "")
                self.row = int(written[:8]) if written.isdecimal() else self.row + 1
                self.column = 0
            case "c":
                self._place(attributes.get("r", ""))
                self.kind = attributes.get("t", "")
                self.has_formula, self.value = False, ""
            case "f":
                self.has_formula = True
            case "v":
                self.is_in_value = True

    def _place(self, address: str) -> None:
        self.column += 1
        if found := _CELL.fullmatch(address):
            self.column = 0
            for letter in found[1]:
                self.column = self.column * 26 + ord(letter) - 64
            self.row = int(found[2])

    def text(self, text: str) -> None:
        if self.is_in_value and len(self.value) < _LONGEST_CODE:
            self.value += text

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                self.is_in_value = False
            case "c" if self.kind == "e":
                self._keep(UnreadCell.error(self.value.strip()))
            case "c" if self.has_formula and not self.value and self.kind != "str":  # «str»: its result is empty text
                self._keep(UnreadCell.uncalculated())

    def _keep(self, cell: UnreadCell) -> None:
        self.count += 1
        if self.count > MOST_UNREAD:
            raise Unreadable(_TOO_MANY)
        if self.column > LAST_COLUMN or self.row > LAST_ROW:
            raise Unreadable(FAR)
        self.found.setdefault(self.row, {})[self.column] = cell


# Where a sheet is kept


def sheet_part(name: str, *, workbook: Pieces, relations: Pieces) -> str | None:
    """The name of the part that holds the sheet; None where the workbook does not say."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(element: str, attributes: Mapping[str, str]) -> None:
        if element.rpartition(":")[2] == "sheet":
            related = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            ids.setdefault(attributes.get("name", ""), related)

    def relation(element: str, attributes: Mapping[str, str]) -> None:
        if element.rpartition(":")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    parse(workbook, start=sheet)
    parse(relations, start=relation)
    target = targets.get(ids.get(name, ""))
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") if target else None
