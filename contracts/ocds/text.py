"""Text as portals publish it, mended: entities, line breaks lost as «rn», tabs lost as «t», letters decoded twice."""

import html
import re
import unicodedata
from typing import Any, Final

_ENTITY: Final = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")
_BREAKING_TAG: Final = re.compile(r"<(?:br|/?p|/?div|/?[uo]l|/li)\b[^<>]*>", re.IGNORECASE)
_ITEM_TAG: Final = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_PLAIN_TAG: Final = re.compile(r"</?(?:b|i|u|em|strong|span|font)\b[^<>]*>", re.IGNORECASE)

#: Letters that arise where UTF-8 is read as Windows-1252: a lead byte, then one to three bytes that continue it.
_CONTINUES: Final = "".join(chr(byte) + bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0))
_DECODED_TWICE: Final = re.compile(f"[\u00c2-\u00f4][{re.escape(_CONTINUES)}]{{1,3}}")

# «\r\n» whose backslashes were lost. Doubled, it is no part of an English word; single, only in these surroundings.
_DOUBLED: Final = re.compile(r"(?:rn[ \t]*){2,}")
_AFTER_A_STOP: Final = re.compile(r"(?<=[.:;,!?)\]*'\"])[ \t]*rn(?=[A-Z0-9\u2022*(\u00a3\-]|[a-z][.)]t|\s|$)")
_AFTER_A_NUMBER: Final = re.compile(r"(?<=[0-9/])rn(?=\s|$)")
_STANDING_ALONE: Final = re.compile(r"(?<=[ \t])rn(?!ib|id|li|oh)|(?<=[ \t])rn$")
_BEFORE_A_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])rn(?=[A-Z\u2022])")
_AT_THE_END: Final = re.compile(r"(?<=[.!?)])[ \t]*rn$")
_EVIDENCE: Final = re.compile(r"rn[ \t]*rn|[.:;)][ \t]*rn(?=[A-Z\s]|$)|[ \t]rn(?=[A-Z]|$)")
_WORDS_IN_RN: Final = re.compile(
    r"(?:\b|rn)(?:adjourn|auburn|barn|born|burn|churn|concern|corn|darn|discern|earn|eastern|fern|govern|horn|intern|lantern"
    r"|learn|midwestern|modern|morn|mourn|newborn|northern|outturn|overturn|pattern|relearn|return|scorn|southern|stern"
    r"|sworn|thorn|torn|turn|unicorn|urn|warn|western|worn|yarn|yearn|north(?:ea|we)stern|south(?:ea|we)stern)$",
    re.IGNORECASE,
)
_LOST_TAB: Final = re.compile(r"^(\u2022|[0-9]{1,2}\.|[ivx]{1,4}\.|[a-z][.)])t(?=\w)", re.MULTILINE)


def mended(text: str) -> str:
    """The text as its author wrote it, as far as that is certain; blank lines and spaces are tidied.

    A text with real line breaks has lost none, so that an «rn» in it is left alone.
    """
    text = _decoded_once(_without_markup(text))
    if "\n" not in text and _EVIDENCE.search(text):
        text = _LOST_TAB.sub(r"\1 ", _with_line_breaks(text))
    return _tidy(text)


def one_line(text: str) -> str:
    """A title or name: mended, on one line."""
    return " ".join(mended(text).split())


def identifier(value: Any) -> str:
    """An identifier as published, without what no database keeps: control characters and halves of letters."""
    text = "" if value is None else str(value)
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cs")).strip()


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut between words, with an ellipsis where something was cut."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole_words = kept.rsplit(" ", 1)[0] if " " in kept else kept
    return f"{whole_words.rstrip(' ,;:-')}\u2026"


def _without_markup(text: str) -> str:
    for _ in range(3):  # escaped once by the author's tool, once by the portal
        text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    text = _ITEM_TAG.sub("\n\u2022 ", _BREAKING_TAG.sub("\n", text))
    return _PLAIN_TAG.sub("", text)


def _decoded_once(text: str) -> str:
    def decode(found: re.Match[str]) -> str:
        letters = b"".join(_byte(letter) for letter in found.group())
        for length in range(len(letters), 1, -1):
            try:
                return letters[:length].decode("utf-8") + found.group()[length:]
            except UnicodeDecodeError:
                continue
        return found.group()

    return _DECODED_TWICE.sub(decode, text)


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")  # the five bytes that Windows-1252 leaves undefined


def _with_line_breaks(text: str) -> str:
    text = _DOUBLED.sub(_doubled, text)
    text = _AFTER_A_STOP.sub("\n", text)
    text = _AFTER_A_NUMBER.sub("\n", text)
    text = _BEFORE_A_CAPITAL.sub(lambda found: found.group() if _ends_a_word(found) else "\n", text)
    text = _STANDING_ALONE.sub("\n", text)
    return _AT_THE_END.sub("", text)


def _doubled(found: re.Match[str]) -> str:
    """A line break for each «rn», but for the first where it ends a word: «turnrnrn» is «turn» and two breaks."""
    breaks = found.group().count("rn")
    return "rn" + "\n" * (breaks - 1) if _ends_a_word(found) else "\n" * breaks


def _ends_a_word(found: re.Match[str]) -> bool:
    start = found.start()
    return bool(_WORDS_IN_RN.search(found.string[max(0, start - 14) : start] + "rn"))


def _tidy(text: str) -> str:
    """Control characters out (PostgreSQL keeps no NUL), spaces single, at most one blank line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u202f", " ")
    text = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
