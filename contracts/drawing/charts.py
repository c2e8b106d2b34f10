"""The two charts of JET grades. Each stands above a table or a sentence with the same figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from contracts.rules.jet import HIGHEST, LOWEST, Jet, band_of

from .bars import polylines, runs
from .marks import BANDS, GAP_AFTER, mark_at, risk_key
from .svg import join, number

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not the locale's own: a chart has room for three letters."""


@dataclass(frozen=True)
class Month:
    """One month of a contract: its risk key, and its JET score if it was returned and assessed."""

    month: date
    risk: str | None
    jet: Jet = None

    @property
    def score(self) -> int | None:
        return self.jet if isinstance(self.jet, int) else None


# --- Twelve or more months of one contract ------------------------------------------------------------

WIDTH: Final = 760
LEFT: Final = 132
RIGHT: Final = 14
TOP: Final = 30
GRID_HEIGHT: Final = 228
LANE: Final = 30
"""Height of the lane under the grid that holds the marks of months without a grade."""


@dataclass(frozen=True)
class _Frame:
    """Where things are on the history chart."""

    count: int
    has_lane: bool

    @property
    def foot(self) -> float:
        return TOP + GRID_HEIGHT + (LANE if self.has_lane else 0)

    @property
    def lane(self) -> float:
        return TOP + GRID_HEIGHT + LANE / 2

    @property
    def step(self) -> float:
        return (WIDTH - LEFT - RIGHT - 24) / max(self.count - 1, 1)

    @property
    def is_crowded(self) -> bool:
        return self.step < 36

    def x(self, place: int) -> float:
        return LEFT + 14 + place * self.step

    def y(self, score: float) -> float:
        return TOP + (9.4 - score) / 8.8 * GRID_HEIGHT


def jet_history(
    months: Sequence[Month],
    *,
    title: str,
    description: str = "",
    notes: Mapping[date, str] | None = None,
) -> SafeString:
    """JET as height, risk as the mark on each point, oldest month first; `notes` names moments by their month.

    The line breaks where a month has no grade, and its mark stands in a lane of its own under the grid.
    """
    if not months:
        return join([])
    frame = _Frame(count=len(months), has_lane=any(month.score is None for month in months))
    opening = format_html(
        '<svg class="jc-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">',
        WIDTH,
        number(frame.foot + (50 if frame.is_crowded else 34)),
        f"{title}. {description}".removesuffix(" "),
    )
    return join(
        [
            opening,
            *_bands(frame),
            *_scale(frame),
            *_notes(frame, months, notes or {}),
            *_line(frame, months),
            *_points(frame, months),
            *_month_names(frame, months),
            "</svg>",
        ]
    )


def _bands(frame: _Frame) -> list[str]:
    """The four grades by name, every second one shaded."""
    drawn = []
    for place, (low, high) in enumerate(BANDS):
        top = frame.y(9.4 if high == HIGHEST else high + 0.5)
        foot = frame.y(0.6 if low == LOWEST else low - 0.5)
        if place % 2:
            drawn.append(f'<rect class="band" x="0" y="{number(top)}" width="{WIDTH}" height="{number(foot - top)}"/>')
        for line, word in enumerate(band_of(low).label.split(" ")):
            drawn.append(f'<text class="b" x="6" y="{number(top + 15 + 15 * line)}">{escape(word)}</text>')
    if frame.has_lane:
        drawn.append(f'<text class="b" x="6" y="{number(frame.lane + 4)}">No grade</text>')
    return drawn


def _scale(frame: _Frame) -> list[str]:
    return [
        f'<text class="e" x="{LEFT - 8}" y="{number(frame.y(score) + 4)}">{score}</text>'
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{number(frame.y(score))}" '
        f'y2="{number(frame.y(score))}"/>'
        for score in range(LOWEST, HIGHEST + 1)
    ]


def _notes(frame: _Frame, months: Sequence[Month], notes: Mapping[date, str]) -> list[str]:
    """A note in the right half ends at its line, so that it never leaves the chart."""
    drawn = []
    for place, month in enumerate(months):
        if text := notes.get(month.month):
            x = frame.x(place)
            late = x > WIDTH * 0.6
            drawn.append(
                f'<line class="note" x1="{number(x)}" x2="{number(x)}" y1="{TOP - 8}" y2="{number(frame.foot)}"/>'
                f'<text class="b{" e" if late else ""}" x="{number(x - 5 if late else x + 5)}" y="{TOP - 12}">'
                f"{escape(text)}</text>"
            )
    return drawn


def _line(frame: _Frame, months: Sequence[Month]) -> list[str]:
    scores = [month.score for month in months]
    points = {place: (frame.x(place), frame.y(score)) for place, score in enumerate(scores) if score is not None}
    return polylines(points, runs(scores), ' class="line"')


def _points(frame: _Frame, months: Sequence[Month]) -> list[str]:
    size = 18 if frame.is_crowded else 24
    return [
        mark_at(
            risk_key(month.risk),
            frame.x(place),
            frame.lane if month.score is None else frame.y(month.score),
            size,
        )
        for place, month in enumerate(months)
    ]


def _month_names(frame: _Frame, months: Sequence[Month]) -> list[str]:
    """Three letters a month; where they would touch, one letter, with the year under each January and the first."""
    drawn = []
    for place, month in enumerate(months):
        name = MONTHS[month.month.month - 1]
        kind = "m b" if place == frame.count - 1 else "m"
        x, y = number(frame.x(place)), frame.foot + 22
        drawn.append(f'<text class="{kind}" x="{x}" y="{number(y)}">{name[0] if frame.is_crowded else name}</text>')
        if frame.is_crowded and (place == 0 or month.month.month == 1):
            drawn.append(f'<text class="m" x="{x}" y="{number(y + 16)}">{month.month.year}</text>')
    return drawn


# --- How many contracts have each grade -----------------------------------------------------------------

COLUMN: Final = 36
FLOOR: Final = 148
FULL_HEIGHT: Final = 126


def jet_columns(now: Mapping[int, int], *, was: Mapping[int, int] | None = None, title: str) -> SafeString:
    """A column for each score, with last month's number as a black line; a missing score counts as none."""
    tallest = max([*now.values(), *(was or {}).values(), 1])
    lefts = _column_lefts()
    drawn = [
        part
        for score, left in lefts.items()
        for part in _column(score, left, now.get(score, 0), was.get(score, 0) if was else None, tallest)
    ]
    right = lefts[HIGHEST] + COLUMN + 8
    drawn.append(f'<line class="axis" x1="0" x2="{right}" y1="{FLOOR}" y2="{FLOOR}"/>')
    for low, high in BANDS:
        total = sum(now.get(score, 0) for score in range(low, high + 1))
        drawn += _grade_under(low, (lefts[low] + lefts[high] + COLUMN) / 2, total)
    return format_html(
        '<svg class="jc-chart jc-chart--sm" viewBox="0 0 420 218" role="img" aria-label="{}">{}</svg>',
        title,
        join(drawn),
    )


def _column_lefts() -> dict[int, int]:
    lefts, x = {}, 8
    for score in range(LOWEST, HIGHEST + 1):
        lefts[score] = x
        x += COLUMN + 4 + (14 if score in GAP_AFTER else 0)
    return lefts


def _column(score: int, left: int, count: int, before: int | None, tallest: int) -> list[str]:
    height = FULL_HEIGHT * count / tallest
    height_before = FULL_HEIGHT * (before or 0) / tallest
    middle = number(left + COLUMN / 2)
    drawn = [
        f'<rect class="{"low" if score <= BANDS[-1][1] else "bar"}" x="{left}" y="{number(FLOOR - height)}" '
        f'width="{COLUMN}" height="{number(height)}"/>'
    ]
    if before is not None:
        y = number(FLOOR - height_before)
        drawn.append(f'<line class="was" x1="{left - 3}" x2="{left + COLUMN + 3}" y1="{y}" y2="{y}"/>')
    number_foot = number(FLOOR - max(height, height_before) - 6)
    drawn.append(f'<text class="m b" x="{middle}" y="{number_foot}">{count}</text>')
    drawn.append(f'<text class="m" x="{middle}" y="{FLOOR + 16}">{score}</text>')
    return drawn


def _grade_under(low: int, middle: float, total: int) -> list[str]:
    words = band_of(low).label.split(" ")
    drawn = [
        f'<text class="m" x="{number(middle)}" y="{FLOOR + 34 + 15 * line}">{escape(word)}</text>'
        for line, word in enumerate(words)
    ]
    return [*drawn, f'<text class="m b" x="{number(middle)}" y="{FLOOR + 65}">{total}</text>']
