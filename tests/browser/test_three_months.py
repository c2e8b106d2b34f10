"""Three months of one contract that falls from 6 to 3 and recovers, as its four people live them in their browsers.

Everything after the opening is done on the pages: by the officer, the service manager, the provider's contact and the
commissioner. The clock goes on from month to month.
"""

import datetime

import pytest
from playwright.sync_api import expect

from contracts.models import ImprovementPlan, MonthlyReturn
from tests.browser.pages import check_accessible, send
from tests.kpi_world import make_kpi, make_reading
from tests.world import make_return

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

JULY, AUGUST, SEPTEMBER, OCTOBER = (datetime.date(2014, month, 1) for month in (7, 8, 9, 10))
SEEN, DELIVERED, SATISFIED = "Seen within 4 weeks", "Sessions delivered", "Families satisfied"
OFFICER, MANAGER, PROVIDER, COMMISSIONER = "contract_officer", "service_manager", "provider_contact", "commissioner"


@pytest.fixture
def contract(world):
    """July was good: two KPIs of three met, the third short with a plan."""
    contract = world.contract(title="Counselling", service_manager=world.people[MANAGER])
    for name, reported_by, value in (
        (SEEN, "officer", 91),
        (DELIVERED, "officer", 90),
        (SATISFIED, "provider", 86),
    ):
        kpi = make_kpi(contract, name=name, target=90, reported_by=reported_by)
        make_reading(kpi, value, JULY, plan="in_place" if value < 90 else "")
    make_return(contract, JULY, risk="green", jet=6, saved_by=world.people[OFFICER])
    return contract


class Months:
    """The same four browsers in each month; the clock is the server's own, which lives in this process."""

    def __init__(self, open_page, contract, settings):
        self.contract, self.settings = contract, settings
        self.pages = {who: open_page(who, "/") for who in (OFFICER, MANAGER, PROVIDER, COMMISSIONER)}

    def begin(self, today):
        self.settings.DEMO_TODAY = today

    def go(self, who, path):
        page = self.pages[who]
        assert page.goto(path).status == 200, path
        return page

    def provider_reports(self, month, value):
        page = self.go(PROVIDER, f"/contracts/{self.contract.slug}/kpis/{month:%Y-%m}/")
        page.get_by_label(SATISFIED, exact=True).fill(value)
        send(page, "Save the readings")

    def officer_opens(self, month, *, seen, delivered):
        page = self.go(OFFICER, f"/returns/{month:%Y-%m}/{self.contract.slug}/")
        page.get_by_label(SEEN, exact=True).fill(seen)
        page.get_by_label(DELIVERED, exact=True).fill(delivered)
        return page

    def submit(self, page, *, risk, jet, narrative):
        page.locator(f"input[name=risk][value={risk}]").check(force=True)
        page.locator(f"input[name=jet][value='{jet}']").check()
        page.locator("#id_narrative").fill(narrative)
        page.get_by_role("button", name="Submit", exact=True).click()

    def view(self, who, month, *, side, score, comment):
        page = self.go(who, f"/contracts/{self.contract.slug}/grade/{month:%Y-%m}/")
        page.locator(f"#id_{side}-score").select_option(str(score))
        page.locator(f"#id_{side}-comment").fill(comment)
        with page.expect_navigation():
            page.locator("form section", has=page.locator(f"#id_{side}-score")).get_by_role("button").click()
        return page

    def accept(self, month):
        page = self.go(COMMISSIONER, f"/returns/{month:%Y-%m}/{self.contract.slug}/")
        send(page, "Accept")


def test_a_contract_falls_and_recovers(open_page, contract, settings):
    months = Months(open_page, contract, settings)
    august_is_as_july(months)
    september_falls(months)
    october_recovers(months)
    stated = MonthlyReturn.objects.filter(month__gte=AUGUST).order_by("month")
    assert list(stated.values_list("month", "risk", "jet_score", "state", "kpi_reason")) == [
        (AUGUST, "green", 6, "accepted", ""),
        (SEPTEMBER, "red", 3, "accepted", ""),
        (OCTOBER, "amber", 6, "accepted", ""),
    ]
    assert [page.complaints for page in months.pages.values()] == [[], [], [], []]


def august_is_as_july(months):
    months.begin(datetime.date(2014, 9, 2))
    months.provider_reports(AUGUST, "90")
    page = months.officer_opens(AUGUST, seen="91", delivered="90")
    months.submit(page, risk="green", jet=6, narrative="")
    expect(page.locator(".govuk-notification-banner")).to_contain_text("August 2014 return submitted")
    months.accept(AUGUST)


def september_falls(months):
    months.begin(datetime.date(2014, 10, 2))
    months.provider_reports(SEPTEMBER, "70")
    page = months.officer_opens(SEPTEMBER, seen="72", delivered="64")
    months.submit(page, risk="red", jet=6, narrative="Two counsellors left on the same day.")
    expect(page.get_by_role("alert").first).to_contain_text("6 Good asks of the KPIs")
    expect(page.locator("#id_narrative")).to_have_value("Two counsellors left on the same day.")
    check_accessible(page, "a return whose grade does not fit")
    months.view(MANAGER, SEPTEMBER, side="service_manager", score=3, comment="Schools tell us the same.")
    heard = months.view(PROVIDER, SEPTEMBER, side="supplier", score=5, comment="We have agency cover from Monday.")
    assert "Schools tell us the same." not in heard.content()
    the_officer_agrees_a_plan(months)
    page = months.officer_opens(SEPTEMBER, seen="72", delivered="64")
    months.submit(page, risk="red", jet=3, narrative="Two counsellors left on the same day.")
    expect(page.locator(".govuk-notification-banner")).to_contain_text("September 2014 return submitted")
    the_commissioner_sees_why(months)
    months.accept(SEPTEMBER)


def the_officer_agrees_a_plan(months):
    page = months.go(OFFICER, f"/contracts/{months.contract.slug}/")
    with page.expect_navigation():
        page.get_by_role("link", name="Open an improvement plan", exact=True).click()
    page.get_by_label("What the plan is called").fill("Counsellors back in schools")
    page.get_by_label("Waiting times").check()
    page.get_by_label("Agreed with the provider on").fill("2 October 2014")
    for name in (SEEN, DELIVERED, SATISFIED):
        page.get_by_label(name, exact=True).check()
    with page.expect_navigation():
        page.locator("main form button.govuk-button").first.click()
    page = months.go(OFFICER, f"/contracts/{months.contract.slug}/plans/{ImprovementPlan.objects.get().pk}/steps/new/")
    page.get_by_label("What will be done").fill("Two counsellors in post")
    page.get_by_label("Who sees to it").fill("Willow Homes, people team")
    page.get_by_label("Due by").fill("31 October 2014")
    with page.expect_navigation():
        page.locator("main form button.govuk-button").first.click()


def the_commissioner_sees_why(months):
    page = months.go(COMMISSIONER, "/returns/2014-09/review/mercia-children/")
    card = page.locator(".jc-concern", has_text="Counselling")
    for words in ("Red", "JET 3 or lower: now 3", "JET down 3 since August", "0 of 3", "Two counsellors left"):
        expect(card).to_contain_text(words)
    expect(card).to_contain_text("Supplier")  # who would give another score stays visible
    check_accessible(page, "the review of a contract that fell")


def october_recovers(months):
    months.begin(datetime.date(2014, 11, 4))
    months.provider_reports(OCTOBER, "91")
    page = months.officer_opens(OCTOBER, seen="88", delivered="92")
    step = page.locator("#steps tr", has_text="Two counsellors in post")
    expect(step).to_contain_text("4 days late")
    step.locator("select").select_option("done")
    step.locator("textarea").fill("Both were met at the visit of 29 October.")
    months.submit(page, risk="amber", jet=6, narrative="Both counsellors are in post; waits fall.")
    expect(page.locator(".govuk-notification-banner")).to_contain_text("October 2014 return submitted")
    months.accept(OCTOBER)
    page = months.go(COMMISSIONER, f"/contracts/{months.contract.slug}/")
    expect(page.locator("#plan, #plans").first).to_contain_text("1 of 1 done")
    expect(page.locator("figure").first).to_contain_text("Improvement plan agreed")
    expect(page.locator(".jc-strip")).to_contain_text("Up 3 since September")
    page = months.go(PROVIDER, f"/contracts/{months.contract.slug}/")
    for hidden in ("Two counsellors left on the same day.", "Schools tell us the same."):
        assert hidden not in page.content()
    assert (
        "We have agency cover from Monday."
        in months.go(PROVIDER, f"/contracts/{months.contract.slug}/grade/2014-09/").content()
    )
