"""What every drawing is made with."""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def join(parts: Iterable[str]) -> SafeString:
    """Markup from numbers, fixed text and text that is escaped already: nothing else may be passed."""
    return mark_safe("".join(parts))  # noqa: S308


def number(value: float) -> str:
    """At most one decimal place, and no «.0»: half the bytes of a chart are coordinates."""
    return f"{value:.1f}".removesuffix(".0")


def hidden(text: str) -> SafeString:
    return format_html('<span class="govuk-visually-hidden">{}</span>', text)


def spoken(label: str) -> SafeString:
    """An image with a name, or silent where the words stand beside it."""
    return format_html('role="img" aria-label="{}"', label) if label else join(['aria-hidden="true"'])
