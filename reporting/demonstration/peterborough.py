"""The contract of the other paper: children's health services of Peterborough, extended by a year on condition.

From «Peterborough and Borderline Local Commissioning Groups», a paper to the clinical and management executive team of
31 July 2013. The trust is a real body, so nothing is rated or measured here: its first return is still to come.
Invented are only the two people and the day of the notice, which the paper does not give.
"""

from datetime import date, datetime, time
from typing import Final

from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit, Organisation, ServiceArea
from contracts.choices import (
    Concern,
    ElementState,
    Horizon,
    LifeEventKind,
    NoticeGivenBy,
    NoticeKind,
    ProcurementRegime,
    ProcurementRoute,
    ReviewElementKind,
    StepState,
)
from contracts.models import (
    ChangeGround,
    Contract,
    ContractProvider,
    ExtensionOption,
    ImprovementPlan,
    LifeEvent,
    PlanStep,
    ReviewedContract,
    ReviewElement,
    ReviewOption,
    ServiceReview,
)

from .calendar import OCTOBER
from .returns import LONDON

AREA: Final = "Children’s health"
REFERENCE: Final = "CH/0001"
START, END, EXTENDED_END = date(2011, 4, 1), date(2014, 3, 31), date(2015, 3, 31)
NOTICE_ON: Final = date(2013, 3, 28)
DECIDED_ON: Final = date(2013, 7, 31)
FIRST_RETURNS: Final = OCTOBER
"""The first return is the one that is still to come."""

STEPS: Final = (
    "An in-depth analysis of service delivery and of satisfaction amongst patients and carers",
    "Careful scrutiny and clarification of reported data",
    "Face-to-face meetings between commissioners and provider outside the contract performance meetings",
    "A clear steer on the improvements required, and by which date",
)
WHY: Final = (
    "The clinical and management executive team was asked to endorse an extension of up to 12 months, so that a service"
    " specification can be developed in preparation for a procurement."
)
GROUND: Final = "Part B services: no full procedure is asked for"

OPTIONS: Final = (
    (
        "Extend the contract, or issue a new one to the same trust, for up to a year",
        Horizon.SHORT,
        "The trust is willing, and it fits the timetable of any procurement. The trust can be held to an improvement"
        " plan meanwhile.",
        "There is currently no obvious other provider who could deliver when the contract expires.",
        True,
    ),
    (
        "Include the services in a full procurement by the whole CCG",
        Horizon.LONG,
        "At the end of the extension, for all of Cambridgeshire and Peterborough.",
        "Depends on the timetable of others.",
        False,
    ),
    (
        "Make the services part of an option of Peterborough and Borderline",
        Horizon.LONG,
        "Follows the integrated service specification of the joint unit.",
        "The specification is still to be written and needs the approval of the local groups and the CCG.",
        False,
    ),
)


def write_peterborough(unit: CommissioningUnit, *, trust: Organisation, officer: User, by: User) -> Contract:
    contract = _write_contract(unit, trust=trust, officer=officer, by=by)
    _give_notice(contract, by=by)
    extension = _extend(contract, by=by)
    _write_plan(contract, extension, by=by)
    _write_review(contract, by=by)
    return contract


def _write_contract(unit: CommissioningUnit, *, trust: Organisation, officer: User, by: User) -> Contract:
    with act("Contract added", by=by):
        contract = Contract.objects.create(
            unit=unit,
            reference=REFERENCE,
            slug=REFERENCE.replace("/", "-"),
            title="Children’s health services, Peterborough",
            description="Awarded for three years after an open tender in 2010/11.",
            service_area=ServiceArea.objects.get(unit=unit, name=AREA),
            officer=officer,
            procurement_regime=ProcurementRegime.PCR2006,
            procurement_route=ProcurementRoute.OPEN,
            start=START,
            initial_end=END,
            created_by=by,
        )
        ContractProvider.objects.create(contract=contract, organisation=trust)
    return contract


def _event(contract: Contract, kind: LifeEventKind, on: date, *, by: User, **details: object) -> LifeEvent:
    return LifeEvent.objects.create(
        contract=contract,
        kind=kind,
        on=on,
        recorded_at=datetime.combine(on, time(16, 0), tzinfo=LONDON),
        recorded_by=by,
        **details,
    )


def _give_notice(contract: Contract, *, by: User) -> None:
    with act("Notice recorded", by=by):
        _event(
            contract,
            LifeEventKind.NOTICE_GIVEN,
            NOTICE_ON,
            by=by,
            words="Notice was given to the provider; the contract comes to an end on 31 March 2014.",
            given_by=NoticeGivenBy.COMMISSIONER,
            notice_kind=NoticeKind.NON_RENEWAL,
            end_before=END,
            end_after=END,
        )


def _extend(contract: Contract, *, by: User) -> ExtensionOption:
    """The notice falls with the extension, which no option of the contract provided for."""
    with act("Extended outside the options", by=by, reason=WHY):
        extension = ExtensionOption.objects.create(
            contract=contract, position=1, months=12, is_outside=True, exercised_on=DECIDED_ON, exercised_by=by
        )
        ground = ChangeGround.objects.filter(regime=ProcurementRegime.PCR2006, words__startswith="Part B").first()
        _event(contract, LifeEventKind.NOTICE_WITHDRAWN, DECIDED_ON, by=by, words="Falls with the extension.")
        _event(
            contract,
            LifeEventKind.EXTENDED,
            DECIDED_ON,
            by=by,
            takes_effect_on=END,
            words=WHY,
            ground=ground,
            ground_words=ground.words if ground else GROUND,
            end_before=END,
            end_after=EXTENDED_END,
        )
    return extension


def _write_plan(contract: Contract, extension: ExtensionOption, *, by: User) -> None:
    with act("Improvement plan agreed", by=by):
        plan = ImprovementPlan.objects.create(
            contract=contract,
            title="Trust and confidence restored",
            concern=Concern.WAITING_TIMES,
            words="High levels of concern with waiting times and patient experience, data quality and transparency;"
            " action plans for the ADHD assessment waiting list are being applied.",
            agreed_on=DECIDED_ON,
            condition_of=extension,
            opened_by=by,
        )
        PlanStep.objects.bulk_create(
            PlanStep(contract=contract, plan=plan, position=position, text=text, due_on=EXTENDED_END,
                     owner="Commissioners and trust", state=StepState.ON_COURSE)
            for position, text in enumerate(STEPS, start=1)
        )  # fmt: skip


def _write_review(contract: Contract, *, by: User) -> None:
    with act("Service review opened", by=by):
        review = ServiceReview.objects.create(
            unit=contract.unit,
            title="Children’s health services, Peterborough and Borderline",
            service_area=contract.service_area,
            why="The contract ends; an integrated service specification comes before any procurement.",
            lead=by,
            opened_on=DECIDED_ON,
            ends_on=EXTENDED_END,
        )
        ReviewedContract.objects.create(review=review, contract=contract)
        ReviewElement.objects.bulk_create(
            ReviewElement(
                review=review,
                kind=kind,
                state=ElementState.UNDER_WAY if kind == ReviewElementKind.CURRENT_SERVICE else ElementState.NOT_STARTED,
            )
            for kind in ReviewElementKind
        )
        ReviewOption.objects.bulk_create(
            ReviewOption(review=review, position=position, title=title, horizon=horizon, benefits=benefits,
                         disbenefits=disbenefits, is_recommended=recommended)
            for position, (title, horizon, benefits, disbenefits, recommended) in enumerate(OPTIONS, start=1)
        )  # fmt: skip
