"""A contract added and changed at the form: everything the register holds, and nothing lost on the way."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.permissions import Role
from commissioning.models import Organisation
from contracts.forms.contract import as_posted, opened_with
from contracts.models import Contract
from tests.world import TODAY, make_person

ADD = "/contracts/new/"


def typed(**changes):
    """A whole contract as the form posts it."""
    return {
        "reference": "CS/0900",
        "title": "Short breaks",
        "description": "",
        "service_area": "",
        "management": "central",
        "procurement_regime": "pcr2015",
        "procurement_route": "open",
        "start": "1 April 2014",
        "initial_end": "31/03/2016",
        "notice_months": "6",
        "annual_value": "£12,000.50",
        "whole_life_value": "24,001.00",
        "provider_0": "Willow Homes Limited",
    } | changes


def errors_of(response):
    return {name: [str(e) for e in sentences] for name, sentences in response.context["form"].errors.items()}


@pytest.fixture
def browser(world):
    return world.browser("commissioner")


def test_every_field_of_the_register_is_written(world, browser):
    answer = browser.post(
        ADD,
        typed(
            description="Breaks for\r\nfamilies",
            service_area=world.area.pk,
            management="devolved",
            buyer="Mercia CCG",
            officer="Council Contract officer",
            service_manager=world.people["service_manager"].email.upper(),
            deputy_rows="3",
            deputy_0="Ccg Commissioner",
            deputy_2="Council Finance",
            provider_1="Alder Trust",
            option_rows="3",
            option_0="12",
            option_2="6",
            funder_0="Mercia County Council",
            annual_0="10,000.00",
            whole_0="20,000",
            funder_2="Mercia CCG",
            annual_2="2000.50",
            whole_2="4001",
        ),
    )
    assert answer.status_code == 302, errors_of(answer)
    contract = Contract.objects.get(reference="CS/0900")
    assert answer.url == "/contracts/CS-0900/?unit=mercia-children"
    assert (contract.unit, contract.title, contract.description) == (
        world.unit,
        "Short breaks",
        "Breaks for\nfamilies",
    )
    assert (contract.service_area, contract.buyer, contract.management) == (world.area, world.ccg, "devolved")
    assert (contract.officer, contract.service_manager) == (
        world.people["contract_officer"],
        world.people["service_manager"],
    )
    assert set(contract.deputies.all()) == {world.people["ccg_commissioner"], world.people["finance"]}
    assert [row.organisation for row in contract.provider_rows.all()] == [world.provider, world.other_provider]
    assert [(row.position, row.months) for row in contract.options.all()] == [(1, 12), (2, 6)]
    assert [(row.organisation, row.annual_amount, row.whole_life_amount) for row in contract.funding.all()] == [
        (world.council, Decimal("10000.00"), Decimal("20000.00")),
        (world.ccg, Decimal("2000.50"), Decimal("4001.00")),
    ]
    assert (contract.annual_value, contract.whole_life_value) == (Decimal("12000.50"), Decimal("24001.00"))
    assert (contract.procurement_regime, contract.procurement_route) == ("pcr2015", "open")
    assert (contract.start, contract.initial_end) == (datetime.date(2014, 4, 1), datetime.date(2016, 3, 31))
    assert (contract.notice_months, contract.created_by) == (6, world.people["commissioner"])
    assert contract.maximum_end == datetime.date(2017, 9, 30)
    newest = contract.events.select_related("pgh_context").order_by("pgh_id").first()
    assert newest.pgh_context.metadata["act"] == "Contract added"


def test_the_days_that_follow_are_said_after_saving(world, browser):
    answer = browser.post(ADD, typed(option_0="12"))
    said = [str(message) for message in answer.wsgi_request._messages]
    assert said == [
        "CS/0900 is on the register. It ends on 31 March 2016, or by its options on 31 March 2017 at the latest."
        " Decide by 2 September 2015; give notice by 30 September 2015."
    ]


def test_one_day_to_decide_and_to_give_notice_is_said_once_after_saving(world, browser):
    world.unit.decision_lead_days = 0
    world.unit.save()
    answer = browser.post(ADD, typed())
    said = [str(message) for message in answer.wsgi_request._messages]
    assert [words.partition("2016")[2] for words in said] == [". Decide and give notice by 30 September 2015."]


def test_what_is_not_known_may_stay_empty(world, browser):
    answer = browser.post(
        ADD, typed(start="", initial_end="", annual_value="", whole_life_value="", provider_0="", notice_months="0")
    )
    assert answer.status_code == 302, errors_of(answer)
    contract = Contract.objects.get(reference="CS/0900")
    assert [contract.start, contract.initial_end, contract.annual_value, contract.effective_end] == [None] * 4
    assert contract in Contract.objects.to_complete(day=TODAY)


def test_an_unknown_notice_period_stays_unknown(world, browser):
    assert 'name="notice_months" value' not in browser.get(ADD).content.decode()  # nothing is suggested
    answer = browser.post(ADD, typed(notice_months=""))
    assert [str(message) for message in answer.wsgi_request._messages] == [
        "CS/0900 is on the register. It ends on 31 March 2016. Its notice period is not known yet."
    ]
    contract = Contract.objects.get(reference="CS/0900")
    assert contract.notice_months is None
    assert contract in Contract.objects.to_complete(day=TODAY)
    change = browser.get(f"{contract.get_absolute_url()}change/").content.decode()
    assert 'name="notice_months"' in change
    assert 'name="notice_months" value' not in change
    assert "None" not in change


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"reference": "", "title": ""}, {"reference": ["Give the contract’s reference."],
                                          "title": ["Give the contract’s title."]}),
        ({"initial_end": "31/02/2016"}, {"initial_end": ["Enter a real date, such as 31 March 2026"]}),
        ({"initial_end": "1 April 2013"}, {"__all__": ["A contract cannot end before it starts."]}),
        ({"annual_value": "-5"}, {"annual_value": ["A value cannot be less than nothing."]}),
        ({"annual_value": "about 9k"}, {"annual_value": ["Enter pounds, such as 12,500 or 12,500.50."]}),
        ({"option_0": "a year"}, {"option_0": ["Give whole months, such as 12."]}),
        ({"procurement_route": "psr_competitive"}, {
            "procurement_route": ["Competitive process is not a route under the Public Contracts Regulations 2015."]}),
        ({"funder_0": "Mercia CCG"}, {
            "annual_0": ["Give the share a year; 0 where there is none."],
            "whole_0": ["Give the share of the whole life; 0 where there is none."]}),
        ({"annual_0": "5", "whole_0": "5"}, {"funder_0": ["Name the partner whose share this is."]}),
        ({"funder_0": "Mercia CCG", "annual_0": "12,000", "whole_0": "24001"}, {
            "funder_0": ["The partners' shares come to £12,000.00, £0.50 less than the annual value of £12,000.50."]}),
        ({"funder_0": "Mercia CCG", "annual_0": "1", "whole_0": "1", "annual_value": ""}, {
            "funder_0": ["Give the annual and the whole-life value before the partners' shares of them."]}),
        ({"provider_1": "willow homes ltd"}, {"provider_1": ["This provider is named twice."]}),
        ({"officer": "Outside Commissioner"}, {
            "officer": ["Nobody of the unit’s partners is called «Outside Commissioner»."]}),
    ],
)  # fmt: skip
def test_faults_stand_beside_their_field_and_nothing_is_written(world, browser, changes, faults):
    answer = browser.post(ADD, typed(**changes))
    found = errors_of(answer)
    if "officer" in faults:  # the likely ones follow; the outsider is not among them
        assert found["officer"][0].startswith(faults["officer"][0])
        assert world.people["outsider"].email not in answer.content.decode()
    else:
        assert found == faults
    assert not Contract.objects.filter(reference="CS/0900").exists()
    assert answer.context["form"]["description"].value() == ""
    assert 'value="Willow Homes Limited"' in answer.content.decode()


@pytest.mark.parametrize(
    ("reference", "faults"),
    [
        ("CS/0900", {"__all__": ["The unit already has a contract with this reference."]}),
        ("CS 0900", {"reference": ["The unit already has a contract whose reference differs only in its marks."]}),
    ],
)
def test_a_reference_is_used_once_in_a_unit(world, browser, reference, faults):
    world.contract(reference="CS/0900")
    assert errors_of(browser.post(ADD, typed(reference=reference))) == faults
    assert Contract.objects.count() == 1


def test_a_name_that_is_not_exact_offers_the_likely_ones(world, browser):
    answer = browser.post(ADD, typed(provider_0="Willow Home"))
    page = answer.content.decode()
    assert errors_of(answer) == {"provider_0": ["No organisation is called «Willow Home». Choose one below."]}
    assert "Did you mean" in page
    assert "Willow Homes Ltd (Company)" in page
    answer = browser.post(
        ADD,
        typed(**{
            "provider_0": "Willow Home",
            "provider_0-about": "Willow Home",
            "provider_0-choice": str(world.provider.pk),
        }),
    )  # fmt: skip
    assert answer.status_code == 302
    assert list(Contract.objects.get(reference="CS/0900").providers.all()) == [world.provider]


def test_a_choice_about_other_text_does_not_count(world, browser):
    choice = {"provider_0-about": "Willow Home", "provider_0-choice": str(world.provider.pk)}
    answer = browser.post(ADD, typed(provider_0="Alder Trust", **choice))
    assert answer.status_code == 302
    assert list(Contract.objects.get(reference="CS/0900").providers.all()) == [world.other_provider]


def test_a_new_provider_is_added_only_when_asked_for(world, browser):
    before = Organisation.objects.count()
    browser.post(ADD, typed(provider_0="Rowan Care CIC"))
    assert Organisation.objects.count() == before
    chosen = {"provider_0-about": "Rowan Care CIC", "provider_0-choice": "new"}
    answer = browser.post(ADD, typed(provider_0="Rowan Care CIC", **chosen))
    assert answer.status_code == 302
    added = Contract.objects.get(reference="CS/0900").providers.get()
    assert (added.name, added.kind, added.normalised_name) == ("Rowan Care CIC", "company", "rowan care cic")


def test_a_new_provider_is_not_kept_when_the_contract_is_refused(world, browser):
    before = Organisation.objects.count()
    chosen = {"provider_0-about": "Rowan Care CIC", "provider_0-choice": "new"}
    browser.post(ADD, typed(provider_0="Rowan Care CIC", procurement_route="psr_competitive", **chosen))
    assert Organisation.objects.count() == before


def test_two_people_of_one_name_are_told_apart(world, browser):
    twin = make_person("Council Contract officer", world.ccg, Role.CONTRACT_OFFICER)
    answer = browser.post(ADD, typed(officer="Council Contract officer"))
    assert errors_of(answer) == {"officer": ["More than one is called «Council Contract officer». Choose one below."]}
    assert browser.post(ADD, typed(officer=twin.email)).status_code == 302
    assert Contract.objects.get(reference="CS/0900").officer == twin


@pytest.mark.parametrize(("kind", "last"), [("provider", 2), ("deputy", 2), ("option", 2), ("funder", 3)])
def test_add_another_keeps_everything_and_judges_nothing(world, browser, kind, last):
    answer = browser.post(ADD, typed(reference="", provider_1="Nobody Known", add_row=kind))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="{kind}_{last}"' in page
    assert f'name="{kind}_{last + 1}"' not in page
    assert "govuk-error" not in page
    assert 'value="Nobody Known"' in page
    assert 'value="£12,000.50"' in page


def test_a_forged_count_of_rows_has_an_end(world, browser):
    page = browser.post(ADD, typed(option_rows="99999999", add_row="option")).content.decode()
    assert page.count('name="option_') == 60 + 1


# The unit


def test_a_person_of_two_units_chooses_the_register(world):
    from commissioning.services.people import give_role

    user = world.people["commissioner"]
    give_role(
        user=user, organisation=world.outsider_council, role=Role.COMMISSIONER, since=datetime.date(2014, 1, 1), by=None
    )
    browser = world.browser("commissioner")
    page = browser.get(ADD).content.decode()
    assert "To which unit’s register?" in page
    assert f"{ADD}?unit=borderland" in page
    browser.post(ADD, typed(unit="borderland", provider_0=""))
    assert Contract.objects.get(reference="CS/0900").unit == world.outsider_unit


def test_another_unit_cannot_be_named(world, browser):
    assert browser.get(f"{ADD}?unit=borderland").status_code == 404
    assert browser.post(ADD, typed(unit="borderland")).status_code == 404
    assert not Contract.objects.exists()


# Changing


def test_the_form_opens_with_what_is_stored_and_saves_it_unchanged(world, browser):
    contract = world.contract(
        options=[12, 6],
        funding={world.council: Decimal("9000.00"), world.ccg: Decimal("3000.00")},
        service_manager=world.people["service_manager"],
    )
    contract.deputies.add(world.people["finance"])
    contract.options.filter(position=1).update(exercised_on=datetime.date(2014, 9, 1))
    before = as_posted(contract)
    address = reverse("contract_change", args=[contract.slug])
    page = browser.get(address)
    assert page.context["form"].data == before | {"opened": opened_with(before)}
    answer = browser.post(address, page.context["form"].data)
    assert answer.status_code == 302, errors_of(answer)
    contract = Contract.objects.get(pk=contract.pk)
    assert as_posted(contract) == before | {"version": "2"}


def test_an_exercised_option_cannot_be_typed_over(world, browser):
    contract = world.contract(options=[12, 6])
    contract.options.filter(position=1).update(exercised_on=datetime.date(2014, 9, 1))
    posted = as_posted(contract) | {"option_0": "36", "option_1": ""}
    assert browser.post(reverse("contract_change", args=[contract.slug]), posted).status_code == 302
    assert [(row.position, row.months) for row in contract.options.all()] == [(1, 12)]


def test_an_officer_who_left_stays_until_somebody_else_is_named(world, browser):
    contract = world.contract(officer=world.people["leaver"])
    posted = as_posted(contract) | {"title": "New title"}
    address = reverse("contract_change", args=[contract.slug])
    assert browser.post(address, posted).status_code == 302
    contract.refresh_from_db()
    assert (contract.title, contract.officer) == ("New title", world.people["leaver"])
    assert browser.post(ADD, typed(officer="Left Lastyear")).status_code == 200


# Two people at once


def open_by_two(world, **details):
    contract = world.contract(title="Before", **details)
    posted = as_posted(contract)
    opened = posted | {"opened": opened_with(posted)}
    first, second = world.browser("commissioner"), world.browser("ccg_commissioner")
    return contract, reverse("contract_change", args=[contract.slug]), opened, first, second


def test_the_second_sees_the_first_ones_values_beside_their_own(world):
    contract, address, opened, first, second = open_by_two(world)
    assert first.post(address, opened | {"title": "Of the first", "notice_months": "9"}).status_code == 302
    answer = second.post(address, opened | {"title": "Of the second", "description": "Mine alone"})
    assert answer.status_code == 409
    contract.refresh_from_db()
    assert (contract.title, contract.description, contract.notice_months) == ("Of the first", "", 9)
    merged = answer.context["merged"]
    assert [(row.label, row.theirs, row.mine) for row in merged.collisions] == [
        ("Title", "Of the first", "Of the second")
    ]
    assert [(row.label, row.theirs, row.mine) for row in merged.taken_over] == [("Notice period in months", "9", "3")]
    assert "Council Commissioner saved this at" in answer.content.decode()
    again = second.post(address, answer.context["form"].data)
    assert again.status_code == 302
    contract.refresh_from_db()
    assert (contract.title, contract.description, contract.notice_months, contract.version) == (
        "Of the second",
        "Mine alone",
        9,
        3,
    )


def test_a_third_save_in_between_is_noticed_again(world):
    contract, address, opened, first, second = open_by_two(world)
    first.post(address, opened | {"title": "One"})
    held = second.post(address, opened | {"title": "Mine"}).context["form"].data
    now = as_posted(Contract.objects.get(pk=contract.pk))
    first.post(address, now | {"title": "Two", "opened": opened_with(now)})
    answer = second.post(address, held)
    assert answer.status_code == 409
    assert [(row.theirs, row.mine) for row in answer.context["merged"].collisions] == [("Two", "Mine")]


def test_rows_added_by_both_are_all_there(world):
    contract, address, opened, first, second = open_by_two(world, options=[12])
    first.post(address, opened | {"option_rows": "3", "option_1": "12", "option_2": "6"})
    answer = second.post(address, opened | {"provider_1": "Alder Trust"})
    assert answer.status_code == 409
    assert second.post(address, answer.context["form"].data).status_code == 302
    assert [row.months for row in contract.options.all()] == [12, 12, 6]
    assert list(contract.providers.order_by("provider_rows__position")) == [world.provider, world.other_provider]


# Who may


@pytest.mark.parametrize(
    ("who", "status"),
    [("commissioner", 200), ("ccg_commissioner", 200), ("contract_officer", 403), ("finance", 403), ("auditor", 403),
     ("observer", 403), ("provider_contact", 403), ("outsider", 404), ("organisation_administrator", 404)],
)  # fmt: skip
def test_who_may_change_a_contract(world, who, status):
    contract = world.contract()
    for name in ("contract_change", "contract_option", "contract_notice"):
        assert world.browser(who).get(reverse(name, args=[contract.slug])).status_code == status


def test_two_units_with_one_reference_are_told_apart(world):
    from commissioning.services.people import give_role
    from tests.world import make_contract

    own = world.contract(reference="CS/0001")
    other = make_contract(world.outsider_unit, reference="CS/0001")
    give_role(
        user=world.people["commissioner"],
        organisation=world.outsider_council,
        role=Role.COMMISSIONER,
        since=datetime.date(2014, 1, 1),
        by=None,
    )
    browser = world.browser("commissioner")
    for contract in (own, other):
        page = browser.get(f"/contracts/CS-0001/change/?unit={contract.unit.code}")
        assert page.context["contract"] == contract
        answer = browser.post("/contracts/CS-0001/change/", as_posted(contract) | {
            "contract": contract.pk, "title": f"Of {contract.unit.code}"})  # fmt: skip
        assert answer.status_code == 302
    assert [str(c.title) for c in Contract.objects.order_by("pk")] == ["Of mercia-children", "Of borderland"]


def test_what_an_import_let_in_can_be_saved_at_the_form(world, browser):
    long = world.contract(reference="A1", description="Words. " * 1_000, notice_months=84, options=[300])
    opened = browser.get("/contracts/A1/change/").context["form"].data
    answer = browser.post("/contracts/A1/change/", opened | {"title": "Corrected"})
    assert answer.status_code == 302, errors_of(answer)
    long.refresh_from_db()
    assert (long.title, long.notice_months, long.option_months) == ("Corrected", 84, 300)


@pytest.mark.parametrize(
    ("end", "fault"),
    [
        ("30 September 2014", None),
        (
            "31 August 2014",
            "Option 1 cannot be exercised on 1 September 2014: the contract ended on 31 August 2014.",
        ),
        ("", "Option 1 cannot be exercised while the initial end of the contract is not known."),
    ],
)
def test_a_new_end_leaves_exercised_options_possible(world, browser, end, fault):
    contract = world.contract(reference="A1", options=[12])
    contract.options.update(exercised_on=datetime.date(2014, 9, 1))
    opened = browser.get("/contracts/A1/change/").context["form"].data
    answer = browser.post("/contracts/A1/change/", opened | {"initial_end": end})
    assert (errors_of(answer).get("initial_end") if answer.status_code == 200 else None) == (fault and [fault])
