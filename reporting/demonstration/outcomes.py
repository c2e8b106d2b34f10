"""Outcomes of a few contracts, some of them proposed by their providers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from accounts.acts import act
from accounts.models import User
from contracts.choices import OutcomeEffect, OutcomeState, OutcomeTerm
from contracts.models import Contract, Outcome

from .people import PROVIDER_CONTACT
from .returns import LONDON


@dataclass(frozen=True)
class OutcomePlan:
    contract: str
    statement: str
    term: OutcomeTerm
    measured_by: str
    difference: str = ""
    effect: OutcomeEffect = OutcomeEffect.POSITIVE
    is_intended: bool = True
    state: OutcomeState = OutcomeState.AGREED


OUTCOMES: Final = (
    OutcomePlan("CAMHS Tier 3", "Children and young people feel better and manage at school and at home",
                OutcomeTerm.MEDIUM, "Paired outcome measures at the start and after six months",
                "Three in four show improvement, up from two in three in the spring."),
    OutcomePlan("CAMHS Tier 3", "Families know what happens while they wait", OutcomeTerm.SHORT,
                "Questions asked by the parents’ and young people’s panel",
                "Letters were rewritten with the panel; fewer calls ask where a child is on the list."),
    OutcomePlan("CAMHS Tier 3", "Schools send children to the emergency department while they wait", OutcomeTerm.SHORT,
                "Attendances counted by the hospitals", "Eleven attendances in September, nine in October.",
                OutcomeEffect.NEGATIVE, is_intended=False),
    OutcomePlan("Short breaks for CWD", "Parents and carers have a rest they can rely on", OutcomeTerm.SHORT,
                "Survey after each quarter", "Fewer can since the summer: weekends were cancelled."),
    OutcomePlan("Short breaks for CWD", "Children choose and enjoy what they do", OutcomeTerm.MEDIUM,
                "Each child’s plan, looked at with them every six months"),
    OutcomePlan("Family Support, Boston", "Parents manage without a social worker six months on", OutcomeTerm.LONG,
                "Cases opened again within six months", "One in five was opened again, as last year."),
    OutcomePlan("Family Support, Boston", "Parents meet and help one another after the group ends", OutcomeTerm.MEDIUM,
                "Number of groups that parents run themselves", state=OutcomeState.PROPOSED),
)  # fmt: skip
_AGREED_AT: Final = datetime.combine(date(2013, 11, 12), time(10, 30), tzinfo=LONDON)
_PROPOSED_AT: Final = datetime.combine(date(2014, 10, 29), time(15, 10), tzinfo=LONDON)


def write_outcomes(contracts: Mapping[str, Contract], *, people: Mapping[str, User]) -> None:
    """By title; what is agreed by each contract's officer, what is proposed by the provider's contact."""
    for plan in OUTCOMES:
        contract = contracts[plan.contract]
        is_proposed = plan.state == OutcomeState.PROPOSED
        by = people[PROVIDER_CONTACT] if is_proposed else contract.officer
        with act("Outcome proposed" if is_proposed else "Outcome agreed", by=by):
            Outcome.objects.create(
                contract=contract,
                statement=plan.statement,
                term=plan.term,
                is_intended=plan.is_intended,
                effect=plan.effect,
                measured_by=plan.measured_by,
                difference_made=plan.difference,
                state=plan.state,
                proposed_by=by,
                proposed_at=_PROPOSED_AT if is_proposed else _AGREED_AT,
                decided_by=None if is_proposed else by,
                decided_at=None if is_proposed else _AGREED_AT,
            )
