"""The rows as one table: plain for the terminal, and in Markdown between two markers of a page of the notes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.rows import Row

BEGIN: Final = "<!-- written by make bench: begin {name} -->"
END: Final = "<!-- written by make bench: end {name} -->"
HEADS: Final = ("what", "person", "size", "figure", "middle half", "goal", "met", "ms", "why not")


def cells(row: Row) -> tuple[str, ...]:
    """As HEADS name them."""
    what = f"{row.what} / {row.against}" if row.against else row.what
    spread = "" if row.low is None or row.high is None else f"{_number(row.low)} to {_number(row.high)}"
    goal = "" if row.goal is None else f"≤ {_number(row.goal.at_most)}"
    met = {None: "", True: "yes", False: "no"}[row.is_met]
    why = row.goal.reason if row.goal and not row.is_met else ""
    figure = f"{_number(row.figure)} {row.unit}".rstrip()
    return (what, row.person, row.size, figure, spread, goal, met, _milliseconds(row), why)


def as_text(rows: Sequence[Row]) -> str:
    """In columns, without the reasons, which are sentences."""
    lines = [HEADS[:-1], *(cells(row)[:-1] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADS) - 1)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def as_markdown(rows: Sequence[Row]) -> str:
    return "\n".join(["|".join(("", *_padded(line), "")) for line in (HEADS, *map(cells, rows))]).replace(
        "\n", f"\n|{'---|' * len(HEADS)}\n", 1
    )


def write_between(path: Path, name: str, text: str) -> None:
    """Put the text in the place of what the last run wrote. ValueError where the page has no such place."""
    page = path.read_text()
    begin, end = BEGIN.format(name=name), END.format(name=name)
    before, found, rest = page.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ValueError(f"{path} has no place for {name}: it needs the lines {begin} and {end}.")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def _padded(line: Sequence[str]) -> list[str]:
    return [f" {cell} " for cell in line]


def _number(figure: float) -> str:
    """As many figures as say something: 0.21, 3.4, 46, 1,440,000."""
    if figure == int(figure):
        return f"{int(figure):,}"
    return f"{figure:.2f}" if figure < 10 else f"{figure:,.1f}" if figure < 100 else f"{figure:,.0f}"


def _milliseconds(row: Row) -> str:
    if row.ms is None:
        return ""
    return f"{row.ms:,.1f}" if row.against_ms is None else f"{row.ms:,.1f} / {row.against_ms:,.1f}"
