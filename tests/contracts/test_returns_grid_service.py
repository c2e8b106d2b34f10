"""Many returns saved at once, at the level of the service: one by one judged, locked in one order, never half."""

import threading

import pytest
from django.db import connection

from contracts.choices import ReturnState
from contracts.models import MonthlyReturn
from contracts.services.grid import Entry, save_many
from contracts.services.returns import Figures
from tests.world import OCTOBER

RED = Figures(risk="red", jet_score=2, narrative="Two posts are empty.")


def entries(contracts, figures=RED, *, version=0, submits=True):
    return [Entry(contract.pk, figures, version, submits) for contract in contracts]


def test_each_entry_is_judged_by_itself(world):
    contracts = [world.contract() for _ in range(3)]
    by = world.people["contract_officer"]
    given = [
        *entries(contracts[:1]),
        *entries(contracts[1:2], Figures(risk="red", jet_score=12, narrative="Impossible")),
        *entries(contracts[2:], version=4),
    ]
    outcome = save_many(entries=given, month=OCTOBER, by=by)
    first, second, third = (contract.pk for contract in contracts)
    assert (outcome.returned, list(outcome.faults), outcome.conflicts) == ([first], [second], {third: None})
    assert "jet_score" in outcome.faults[second].message_dict
    assert [row.contract_id for row in MonthlyReturn.objects.all()] == [first]


def test_what_is_too_long_is_refused_for_a_draft_too(world):
    contract = world.contract()
    given = entries([contract], Figures(narrative="x" * 601), submits=False)
    outcome = save_many(entries=given, month=OCTOBER, by=world.people["contract_officer"])
    assert outcome.faults[contract.pk].message_dict == {"narrative": ["Use 600 characters or fewer."]}
    assert not MonthlyReturn.objects.exists()


@pytest.mark.parametrize("submits", [True, False])
@pytest.mark.django_db(transaction=True)
def test_two_people_who_save_the_same_contracts_at_once_in_opposite_orders(world, submits):
    """Locked in one order, they wait for each other instead of for ever, and each contract has one winner."""
    contracts = [world.contract() for _ in range(8)]
    people = [world.people["contract_officer"], world.people["service_manager"]]
    outcomes = {}

    def save(person, given):
        try:
            outcomes[person.pk] = save_many(entries=given, month=OCTOBER, by=person)
        finally:
            connection.close()

    orders = [entries(contracts, submits=submits), entries(contracts[::-1], submits=submits)]
    threads = [threading.Thread(target=save, args=pair) for pair in zip(people, orders, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    everything = sorted(contract.pk for contract in contracts)
    ends = [(sorted(outcomes[person.pk].saved), sorted(outcomes[person.pk].conflicts)) for person in people]
    assert sorted(ends) == [([], everything), (everything, [])]
    rows = MonthlyReturn.objects.all()
    assert {row.version for row in rows} == {1}
    assert {row.state for row in rows} == {ReturnState.SUBMITTED if submits else ReturnState.DRAFT}
    assert len({row.saved_by_id for row in rows}) == 1
    assert len(rows) == 8
