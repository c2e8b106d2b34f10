import json
from decimal import Decimal

import pytest

from contracts.ocds.files import releases_in
from contracts.ocds.values import Fault
from tests.contracts.ocds.releases import release

A, B = release(ocid="ocds-b5fd17-a"), release(ocid="ocds-b5fd17-b")


def read(tmp_path, content):
    path = tmp_path / "file.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [str(part) if isinstance(part, Fault) else part for part in releases_in(path)]


LINK = {"url": "https://example.org/1", "date": "2025-01-01"}
SHAPES = {
    "release package": {"releases": [A, B]},
    "record package": {"records": [{"ocid": "x", "releases": [A, B]}]},
    "compiled releases": {"records": [{"compiledRelease": A}, {"releases": [LINK], "compiledRelease": B}]},
    "list": [A, B],
    "list of packages": [{"releases": [A]}, {"records": [{"releases": [B]}]}],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes(tmp_path, shape):
    assert read(tmp_path, json.dumps(SHAPES[shape])) == [A, B]


def test_a_single_release_with_a_byte_order_mark(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbf" + json.dumps(A, indent=2).encode()) == [A]


def test_lines(tmp_path):
    lines = [json.dumps(A), "", "{broken", json.dumps({"releases": [B]}), "7"]
    assert read(tmp_path, "\n".join(lines)) == [A, "Line 3 is not JSON.", B, "Line 5 holds no release."]


def test_amounts_keep_their_pennies(tmp_path):
    (read_back,) = read(tmp_path, '{"ocid": "x", "amount": 0.1}')
    assert read_back["amount"] == Decimal("0.1")


def test_parts_that_are_no_release_are_named(tmp_path):
    package = {"releases": [A, 3]}
    assert read(tmp_path, json.dumps(package)) == [A, "file.json, release 2 is not a release."]
    records = {"records": [{"releases": [LINK]}, 5]}
    assert read(tmp_path, json.dumps(records)) == [
        "file.json, record 1 has only links to its releases.",
        "file.json, record 2 is not a record.",
    ]
    assert read(tmp_path, "{}") == ["file.json holds no release."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<html>", "file.json is not JSON: Expecting value, line 1."),
        ("", "file.json is not JSON: Expecting value, line 1."),
        (b"\xff\xfe\x00", "file.json is not text in UTF-8."),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, content, sentence):
    with pytest.raises(Fault, match=sentence):
        read(tmp_path, content)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Fault, match=r"none\.json cannot be read: No such file or directory\."):
        list(releases_in(tmp_path / "none.json"))
