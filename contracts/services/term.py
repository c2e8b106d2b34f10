"""Events of the term: options exercised and notice given. The days that follow are the database's."""

import datetime

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from contracts.models import Contract, ExtensionOption
from contracts.rules import terms


def exercise_option(*, option: ExtensionOption, on: datetime.date, by: User, reason: str = "") -> list[str]:
    """Extend the contract by the option; returns warnings, such as one exercised after its notice date.

    Raises ValidationError where an earlier option is still open, the term it extends has ended, or somebody
    exercised it in the meantime.
    """
    with act("Option to extend exercised", by=by, reason=reason):
        contract = Contract.objects.select_for_update(of=("self",)).get(pk=option.contract_id)
        stored = contract.options.get(pk=option.pk)
        if stored.exercised_on is not None:
            day = terms.long_date(stored.exercised_on)
            raise ValidationError({"exercised_on": f"Option {stored.position} was exercised already, on {day}."})
        stored.exercised_on = on
        stored.exercised_by = by
        after = [_as_rule(other, now=stored) for other in contract.options.all()]
        error = terms.options_error(after, initial_end=contract.initial_end, ended_early_on=contract.notice_ends_on)
        if error:
            raise ValidationError({"exercised_on": error})
        stored.save(update_fields=["exercised_on", "exercised_by"])
        contract.version += 1
        contract.save(update_fields=["version"])
    return lateness(contract=contract, option=stored, on=on)


def lateness(*, contract: Contract, option: ExtensionOption, on: datetime.date) -> list[str]:
    """The warning for an option exercised after the notice date of the term it extends: late, yet not refused."""
    option.exercised_on = on
    after = [_as_rule(other, now=option) for other in contract.options.all()]
    warnings = terms.options_warnings(after, initial_end=contract.initial_end, notice_months=contract.notice_months)
    return [sentence for sentence in warnings if f"Option {option.position} " in sentence]


def _as_rule(option: ExtensionOption, *, now: ExtensionOption) -> terms.ExtensionOption:
    current = now if option.pk == now.pk else option
    return terms.ExtensionOption(number=current.position, months=current.months, exercised_on=current.exercised_on)


def give_notice(
    *,
    contract: Contract,
    given_on: datetime.date,
    given_by: str,
    ends_on: datetime.date,
    by: User,
    reason: str = "",
) -> Contract:
    """Record that notice was given, by whom, and the last day under it."""
    with act("Notice recorded", by=by, reason=reason):
        stored = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
        if fault := _notice_fault(stored, given_on=given_on, ends_on=ends_on):
            raise ValidationError(fault)
        stored.notice_given_on = given_on
        stored.notice_given_by = given_by
        stored.notice_ends_on = ends_on
        stored.version += 1
        stored.full_clean(exclude=["slug"])
        stored.save()
        stored.refresh_from_db()
    return stored


def _notice_fault(contract: Contract, *, given_on: datetime.date, ends_on: datetime.date) -> dict[str, str]:
    if contract.notice_given_on is not None:
        day = terms.long_date(contract.notice_given_on)
        return {"given_on": f"Notice was given already, on {day}. Withdraw it before recording another."}
    if given_on > clock.today():
        return {"given_on": "A notice is recorded once it has been given; this day lies ahead."}
    if ends_on < given_on:
        return {"ends_on": "The last day cannot be before the notice was given."}
    if contract.effective_end is not None and ends_on > contract.effective_end:
        end = terms.long_date(contract.effective_end)
        return {"ends_on": f"The contract ends on {end} anyway; notice can only end it sooner."}
    return {}


def withdraw_notice(*, contract: Contract, by: User, reason: str) -> Contract:
    """Take a notice back: the contract runs on to the end it had."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why the notice is withdrawn."})
    with act("Notice withdrawn", by=by, reason=reason):
        stored = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
        if stored.notice_given_on is None:
            raise ValidationError("No notice stands on this contract.")
        stored.notice_given_on = stored.notice_ends_on = None
        stored.notice_given_by = ""
        stored.version += 1
        stored.save()
        stored.refresh_from_db()
    return stored
