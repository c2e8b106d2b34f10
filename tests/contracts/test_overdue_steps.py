"""Overdue steps of improvement plans: in sets, on the review, the worklist, the dashboard and the register."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.choices import StepState
from contracts.queries.month_review import UnitMonth, month_review_page, what_stands
from contracts.queries.overdue_steps import overdue_steps
from contracts.rules.concern import ConcernRules
from contracts.services.month_review import close_month
from contracts.services.restriction import restrict_contract
from contracts.services.review_rules import change_rules
from tests.plan_world import make_plan, make_step
from tests.world import OCTOBER, TODAY, make_contract, make_return

REVIEW = "/returns/2014-10/review/mercia-children/"
SEPTEMBER = datetime.date(2014, 9, 1)


def texts(world, who, **asked):
    return [overdue.step.text for overdue in overdue_steps(world.people[who], **{"day": TODAY} | asked)]


def page(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def contract(world):
    """Green and good, so that nothing but its steps can make it a concern."""
    contract = world.contract(title="CAMHS Tier 3")
    for month in (SEPTEMBER, OCTOBER):
        make_return(contract, month)
    return contract


def closed_plan(world, contract, on):
    return make_plan(
        contract, closed_on=on, closed_by=world.people["contract_officer"], closing_words="The provider left."
    )


# In sets


def test_what_is_overdue(world, contract):
    make_step(contract, text="Four days", due_on=datetime.date(2014, 10, 31))
    make_step(contract, text="Long ago", due_on=datetime.date(2014, 6, 30), state=StepState.LATE)
    make_step(contract, text="Today", due_on=TODAY)
    make_step(contract, text="Done", state=StepState.DONE)
    make_step(contract, text="Of a closed plan", plan=closed_plan(world, contract, TODAY))
    assert texts(world, "commissioner") == ["Long ago", "Four days"]
    assert [overdue.words for overdue in overdue_steps(world.people["commissioner"], day=TODAY)] == [
        "127 days late",
        "4 days late",
    ]
    assert contract.plan_steps.overdue_now(TODAY).count() == 2


def test_what_was_overdue_on_an_earlier_day(world, contract):
    make_step(contract, text="Done since", due_on=datetime.date(2014, 9, 30), state=StepState.DONE, done_on=TODAY)
    make_step(
        contract, text="Closed since", due_on=datetime.date(2014, 9, 30), plan=closed_plan(world, contract, TODAY)
    )
    make_step(contract, text="Due since", due_on=datetime.date(2014, 10, 31))
    make_step(
        contract, text="Agreed since", due_on=datetime.date(2014, 10, 1), plan=make_plan(contract, agreed_on=TODAY)
    )
    assert texts(world, "commissioner", day=datetime.date(2014, 10, 10)) == ["Done since", "Closed since"]
    assert texts(world, "commissioner") == ["Agreed since", "Due since"]


def test_nobody_is_told_of_steps_out_of_sight(world, contract):
    make_step(contract, text="Ours")
    make_step(world.contract(providers=[world.other_provider]), text="Of another provider")
    make_step(make_contract(world.outsider_unit), text="Of another unit")
    restricted = world.contract()
    make_step(restricted, text="Restricted")
    restrict_contract(
        contract=restricted,
        reason="Tender",
        named=[world.council],
        review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )
    assert sorted(texts(world, "commissioner")) == ["Of another provider", "Ours", "Restricted"]
    assert sorted(texts(world, "ccg_commissioner")) == ["Of another provider", "Ours"]
    assert texts(world, "provider_contact") == ["Ours"]
    assert texts(world, "outsider") == ["Of another unit"]
    assert texts(world, "commissioner", unit=world.outsider_unit) == []
    for address in ("/", REVIEW, "/returns/2014-10/?show=everyone"):
        shown = page(world.browser("ccg_commissioner"), address)
        assert "Restricted" not in shown.replace("Restricted</label>", "")
        assert "Of another unit" not in shown


# The review


def reviewed(world, who="commissioner"):
    return month_review_page(world.people[who], UnitMonth(world.unit, OCTOBER))


def test_the_review_names_late_steps_as_a_concern(world, contract):
    assert reviewed(world).concern == []
    make_step(contract)
    [row] = reviewed(world).concern
    assert row.reasons == ("Improvement plan: 1 step overdue",)
    shown = page(world.browser("commissioner"), REVIEW)
    assert "Overdue steps of improvement plans (1)" in shown
    assert shown.count("Recruit two assessment clinicians") == 2  # on the card, and in the section
    for paper in ("agenda/", "minutes/"):
        assert "Recruit two assessment clinicians" in page(world.browser("commissioner"), REVIEW + paper)


def test_a_unit_says_how_many_late_steps_are_a_concern(world, contract):
    make_step(contract)
    for steps, named in ((2, []), (None, []), (1, ["CAMHS Tier 3"])):
        version = world.unit.review_rules.version if hasattr(world.unit, "review_rules") else 0
        change_rules(
            unit=world.unit, rules=ConcernRules(steps_overdue=steps), version=version, by=world.people["commissioner"]
        )
        world.unit.refresh_from_db()
        assert [row.contract.title for row in reviewed(world).concern] == named


def test_a_closed_month_keeps_what_was_late_when_it_was_closed(world, contract):
    commissioner, step = world.people["commissioner"], make_step(contract)
    closed = close_month(
        unit=world.unit,
        month=OCTOBER,
        note="",
        stands=what_stands(commissioner, UnitMonth(world.unit, OCTOBER)),
        is_confirmed=True,
        by=commissioner,
    )
    make_step(contract, text="Due the day before", due_on=TODAY - datetime.timedelta(days=1), plan=step.plan)
    assert [overdue.step for overdue in reviewed(world).steps][:1] == [step]
    closed.rules_then.pop("steps_overdue")
    closed.save()
    assert reviewed(world).concern == []


# The worklist, the dashboard, the register


def test_the_worklist_counts_them(world, contract):
    plan = make_plan(contract)
    for _ in range(2):
        make_step(contract, plan=plan)
    assert "2 steps overdue" in page(world.browser("contract_officer"), "/returns/2014-10/")
    assert "2 steps overdue" in page(world.browser("commissioner"), "/returns/2014-10/?show=everyone")


def test_the_dashboard_shows_the_longest_overdue(world, contract):
    plan = make_plan(contract)
    assert "Overdue improvement steps" not in page(world.browser("commissioner"), "/")
    for number in range(8):
        make_step(contract, plan=plan, text=f"Step {number}.", due_on=datetime.date(2014, 10, 31 - number))
    shown = page(world.browser("commissioner"), "/")
    assert "Overdue improvement steps: 8" in shown
    assert "6 of 8 shown, longest overdue first" in shown
    assert [text in shown for text in ("Step 7.", "Step 2.", "Step 1.")] == [True, True, False]
    assert 'href="/contracts/?steps=overdue"' in shown
    theirs = page(world.browser("provider_contact"), "/")
    assert "Overdue improvement steps: 8" in theirs


def test_the_register_finds_contracts_with_late_steps(world, contract):
    make_step(contract)
    world.contract(title="All well")
    shown = page(world.browser("commissioner"), "/contracts/?steps=overdue")
    assert "CAMHS Tier 3" in shown
    assert "All well" not in shown


@pytest.mark.parametrize(
    ("address", "who", "queries"),
    [
        ("/", "commissioner", 9),
        (REVIEW, "commissioner", 14),
        ("/returns/2014-10/", "contract_officer", 8),
        ("/returns/2014-10/?show=everyone", "commissioner", 10),
    ],
)
def test_as_many_queries_for_thirty_as_for_one(world, address, who, queries):
    def asked():
        browser = world.browser(who)
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    for number in (1, 29):
        for _ in range(number):
            contract = world.contract()
            make_return(contract, risk="red")
            make_step(contract)
        assert asked() == queries
