"""Contracts one at a time: added and changed by a person at a form. Registers come by register_import."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit, Organisation
from commissioning.rules import kind_of, slug_of
from commissioning.services.conflict import Conflict
from commissioning.services.organisations import add_organisation
from contracts.models import Contract, ContractFunding, ContractProvider, ExtensionOption
from contracts.resources.comparison import NOT_USABLE
from contracts.rules import terms
from contracts.rules.money import shares_error
from contracts.rules.procurement import route_error
from contracts.rules.returns import month_to_return
from contracts.services.life.duties import move_with_the_end

#: What a person may type on the contract form; everything else follows or has a service of its own.
DETAIL_FIELDS = (
    "reference",
    "title",
    "description",
    "service_area",
    "buyer",
    "officer",
    "service_manager",
    "management",
    "procurement_regime",
    "procurement_route",
    "annual_value",
    "whole_life_value",
    "start",
    "initial_end",
    "notice_months",
)


@dataclass(frozen=True)
class Share:
    """A partner's part of the value, in pounds."""

    organisation: Organisation
    annual_amount: Decimal
    whole_life_amount: Decimal


@dataclass(frozen=True)
class NewProvider:
    """A provider that no organisation on the list stands for: added together with the contract."""

    name: str


@dataclass(frozen=True)
class ContractParts:
    """The lists that belong to a contract; None leaves a list as it is."""

    providers: Sequence[Organisation | NewProvider] | None = None
    deputies: Sequence[User] | None = None
    option_months: Sequence[int] | None = None
    funding: Sequence[Share] | None = None


@transaction.atomic
def add_contract(*, unit: CommissioningUnit, details: dict[str, Any], parts: ContractParts, by: User) -> Contract:
    """Put a contract on the unit's register; raises ValidationError in the words of the form."""
    contract = Contract(unit=unit, created_by=by, decision_lead_days=unit.decision_lead_days, **_known_details(details))
    contract.slug = slug_of(contract.reference)
    contract.returns_from = month_to_return(clock.today())
    check_contract(contract, parts=parts, by=by)
    providers = _known_providers(parts, by=by)
    with act("Contract added", by=by):
        contract.save(force_insert=True)
        _write_parts(contract, parts, providers)
        contract.refresh_from_db()
    return contract


@transaction.atomic
def change_contract(
    *, contract: Contract, details: dict[str, Any], parts: ContractParts, version: int, by: User, reason: str = ""
) -> Contract:
    """Change what was typed; raises Conflict where somebody saved the contract since ``version`` was read."""
    stored = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if stored.version != version:
        raise Conflict(stored)
    end_before = stored.effective_end
    providers = _known_providers(parts, by=by)
    with act("Contract details changed", by=by, reason=reason):
        known = _known_details(details)
        if "initial_end" in known and known["initial_end"] != stored.initial_end:
            _keep_exercised(stored, initial_end=known["initial_end"])
        for name, value in known.items():
            setattr(stored, name, value)
        stored.slug = slug_of(stored.reference)
        stored.version += 1
        check_contract(stored, parts=parts, by=by)
        stored.save()
        _write_parts(stored, parts, providers)
        stored.refresh_from_db()
        if stored.effective_end != end_before:
            move_with_the_end(stored)
    return stored


def _keep_exercised(contract: Contract, *, initial_end: datetime.date | None) -> None:
    """Options that were exercised are history: a new end of the first term must leave them possible."""
    options = [row.as_rule for row in contract.options.all() if row.exercised_on]
    if error := terms.options_error(options, initial_end=initial_end, ended_early_on=contract.notice_ends_on):
        raise ValidationError({"initial_end": error})


def _known_providers(parts: ContractParts, *, by: User) -> list[Organisation] | None:
    """The providers as organisations, new ones added first: an act of its own in the same transaction."""
    if parts.providers is None:
        return None
    return [_organisation(provider, by=by) for provider in parts.providers]


def _organisation(provider: Organisation | NewProvider, *, by: User) -> Organisation:
    if isinstance(provider, Organisation):
        return provider
    return add_organisation(name=provider.name, kind=kind_of(provider.name), by=by)


def check_contract(contract: Contract, *, parts: ContractParts, by: User) -> None:
    """Everything that must hold of one contract before it is written, each fault beside its field."""
    faults: dict[str, str] = {}
    if wrong_route := route_error(contract.procurement_regime, contract.procurement_route):
        faults["procurement_route"] = wrong_route
    if contract.service_area is not None and contract.service_area.unit_id != contract.unit_id:
        faults["service_area"] = "This service area belongs to another unit."
    shares = [(share.annual_amount, share.whole_life_amount) for share in parts.funding or ()]
    values = {"annual_value": contract.annual_value, "whole_life_value": contract.whole_life_value}
    if wrong_shares := shares_error(shares, **values):
        faults["funding"] = wrong_shares
    if faults:
        raise ValidationError(faults)
    same_address = Contract.objects.filter(unit=contract.unit_id, slug=contract.slug).exclude(pk=contract.pk)
    if same_address.exists() and not same_address.visible_to(by).exists():
        raise ValidationError({"reference": NOT_USABLE})
    contract.full_clean(exclude=["slug"])
    if same_address.exists():
        raise ValidationError(
            {"reference": "The unit already has a contract whose reference differs only in its marks."}
        )


def _known_details(details: dict[str, Any]) -> dict[str, Any]:
    return {name: details[name] for name in DETAIL_FIELDS if name in details}


def _write_parts(contract: Contract, parts: ContractParts, providers: Sequence[Organisation] | None) -> None:
    if providers is not None:
        _write_providers(contract, providers)
    if parts.deputies is not None:
        contract.deputies.set(parts.deputies)
    if parts.option_months is not None:
        _write_options(contract, parts.option_months)
    if parts.funding is not None:
        write_funding(contract, parts.funding)


def _write_providers(contract: Contract, providers: Sequence[Organisation]) -> None:
    held = {row.organisation_id: row for row in contract.provider_rows.all()}
    wanted = {organisation.pk: position for position, organisation in enumerate(providers, start=1)}
    contract.provider_rows.exclude(organisation_id__in=wanted).delete()
    for organisation_id, position in wanted.items():
        row = held.get(organisation_id)
        if row is None:
            ContractProvider.objects.create(contract=contract, organisation_id=organisation_id, position=position)
        elif row.position != position:
            row.position = position
            row.save(update_fields=["position"])


def _write_options(contract: Contract, option_months: Sequence[int]) -> None:
    """Options not yet exercised may change; exercised ones are history."""
    held = {row.position: row for row in contract.options.all()}
    for position, row in held.items():
        unchanged = position <= len(option_months) and row.months == option_months[position - 1]
        if row.exercised_on and not unchanged:
            raise ValidationError({"option_months": f"Option {position} has been exercised and cannot be changed."})
    contract.options.filter(position__gt=len(option_months)).delete()
    for position, months in enumerate(option_months, start=1):
        option = held.get(position)
        if option is None:
            ExtensionOption.objects.create(contract=contract, position=position, months=months)
        elif option.months != months:
            option.months = months
            option.save(update_fields=["months"])


def write_funding(contract: Contract, funding: Sequence[Share]) -> None:
    """Shares are checked as a whole when the transaction ends: between these writes they need not add up."""
    held = {row.organisation_id: row for row in contract.funding.all()}
    contract.funding.exclude(organisation__in=[share.organisation for share in funding]).delete()
    for share in funding:
        row = held.get(share.organisation.pk) or ContractFunding(contract=contract, organisation=share.organisation)
        row.annual_amount = share.annual_amount
        row.whole_life_amount = share.whole_life_amount
        row.save()
