"""The filter before the rule on doubtful names lets nothing through that the rule would have found."""

from hypothesis import given, settings
from hypothesis import strategies as st

from commissioning.rules import doubtful_match, normalised_name
from contracts.resources.likeness import NameIndex

WORDS = st.sampled_from(
    ["willow", "willows", "wilow", "homes", "home", "care", "caring", "trust", "north", "ltd", "plc", "12", "13", "012"]
)
TEXTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=6).map(" ".join), st.text(alphabet="abcde ", min_size=1, max_size=40)
).map(normalised_name)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=12, unique=True), TEXTS)
def test_it_finds_exactly_what_comparing_with_every_name_finds(names, name):
    names = [each for each in names if each]
    index = NameIndex(enumerate(names))
    expected = {number for number, other in enumerate(names) if doubtful_match(name, other)}
    assert set(index.close_to(name)) == expected


def test_a_name_of_one_letter_many_times_is_not_lost():
    long, close = "o" * 40 + " willow", "o" * 42 + " willow"
    assert NameIndex([(1, long)]).close_to(close) == [1]


def test_names_that_differ_in_their_number_are_passed_over_and_a_slip_among_them_is_found():
    index = NameIndex((number, f"provider {number:04} care ltd") for number in range(700))
    assert [index.close_to(index.names[number]) for number in index.names] == [[]] * 700
    assert 12 in index.close_to("providr 0012 care ltd")
