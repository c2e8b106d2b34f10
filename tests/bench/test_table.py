import pytest

from bench.rows import Goal, Row
from bench.table import as_markdown, as_text, number, table_of, write_between

AT_M = Row(what="Register", against="empty page", person="one unit", size="M", figure=3.2, goal=Goal(5, "Not said."))
AT_L = Row(what="Register", against="empty page", person="one unit", size="L", figure=3.412, low=3.3, high=3.6,
           goal=Goal(5, "Not said."), ms=8.25, against_ms=2.4)  # fmt: skip
NOT_MET = Row(what="Dashboard", against="empty page", person="one unit", size="L", figure=23, goal=Goal(12, "Because."))
COUNTED = Row(what="Permission rows", unit="a contract", size="L", figure=0.204)


def test_a_goal_is_met_at_its_very_figure():
    rows = [Row(what="", size="", figure=figure, goal=Goal(0.3)) for figure in (0.29, 0.3, 0.31)]
    assert [row.is_met for row in rows] == [True, True, False]
    assert COUNTED.is_met is None


def test_the_markdown_has_a_column_a_size_and_says_why_a_goal_is_not_met():
    assert as_markdown(table_of([AT_M, AT_L, NOT_MET, COUNTED])).splitlines() == [
        "| what | person | M | L | middle half | goal | met | ms | why not |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        "| Register / empty page | one unit | 3.20 | 3.41 | 3.30 to 3.60 | ≤ 5 | yes | 8.2 / 2.4 |  |",
        "| Dashboard / empty page | one unit |  | 23 |  | ≤ 12 | no |  | Because. |",
        "| Permission rows, a contract |  |  | 0.20 |  |  |  |  |  |",
    ]


def test_a_goal_missed_at_one_size_is_missed():
    slow = Row(what="Register", against="empty page", person="one unit", size="M", figure=6, goal=Goal(5, "M is slow."))
    assert table_of([slow, AT_L])[1][-4:] == ("≤ 5", "no", "8.2 / 2.4", "M is slow.")


def test_lines_stand_as_they_were_measured_at_the_largest_size():
    rows = [
        Row(what=what, person=person, size=size, figure=1)
        for what, person, size in [
            ("A", "one unit", "S"), ("B", "one unit", "S"),
            ("A", "one unit", "L"), ("A", "national", "L"), ("B", "one unit", "L"),
        ]
    ]  # fmt: skip
    assert [line[:4] for line in table_of(rows)[1:]] == [
        ("A", "one unit", "1", "1"),
        ("A", "national", "", "1"),
        ("B", "one unit", "1", "1"),
    ]


def test_the_terminal_leaves_out_reasons_and_columns_that_say_nothing():
    assert as_text(table_of([NOT_MET, COUNTED])).splitlines() == [
        "what                         person    L     goal  met",
        "Dashboard / empty page       one unit  23    ≤ 12  no",
        "Permission rows, a contract            0.20",
    ]


@pytest.mark.parametrize(
    ("figure", "words"),
    [(5, "5"), (0.204, "0.20"), (9.994, "9.99"), (46.23, "46.2"), (1440.4, "1,440"), (392864, "392,864")],
)
def test_numbers_say_no_more_than_they_know(figure, words):
    assert number(figure) == words


def test_a_page_keeps_what_stands_around_the_table(tmp_path):
    page = tmp_path / "performance.md"
    begin, end = "<!-- make bench writes from here: ratios -->", "<!-- to here: ratios -->"
    page.write_text(f"Before\n{begin}\nold\n{end}\nAfter\n")
    write_between(page, "ratios", "| new |")
    assert page.read_text() == f"Before\n{begin}\n| new |\n{end}\nAfter\n"
    with pytest.raises(ValueError, match="no place for queries"):
        write_between(page, "queries", "| new |")
