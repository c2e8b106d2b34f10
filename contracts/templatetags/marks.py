"""The drawings and the wording of money and dates, for templates: `{% load marks %}`."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.safestring import SafeString

from commissioning.rules import MONTH_NAMES, long_date
from contracts import drawing
from contracts.rules.jet import Jet

register = template.Library()

MILLION = 1_000_000
THOUSAND = 1_000

# --- Drawings -----------------------------------------------------------------------------------


@register.simple_tag
def mark(risk: str | None, label: str = "") -> SafeString:
    """{% mark "red" %} beside a word, {% mark risk label="Red" %} alone."""
    return drawing.mark(risk or None, label=label)


@register.simple_tag
def rag(risk: str | None, word: str = "") -> SafeString:
    """{% rag row.risk %}, {% rag None word="Not returned" %}"""
    return drawing.rag(risk or None, word=word)


@register.simple_tag
def jet(score: Jet, was: Jet = None, words: bool = False, pips: bool = True) -> SafeString:
    """{% jet row.jet was=row.jet_before words=True %}"""
    return drawing.jet(score, was=was, words=words, with_pips=pips)


@register.simple_tag
def spark(
    values: Iterable[float | Jet], low: float = 1, high: float = 9, middle: float = 5.5, label: str = ""
) -> SafeString:
    """{% spark row.jet_history label="JET from 4 to 6 over 12 months" %}"""
    return drawing.spark(values, low=low, high=high, middle=middle, label=label)


@register.simple_tag
def key(kind: str) -> SafeString:
    return drawing.key(kind)


# --- Money --------------------------------------------------------------------------------------


@register.filter
def money(pounds: Decimal | int | None, places: int = 2) -> str:
    """Short: £6.40m, £32.0m, £412k, £9,500; «:1» gives one decimal to totals under ten million. Unknown is empty."""
    if pounds is None or pounds == "":
        return ""
    amount = Decimal(pounds)
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    if _rounded(size, THOUSAND) >= MILLION:
        decimals = 1 if _rounded(size, MILLION // 100) >= 10 * MILLION else int(places)
        return f"{sign}£{_rounded(size, MILLION // 10**decimals) / MILLION:,.{decimals}f}m"
    if size >= 10 * THOUSAND:
        return f"{sign}£{_rounded(size, THOUSAND) / THOUSAND:,.0f}k"
    return f"{sign}£{_rounded(size, 1):,.0f}"


def _rounded(amount: Decimal, step: int) -> Decimal:
    """To the nearest step of pounds, halves up as people round money."""
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


@register.filter
def pounds(amount: Decimal | int | None) -> str:
    """Exact: £1,234.50, and £1,234 where there are no pence. Unknown is empty."""
    if amount is None or amount == "":
        return ""
    exact = Decimal(amount)
    pence = 0 if exact == exact.to_integral_value() else 2
    return f"{'-' if exact < 0 else ''}£{abs(exact):,.{pence}f}"


# --- Dates --------------------------------------------------------------------------------------


def _day(value: date | datetime) -> date:
    """The day in Europe/London: an hour before midnight in UTC may be tomorrow here."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def longdate(value: date | None) -> str:
    """7 November 2014; empty where there is none."""
    if not value:
        return ""
    return long_date(_day(value))


@register.filter
def shortdate(value: date | None) -> str:
    """7 Nov 2014, for tables."""
    if not value:
        return ""
    day = _day(value)
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]} {day.year}"


@register.filter
def monthname(value: date | None) -> str:
    """October 2014."""
    if not value:
        return ""
    day = _day(value)
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"


@register.filter
def clocktime(value: datetime | None) -> str:
    """9:31am, in Europe/London."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"


# --- Pages --------------------------------------------------------------------------------------


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """The numbers of a pagination: first, last and those beside this one, with an ellipsis between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
