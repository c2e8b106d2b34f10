"""The long parts of the register, written as text: half of a page's time went into their hundreds of small nodes."""

from collections.abc import Iterable
from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

from reporting.queries.register import RegisterRow
from reporting.queries.register_columns import Cell, Column
from reporting.queries.register_panel import Choice

register = template.Library()

SHORT = 16
"""A quieter line with fewer signs stays whole."""


@register.simple_tag
def register_rows(rows: Iterable[RegisterRow], is_standard: bool) -> SafeString:
    """{% register_rows page.rows page.chosen.is_standard %}"""
    return SafeString("\n".join(_row(row, is_standard) for row in rows))


def _row(row: RegisterRow, is_standard: bool) -> str:
    mark = f" {_lock()}" if row.is_restricted else ""
    below = "".join(f'<span class="jc-sub">{escape(words)}</span>' for words in (row.providers, row.unit) if words)
    head = f'<a class="govuk-link" href="{escape(row.url)}">{escape(row.title)}</a>{mark}{below}'
    cells = "".join(f"{_opening(column, is_standard)}{_cell(cell)}</td>" for column, cell in row.cells)
    return f'<tr><th scope="row">{head}</th>{cells}</tr>'


@cache
def _lock() -> str:
    return render_to_string("components/lock.html", {"who": "Restricted"})


@cache
def _opening(column: Column, is_standard: bool) -> str:
    """How every cell of the column begins; columns hide on small screens only where they are the usual ones."""
    classes = [
        *(["jc-num"] if column.is_number else []),
        *(["jc-nowrap"] if column.stays_whole else []),
        *([column.hides] if is_standard and column.hides else []),
    ]
    named = f' class="{" ".join(classes)}"' if classes else ""
    return f'<td{named} data-label="{escape(column.heading)}">'


def _cell(cell: Cell) -> str:
    if not cell.text and not cell.sub:
        return ""
    if not cell.sub:
        return f"<span>{conditional_escape(cell.text)}</span>"
    whole = " jc-nowrap" if len(cell.sub) < SHORT else ""
    below = f'<span class="jc-sub{whole}">{conditional_escape(cell.sub)}</span>'
    return f"<span>{conditional_escape(cell.text)}{below}</span>"


@register.simple_tag
def ticks(name: str, choices: Iterable[Choice], first: int = 1) -> SafeString:
    """{% ticks group.name group.shown %}: ``first`` numbers their ids."""
    return SafeString("".join(_tick(name, choice, f"{name}-{place}") for place, choice in enumerate(choices, first)))


def _tick(name: str, choice: Choice, place: str) -> str:
    ticked = " checked" if choice.is_ticked else ""
    count = f"<span>{choice.count}</span>" if choice.count is not None else ""
    value = f'id="{place}" name="{name}" value="{escape(choice.value)}"{ticked}'
    label = f"<span>{conditional_escape(choice.label)}</span>{count}"
    return f'<div class="jc-tick"><label for="{place}"><input type="checkbox" {value}>{label}</label></div>'
