"""Two partner organisations that share a unit, a third with nothing, and a person for each role."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from commissioning.choices import OrganisationKind, PartnerLevel, UnitKind, UnitStatus
from commissioning.models import CommissioningUnit, Organisation, ServiceArea, UnitPartner
from commissioning.services.organisations import add_organisation
from commissioning.services.partners import join_unit
from commissioning.services.people import add_person, give_role
from contracts.choices import ReturnState, Risk
from contracts.models import Contract, ContractFunding, ContractProvider, ExtensionOption, MonthlyReturn

TODAY = datetime.date(2014, 11, 4)
OCTOBER = datetime.date(2014, 10, 1)
LONG_AGO = datetime.date(2012, 4, 1)
PASSWORD = "a long enough password"

_numbers = count(1)


def client_for(user: User | None) -> Client:
    """A browser of this person's, signed in; of nobody's for None."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def make_person(name: str, organisation: Organisation, role: Role, *, since: datetime.date = LONG_AGO) -> User:
    email = f"{name.lower().replace(' ', '.')}.{next(_numbers)}@example.org"
    user = add_person(email=email, name=name, by=None)
    give_role(user=user, organisation=organisation, role=role, since=since, by=None)
    return user


def make_unit(name: str, code: str, host: Organisation) -> CommissioningUnit:
    unit = CommissioningUnit.objects.create(
        name=name,
        code=code,
        kind=UnitKind.JOINT_COMMISSIONING_UNIT,
        host=host,
        status=UnitStatus.LIVE,
        live_on=LONG_AGO,
        first_return_month=datetime.date(2012, 11, 1),
    )
    join_unit(unit=unit, organisation=host, level=PartnerLevel.HOST, joined_on=LONG_AGO, by=None)
    return unit


def make_contract(unit: CommissioningUnit, **details: Any) -> Contract:
    """A contract that ran from April 2013 to March 2016, £12,000 a year, unless told otherwise."""
    number = next(_numbers)
    providers = details.pop("providers", None)
    options = details.pop("options", [])
    funding = details.pop("funding", {})
    reference = details.pop("reference", f"CS/{number:04d}")
    values = {
        "title": f"Service {number}",
        "start": datetime.date(2013, 4, 1),
        "initial_end": datetime.date(2016, 3, 31),
        "notice_months": 3,
        "annual_value": Decimal("12000.00"),
        "whole_life_value": Decimal("36000.00"),
    } | details
    contract = Contract.objects.create(unit=unit, reference=reference, slug=reference.replace("/", "-"), **values)
    for position, organisation in enumerate(providers or [], start=1):
        ContractProvider.objects.create(contract=contract, organisation=organisation, position=position)
    for position, months in enumerate(options, start=1):
        ExtensionOption.objects.create(contract=contract, position=position, months=months)
    for organisation, annual in funding.items():
        ContractFunding.objects.create(
            contract=contract, organisation=organisation, annual_amount=annual, whole_life_amount=3 * annual
        )
    contract.refresh_from_db()
    return contract


def make_return(
    contract: Contract, month: datetime.date = OCTOBER, *, risk: str = Risk.GREEN, jet: int | None = 6, **details: Any
) -> MonthlyReturn:
    """A submitted return of the month, on the third of the next."""
    moment = datetime.datetime.combine(
        (month + datetime.timedelta(days=31)).replace(day=3), datetime.time(9, 30), tzinfo=datetime.UTC
    )
    values = {
        "state": ReturnState.SUBMITTED,
        "not_assessed_reason": "" if jet else "Nothing delivered yet.",
        "submitted_at": moment,
        "saved_at": moment,
    } | details
    return MonthlyReturn.objects.create(contract=contract, month=month, risk=risk, jet_score=jet, **values)


@dataclass
class World:
    """Built once a test by the ``world`` fixture."""

    council: Organisation
    ccg: Organisation
    observer_body: Organisation
    provider: Organisation
    other_provider: Organisation
    outsider_council: Organisation
    unit: CommissioningUnit
    outsider_unit: CommissioningUnit
    area: ServiceArea
    people: dict[str, User] = field(default_factory=dict)

    def contract(self, **details: Any) -> Contract:
        """A contract of the shared unit, with the world's provider and officer."""
        details.setdefault("providers", [self.provider])
        details.setdefault("officer", self.people["contract_officer"])
        details.setdefault("service_area", self.area)
        return make_contract(self.unit, **details)

    def partner(self, organisation: Organisation) -> UnitPartner:
        return UnitPartner.objects.get(unit=self.unit, organisation=organisation)

    def browser(self, who: str) -> Client:
        return client_for(None if who == "anonymous" else self.people[who])


def build_world() -> World:
    def body(name: str, kind: str) -> Organisation:
        return add_organisation(name=name, kind=kind, by=None)

    council = body("Mercia County Council", OrganisationKind.COUNCIL)
    outsider_council = body("Borderland Council", OrganisationKind.COUNCIL)
    unit = make_unit("Children’s commissioning", "mercia-children", council)
    world = World(
        council=council,
        ccg=body("Mercia CCG", OrganisationKind.CCG),
        observer_body=body("Mercia Area Team", OrganisationKind.NHS_ENGLAND_AREA_TEAM),
        provider=body("Willow Homes Ltd", OrganisationKind.COMPANY),
        other_provider=body("Alder Trust", OrganisationKind.VOLUNTARY_SECTOR),
        outsider_council=outsider_council,
        unit=unit,
        outsider_unit=make_unit("Borderland commissioning", "borderland", outsider_council),
        area=ServiceArea.objects.create(unit=unit, name="Disability"),
    )
    for organisation, level in ((world.ccg, PartnerLevel.FULL), (world.observer_body, PartnerLevel.OBSERVER)):
        join_unit(unit=unit, organisation=organisation, level=level, joined_on=LONG_AGO, by=None)
    world.people = _people(world)
    return world


def _people(world: World) -> dict[str, User]:
    at_the_council = {
        role: make_person(f"Council {role.label}", world.council, role)
        for role in Role
        if role != Role.PROVIDER_CONTACT
    }
    return {str(role): user for role, user in at_the_council.items()} | {
        "provider_contact": make_person("Willow Contact", world.provider, Role.PROVIDER_CONTACT),
        "ccg_commissioner": make_person("Ccg Commissioner", world.ccg, Role.COMMISSIONER),
        "observer": make_person("Area Observer", world.observer_body, Role.COMMISSIONER),
        "outsider": make_person("Outside Commissioner", world.outsider_council, Role.COMMISSIONER),
        "leaver": _leaver(world),
    }


def _leaver(world: World) -> User:
    user = add_person(email=f"left.{next(_numbers)}@example.org", name="Left Lastyear", by=None)
    give_role(
        user=user,
        organisation=world.council,
        role=Role.COMMISSIONER,
        since=LONG_AGO,
        until=datetime.date(2013, 12, 31),
        by=None,
    )
    return user
