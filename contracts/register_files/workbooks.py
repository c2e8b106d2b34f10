"""What a workbook must be before it is opened: an .xlsx without macros, no larger unpacked than a register can be."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

MOST_UNPACKED_BYTES: Final = 250 * 1024 * 1024
MOST_PARTS: Final = 2_000
PIECE: Final = 1 << 20

#: A cell beyond column CZ or row 99,999: reading it would fill the memory with the emptiness before it.
_FAR_CELL: Final = re.compile(rb' r="(?:[A-Z]{3}\d|[D-Z][A-Z]\d|[A-Z]{1,2}\d{6})')
_OVERLAP: Final = 32
_LOCAL_HEADER: Final = 30

DAMAGED: Final = "The workbook is damaged. Open it, save it again as .xlsx and send that."
_TOO_LARGE: Final = "The workbook is far larger unpacked than such a file can be, so it is not opened."
FAR: Final = (
    "The sheet uses cells far to the right of or below your rows. Delete the columns and rows that are beside your "
    "data, even if they look empty."
)


class Unreadable(Exception):  # noqa: N818
    """The file is not a register that can be read; the message says why and what to do."""


def check_workbook(content: bytes) -> None:
    """Raises Unreadable. Unpacks every part itself and counts, since what a part says of its size may be a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Unreadable(DAMAGED) from None
    _check_names([part.filename for part in parts])
    left = MOST_UNPACKED_BYTES
    for part in parts:
        left = _check_part(content, part, left)


def pieces_of(content: bytes, name: str) -> Iterator[bytes]:
    """A part of a workbook that has been checked, unpacked piece by piece; nothing where there is no such part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [part for part in archive.infolist() if part.filename == name]
    for part in parts[:1]:
        yield from _unpacked(content, part)


def _check_names(names: list[str]) -> None:
    if "xl/workbook.xml" not in names:
        raise Unreadable("This is not an Excel workbook. Save it as .xlsx or .csv.")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unreadable("The workbook holds macros. Save it as a workbook without them, .xlsx.")
    if len(names) > MOST_PARTS:
        raise Unreadable(_TOO_LARGE)


def _check_part(content: bytes, part: zipfile.ZipInfo, left: int) -> int:
    """The bytes still allowed after this part."""
    is_sheet = part.filename.startswith("xl/worksheets/")
    tail = b""
    for piece in _unpacked(content, part):
        left -= len(piece)
        if left < 0:
            raise Unreadable(_TOO_LARGE)
        if is_sheet and _FAR_CELL.search(tail + piece):
            raise Unreadable(FAR)
        tail = piece[-_OVERLAP:]
    return left


def _unpacked(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's own bytes in pieces, to the end of the packed data whatever size the part claims."""
    packed = _packed(content, part)
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable(DAMAGED)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflate.eof:
            yield inflate.decompress(packed, PIECE)
            packed = inflate.unconsumed_tail
    except zlib.error:
        raise Unreadable(DAMAGED) from None


def _packed(content: bytes, part: zipfile.ZipInfo) -> bytes:
    header = content[part.header_offset : part.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise Unreadable(DAMAGED)
    start = (
        part.header_offset
        + _LOCAL_HEADER
        + int.from_bytes(header[26:28], "little")
        + int.from_bytes(header[28:30], "little")
    )
    return content[start : start + part.compress_size]
