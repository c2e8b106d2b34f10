"""The KPIs of a return in a real browser: the fit as it is typed, the reason for a grade that does not fit."""

import datetime

import pytest
from playwright.sync_api import expect

from contracts.choices import ReturnState
from contracts.models import KpiReading, MonthlyReturn
from tests.browser.pages import check_accessible, check_no_sideways_scroll
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEPTEMBER = datetime.date(2014, 9, 1)


@pytest.fixture
def contract(world):
    contract = world.contract(title="Short breaks")
    for name, value in (("Nights delivered", 90), ("Parents satisfied", 96)):
        make_reading(make_kpi(contract, name=name), value, SEPTEMBER)
    return contract


def address(contract):
    return f"/returns/2014-10/{contract.slug}/"


def test_typing_a_kpi_shows_how_it_stands_what_fits_and_asks_for_a_reason(open_page, contract):
    page = open_page("contract_officer", address(contract))
    row = page.locator("tr[data-kpi]", has_text="Nights delivered")
    plan, reason = row.locator("[data-plan]"), page.locator("[data-kpi-reason]")
    expect(plan).to_be_hidden()
    expect(reason).to_be_hidden()
    page.get_by_label("Nights delivered", exact=True).fill("93")
    expect(row.locator("[data-status]")).to_have_text("▼ Short, improving")
    expect(plan).to_be_visible()
    page.get_by_label("Parents satisfied", exact=True).fill("97")
    expect(page.locator("#to-enter")).to_have_text("", timeout=8_000)
    expect(page.locator("#fits-5")).to_have_text("fits your KPIs")
    expect(page.locator("#kpi-fits")).to_contain_text("Grade 6 or more, or 4 or less would need a reason.")
    page.locator("input[name=jet][value='7']").check()
    expect(reason).to_be_visible()
    page.locator("input[name=jet][value='5']").check()
    expect(reason).to_be_hidden()
    page.locator("input[name=jet][value='7']").check()
    page.locator("input[name=risk][value=green]").check()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("7 Excellent asks of the KPIs")
    check_accessible(page, "return with KPIs")
    page.get_by_label("Why this score stands").fill("One child’s stay was cut short by illness.")
    with page.expect_navigation():
        page.get_by_role("button", name="Submit", exact=True).click()
    row = MonthlyReturn.objects.get(month=OCTOBER)
    assert (row.state, row.jet_score, row.kpi_reason) == (
        ReturnState.SUBMITTED,
        7,
        "One child’s stay was cut short by illness.",
    )
    assert sorted(KpiReading.objects.filter(month=OCTOBER).values_list("value", flat=True)) == [93, 97]
    assert page.complaints == []


@pytest.mark.parametrize("width", [390, 320])
def test_without_scripts_every_field_can_be_reached(open_page, contract, width):
    page = open_page("contract_officer", address(contract), scripts=False, width=width)
    check_no_sideways_scroll(page, "return with KPIs")
    for label in ("Nights delivered", "Parents satisfied"):
        page.get_by_label(label, exact=True).fill("93")
    page.get_by_label("If short, what is done: Nights delivered").select_option("in_place")
    page.get_by_label("Why this score stands").fill("Told late.")
    page.locator("input[name=risk][value=green]").check()
    page.locator("input[name=jet][value='4']").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Submit", exact=True).click()
    assert MonthlyReturn.objects.get(month=OCTOBER).kpi_reason == "Told late."
