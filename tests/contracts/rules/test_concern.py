"""Why a contract is of concern: each rule as a table, and what holds of every history."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import Risk
from contracts.rules.concern import CONTRADICTS, LEAVES, ConcernRules, MonthSaid, concern_note, reasons_of_concern
from contracts.rules.jet import NOT_ASSESSED
from contracts.rules.returns import View, months_ending

OCTOBER = date(2014, 10, 1)
OFF = ConcernRules(
    red=False,
    jet_at_most=None,
    jet_fall_at_least=None,
    months_without_return=None,
    amber_months=None,
    contradicts_kpis=False,
    disagreement_at_least=None,
    steps_overdue=None,
)
RISKS = {"R": Risk.RED, "A": Risk.AMBER, "G": Risk.GREEN}


def said(words):
    """«G6 A5 - .» to October, oldest first: risk and JET («n» not assessed), «-» not returned, «.» not owed."""
    parts = words.split()
    return [
        MonthSaid(month, None if part in "-." else view(part), part != ".")
        for month, part in zip(months_ending(OCTOBER, len(parts)), parts, strict=True)
    ]


def view(part):
    return View(RISKS[part[0]], NOT_ASSESSED if part[1] == "n" else int(part[1]))


@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        ("G6", []),
        ("G6 G6 G6", []),
        ("", []),
        ("-", []),
        # red
        ("G6 R6", ["Red"]),
        ("R6 G6", []),
        ("R6 -", ["Red when last returned, in September"]),
        ("R6 .", ["Red when last returned, in September"]),
        # a low JET
        ("G4 G4", []),
        ("G3 G3", ["JET 3 or lower: now 3"]),
        ("G3 G2", ["JET 3 or lower: now 2"]),
        ("G2 -", ["JET 3 or lower: in September 2"]),
        ("G2 G4", []),
        ("G2 Gn", []),
        # a fall
        ("G7 G6", []),
        ("G7 G5", ["JET down 2 since September"]),
        ("G8 - G5", ["JET down 3 since August"]),
        ("G8 Gn G5", ["JET down 3 since August"]),
        ("G8 G5 G5", []),
        ("G8 G5 -", []),
        ("G8 Gn", []),
        # silence
        ("G6 -", []),
        ("G6 - -", ["Not returned for 2 months"]),
        ("G6 - - -", ["Not returned for 3 months"]),
        ("G6 - .", []),
        ("G6 - - .", ["Not returned for 2 months"]),
        (". . -", []),
        ("- . -", []),
        ("- -", ["Not returned for 2 months or more"]),
        ("- - G6", []),
        # amber
        ("G6 A6 A6 A6 A6", []),
        ("G6 A6 A6 A6 A6 A6", ["Amber for 5 months"]),
        ("A6 A6 A6 A6 A6", ["Amber for 5 months or more"]),
        ("G6 A6 A6 - A6 A6 A6", ["Amber for 5 months"]),
        ("G6 A6 A6 A6 A6 A6 G6", []),
        # several at once, in the order of the rules
        ("G6 R2", ["Red", "JET 3 or lower: now 2", "JET down 4 since September"]),
        (
            "R2 - -",
            ["Red when last returned, in August", "JET 3 or lower: in August 2", "Not returned for 2 months"],
        ),
    ],
)
def test_each_rule_names_itself(words, reasons):
    assert reasons_of_concern(said(words), ConcernRules()) == reasons


@pytest.mark.parametrize(
    ("rules", "words", "reasons"),
    [
        (ConcernRules(red=False), "G6 R6", []),
        (ConcernRules(jet_at_most=5), "G5 G5", ["JET 5 or lower: now 5"]),
        (ConcernRules(jet_at_most=None), "G2 G2", []),
        (ConcernRules(jet_fall_at_least=1), "G7 G6", ["JET down 1 since September"]),
        (ConcernRules(jet_fall_at_least=None), "G9 G4", []),
        (ConcernRules(months_without_return=1), "G6 -", ["Not returned for 1 month"]),
        (ConcernRules(months_without_return=None), "G6 - - - -", []),
        (ConcernRules(amber_months=2), "G6 A6 A6", ["Amber for 2 months"]),
        (ConcernRules(amber_months=None), "A6 A6 A6 A6 A6 A6 A6", []),
    ],
)
def test_the_unit_sets_the_numbers(rules, words, reasons):
    assert reasons_of_concern(said(words), rules) == reasons


def beside(words, **others):
    """The last of these months with what is said beside its grade."""
    history = said(words)
    return [*history[:-1], history[-1]._replace(**others)]


SUPPLIER, MANAGER = ("the supplier", 8), ("the service manager", 4)
BOTH = "the service manager 4 and the supplier 8"


@pytest.mark.parametrize(
    ("rules", "history", "reasons"),
    [
        (ConcernRules(), beside("G6 G6", contradicts_kpis=True), ["Contradicts its KPIs"]),
        (ConcernRules(contradicts_kpis=False), beside("G6 G6", contradicts_kpis=True), []),
        (ConcernRules(), beside("G6 G6", others=(MANAGER, SUPPLIER)), [f"Graded 6, but {BOTH}"]),
        (ConcernRules(), beside("G6 G7", others=(MANAGER, SUPPLIER)), ["Graded 7, but the service manager 4"]),
        (ConcernRules(disagreement_at_least=1), beside("G7 G7", others=(SUPPLIER,)), ["Graded 7, but the supplier 8"]),
        (ConcernRules(disagreement_at_least=None), beside("G6 G6", others=(SUPPLIER,)), []),
        (ConcernRules(), beside("G6 Gn", others=(SUPPLIER,)), []),
        (ConcernRules(), beside("G6 -", others=(SUPPLIER,)), []),
    ],
)  # fmt: skip
def test_what_is_said_beside_the_grade(rules, history, reasons):
    assert reasons_of_concern(history, rules) == reasons


@pytest.mark.parametrize(
    ("number", "late", "reasons"),
    [
        (1, 0, []),
        (1, 1, ["Improvement plan: 1 step overdue"]),
        (2, 1, []),
        (2, 3, ["Improvement plan: 3 steps overdue"]),
        (None, 9, []),
    ],
)
def test_late_steps_are_a_concern_whatever_was_returned(number, late, reasons):
    for words in ("G6 G6", "G6 -", "."):
        assert reasons_of_concern(beside(words, steps_overdue=late), ConcernRules(steps_overdue=number)) == reasons


def test_a_contract_on_the_list_for_late_steps_alone_says_so():
    assert concern_note(beside("G6 G6", steps_overdue=2), ConcernRules()) == "2 steps overdue"
    assert concern_note(beside("R6 R6", steps_overdue=2), ConcernRules()) == "Red 2 months"


def test_the_rules_in_words():
    assert ConcernRules().words == [
        "red",
        "JET 3 or lower",
        "JET down by 2 or more",
        "not returned for 2 months",
        "amber for 5 months or more",
        "graded other than its KPIs bear out",
        "graded 2 or more away from the service manager’s or supplier’s view",
        "late with a step of its improvement plans",
    ]
    assert ConcernRules(steps_overdue=2).words[7] == "late with 2 or more steps of its improvement plans"
    assert ConcernRules(months_without_return=1).words[3] == "not returned for 1 month"
    assert OFF.words == []


HISTORIES = st.lists(
    st.one_of(
        st.sampled_from(["-", "."]),
        st.builds("{}{}".format, st.sampled_from("RAG"), st.sampled_from([*"123456789", "n"])),
    ),
    max_size=12,
).map(lambda parts: said(" ".join(parts)))
NUMBERS = st.one_of(st.none(), st.integers(1, 9))
RULES = st.builds(ConcernRules, st.booleans(), NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.booleans(), NUMBERS, NUMBERS)


@given(HISTORIES)
def test_with_every_rule_off_nothing_is_of_concern(history):
    assert reasons_of_concern(history, OFF) == []


@given(HISTORIES, RULES)
def test_each_rule_speaks_once_at_most_and_only_where_it_is_on(history, rules):
    reasons = reasons_of_concern(history, rules)
    assert len(reasons) == len(set(reasons)) <= len(rules.words)


@given(HISTORIES)
def test_a_month_without_a_return_takes_no_red_contract_off_the_list(history):
    rules = ConcernRules()
    later = [MonthSaid(date(2014, 11, 1), None)]
    was_red = any("Red" in reason for reason in reasons_of_concern(history, rules))
    assert any("Red" in reason for reason in reasons_of_concern([*history, *later], rules)) == was_red


@given(HISTORIES, RULES)
def test_a_green_return_at_the_best_grade_is_never_of_concern(history, rules):
    best = MonthSaid(date(2014, 11, 1), View(Risk.GREEN, 9))
    assert reasons_of_concern([*history, best], rules) in ([], ["JET 9 or lower: now 9"])


# What the list says of each


def year(letters, jet, was):
    """Twelve months by letter to October, n for one not returned, at an even JET until the last."""
    views = [None if letter == "n" else View(RISKS[letter.upper()], was) for letter in letters]
    if views and views[-1] is not None:
        views[-1] = views[-1]._replace(jet=jet)
    return [MonthSaid(month, one) for month, one in zip(months_ending(OCTOBER, len(views)), views, strict=True)]


@pytest.mark.parametrize(
    ("letters", "jet", "was", "note"),
    [
        ("aaaaaggaaaar", 3, 4, "Newly red"),
        ("ggggaaaaanar", 4, 5, "Newly red"),
        ("ggaaaaarrrrr", 2, 3, "Red 5 months"),
        ("aarrrraarrrr", 3, 3, "Red 4 months"),
        ("rrrraaaaaarr", 4, 4, "Red 2 months"),
        ("aarrrraaaaaa", 5, 4, "Improving"),
        ("gggggggaaaaa", 5, 5, "No change"),
        ("gggggggaaaaa", 4, 5, "Getting worse"),
        ("rrrraaaaaaag", 6, 5, LEAVES),
        ("ggggggggaaaa", 5, 5, None),
        ("gggggggggggr", 5, 6, "Newly red"),
        ("gggggggggggg", 6, 6, None),
        ("gggggggggggg", 6, 8, "Getting worse"),
        ("gggggggggggg", 3, 4, "Getting worse"),
        ("gggggggggggg", 3, 2, "Improving"),
        ("gggggggggggg", 4, 3, LEAVES),
        ("gggggggggggg", NOT_ASSESSED, 3, LEAVES),
        ("gggggggggggg", NOT_ASSESSED, NOT_ASSESSED, None),
        ("aaaaaaaaaaaa", NOT_ASSESSED, 5, "No change"),
        ("gggggggggggr", NOT_ASSESSED, NOT_ASSESSED, "Newly red"),
        ("ggggggggrrra", 5, 5, LEAVES),
        ("ggggggggrrra", 3, 2, "Improving"),
        ("ggggggggggga", 3, 2, "Getting worse"),
        ("gggggggrrnrr", 4, 4, "Red 4 months"),
        ("ggggggaaanaa", 5, 5, "No change"),
        ("gggggggrrrrn", 4, 4, "No current view"),
        ("gggggggrrrnn", 4, 4, "No current view"),
        ("gggggggggggn", 6, 6, None),
        ("ggggggggggnn", 6, 6, "Not returned for 2 months"),
        ("gggggggggnng", 6, 6, LEAVES),
        ("nnnnnnnnnnnn", 6, 6, "Not returned for 12 months or more"),
        ("nnnnnnnnnnnr", 6, 6, "Newly red"),
        ("nnnnnnnnnnng", 2, 2, "New on this list"),
        ("", 6, 6, None),
    ],
)
def test_what_the_list_says(letters, jet, was, note):
    assert concern_note(year(letters, jet, was), ConcernRules()) == note


def test_what_was_said_of_one_month_only_leaves_nothing_behind():
    assert concern_note(said("G8 G5 G5"), ConcernRules()) is None
    assert concern_note(said("G8 G5"), ConcernRules()) == "Getting worse"


def test_the_list_says_what_contradicts_the_kpis_where_nothing_else_is_wrong():
    assert concern_note(beside("G6 G6", contradicts_kpis=True), ConcernRules()) == CONTRADICTS
    assert concern_note(beside("R2 R2", contradicts_kpis=True), ConcernRules()) == "Red 2 months"


def test_each_unit_s_rules_make_its_list():
    assert concern_note(said("G4 G4"), ConcernRules()) is None
    assert concern_note(said("G4 G4"), ConcernRules(jet_at_most=4)) == "No change"
    assert concern_note(said("R4 R4"), ConcernRules(red=False)) is None


@given(HISTORIES, RULES)
def test_the_list_holds_what_has_a_reason_and_what_has_just_lost_it(history, rules):
    note = concern_note(history, rules)
    if reasons_of_concern(history, rules):
        assert note not in (None, LEAVES)
    else:
        assert note in (None, LEAVES)


@given(HISTORIES)
def test_red_now_is_always_on_the_list(history):
    red = MonthSaid(date(2014, 11, 1), View(Risk.RED, 5))
    note = concern_note([*history, red], ConcernRules())
    assert note is not None
    assert note.startswith(("Newly red", "Red "))
