"""What a provider's own contact reads, and what the unit keeps to itself."""

import datetime

import pytest

from accounts.permissions import Role
from commissioning.access import scope_of
from commissioning.services.people import give_role
from contracts.models import Contract
from contracts.queries.sight import sees_narrative
from contracts.services.restriction import restrict_contract
from reporting.queries.dashboard_page import DashboardPage
from reporting.queries.sight import with_plans_seen
from tests.permissions.test_scope import national_group
from tests.world import LONG_AGO, make_contract, make_return, make_unit

SOON = {"decide": "2015-05-31"}
SECRET = "We shall move the children elsewhere"


@pytest.fixture
def contract(world):
    """Ends on 31 March 2015; the unit decides four weeks before notice must be given, which is on 31 December."""
    contract = world.contract(title="Respite at Willow House", initial_end=datetime.date(2015, 3, 31))
    make_return(
        contract,
        risk="amber",
        narrative=SECRET,
        saved_by=world.people["contract_officer"],
        submitted_by=world.people["contract_officer"],
    )
    return contract


def page(browser, address, params=None):
    answer = browser.get(address, params or {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_provider_is_not_told_by_a_filter_when_the_unit_decides(world, contract):
    days = ["2014-11-30", "2014-12-03", "2014-12-31", "2015-05-31"]
    of_provider = [
        contract.title in page(world.browser("provider_contact"), "/contracts/", {"decide": day}) for day in days
    ]
    assert of_provider == [False] * 4
    of_unit = [contract.title in page(world.browser("commissioner"), "/contracts/", {"decide": day}) for day in days]
    assert of_unit == [False, True, True, True]


def test_who_commissions_elsewhere_is_not_told_of_the_contract_they_provide(world, contract):
    """A commissioner of another unit who is also the provider's contact: two sights, each with its own limits."""
    user = world.people["outsider"]
    give_role(user=user, organisation=world.provider, role=Role.PROVIDER_CONTACT, since=LONG_AGO, by=None)
    make_unit("Borderland hub", "borderland-hub", world.outsider_council)
    own = make_contract(world.outsider_unit, title="Borderland respite", initial_end=datetime.date(2015, 3, 31))
    browser = world.browser("outsider")
    register = page(browser, "/contracts/")
    assert (own.title in register, contract.title in register) == (True, True)
    decided = page(browser, "/contracts/", SOON)
    assert (own.title in decided, contract.title in decided) == (True, False)
    assert DashboardPage(user=user, unit=None, month_text=None).data.decisions_waiting == 1
    assert SECRET not in page(browser, f"/contracts/{contract.slug}/")


def test_with_national_sight_the_days_of_open_contracts_are_seen(world, contract):
    user = world.people["outsider"]
    user.groups.add(national_group())
    assert contract.title in page(world.browser("outsider"), "/contracts/", SOON)


def test_a_provider_reads_no_word_of_the_unit(world, contract):
    browser = world.browser("provider_contact")
    for address in ("/", "/contracts/", f"/contracts/{contract.slug}/", "/contracts/?q=elsewhere"):
        assert SECRET not in page(browser, address)
        assert "Council Contract officer" in page(world.browser("commissioner"), f"/contracts/{contract.slug}/")


def test_the_condition_and_the_single_answer_agree(world, contract):
    """Over everybody, an open contract and a restricted one that the provider is named on."""
    hidden = world.contract(title="Prices under tender")
    restrict_contract(
        contract=hidden,
        reason="Tender",
        named=[world.council, world.provider],
        review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )
    give_role(
        user=world.people["finance"],
        organisation=world.provider,
        role=Role.PROVIDER_CONTACT,
        since=LONG_AGO,
        by=None,
    )
    make_contract(world.outsider_unit)
    seen_by_finance = None
    for who, user in world.people.items():
        scope = scope_of(user)
        listed = set(Contract.objects.visible_to(user).filter(with_plans_seen(scope)))
        assert (who, listed) == (who, {c for c in Contract.objects.visible_to(user) if sees_narrative(scope, c)})
        seen_by_finance = listed if who == "finance" else seen_by_finance
    assert seen_by_finance == {contract}
