"""The drawings say the same in shape, letter and number, hold together as XML, and escape what they are given."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import drawing
from contracts.choices import Risk
from contracts.rules.jet import NOT_ASSESSED

RISKS = ["red", "amber", "green", None]
YEAR = [date(2013 + (month + 10) // 12, (month + 10) % 12 + 1, 1) for month in range(12)]
HOSTILE = "<script>\"&'"


def tree(markup: str) -> ET.Element:
    """Parsed with a root around it: every drawing has to be well formed."""
    return ET.fromstring(f"<root>{markup}</root>")  # noqa: S314


def texts(markup: str) -> list[str]:
    return [element.text for element in tree(markup).iter() if element.text]


def all_of(markup: str, name: str, css_class: str | None = None) -> list[ET.Element]:
    found = tree(markup).iter(name)
    return [element for element in found if css_class is None or css_class in element.get("class", "").split()]


# --- Risk ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("risk", "css_class", "shape", "letter", "word"),
    [
        ("red", "jc-mark--r", "path", "R", "Red"),
        ("amber", "jc-mark--a", "path", "A", "Amber"),
        ("green", "jc-mark--g", "circle", "G", "Green"),
        ("none", "jc-mark--n", "rect", "\u2013", "No current view"),
        (None, "jc-mark--n", "rect", "\u2013", "No current view"),
    ],
)
def test_a_risk_is_a_shape_a_letter_and_a_word(risk, css_class, shape, letter, word):
    drawn = drawing.rag(risk)
    assert [element.get("class") for element in all_of(drawn, "svg")] == [f"jc-mark {css_class}"]
    assert len(all_of(drawn, shape)) == 1
    assert texts(drawn) == [letter]
    assert tree(drawn)[0][0].tail == word


def test_red_and_amber_have_different_shapes():
    assert all_of(drawing.mark("red"), "path")[0].get("d") != all_of(drawing.mark("amber"), "path")[0].get("d")


def test_the_stored_value_is_the_key():
    assert [drawing.mark(risk) for risk in Risk] == [drawing.mark("red"), drawing.mark("amber"), drawing.mark("green")]


@pytest.mark.parametrize("wrong", ["r", "Red", "grey", HOSTILE])
def test_another_word_is_no_risk(wrong):
    with pytest.raises(ValueError, match="A risk is red, amber, green or none"):
        drawing.mark(wrong)


def test_a_mark_beside_its_word_is_silent_and_alone_it_speaks():
    assert all_of(drawing.mark("red"), "svg")[0].get("aria-hidden") == "true"
    alone = all_of(drawing.mark("red", label="Red"), "svg")[0]
    assert (alone.get("role"), alone.get("aria-label"), alone.get("aria-hidden")) == ("img", "Red", None)


@pytest.mark.parametrize(
    ("risk", "word"), [("red", "Red"), ("amber", "Amber"), ("green", "Green"), (None, "Not returned")]
)
def test_a_heat_map_cell_says_its_word_to_those_who_listen(risk, word):
    hidden = all_of(drawing.heat_cell(risk), "span", "govuk-visually-hidden")
    assert [element.text for element in hidden] == [word]


# --- JET ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "descriptor", "grade", "is_low"),
    [
        (1, "Poor", "Inadequate", True),
        (2, "Marginal", "Inadequate", True),
        (3, "Fair", "Inadequate", True),
        (4, "Satisfactory", "Requires improvement", False),
        (5, "Effective", "Requires improvement", False),
        (6, "Good", "Good", False),
        (7, "Excellent", "Good", False),
        (8, "Outstanding", "Outstanding", False),
        (9, "Exceptional", "Outstanding", False),
    ],
)
def test_the_jet_chip(score, descriptor, grade, is_low):
    assert texts(drawing.jet(score)) == ["JET ", str(score), f"of 9, {grade}"]
    assert texts(drawing.jet(score, words=True)) == ["JET ", str(score), descriptor]
    assert bool(all_of(drawing.jet(score), "span", "jc-jet__n--low")) is is_low
    assert len(all_of(drawing.jet(score), "rect", "on")) == score
    assert len(all_of(drawing.jet(score), "rect")) == 9


@pytest.mark.parametrize("nothing", [None, NOT_ASSESSED])
def test_what_was_not_assessed_has_no_number_and_no_pips(nothing):
    drawn = drawing.jet(nothing, was=4)
    assert texts(drawn) == ["JET ", "\u2013", "Not assessed"]
    assert all_of(drawn, "svg") == []
    assert len(all_of(drawn, "span", "jc-jet__n--none")) == 1


@pytest.mark.parametrize(("was", "bars"), [(4, 1), (5, 0), (None, 0), (NOT_ASSESSED, 0)])
def test_a_bar_shows_last_months_score_only_where_it_differs(was, bars):
    assert len(all_of(drawing.jet(5, was=was), "rect", "was")) == bars


def test_the_bar_stands_under_last_months_pip():
    fourth = all_of(drawing.pips(5, was=4), "rect", "on")[3]
    bar = all_of(drawing.pips(5, was=4), "rect", "was")[0]
    assert float(bar.get("x")) + 6.5 / 2 == pytest.approx(float(fourth.get("x")) + 4.5 / 2)


# --- Small charts -------------------------------------------------------------------------------


def test_a_sparkline_breaks_at_a_gap_and_ends_in_a_dot():
    drawn = drawing.spark([3, 4, None, NOT_ASSESSED, 6, 7], label="JET from 3 to 7")
    lines = [element.get("points") for element in all_of(drawn, "polyline")]
    assert lines == ["2,15.5 18,13.2", "66,8.8 82,6.5"]
    assert [(dot.get("cx"), dot.get("cy")) for dot in all_of(drawn, "circle")] == [("82", "6.5")]
    assert all_of(drawn, "svg")[0].get("aria-label") == "JET from 3 to 7"


@pytest.mark.parametrize(("values", "dots"), [([], 0), ([None], 0), ([5], 1)])
def test_a_sparkline_of_little(values, dots):
    assert len(all_of(drawing.spark(values), "circle")) == dots
    assert all_of(drawing.spark(values), "polyline") == []


def test_a_stack_is_in_proportion_and_leaves_out_what_is_nothing():
    parts = [drawing.Part("red", 1), drawing.Part("p1", Decimal("3")), drawing.Part("none", 0)]
    drawn = drawing.stack(parts, label="1 of 4")
    rects = all_of(drawn, "rect")
    assert [(r.get("class"), r.get("x"), r.get("width")) for r in rects] == [("r", "0", "248"), ("p1", "250", "748")]


def test_a_stack_of_nothing_is_empty():
    assert all_of(drawing.stack([drawing.Part("red", 0)], label="Nothing"), "rect") == []


def test_a_key_has_the_fill_of_its_part():
    assert [all_of(drawing.key(kind), "rect")[0].get("class") for kind in ("red", "none", "p2")] == ["r", "n", "p2"]


# --- Track --------------------------------------------------------------------------------------

SPAN = (date(2014, 10, 1), date(2016, 10, 1))


def test_a_track_draws_term_options_decision_and_today():
    drawn = drawing.track(
        span=SPAN,
        start=date(2012, 4, 1),
        end=date(2015, 4, 1),
        option_ends=[date(2016, 4, 1), date(2017, 4, 1)],
        decide_by=[date(2014, 12, 31), date(2018, 1, 1)],
        today=date(2014, 11, 4),
    )
    [term] = all_of(drawn, "rect", "term")
    assert (float(term.get("x")), float(term.get("width"))) == (0, pytest.approx(1000 * 182 / 731, abs=0.1))
    options = all_of(drawn, "rect", "opt")
    assert [round(float(option.get("x")) + float(option.get("width"))) for option in options] == [750, 1000]
    assert len(all_of(drawn, "line", "by")) == len(all_of(drawn, "line", "by-in")) == 1
    assert len(all_of(drawn, "line", "now")) == 1
    assert len(all_of(drawn, "line", "grid")) == 5


def test_a_track_without_an_end_draws_no_term():
    drawn = drawing.track(span=SPAN, start=None, end=None, option_ends=[date(2016, 4, 1)])
    assert all_of(drawn, "rect") == []


def test_a_term_that_ended_before_the_span_leaves_nothing():
    assert all_of(drawing.track(span=SPAN, start=date(2010, 1, 1), end=date(2013, 1, 1)), "rect") == []


@given(
    first=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 4000),
    start=st.none() | st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    end=st.none() | st.dates(date(1990, 1, 1), date(2040, 1, 1)),
)
def test_nothing_is_drawn_outside_the_span(first, days, start, end):
    drawn = drawing.track(span=(first, first + timedelta(days=days)), start=start, end=end, decide_by=[first])
    for rect in all_of(drawn, "rect"):
        assert float(rect.get("x")) >= 0
        assert float(rect.get("width")) > 0
        assert float(rect.get("x")) + float(rect.get("width")) <= 1000.1
    for line in all_of(drawn, "line"):
        assert 0 <= float(line.get("x1")) <= 1000


# --- Charts -------------------------------------------------------------------------------------


def months(risks: str, scores: list) -> list[drawing.Month]:
    keys = {"r": "red", "a": "amber", "g": "green", "n": None}
    return [drawing.Month(day, keys[risk], jet) for day, risk, jet in zip(YEAR, risks, scores, strict=False)]


def test_a_year_of_jet_and_risk():
    year = months("aarrrraaaaaa", [5, 4, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5])
    drawn = drawing.jet_history(year, title="JET and risk", notes={date(2014, 3, 1): "Plan agreed"})
    marks = [svg.get("class")[-1] for svg in all_of(drawn, "svg", "jc-mark")]
    assert "".join(marks) == "aarrrraaaaaa"
    assert len(all_of(drawn, "polyline")) == 1
    assert len(all_of(drawn, "polyline")[0].get("points").split(" ")) == 12
    said = texts(drawn)
    assert [word for word in said if word in {"Nov", "Jan", "Oct", "Plan agreed", "No grade"}] == [
        "Plan agreed",
        "Nov",
        "Jan",
        "Oct",
    ]
    assert [word for word in said if word.isdigit()] == [str(score) for score in range(1, 10)]


def test_a_month_without_a_grade_breaks_the_line_and_stands_in_its_own_lane():
    drawn = drawing.jet_history(months("garn", [6, NOT_ASSESSED, 4, None]), title="JET and risk")
    marks = all_of(drawn, "svg", "jc-mark")
    heights = [float(svg.get("y")) for svg in marks]
    assert [svg.get("class")[-1] for svg in marks] == ["g", "a", "r", "n"]
    assert all_of(drawn, "polyline") == []
    assert heights[0] < heights[2] < heights[1] == heights[3]
    assert texts(drawn).count("No grade") == 1


@pytest.mark.parametrize("scores", [[], [5], [None], [None, None]])
def test_a_short_history_draws(scores):
    drawn = drawing.jet_history(months("a" * len(scores), scores), title="JET")
    assert len(all_of(drawn, "svg", "jc-mark")) == len(scores)
    assert (drawn == "") is (not scores)


def test_two_years_name_each_month_by_a_letter_and_each_year_once():
    days = [date(2012 + (month + 10) // 12, (month + 10) % 12 + 1, 1) for month in range(24)]
    drawn = drawing.jet_history([drawing.Month(day, "green", 6) for day in days], title="JET")
    words = texts(drawn)
    assert [word for word in words if word.startswith("20")] == ["2012", "2013", "2014"]
    assert "Nov" not in words


def test_a_late_note_ends_at_its_line():
    year = months("g" * 12, [6] * 12)
    drawn = drawing.jet_history(year, title="JET", notes={YEAR[11]: "Provider changed"})
    [note] = [text for text in all_of(drawn, "text") if text.text == "Provider changed"]
    assert "e" in note.get("class").split()
    assert float(note.get("x")) < 760


def test_jet_columns_count_every_grade_and_show_last_month():
    now = {1: 1, 2: 3, 3: 8, 4: 17, 5: 31, 6: 81, 7: 62, 8: 21, 9: 4}
    drawn = drawing.jet_columns(now, was={6: 80}, title="JET grades")
    counts = [element.text for element in all_of(drawn, "text", "b")]
    assert counts == ["1", "3", "8", "17", "31", "81", "62", "21", "4", "25", "143", "48", "12"]
    assert len(all_of(drawn, "rect", "low")) == 3
    assert len(all_of(drawn, "line", "was")) == 9
    tallest = max(all_of(drawn, "rect"), key=lambda rect: float(rect.get("height")))
    assert float(tallest.get("height")) == 126


def test_jet_columns_without_a_month_before_have_no_black_lines():
    assert all_of(drawing.jet_columns({6: 2}, title="JET grades"), "line", "was") == []


def test_jet_columns_of_nothing():
    assert {rect.get("height") for rect in all_of(drawing.jet_columns({}, title="JET"), "rect")} == {"0"}


# --- Escaping -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "drawn",
    [
        drawing.mark("red", label=HOSTILE),
        drawing.rag("red", word=HOSTILE),
        drawing.heat_cell("red", word=HOSTILE),
        drawing.spark([1, 2], label=HOSTILE),
        drawing.stack([drawing.Part(HOSTILE, 1)], label=HOSTILE),
        drawing.key(HOSTILE),
        drawing.jet_columns({1: 1}, title=HOSTILE),
        drawing.jet_history(
            [drawing.Month(YEAR[0], "red", 3)], title=HOSTILE, description=HOSTILE, notes={YEAR[0]: HOSTILE}
        ),
    ],
)
def test_every_text_is_escaped(drawn):
    assert all_of(drawn, "script") == []
    assert "<script" not in drawn
    values = [value for element in tree(drawn).iter() for value in element.attrib.values()]
    said = [*values, *(text for text in tree(drawn).itertext())]
    assert any(HOSTILE in text for text in said)


def test_no_drawing_needs_an_inline_style():
    year = months("gggaaarrrnng", [6, 6, 6, 5, 5, 5, 3, 3, 2, None, None, 6])
    drawn = [
        drawing.jet_history(year, title="JET"),
        drawing.jet_columns({6: 2}, was={6: 1}, title="JET"),
        drawing.track(span=SPAN, start=SPAN[0], end=SPAN[1]),
        drawing.stack([drawing.Part("red", 1)], label="All"),
        *(drawing.rag(risk) for risk in RISKS),
        *(drawing.jet(score, was=5) for score in range(1, 10)),
    ]
    assert [markup for markup in drawn if "style" in markup] == []
