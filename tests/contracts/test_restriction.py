"""Restriction and its end, at their pages."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.grants import grants_on
from accounts.permissions import Role
from commissioning.services.partners import change_level, leave_unit
from contracts.models import Contract, ContractGroupObjectPermission, ContractRestriction
from contracts.services.restriction import lift_restriction, restrict_contract
from tests.world import TODAY


@pytest.fixture
def browser(world):
    return world.browser("commissioner")


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def errors_of(answer):
    return {name: [str(e) for e in sentences] for name, sentences in answer.context["form"].errors.items()}


def page_of(contract, name):
    return f"/contracts/{contract.slug}/{name}/"


def restriction(*named, **changes):
    return {
        "reason": "Prices under tender.",
        "review_on": "31 March 2015",
        "named": [body.pk for body in named],
    } | changes


def test_a_restricted_contract_exists_for_those_named_only(world, browser):
    contract = world.contract(title="Secret placements")
    answer = browser.post(page_of(contract, "restrict"), restriction(world.council))
    assert said(answer) == [f"{contract.reference} is restricted. It is open to Mercia County Council only."]
    row = ContractRestriction.objects.get()
    assert (row.reason, row.decided_by, row.decided_on, row.review_on, list(row.named.all())) == (
        "Prices under tender.",
        world.people["commissioner"],
        TODAY,
        datetime.date(2015, 3, 31),
        [world.council],
    )
    assert world.browser("ccg_commissioner").get(page_of(contract, "change")).status_code == 404
    assert world.browser("observer").get(page_of(contract, "change")).status_code == 404
    assert world.browser("provider_contact").get(page_of(contract, "change")).status_code == 404
    assert browser.get(page_of(contract, "change")).status_code == 200
    assert [who for who, user in world.people.items() if Contract.objects.visible_to(user).exists()] == [
        "commissioner", "contract_officer", "board_secretary", "service_manager", "finance", "clinical_lead", "auditor",
    ]  # fmt: skip


def test_lifting_opens_it_to_the_partners_again(world, browser):
    contract = world.contract()
    browser.post(page_of(contract, "restrict"), restriction(world.council, world.provider))
    assert grants_on(contract) != set()
    page = browser.get(page_of(contract, "lift")).content.decode()
    assert "Prices under tender." in page
    assert errors_of(browser.post(page_of(contract, "lift"), {})) == {"reason": ["Give the reason."]}
    answer = browser.post(page_of(contract, "lift"), {"reason": "The tender is over."})
    assert said(answer) == [f"{contract.reference} is open to all partners of the unit again."]
    assert grants_on(contract) == set()
    assert world.browser("ccg_commissioner").get(page_of(contract, "change")).status_code == 200
    assert browser.get(page_of(contract, "lift")).status_code == 404


def test_nobody_locks_themselves_out(world, browser):
    contract = world.contract()
    answer = browser.post(page_of(contract, "restrict"), restriction(world.ccg))
    assert errors_of(answer) == {
        "named": ["Name your own organisation too, or you could neither see the contract nor lift the restriction."]
    }
    assert not ContractRestriction.objects.exists()


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"reason": ""}, {"reason": ["Give the reason."]}),
        ({"review_on": "3 November 2014"}, {"__all__": ["The review date cannot be before the decision."]}),
        ({"named": []}, {"named": ["Name at least your own organisation."]}),
    ],
)
def test_a_restriction_lacks_nothing(world, browser, changes, faults):
    answer = browser.post(page_of(world.contract(), "restrict"), restriction(world.council) | changes)
    assert errors_of(answer) == faults
    assert not ContractRestriction.objects.exists()


def test_only_partners_and_providers_can_be_named(world, browser):
    contract = world.contract()
    offered = browser.get(page_of(contract, "restrict")).context["form"].fields["named"].queryset
    assert set(offered) == {world.council, world.ccg, world.observer_body, world.provider}
    answer = browser.post(page_of(contract, "restrict"), restriction(world.council, world.outsider_council))
    assert set(errors_of(answer)) == {"named"}


def named_grants(contract):
    """(organisation, role, permission) of every exception, as words."""
    rows = ContractGroupObjectPermission.objects.filter(content_object=contract)
    return {
        (row.group.organisation_role.organisation.name, row.group.organisation_role.role, row.permission.codename)
        for row in rows.select_related("group__organisation_role__organisation", "permission")
    }


LOOK = "view_contracts"


FULL_ON_A_CONTRACT = {
    ("commissioner", p)
    for p in ("view_contracts", "edit_contracts", "return_contracts", "review_returns", "export_contracts",
              "restrict_contracts")
} | {
    ("contract_officer", "view_contracts"), ("contract_officer", "return_contracts"),
    ("contract_officer", "export_contracts"),
    ("board_secretary", "view_contracts"), ("board_secretary", "export_contracts"),
    ("service_manager", "view_contracts"), ("service_manager", "return_contracts"),
    ("service_manager", "export_contracts"),
    ("finance", "view_contracts"), ("finance", "export_contracts"),
    ("clinical_lead", "view_contracts"),
    ("auditor", "view_contracts"), ("auditor", "export_contracts"), ("auditor", "view_audit"),
}  # fmt: skip


def of(name, pairs):
    return {(name, role, permission) for role, permission in pairs}


def test_the_exact_exceptions_follow_the_partnership(world):
    contract = world.contract()
    restrict_contract(
        contract=contract,
        reason="Tender",
        named=[world.council, world.ccg, world.provider],
        review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )
    council = of("Mercia County Council", FULL_ON_A_CONTRACT)
    named = {(role, what) for role, what in FULL_ON_A_CONTRACT if what != "restrict_contracts"}
    own = {("Willow Homes Ltd", str(Role.PROVIDER_CONTACT), LOOK)}
    assert named_grants(contract) == council | own | of("Mercia CCG", named)
    change_level(partner=world.partner(world.ccg), level="observer", by=None)
    looking = of("Mercia CCG", {(role, LOOK) for role, _ in FULL_ON_A_CONTRACT})
    assert named_grants(contract) == council | own | looking
    leave_unit(partner=world.partner(world.ccg), on=TODAY, by=None)
    assert named_grants(contract) == council | own
    assert not Contract.objects.visible_to(world.people["ccg_commissioner"]).exists()


def test_a_restriction_is_lifted_once(world):
    contract, boss = world.contract(), world.people["commissioner"]
    restriction = restrict_contract(
        contract=contract, reason="Price talks", named=[world.council], review_on=datetime.date(2015, 3, 1), by=boss
    )
    lift_restriction(restriction=restriction, reason="Talks are over", by=boss)
    with pytest.raises(ValidationError, match="lifted this restriction already"):
        lift_restriction(restriction=restriction, reason="Again", by=boss)
    restriction.refresh_from_db()
    assert restriction.lifted_reason == "Talks are over"


def test_another_partner_named_on_it_sees_but_does_not_lift(world, browser):
    contract = world.contract()
    browser.post(page_of(contract, "restrict"), restriction(world.council, world.ccg))
    partner = world.browser("ccg_commissioner")
    assert partner.get(page_of(contract, "change")).status_code == 200
    assert partner.get(page_of(contract, "lift")).status_code == 403
    assert browser.get(page_of(contract, "lift")).status_code == 200


def test_the_partner_that_decided_it_lifts_it(world):
    contract, partner = world.contract(), world.browser("ccg_commissioner")
    partner.post(page_of(contract, "restrict"), restriction(world.ccg))
    assert partner.get(page_of(contract, "lift")).status_code == 200
    assert world.browser("commissioner").get(page_of(contract, "lift")).status_code == 404
