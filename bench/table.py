"""The rows as one table: plain for the terminal, and in Markdown between two markers of a page of the notes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.rows import Row

BEGIN: Final = "<!-- make bench writes from here: {name} -->"
END: Final = "<!-- to here: {name} -->"

Cells = tuple[str, ...]


def table_of(rows: Sequence[Row]) -> list[Cells]:
    """The heads, then a line for each thing measured: a column for each size, all else as at the largest."""
    sizes = list(dict.fromkeys(row.size for row in rows))
    at_the_largest = [row for row in rows if row.size == sizes[-1]]
    lines: dict[tuple[str, ...], list[Row]] = {_measured(row): [] for row in (*at_the_largest, *rows)}
    for row in rows:
        lines[_measured(row)].append(row)
    heads = ("what", "person", *sizes, "middle half", "goal", "met", "ms", "why not")
    return [heads, *(_line(line, sizes) for line in lines.values())]


def as_text(table: Sequence[Cells]) -> str:
    """In columns, without the reasons, which are sentences, and without columns that say nothing."""
    heads = table[0]
    said = [place for place in range(len(heads) - 1) if any(line[place] for line in table[1:])]
    widths = {place: max(len(line[place]) for line in table) for place in said}
    return "\n".join("  ".join(line[place].ljust(widths[place]) for place in said).rstrip() for line in table)


def as_markdown(table: Sequence[Cells]) -> str:
    heads, *lines = table
    said = [place for place in range(len(heads)) if any(line[place] for line in lines)]
    shown = [[line[place] for place in said] for line in (heads, ["---"] * len(heads), *lines)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in shown)


def write_between(path: Path, name: str, text: str) -> None:
    """Put the text in the place of what the last run wrote. ValueError where the page has no such place."""
    page = path.read_text()
    begin, end = BEGIN.format(name=name), END.format(name=name)
    before, found, rest = page.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ValueError(f"{path} has no place for {name}: it needs the lines {begin} and {end}.")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def _measured(row: Row) -> tuple[str, ...]:
    return (row.what, row.against, row.person, row.unit)


def _line(rows: Sequence[Row], sizes: Sequence[str]) -> Cells:
    by_size = {row.size: row for row in rows}
    largest = rows[-1]
    what = f"{largest.what} / {largest.against}" if largest.against else largest.what
    what += f", {largest.unit}" if largest.unit else ""
    figures = [number(by_size[size].figure) if size in by_size else "" for size in sizes]
    spread = "" if largest.low is None or largest.high is None else f"{number(largest.low)} to {number(largest.high)}"
    return (what, largest.person, *figures, spread, *_goal(rows), _milliseconds(largest), _why_not(rows))


def _goal(rows: Sequence[Row]) -> tuple[str, str]:
    """The goal, and whether it is met at every size that has it."""
    asked = [row for row in rows if row.goal]
    if not asked or asked[-1].goal is None:
        return "", ""
    return f"≤ {number(asked[-1].goal.at_most)}", "yes" if all(row.is_met for row in asked) else "no"


def _why_not(rows: Sequence[Row]) -> str:
    return next((row.goal.reason for row in rows if row.goal and not row.is_met), "")


def number(figure: float) -> str:
    """With as many digits as say something: 0.21, 3.41, 46.2, 1,440."""
    if figure == int(figure):
        return f"{int(figure):,}"
    return f"{figure:.2f}" if figure < 10 else f"{figure:.1f}" if figure < 100 else f"{figure:,.0f}"


def _milliseconds(row: Row) -> str:
    if row.ms is None:
        return ""
    return f"{row.ms:,.1f}" if row.against_ms is None else f"{row.ms:,.1f} / {row.against_ms:,.1f}"
