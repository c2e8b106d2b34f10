"""Which files are kept beside contracts and reviews: told by their ending and by what they hold, never by one alone.

A file is only handed out again to be saved, so what matters is that it is what its name says, and that it carries no
program: formats that hold macros are refused.
"""

import io
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

MOST_BYTES: Final = 20 * 1024 * 1024
LONGEST_NAME: Final = 200
MOST_PARTS: Final = 10_000
_LOOKED_AT: Final = 64 * 1024
"""Bytes of a text that are looked at for what no text holds."""
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class DocumentType:
    ending: str
    word: str
    content_type: str
    fits: Callable[[bytes], bool]


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(marks)


def _parts(content: bytes) -> Collection[str]:
    """The names in a packed file; none where it is no whole one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ()


def _office(part: str) -> Callable[[bytes], bool]:
    def fits(content: bytes) -> bool:
        names = _parts(content)
        has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return part in names and "[Content_Types].xml" in names and len(names) <= MOST_PARTS and not has_macros

    return fits


def _open_document(content_type: str) -> Callable[[bytes], bool]:
    """Its first part, stored unpacked, says what it is; scripts stand in folders of their own."""

    def fits(content: bytes) -> bool:
        names = _parts(content)
        says = b"mimetype" + content_type.encode()
        return says in content[:200] and not any(name.startswith(("Basic/", "Scripts/")) for name in names)

    return fits


def _is_text(content: bytes) -> bool:
    """No sign but those of a text, in UTF-8 or as Windows writes it."""
    return not any(byte < 32 and byte not in b"\t\n\r\x0c" for byte in content[:_LOOKED_AT])


TYPES: Final = (
    DocumentType(".pdf", "PDF", "application/pdf", _begins(b"%PDF-")),
    DocumentType(".docx", "Word", f"{_OFFICE}.wordprocessingml.document", _office("word/document.xml")),
    DocumentType(".xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet", _office("xl/workbook.xml")),
    DocumentType(".pptx", "PowerPoint", f"{_OFFICE}.presentationml.presentation", _office("ppt/presentation.xml")),
    DocumentType(".odt", "OpenDocument text", f"{_OPEN_DOCUMENT}.text", _open_document(f"{_OPEN_DOCUMENT}.text")),
    DocumentType(
        ".ods",
        "OpenDocument spreadsheet",
        f"{_OPEN_DOCUMENT}.spreadsheet",
        _open_document(f"{_OPEN_DOCUMENT}.spreadsheet"),
    ),
    DocumentType(".csv", "CSV", "text/csv", _is_text),
    DocumentType(".txt", "Text", "text/plain", _is_text),
    DocumentType(".png", "Picture", "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    DocumentType(".jpg", "Picture", "image/jpeg", _begins(b"\xff\xd8\xff")),
    DocumentType(".jpeg", "Picture", "image/jpeg", _begins(b"\xff\xd8\xff")),
)
ENDINGS: Final = ",".join(each.ending for each in TYPES)
TAKEN: Final = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), OpenDocument, CSV, text, PNG or JPEG"


def type_of(name: str) -> DocumentType | None:
    """By the ending of the name; None for one that is not taken."""
    ending = PurePath(name).suffix.lower()
    return next((each for each in TYPES if each.ending == ending), None)


def file_fault(name: str, content: bytes) -> str | None:
    """Why a file is not kept, as a sentence; None for one that is."""
    if not content:
        return "The file is empty."
    if len(content) > MOST_BYTES:
        return f"The file is larger than {size_words(MOST_BYTES)}. Make it smaller, or keep it in parts."
    kind = type_of(name)
    if kind is None:
        return f"This kind of file is not kept. Use {TAKEN}."
    if not kind.fits(content):
        return (
            f"The file ends in {kind.ending}, but what it holds is something else or has macros. "
            f"Save it again as {kind.ending}."
        )
    return None


def safe_name(name: str) -> str:
    """The name as the person gave it, without the folders that some browsers send and without unprintable signs."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in bare if sign.isprintable() and sign not in '"<>|:*?').strip(" .")
    ending = PurePath(plain).suffix
    stem = plain[: len(plain) - len(ending)]
    return f"{stem[: LONGEST_NAME - len(ending)] or 'document'}{ending}"


def size_words(size: int) -> str:
    """«2.1MB», «180KB»; less than a KB is said as 1KB."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f}MB".replace(".0MB", "MB")
    return f"{max(round(size / 1024), 1)}KB"
