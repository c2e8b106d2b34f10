"""Each act keeps its own name, reason and person, whatever happens around it."""

import datetime

import pghistory
import pghistory.models
import pytest

from accounts.acts import act, moment_of
from commissioning.models import CommissioningUnit, Organisation
from commissioning.services.organisations import add_organisation
from commissioning.services.units import open_unit
from tests.world import TODAY

pytestmark = pytest.mark.django_db


def acts_of(row):
    events = row.events.order_by("pgh_id").select_related("pgh_context")
    return [(event.pgh_context.metadata["act"], event.pgh_context.metadata.get("reason")) for event in events]


def test_an_act_inside_another_renames_nothing():
    host = add_organisation(name="Mercia County Council", kind="council", by=None)
    unit = CommissioningUnit(name="Mercia", code="mercia", kind="joint_team", host=host)
    open_unit(unit=unit, from_day=TODAY, by=None)
    assert acts_of(unit) == [("Unit added", None)]
    assert acts_of(unit.partners.get()) == [("Partner added", None)]


def test_the_outer_act_goes_on_under_its_own_name_and_reason():
    with act("Outer", by=None, reason="Because"):
        before = Organisation.objects.create(name="A", normalised_name="a", kind="other")
        with act("Inner", by=None):
            inside = Organisation.objects.create(name="B", normalised_name="b", kind="other")
        after = Organisation.objects.create(name="C", normalised_name="c", kind="other")
    assert (acts_of(before), acts_of(inside), acts_of(after)) == (
        [("Outer", "Because")],
        [("Inner", None)],
        [("Outer", "Because")],
    )


def test_two_acts_of_one_request_are_two(world):
    """The middleware opens a context around every request."""
    with pghistory.context(act="", actor_name="nobody signed in"):
        with act("First", by=None, reason="Because"):
            first = Organisation.objects.create(name="A", normalised_name="a", kind="other")
        with act("Second", by=None):
            second = Organisation.objects.create(name="B", normalised_name="b", kind="other")
    assert (acts_of(first), acts_of(second)) == ([("First", "Because")], [("Second", None)])


def test_an_act_that_fails_leaves_the_outer_one_as_it_was():
    with act("Outer", by=None):
        with pytest.raises(ZeroDivisionError), act("Inner", by=None):
            _ = 1 / 0
        after = Organisation.objects.create(name="A", normalised_name="a", kind="other")
    assert acts_of(after) == [("Outer", None)]


def test_an_act_says_its_moment_on_the_day_that_people_live_in():
    with act("Now", by=None):
        row = Organisation.objects.create(name="A", normalised_name="a", kind="other")
    event = row.events.select_related("pgh_context").get()
    assert moment_of(event.pgh_context.metadata, event.pgh_created_at).date() == TODAY
    assert event.pgh_created_at.date() != TODAY


def test_what_says_no_moment_happened_when_it_was_recorded():
    recorded = datetime.datetime(2014, 3, 2, 9, 30, tzinfo=datetime.UTC)
    assert moment_of({}, recorded) == recorded
