"""Files are told by their ending and by what they hold."""

import io
import zipfile

import pytest

from contracts.rules.documents import MOST_BYTES, TYPES, file_fault, safe_name, size_words


def packed(*names, first=None):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


WORD = packed("[Content_Types].xml", "word/document.xml")
MACROS = packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
OPEN_TEXT = packed("content.xml", first="application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("review.pdf", b"%PDF-1.7 and so on"),
        ("Review.PDF", b"%PDF-1.7 and so on"),
        ("plan.docx", WORD),
        ("prices.xlsx", packed("[Content_Types].xml", "xl/workbook.xml")),
        ("slides.pptx", packed("[Content_Types].xml", "ppt/presentation.xml")),
        ("plan.odt", OPEN_TEXT),
        ("list.csv", "Name,£\r\nRespite,1".encode("cp1252")),
        ("notes.txt", "Children’s voices".encode()),
        ("chart.png", b"\x89PNG\r\n\x1a\nmore"),
        ("photo.jpg", b"\xff\xd8\xff\xe0"),
    ],
)
def test_what_is_what_it_says_is_kept(name, content):
    assert file_fault(name, content) is None


@pytest.mark.parametrize(
    ("name", "content", "opening"),
    [
        ("empty.pdf", b"", "The file is empty."),
        ("large.txt", b"a" * (MOST_BYTES + 1), "The file is larger than 20MB."),
        ("program.exe", b"MZ", "This kind of file is not kept."),
        ("page.html", b"<script>", "This kind of file is not kept."),
        ("picture.svg", b"<svg/>", "This kind of file is not kept."),
        ("old.doc", b"\xd0\xcf\x11\xe0", "This kind of file is not kept."),
        ("none", b"text", "This kind of file is not kept."),
        ("page.pdf", b"<html>", "The file ends in .pdf, but what it holds is"),
        (
            "plan.docx",
            b"PK\x03\x04 broken",
            "The file ends in .docx, but what it holds is",
        ),
        ("plan.docx", MACROS, "The file ends in .docx, but what it holds is"),
        ("plan.xlsx", WORD, "The file ends in .xlsx, but what it holds is"),
        ("plan.ods", OPEN_TEXT, "The file ends in .ods, but what it holds is"),
        ("notes.txt", b"MZ\x00\x00", "The file ends in .txt, but what it holds is"),
        ("chart.png", b"GIF89a", "The file ends in .png, but what it holds is"),
    ],
)
def test_what_is_not_kept_is_said_why(name, content, opening):
    assert (file_fault(name, content) or "").startswith(opening)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\sam\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("Children’s plan.pdf", "Children’s plan.pdf"),
    ],
)
def test_a_name_is_made_safe_and_kept_readable(given, kept):
    assert safe_name(given) == kept


def test_no_type_that_runs_in_a_browser_is_kept():
    assert not {each.content_type for each in TYPES} & {"text/html", "image/svg+xml", "application/javascript"}


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1KB"), (180 * 1024, "180KB"), (2_202_010, "2.1MB"), (MOST_BYTES, "20MB")]
)
def test_sizes_are_said_in_words(size, words):
    assert size_words(size) == words
