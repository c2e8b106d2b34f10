"""The statement by hand says of the tests' world what the dashboard says."""

import datetime
import random

import pytest
from django.db import connection

from bench.best import best_statement, values_for
from contracts.models import ReviewRules
from contracts.services.restriction import restrict_contract
from reporting.queries.dashboard import DashboardData, Figures, FiguresNow, OfficerLoad
from tests.reporting.test_concern_statement import chance_contract
from tests.world import make_contract, make_person, make_return

COLUMNS = (
    *("now", "before", "loads", "spend", "providers", "of_concern", "shown", "reviews", "decisions", "ending", "steps"),
)  # fmt: skip


def said_by_hand(user, unit):
    with connection.cursor() as cursor:
        cursor.execute(best_statement("dashboard"), values_for(user, unit=unit, contract=None, text=""))
        return dict(zip(COLUMNS, cursor.fetchone(), strict=True))


@pytest.fixture
def crowd(world):
    """Forty contracts of any history, some devolved, some paid by two, some that end soon; a neighbour; a secret."""
    chance = random.Random(7)
    other = make_person("Sam Fielding", world.council, "contract_officer")
    for number in range(40):
        contract = chance_contract(world, chance)
        contract.officer = chance.choice([contract.officer, other, None])
        contract.management = chance.choice(["central", "central", "devolved"])
        contract.title = chance.choice([f"Short breaks, place {number}", f"Service {number}"])
        contract.initial_end = chance.choice([datetime.date(2015, 3, 31), contract.initial_end])
        contract.save()
    for place in ("Boston", "Lincoln"):
        world.contract(
            title=f"Youth housing, {place}", initial_end=datetime.date(2015, 8, 31), options=[12],
            funding={world.council: 8000, world.ccg: 4000},
        )  # fmt: skip
    make_return(make_contract(world.outsider_unit, title="Neighbour"), risk="red", jet=1)
    secret = world.contract(title="Secret", initial_end=datetime.date(2015, 2, 28))
    make_return(secret, risk="red", jet=1)
    restrict_contract(
        contract=secret, reason="Price talks", named=[world.council], review_on=datetime.date(2015, 3, 1),
        by=world.people["commissioner"],
    )  # fmt: skip
    ReviewRules.objects.create(unit=world.unit, jet_at_most=2, amber_months=3, months_without_return=3)
    return world


@pytest.mark.parametrize("who", ["commissioner", "ccg_commissioner", "contract_officer", "observer", "outsider"])
def test_every_part_is_the_pages(crowd, who):
    user = crowd.people[who]
    unit = crowd.outsider_unit if who == "outsider" else crowd.unit
    page, by_hand = DashboardData(user=user, unit=unit, month_text=None), said_by_hand(user, unit)
    assert FiguresNow(by_hand["now"])._sums == page.now._sums
    assert Figures(by_hand["before"])._sums == page.before._sums
    nobody = {True: "Devolved (service areas)", False: "No officer named"}
    loads = [load | {"name": load["name"] or nobody[load["is_devolved"]]} for load in by_hand["loads"] or []]
    assert sorted(map(str, (OfficerLoad(**load) for load in loads))) == sorted(map(str, page.loads))
    assert by_hand["providers"] == page.providers
    assert by_hand["of_concern"] == [page.concerns_total, page.newly_red]
    listed = {row.concern.contract_id: row for row in [*page.concerns, *page.red]}
    assert {row[0] for row in by_hand["shown"]} == set(listed)
    assert {row[0]: row[4] for row in by_hand["shown"]} == {pk: row.providers or None for pk, row in listed.items()}
    assert [row["title"] for row in by_hand["reviews"] or []] == [row.title for row in page.reviews]
    assert [row["title"] for row in by_hand["decisions"] or []] == [row["text"] for row in page.decisions]
    assert sum(row["number"] for row in by_hand["ending"] or []) == page.ending.shown
    assert [row["text"] for row in by_hand["steps"] or []] == [row.text for row in page.overdue.rows]


def test_the_world_has_something_in_every_part(crowd):
    by_hand = said_by_hand(crowd.people["commissioner"], crowd.unit)
    assert all(by_hand.values())
    assert len(by_hand["shown"]) >= 12
