"""Risk marks and JET chips. Risk is always a shape and a letter, never colour alone."""

from functools import lru_cache
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from contracts.rules.jet import HIGHEST, LOWEST, SCALES, Jet, band_of

from .svg import hidden, join, number, spoken

NO_VIEW: Final = "none"
"""The risk key of a contract without a current return. It is never counted with green."""

_DASH: Final = "\u2013"
SUFFIX: Final = {"red": "r", "amber": "a", "green": "g", NO_VIEW: "n"}
_WORD: Final = {"red": "Red", "amber": "Amber", "green": "Green", NO_VIEW: "No current view"}
_LETTER: Final = {"red": "R", "amber": "A", "green": "G", NO_VIEW: _DASH}
_SHAPE: Final = {
    "red": '<path d="M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9z"/>',
    "amber": '<path d="M12 .5 23.5 12 12 23.5.5 12z"/>',
    "green": '<circle cx="12" cy="12" r="10.75"/>',
    NO_VIEW: '<rect x="2.5" y="2.5" width="19" height="19" rx="3"/>',
}
BANDS: Final = ((8, 9), (6, 7), (4, 5), (1, 3))
"""Lowest and highest score of each of the four grades, best first."""

GAP_AFTER: Final = (3, 5, 7)
"""Scores after which a grade ends: pips and columns leave a gap there."""


def risk_key(risk: str | None) -> str:
    """«red», «amber», «green», or «none» where nothing is stored. Raises ValueError for any other text."""
    key = str(risk) if risk else NO_VIEW
    if key not in SUFFIX:
        raise ValueError(f"A risk is red, amber, green or none, not {key!r}.")
    return key


# --- Risk ---------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def mark(risk: str | None, *, label: str = "") -> SafeString:
    """The risk's shape with its letter. Silent beside a word; `label` speaks where it stands alone."""
    key = risk_key(risk)
    return join(
        (
            f'<svg class="jc-mark jc-mark--{SUFFIX[key]}" viewBox="0 0 24 24" {spoken(label)} focusable="false">',
            _inside_mark(key),
            "</svg>",
        )
    )


def _inside_mark(key: str) -> str:
    return f'{_SHAPE[key]}<text x="12" y="16.4">{_LETTER[key]}</text>'


def mark_at(key: str, x: float, y: float, size: float) -> str:
    left, top, side = number(x - size / 2), number(y - size / 2), number(size)
    return (
        f'<svg class="jc-mark jc-mark--{SUFFIX[key]}" x="{left}" y="{top}" width="{side}" height="{side}" '
        f'viewBox="0 0 24 24">{_inside_mark(key)}</svg>'
    )


@lru_cache(maxsize=256)
def rag(risk: str | None, *, word: str = "") -> SafeString:
    """The mark and its word, «No current view» where there is no return."""
    key = risk_key(risk)
    return format_html('<span class="jc-rag jc-rag--{}">{}{}</span>', SUFFIX[key], mark(key), word or _WORD[key])


@lru_cache(maxsize=64)
def heat_cell(risk: str | None, *, word: str = "") -> SafeString:
    """A mark with its word for those who listen: the content of one heat-map cell."""
    key = risk_key(risk)
    return join((mark(key), hidden(word or ("Not returned" if key == NO_VIEW else _WORD[key]))))


# --- JET ----------------------------------------------------------------------------------------


def descriptor(score: int) -> str:
    return SCALES[-1].row(score).descriptor


@lru_cache(maxsize=256)
def pips(score: int, *, was: int | None = None) -> SafeString:
    """Nine pips with gaps between the grades; a bar under one of them is last month's score."""
    x, drawn = 0.5, []
    for place in range(LOWEST, HIGHEST + 1):
        lit = ' class="on"' if place <= score else ""
        drawn.append(f'<rect{lit} x="{number(x)}" y="1" width="4.5" height="12"/>')
        if place == was != score:
            drawn.append(f'<rect class="was" x="{number(x - 1)}" y="15" width="6.5" height="2.5"/>')
        x += 9.7 if place in GAP_AFTER else 6.2
    return join(('<svg class="jc-pips" viewBox="0 0 66 14" aria-hidden="true" focusable="false">', *drawn, "</svg>"))


@lru_cache(maxsize=512)
def jet(score: Jet, *, was: Jet = None, words: bool = False, with_pips: bool = True) -> SafeString:
    """The score as a chip, filled in the lowest grade; a dashed chip where nothing was assessed.

    `words` shows the descriptor («Effective»); without it the grade is said to those who listen.
    """
    if not isinstance(score, int):
        return format_html(
            '<span class="jc-jet jc-jet--none">{}<span class="jc-jet__n jc-jet__n--none" aria-hidden="true">{}</span>'
            "<span>Not assessed</span></span>",
            hidden("JET "),
            _DASH,
        )
    grade = band_of(score).label
    return format_html(
        '<span class="jc-jet">{}<span class="jc-jet__n{}">{}</span>{}{}</span>',
        hidden("JET "),
        " jc-jet__n--low" if score <= BANDS[-1][1] else "",
        score,
        pips(score, was=was if isinstance(was, int) else None) if with_pips else "",
        format_html("<span>{}</span>", descriptor(score)) if words else hidden(f"of 9, {grade}"),
    )
