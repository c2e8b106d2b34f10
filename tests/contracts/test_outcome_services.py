"""Outcomes: added by the officer, proposed by the provider, agreed or declined in words."""

import dataclasses

import pytest
from django.core.exceptions import ValidationError

from commissioning.services.conflict import Conflict
from contracts.choices import OutcomeEffect, OutcomeState, OutcomeTerm
from contracts.models import Outcome
from contracts.services.outcomes import (
    OutcomeDetails,
    add_outcome,
    change_outcome,
    decide_outcome,
    propose_outcome,
)
from reporting.queries.history_of_contract import newest_entries
from tests.kpi_world import make_outcome

SEEN_SOONER = OutcomeDetails(statement="Children are seen sooner", term=OutcomeTerm.SHORT)


@pytest.fixture
def contract(world):
    return world.contract()


@pytest.fixture
def officer(world):
    return world.people["contract_officer"]


@pytest.fixture
def contact(world):
    return world.people["provider_contact"]


@pytest.fixture
def proposed(contract, contact):
    return propose_outcome(contract=contract, details=SEEN_SOONER, by=contact)


def test_what_the_officer_adds_is_agreed(contract, officer):
    outcome = add_outcome(contract=contract, details=SEEN_SOONER, by=officer)
    assert (outcome.state, outcome.proposed_by, outcome.decided_by) == (OutcomeState.AGREED, officer, officer)


def test_what_the_provider_proposes_waits(proposed, contact):
    assert (proposed.state, proposed.proposed_by, proposed.decided_at) == (OutcomeState.PROPOSED, contact, None)


def test_it_is_agreed_or_declined_with_a_note(contract, contact, officer, proposed):
    agreed = decide_outcome(outcome=proposed, agrees=True, note="", version=1, by=officer)
    assert (agreed.state, agreed.decided_by) == (OutcomeState.AGREED, officer)
    other = propose_outcome(contract=contract, details=SEEN_SOONER, by=contact)
    with pytest.raises(ValidationError) as refused:
        decide_outcome(outcome=other, agrees=False, note=" ", version=1, by=officer)
    assert refused.value.message_dict == {"note": ["Say why the outcome is declined. The provider reads it."]}
    declined = decide_outcome(outcome=other, agrees=False, note="Not ours to change", version=1, by=officer)
    assert (declined.state, declined.decision_note) == (OutcomeState.DECLINED, "Not ours to change")


def test_it_is_decided_once(officer, proposed):
    decide_outcome(outcome=proposed, agrees=True, note="", version=1, by=officer)
    with pytest.raises(ValidationError) as refused:
        decide_outcome(outcome=proposed, agrees=False, note="No", version=2, by=officer)
    assert refused.value.messages == ["This outcome has been decided already."]


def test_the_difference_made_is_told_later(contract, officer):
    outcome = make_outcome(contract)
    details = dataclasses.replace(SEEN_SOONER, difference_made="Waits fell from 12 weeks to 6")
    changed = change_outcome(outcome=outcome, details=details, version=1, by=officer)
    assert (changed.difference_made, changed.state, changed.version) == (
        "Waits fell from 12 weeks to 6",
        OutcomeState.AGREED,
        2,
    )


def test_a_provider_changes_what_it_proposed_until_it_is_decided(officer, contact, proposed):
    details = dataclasses.replace(SEEN_SOONER, statement="Children are seen much sooner")
    change_outcome(outcome=proposed, details=details, version=1, by=contact, as_provider=True)
    decide_outcome(outcome=proposed, agrees=True, note="", version=2, by=officer)
    with pytest.raises(ValidationError) as refused:
        change_outcome(outcome=proposed, details=SEEN_SOONER, version=3, by=contact, as_provider=True)
    assert refused.value.messages == ["This outcome has been decided: ask the contract officer to change it."]


def test_nothing_is_said_and_nothing_is_kept(contract, officer):
    with pytest.raises(ValidationError) as refused:
        add_outcome(contract=contract, details=dataclasses.replace(SEEN_SOONER, statement=" "), by=officer)
    assert refused.value.message_dict == {"statement": ["Say what should change, and for whom."]}
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("verb", [change_outcome, decide_outcome])
def test_an_older_page_does_not_overwrite(contract, officer, verb):
    outcome = make_outcome(contract, state=OutcomeState.PROPOSED, version=2)
    more = {"details": SEEN_SOONER} if verb is change_outcome else {"agrees": True, "note": ""}
    with pytest.raises(Conflict) as conflict:
        verb(outcome=outcome, version=1, by=officer, **more)
    assert conflict.value.current == outcome


def test_history_says_what_was_done_in_words(contract, officer, proposed):
    details = dataclasses.replace(SEEN_SOONER, effect=OutcomeEffect.NEUTRAL, difference_made="Waits fell")
    change_outcome(outcome=proposed, details=details, version=1, by=officer)
    decide_outcome(outcome=proposed, agrees=False, note="Not ours", version=2, by=officer)
    told = {entry.title: (entry.changes, entry.reason) for entry in newest_entries(contract, count=200)}
    head = "Outcome “Children are seen sooner”"
    assert told["Outcome proposed by the provider"] == ([f"{head}: short term, intended, positive"], "")
    assert told["Outcome changed"] == (
        [
            f"{head}: short term, intended, positive to short term, intended, neutral",
            f"{head}: difference made “Waits fell”",
        ],
        "",
    )
    assert told["Outcome declined"] == ([f"{head}: declined"], "Not ours")
