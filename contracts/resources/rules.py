"""The rules that a contract must keep before an import writes it: those of the form, asked without a query a row."""

from itertools import count, islice, zip_longest
from typing import Any, Final

from django.core.exceptions import ValidationError

from commissioning.models import CommissioningUnit
from commissioning.rules import long_date, slug_of
from contracts.models import Contract
from contracts.resources.columns import BY_NAME, COLUMNS
from contracts.resources.constraints import violations
from contracts.resources.register import Fault
from contracts.resources.stored import PLAIN_FIELDS, Values
from contracts.rules import terms
from contracts.rules.money import shares_error
from contracts.rules.procurement import route_error

#: Relations are looked up in dictionaries, and generated or counted columns are the database's.
_NOT_CLEANED: Final = ("unit", "service_area", "buyer", "officer", "service_manager", "created_by", "slug")
_ORDER: Final = {column.name: place for place, column in enumerate(COLUMNS)}


def contract_of(values: Values, *, unit: CommissioningUnit) -> Contract:
    """The contract's own columns as a record that is not saved; its relations are set by whoever writes it."""
    return Contract(
        unit_id=unit.pk,
        slug=slug_of(values["reference"]),
        decision_lead_days=unit.decision_lead_days,
        option_months=sum(option.months for option in options_of(values)),
        exercised_months=exercised_months(values),
        **{name: values[name] for name in PLAIN_FIELDS},
    )


def own_positions(values: Values) -> list[int]:
    """The places of the contract's own options among all: those outside them keep theirs."""
    taken = {position for position, _, _ in values["outside"]}
    return list(islice((place for place in count(1) if place not in taken), len(values["options"])))


def options_of(values: Values) -> list[terms.ExtensionOption]:
    """Every extension in its order, with the months that count: those used where they are fewer than granted."""
    exercised, used = values["exercised"], values["used"]
    own = zip_longest(values["options"], exercised[: len(values["options"])], used[: len(values["options"])])
    found = [
        terms.ExtensionOption(place, part or months, day)
        for place, (months, day, part) in zip(own_positions(values), own, strict=True)
    ]
    outside = [terms.ExtensionOption(place, months, day) for place, months, day in values["outside"]]
    return sorted([*found, *outside], key=lambda option: option.number)


def exercised_months(values: Values) -> int:
    return sum(option.months for option in options_of(values) if option.exercised_on is not None)


def rule_faults(values: Values, before: Values | None, *, unit: CommissioningUnit) -> list[Fault]:
    """What is wrong with the contract as it would be. `before` is what the register holds, None for a new one."""
    faults = [
        *_route(values),
        *_model(contract_of(values, unit=unit)),
        *_options(values, before),
        *_funding(values),
    ]
    return faults or _notice(values, before)


def _fault(name: str, sentence: str) -> Fault:
    return Fault(BY_NAME[name].header, sentence)


def _route(values: Values) -> list[Fault]:
    wrong = route_error(values["procurement_regime"], values["procurement_route"])
    return [_fault("procurement_route", wrong)] if wrong else []


def _model(contract: Contract) -> list[Fault]:
    """The fields' own checks and the table's constraints; a constraint's fault stands at the last column it names."""
    faults = []
    try:
        contract.clean_fields(exclude=_NOT_CLEANED)
    except ValidationError as refusal:
        for name, sentences in refusal.message_dict.items():
            faults += [_fault(name, sentence) for sentence in sentences]
    for violation in violations(contract):
        last = max((name for name in violation.fields if name in _ORDER), key=_ORDER.__getitem__)
        faults.append(_fault(last, violation.sentence))
    return faults


def _options(values: Values, before: Values | None) -> list[Fault]:
    months, exercised = values["options"], values["exercised"]
    if len(exercised) > len(months):
        held = "1 option" if len(months) == 1 else f"{len(months)} options"
        dates = "is 1 date" if len(exercised) == 1 else f"are {len(exercised)} dates"
        return [_fault("exercised", f"There {dates} for {held} to extend.")]
    if wrong_use := _used(values):
        return [_fault("used", wrong_use)]
    if history := _exercised_before(values, before):
        return [history]
    options = options_of(values)
    wrong = terms.options_error(options, initial_end=values["initial_end"], ended_early_on=values["notice_ends_on"])
    if not wrong:
        return []
    return [_fault("options" if any(option.months < 1 for option in options) else "exercised", wrong)]


def _used(values: Values) -> str | None:
    """Months used belong to an option that was exercised, and are no more than it grants."""
    for place, used in enumerate(values["used"]):
        if used is None:
            continue
        if place >= len(values["exercised"]) or values["exercised"][place] is None:
            return f"Option {place + 1} was not exercised, so no months of it are used."
        if wrong := terms.months_error(used, granted=values["options"][place], number=place + 1):
            return wrong
    return None


def _exercised_before(values: Values, before: Values | None) -> Fault | None:
    """An option once exercised is history: neither its day nor its months are changed by a file."""
    if before is None:
        return None
    for place, day in enumerate(before["exercised"]):
        if day is None:
            continue
        if place >= len(values["exercised"]) or values["exercised"][place] != day:
            return _fault(
                "exercised", f"Option {place + 1} was exercised on {long_date(day)}; a file cannot change that."
            )
        if values["options"][place] != before["options"][place]:
            return _fault("options", f"Option {place + 1} has been exercised and cannot be changed.")
        if _place(values["used"], place) != _place(before["used"], place):
            return _fault("used", f"Option {place + 1} has been exercised and cannot be changed.")
    return None


def _place(places: tuple[Any, ...], place: int) -> Any:
    return places[place] if place < len(places) else None


def _funding(values: Values) -> list[Fault]:
    shares = [(share.annual_amount, share.whole_life_amount) for share in values["funding"]]
    wrong = shares_error(shares, annual_value=values["annual_value"], whole_life_value=values["whole_life_value"])
    return [_fault("funding", wrong)] if wrong else []


def _notice(values: Values, before: Values | None) -> list[Fault]:
    """Notice can only end a contract sooner; asked where the file changes it."""
    if values["notice_kind"] and values["notice_given_on"] is None:
        return [_fault("notice_kind", "No notice is given that could be of this kind.")]
    ends_on: Any = values["notice_ends_on"]
    if ends_on is None or (before is not None and before["notice_ends_on"] == ends_on):
        return []
    end = terms.effective_end(initial_end=values["initial_end"], exercised_months=exercised_months(values))
    if end is None or ends_on <= end:
        return []
    return [_fault("notice_ends_on", f"The contract ends on {long_date(end)} anyway; notice can only end it sooner.")]
