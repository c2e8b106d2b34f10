"""The term of a contract: its ends, notice dates, options and status.

A month is a calendar month (Interpretation Act 1978, section 5 and Schedule 1). A term that ends on the last day of a
month goes on to end on the last day of a month; on any other day the corresponding date counts, or the last day of a
month too short to have it (Dodds v Walker [1981] 1 WLR 1027 for the corresponding date; the first half is how the
«three years with an option to extend for two 12 month periods» of Lincolnshire County Council, Children and Young
People Scrutiny Committee, 12 September 2014, are counted by those who write 31 March or 28 February as an end).

A day that is not known stays unknown in every function: nothing is ever guessed.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from commissioning.rules import long_date

from ..choices import ContractStatus

MOST_MONTHS: Final = 600
"""The longest option or notice period that is taken for real: fifty years."""


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def add_months(day: date, months: int) -> date:
    """The day so many calendar months later, or earlier; the last of a month gives the last of a month.

    Adding twice is not adding the sum: 30 January and 1 month is 28 February, the last of its month, and another is
    31 March. So months are summed first and added once.
    """
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month_index + 1
    last = _last_day(year, month)
    is_last_of_month = day.day == _last_day(day.year, day.month)
    return date(year, month, last if is_last_of_month else min(day.day, last))


def _end_after(initial_end: date | None, months: int | None, ended_early_on: date | None) -> date | None:
    """The earlier of the two ends; where only one is known, that one (as LEAST does in PostgreSQL)."""
    by_term = None if initial_end is None or months is None else add_months(initial_end, months)
    known = [end for end in (by_term, ended_early_on) if end is not None]
    return min(known, default=None)


def effective_end(
    *, initial_end: date | None, exercised_months: int | None, ended_early_on: date | None = None
) -> date | None:
    """The last day of the contract as it now stands: the months of the exercised options, summed, added once.

    An early end can only shorten the contract.
    """
    return _end_after(initial_end, exercised_months, ended_early_on)


def maximum_end(
    *, initial_end: date | None, option_months_total: int | None, ended_early_on: date | None = None
) -> date | None:
    """The last day that the contract could have if every option were exercised."""
    return _end_after(initial_end, option_months_total, ended_early_on)


def notice_by(*, effective_end: date | None, notice_months: int | None) -> date | None:
    """The last day on which notice still covers the whole notice period; it follows the extended end."""
    if effective_end is None or notice_months is None:
        return None
    return add_months(effective_end, -notice_months)


def short_notice(*, given_on: date, ends_on: date, notice_months: int | None) -> str | None:
    """The sentence for notice that leaves less than the notice period: to be asked about, not refused."""
    if notice_months is None or add_months(given_on, notice_months) <= ends_on:
        return None
    months = "1 month" if notice_months == 1 else f"{notice_months} months"
    return (
        f"The notice period is {months}: notice given on {long_date(given_on)} covers it only from "
        f"{long_date(add_months(given_on, notice_months))}."
    )


def decide_by(*, notice_by: date | None, lead_days: int | None) -> date | None:
    """The day by which boards must have decided, so many calendar days before notice is due."""
    if notice_by is None or lead_days is None:
        return None
    return notice_by - timedelta(days=lead_days)


def before_start(on: date, *, start: date | None, today: date) -> str | None:
    """The sentence for a day on which a contract that has started had not; none while it is still to start."""
    if start is None or start > today or on >= start:
        return None
    return f"The contract started on {long_date(start)}: give that day or a later one."


def lasts_a_year(*, start: date | None, end: date | None) -> bool:
    """Whether it is known to last for twelve months or longer, both days included."""
    return start is not None and end is not None and add_months(start, 12) - timedelta(days=1) <= end


def status_on(
    day: date, *, start: date | None, effective_end: date | None, notice_given_on: date | None
) -> ContractStatus:
    """The status at the end of a day. The last day of the contract belongs to it."""
    if effective_end is not None and effective_end < day:
        return ContractStatus.ENDED
    if start is None or start > day:
        return ContractStatus.BEING_PROCURED
    if notice_given_on is not None and notice_given_on <= day:
        return ContractStatus.NOTICE_GIVEN
    return ContractStatus.CURRENT


# Options to extend


@dataclass(frozen=True)
class ExtensionOption:
    """One option to extend, numbered from 1 in the order in which the contract grants them.

    ``months`` are those that count: of an option exercised for fewer than it grants, those used; the rest lapses.
    """

    number: int
    months: int
    exercised_on: date | None = None


def _in_order(options: Sequence[ExtensionOption]) -> list[ExtensionOption]:
    return sorted(options, key=lambda option: option.number)


def _list_error(options: Sequence[ExtensionOption]) -> str | None:
    if [option.number for option in options] != list(range(1, len(options) + 1)):
        return "Options are numbered 1, 2, 3 and so on, each number once."
    for option in options:
        if option.months < 1:
            return f"Option {option.number} must be for at least 1 month."
    return None


def _extended_end(initial_end: date, earlier: Sequence[ExtensionOption]) -> date:
    return add_months(initial_end, sum(option.months for option in earlier))


def _order_error(option: ExtensionOption, previous: ExtensionOption | None) -> str | None:
    if previous is None or option.exercised_on is None:
        return None
    if previous.exercised_on is None:
        return f"Option {option.number} can be exercised only after option {previous.number}."
    if option.exercised_on < previous.exercised_on:
        return (
            f"Option {option.number} cannot be exercised on {long_date(option.exercised_on)}, before option "
            f"{previous.number}, which was exercised on {long_date(previous.exercised_on)}."
        )
    return None


def _lateness_error(option: ExtensionOption, ends: date | None) -> str | None:
    if ends is None or option.exercised_on is None or option.exercised_on <= ends:
        return None
    return (
        f"Option {option.number} cannot be exercised on {long_date(option.exercised_on)}: "
        f"the contract ended on {long_date(ends)}."
    )


def _maximum_error(option: ExtensionOption, new_end: date, maximum: date | None) -> str | None:
    if maximum is None or new_end <= maximum:
        return None
    return (
        f"Option {option.number} would take the contract to {long_date(new_end)}, "
        f"past its latest possible end of {long_date(maximum)}."
    )


def _exercise_error(
    option: ExtensionOption,
    earlier: Sequence[ExtensionOption],
    *,
    initial_end: date,
    ended_early_on: date | None,
    maximum: date | None,
) -> str | None:
    return (
        _order_error(option, earlier[-1] if earlier else None)
        or _lateness_error(option, _extended_end(initial_end, earlier))
        or _lateness_error(option, ended_early_on)
        or _maximum_error(option, _extended_end(initial_end, [*earlier, option]), maximum)
    )


def options_error(
    options: Sequence[ExtensionOption],
    *,
    initial_end: date | None,
    ended_early_on: date | None = None,
    maximum: date | None = None,
) -> str | None:
    """The first thing wrong with a contract's options as exercised, as a sentence, else None.

    An option follows the one before it, is exercised no later than the end it extends, and never takes the contract
    past `maximum`, where the contract names a latest end of its own. To ask whether an option may be exercised,
    ask about the list as it would then be.
    """
    ordered = _in_order(options)
    if error := _list_error(ordered):
        return error
    for index, option in enumerate(ordered):
        if option.exercised_on is None:
            continue
        if initial_end is None:
            return f"Option {option.number} cannot be exercised while the initial end of the contract is not known."
        error = _exercise_error(
            option, ordered[:index], initial_end=initial_end, ended_early_on=ended_early_on, maximum=maximum
        )
        if error:
            return error
    return None


def late_exercise(*, on: date, last_day: date | None) -> str | None:
    """The sentence for an option exercised after the last day to tell the provider: late, yet not refused."""
    if last_day is None or on <= last_day:
        return None
    days = (on - last_day).days
    late = "1 day" if days == 1 else f"{days} days"
    return f"This option is exercised {late} after the last day to tell the provider ({long_date(last_day)})."


def months_error(months: int, *, granted: int, number: int) -> str | None:
    """The sentence for using more of an option than it grants, or nothing of it."""
    if 1 <= months <= granted:
        return None
    most = "1 month" if granted == 1 else f"{granted} months"
    return f"Option {number} grants up to {most}: use at least 1 month and no more than it grants."
