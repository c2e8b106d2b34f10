"""Improvement plans of contracts of concern, and the views heard before September's grades."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from accounts.acts import act
from accounts.models import User
from contracts.choices import Concern, NoticeOutcome, Perspective, Side, Standing, StepState
from contracts.models import Contract, GradeView, ImprovementPlan, PerformanceNotice, PlanStep, ScorecardLine

from .calendar import OCTOBER, SEPTEMBER
from .people import GARLAND
from .returns import LONDON

_NOT_STARTED, _ON_COURSE, _LATE, _DONE = StepState.NOT_STARTED, StepState.ON_COURSE, StepState.LATE, StepState.DONE


@dataclass(frozen=True)
class StepPlan:
    text: str
    owner: str
    due_on: date
    state: StepState = _ON_COURSE
    done_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True)
class PlanPlan:
    """A plan of one contract, by its title; ``kpis`` are named as they are measured."""

    contract: str
    title: str
    concern: Concern
    words: str
    agreed_on: date
    steps: tuple[StepPlan, ...]
    kpis: tuple[str, ...] = ()
    notice: "NoticePlan | None" = None


@dataclass(frozen=True)
class NoticePlan:
    """The private letter that a plan answers."""

    issued_on: date
    meeting_by: date
    met_on: date
    words: str


CAMHS_NOTICE: Final = NoticePlan(
    date(2014, 2, 28),
    date(2014, 3, 14),
    date(2014, 3, 12),
    "More than 40 children wait over 12 weeks for an ADHD assessment, and fewer than 80% are seen within 6 weeks.",
)

PLANS: Final = (
    PlanPlan(
        "CAMHS Tier 3",
        "Waiting times and access",
        Concern.WAITING_TIMES,
        "Children wait too long for an ADHD assessment and for a first appointment.",
        date(2014, 3, 14),
        (
            StepPlan("Publish weekly ADHD waiting list to commissioners", "Trust operations", date(2014, 9, 30), _DONE,
                     date(2014, 9, 26), "First list received on 26 September, and each Friday since."),
            StepPlan("Recruit two assessment clinicians, Boston and Grantham", "Trust HR", date(2014, 10, 31)),
            StepPlan("Single point of access live for schools and GPs", "Provider and CCGs", date(2014, 11, 30)),
            StepPlan("Parent and young people’s panel reviews letters and waiting advice", "Participation lead",
                     date(2014, 12, 31)),
            StepPlan("Data quality: NHS number and ethnicity over 98% complete", "Trust informatics",
                     date(2015, 1, 31), _NOT_STARTED),
        ),
        ("ADHD assessments waiting over 12 weeks", "Referral to first assessment within 6 weeks"),
        CAMHS_NOTICE,
    ),
    PlanPlan(
        "Short breaks for CWD",
        "Night posts and cancellations",
        Concern.PATIENT_EXPERIENCE,
        "Weekends are cancelled for want of night staff, and families hear too late.",
        date(2014, 7, 9),
        (
            StepPlan("Recruit four night support workers", "Registered manager", date(2014, 10, 31)),
            StepPlan("Rota cover agreed with the agency", "Registered manager", date(2014, 11, 15)),
            StepPlan("Tell families of cancellations 48 hours ahead", "Family liaison", date(2014, 11, 30),
                     _NOT_STARTED),
        ),
        ("Staff vacancy rate", "Sessions cancelled by the provider"),
    ),
    PlanPlan(
        "Domiciliary care for CWD",
        "Missed visits",
        Concern.SAFEGUARDING,
        "Visits are missed without notice, and the coastal round was handed back without a plan.",
        date(2014, 6, 20),
        (
            StepPlan("Call every family within two hours of a missed visit", "Care co-ordinator", date(2014, 7, 31),
                     _DONE, date(2014, 7, 24), "Call log seen at the meeting of 6 August."),
            StepPlan("Second co-ordinator in post", "Director of care", date(2014, 9, 30), _LATE),
            StepPlan("Coastal round taken up again or handed over", "Director of care", date(2014, 10, 17), _LATE),
            StepPlan("Rota published two weeks ahead", "Care co-ordinator", date(2014, 11, 28), _NOT_STARTED),
        ),
    ),
    PlanPlan(
        "Outreach Support Service",
        "Caseloads and recording",
        Concern.DATA_QUALITY,
        "Case notes are weeks behind, so that figures cannot be trusted.",
        date(2014, 8, 5),
        (
            StepPlan("Backlog of case notes cleared", "Team manager", date(2014, 9, 12), _DONE, date(2014, 9, 10),
                     "Sample of 20 cases checked by the officer."),
            StepPlan("Weekly data report to the officer", "Data lead", date(2014, 10, 10), _ON_COURSE),
            StepPlan("Two caseworkers recruited", "Team manager", date(2014, 12, 5), _NOT_STARTED),
        ),
    ),
    PlanPlan(
        "LAC & SEND placements",
        "Places suspended after inspection",
        Concern.SAFEGUARDING,
        "Two of the nine providers take no new children until their inspector is satisfied.",
        date(2014, 10, 21),
        (
            StepPlan("Visit every child placed with the two providers", "Placements team", date(2014, 11, 7)),
            StepPlan("Action plans of both providers agreed with the inspector", "Providers’ directors",
                     date(2014, 11, 28), _NOT_STARTED),
        ),
    ),
    PlanPlan(
        "Solutions 4",
        "Openness about waiting lists",
        Concern.TRANSPARENCY,
        "The partnership reports only children already seen.",
        date(2014, 9, 3),
        (
            StepPlan("List of all children referred, with dates, sent each month", "Partnership manager",
                     date(2014, 10, 3), _DONE, date(2014, 10, 2), "Received for September."),
            StepPlan("Explain the fall in referrals from schools", "Partnership manager", date(2014, 11, 14)),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class ViewPlan:
    """What the service manager and the supplier said of a month's grade."""

    contract: str
    service_manager: int
    supplier: int
    comment: str
    supplier_comment: str
    month: date = SEPTEMBER

    @property
    def stated_on(self) -> date:
        return date(2014, 10, 2) if self.month == SEPTEMBER else date(2014, 11, 3)


VIEWS: Final = (
    ViewPlan("CAMHS Tier 3", 4, 4, "Waits are coming down, slowly.", "We agree; recruitment is the limit."),
    ViewPlan("CAMHS Tier 3", 5, 5, "Four of six met, and both others move.", "Agreed.", OCTOBER),
    ViewPlan("Short breaks for CWD", 5, 6, "Families are told late.", "Cancellations were outside our control."),
    ViewPlan("Domiciliary care for CWD", 3, 5, "Missed visits put children at risk.",
             "Most of the missed visits were declined by families."),
    ViewPlan("Outreach Support Service", 3, 3, "Figures still not trusted.", "Agreed."),
    ViewPlan("Solutions 4", 3, 4, "No change.", "Referrals are not in our hands."),
)  # fmt: skip

SCORECARDS: Final[dict[str, tuple[tuple[Perspective, Standing, str], ...]]] = {
    "CAMHS Tier 3": (
        (Perspective.PERFORMANCE, Standing.SOUND, "Four of six KPIs met; the other two are improving."),
        (Perspective.RISK, Standing.SOUND, "Amber since May; the plan is in hand."),
        (Perspective.QUALITY, Standing.SOUND, "The panel of parents and young people finds letters clearer."),
        (Perspective.COST, Standing.SOUND, "Within the price agreed; agency costs borne by the trust."),
        (Perspective.OUTCOMES, Standing.STRONG, "Three quarters of paired measures show improvement."),
    ),
    "Domiciliary care for CWD": (
        (Perspective.PERFORMANCE, Standing.WEAK, "Nine visits missed."),
        (Perspective.RISK, Standing.WEAK, "Red for five months."),
        (Perspective.QUALITY, Standing.WEAK, "Two complaints upheld."),
        (Perspective.COST, Standing.SOUND, "Hours not delivered are not paid for."),
        (Perspective.OUTCOMES, Standing.WEAK, "Families turn to relatives for care."),
    ),
}


def write_improvement(contracts: Mapping[str, Contract], *, people: Mapping[str, User]) -> None:
    """By title: plans with their steps, views of September, scorecards."""
    for plan in PLANS:
        _write_plan(plan, contracts[plan.contract])
    views = [view for plan in VIEWS for view in _views(plan, contracts[plan.contract], people[GARLAND])]
    for recorder in {view.recorded_by for view in views}:
        with act("View of the grade recorded", by=recorder):
            GradeView.objects.bulk_create(view for view in views if view.recorded_by == recorder)
    for title, lines in SCORECARDS.items():
        _write_scorecard(contracts[title], lines)


def _write_plan(plan: PlanPlan, contract: Contract) -> None:
    officer = contract.officer
    notice = _write_notice(plan.notice, contract, plan.concern) if plan.notice else None
    with act("Improvement plan agreed", by=officer):
        row = ImprovementPlan.objects.create(
            contract=contract,
            title=plan.title,
            concern=plan.concern,
            words=plan.words,
            agreed_on=plan.agreed_on,
            answers=notice,
            opened_by=officer,
        )
        row.kpis.set(contract.kpis.filter(name__in=plan.kpis))
        PlanStep.objects.bulk_create(
            PlanStep(
                contract=contract,
                plan=row,
                position=position,
                text=step.text,
                owner=step.owner,
                due_on=step.due_on,
                state=step.state,
                evidence=step.evidence,
                done_on=step.done_on,
                done_by=officer if step.done_on else None,
            )
            for position, step in enumerate(plan.steps, start=1)
        )


def _write_notice(plan: NoticePlan, contract: Contract, concern: Concern) -> PerformanceNotice:
    with act("Performance notice issued", by=contract.officer):
        return PerformanceNotice.objects.create(
            contract=contract,
            concern=concern,
            words=plan.words,
            issued_on=plan.issued_on,
            issued_by=contract.officer,
            meeting_by=plan.meeting_by,
            met_on=plan.met_on,
            outcome=NoticeOutcome.PLAN,
        )


def _views(plan: ViewPlan, contract: Contract, manager: User) -> list[GradeView]:
    said = (
        (Side.SERVICE_MANAGER, plan.service_manager, plan.comment, manager.name, manager),
        (Side.SUPPLIER, plan.supplier, plan.supplier_comment, "The provider’s contract lead", contract.officer),
    )
    return [
        GradeView(
            contract=contract,
            month=plan.month,
            side=side,
            score=score,
            comment=comment,
            stated_on=plan.stated_on,
            stated_by=who,
            recorded_by=recorder,
            recorded_at=datetime.combine(plan.stated_on, time(14, 0), tzinfo=LONDON),
        )
        for side, score, comment, who, recorder in said
    ]


def _write_scorecard(contract: Contract, lines: tuple[tuple[Perspective, Standing, str], ...]) -> None:
    month = OCTOBER if contract.returns.that_count().filter(month=OCTOBER).exists() else SEPTEMBER
    day = date(2014, 11, 3) if month == OCTOBER else date(2014, 10, 3)
    with act("Scorecard saved", by=contract.officer):
        ScorecardLine.objects.bulk_create(
            ScorecardLine(
                contract=contract,
                month=month,
                perspective=perspective,
                standing=standing,
                words=words,
                saved_by=contract.officer,
                saved_at=datetime.combine(day, time(15, 30), tzinfo=LONDON),
            )
            for perspective, standing, words in lines
        )
