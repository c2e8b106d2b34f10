"""What happens in the life of Lincolnshire's contracts: KPIs, plans, boards, reviews, options taken up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time

from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit
from contracts.choices import LifeEventKind
from contracts.models import Contract, LifeEvent
from contracts.rules.terms import add_months

from .boards import write_boards
from .improvement import write_improvement
from .kpis import MeasuredPlan, write_kpis
from .outcomes import write_outcomes
from .returns import LONDON
from .service_reviews import write_service_reviews


def write_life(
    unit: CommissioningUnit,
    measured: Sequence[MeasuredPlan],
    contracts: Sequence[Contract],
    *,
    people: Mapping[str, User],
    by: User,
) -> None:
    """After the register and its returns."""
    read = Contract.objects.filter(pk__in=[contract.pk for contract in contracts])
    stored = list(read.select_related("unit__host", "officer", "service_area"))
    write_kpis(measured, {contract.reference: contract for contract in stored}, by=by)
    by_title = {contract.title: contract for contract in stored}
    write_improvement(by_title, people=people)
    write_outcomes(by_title, people=people)
    write_boards(by_title, people=people)
    write_service_reviews(unit, stored, by=by)
    _record_options(stored)


def _record_options(contracts: Sequence[Contract]) -> None:
    """Each option taken up as an event of the contract's life, by whoever took it up."""
    events = []
    for contract in Contract.objects.filter(pk__in=[row.pk for row in contracts]).prefetch_related(
        "options__exercised_by"
    ):
        end = contract.initial_end
        months = 0
        for option in contract.options.all():
            if option.exercised_on is None or end is None or contract.initial_end is None:
                break
            months += option.months_that_count
            after = add_months(contract.initial_end, months)
            events.append(
                LifeEvent(
                    contract=contract,
                    kind=LifeEventKind.OPTION_EXERCISED,
                    on=option.exercised_on,
                    takes_effect_on=end,
                    words=f"Option {option.position} of {option.months} months.",
                    end_before=end,
                    end_after=after,
                    recorded_at=datetime.combine(option.exercised_on, time(10, 0), tzinfo=LONDON),
                    recorded_by=option.exercised_by,
                )
            )
            end = after
    by_person: dict[User, list[LifeEvent]] = defaultdict(list)
    for event in events:
        assert event.recorded_by is not None
        by_person[event.recorded_by].append(event)
    for person, theirs in by_person.items():
        with act("Option to extend exercised", by=person):
            LifeEvent.objects.bulk_create(theirs)
