"""Days, moments and money of published data."""

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
EARLIEST, LATEST = date(1980, 1, 1), date(2199, 12, 31)  # outside lie 0001-01-01 and 9999-12-31, which mean «none»
MOST_POUNDS: Final = Decimal(10) ** 12

_DAY_ONLY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Fault(ValueError):  # noqa: N818 - the trade speaks of faults in a file
    """A release, or a part of one, that cannot be read; the sentence says why."""


def london_day(text: Any) -> date | None:
    """The day in Europe/London at that moment. None where nothing is given.

    «2025-03-31T23:30:00Z» is 1 April: summer time has begun. A day, or a moment without an offset, is taken as
    written. Raises Fault for what is no date.
    """
    if text in (None, ""):
        return None
    if isinstance(text, str) and _DAY_ONLY.fullmatch(text):
        return _plausible(_parsed(text).date(), text)
    moment = _parsed(text)
    try:
        local = moment.astimezone(LONDON) if moment.tzinfo else moment
    except OverflowError:
        raise Fault(f"\u00ab{text}\u00bb is not a date.") from None
    return _plausible(local.date(), text)


def moment(text: Any) -> datetime:
    """The moment, in London where no offset is given. Raises Fault."""
    parsed = _parsed(text)
    try:
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=LONDON)).astimezone(UTC)
    except OverflowError:
        raise Fault(f"\u00ab{text}\u00bb is not a date.") from None


def _parsed(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except (ValueError, AttributeError):
        raise Fault(f"\u00ab{text}\u00bb is not a date.") from None


def _plausible(day: date, text: Any) -> date:
    if not EARLIEST <= day <= LATEST:
        raise Fault(f"\u00ab{text}\u00bb is not a plausible date.")
    return day


def pounds(value: Any) -> Decimal | None:
    """The amount to the penny. None where none is given; raises Fault with the reason why an amount says nothing."""
    if not isinstance(value, dict) or (value.get("amount") is None and value.get("amountGross") is None):
        return None
    if value.get("amount") is None:
        raise Fault("the value is published with VAT only")
    if value.get("currency", "GBP") != "GBP":
        raise Fault("the value is not in pounds")
    amount = _decimal(value["amount"])
    if amount == 0:
        raise Fault("the published value is \u00a30")
    if amount < 0:
        raise Fault("the published value is less than nothing")
    if amount >= MOST_POUNDS:
        raise Fault("the published value is implausibly large")
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _decimal(amount: Any) -> Decimal:
    if isinstance(amount, bool):
        raise Fault("the published value is not a number")
    try:
        number = Decimal(str(amount))
    except InvalidOperation:
        raise Fault("the published value is not a number") from None
    if not number.is_finite():
        raise Fault("the published value is not a number")
    return number
