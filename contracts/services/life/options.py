"""Extensions: an option exercised, whole or in part, and an extension outside the options."""

import datetime

from django.core.exceptions import ValidationError

from accounts.acts import act
from accounts.models import User
from contracts.choices import DutyCause, LifeEventKind
from contracts.models import ChangeGround, Contract, ExtensionOption
from contracts.rules import terms
from contracts.services.life.days import not_after_the_end, not_ahead, not_before_the_start
from contracts.services.life.events import (
    Figures,
    Recorded,
    checked_ground,
    figures_of,
    locked,
    record,
    with_a_reason,
    withdraw_standing,
)


def exercise_option(
    *,
    option: ExtensionOption,
    on: datetime.date,
    by: User,
    months: int | None = None,
    reason: str = "",
    late_because: str = "",
    withdraws_notice: bool = False,
) -> Recorded:
    """Extend the contract by the option, for all its months or fewer: then the rest lapses.

    An option exercised after the last day to tell the provider is not refused, but said to be late and why. Raises
    ValidationError where an earlier option is still open, the term it extends has ended, notice stands that is not
    said to be withdrawn, or somebody exercised the option in the meantime.
    """
    with act("Option to extend exercised", by=by, reason=reason):
        contract = locked(option.contract)
        stored = contract.options.get(pk=option.pk)
        _not_twice(stored)
        not_ahead(on, name="exercised_on")
        not_before_the_start(contract, on, name="exercised_on")
        before = figures_of(contract)
        if contract.notice_given_on is not None:
            not_after_the_end(contract, on, name="exercised_on")
        took_back = withdraw_standing(contract, wanted=withdraws_notice)
        late = lateness(contract, on=on)
        if late and not late_because.strip():
            raise ValidationError({"late_because": f"{late} Say why."})
        _exercise(contract, stored, on=on, months=months, by=by)
        return record(
            contract,
            before,
            kind=LifeEventKind.OPTION_EXERCISED,
            on=on,
            by=by,
            cause=DutyCause.OPTION_EXERCISED,
            months=stored.months_that_count,
            warnings=[late] if late else [],
            takes_effect_on=_day_after(before),
            words=_with_lateness(_with_notice(reason, took_back), late_because if late else ""),
        )


def lateness(contract: Contract, *, on: datetime.date) -> str | None:
    """The sentence for an option exercised on the day; the days are those of the end it extends, notice aside."""
    if contract.initial_end is None:
        return None
    end = terms.add_months(contract.initial_end, contract.exercised_months)
    return terms.late_exercise(on=on, last_day=terms.notice_by(effective_end=end, notice_months=contract.notice_months))


def _not_twice(option: ExtensionOption) -> None:
    if option.exercised_on is not None:
        day = terms.long_date(option.exercised_on)
        raise ValidationError({"exercised_on": f"Option {option.position} was exercised already, on {day}."})


def _exercise(contract: Contract, option: ExtensionOption, *, on: datetime.date, months: int | None, by: User) -> None:
    if months is not None:
        if fault := terms.months_error(months, granted=option.months, number=option.position):
            raise ValidationError({"months": fault})
        option.used_months = months if months < option.months else None
    option.exercised_on = on
    option.exercised_by = by
    after = [option.as_rule if other.pk == option.pk else other.as_rule for other in contract.options.all()]
    error = terms.options_error(after, initial_end=contract.initial_end, ended_early_on=contract.notice_ends_on)
    if error:
        raise ValidationError({"exercised_on": error})
    option.save(update_fields=["exercised_on", "exercised_by", "used_months"])


def extend_outside(
    *,
    contract: Contract,
    on: datetime.date,
    months: int,
    reason: str,
    ground: ChangeGround | None,
    by: User,
    withdraws_notice: bool = False,
) -> Recorded:
    """Extend beyond the contract's own options, on a ground of its own law and for a reason.

    Only once no option is left, and never after the contract has ended. It is kept as an exercised option outside
    those that the contract grants, so that its days follow as they do from any other.
    """
    with act("Contract extended outside its options", by=by, reason=reason):
        stored = locked(contract)
        not_ahead(on)
        not_before_the_start(stored, on)
        not_after_the_end(stored, on)
        _no_option_left(stored)
        if stored.initial_end is None:
            raise ValidationError({"months": "The end of the first term is not known: add it before extending."})
        if not 1 <= months <= terms.MOST_MONTHS:
            raise ValidationError({"months": f"Extend by 1 to {terms.MOST_MONTHS} months."})
        why = with_a_reason(reason)
        grounds = checked_ground(stored, ground, is_needed=True)
        before = figures_of(stored)
        took_back = withdraw_standing(stored, wanted=withdraws_notice)
        stored.options.create(
            position=stored.options.count() + 1, months=months, is_outside=True, exercised_on=on, exercised_by=by
        )
        return record(
            stored,
            before,
            kind=LifeEventKind.EXTENDED,
            on=on,
            by=by,
            cause=DutyCause.EXTENDED,
            months=months,
            takes_effect_on=_day_after(before),
            words=_with_notice(why, took_back),
            **grounds,
        )


def _no_option_left(contract: Contract) -> None:
    left = contract.options.filter(exercised_on=None).order_by("position").first()
    if left is not None:
        raise ValidationError(f"Option {left.position} has not been used. Exercise it before extending outside them.")


def _day_after(before: Figures) -> datetime.date | None:
    """An extension begins when the term before it is over."""
    return None if before.end is None else before.end + datetime.timedelta(days=1)


def _with_notice(reason: str, took_back: bool) -> str:
    return _sentences(reason, "The notice that stood is withdrawn.") if took_back else reason.strip()


def _with_lateness(reason: str, late_because: str) -> str:
    return _sentences(reason, f"Late because: {late_because.strip()}") if late_because.strip() else reason


def _sentences(typed: str, more: str) -> str:
    """What was typed, as a sentence, before one more."""
    first = typed.strip()
    if first and not first.endswith((".", "!", "?", "…", "”")):
        first = f"{first}."
    return f"{first} {more}".strip()
