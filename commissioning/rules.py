"""Rules of organisations, periods and references."""

import difflib
import html
import re
import unicodedata
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from .choices import IdentifierScheme, OrganisationKind

MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: date) -> str:
    """«31 March 2015», whatever the locale of the machine."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


# Identifiers


@dataclass(frozen=True)
class Scheme:
    """A register of identifiers.

    `prefix` is the register's code in published open contracting data (org-id.guide), empty where it has none.
    `identifies` is false where the number belongs to a published record and not to an organisation, so that
    two equal numbers prove nothing and a new number is no new organisation.
    """

    scheme: IdentifierScheme
    prefix: str
    identifies: bool
    source: str


SCHEMES: Final = (
    Scheme(IdentifierScheme.ODS, "GB-NHS", True, "org-id.guide, NHS Organisation Data Service"),
    Scheme(IdentifierScheme.GSS, "", True, "Office for National Statistics, Register of Geographic Codes"),
    Scheme(IdentifierScheme.COMPANY, "GB-COH", True, "org-id.guide, Companies House"),
    Scheme(IdentifierScheme.CHARITY, "GB-CHC", True, "org-id.guide, Charity Commission for England and Wales"),
    Scheme(IdentifierScheme.CFS, "GB-CFS", False, "Contracts Finder: numbers the parties of each record anew"),
    Scheme(IdentifierScheme.PPON, "GB-PPON", True, "Find a Tender, public procurement organisation number"),
    Scheme(IdentifierScheme.LOCAL_AUTHORITY, "GB-LAE", True, "org-id.guide, local authorities for England"),
)


def scheme_of_prefix(prefix: str) -> Scheme | None:
    """The register that published data means by «GB-COH» and the like; None for one not kept here."""
    wanted = prefix.strip().upper()
    return next((row for row in SCHEMES if row.prefix and row.prefix == wanted), None)


# Names

_ENTITY: Final = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")
_INITIALS: Final = re.compile(r"\b([^\W\d_]) (?=[^\W\d_]\b)")
_APOSTROPHES: Final = re.compile(r"['`\u00b4\u2018\u2019\u02bc]")
_NOT_A_WORD: Final = re.compile(r"[\W_]+")

# Longer phrases first: «public limited company» holds «limited».
_ABBREVIATIONS: Final = (
    ("charitable incorporated organisation", "cio"),
    ("limited liability partnership", "llp"),
    ("community interest company", "cic"),
    ("public limited company", "plc"),
    ("nhs foundation trust", "nhs ft"),
    ("trading as", "ta"),
    ("limited", "ltd"),
)
_LEGAL_FORMS: Final = frozenset({"ltd", "plc", "cic", "cio", "llp"})

_NUMBER: Final = re.compile(r"\d+")

DOUBTFUL_RATIO: Final = 0.88
"""Measured on the 240 names of 104 Contracts Finder releases of early 2025: every pair at or above it is a variant of
one name; below it stand «Mullen Property Services» and «NHS Property Services» (0.87), then councils with like names.
"""


def _plain_letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _unescaped(name: str) -> str:
    """Names come out of portals escaped once, sometimes twice: «Griffiths &amp;amp; Armour»."""
    for _ in range(3):
        name = _ENTITY.sub(lambda entity: html.unescape(entity.group()), name)
    return name


def _words(name: str) -> str:
    text = _APOSTROPHES.sub("", _unescaped(name))
    text = _plain_letters(_plain_letters(text).casefold())
    text = _NOT_A_WORD.sub(" ", text.replace("&", " and ")).strip()
    return _INITIALS.sub(r"\1", text)  # «C.I.C.», «t/a» and «A. C» become one word each


def normalised_name(name: str) -> str:
    """What is left of a provider's name when habits of writing are taken away; equal results are the same provider.

    The legal form stays, because «Axis Europe Limited» and «Axis Europe plc» may be two companies.
    """
    padded = f" {_words(name)} "
    for phrase, short in _ABBREVIATIONS:
        padded = padded.replace(f" {phrase} ", f" {short} ")
    words = padded.split()
    while len(words) > 1 and words[0] == "the":
        words.pop(0)
    return " ".join(words)


def name_without_form(name: str) -> str:
    """The normalised name without «Ltd», «plc», «CIC» at its end; a name made of these alone is kept."""
    words = normalised_name(name).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def kind_of(name: str, *, schemes: Collection[str] = (), is_voluntary: bool = False) -> OrganisationKind:
    """What the name, the registers it has a code in, or its own word prove of a new organisation; else «other».

    A charitable incorporated organisation is on the charity register only (Charities Act 2011, Part 11).
    """
    plain = normalised_name(name)
    last_word = plain.rpartition(" ")[2]
    if "nhs trust" in plain or "nhs ft" in plain:
        return OrganisationKind.NHS_TRUST
    if IdentifierScheme.CHARITY in schemes or is_voluntary or last_word == "cio":
        return OrganisationKind.VOLUNTARY_SECTOR
    if IdentifierScheme.COMPANY in schemes or last_word in _LEGAL_FORMS:
        return OrganisationKind.COMPANY
    return OrganisationKind.OTHER


def name_and_numbers(name: str) -> tuple[str, tuple[str, ...]]:
    """The name without its legal form and with a mark in the place of each number, and those numbers."""
    plain = name_without_form(name)
    return _NUMBER.sub("#", plain), tuple(number.lstrip("0") for number in _NUMBER.findall(plain))


def doubtful_match(a: str, b: str) -> bool:
    """Whether a person should say if two names are one provider: close, not equal, or equal but for the legal form.

    A number is no slip of the pen: «Care Home 12» and «Care Home 13» are two providers, however alike.
    """
    first, second = sorted((normalised_name(a), normalised_name(b)))
    if first == second or not first:
        return False
    if name_without_form(first) == name_without_form(second):
        return True
    (first_words, first_numbers), (second_words, second_numbers) = name_and_numbers(first), name_and_numbers(second)
    if first_words == second_words and first_numbers != second_numbers:
        return False
    likeness = difflib.SequenceMatcher(None, first, second, autojunk=False)
    quick_enough = likeness.real_quick_ratio() >= DOUBTFUL_RATIO and likeness.quick_ratio() >= DOUBTFUL_RATIO
    return quick_enough and likeness.ratio() >= DOUBTFUL_RATIO


# Periods: both days belong to the period; a missing day leaves that side open.


def period_error(start: date | None, end: date | None) -> str | None:
    """The sentence for a period that ends before it starts."""
    if start is None or end is None or start <= end:
        return None
    return f"The end, {long_date(end)}, is before the start, {long_date(start)}."


def periods_overlap(a_start: date | None, a_end: date | None, b_start: date | None, b_end: date | None) -> bool:
    """Whether two periods share at least one day."""
    a_begins_in_time = a_start is None or b_end is None or a_start <= b_end
    b_begins_in_time = b_start is None or a_end is None or b_start <= a_end
    return a_begins_in_time and b_begins_in_time


# References


def slug_of(reference: str) -> str:
    """A contract's reference as it stands in an address: «CS/0147» becomes «CS-0147».

    Capitals only, so that it never collides with a page of its own such as /contracts/import/. Two references may
    give the same slug («CS/0147», «CS 0147»): whoever stores it keeps it unique.
    A reference without a single letter or digit of ours gets a number computed from its text.
    """
    letters = _plain_letters(reference).upper()
    slug = re.sub(r"[^A-Z0-9]+", "-", letters).strip("-")
    return slug or f"REF-{zlib.crc32(reference.encode('utf-8', 'surrogatepass')):08X}"
