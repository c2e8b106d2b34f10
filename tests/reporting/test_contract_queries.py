"""How often the page of a contract asks, whoever looks and however much hangs on the contract."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.choices import ActRating, LifeEventKind, Perspective, Side, Standing
from contracts.models import Duty, GradeView, LifeEvent, ReviewAction, ScorecardLine, StatutoryRating
from contracts.rules.returns import months_back
from tests.boards import hold_meetings
from tests.kpi_world import MOMENT, make_kpi, make_outcome, make_reading
from tests.plan_world import make_notice, make_plan, make_step
from tests.review_world import make_review
from tests.world import OCTOBER, make_return


@pytest.fixture
def whole(world):
    """A contract with a row at least in each of its sections, and others in sight that have them too."""
    contracts = [world.contract(options=[12], funding={world.council: 8000, world.ccg: 4000}) for _ in range(2)]
    for contract in contracts:
        hold_meetings(world, contract)
        make_review(world, contracts=[contract], title=f"Review of {contract.title}")
        for side in Side:
            GradeView.objects.create(
                contract=contract,
                month=OCTOBER,
                side=side,
                score=4,
                stated_on=OCTOBER,
                stated_by="A",
                recorded_at=MOMENT,
            )
        for perspective in Perspective:
            ScorecardLine.objects.create(
                contract=contract, month=OCTOBER, perspective=perspective, standing=Standing.values[0], saved_at=MOMENT
            )
        add_rows(world, contract, 1)
    return contracts[0]


def add_rows(world, contract, count):
    boss = world.people["commissioner"]
    for number in range(count):
        month = months_back(OCTOBER, contract.returns.count())
        make_return(contract, month, risk="amber", jet=4, submitted_by=boss)
        kpi = make_kpi(contract)
        for back in range(3):
            make_reading(kpi, 89 + number / 10, months_back(OCTOBER, back))
        make_outcome(contract)
        plan = make_plan(contract, kpis=[kpi])
        make_step(contract, plan=plan)
        make_notice(contract)
        Duty.objects.create(contract=contract, title="Notice", law="Section 75", done_by=boss, done_on=OCTOBER)
        LifeEvent.objects.create(
            contract=contract, kind=LifeEventKind.values[0], on=OCTOBER, recorded_at=MOMENT, recorded_by=boss
        )
        StatutoryRating.objects.create(
            contract=contract, from_month=month, to_month=month, proposed=ActRating.values[0],
            rating=ActRating.values[0], rated_at=MOMENT, rated_by=boss,
        )  # fmt: skip
        ReviewAction.objects.create(
            contract=contract, month=OCTOBER, text="Say why", owner="A", due_on=OCTOBER, provider=world.provider,
            noted_at=MOMENT, noted_by=boss,
        )  # fmt: skip


def asked(world, who, address):
    browser = world.browser(who)
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("who", "count"),
    [("commissioner", 17), ("contract_officer", 17), ("observer", 17), ("auditor", 17), ("provider_contact", 11)],
)
def test_the_page_asks_as_often_for_thirty_rows_as_for_one(world, whole, who, count):
    address = whole.get_absolute_url()
    assert asked(world, who, address) == count
    add_rows(world, whole, 29)
    assert asked(world, who, address) == count


def test_the_page_of_a_contract_of_which_nothing_is_known_asks_for_less(world):
    contract = world.contract(providers=[], officer=None)
    assert asked(world, "commissioner", contract.get_absolute_url()) == 11
