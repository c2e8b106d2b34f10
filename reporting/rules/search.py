"""What somebody typed into a search: its words, the nearest spelling of each, and where they stand in a text."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 100
"""Characters that are searched for: what the register's own filter takes too."""
MOST_WORDS: Final = 12
SHORT: Final = 3
"""Words with fewer letters are looked for at the beginning of a word alone: an index of trigrams cannot find them."""
SPELT: Final = 4
"""Words with fewer letters are taken as they are: too many others are one letter away."""

#: Words that stand in nearly every text and narrow nothing.
_LITTLE: Final = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])
_PART: Final = re.compile(r'"([^"]*)"|([^\s"]+)')
_ENDING: Final = re.compile(r"(ings?|ed|es|s|ly|ers?)$", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """The words of a search in their order; one in quotation marks may hold spaces."""

    text: str
    words: tuple[str, ...]
    was_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def as_typed(self) -> str:
        """The words as one could type them."""
        return " ".join(f'"{word}"' if " " in word else word for word in self.words)

    def with_words(self, words: tuple[str, ...]) -> "Typed":
        changed = Typed("", words)
        return Typed(changed.as_typed, words)


def typed(text: str) -> Typed:
    """The words to find; signs and little words are left out unless there is nothing else."""
    whole = " ".join(_printable(text).replace("“", '"').replace("”", '"').split())
    kept = whole if len(whole) <= LONGEST else whole[: LONGEST + 1].rpartition(" ")[0] or whole[:LONGEST]
    words = list(dict.fromkeys(_words(kept)))
    words = [word for word in words if _has_letter(word)] or words
    words = [word for word in words if word.lower() not in _LITTLE] or words
    return Typed(kept, tuple(words[:MOST_WORDS]), was_cut=kept != whole or len(words) > MOST_WORDS)


def _printable(text: str) -> str:
    """Without what no field holds, such as NUL."""
    return "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in text)


def _words(text: str) -> Iterable[str]:
    for quoted, plain in _PART.findall(text):
        word = quoted.strip() if quoted else plain.lstrip("-").strip(",;:!?()[]")
        if word:
            yield word


def _has_letter(word: str) -> bool:
    return any(letter.isalnum() for letter in word)


# Spelling


def corrected(words: tuple[str, ...], known: Iterable[str]) -> tuple[str, ...]:
    """Each word that is not known, nor begins or ends one that is, in the nearest spelling that is known."""
    lower = sorted({word.lower() for word in known})
    return tuple(_nearest(word, lower) for word in words)


def is_spelt(word: str) -> bool:
    """Whether the word could be misspelt: a reference or a short word stands for itself."""
    return len(word) >= SPELT and word.isalpha()


def _nearest(word: str, known: list[str]) -> str:
    wanted = word.lower()
    if not is_spelt(word) or any(wanted in other for other in known):
        return word
    most = 1 if len(wanted) < 6 else 2
    near = [(distance(wanted, other, most=most), wanted[0] != other[0], other) for other in known if other]
    best = min((entry for entry in near if entry[0] <= most), default=None)
    return best[2] if best else word


def distance(one: str, other: str, *, most: int) -> int:
    """How many letters were left out, added, changed or swapped with their neighbour; more than ``most`` is not told.

    The optimal string alignment distance.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most and min(last) >= most:  # nothing can come nearer: a swap reaches back two rows for one
            return most + 1
        before, last = last, now
    return last[-1]


# Marking


def stem(word: str) -> str:
    """The beginning that its other forms share: near enough to mark, not to search by."""
    short = _ENDING.sub("", word)
    return short if len(short) >= SHORT else word


def pieces(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words."""
    patterns = [rf"\b{re.escape(stem(word))}\w*|{re.escape(word)}" for word in words if len(word) >= SHORT]
    patterns += [rf"\b{re.escape(word)}" for word in words if len(word) < SHORT and _has_letter(word)]
    if not patterns:
        return [(text, False)] if text else []
    parts = re.split(f"({'|'.join(patterns)})", text, flags=re.IGNORECASE)
    return [(part, place % 2 == 1) for place, part in enumerate(parts) if part]
