"""Duties: they arise from an event as the rules of the day ask, and are done or said not to be needed."""

import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.holidays import england_bank_holidays
from commissioning.services.conflict import Conflict
from contracts.choices import DutyCause
from contracts.models import Contract, Duty, DutyRule, Kpi, LifeEvent
from contracts.rules import duties as law
from contracts.services.life.days import not_before_the_start

OPEN = {"done_on": None, "not_needed_because": ""}


def arise(event: LifeEvent, *, cause: DutyCause, longest: datetime.date | None, months: int | None) -> list[Duty]:
    """List what the law asks for after an event of the contract; the act is the event's."""
    return _listed(event.contract, cause=cause, change=_change_of(event, cause, longest, months), event=event)


def _change_of(event: LifeEvent, cause: DutyCause, longest: datetime.date | None, months: int | None) -> law.Change:
    contract = event.contract
    takes_effect = event.takes_effect_on or event.on
    value_change: Decimal | None = None
    if cause == DutyCause.VALUE_VARIED:
        value_change, percent = _of_the_value(event)
    else:
        percent = law.percent_of_term(
            start=contract.start, longest=longest, before=event.end_before, after=event.end_after
        )
        if months is not None:
            value_change = law.value_of_months(contract.annual_value, months)
    return law.Change(
        on=takes_effect if cause == DutyCause.ENDED else event.on,
        takes_effect_on=takes_effect,
        ground=event.ground.code if event.ground else "",
        value_change=value_change,
        percent=percent,
        contract_value=contract.whole_life_value,
        publishes_kpis=_publishes_kpis(contract),
    )


def _of_the_value(event: LifeEvent) -> tuple[Decimal | None, Decimal | None]:
    """(pounds, per cent) by which the whole life changed; the per cent of a year where the whole is not known."""
    before, after = event.whole_life_before, event.whole_life_after
    if before is not None and after is not None:
        return abs(after - before), law.percent_of(after - before, before)
    if event.annual_before is not None and event.annual_after is not None:
        return None, law.percent_of(event.annual_after - event.annual_before, event.annual_before)
    return None, None


def _publishes_kpis(contract: Contract) -> bool:
    return Kpi.objects.filter(contract=contract, is_published=True).exists()


def _listed(contract: Contract, *, cause: DutyCause, change: law.Change, event: LifeEvent | None = None) -> list[Duty]:
    """New duties of the cause; one about the end that is open already only follows the end."""
    rules = DutyRule.objects.filter(regime=contract.procurement_regime, cause=cause)
    held = set(Duty.objects.filter(contract=contract, rule__cause=cause, **OPEN).values_list("rule_id", flat=True))
    once = cause in (DutyCause.STARTED, DutyCause.ENDED, DutyCause.YEAR_OF_KPIS)
    duties = [
        _duty(contract, rule, change, event)
        for rule in rules
        if law.applies(rule, change) and not (once and rule.pk in held)
    ]
    for duty in duties:
        duty.save(force_insert=True)
    return duties


def _duty(contract: Contract, rule: DutyRule, change: law.Change, event: LifeEvent | None) -> Duty:
    """The rule as it stands today: a later correction of it does not reword what was listed."""
    return Duty(
        contract=contract,
        event=event,
        rule=rule,
        title=rule.title,
        law=rule.law,
        note=rule.note,
        due_on=law.due_on(rule, change, holidays=england_bank_holidays()),
    )


def move_with_the_end(contract: Contract) -> None:
    """Open duties about the end are due by the end that the contract now has."""
    open_ones = Duty.objects.filter(contract=contract, rule__cause=DutyCause.ENDED, **OPEN).select_related("rule")
    for duty in open_ones:
        due = None
        if contract.effective_end is not None and duty.rule is not None:
            due = law.due_on(duty.rule, _on_a_day(contract, contract.effective_end), holidays=england_bank_holidays())
        if due != duty.due_on:
            duty.due_on = due
            duty.version += 1
            duty.save(update_fields=["due_on", "version"])


def _on_a_day(contract: Contract, day: datetime.date) -> law.Change:
    return law.Change(
        on=day,
        takes_effect_on=day,
        contract_value=contract.whole_life_value,
        publishes_kpis=_publishes_kpis(contract),
    )


def list_duties(*, contract: Contract, by: User) -> list[Duty]:
    """List what the law asks for of a contract that runs: at its start, each year of published KPIs, at its end.

    Asked for by a person, so that nobody is surprised by duties on a register that was imported. What is listed
    already, done ones included, is not listed again.
    """
    with act("Duties listed", by=by):
        stored = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
        if stored.start is None:
            raise ValidationError("The start of this contract is not known: its duties are counted from it.")
        done = set(Duty.objects.filter(contract=stored).values_list("rule_id", flat=True))
        found = [duty for duty in _of_its_dates(stored) if duty.rule_id not in done]
        for duty in found:
            duty.save(force_insert=True)
    return found


def _of_its_dates(contract: Contract) -> list[Duty]:
    days = {DutyCause.STARTED: contract.start, DutyCause.ENDED: contract.effective_end}
    if contract.start is not None:
        year_end = law.next_year_end(contract.start, after=clock.today())
        is_within = contract.effective_end is None or year_end <= contract.effective_end
        days[DutyCause.YEAR_OF_KPIS] = year_end if is_within else None
    changes = {cause: _on_a_day(contract, day) for cause, day in days.items() if day is not None}
    rules = DutyRule.objects.filter(regime=contract.procurement_regime, cause__in=changes)
    pairs = [(rule, changes[DutyCause(rule.cause)]) for rule in rules]
    return [_duty(contract, rule, change, None) for rule, change in pairs if law.applies(rule, change)]


def add_duty(*, contract: Contract, rule: DutyRule, on: datetime.date, by: User) -> Duty:
    """List one duty of the contract's regime by hand, such as that performance stays poor, counted from a day."""
    with act("Duty listed", by=by):
        stored = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
        if rule.regime != stored.procurement_regime:
            raise ValidationError({"rule": "This duty is not one of the contract’s own regime."})
        _not_before_it(stored, rule, on, name="on")
        duty = _duty(stored, rule, _on_a_day(stored, on), None)
        if Duty.objects.filter(contract=stored, rule=rule, due_on=duty.due_on, **OPEN).exists():
            raise ValidationError({"rule": "This duty is listed already for that day."})
        duty.save(force_insert=True)
    return duty


def _not_before_it(contract: Contract, rule: DutyRule | None, on: datetime.date, *, name: str) -> None:
    """A contract is entered into before its term begins, and so may a duty of that be; any other comes later."""
    if rule is None or rule.cause != DutyCause.STARTED:
        not_before_the_start(contract, on, name=name)


def answer_duty(
    *,
    duty: Duty,
    version: int,
    by: User,
    done_on: datetime.date | None = None,
    reference: str = "",
    not_needed_because: str = "",
) -> Duty:
    """Say that a duty is done, on which day and under what number, or why it is not needed; neither opens it again.

    A yearly duty that is done makes room for that of the next twelve months.
    """
    if done_on is not None and not_needed_because.strip():
        raise ValidationError({"not_needed_because": "A duty is either done or not needed."})
    if done_on is not None and done_on > clock.today():
        raise ValidationError({"done_on": "A duty is ticked once it is done; this day lies ahead."})
    with act(_act_of(done_on, not_needed_because), by=by, reason=not_needed_because.strip()):
        stored = Duty.objects.select_for_update(of=("self",)).select_related("contract", "rule").get(pk=duty.pk)
        if stored.version != version:
            raise Conflict(stored)
        if done_on is not None:
            _not_before_it(stored.contract, stored.rule, done_on, name="done_on")
        was_open = stored.done_on is None
        stored.done_on, stored.done_by = done_on, by if done_on else None
        stored.reference = reference.strip() if done_on else ""
        stored.not_needed_because = not_needed_because.strip()
        stored.version += 1
        stored.save()
        if done_on is not None and was_open:
            _next_year(stored)
    return stored


def _act_of(done_on: datetime.date | None, not_needed_because: str) -> str:
    if done_on is not None:
        return "Duty done"
    return "Duty not needed" if not_needed_because.strip() else "Duty opened again"


def _next_year(duty: Duty) -> None:
    """The duty of the twelve months after those of one that is done, while the contract still runs then."""
    contract = duty.contract
    if duty.rule is None or duty.rule.cause != DutyCause.YEAR_OF_KPIS or duty.due_on is None or contract.start is None:
        return
    year_end = law.next_year_end(contract.start, after=duty.due_on + datetime.timedelta(days=1))
    if contract.effective_end is None or year_end <= contract.effective_end:
        _listed(contract, cause=DutyCause.YEAR_OF_KPIS, change=_on_a_day(contract, year_end))
