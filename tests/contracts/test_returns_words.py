"""The sentences beside a return, against the rule they speak for."""

import datetime

import pytest

from contracts.queries.return_words import EVERY_JET, narrative_hint, note_after, note_before, run_words
from contracts.rules.jet import NOT_ASSESSED
from contracts.rules.returns import narrative_reasons

SEPTEMBER = datetime.date(2014, 9, 1)
GREEN_6, AMBER_5, RED_2 = ("green", 6), ("amber", 5), ("red", 2)
UNGRADED = ("green", NOT_ASSESSED)


@pytest.mark.parametrize(
    ("previous", "hint"),
    [
        ([None, None], "Needed when risk is amber or red. Nothing was returned for September to compare with."),
        ([None, RED_2], "Needed when risk is amber or red. Nothing was returned for September to compare with."),
        ([GREEN_6, None], "Needed unless risk stays green and JET stays 6, as in September."),
        ([GREEN_6, AMBER_5], "Needed unless risk stays green and JET stays 6, as in September."),
        ([UNGRADED, None], "Needed unless risk stays green and JET stays not assessed, as in September."),
        (
            [GREEN_6, GREEN_6],
            "Needed this month, whatever you choose. With September’s figures again: "
            "It is at least the third month in a row with the same risk and JET.",
        ),
        ([AMBER_5, None], "Needed this month, whatever you choose. With September’s figures again: Risk is amber."),
        (
            [RED_2, RED_2],
            "Needed this month, whatever you choose. With September’s figures again: Risk is red. "
            "It is at least the third month in a row with the same risk and JET.",
        ),
    ],
)
def test_the_hint_says_when_a_sentence_is_needed(previous, hint):
    assert narrative_hint(previous, last_month=SEPTEMBER) == hint


@pytest.mark.parametrize("risk", ["red", "amber", "green"])
@pytest.mark.parametrize("jet", EVERY_JET)
@pytest.mark.parametrize("before", [None, GREEN_6, RED_2, UNGRADED])
def test_the_hint_never_contradicts_the_rule(risk, jet, before):
    previous = [(risk, jet), before]
    hint = narrative_hint(previous, last_month=SEPTEMBER)
    free = {(r, j) for r in ("red", "amber", "green") for j in EVERY_JET if not narrative_reasons(r, j, previous)}
    assert hint.startswith("Needed this month, whatever you choose") == (free == set())
    assert hint.startswith("Needed unless") == (free == {(risk, jet)})


@pytest.mark.parametrize(
    ("previous", "note"),
    [
        ([None, GREEN_6], "Nothing returned for September"),
        ([RED_2, None], "Red: needs a sentence every month"),
        ([AMBER_5, AMBER_5], "Amber: needs a sentence every month"),
        ([GREEN_6, GREEN_6], "3rd month or more with no change: needs a sentence"),
        ([GREEN_6, None], "Needs a sentence only if something changes"),
    ],
)
def test_the_worklist_says_what_will_be_asked(previous, note):
    assert note_before(previous, last_month=SEPTEMBER) == note


@pytest.mark.parametrize(
    ("now", "last", "note"),
    [
        (RED_2, AMBER_5, "Amber to red, JET 5 to 2"),
        (("amber", 4), AMBER_5, "JET 5 to 4"),
        (("green", 5), AMBER_5, "Amber to green"),
        (UNGRADED, GREEN_6, "JET 6 to not assessed"),
        (GREEN_6, GREEN_6, "No change"),
        (GREEN_6, None, "Nothing returned for September"),
    ],
)
def test_the_worklist_says_what_changed(now, last, note):
    assert note_after(now, last, last_month=SEPTEMBER) == note


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ([None, GREEN_6], ""),
        ([AMBER_5, AMBER_5, AMBER_5, ("amber", 4), GREEN_6], "Amber since June. JET 5 for three months."),
        ([AMBER_5, None, AMBER_5], "Amber since September. JET 5, new that month."),
        ([GREEN_6] * 12, "Green for 12 months or more. JET 6 for 12 months or more."),
        ([UNGRADED, UNGRADED, GREEN_6], "Green for 3 months or more. JET not assessed for two months."),
        ([GREEN_6] * 11 + [RED_2], "Green since November. JET 6 for 11 months."),
    ],
)
def test_how_long_it_has_been_so(before, words):
    assert run_words(before, last_month=SEPTEMBER) == words
