"""KPIs on the page of one return: typed, judged, saved with it, and never lost."""

import datetime
from decimal import Decimal

import pytest

from contracts.choices import KpiPlan, ReturnState
from contracts.models import KpiReading, MonthlyReturn, MonthReview
from contracts.queries.kpis import evidence_in, kpi_lines
from contracts.services.kpi_readings import ReadingEntry, save_readings
from contracts.services.return_kpis import entry_of, with_entries
from tests.contracts.test_returns_page import address, hidden, keep, note, send, shown, summary, tree, typed_text, words
from tests.kpi_world import make_kpi, make_plan, make_reading
from tests.world import OCTOBER, make_return

SEPTEMBER = datetime.date(2014, 9, 1)
WHOLE = {"risk": "green", "jet": "7"}


@pytest.fixture
def contract(world):
    return world.contract(title="Short breaks", service_manager=world.people["service_manager"])


@pytest.fixture
def nights(contract):
    kpi = make_kpi(contract, name="Nights delivered")
    make_reading(kpi, 90, SEPTEMBER)
    return kpi


@pytest.fixture
def officer(world):
    return world.browser("contract_officer")


def name(kpi, part=""):
    return f"kpi_{kpi.pk}{part and '_'}{part}"


def kpi_row(answer, kpi):
    [row] = [row for row in tree(answer).iter("tr") if (th := row.find("th")) is not None and kpi.name in words(th)]
    return row


def field(answer, wanted):
    [control] = [each for each in tree(answer).iter("input") if each.get("name") == wanted]
    return control


def marked(answer):
    """The scores tagged as fitting."""
    spans = [each for each in tree(answer).iter("span") if (each.get("id") or "").startswith("fits-") and words(each)]
    return [int(each.get("id").removeprefix("fits-")) for each in spans]


# What is shown


def test_a_kpi_due_has_its_target_last_month_and_an_empty_field(contract, nights, officer):
    answer = officer.get(address(contract))
    assert words(kpi_row(answer, nights)) == (
        "Nights delivered≥ 95%90% %Nothing to count for Nights delivered No reading yet If short, what is done: "
        "Nights delivered Choose No plan Wants to improve, no plan yet Plan in place"
    )
    assert field(answer, name(nights)).get("value") is None
    assert "2. KPIs0 of 1 entered" in shown(answer)
    assert "1 KPI to enter." in shown(answer)
    assert marked(answer) == []
    assert "would need a reason" not in shown(answer)


def test_without_kpis_the_page_says_so(contract, officer):
    assert "No KPI is kept of this contract." in shown(officer.get(address(contract)))


def test_what_is_due_another_month_or_from_the_provider_is_not_typed(contract, officer):
    quarterly = make_kpi(contract, name="Yearly checks", frequency="quarterly")
    make_reading(quarterly, 97, SEPTEMBER)
    theirs = make_kpi(contract, name="Complaints", reported_by="provider")
    untold = make_kpi(contract, name="New one", target=None)
    answer = officer.get(address(contract))
    assert "Yearly checks: 97%, ▲ Beats target. Next due for December 2014." in shown(answer)
    assert "To come from the provider" in words(kpi_row(answer, theirs))
    assert "No target is set for October" in words(kpi_row(answer, untold))
    assert not [each for each in tree(answer).iter("input") if (each.get("name") or "").startswith("kpi_")]
    make_reading(theirs, 99)
    assert "99%By the provider" in words(kpi_row(officer.get(address(contract)), theirs))
    assert send(officer, contract, **WHOLE).status_code == 302


def test_the_script_knows_what_the_server_judges_by(contract, officer):
    kpi = make_kpi(contract, unit="days", direction="between", target="4.5", upper=6, tolerance="0.5")
    make_reading(kpi, 7, SEPTEMBER)
    row = kpi_row(officer.get(address(contract)), kpi)
    keys = ("direction", "target", "upper", "tolerance")
    assert [row.get(f"data-{key}") for key in keys] == ["between", "4.5000", "6.0000", "0.5000"]


def test_the_grades_that_fit_are_marked_and_the_others_said_to_need_a_reason(contract, nights, officer):
    for _ in range(2):
        make_reading(make_kpi(contract), 96)
    make_reading(nights, 93, plan=KpiPlan.IN_PLACE)
    answer = officer.get(address(contract))
    assert marked(answer) == [6, 5, 4]
    assert (
        "Grade 7 or more, or 3 or less would need a reason. 7 asks of the KPIs: “All are at least on target”. "
        "Here 2 of 3 met, 1 short: improving, with a plan."
    ) in shown(answer)
    assert "3 of 3 entered. 2 of those met" in shown(answer)


# What is saved


def test_readings_are_saved_with_the_return(world, contract, nights, officer):
    answer = send(
        officer, contract, **{"risk": "green", "jet": "9", name(nights): "96 %", name(nights, "plan"): "none"}
    )
    assert answer.status_code == 302
    reading = KpiReading.objects.get(month=OCTOBER)
    assert (reading.value, reading.plan, reading.saved_by) == (96, "", world.people["contract_officer"])
    assert MonthlyReturn.objects.get(month=OCTOBER).jet_score == 9


def test_counts_make_the_percentage(contract, officer):
    kpi = make_kpi(contract, name="Reviews on time", is_from_counts=True, decimals=1)
    posted = {"risk": "green", "jet": "5", name(kpi): "19", name(kpi, "whole"): "21", name(kpi, "plan"): "willing"}
    answer = send(officer, contract, "draft", **posted)
    assert answer.status_code == 302
    reading = KpiReading.objects.get()
    assert (reading.part, reading.whole, reading.value, reading.plan) == (19, 21, Decimal("90.5"), "willing")
    again = officer.get(address(contract))
    assert (field(again, name(kpi)).get("value"), field(again, name(kpi, "whole")).get("value")) == ("19", "21")
    assert "▼ Short of target" in words(kpi_row(again, kpi))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"": ""}, "Nights delivered: give the reading for October 2014, or tick “Nothing to count”."),
        ({"": "most"}, "Nights delivered: enter a number, such as 92 or 92.5."),
        ({"": "94.5"}, "Nights delivered: use a whole number."),
        ({"": "101"}, "Nights delivered: a percentage cannot be over 100."),
        ({"": "96", "none": "on"}, "Nights delivered: give a reading or tick “Nothing to count”, not both."),
    ],
)
def test_what_cannot_be_is_refused_beside_the_kpi_and_nothing_is_lost(contract, nights, officer, typed, sentence):
    posted = {name(nights, part): value for part, value in typed.items()}
    answer = send(officer, contract, **posted, **WHOLE)
    assert (answer.status_code, summary(answer)) == (200, {(sentence, f"#id_{name(nights)}")})
    assert field(answer, name(nights)).get("value", "") == typed[""]
    assert not MonthlyReturn.objects.exists()
    assert not KpiReading.objects.filter(month=OCTOBER).exists()


@pytest.mark.parametrize(
    ("part", "whole", "sentence"),
    [
        ("3", "0", "The whole cannot be 0. If nothing was there to count, tick “Nothing to count”."),
        ("5", "4", "The part cannot be more than the whole."),
        ("5", "", "Give both counts, or tick “Nothing to count”."),
    ],
)
def test_counts_that_make_no_percentage_are_refused(contract, officer, part, whole, sentence):
    kpi = make_kpi(contract, name="Reviews", is_from_counts=True)
    answer = send(officer, contract, **{name(kpi): part, name(kpi, "whole"): whole}, **WHOLE)
    assert sentence in words(kpi_row(answer, kpi))
    assert not KpiReading.objects.exists()


def test_all_faults_are_said_at_once(contract, nights, officer):
    answer = send(officer, contract)
    assert {link for _, link in summary(answer)} == {"#id_risk_0", f"#id_{name(nights)}", "#id_jet_0"}


def test_nothing_to_count_is_a_reading(contract, nights, officer):
    assert send(officer, contract, **{name(nights, "none"): "on"}, **WHOLE).status_code == 302
    reading = KpiReading.objects.get(month=OCTOBER)
    assert (reading.value, reading.nothing_to_count) == (None, True)


def test_what_an_improvement_plan_says_is_filled_in(contract, nights, officer):
    make_plan(nights)
    chosen = [each for each in tree(officer.get(address(contract))).iter("option") if each.get("selected") is not None]
    assert [words(each) for each in chosen] == ["Plan in place"]


def test_a_return_refused_takes_its_readings_back(contract, nights, officer):
    make_return(contract, state=ReturnState.ACCEPTED)
    answer = send(officer, contract, version=1, **{name(nights): "96"}, **WHOLE)
    assert answer.status_code == 200
    assert not KpiReading.objects.filter(month=OCTOBER).exists()


# A score against the KPIs


def test_a_score_that_does_not_fit_asks_for_a_reason_and_keeps_it(contract, nights, officer):
    posted = {name(nights): "93"} | WHOLE | {"jet": "6"}
    answer = send(officer, contract, **posted)
    assert (
        "6 Good asks of the KPIs: “Majority are on target with plans in place for all others to improve”. "
        "Here 0 of 1 met, 1 short: improving, without a plan. Choose another score, or say why this one stands."
    ) in shown(answer)
    assert not MonthlyReturn.objects.exists()
    assert send(officer, contract, **posted, kpi_reason="The winter closure is agreed.").status_code == 302
    row = MonthlyReturn.objects.get(month=OCTOBER)
    assert (row.jet_score, row.kpi_reason) == (6, "The winter closure is agreed.")
    assert "Why the score stands: The winter closure is agreed." in shown(officer.get(address(contract)))


def test_a_reason_goes_where_the_score_fits(contract, nights, officer):
    posted = {name(nights): "96", "kpi_reason": "No longer so."} | WHOLE | {"jet": "9"}
    assert send(officer, contract, **posted).status_code == 302
    assert MonthlyReturn.objects.get(month=OCTOBER).kpi_reason == ""


# A draft that saves itself


def test_a_draft_keeps_readings_and_answers_with_what_they_fit(contract, nights, officer):
    answer = keep(officer, contract, **{name(nights): "93", name(nights, "plan"): "in_place"})
    assert note(answer).startswith("Draft saved")
    assert hidden(answer, name(nights, "version")) == {"1"}
    assert marked(answer) == [3, 2]
    assert "1 of 1 entered. 0 of those met" in note(answer)
    assert KpiReading.objects.get(month=OCTOBER).value == 93


def test_the_same_readings_again_write_nothing(contract, nights, officer):
    typed = {name(nights): "93"}
    keep(officer, contract, **typed)
    again = keep(officer, contract, version=1, **typed, **{name(nights, "version"): "1"})
    assert (hidden(again, "version"), KpiReading.objects.get(month=OCTOBER).version) == ({"1"}, 1)
    other = keep(officer, contract, version=1, **{name(nights): "94", name(nights, "version"): "1"})
    assert hidden(other, "version") == {"2"}
    assert KpiReading.objects.get(month=OCTOBER).value == 94


def test_a_reading_cleared_is_taken_out_again(contract, nights, officer):
    keep(officer, contract, **{name(nights): "93"})
    keep(officer, contract, version=1, **{name(nights): "", name(nights, "version"): "1"})
    assert not KpiReading.objects.filter(month=OCTOBER).exists()


# Two people, another session, a closed month


def test_a_reading_saved_meanwhile_is_shown_beside_ones_own(world, contract, nights, officer):
    save_readings(
        contract=contract,
        month=OCTOBER,
        entries=[ReadingEntry(nights.pk, value=Decimal(91))],
        by=world.people["service_manager"],
    )
    answer = send(officer, contract, **{name(nights): "96"}, **WHOLE)
    assert answer.status_code == 409
    assert "C. S. manager saved its KPI readings at" in shown(answer)
    assert "Nights delivered91%96%Different" in shown(answer)
    assert hidden(answer, name(nights, "version")) == {"1"}
    assert field(answer, name(nights)).get("value") == "96"
    assert send(officer, contract, **{name(nights): "96", name(nights, "version"): "1"}, **WHOLE).status_code == 302
    assert KpiReading.objects.get(month=OCTOBER).value == 96


def test_what_was_typed_when_the_session_ended_comes_back(world, contract, nights):
    browser = world.browser("contract_officer")
    page = browser.get(address(contract))
    [mark] = hidden(page, "typed_by")
    browser.logout()
    browser.post(address(contract), {name(nights): "93", "jet": "6", "version": "0", "typed_by": mark})
    browser.force_login(world.people["contract_officer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    again = browser.get(address(contract))
    assert field(again, name(nights)).get("value") == "93"
    assert "Grade 2 or more would need a reason." in shown(again)
    assert not KpiReading.objects.filter(month=OCTOBER).exists()


def test_copying_last_months_words_keeps_the_readings(contract, nights, officer):
    make_return(contract, SEPTEMBER, narrative="Night posts empty.")
    answer = officer.post(address(contract), {"copy": "yes", name(nights): "93", "version": 0})
    assert (field(answer, name(nights)).get("value"), typed_text(answer)) == ("93", "Night posts empty.")
    assert marked(answer) == [1]


def test_a_closed_month_is_amended_with_its_readings(world, contract, nights, officer):
    make_reading(nights, 96)
    make_return(contract, jet=9)
    MonthReview.objects.create(
        unit=contract.unit,
        month=OCTOBER,
        closed_at=datetime.datetime(2014, 11, 4, 9, tzinfo=datetime.UTC),
        closed_by=world.people["commissioner"],
    )
    posted = {"risk": "green", "jet": "9", name(nights): "97", name(nights, "version"): "1"}
    assert send(officer, contract, version=1, **posted).status_code == 200
    assert KpiReading.objects.get(month=OCTOBER).value == 96
    assert send(officer, contract, version=1, **posted, reason="Counted again.").status_code == 302
    assert KpiReading.objects.get(month=OCTOBER).value == 97
    assert MonthlyReturn.objects.get(month=OCTOBER).state == ReturnState.AMENDED


# As they would stand


def test_typed_readings_count_as_saved_ones_would(world, contract, nights):
    make_plan(nights)
    others = [make_kpi(contract), make_kpi(contract, is_from_counts=True)]
    entries = [
        ReadingEntry(nights.pk, value=Decimal(93)),
        ReadingEntry(others[0].pk, nothing_to_count=True),
        ReadingEntry(others[1].pk, part=Decimal(20), whole=Decimal(20)),
    ]
    typed = with_entries(kpi_lines(contract, OCTOBER), entries)
    save_readings(contract=contract, month=OCTOBER, entries=entries, by=world.people["contract_officer"])
    saved = kpi_lines(contract, OCTOBER)
    assert evidence_in(typed) == evidence_in(saved)
    assert [line.standing_words for line in typed] == [line.standing_words for line in saved]
    assert [line.history for line in typed] == [line.history for line in saved]
    assert (
        save_readings(
            contract=contract,
            month=OCTOBER,
            entries=[entry_of(line) for line in saved],
            by=world.people["contract_officer"],
        )
        == []
    )


# Cost


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_one_kpi_and_for_thirty(contract, officer, django_assert_num_queries, count):
    for _ in range(count):
        make_reading(make_kpi(contract), 90, SEPTEMBER)
    with django_assert_num_queries(17):
        assert officer.get(address(contract)).status_code == 200
