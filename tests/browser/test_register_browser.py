"""The register's columns, filters and saved views in a real browser, and on a phone and without JavaScript."""

import pytest

from reporting.demonstration.people import COMMISSIONER, SAM
from tests.browser.pages import check_accessible, check_no_sideways_scroll, send, titles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.xdist_group("demonstration register"),
]

ALL = (
    "reference,provider,area,unit,value,whole,start,ends,max,options,notice,decide,risk,was_risk,jet,was_jet,history,"
    "officer,manager,managed,status,returned,regime"
)


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("address", ["/contracts/", f"/contracts/?cols={ALL}&was_risk=red&value_from=100&colour=blue"])
def test_the_register_with_its_panels_open_meets_the_rules(sign_in, width, address):
    page = sign_in(COMMISSIONER, width=width)
    page.goto(address)
    for details in page.locator("details:not([open]) > summary").all():
        if details.is_visible():
            details.click()
    check_accessible(page, f"{address} at {width}")
    check_no_sideways_scroll(page, f"{address} at {width}")


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_columns_are_chosen_sorted_and_kept_under_a_name(sign_in, scripts):
    page = sign_in(COMMISSIONER, scripts=scripts)
    page.goto("/contracts/?risk=red")
    red = titles(page)
    page.get_by_text("Columns", exact=True).click()
    for label in ("Service area", "JET, 12 months"):
        page.get_by_label(label, exact=True).uncheck()
    page.get_by_label("Whole-life value", exact=True).check()
    send(page, "Show these columns")
    assert sorted(titles(page)) == sorted(red)
    page.get_by_role("columnheader", name="Whole life").get_by_role("link").click()
    page.wait_for_url("**sort=whole**")
    heads = [head.strip() for head in page.locator(".jc-table thead th").all_inner_texts()]
    assert heads == ["Contract", "A year", "Term ends", "Risk", "JET", "Officer", "Whole life"]
    assert page.get_by_role("columnheader", name="Whole life").get_attribute("aria-sort") == "descending"
    page.get_by_role("main").get_by_role("button", name="Save this view").click()
    page.get_by_label("Name of the view").fill("Dearest red ones")
    page.get_by_label("Share with the unit").check()
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 900})
        if scripts:
            check_accessible(page, f"Save this view at {width}")
        check_no_sideways_scroll(page, f"Save this view at {width}")
    send(page, "Save the view")
    chip = page.get_by_role("link", name=f"Dearest red ones ({len(red)})")
    assert chip.get_attribute("aria-current") == "page"

    other = sign_in(SAM, width=390)
    other.goto("/contracts/")
    check_accessible(other, "the register with a shared view at 390")
    check_no_sideways_scroll(other, "the register with a shared view at 390")
    other.get_by_role("link", name=f"Dearest red ones ({len(red)}), by J. Marsh").click()
    other.wait_for_url("**sort=whole**")
    assert sorted(titles(other)) == sorted(red)
    other.get_by_role("link", name="Manage views").click()
    check_accessible(other, "the page of views at 390")
    check_no_sideways_scroll(other, "the page of views at 390")
    assert other.get_by_role("link", name="Remove Dearest red ones").count() == 0

    page.goto("/contracts/views/")
    page.get_by_role("link", name="Remove Dearest red ones").click()
    send(page, "Remove the view")
    assert page.get_by_text("No view is saved yet.").is_visible()


def test_the_folded_filters_are_sent_with_the_others(sign_in):
    page = sign_in(COMMISSIONER)
    page.goto("/contracts/?cols=risk,provider&sort=provider")
    page.get_by_text("More filters", exact=True).click()
    page.get_by_label("Words in provider").fill("trust")
    page.get_by_label("Yearly value from").fill("£100,000")
    page.get_by_label("Term ends to").fill("31 March 2016")
    page.get_by_role("button", name="Apply filter").last.click()
    page.wait_for_url("**provider_name=trust**")
    assert "cols=risk" in page.url
    assert "sort=provider" in page.url
    selected = page.locator(".moj-filter-tags li").all_inner_texts()
    assert [words.replace("Remove this filter", "").strip() for words in selected] == [
        "Current", "Provider “trust”", "Yearly value from £100,000", "Term ends to 31 March 2016",
    ]  # fmt: skip
    names = page.locator(".jc-table tbody td[data-label=Provider]").all_inner_texts()
    assert names
    assert all("trust" in name.lower() or "others" in name for name in names)
