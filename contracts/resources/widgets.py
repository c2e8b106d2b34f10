"""How one cell is read and written. What cannot be read is refused in a sentence that a person understands.

Every ``clean`` raises ValueError with that sentence; an empty cell is None (or an empty text or list).
"""

import datetime
import difflib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from import_export.widgets import Widget

from commissioning.rules import MONTH_NAMES
from contracts.rules.terms import MOST_MONTHS

JOINER: Final = " | "
EXACT_FLOAT: Final = 10**15
"""A spreadsheet keeps 15 digits of a number; a longer one has already lost its end."""

_SPLIT: Final = re.compile(r"(?<!\\)\|")


_ERRORS: Final = {
    "#DIV/0!": "a division by nothing",
    "#N/A": "a value that is not there",
    "#NAME?": "a name that Excel does not know",
    "#NULL!": "ranges that do not meet",
    "#NUM!": "a number that cannot be worked out",
    "#REF!": "a cell that is no longer there",
    "#VALUE!": "a value of the wrong kind",
}


@dataclass(frozen=True)
class UnreadCell:
    """A cell that holds something and has no value, with the sentence that says so."""

    sentence: str

    @classmethod
    def uncalculated(cls) -> "UnreadCell":
        return cls("This holds a formula without a result. Open the file in Excel, save it, and upload it again.")

    @classmethod
    def error(cls, code: str) -> "UnreadCell":
        meaning = f", {_ERRORS[code]}" if code in _ERRORS else ""
        return cls(f"This holds the error {code or '#ERROR'}{meaning}. Mend its formula, or type the value itself.")


def as_text(value: Any) -> str:
    """A cell as text, with the line ends of one kind and no space around it."""
    if value is None:
        return ""
    if isinstance(value, UnreadCell):
        raise ValueError(value.sentence)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if math.isfinite(value) and abs(value) >= EXACT_FLOAT:
            raise ValueError(
                f"{value:.0f} is longer than a spreadsheet can keep as a number. Format the column as text and type "
                "it again."
            )
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d") if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return plain_text(str(value))


def plain_text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def split_list(text: str) -> list[str]:
    """The places of a cell with several; an empty place stays, a cell with nothing has none."""
    if not text:
        return []
    return [place.strip().replace("\\|", "|") for place in _SPLIT.split(text)]


def join_list(places: list[str]) -> str:
    return JOINER.join(place.replace("|", "\\|") for place in places)


class TextWidget(Widget):
    def __init__(self, *, most: int | None = None, needed: str = "") -> None:
        super().__init__()
        self.most = most
        self.needed = needed

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = as_text(value)
        if self.needed and not text:
            raise ValueError(self.needed)
        if "\x00" in text:
            raise ValueError("The text holds a character that cannot be kept.")
        if self.most is not None and len(text) > self.most:
            raise ValueError(f"The text has {len(text)} characters; at most {self.most} can be kept.")
        return text


class ChoiceWidget(Widget):
    """A label of a list (or its stored code), whatever its case and spacing."""

    def __init__(self, choices: type[TextChoices]) -> None:
        super().__init__()
        self.labels = {str(choice): str(choice.label) for choice in choices}
        self.codes = {_loose(word): code for code, label in self.labels.items() for word in (code, label)}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = as_text(value)
        if not text:
            return ""
        code = self.codes.get(_loose(text))
        if code is None:
            raise ValueError(self._refusal(text))
        return code

    def _refusal(self, text: str) -> str:
        close = difflib.get_close_matches(_loose(text), self.codes, n=1, cutoff=0.7)
        if close:
            return f"«{text}» is not on the list. Did you mean «{self.labels[self.codes[close[0]]]}»?"
        return f"«{text}» is not on the list: {', '.join(self.labels.values())}."

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(value or "", "")


def _loose(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


_MONEY: Final = re.compile(r"£?\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?")
_ABBREVIATED: Final = re.compile(r"£?\s?[\d.,]+\s?(k|m|bn|million|thousand)\b", re.IGNORECASE)
_WHOLE_POUNDS: Final = 12


class MoneyWidget(Widget):
    """Pounds and whole pence, never less than nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        if isinstance(value, float) and math.isfinite(value):
            return _from_number(value)
        return read_money(as_text(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


def _from_number(value: float) -> Decimal:
    if value < 0:
        raise ValueError(f"{value:g} is less than nothing.")
    if value >= 10**_WHOLE_POUNDS:
        raise ValueError(f"{value:.0f} is more than can be kept.")
    pence = round(value * 100)
    if abs(value * 100 - pence) > 1e-4 * max(1.0, value / 10**6):
        raise ValueError(f"{value} has parts of a penny.")
    return Decimal(pence).scaleb(-2)


def read_money(text: str) -> Decimal | None:
    """«£1,250.00», «1250»; raises ValueError for all else."""
    if not text:
        return None
    if re.fullmatch(r"-.*\d.*|\(.*\d.*\)|£\s?-.*\d.*", text):
        raise ValueError(f"{text} is less than nothing.")
    found = _MONEY.fullmatch(text)
    if found is None:
        if _ABBREVIATED.fullmatch(text):
            raise ValueError(f"{text} is not an amount in full. Write it out, such as 1200000 or £1,200,000.")
        raise ValueError(f"{text} is not an amount in pounds, such as 1250 or £1,250.00.")
    whole = found[1].replace(",", "")
    if len(whole) > _WHOLE_POUNDS:
        raise ValueError(f"{text} is more than can be kept.")
    return Decimal(whole + (found[2] or "")).quantize(Decimal("0.01"))


_NUMBERED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NAMED: Final = re.compile(r"(\d{1,2})\s+([A-Za-z]+)\.?,?\s+(\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTHS: Final = {
    name: number
    for number, full in enumerate(MONTH_NAMES, start=1)
    for name in {full.casefold(), full[:3].casefold(), "sept" if full == "September" else full.casefold()}
}
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


class DateWidget(Widget):
    """The day first, the year whole; an ISO date; or a real date cell. Nothing is guessed."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime.date | None:
        if isinstance(value, datetime.datetime):
            if value.time() != datetime.time():
                raise ValueError(f"{value:%d/%m/%Y %H:%M} has a time of day. Give the date alone.")
            return _in_range(value.date(), as_text(value))
        if isinstance(value, datetime.date):
            return _in_range(value, as_text(value))
        if isinstance(value, float | int) and not isinstance(value, bool):
            raise ValueError(f"{as_text(value)} is a number, not a date. Format the cell as a date.")
        return read_date(as_text(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


def read_date(text: str) -> datetime.date | None:
    """Raises ValueError for what is no date: never one near it."""
    if not text:
        return None
    parts = _parts(text)
    if parts is None:
        raise ValueError(f"{text} is not a date. {_date_advice(text)}")
    try:
        day = datetime.date(*parts)
    except ValueError:
        raise ValueError(f"{text} is not a date.") from None
    return _in_range(day, text)


def _parts(text: str) -> tuple[int, int, int] | None:
    if found := _NUMBERED.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _ISO.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := _NAMED.fullmatch(text)) and found[2].casefold() in _MONTHS:
        return int(found[3]), _MONTHS[found[2].casefold()], int(found[1])
    return None


def _date_advice(text: str) -> str:
    if re.fullmatch(r"\d{1,2}\W\d{1,2}\W\d{2}", text):
        return "Write the year in full, such as 31/03/2015."
    return "Write it as 31/03/2015, 31 March 2015 or 2015-03-31."


def _in_range(day: datetime.date, text: str) -> datetime.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{text} is not a date between {FIRST_YEAR} and {LAST_YEAR}.")
    return day


class MonthsWidget(Widget):
    """A whole number of months."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        return read_months(as_text(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


def read_months(text: str) -> int | None:
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,5})(?: ?months?)?", text, re.IGNORECASE)
    if found is None:
        raise ValueError(f"{text} is not a whole number of months.")
    if int(found[1]) > MOST_MONTHS:
        raise ValueError(f"{text} is more than {MOST_MONTHS} months.")
    return int(found[1])


def read_email(text: str) -> str | None:
    """An address, compared without case. Whose it is, is asked elsewhere."""
    if not text:
        return None
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(f"«{text}» is not an e-mail address.") from None
    return text.casefold()


class EmailWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        return read_email(as_text(value))


class ListWidget(Widget):
    """Several in one cell. `read` reads one place and is given None for none; `write` writes one."""

    def __init__(
        self, read: Callable[[str], Any], write: Callable[[Any], str], *, keeps_empty_places: bool = False
    ) -> None:
        super().__init__()
        self.read = read
        self.write = write
        self.keeps_empty_places = keeps_empty_places

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> tuple[Any, ...]:
        places = [self.read(place) for place in split_list(as_text(value))]
        if not self.keeps_empty_places:
            return tuple(place for place in places if place is not None)
        while places and places[-1] is None:
            places.pop()
        return tuple(places)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if not value:
            return ""
        places = ["" if place is None else self.write(place) for place in value]
        return join_list(places) if any(places) else ""
