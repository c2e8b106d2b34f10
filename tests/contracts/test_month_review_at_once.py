"""Two people at once in one month, on real connections."""

import pytest

from contracts.choices import ReturnState
from contracts.models import MonthlyReturn, MonthReview
from contracts.queries.month_review import UnitMonth, what_stands
from contracts.services.month_review import Reviewed, accept_returns, close_month, record_meeting, send_back_returns
from contracts.services.returns import Figures, submit_return
from tests.at_once import at_once, while_under_way
from tests.world import OCTOBER, TODAY, make_return

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def people(world):
    return world.people["commissioner"], world.people["ccg_commissioner"]


def close(world, by, stands):
    return close_month(unit=world.unit, month=OCTOBER, stands=stands, is_confirmed=True, note="", by=by)


def test_each_return_is_reviewed_by_one_of_two_who_press_at_once(world):
    first, second = people(world)
    seen = {make_return(world.contract()).pk: 1 for _ in range(6)}
    outcomes = at_once(
        lambda: accept_returns(unit=world.unit, month=OCTOBER, seen=seen, by=first),
        lambda: send_back_returns(
            unit=world.unit, month=OCTOBER, seen=dict(reversed(seen.items())), note="Which posts?", by=second
        ),
    )
    assert kinds(outcomes) == ["Reviewed", "Reviewed"]
    assert sorted(len(outcome.done) for outcome in outcomes) == [0, 6]
    assert sorted(len(outcome.changed) for outcome in outcomes) == [0, 6]
    [state] = set(MonthlyReturn.objects.values_list("state", "version"))
    assert state in {(ReturnState.ACCEPTED, 2), (ReturnState.SENT_BACK, 2)}


def test_of_two_who_close_at_once_one_is_told(world):
    stands = what_stands(people(world)[0], UnitMonth(world.unit, OCTOBER))
    outcomes = at_once(*(lambda by=by: close(world, by, stands) for by in people(world)))
    assert kinds(outcomes) == ["MonthReview", "ValidationError"]
    assert MonthReview.objects.get().is_closed


def test_of_two_first_records_at_once_one_is_told(world):
    def record(by, notes):
        return record_meeting(
            unit=world.unit, month=OCTOBER, version=0, held_on=TODAY, present="A. Person", notes=notes, by=by
        )

    outcomes = at_once(*(lambda by=by: record(by, f"Notes of {by}") for by in people(world)))
    assert kinds(outcomes) == ["Conflict", "MonthReview"]
    assert MonthReview.objects.get().version == 1


def test_nothing_slips_into_a_month_while_it_is_closed(world):
    closer, reviewer = people(world)
    row = make_return(world.contract())
    stands = what_stands(closer, UnitMonth(world.unit, OCTOBER))
    closed, accepted = while_under_way(
        lambda: close(world, closer, stands),
        lambda: accept_returns(unit=world.unit, month=OCTOBER, seen={row.pk: 1}, by=reviewer),
    )
    row.refresh_from_db()
    assert closed.is_closed
    assert "it can be amended with a reason" in accepted.messages[0]
    assert (row.state, MonthReview.objects.get().is_closed) == (ReturnState.SUBMITTED, True)


def test_a_month_is_not_closed_over_what_is_being_accepted(world):
    closer, reviewer = people(world)
    row = make_return(world.contract())
    stands = what_stands(closer, UnitMonth(world.unit, OCTOBER))
    accepted, closed = while_under_way(
        lambda: accept_returns(unit=world.unit, month=OCTOBER, seen={row.pk: 1}, by=reviewer),
        lambda: close(world, closer, stands),
    )
    row.refresh_from_db()
    assert accepted == Reviewed(done=[row], changed=[])
    assert "since you opened this page" in closed.messages[0]
    assert (row.state, MonthReview.objects.count()) == (ReturnState.ACCEPTED, 0)


def test_an_officers_return_and_the_closing_do_not_cross(world):
    closer = people(world)[0]
    contract = world.contract()
    stands = what_stands(closer, UnitMonth(world.unit, OCTOBER))
    closed, submitted = at_once(
        lambda: close(world, closer, stands),
        lambda: submit_return(
            contract=contract,
            month=OCTOBER,
            figures=Figures("green", 6),
            version=0,
            by=world.people["contract_officer"],
        ),
    )
    assert isinstance(closed, MonthReview) != isinstance(submitted, MonthlyReturn)
