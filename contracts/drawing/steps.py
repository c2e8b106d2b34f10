"""How far a few steps are: one small square each, with what it says in words for those who listen."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from .svg import join, number, spoken

_SIDE = 12
_GAP = 4
_DONE, _HALF, _LEFT_OUT = "done", "under_way", "not_needed"


def steps(states: Sequence[str], *, label: str = "") -> SafeString:
    """Filled where done, half where under way, a dash where not needed, empty where nothing is begun."""
    width = len(states) * (_SIDE + _GAP) - _GAP + 1
    drawn = [part for place, state in enumerate(states) for part in _step(state, 0.5 + place * (_SIDE + _GAP))]
    opening = f'<svg class="jc-steps" viewBox="0 0 {width} 14" {spoken(label)} focusable="false">'
    return join((opening, *drawn, "</svg>"))


def _step(state: str, x: float) -> list[str]:
    left = number(x)
    if state == _LEFT_OUT:
        return [f'<line x1="{left}" x2="{number(x + _SIDE)}" y1="7" y2="7"/>']
    if state == _DONE:
        return [f'<rect class="on" x="{left}" y="1" width="{_SIDE}" height="12"/>']
    box = f'<rect x="{left}" y="1" width="{_SIDE}" height="12"/>'
    half = [f'<rect class="on" x="{left}" y="7" width="{_SIDE}" height="6"/>'] if state == _HALF else []
    return [box, *half]
