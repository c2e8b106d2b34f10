import pytest

from bench.rows import Goal, Row
from bench.table import as_markdown, as_text, write_between

MET = Row(what="Register", against="empty page", person="one unit", size="L", figure=3.412, low=3.3, high=3.6,
          goal=Goal(5, "not needed while it is met"), ms=8.25, against_ms=2.4)  # fmt: skip
NOT_MET = Row(
    what="Dashboard", against="empty page", person="one unit", size="L", figure=23.04, goal=Goal(12, "Because.")
)
COUNTED = Row(what="Permission rows", unit="a contract", size="L", figure=0.2)


def test_a_goal_is_met_at_its_very_figure():
    assert [Row(what="", size="", figure=figure, goal=Goal(0.3)).is_met for figure in (0.29, 0.3, 0.31)] == [
        True,
        True,
        False,
    ]
    assert COUNTED.is_met is None


def test_the_markdown_says_why_a_goal_is_not_met_and_nothing_where_it_is():
    assert as_markdown([MET, NOT_MET, COUNTED]).splitlines() == [
        "| what | person | size | figure | middle half | goal | met | ms | why not |",
        "|---|---|---|---|---|---|---|---|---|",
        "| Register / empty page | one unit | L | 3.41 | 3.30 to 3.60 | ≤ 5 | yes | 8.2 / 2.4 |  |",
        "| Dashboard / empty page | one unit | L | 23.0 |  | ≤ 12 | no |  | Because. |",
        "| Permission rows |  | L | 0.20 a contract |  |  |  |  |  |",
    ]


def test_the_terminal_shows_columns():
    assert as_text([NOT_MET, COUNTED]).splitlines() == [
        "what                    person    size  figure           middle half  goal  met  ms",
        "Dashboard / empty page  one unit  L     23.0                          ≤ 12  no",
        "Permission rows                   L     0.20 a contract",
    ]


def test_a_page_keeps_what_stands_around_the_table(tmp_path):
    page = tmp_path / "performance.md"
    begin, end = "<!-- written by make bench: begin ratios -->", "<!-- written by make bench: end ratios -->"
    page.write_text(f"Before\n{begin}\nold\n{end}\nAfter\n")
    write_between(page, "ratios", "| new |")
    assert page.read_text() == f"Before\n{begin}\n| new |\n{end}\nAfter\n"
    with pytest.raises(ValueError, match="no place for queries"):
        write_between(page, "queries", "| new |")
