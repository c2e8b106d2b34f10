"""Names of NHS bodies, which the ODS lists give in capitals, as one writes them."""

import re
from typing import Final

_ABBREVIATIONS: Final = frozenset({"NHS", "CCG", "ICB", "UK"})
_SMALL_WORDS: Final = frozenset({"and", "of", "the", "for", "in", "on", "upon", "with", "by", "at", "to"})
_AS_THEY_WRITE_THEMSELVES: Final = {
    "Barts and the London": "Barts and The London",
    "Crosscity": "CrossCity",
}
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?")


def _cased(word: str, *, first: bool) -> str:
    if word in _ABBREVIATIONS or any(letter.isdigit() for letter in word):
        return word
    lower = word.lower()
    return lower if lower in _SMALL_WORDS and not first else lower.capitalize()


def proper_name(capitals: str) -> str:
    """«NHS STOKE-ON-TRENT CCG» becomes «NHS Stoke-on-Trent CCG»; a name not wholly in capitals stays as it is.

    A word that is an abbreviation or holds a digit stays; small words are small unless they come first, also within
    hyphens.
    """
    name = " ".join(capitals.split())
    if name != name.upper():
        return name
    cased = _WORD.sub(lambda word: _cased(word.group(), first=word.start() == 0), name)
    for usual, own in _AS_THEY_WRITE_THEMSELVES.items():
        cased = cased.replace(usual, own)
    return cased


def proper_location_name(capitals: str) -> str:
    """«NHS DEVON ICB - 15N»: the code at the end is kept, also where it is all letters."""
    name, dash, code = capitals.rpartition(" - ")
    return f"{proper_name(name)}{dash}{code}"
