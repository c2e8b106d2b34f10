"""The term of one contract with its options and days, and who pays for it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

from commissioning.rules import long_date
from contracts.choices import NoticeGivenBy
from contracts.drawing import Part, key, stack, track
from contracts.models import Contract, ContractFunding, ExtensionOption
from contracts.rules.early_end import how_it_ends, why_early
from contracts.rules.terms import add_months, notice_by
from contracts.templatetags.marks import money
from reporting.queries.words import counted, length_of, listed

NO_NOTICE_PERIOD: Final = "The notice period is not known"


@dataclass(frozen=True)
class TermItem:
    """The first term or an option, as the list under the track says it."""

    name: str
    text: str
    is_running: bool


@dataclass(frozen=True)
class Term:
    """What the page says of the term; ``months`` is the longest it could last, None where it is not known."""

    track: str
    items: list[TermItem]
    decision: tuple[str, str]
    note: str
    is_late: bool
    months: int | None
    shows_day: bool
    shows_events: bool
    shows_notice: bool

    @property
    def shape(self) -> str:
        """How wide the items stand: three years and two options, or one."""
        return {3: " jc-terms--311", 2: " jc-terms--31"}.get(len(self.items), "")


def term_of(
    contract: Contract, options: list[ExtensionOption], *, day: datetime.date, events: Sequence[datetime.date] = ()
) -> Term:
    """``events`` are the days of the decisions that the track marks."""
    open_options = [option for option in options if option.exercised_on is None]
    noticed = contract.notice_given_on is not None
    decides = contract.decide_by
    is_over = contract.effective_end is not None and contract.effective_end < day
    is_to_start = contract.start is not None and contract.start > day
    return Term(
        track=_track(contract, options, day=day, events=events),
        items=_items(contract, options, day=day),
        decision=_decision(contract, open_options, day=day),
        note="" if noticed or is_over or is_to_start else _note(contract, open_options, day=day),
        is_late=bool(decides and decides < day and not noticed and not is_over),
        months=_longest(contract),
        shows_day=_is_drawn(contract, day),
        shows_events=any(_is_drawn(contract, event) for event in events),
        shows_notice=any(_is_drawn(contract, tick) for tick in _ticks(contract, options)),
    )


def _is_drawn(contract: Contract, day: datetime.date) -> bool:
    """Whether the track, which goes from the start to the latest end, reaches the day."""
    start, end, last = contract.start, contract.effective_end, contract.maximum_end
    return start is not None and end is not None and last is not None and start <= day <= last


def _longest(contract: Contract) -> int | None:
    if contract.start is None or contract.initial_end is None:
        return None
    return _months_of(contract.start, contract.initial_end) + contract.option_months


def _months_of(start: datetime.date, end: datetime.date) -> int:
    """Whole months from the first day to the last, a part counted as one."""
    after = end + datetime.timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    return max(months + (1 if after.day > start.day else 0), 1)


def _option_ends(contract: Contract, options: list[ExtensionOption]) -> list[datetime.date]:
    if contract.initial_end is None:
        return []
    return [
        add_months(contract.initial_end, months)
        for months in accumulate(option.months_that_count for option in options)
    ]


def _notice_days(contract: Contract, options: list[ExtensionOption]) -> list[datetime.date]:
    """The last day to tell the provider, for each option still open."""
    ends = [contract.initial_end, *_option_ends(contract, options)]
    pairs = zip(options, ends, strict=False)
    days = [
        notice_by(effective_end=end, notice_months=contract.notice_months)
        for option, end in pairs
        if option.exercised_on is None
    ]
    return [day for day in days if day is not None]


def _ticks(contract: Contract, options: list[ExtensionOption]) -> list[datetime.date]:
    """Each last day to tell the provider that the track marks; none once notice is given."""
    if contract.notice_given_on is not None or contract.notice_by is None:
        return []
    return _notice_days(contract, options) or [contract.notice_by]


def _track(
    contract: Contract, options: list[ExtensionOption], *, day: datetime.date, events: Sequence[datetime.date]
) -> str:
    end, last = contract.effective_end, contract.maximum_end
    if contract.start is None or end is None or last is None:
        return ""
    noticed = contract.notice_given_on is not None
    later = [option_end for option_end in _option_ends(contract, options) if option_end > end]
    return track(
        span=(contract.start, last),
        start=contract.start,
        end=end,
        option_ends=() if noticed else later,
        decide_by=_ticks(contract, options),
        events=events,
        today=day,
    )


def _items(contract: Contract, options: list[ExtensionOption], *, day: datetime.date) -> list[TermItem]:
    if contract.start is None or contract.initial_end is None:
        return []
    length = _months_of(contract.start, contract.initial_end)
    runs = contract.start <= day <= min(contract.initial_end, contract.effective_end or contract.initial_end)
    month = f" Month {min(_months_of(contract.start, day), length)} of {length}." if runs else ""
    text = f"{long_date(contract.start)} to {long_date(contract.initial_end)}.{month}"
    if cut := _cut(contract, term_end=contract.initial_end, day=day):
        text = f"From {long_date(contract.start)}. {cut}"
    first = TermItem(f"First term, {length_of(length)}", text, runs)
    ends = [contract.initial_end, *_option_ends(contract, options)]
    return [first, *(_option(contract, option, ends, place, day) for place, option in enumerate(options))]


def _option(
    contract: Contract, option: ExtensionOption, ends: list[datetime.date], place: int, day: datetime.date
) -> TermItem:
    start, end = ends[place], ends[place + 1]
    unreached = _unreached(contract, term_end=start, day=day)
    if option.exercised_on:
        verb = "Agreed outside the options" if option.is_outside else "Used: decided"
        decided = f"{verb} on {long_date(option.exercised_on)}."
        cut = "" if unreached else _cut(contract, term_end=end, day=day)
        text = f"{decided} {cut}" if cut else f"To {long_date(end)}. {decided}{unreached}"
        return TermItem(_option_name(option), text, start < day <= min(end, contract.effective_end or end))
    if unreached:
        return TermItem(_option_name(option), f"Not used.{unreached}", is_running=False)
    tell = _tell(contract, term_end=start)
    after = " After this a new procurement is needed." if place + 2 == len(ends) else ""
    return TermItem(_option_name(option), f"To {long_date(end)}.{tell}{after}", is_running=False)


def _cut(contract: Contract, *, term_end: datetime.date, day: datetime.date) -> str:
    """How the contract ends within a term that was to last longer; empty where it does not."""
    end, given_on = contract.effective_end, contract.notice_given_on
    if end is None or given_on is None or end >= term_end:
        return ""
    return f"{how_it_ends(contract.notice_kind, given_on=given_on, ends_on=end, day=day)}."


def _unreached(contract: Contract, *, term_end: datetime.date, day: datetime.date) -> str:
    """That nothing comes after the term any more: the contract is over by then, or notice or an early end says so."""
    end = contract.effective_end
    is_over = end is not None and end < day
    if end is None or end > term_end or (contract.notice_given_on is None and not is_over):
        return ""
    return f" The contract {'ended' if is_over else 'ends'} on {long_date(end)}."


def _option_name(option: ExtensionOption) -> str:
    """«Option 1, 12 months»; «Option 1, 6 of 12 months» where it was used for fewer."""
    name = "Extension" if option.is_outside else f"Option {option.position}"
    if option.used_months is not None and option.used_months < option.months:
        return f"{name}, {option.used_months} of {counted(option.months, 'month')}"
    return f"{name}, {length_of(option.months)}"


def _tell(contract: Contract, *, term_end: datetime.date) -> str:
    """By when the provider must hear of an option; empty while the notice period is not known."""
    last_day = notice_by(effective_end=term_end, notice_months=contract.notice_months)
    if last_day is None or contract.notice_months is None:
        return ""
    return f" Tell the provider by {long_date(last_day)} ({counted(contract.notice_months, 'month')} of notice)."


def _decision(contract: Contract, open_options: list[ExtensionOption], *, day: datetime.date) -> tuple[str, str]:
    """(what must be decided, by when) of the strip."""
    if contract.effective_end is None:
        return "Not known", "The end of the term is not known"
    why = why_early(contract.notice_kind)
    if contract.effective_end < day:
        ended = f"On {long_date(contract.effective_end)}"
        return ("Ended early", f"{ended}, {why}") if why else ("Ended", ended)
    if contract.notice_given_on is not None:
        if why:
            return f"Ends {long_date(contract.effective_end)}", f"Early, {why}: {long_date(contract.notice_given_on)}"
        by = NoticeGivenBy(contract.notice_given_by).label.lower()
        given = f"Notice given on {long_date(contract.notice_given_on)}, {by}"
        return f"Ends {long_date(contract.effective_end)}", given
    if contract.start is None:
        return "Not started", "The start is not known"
    if contract.start > day:
        return f"Starts {long_date(contract.start)}", f"In {counted((contract.start - day).days, 'day')}"
    question = f"Option {open_options[0].position}: extend?" if open_options else "Re-tender or end?"
    return question, _by_when(contract.decide_by, day)


def _by_when(decide_by: datetime.date | None, day: datetime.date) -> str:
    if decide_by is None:
        return NO_NOTICE_PERIOD
    days = (decide_by - day).days
    left = counted(abs(days), "day")
    return f"By {long_date(decide_by)}, {left}" if days >= 0 else f"Was due by {long_date(decide_by)}, {left} late"


def _note(contract: Contract, open_options: list[ExtensionOption], *, day: datetime.date) -> str:
    """The sentence under the terms: the days to decide and to give notice."""
    if contract.effective_end is None:
        return ""
    if contract.decide_by is None or contract.notice_by is None:
        return f"{NO_NOTICE_PERIOD}, so the days to decide and to give notice are not known."
    days = (contract.decide_by - day).days
    about = f"option {open_options[0].position}" if open_options else "what follows"
    late = "late " if days < 0 else ""
    first = f"{counted(abs(days), 'day')} {late}to decide {about}."
    if contract.decide_by == contract.notice_by:
        return f"{first} {long_date(contract.notice_by)} is the last day to decide and to give notice."
    return (
        f"{first} Decide by {long_date(contract.decide_by)}; the last day to give notice is"
        f" {long_date(contract.notice_by)}."
    )


# Money


@dataclass(frozen=True)
class MoneyRow:
    """One partner's share."""

    key: str
    name: str
    annual: str
    share: str
    whole_life: str


@dataclass(frozen=True)
class Money:
    """Who pays; no rows where no split is recorded."""

    bar: str
    rows: list[MoneyRow]
    annual: str
    whole_life: str


def money_of(contract: Contract, funding: list[ContractFunding]) -> Money:
    """Shares total the value: the database holds that."""
    total = sum((row.annual_amount for row in funding), Decimal(0))
    whole_life = sum((row.whole_life_amount for row in funding), Decimal(0))
    fills = [f"p{min(place, 4)}" for place in range(1, len(funding) + 1)]
    rows: list[tuple[str, Any]] = list(zip(fills, funding, strict=True))
    words = listed(f"{row.organisation.name} {_percent(row.annual_amount, total)}" for _, row in rows)
    return Money(
        bar=stack([Part(fill, float(row.annual_amount)) for fill, row in rows], label=words) if total else "",
        rows=[
            MoneyRow(
                key(fill),
                row.organisation.name,
                money(row.annual_amount),
                _percent(row.annual_amount, total),
                money(row.whole_life_amount),
            )
            for fill, row in rows
        ],
        annual=money(total),
        whole_life=money(whole_life),
    )


def _percent(amount: Decimal, total: Decimal) -> str:
    return f"{100 * amount / total:.0f}%" if total else ""
