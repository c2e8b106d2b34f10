"""A contract's reference on the register, made from the published identifiers: short, and always the same."""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from commissioning.rules import slug_of

#: What the publishers' prefixes are called, from the register of OCDS prefixes.
_PUBLISHERS: Final = {
    "ocds-b5fd17": "CF",  # Contracts Finder
    "ocds-h6vhtk": "FTS",  # Find a Tender
    "ocds-kuma6s": "S2W",  # Sell2Wales
    "ocds-r6ebe6": "PCS",  # Public Contracts Scotland
}
_OCID: Final = re.compile(r"(ocds-[a-z0-9]{6})-(.+)", re.DOTALL)
_UUID: Final = re.compile(r"([0-9A-F]{8})-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}")
_SHORT: Final = 16


def references(ocid: str, award: str) -> Iterator[str]:
    """References for a contract, best first: take the first that the unit does not use for another.

    «CF-3ACEF0BD» for a process of Contracts Finder, «CF-3ACEF0BD-14» for its award 14 beside another.
    """
    process = _process(ocid)
    yield process
    if award:
        yield f"{process}-{_award(ocid, award)}"
    yield f"{process}-{_digest(f'{ocid} {award}', 12)}"


def _process(ocid: str) -> str:
    found = _OCID.fullmatch(ocid)
    prefix, rest = found.groups() if found else ("", ocid)
    return f"{_PUBLISHERS.get(prefix, 'OC')}-{_short(rest)}"


def _award(ocid: str, award: str) -> str:
    return _short(award.removeprefix(ocid).strip("-") or award)


def _short(text: str) -> str:
    slug = slug_of(text)
    if found := _UUID.fullmatch(slug):
        return found.group(1)
    return slug if len(slug) <= _SHORT else _digest(text, 8)


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length].upper()
