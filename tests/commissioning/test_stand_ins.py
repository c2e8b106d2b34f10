"""Standing in for an absent colleague: given, ended, and what it does and does not open."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.permissions import Permission, Role
from commissioning.access import scope_of
from commissioning.models import StandIn
from commissioning.queries import may_stand_in_for
from commissioning.services.stand_ins import end_stand_in, give_stand_in
from contracts.models import Contract
from contracts.queries.standing_in import acting_for, acting_for_each
from contracts.services.restriction import restrict_contract
from contracts.services.returns import Figures, save_draft, submit_return
from tests.world import OCTOBER, TODAY, client_for, make_person

DAY = datetime.timedelta(days=1)
WHOLE = Figures(risk="green", jet_score=6)


@pytest.fixture
def colleague(world):
    return make_person("Kemi Obi", world.council, Role.CONTRACT_OFFICER)


def give(world, colleague, *, since=TODAY, until=TODAY + 10 * DAY, absent=None, by=None):
    absent = absent or world.people["contract_officer"]
    return give_stand_in(absent=absent, stand_in=colleague, since=since, until=until, by=by or absent)


def anew(user):
    """As of the next request: the Scope is read once a request."""
    return User.objects.get(pk=user.pk)


def own(user):
    return set(Contract.objects.visible_to(user, Permission.RETURN_CONTRACTS).for_officer(user))


def test_colleagues_of_the_same_organisation_who_return_contracts_may_stand_in(world, colleague):
    names = {person.name for person in may_stand_in_for(world.people["contract_officer"])}
    assert names == {"Kemi Obi", "Council Service manager", "Council Commissioner"}


@pytest.mark.parametrize("who", ["ccg_commissioner", "finance", "provider_contact", "outsider", "contract_officer"])
def test_nobody_else_may(world, who):
    with pytest.raises(ValidationError) as refused:
        give(world, world.people[who])
    assert refused.value.message_dict == {
        "stand_in": ["Choose somebody of the same organisation who returns contracts."]
    }


@pytest.mark.parametrize(
    ("since", "until", "field", "said"),
    [
        (-1, 5, "since", "The first day is today or later: what was done before stays as it was done."),
        (3, 2, "until", "The last day cannot be before the first."),
        (0, 366, "until", "A stand-in is for a year at most. For longer, change the contracts’ officer."),
    ],
)
def test_days_that_are_refused(world, colleague, since, until, field, said):
    with pytest.raises(ValidationError) as refused:
        give(world, colleague, since=TODAY + since * DAY, until=TODAY + until * DAY)
    assert refused.value.message_dict == {field: [said]}


def test_one_at_a_time(world, colleague):
    give(world, colleague)
    with pytest.raises(ValidationError) as refused:
        give(world, world.people["service_manager"], since=TODAY + 10 * DAY, until=TODAY + 20 * DAY)
    assert refused.value.message_dict == {
        "since": ["Kemi Obi already stands in from 4 November 2014 to 14 November 2014. End that first."]
    }
    give(world, world.people["service_manager"], since=TODAY + 11 * DAY, until=TODAY + 20 * DAY)


@pytest.mark.parametrize(("day", "acts"), [(-1, False), (0, True), (5, True), (6, False)])
def test_it_holds_from_the_first_day_to_the_last(world, colleague, settings, day, acts):
    contract = world.contract()
    start = TODAY + 7 * DAY
    give(world, colleague, since=start, until=start + 5 * DAY)
    settings.DEMO_TODAY = start + day * DAY
    assert own(anew(colleague)) == ({contract} if acts else set())


def test_it_ends_at_once_and_is_given_again(world, colleague):
    world.contract()
    given = give(world, colleague)
    assert len(own(anew(colleague))) == 1
    end_stand_in(given=given, by=world.people["contract_officer"])
    assert own(anew(colleague)) == set()
    give(world, colleague)
    assert len(own(anew(colleague))) == 1


def test_there_are_no_chains(world, colleague):
    world.contract()
    third = make_person("Third Person", world.council, Role.CONTRACT_OFFICER)
    give(world, colleague)
    give(world, third, absent=colleague)
    assert own(anew(third)) == set()


def test_it_lends_no_sight(world, colleague):
    """Restricted to another organisation, or of a unit in which the stand-in has no part."""
    hidden, open_one = world.contract(title="Prices under tender"), world.contract()
    restrict_contract(
        contract=hidden,
        reason="Tender",
        named=[world.ccg],
        review_on=TODAY + 100 * DAY,
        by=world.people["ccg_commissioner"],
    )
    hidden.refresh_from_db()
    before = scope_of(anew(colleague))
    give(world, colleague)
    after = scope_of(anew(colleague))
    assert own(anew(colleague)) == {open_one}
    assert (after.units, after.exceptions) == (before.units, before.exceptions)


def test_the_record_says_a_for_b(world, colleague):
    contract = world.contract()
    give(world, colleague)
    stand_in, absent = anew(colleague), world.people["contract_officer"]
    row = save_draft(contract=contract, month=OCTOBER, figures=WHOLE, version=0, by=stand_in)
    assert (row.saved_by, row.saved_for) == (stand_in, absent)
    row = submit_return(contract=contract, month=OCTOBER, figures=WHOLE, version=1, by=stand_in)
    assert (row.submitted_by, row.submitted_for) == (stand_in, absent)
    said = row.events.order_by("-pgh_id").first().pgh_context.metadata
    assert (said["actor_name"], said["on_behalf_of_name"]) == ("Kemi Obi", "Council Contract officer")
    text = client_for(stand_in).get(f"/returns/2014-10/{contract.slug}/").content.decode()
    assert "By Kemi Obi for Council Contract officer" in " ".join(text.split())


def test_ones_own_contract_is_returned_in_ones_own_name(world, colleague):
    contract = world.contract()
    contract.deputies.add(colleague)
    give(world, colleague)
    assert acting_for(contract, anew(colleague)) is None


def test_the_officer_comes_before_the_manager_and_the_deputy(world, colleague):
    manager, officer = world.people["service_manager"], world.people["contract_officer"]
    both, managed, deputised = (
        world.contract(service_manager=manager),
        world.contract(officer=None, service_manager=manager),
        world.contract(officer=None),
    )
    deputised.deputies.add(officer)
    give(world, colleague)
    give(world, colleague, absent=manager)
    found = acting_for_each([both, managed, deputised], anew(colleague))
    assert found == {both.pk: officer, managed.pk: manager, deputised.pk: officer}


@pytest.mark.parametrize("number", [1, 30])
def test_whom_one_acts_for_costs_two_queries(world, colleague, django_assert_num_queries, number):
    contracts = [world.contract() for _ in range(number)]
    give(world, colleague)
    person = anew(colleague)
    scope_of(person)
    with django_assert_num_queries(2):
        acting_for_each(contracts, person)


# On the pages


def test_a_person_names_their_stand_in_and_ends_it(world, colleague):
    browser = world.browser("contract_officer")
    sent = {"stand_in": colleague.pk, "since": "4 November 2014", "until": "14 November 2014"}
    text = browser.post("/standing-in/", sent, follow=True).content.decode()
    assert "Kemi Obi stands in for Council Contract officer from 4 November 2014 to 14 November 2014." in text
    contract = world.contract()
    theirs = client_for(colleague)
    assert "You stand in for Council Contract officer" in theirs.get("/returns/2014-10/").content.decode()
    page = theirs.get(f"/returns/2014-10/{contract.slug}/").content.decode()
    assert "recorded as “Kemi Obi for Council Contract officer”" in page
    given = StandIn.objects.get()
    browser.post(f"/standing-in/{given.pk}/end/")
    assert theirs.get(f"/returns/2014-10/{contract.slug}/").status_code == 403


def test_faults_stand_beside_the_fields_and_what_was_typed_stays(world, colleague):
    sent = {"stand_in": colleague.pk, "since": "3 November 2014", "until": "soon"}
    text = world.browser("contract_officer").post("/standing-in/", sent).content.decode()
    assert "To: enter a real date, such as 31 March 2026" in text
    assert 'value="soon"' in text
    assert f'<option value="{colleague.pk}" selected>' in text


def test_the_administrator_names_one_for_somebody_who_is_away(world, colleague):
    absent = world.people["contract_officer"]
    address = f"/people/{world.council.pk}/{absent.pk}/stand-in/"
    browser = world.browser("organisation_administrator")
    sent = {"stand_in": colleague.pk, "since": "4 November 2014", "until": "14 November 2014"}
    assert "Kemi Obi stands in" in browser.post(address, sent, follow=True).content.decode()
    given = StandIn.objects.get()
    assert (given.given_by, given.absent) == (world.people["organisation_administrator"], absent)
    answer = browser.post(f"/standing-in/{given.pk}/end/", {"organisation": world.council.pk})
    assert answer.url == address
    given.refresh_from_db()
    assert given.ended_on == TODAY


def test_strangers_end_nobodys_stand_in(world, colleague):
    given = give(world, colleague)
    for who in ("ccg_commissioner", "outsider", "finance", "commissioner"):
        assert world.browser(who).post(f"/standing-in/{given.pk}/end/").status_code == 404
