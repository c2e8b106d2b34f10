"""Bars and lines small enough for a table cell: sparkline, parts of a whole, the track of a contract's terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby, pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString

from contracts.rules.jet import HIGHEST, LOWEST, Jet, NotAssessed

from .marks import SUFFIX
from .svg import join, number, spoken


def runs(values: Sequence[float | None]) -> list[list[int]]:
    """The places of values that follow one another without a gap."""
    places = groupby(range(len(values)), key=lambda place: values[place] is not None)
    return [list(run) for has_value, run in places if has_value]


def polylines(points: Mapping[int, tuple[float, float]], stretches: list[list[int]], attributes: str = "") -> list[str]:
    """A line breaks where a month is missing: joining over it would invent a value."""
    return [
        f'<polyline{attributes} points="{" ".join(_pair(*points[place]) for place in run)}"/>'
        for run in stretches
        if len(run) > 1
    ]


def _pair(x: float, y: float) -> str:
    return f"{number(x)},{number(y)}"


@lru_cache(maxsize=2048)
def _spark(values: tuple[float | None, ...], low: float, high: float, middle: float, label: str) -> SafeString:
    step = 80 / max(len(values) - 1, 1)

    def height(value: float) -> float:
        return 20 - (value - low) / (high - low) * 18

    points = {i: (2 + i * step, height(value)) for i, value in enumerate(values) if value is not None}
    line = number(height(middle))
    drawn = [f'<line x1="0" x2="84" y1="{line}" y2="{line}"/>', *polylines(points, runs(values))]
    if points:
        x, y = points[max(points)]
        drawn.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="3.5"/>')
    return join((f'<svg class="jc-spark" viewBox="0 0 84 22" {spoken(label)} focusable="false">', *drawn, "</svg>"))


def spark(
    values: Iterable[float | Jet],
    *,
    low: float = LOWEST,
    high: float = HIGHEST,
    middle: float = 5.5,
    label: str = "",
) -> SafeString:
    """A small line, oldest first, with a dot on the latest value. `middle` is the target, or the foot of «good»."""
    known = tuple(None if isinstance(value, NotAssessed) else value for value in values)
    return _spark(known, low, high, middle, label)


@dataclass(frozen=True)
class Part:
    """One part of a whole: `kind` is a risk or p1 to p4 (partners, darkest first)."""

    kind: str
    value: float


def _fill(kind: str) -> str:
    return SUFFIX.get(kind, kind)


def stack(parts: Iterable[Part], *, label: str) -> SafeString:
    """A bar of parts in proportion. `label` says the figures; the table under the bar holds them."""
    parts = [part for part in parts if part.value > 0]
    total = sum(float(part.value) for part in parts)
    x, drawn = 0.0, []
    for part in parts:
        width = float(part.value) / total * 1000
        drawn.append(
            format_html(
                '<rect class="{}" x="{}" width="{}" height="10"/>',
                _fill(part.kind),
                number(x),
                number(max(width - 2, 1)),
            )
        )
        x += width
    return format_html(
        '<svg class="jc-stack" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        label,
        join(drawn),
    )


@lru_cache(maxsize=64)
def key(kind: str) -> SafeString:
    """The square beside a word that explains a bar's fill."""
    return format_html(
        '<svg class="jc-key" viewBox="0 0 10 10" aria-hidden="true" focusable="false">'
        '<rect class="{}" width="10" height="10"/></svg>',
        _fill(kind),
    )


def _month_after(day: date, months: int) -> date:
    """The first day of the month that many months later."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def track(
    *,
    span: tuple[date, date],
    start: date | None,
    end: date | None,
    option_ends: Sequence[date] = (),
    decide_by: Sequence[date] = (),
    events: Sequence[date] = (),
    today: date | None = None,
) -> SafeString:
    """Term, options to extend, days to decide by, decisions taken and today; nothing is drawn outside the span.

    A term without a known start begins at the left edge. `option_ends` are in order, each term running from the end
    before it. Silent: the table row says the dates in words.
    """
    first, last = span
    days = max((last - first).days, 1)

    def place(day: date) -> float:
        return min(max((day - first).days / days, 0), 1) * 1000

    drawn = [_vertical("grid", place(day), 0, 10) for day in _half_years(first, last)]
    if end is not None:
        drawn += _bar("term", place(start or first), place(end), gap=0)
        edges = [end, *option_ends]
        for begins, ends in pairwise(edges):
            drawn += _bar("opt", place(begins), place(ends), gap=3)
    for day in decide_by:
        if first <= day <= last:
            drawn += [_vertical("by", place(day), 1, 9), _vertical("by-in", place(day), 1.6, 8.4)]
    drawn += [_vertical("ev", place(day), 7.5, 10) for day in events if first <= day <= last]
    if today is not None and first <= today <= last:
        drawn.append(_vertical("now", place(today), 0, 10))
    opening = '<svg class="jc-track" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" '
    return join((opening, 'focusable="false">', *drawn, "</svg>"))


def _half_years(first: date, last: date) -> list[date]:
    days = [_month_after(first, months) for months in range(0, (last.year - first.year + 1) * 12 + 1, 6)]
    return [day for day in days if first <= day <= last]


def _vertical(kind: str, x: float, top: float, foot: float) -> str:
    return f'<line class="{kind}" x1="{number(x)}" x2="{number(x)}" y1="{number(top)}" y2="{number(foot)}"/>'


def _bar(kind: str, left: float, right: float, *, gap: float) -> list[str]:
    if right - left < gap + 0.1:  # thinner than a coordinate can say
        return []
    return [f'<rect class="{kind}" x="{number(left + gap)}" y="3" width="{number(right - left - gap)}" height="4"/>']
