"""Reading the cells that name organisations: their codes in public registers, and their shares of the value."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from commissioning.choices import IdentifierScheme
from commissioning.rules import SCHEMES
from contracts.resources.widgets import read_money

_IDENTIFYING: Final = {row.scheme: row for row in SCHEMES if row.identifies}
_SCHEME_WORDS: Final = {
    re.sub(r"[\W_]+", "", word).casefold(): row.scheme
    for row in _IDENTIFYING.values()
    for word in (row.scheme.value, row.scheme.label, row.prefix)
    if word
}
LONGEST_CODE: Final = 60
LONGEST_NAME: Final = 255


class Identifier(NamedTuple):
    """A code in a public register."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class NamedShare(NamedTuple):
    """A partner's share as the file names it, in pounds."""

    name: str
    annual_amount: Decimal
    whole_life_amount: Decimal


def read_identifier(text: str) -> Identifier | None:
    """«company:01234567», «GB-COH-01234567»; raises ValueError for a register that is not kept."""
    if not text:
        return None
    scheme, value = _scheme_and_value(text)
    value = value.strip().upper()
    if not value or len(value) > LONGEST_CODE:
        raise ValueError(f"«{text}» gives no code after the colon.")
    return Identifier(scheme, value)


def _scheme_and_value(text: str) -> tuple[str, str]:
    for row in _IDENTIFYING.values():
        if row.prefix and text.upper().startswith(f"{row.prefix}-"):
            return row.scheme.value, text[len(row.prefix) + 1 :]
    word, colon, value = text.partition(":")
    scheme = _SCHEME_WORDS.get(re.sub(r"[\W_]+", "", word).casefold())
    if not colon or scheme is None:
        known = ", ".join(f"{scheme.value}:…" for scheme in _IDENTIFYING)
        raise ValueError(f"«{text}» is not a code of a public register, written {known}.")
    return IdentifierScheme(scheme).value, value


def read_provider_name(text: str) -> str | None:
    if not text:
        return None
    if len(text) > LONGEST_NAME:
        raise ValueError(f"A provider's name has {len(text)} characters; at most {LONGEST_NAME} can be kept.")
    return re.sub(r"\s+", " ", text)


def read_share(text: str) -> NamedShare | None:
    """«Mercia CCG: £112,000.00; £336,000.00»; a name may hold a colon, the last one counts."""
    if not text:
        return None
    name, colon, amounts = text.rpartition(":")
    annual, semicolon, whole_life = amounts.partition(";")
    if not (colon and semicolon and name.strip()):
        raise ValueError(
            f"«{text}» is not a share. Write the partner's name, a colon, the amount a year, a semicolon and the "
            "amount over the whole life."
        )
    read = read_money(annual.strip()), read_money(whole_life.strip())
    if read[0] is None or read[1] is None:
        raise ValueError(f"«{text}» lacks an amount.")
    return NamedShare(name.strip(), read[0], read[1])


def write_share(share: NamedShare) -> str:
    return f"{share.name}: £{share.annual_amount:,.2f}; £{share.whole_life_amount:,.2f}"
