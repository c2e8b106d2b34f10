"""The pages of KPIs, readings and outcomes: who enters what, what comes back when it is wrong, what is not seen."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.permissions import Role
from contracts.choices import KpiFrequency, OutcomeState, ProcurementRegime, Reporter
from contracts.models import Kpi, KpiReading, MonthReview, Outcome
from contracts.services.restriction import restrict_contract
from reporting.queries.contract_page import ContractPage
from tests.kpi_world import make_kpi, make_outcome, make_plan, make_reading
from tests.world import OCTOBER, client_for, make_person

SEPTEMBER = datetime.date(2014, 9, 1)
FORM = {"unit": "percent", "direction": "at_least", "frequency": "monthly", "reported_by": "officer", "decimals": "0",
        "version": "0", "first_month": "April 2013"}  # fmt: skip


@pytest.fixture
def contract(world):
    return world.contract()


def shown(world, who, name, contract, status=200, **parts):
    answer = world.browser(who).get(reverse(name, kwargs={"slug": contract.slug, **parts}))
    assert answer.status_code == status, who
    return answer.content.decode()


def sent(world, who, name, contract, typed, status=302, **parts):
    answer = world.browser(who).post(reverse(name, kwargs={"slug": contract.slug, **parts}), typed)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def readings(kpi, value="", **more):
    typed = {"": value, "_version": "0", "_plan": "", "_note": ""} | {f"_{key}": said for key, said in more.items()}
    return {f"kpi_{kpi.pk}{ending}": said for ending, said in typed.items()}


# The contract page


def page_of(world, contract, who="commissioner", month=None):
    return ContractPage(user=world.people[who], contract=contract, month_text=month)


def test_the_contract_page_says_how_many_are_met_and_which_scores_fit(world, contract):
    for place, (before, now) in enumerate([(89, 92), (94, 96), (90, 93), (100, 100)]):
        kpi = make_kpi(contract, name=f"KPI {place}", position=place)
        make_reading(kpi, before, SEPTEMBER)
        make_reading(kpi, now)
    page = page_of(world, contract)
    assert page.kpis.heading == "KPIs: 2 of 4 on or better than target"
    assert page.kpis.strip == ("KPIs", "2 of 4 met", "2 short, both improving")
    assert page.kpis.fits == "The KPIs fit 5."
    assert [row.line.standing_words for row in page.kpis.rows] == [
        "▼ Short, improving",
        "▲ Beats target",
        "▼ Short, improving",
        "▲ Beats target",
    ]
    text = shown(world, "commissioner", "contract", contract)
    assert "October against target" in text
    assert "12 months, from 89% to 92%" in text


def test_the_cells_say_why_a_month_has_no_value(world, contract):
    make_reading(make_kpi(contract, name="A", position=1), None, SEPTEMBER)
    make_reading(make_kpi(contract, name="B", position=2, frequency=KpiFrequency.QUARTERLY), 97, SEPTEMBER)
    rows = page_of(world, contract).kpis.rows
    assert [words for _, words in rows[0].cells] == ["No reading", "Nothing to count", "No reading"]
    assert [words for _, words in rows[1].cells] == ["Not due", "97%", "Not due"]
    assert page_of(world, contract).kpis.strip == ("KPIs", "1 of 1 met", "1 better than target. 1 reading to come")


@pytest.mark.parametrize(
    ("who", "leads"), [("contract_officer", True), ("finance", False), ("provider_contact", False)]
)
def test_a_contract_without_kpis_leads_its_people_to_the_first(world, contract, who, leads):
    text = shown(world, who, "contract", contract)
    assert (reverse("kpi_add", args=[contract.slug]) in text) == leads
    assert "Nothing is measured of this contract" in text


# Looking after KPIs


def test_a_kpi_is_added_with_its_target(world, contract):
    typed = FORM | {"name": "Seen within 6 weeks", "target": "95%", "tolerance": ""}
    sent(world, "contract_officer", "kpi_add", contract, typed)
    kpi = Kpi.objects.get()
    assert (kpi.name, kpi.targets.get().target, kpi.first_month) == (
        "Seen within 6 weeks",
        95,
        datetime.date(2013, 4, 1),
    )


def test_what_was_typed_comes_back_with_the_sentence(world, contract):
    typed = FORM | {"name": "Seen within 6 weeks", "target": "195", "definition": "From the register"}
    text = sent(world, "contract_officer", "kpi_add", contract, typed, 200)
    assert "A percentage cannot be over 100." in text
    assert 'value="195"' in text
    assert "From the register" in text
    assert not Kpi.objects.exists()


@pytest.mark.parametrize(
    ("regime", "words"),
    [
        (ProcurementRegime.PA2023_LIGHT_TOUCH, "Publishing some is voluntary good practice."),
        (ProcurementRegime.PA2023_FULL, "Section 52 of the Procurement Act 2023 asks for at least 3 published KPIs"),
    ],
)
def test_publishing_is_a_duty_or_good_practice_by_the_contracts_regime(world, regime, words):
    contract = world.contract(procurement_regime=regime, whole_life_value=6_000_000)
    assert words in shown(world, "contract_officer", "kpi_add", contract)
    make_kpi(contract, is_published=True)
    assert f"{words}" in (text := shown(world, "contract_officer", "kpis", contract))
    assert "1 is marked as published." in text


def test_a_kpi_shows_its_targets_and_a_years_readings(world, contract):
    kpi = make_kpi(contract, target=90, is_from_counts=True)
    kpi.targets.create(from_month=OCTOBER, target=98, reason="Agreed for the winter")
    make_reading(kpi, 92, SEPTEMBER, part=46, whole=50)
    make_reading(kpi, 92, note="Two posts empty", saved_by=world.people["contract_officer"])
    make_reading(kpi, 77, datetime.date(2013, 12, 1))
    text = shown(world, "finance", "kpi", contract, pk=kpi.pk)
    for words in ("Readings, 2014/15", "46 of 50", "▲ Beats target", "▼ Short, no better", "Two posts empty",
                  "Agreed for the winter", "≥ 98%"):  # fmt: skip
        assert words in text
    assert "77%" not in text
    earlier = world.browser("finance").get(reverse("kpi", args=[contract.slug, kpi.pk]), {"year": "2013"})
    assert "77%" in earlier.content.decode()


def test_a_target_and_a_closing_go_through_their_pages(world, contract):
    kpi = make_kpi(contract)
    typed = {"from_month": "Oct 2014", "target": "97", "reason": "Agreed"}
    sent(world, "contract_officer", "kpi_target", contract, typed, pk=kpi.pk)
    assert kpi.targets.count() == 2
    typed = {"last_month": "October 2014", "reason": "Replaced", "version": "1"}
    sent(world, "contract_officer", "kpi_close", contract, typed, pk=kpi.pk)
    assert "April 2013 to October 2014" in shown(world, "contract_officer", "kpis", contract)
    sent(world, "contract_officer", "kpi_reopen", contract, {"version": "2"}, pk=kpi.pk)
    kpi.refresh_from_db()
    assert kpi.last_month is None


def test_somebody_elses_change_is_shown_beside_what_was_typed(world, contract):
    kpi = make_kpi(contract, name="Theirs", version=2)
    typed = FORM | {"name": "Mine", "version": "1"}
    text = sent(world, "contract_officer", "kpi_change", contract, typed, 409, pk=kpi.pk)
    assert "Somebody changed this KPI after you opened it." in text
    assert "Theirs" in text
    assert 'value="Mine"' in text
    sent(world, "contract_officer", "kpi_change", contract, typed | {"version": "2"}, pk=kpi.pk)


# Readings


def test_the_officer_enters_a_months_readings(world, contract):
    one, counted = make_kpi(contract), make_kpi(contract, is_from_counts=True, decimals=1)
    typed = readings(one, "92%") | readings(counted, "2", whole="3", plan="in_place", note="Posts filled")
    sent(world, "contract_officer", "kpi_readings", contract, typed, month="2014-10")
    assert [(row.value, row.plan, row.note) for row in KpiReading.objects.order_by("kpi")] == [
        (92, "", ""),
        (Decimal("66.7"), "in_place", "Posts filled"),
    ]
    assert "All readings are in." in shown(world, "contract_officer", "kpi_readings", contract, month="2014-10")


def test_a_wrong_reading_comes_back_named_with_all_that_was_typed(world, contract):
    good, bad = make_kpi(contract, name="Good one"), make_kpi(contract, name="Seen within 6 weeks")
    typed = readings(good, "92") | readings(bad, "192", note="Nobody waited")
    text = sent(world, "contract_officer", "kpi_readings", contract, typed, 200, month="2014-10")
    assert "Seen within 6 weeks: a percentage cannot be over 100." in text
    for value in ("92", "192", "Nobody waited"):
        assert f'value="{value}"' in text
    assert not KpiReading.objects.exists()


def test_readings_saved_meanwhile_are_laid_beside(world, contract):
    kpi = make_kpi(contract)
    make_reading(kpi, 90, saved_by=world.people["service_manager"], version=1)
    text = sent(world, "contract_officer", "kpi_readings", contract, readings(kpi, "92"), 409, month="2014-10")
    assert "Somebody saved readings after you opened this page" in text
    assert "90%" in text
    assert 'value="92"' in text
    sent(world, "contract_officer", "kpi_readings", contract, readings(kpi, "92", version="1"), month="2014-10")
    assert kpi.readings.get().value == 92


def test_a_closed_month_is_only_read(world, contract):
    make_reading(make_kpi(contract), 92)
    MonthReview.objects.create(
        unit=world.unit, month=OCTOBER, closed_at=clock.now(), closed_by=world.people["commissioner"]
    )
    text = shown(world, "contract_officer", "kpi_readings", contract, month="2014-10")
    assert "October 2014 was closed on 4 November 2014." in text
    assert "<b>92%</b>" in text
    assert "Save the readings" not in text


def test_a_month_that_is_not_over_is_not_found(world, contract):
    shown(world, "contract_officer", "kpi_readings", contract, 404, month="2014-11")


def test_the_provider_enters_only_what_it_reports(world, contract):
    own = make_kpi(contract, name="Its own", reported_by=Reporter.PROVIDER)
    officers = make_kpi(contract, name="The officer’s")
    text = shown(world, "provider_contact", "kpi_readings", contract, month="2014-10")
    assert f'name="kpi_{own.pk}"' in text
    assert f'name="kpi_{officers.pk}"' not in text
    assert "The officer’s" in text
    typed = readings(own, "92") | readings(officers, "50")
    sent(world, "provider_contact", "kpi_readings", contract, typed, month="2014-10")
    assert [row.kpi for row in KpiReading.objects.all()] == [own]


# Outcomes


OUTCOME = {"statement": "Children are seen sooner", "term": "short", "intended": "yes", "effect": "positive",
           "version": "0"}  # fmt: skip


def test_the_provider_proposes_and_the_officer_agrees(world, contract):
    sent(world, "provider_contact", "outcome_add", contract, OUTCOME)
    outcome = Outcome.objects.get()
    assert outcome.state == OutcomeState.PROPOSED
    text = shown(world, "contract_officer", "contract", contract)
    assert "Proposed by the provider" in text
    assert "0 agreed, 1 proposed by the provider" in text
    typed = {"decision": "decline", "note": "", "version": "1"}
    text = sent(world, "contract_officer", "outcome_decide", contract, typed, 200, pk=outcome.pk)
    assert "Say why the outcome is declined. The provider reads it." in text
    sent(world, "contract_officer", "outcome_decide", contract, typed | {"decision": "agree"}, pk=outcome.pk)
    outcome.refresh_from_db()
    assert (outcome.state, outcome.decided_by) == (OutcomeState.AGREED, world.people["contract_officer"])
    assert "Proposed by the provider" not in shown(world, "contract_officer", "contract", contract)


def test_the_provider_reads_why_its_outcome_was_declined(world, contract):
    make_outcome(contract, "Schools are happier", state=OutcomeState.DECLINED, decision_note="Not of this contract")
    assert "Not of this contract" in shown(world, "provider_contact", "outcomes", contract)
    assert "Schools are happier" not in shown(world, "provider_contact", "contract", contract)


def test_the_provider_does_not_change_what_was_agreed(world, contract):
    outcome = make_outcome(contract)
    sent(world, "provider_contact", "outcome_change", contract, OUTCOME | {"version": "1"}, pk=outcome.pk)
    outcome.refresh_from_db()
    assert outcome.statement == "Children wait less"
    typed = OUTCOME | {"version": "1", "intended": "no"}
    sent(world, "contract_officer", "outcome_change", contract, typed, pk=outcome.pk)
    outcome.refresh_from_db()
    assert (outcome.statement, outcome.is_intended) == ("Children are seen sooner", False)


# Sight


@pytest.fixture
def other_contact(world):
    return make_person("Alder Contact", world.other_provider, Role.PROVIDER_CONTACT)


def addresses(contract, kpi, outcome):
    slug = {"slug": contract.slug}
    return [
        *(reverse(name, kwargs=slug) for name in ("kpis", "kpi_add", "outcomes", "outcome_add")),
        reverse("kpi", kwargs=slug | {"pk": kpi.pk}),
        reverse("kpi_readings", kwargs=slug | {"month": OCTOBER}),
        reverse("outcome_change", kwargs=slug | {"pk": outcome.pk}),
    ]


def test_another_providers_contact_sees_nothing_of_it(contract, other_contact):
    kpi, outcome = make_kpi(contract), make_outcome(contract)
    browser = client_for(other_contact)
    answers = [browser.get(address).status_code for address in addresses(contract, kpi, outcome)]
    assert answers == [404] * 7


@pytest.mark.parametrize("who", ["ccg_commissioner", "observer", "provider_contact", "outsider"])
def test_nothing_of_a_restricted_contract_is_seen_by_who_is_not_named(world, contract, who):
    kpi, outcome = make_kpi(contract), make_outcome(contract)
    restrict_contract(
        contract=contract, reason="Tender", named=[world.council], review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )  # fmt: skip
    browser = world.browser(who)
    assert [browser.get(address).status_code for address in addresses(contract, kpi, outcome)] == [404] * 7


def test_a_kpi_is_not_found_under_another_contract(world, contract):
    kpi = make_kpi(world.contract())
    shown(world, "contract_officer", "kpi", contract, 404, pk=kpi.pk)
    sent(world, "contract_officer", "kpi_close", contract, {}, 404, pk=kpi.pk)


# Queries


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_ask_as_much_for_thirty_kpis_as_for_one(world, contract, count):
    kpis = [make_kpi(contract) for _ in range(count)]
    for kpi in kpis:
        make_reading(kpi, 89, SEPTEMBER)
        make_reading(kpi, 92, saved_by=world.people["contract_officer"])
        make_outcome(contract, f"Outcome {kpi.pk}")
    make_plan(*kpis)
    browser = world.browser("contract_officer")
    pages = {"kpis": {}, "kpi_readings": {"month": OCTOBER}, "outcomes": {}, "kpi": {"pk": kpis[0].pk}}
    asked = {}
    for name, parts in pages.items():
        address = reverse(name, kwargs={"slug": contract.slug, **parts})
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        asked[name] = len(queries)
    assert asked == {"kpis": 7, "kpi_readings": 9, "outcomes": 6, "kpi": 8}
