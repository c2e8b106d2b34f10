"""The words of a search, the nearest spelling, and where the words stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.rules.search import LONGEST, MOST_WORDS, corrected, distance, pieces, typed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("respite", ("respite",)),
        ("  Willow   Homes ", ("Willow", "Homes")),
        ('"short breaks" autism', ("short breaks", "autism")),
        ("“short breaks”", ("short breaks",)),
        ("homes for the young", ("homes", "young")),
        ("the", ("the",)),
        ("-respite", ("respite",)),
        ("care, (home)", ("care", "home")),
        ("Care & Co", ("Care", "Co")),
        ("care care", ("care",)),
        ("%", ("%",)),
        ("res\x00pite", ("res", "pite")),
        ("", ()),
        ("   ", ()),
        ('""', ()),
    ],
)
def test_words_of_what_was_typed(text, words):
    assert typed(text).words == words


def test_a_long_search_is_cut_between_words_and_says_so():
    found = typed("respite " * 60)
    assert len(found.text) <= LONGEST
    assert found.text.endswith("respite")
    assert found.was_cut
    assert typed("x" * 500).text == "x" * LONGEST
    assert len(typed(" ".join("abcdefghijklmnopqrstuvwxyz")).words) == MOST_WORDS
    assert not typed("x" * LONGEST).was_cut


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("respite", "respite", 0),
        ("resipte", "respite", 1),  # two neighbours swapped
        ("wilow", "willow", 1),
        ("fosterring", "fostering", 1),
        ("respote", "respite", 1),
        ("resipe", "respite", 2),
        ("care", "transport", 3),  # more than asked for is not told
    ],
)
def test_distance(one, other, letters):
    assert distance(one, other, most=2) == letters


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_the_same_both_ways(one, other):
    assert distance(one, other, most=6) == distance(other, one, most=6)


@pytest.mark.parametrize(
    ("words", "spelt"),
    [
        (("resipte",), ("respite",)),
        (("Wilow", "respite"), ("willow", "respite")),
        (("resp",), ("resp",)),  # begins a word that is known
        (("spite",), ("spite",)),
        (("caer",), ("care",)),
        (("cae",), ("cae",)),  # too short to tell
        (("willows",), ("willow",)),
        (("CS0147",), ("CS0147",)),
        (("submarine",), ("submarine",)),
        (("short braeks",), ("short braeks",)),
    ],
)
def test_the_nearest_spelling(words, spelt):
    assert corrected(words, ["Respite", "care", "Willow", "Homes", "residential"]) == spelt


@pytest.mark.parametrize(
    ("text", "words", "hits"),
    [
        ("Respite care", ["respite"], ["Respite"]),
        ("Homes for the young", ["home"], ["Homes"]),
        ("Home for the young", ["homes"], ["Home"]),
        ("Childcare", ["care"], ["care"]),
        ("Short breaks", ["short breaks"], ["Short breaks"]),
        ("A (new) service", ["(new)"], ["(new)"]),
        ("Play", ["%"], []),
        ("", ["play"], []),
        ("Art and play", ["ar"], ["Ar"]),
    ],
)
def test_pieces_mark_the_words(text, words, hits):
    parts = pieces(text, words)
    assert "".join(part for part, _ in parts) == text
    assert [part for part, is_hit in parts if is_hit] == hits
