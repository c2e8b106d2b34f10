"""Who is on the list of concern, and in which order: the statement and the rules say the same of any histories."""

import datetime
import random

import pytest

from contracts.choices import ReturnState, Risk
from contracts.models import ImprovementPlan, MonthReview
from contracts.queries.assessed import Assessed, assessed_of
from contracts.queries.concern_rules import UnitRules
from contracts.rules.concern import LEAVES, ConcernRules, MonthSaid, concern_note
from contracts.rules.returns import View, months_back
from reporting.queries.concern import concern_of
from reporting.queries.dashboard_counted import counted
from reporting.queries.dashboard_statement import counted_in
from reporting.queries.month import chosen_month
from reporting.queries.words import jet_value
from tests.contracts.test_month_review import make_view
from tests.kpi_world import make_kpi, make_reading
from tests.plan_world import make_step
from tests.world import OCTOBER, TODAY, make_return

RULES = (
    ConcernRules(),
    ConcernRules(red=False, jet_at_most=None, amber_months=2),
    ConcernRules(jet_at_most=5, jet_fall_at_least=1, months_without_return=1, amber_months=3),
    ConcernRules(contradicts_kpis=False, disagreement_at_least=3, jet_fall_at_least=None, steps_overdue=2),
    ConcernRules(jet_at_most=None, months_without_return=4, amber_months=None, steps_overdue=None),
    ConcernRules(
        red=False, jet_at_most=None, jet_fall_at_least=3, months_without_return=12, amber_months=12,
        contradicts_kpis=True, disagreement_at_least=1, steps_overdue=None,
    ),
    ConcernRules(
        red=False, jet_at_most=None, jet_fall_at_least=None, months_without_return=None, amber_months=None,
        contradicts_kpis=False, disagreement_at_least=None, steps_overdue=None,
    ),
)  # fmt: skip


def chance_contract(world, chance):
    """With a year and more of returns: runs of a colour, gaps, grades not given, drafts, a late start."""
    started = chance.choice([datetime.date(2013, 4, 1)] * 4 + [datetime.date(2014, 8, 15), datetime.date(2014, 10, 9)])
    asked_from = chance.choice([None, None, None, datetime.date(2014, 7, 1)])
    contract = world.contract(start=started, initial_end=datetime.date(2016, 3, 31), returns_from=asked_from)
    risk, jet, gaps = chance.choice(list(Risk)), chance.randint(2, 8), chance.choice([0, 0.1, 0.5, 1])
    for back in range(14, -1, -1):
        if chance.random() < 0.25:
            risk = chance.choice(list(Risk))
        jet = min(9, max(1, jet + chance.choice([-2, -1, 0, 0, 0, 1, 1])))
        if chance.random() < gaps:
            continue
        state = chance.choice([ReturnState.DRAFT, *[ReturnState.ACCEPTED] * 9]) if back else ReturnState.SUBMITTED
        graded = None if chance.random() < 0.15 else jet
        make_return(contract, months_back(OCTOBER, back), risk=risk, jet=graded, state=state)
    for _ in range(chance.choice([0, 0, 1, 2])):
        make_reading(make_kpi(contract), chance.choice([80, 96, 100]))
    if chance.random() < 0.3:
        make_view(contract, chance.choice(["supplier", "service_manager"]), chance.randint(1, 9))
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        make_step(contract, due_on=chance.choice([datetime.date(2014, 10, 31), datetime.date(2014, 11, 30)]))
    return contract


def said_of(contract, month, *, is_over):
    """What the rules in Python read of one contract, each fact by the query of the review."""
    views = {
        row.month: View(Risk(row.risk), jet_value(row.risk, row.jet_score))
        for row in contract.returns.that_count()
        if row.month in month.history
    }
    said = [
        MonthSaid(day, views.get(day),
                  is_owed=day not in views and contract.expects_return(day) and (day < month.month or is_over))
        for day in month.history
    ]  # fmt: skip
    score = views[month.month].jet if month.month in views else None
    assessed = assessed_of({contract.pk: score}, month.month)[contract.pk] if isinstance(score, int) else Assessed()
    late = contract.plan_steps.overdue_now(month.as_at).count()
    return (*said[:-1], assessed.said_of(said[-1])._replace(steps_overdue=late))


def is_newly_red(history):
    own = history[-1].view
    earlier = [said.view.risk for said in reversed(history[:-1]) if said.view is not None]
    return own is not None and own.risk == Risk.RED and earlier[:1] != [Risk.RED]


def view_of(history, *, is_over):
    return history[-1].view or (None if is_over else history[-2].view)


def risk_of(history, *, is_over):
    view = view_of(history, is_over=is_over)
    return view.risk if view else ""


def place(pk, note, history, *, is_over):
    """Worst and newest first: as the page's reader is told."""
    view = view_of(history, is_over=is_over)
    known = [said.view.risk for said in reversed(history) if said.view is not None]
    run = next((number for number, risk in enumerate(known) if risk != Risk.RED), len(known))
    if note == LEAVES:
        group = 4
    elif is_newly_red(history):
        group = 0
    elif view is not None and view.risk == Risk.RED:
        group = 1
    else:
        group = 2 if view is None else 3
    jet = view.jet if view is not None and isinstance(view.jet, int) else 10
    return (group, jet, -run, pk)


def listed(world, month, rules, *, who="commissioner"):
    user = world.people[who]
    contracts = counted(user, None, month, closed=rules.closed, closed_before=rules.closed_before)
    return counted_in(contracts, month, rules=rules, user_id=user.pk, named_shown=10_000, red_shown=10_000)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("day", [TODAY, datetime.date(2014, 11, 20)])
def test_the_statement_says_what_the_rules_say(world, settings, seed, day):
    settings.DEMO_TODAY = day
    chance = random.Random(seed)
    contracts = [chance_contract(world, chance) for _ in range(70)]
    month = chosen_month(None, today=day)
    by = world.people["commissioner"]
    closed = MonthReview.objects.create(unit=world.unit, month=OCTOBER, closed_at=by.date_joined, closed_by=by)
    is_due = day > month.due(world.unit.return_working_day)
    for reviews, is_over in (((), is_due), ((closed,), True)):
        histories = {contract.pk: said_of(contract, month, is_over=is_over) for contract in contracts}
        for its in RULES:
            rules = UnitRules(OCTOBER, {world.unit.pk: its}, reviews)
            notes = {pk: concern_note(history, its) for pk, history in histories.items()}
            reds = {pk for pk, history in histories.items() if risk_of(history, is_over=is_over) == Risk.RED}
            expected = [pk for pk, note in notes.items() if note or pk in reds]
            expected.sort(key=lambda pk: place(pk, notes[pk], histories[pk], is_over=is_over))
            found = listed(world, month, rules)
            assert [row["id"] for row in found.shown] == expected
            assert found.named == sum(bool(note) for note in notes.values())
            assert found.newly_red == sum(is_newly_red(histories[pk]) for pk in reds)
            assert sum(bool(concern_of(row, month, rules).note) for row in found.shown) == found.named


def test_nothing_that_stands_beside_the_grade_names_a_contract_to_its_provider(world):
    against, disputed, late = (world.contract() for _ in range(3))
    for contract in (against, disputed, late):
        for back in range(12):
            make_return(contract, months_back(OCTOBER, back), jet=7)
    make_reading(make_kpi(against), 80)
    make_view(disputed, score=1)
    make_step(late)
    month, rules = chosen_month(None, today=TODAY), UnitRules(OCTOBER, {}, ())
    assert [row["id"] for row in listed(world, month, rules).shown] == [against.pk, disputed.pk, late.pk]
    assert listed(world, month, rules, who="provider_contact").shown == []
    assert ImprovementPlan.objects.count() == 1
