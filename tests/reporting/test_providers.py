"""Providers: the list, one provider's page across units, and what neither says to who may not know it."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from commissioning.services.partners import join_unit
from contracts.models import GradeView, ImprovementPlan, PerformanceNotice, PlanStep
from contracts.services.restriction import restrict_contract
from reporting.queries.provider_page import ProviderPage
from tests.permissions.addresses import text_of
from tests.world import LONG_AGO, OCTOBER, TODAY, client_for, make_contract, make_person, make_return

SEPTEMBER = datetime.date(2014, 9, 1)
LIST = "/providers/"


@pytest.fixture
def known(world):
    """Willow has a red and a green contract and half of a framework, Alder the framework and one not assessed."""
    both = [world.provider, world.other_provider]
    made = {
        "red": world.contract(title="Respite", annual_value=20_000),
        "green": world.contract(title="Play", annual_value=None),
        "framework": world.contract(title="Placements", providers=both, annual_value=100_000),
        "alder": world.contract(title="Advice", providers=[world.other_provider], annual_value=5_000),
    }
    make_return(made["red"], risk="red", jet=2)
    make_return(made["red"], SEPTEMBER, risk="amber", jet=4)
    make_return(made["green"], jet=7)
    make_return(made["framework"], risk="amber", jet=5)
    make_return(made["alder"], jet=None)
    return made


def listed(world, query="", who="commissioner"):
    rows = world.browser(who).get(f"{LIST}{query}").context["page"].rows
    return [(row.name, row.contracts, row.annual, row.mean) for row in rows]


def names(world, query):
    return [row[0].split()[0] for row in listed(world, query)]


def page(world, who="commissioner"):
    return ProviderPage(user=world.people[who], organisation=world.provider)


# The list


def test_a_provider_is_summed_up_over_its_contracts(world, known):
    assert listed(world) == [
        ("Alder Trust", "2", "£105k", "5.0"),
        ("Willow Homes Ltd", "3", "£120k", "4.7"),
    ]
    rows = world.browser("commissioner").get(LIST).context["page"].rows
    assert [("Red" in row.risk, "Amber" in row.risk, row.at_worst) for row in rows] == [
        (False, True, "1 of 2"),
        (True, False, "1 of 3"),
    ]


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Alder", "Willow"]),
        ("?sort=contracts", ["Willow", "Alder"]),
        ("?sort=value", ["Willow", "Alder"]),
        ("?sort=whole", ["Willow", "Alder"]),
        ("?sort=risk", ["Willow", "Alder"]),
        ("?sort=jet", ["Willow", "Alder"]),
        ("?q=willow+ltd", ["Willow"]),
        ("?q=TRUST", ["Alder"]),
        ("?q=nobody", []),
    ],
)
def test_the_list_and_the_file_are_filtered_and_sorted_alike(world, known, query, order):
    assert names(world, query) == order
    text = text_of(world.browser("finance").get(f"{LIST}export.csv{query}")).lstrip("\ufeff")
    assert [row["Provider"].split()[0] for row in csv.DictReader(io.StringIO(text))] == order


def test_what_the_address_says_wrong_is_said(world, known):
    found = world.browser("commissioner").get(f"{LIST}?sort=colour&area=1").context["page"]
    assert (found.unknown, len(found.rows)) == ("area and sort colour", 2)


def test_a_contract_that_ended_counts_no_longer_in_the_list(world, known):
    world.contract(title="Over", initial_end=datetime.date(2013, 12, 31), annual_value=1_000_000)
    assert listed(world)[1][:3] == ("Willow Homes Ltd", "3", "£120k")
    assert [row.title for row in page(world).ended] == ["Over"]


# One provider


def test_its_contracts_stand_worst_first_with_their_grades(world, known):
    rows = page(world).rows
    assert [(row.title, row.annual) for row in rows] == [
        ("Respite", "£20k"),
        ("Placements", "£100k"),
        ("Play", "Not known"),
    ]
    assert ("Red" in rows[0].risk, "JET from 4 to 2 over 12 months" in rows[0].trend) == (True, True)


def test_the_top_sums_up_what_runs(world, known):
    facts = {label: (value, words) for label, value, words in page(world).strip}
    assert facts["Contracts"] == ("3", "In 1 unit")
    assert facts["Value a year"] == (
        "£120k",
        "£108k whole life, partner funding included. Frameworks count whole: 1",
    )
    assert facts["Worst risk"][1] == "1 red, 1 amber, 1 green"
    assert facts["Mean JET"] == ("4.7", "")


def test_units_in_sight_stand_together_and_others_do_not(world, known):
    theirs = make_contract(world.outsider_unit, title="Borderland respite", providers=[world.provider])
    make_return(theirs, risk="red", jet=1)
    assert (len(page(world).rows), len(page(world, "outsider").rows)) == (3, 1)
    join_unit(unit=world.outsider_unit, organisation=world.council, level="full", joined_on=LONG_AGO, by=None)
    seen = page(world, "finance")
    assert (len(seen.rows), seen.units) == (4, ["Borderland commissioning", "Children’s commissioning"])


def test_open_plans_notices_and_the_newest_supplier_s_view_stand_on_the_page(world, known):
    plan = ImprovementPlan.objects.create(
        contract=known["red"], title="Waits", concern="waiting_times", agreed_on=SEPTEMBER
    )
    details = {"contract": known["red"], "plan": plan, "owner": "Ann Lee"}
    PlanStep.objects.create(text="One", due_on=SEPTEMBER, **details)
    PlanStep.objects.create(text="Two", due_on=TODAY, **details)
    PerformanceNotice.objects.create(
        contract=known["red"], concern="data_quality", words="Late", issued_on=SEPTEMBER, meeting_by=OCTOBER
    )
    moment = datetime.datetime.combine(TODAY, datetime.time(9), tzinfo=datetime.UTC)
    for month, score in ((SEPTEMBER, 6), (OCTOBER, 5)):
        view = {"month": month, "score": score, "stated_on": TODAY, "stated_by": "Ann Lee", "recorded_at": moment}
        GradeView.objects.create(contract=known["red"], side="supplier", **view)
        GradeView.objects.create(contract=known["red"], side="service_manager", **(view | {"score": 1}))
    for who in ("commissioner", "provider_contact"):
        found = page(world, who)
        assert [(line.title, line.steps, line.late) for line in found.plans] == [("Waits", "0 of 2 done", "1 overdue")]
        assert [(line.contract, line.concern) for line in found.notices] == [("Respite", "Data quality")]
        assert found.rows[0].supplier == "5 in October 2014, by Ann Lee"


def test_partners_shares_stand_on_the_page(world, known):
    world.contract(
        title="Shared",
        annual_value=12_000,
        funding={world.council: Decimal(9_000), world.ccg: Decimal(3_000)},
    )
    assert [(row.name, row.annual) for row in page(world).funding] == [
        ("Mercia County Council", "£9,000"),
        ("Mercia CCG", "£3,000"),
    ]


# What stays unknown


def test_a_provider_of_hidden_contracts_alone_does_not_exist(world, known):
    maker = world.outsider_council
    hidden = world.contract(title="Prices under tender", providers=[maker], annual_value=987_654)
    restrict_contract(
        contract=hidden, reason="Tender", named=[world.council], review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )  # fmt: skip
    for who in ("ccg_commissioner", "observer", "provider_contact"):
        assert world.browser(who).get(f"{LIST}{maker.pk}/").status_code == 404
        text = world.browser(who).get(LIST).content.decode()
        assert [word for word in ("Borderland", "£988k", "3 providers") if word in text] == []
    assert world.browser("commissioner").get(f"{LIST}{maker.pk}/").status_code == 200
    assert world.browser("commissioner").get(f"{LIST}999999/").status_code == 404


def test_a_hidden_contract_is_in_no_number_of_its_provider(world, known):
    hidden = world.contract(title="Prices under tender", annual_value=987_654)
    make_return(hidden, risk="red", jet=1)
    restrict_contract(
        contract=hidden, reason="Tender", named=[world.council], review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )  # fmt: skip
    assert [len(page(world, who).contracts) for who in ("commissioner", "ccg_commissioner")] == [4, 3]
    assert listed(world, who="ccg_commissioner")[1] == ("Willow Homes Ltd", "3", "£120k", "4.7")
    text = world.browser("ccg_commissioner").get(f"{LIST}{world.provider.pk}/").content.decode()
    assert [word for word in ("Prices under", "£1.1m", "£988k") if word in text] == []


def test_its_own_contact_reads_its_page_without_the_unit_s_words(world, known):
    row = known["red"].returns.get(month=OCTOBER)
    row.narrative = "We shall move the children elsewhere"
    row.save()
    text = world.browser("provider_contact").get(f"{LIST}{world.provider.pk}/").content.decode()
    words = ("elsewhere", "Council Contract officer", "Decide by", "Service reviews")
    assert [word for word in words if word in text] == []
    assert "Respite" in text
    rival = client_for(make_person("Alder Contact", world.other_provider, Role.PROVIDER_CONTACT))
    text = rival.get(f"{LIST}{world.provider.pk}/").content.decode()
    assert ("Placements" in text, "Respite" in text) == (True, False)


def test_the_contract_page_leads_to_its_provider(world, known):
    text = world.browser("finance").get(known["red"].get_absolute_url()).content.decode()
    assert f'href="{LIST}{world.provider.pk}/"' in text


# How much is asked


def asked(browser, address):
    with CaptureQueriesContext(connection) as queries:
        text_of(browser.get(address))
    return len(queries)


def test_list_file_and_page_ask_the_same_for_one_and_for_thirty(world):
    def add(number):
        for each in range(number):
            contract = world.contract()
            make_return(contract, risk=("red", "amber", "green")[each % 3])
            ImprovementPlan.objects.create(contract=contract, title="Waits", concern="other", agreed_on=SEPTEMBER)

    add(1)
    browser = world.browser("commissioner")
    addresses = (LIST, f"{LIST}export.csv", f"{LIST}{world.provider.pk}/")
    browser.get(LIST)
    few = [asked(browser, address) for address in addresses]
    add(30)
    assert [asked(browser, address) for address in addresses] == few
    assert few == [6, 4, 12]
