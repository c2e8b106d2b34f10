"""Options, notice, restriction and its end, at their pages."""

import datetime

import pytest
from contracts.services.term import exercise_option
from django.core.exceptions import ValidationError

from accounts.grants import grants_on
from accounts.permissions import Role
from commissioning.services.partners import change_level, leave_unit
from contracts.models import Contract, ContractGroupObjectPermission, ContractRestriction
from contracts.services.restriction import lift_restriction, restrict_contract
from tests.world import TODAY

MARCH_2016 = datetime.date(2016, 3, 31)


@pytest.fixture
def browser(world):
    return world.browser("commissioner")


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def errors_of(answer):
    return {name: [str(e) for e in sentences] for name, sentences in answer.context["form"].errors.items()}


def page_of(contract, name):
    return f"/contracts/{contract.slug}/{name}/"


# Options


def test_notice_shorter_than_the_period_is_asked_about(world, browser):
    contract = world.contract(notice_months=6)
    answer = browser.post(page_of(contract, "notice"), notice())
    page = answer.content.decode()
    assert "The notice period is 6 months: notice given on 3 November 2014 covers it only from 3 May 2015." in page
    assert "The home closes." in page
    contract.refresh_from_db()
    assert contract.notice_given_on is None
    browser.post(page_of(contract, "notice"), notice(confirm="yes"))
    contract.refresh_from_db()
    assert contract.effective_end == datetime.date(2015, 2, 28)


def test_both_may_agree_to_end_sooner(world, browser):
    contract = world.contract(notice_months=6)
    browser.post(page_of(contract, "notice"), notice(given_by="mutual"))
    contract.refresh_from_db()
    assert contract.effective_end == datetime.date(2015, 2, 28)


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


def test_an_option_in_time_moves_the_end(world, browser):
    contract = world.contract(options=[12, 6])
    page = browser.get(page_of(contract, "option"))
    assert "31 March 2017" in page.content.decode()
    answer = browser.post(page_of(contract, "option"), {"exercised_on": "3 November 2014", "reason": "Board, minute 7"})
    assert said(answer) == [
        "Option 1 is exercised. It ends on 31 March 2017, or by its options on 30 September 2017 at the latest."
        " Decide by 3 December 2016; give notice by 31 December 2016."
    ]
    option = contract.options.get(position=1)
    assert (option.exercised_on, option.exercised_by) == (datetime.date(2014, 11, 3), world.people["commissioner"])
    event = option.events.select_related("pgh_context").order_by("-pgh_id").first()
    assert event.pgh_context.metadata == {
        "act": "Option to extend exercised",
        "actor": world.people["commissioner"].pk,
        "actor_name": "Council Commissioner",
        "reason": "Board, minute 7",
    } | {key: value for key, value in event.pgh_context.metadata.items() if key in ("url", "user", "at")}


CONFIRMED = {"exercised_on": "4 November 2014", "reason": "Board", "confirm": "yes"}


def test_a_late_option_is_warned_of_before_it_is_written(world, browser):
    contract = world.contract(initial_end=datetime.date(2014, 12, 31), options=[12])
    late = "Option 1 was exercised on 4 November 2014, after the notice date of 30 September 2014."
    answer = browser.post(page_of(contract, "option"), {"exercised_on": "4 November 2014", "reason": "Board"})
    assert answer.status_code == 200
    assert late in answer.content.decode()
    assert contract.options.get().exercised_on is None
    answer = browser.post(page_of(contract, "option"), CONFIRMED)
    assert said(answer)[0] == late
    assert contract.options.get().exercised_on == TODAY


def test_an_option_after_the_end_is_refused(world, browser):
    contract = world.contract(initial_end=datetime.date(2014, 10, 31), options=[12])
    answer = browser.post(page_of(contract, "option"), CONFIRMED)
    assert errors_of(answer) == {
        "exercised_on": ["Option 1 cannot be exercised on 4 November 2014: the contract ended on 31 October 2014."]
    }
    assert contract.options.get().exercised_on is None


def test_an_option_is_exercised_once(world):
    contract = world.contract(options=[12])
    option = contract.options.get()
    exercise_option(option=option, on=TODAY, by=world.people["commissioner"])
    with pytest.raises(Exception, match="Option 1 was exercised already, on 4 November 2014"):
        exercise_option(option=option, on=TODAY, by=world.people["ccg_commissioner"])
    assert contract.options.get().exercised_by == world.people["commissioner"]


def test_no_option_left_is_said(world, browser):
    page = browser.get(page_of(world.contract(), "option")).content.decode()
    assert "No option is left." in page
    assert '<form method="post" novalidate' not in page


# Notice


def notice(**changes):
    return {
        "given_by": "provider",
        "given_on": "3 November 2014",
        "ends_on": "28 February 2015",
        "reason": "The home closes.",
    } | changes


def test_notice_ends_the_contract_sooner_and_can_be_withdrawn(world, browser):
    contract = world.contract()
    answer = browser.post(page_of(contract, "notice"), notice())
    assert said(answer) == ["Notice is recorded. It ends on 28 February 2015, under the notice given."]
    contract.refresh_from_db()
    assert (contract.effective_end, contract.notice_given_by) == (datetime.date(2015, 2, 28), "provider")
    page = browser.get(page_of(contract, "notice")).content.decode()
    assert "Withdraw the notice" in page
    assert errors_of(browser.post(page_of(contract, "notice"), {"withdraw": "yes"})) == {"reason": ["Give the reason."]}
    answer = browser.post(page_of(contract, "notice"), {"withdraw": "yes", "reason": "They found a buyer."})
    assert answer.status_code == 302
    contract.refresh_from_db()
    assert (contract.effective_end, contract.notice_given_on, contract.notice_given_by) == (MARCH_2016, None, "")


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"given_by": ""}, {"given_by": ["Choose who gave notice."]}),
        ({"given_on": "5 November 2014"}, {
            "given_on": ["A notice is recorded once it has been given; this day lies ahead."]}),
        ({"ends_on": "1 November 2014"}, {"ends_on": ["The last day cannot be before the notice was given."]}),
        ({"ends_on": "1 April 2016"}, {
            "ends_on": ["The contract ends on 31 March 2016 anyway; notice can only end it sooner."]}),
    ],
)  # fmt: skip
def test_a_notice_that_cannot_be_is_refused(world, browser, changes, faults):
    contract = world.contract()
    assert errors_of(browser.post(page_of(contract, "notice"), notice(**changes))) == faults
    contract.refresh_from_db()
    assert contract.notice_given_on is None


def test_a_notice_recorded_meanwhile_is_shown_and_not_overwritten(world, browser):
    contract = world.contract()
    browser.post(page_of(contract, "notice"), notice())
    answer = world.browser("ccg_commissioner").post(page_of(contract, "notice"), notice(ends_on="31 March 2015"))
    assert "Notice was recorded by somebody else in the meantime" in answer.content.decode()
    contract.refresh_from_db()
    assert contract.notice_ends_on == datetime.date(2015, 2, 28)


# Restriction


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
