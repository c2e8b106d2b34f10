"""Puts the demonstration world into the database: services where rules and grants matter, bulk statements elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.acts import act
from accounts.models import User
from commissioning.choices import PartnerLevel, UnitKind, UnitStatus
from commissioning.models import CommissioningUnit, Organisation, OrganisationIdentifier, ServiceArea
from commissioning.rules import normalised_name, slug_of
from commissioning.services.partners import join_unit
from commissioning.services.people import add_person, give_role
from commissioning.services.units import open_unit
from contracts.choices import ReturnState
from contracts.models import Contract, ContractFunding, ContractProvider, ExtensionOption, MonthlyReturn
from contracts.services.restriction import restrict_contract

from . import peterborough
from .history import date_history
from .kpis import explained, measured_contracts
from .life import write_life
from .neighbour import NEIGHBOUR_AREAS
from .people import (
    COMMISSIONER,
    COUNCIL,
    COUNCIL_FROM,
    HEALTH_FROM,
    NEIGHBOUR,
    NEIGHBOUR_COMMISSIONER,
    NEIGHBOUR_UNIT_CODE,
    NEIGHBOUR_UNIT_NAME,
    PASSWORD,
    PETERBOROUGH,
    PETERBOROUGH_CCG,
    PETERBOROUGH_COMMISSIONER,
    PETERBOROUGH_OFFICER,
    PETERBOROUGH_TRUST,
    PETERBOROUGH_UNIT_CODE,
    PETERBOROUGH_UNIT_NAME,
    UNIT_CODE,
    UNIT_NAME,
    Body,
    Person,
)
from .procured import RESTRICTED_NAMED, RESTRICTED_REASON, RESTRICTED_REVIEW
from .returns import ReturnPlan
from .reviews import write_reviews
from .world import ContractPlan, World

SOURCE: Final = "NHS Organisation Data Service, Office for National Statistics"
FIRST_RETURN_MONTH: Final = date(2012, 11, 1)
MEASURED_SEED: Final = 20140314
DECISION_LEAD_DAYS: Final = 0
"""This unit decides by the day on which notice must be given."""

Bodies = dict[str, Organisation]
People = dict[str, User]


@transaction.atomic
def write(world: World) -> None:
    """All or nothing. The one day of the demonstration must be set: grants and restrictions take effect on it."""
    bodies = _write_bodies([*world.bodies, *world.providers])
    people = _write_people(world.people, bodies)
    unit = _write_unit(UNIT_NAME, UNIT_CODE, UnitKind.JOINT_TEAM, bodies[COUNCIL], world.areas)
    for body in world.bodies:
        if body.level in (PartnerLevel.FULL, PartnerLevel.OBSERVER):
            join_unit(
                unit=unit,
                organisation=bodies[body.name],
                level=body.level,
                joined_on=HEALTH_FROM,
                by=people[COMMISSIONER],
            )
    measured = measured_contracts(Random(MEASURED_SEED), world.contracts)  # noqa: S311  (the same every time)
    contracts = _write_register(
        world.contracts, unit, bodies, people, by=people[COMMISSIONER], kpi_reasons=explained(measured)
    )
    write_reviews(unit, by=people[COMMISSIONER])
    write_life(unit, measured, contracts, people=people, by=people[COMMISSIONER])
    neighbour = _write_unit(
        NEIGHBOUR_UNIT_NAME,
        NEIGHBOUR_UNIT_CODE,
        UnitKind.JOINT_COMMISSIONING_UNIT,
        bodies[NEIGHBOUR],
        NEIGHBOUR_AREAS,
    )
    _write_register(world.neighbours, neighbour, bodies, people, by=people[NEIGHBOUR_COMMISSIONER])
    _write_peterborough(bodies, people)
    _restrict(world.contracts, unit, bodies, by=people[COMMISSIONER])
    date_history()


def _write_bodies(bodies: Iterable[Body]) -> Bodies:
    """A body that is known by one of its codes already, from the reference lists, is that body."""
    written: Bodies = {}
    new: list[Body] = []
    for body in bodies:
        known = _known(body)
        if known is None:
            new.append(body)
        else:
            written[body.name] = known
    with act("Organisation added", by=None):
        rows = Organisation.objects.bulk_create(
            Organisation(
                name=body.name,
                normalised_name=normalised_name(body.name),
                kind=body.kind,
                opened_on=body.opened_on,
                closed_on=body.closed_on,
                is_invented=body.is_invented,
            )
            for body in new
        )
        OrganisationIdentifier.objects.bulk_create(
            OrganisationIdentifier(
                organisation=row,
                scheme=scheme,
                value=value,
                valid_from=body.opened_on,
                valid_to=body.closed_on,
                source=SOURCE,
            )
            for body, row in zip(new, rows, strict=True)
            for scheme, value in body.identifiers
        )
    return written | {row.name: row for row in rows}


def _known(body: Body) -> Organisation | None:
    for scheme, value in body.identifiers:
        found = Organisation.objects.identified_by(scheme=scheme, value=value, day=HEALTH_FROM).first()
        if found:
            return found
    return None


def _write_people(people: Iterable[Person], bodies: Bodies) -> People:
    written: People = {}
    for person in people:
        user = add_person(email=person.email, name=person.name, by=None)
        give_role(user=user, organisation=bodies[person.organisation], role=person.role, since=person.since, by=None)
        written[person.name] = user
    # One hash for all, as all have the one password that everybody knows: a hash takes its time on purpose.
    User.objects.filter(pk__in=[user.pk for user in written.values()]).update(password=make_password(PASSWORD))
    return written


def _write_unit(name: str, code: str, kind: UnitKind, host: Organisation, areas: Iterable[str]) -> CommissioningUnit:
    unit = CommissioningUnit(
        name=name,
        code=code,
        kind=kind,
        host=host,
        status=UnitStatus.LIVE,
        live_on=COUNCIL_FROM,
        first_return_month=FIRST_RETURN_MONTH,
        decision_lead_days=DECISION_LEAD_DAYS,
    )
    open_unit(unit=unit, from_day=COUNCIL_FROM, by=None)
    ServiceArea.objects.bulk_create(ServiceArea(unit=unit, name=area) for area in areas)
    return unit


def _write_peterborough(bodies: Bodies, people: People) -> None:
    unit = CommissioningUnit(
        name=PETERBOROUGH_UNIT_NAME,
        code=PETERBOROUGH_UNIT_CODE,
        kind=UnitKind.JOINT_COMMISSIONING_UNIT,
        host=bodies[PETERBOROUGH],
        status=UnitStatus.PROPOSED,
        proposed_on=peterborough.DECIDED_ON,
        first_return_month=peterborough.FIRST_RETURNS,
    )
    open_unit(unit=unit, from_day=COUNCIL_FROM, by=None)
    ServiceArea.objects.create(unit=unit, name=peterborough.AREA)
    commissioner = people[PETERBOROUGH_COMMISSIONER]
    join_unit(
        unit=unit,
        organisation=bodies[PETERBOROUGH_CCG],
        level=PartnerLevel.FULL,
        joined_on=HEALTH_FROM,
        by=commissioner,
    )
    peterborough.write_peterborough(
        unit, trust=bodies[PETERBOROUGH_TRUST], officer=people[PETERBOROUGH_OFFICER], by=commissioner
    )


def _write_register(
    plans: Sequence[ContractPlan],
    unit: CommissioningUnit,
    bodies: Bodies,
    people: People,
    *,
    by: User,
    kpi_reasons: Mapping[tuple[str, date], str] | None = None,
) -> list[Contract]:
    areas = {area.name: area for area in unit.service_areas.all()}
    with act("Contract added", by=by):
        contracts = Contract.objects.bulk_create(
            _contract(plan, unit=unit, area=areas[plan.area], people=people, by=by) for plan in plans
        )
        pairs = list(zip(plans, contracts, strict=True))
        ContractProvider.objects.bulk_create(
            ContractProvider(contract=contract, organisation=bodies[name], position=position)
            for plan, contract in pairs
            for position, name in enumerate(plan.providers, start=1)
        )
        ContractFunding.objects.bulk_create(
            ContractFunding(
                contract=contract,
                organisation=bodies[share.body],
                annual_amount=Decimal(share.annual),
                whole_life_amount=Decimal(share.whole_life),
            )
            for plan, contract in pairs
            for share in plan.value.shares
        )
        options = _grant_options(pairs)
    _exercise_options(pairs, options, by=by)
    _write_returns(pairs, people, kpi_reasons or {})
    return contracts


def _contract(plan: ContractPlan, *, unit: CommissioningUnit, area: ServiceArea, people: People, by: User) -> Contract:
    return Contract(
        unit=unit,
        reference=plan.reference,
        slug=slug_of(plan.reference),
        title=plan.title,
        description=plan.description,
        service_area=area,
        officer=people[plan.officer],
        service_manager=people[plan.service_manager] if plan.service_manager else None,
        management=plan.management,
        procurement_regime=plan.regime,
        procurement_route=plan.route,
        annual_value=Decimal(plan.value.annual),
        whole_life_value=Decimal(plan.value.whole_life),
        start=plan.term.start,
        initial_end=plan.term.end,
        notice_months=plan.term.notice_months,
        decision_lead_days=DECISION_LEAD_DAYS,
        created_by=by,
    )


def _grant_options(pairs: Sequence[tuple[ContractPlan, Contract]]) -> list[ExtensionOption]:
    """With the contract itself: one act of the register."""
    return ExtensionOption.objects.bulk_create(
        ExtensionOption(contract=contract, position=position, months=months)
        for plan, contract in pairs
        for position, months in enumerate(plan.term.options, start=1)
    )


def _exercise_options(
    pairs: Sequence[tuple[ContractPlan, Contract]], options: Sequence[ExtensionOption], *, by: User
) -> None:
    """As taken up, one after the other."""
    terms = {contract.pk: plan.term for plan, contract in pairs}
    exercised = [option for option in options if option.position <= terms[option.contract_id].exercised]
    for option in exercised:
        option.exercised_on = terms[option.contract_id].exercised_on(option.position)
        option.exercised_by = by
    for position in sorted({option.position for option in exercised}):
        with act("Option to extend exercised", by=by):
            ExtensionOption.objects.bulk_update(
                [option for option in exercised if option.position == position], ["exercised_on", "exercised_by"]
            )


def _write_returns(
    pairs: Sequence[tuple[ContractPlan, Contract]], people: People, kpi_reasons: Mapping[tuple[str, date], str]
) -> None:
    """As each officer submitted them, and then as they were reviewed, so that history tells who did what."""
    drafts: dict[str, list[MonthlyReturn]] = defaultdict(list)
    submitted: dict[str, list[MonthlyReturn]] = defaultdict(list)
    reviewed: dict[tuple[str, str], list[tuple[MonthlyReturn, ReturnPlan]]] = defaultdict(list)
    for plan, contract in pairs:
        for planned in plan.returns:
            row = _return(planned, contract, people[planned.by])
            row.kpi_reason = kpi_reasons.get((plan.reference, planned.month), "")
            (drafts if planned.state == ReturnState.DRAFT else submitted)[planned.by].append(row)
            if planned.reviewed_at:
                reviewed[planned.reviewed_by, planned.review_note].append((row, planned))
    for what, by_officer in (("Return saved as a draft", drafts), ("Return submitted", submitted)):
        for officer, rows in by_officer.items():
            with act(what, by=people[officer]):
                MonthlyReturn.objects.bulk_create(rows)
    for (reviewer, note), rows_and_plans in reviewed.items():
        with act("Return sent back" if note else "Return accepted", by=people[reviewer], reason=note):
            _review(rows_and_plans, reviewer=people[reviewer])


def _return(planned: ReturnPlan, contract: Contract, officer: User) -> MonthlyReturn:
    is_submitted = planned.state != ReturnState.DRAFT
    return MonthlyReturn(
        contract=contract,
        month=planned.month,
        state=ReturnState.SUBMITTED if is_submitted else ReturnState.DRAFT,
        risk=planned.rating.risk,
        jet_score=planned.rating.jet,
        not_assessed_reason=planned.rating.reason,
        narrative=planned.narrative,
        saved_at=planned.saved_at,
        saved_by=officer,
        submitted_at=planned.saved_at if is_submitted else None,
        submitted_by=officer if is_submitted else None,
    )


def _review(rows_and_plans: Sequence[tuple[MonthlyReturn, ReturnPlan]], *, reviewer: User) -> None:
    for row, planned in rows_and_plans:
        row.state = planned.state
        row.reviewed_at, row.reviewed_by = planned.reviewed_at, reviewer
        row.review_note = planned.review_note
        row.version += 1
    MonthlyReturn.objects.bulk_update(
        [row for row, _ in rows_and_plans],
        ["state", "reviewed_at", "reviewed_by", "review_note", "version"],
        batch_size=1000,
    )


def _restrict(plans: Sequence[ContractPlan], unit: CommissioningUnit, bodies: Bodies, *, by: User) -> None:
    for plan in plans:
        if plan.is_restricted:
            restrict_contract(
                contract=Contract.objects.get(unit=unit, reference=plan.reference),
                reason=RESTRICTED_REASON,
                named=[bodies[name] for name in RESTRICTED_NAMED],
                review_on=RESTRICTED_REVIEW,
                by=by,
            )
