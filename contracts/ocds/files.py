"""The shapes in which releases are published: packages of releases or records, single releases, lines of any."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from contracts.ocds.values import Fault


def releases_in(path: Path) -> Iterator[dict[str, Any] | Fault]:
    """Each release of a file; a Fault in the place of each part that cannot be read.

    Raises Fault where the whole file cannot. Amounts are Decimal, so that no penny is lost.
    """
    text = _text(path)
    try:
        parsed = _parsed(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data" or "\n" not in text.strip():
            raise Fault(f"{path.name} is not JSON: {error.msg}, line {error.lineno}.") from None
        yield from _lines(text)
    else:
        yield from _unpacked(parsed, where=path.name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Fault(f"{path.name} is not text in UTF-8.") from None
    except OSError as error:
        raise Fault(f"{path.name} cannot be read: {error.strerror}.") from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except RecursionError:
        raise Fault("The file is nested too deeply to be open contracting data.") from None


def _lines(text: str) -> Iterator[dict[str, Any] | Fault]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            parsed = _parsed(line)
        except json.JSONDecodeError:
            yield Fault(f"Line {number} is not JSON.")
        else:
            yield from _unpacked(parsed, where=f"Line {number}")


def _unpacked(parsed: Any, *, where: str) -> Iterator[dict[str, Any] | Fault]:
    if isinstance(parsed, list):
        for number, part in enumerate(parsed, start=1):
            yield from _unpacked(part, where=f"{where}, entry {number}")
    elif not isinstance(parsed, dict):
        yield Fault(f"{where} holds no release.")
    elif isinstance(parsed.get("records"), list):
        for number, record in enumerate(parsed["records"], start=1):
            yield from _of_record(record, where=f"{where}, record {number}")
    elif isinstance(parsed.get("releases"), list):
        yield from _each(parsed["releases"], where=where)
    elif "ocid" in parsed:
        yield parsed
    else:
        yield Fault(f"{where} holds no release.")


def _of_record(record: Any, *, where: str) -> Iterator[dict[str, Any] | Fault]:
    """The releases of a record where they are within it, else its compiled release; links are not followed."""
    if not isinstance(record, dict):
        yield Fault(f"{where} is not a record.")
        return
    listed = record.get("releases")
    within = [part for part in listed if isinstance(part, dict) and "ocid" in part] if isinstance(listed, list) else []
    if within:
        yield from within
    elif isinstance(record.get("compiledRelease"), dict):
        yield record["compiledRelease"]
    else:
        yield Fault(f"{where} has only links to its releases.")


def _each(releases: list[Any], *, where: str) -> Iterator[dict[str, Any] | Fault]:
    for number, release in enumerate(releases, start=1):
        yield release if isinstance(release, dict) else Fault(f"{where}, release {number} is not a release.")
