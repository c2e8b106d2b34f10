"""The monthly review in a real browser: by keyboard, without JavaScript and on paper. It changes the demonstration."""

import re

import pytest

from contracts.choices import ReturnState
from contracts.models import MonthlyReturn
from reporting.demonstration.people import COMMISSIONER, UNIT_CODE
from tests.browser.pages import send, tab_to
from tests.world import OCTOBER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.xdist_group("demonstration month review"),
]

REVIEW = f"/returns/2014-10/review/{UNIT_CODE}/"


def accepted():
    return MonthlyReturn.objects.filter(month=OCTOBER, state=ReturnState.ACCEPTED).count()


def counted(page, part):
    heading = page.locator(f"#{part} h2").inner_text()
    return int(re.search(r"\((\d+)\)", heading).group(1))


def test_a_return_is_ticked_and_accepted_by_keyboard(sign_in):
    page = sign_in(COMMISSIONER)
    page.goto(REVIEW)
    before = accepted()
    tab_to(page, "input[name=row]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # accepts nothing by itself
    assert page.locator("input[name=row]:checked").count() == 1
    assert accepted() == before
    seen = page.evaluate(
        """() => { const box = document.activeElement.getBoundingClientRect()
           return !document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest('.jc-sticky') }"""
    )
    assert seen, "the tick with the focus is not under the bar"
    send(page, "Accept ticked")
    assert page.get_by_text("Accepted: ").first.is_visible()
    assert accepted() == before + 1


def test_one_is_sent_back_where_it_stands(sign_in):
    page = sign_in(COMMISSIONER)
    page.goto(REVIEW)
    row = page.locator("#to-review tbody tr").nth(3)
    title = row.locator("th a").inner_text()
    following = page.locator("#to-review tbody tr").nth(4).get_attribute("id")
    row.get_by_text("Send back").first.click()
    row.locator("textarea").fill("Which posts are empty?")
    with page.expect_navigation():
        row.locator("button[value=send_back]").click()
    assert page.url.endswith(f"{REVIEW}#{following}")
    assert page.get_by_text(f"Sent back: {title}.").is_visible()
    assert MonthlyReturn.objects.filter(month=OCTOBER, review_note="Which posts are empty?").count() == 1


def test_all_are_accepted_without_javascript(sign_in):
    page = sign_in(COMMISSIONER, scripts=False)
    page.goto(REVIEW)
    waiting, before = counted(page, "to-review"), accepted()
    page.get_by_label(f"All {waiting} under “To review”").check()
    send(page, "Accept ticked")
    assert page.get_by_text(f"Accepted: {waiting} returns.").is_visible()
    assert (counted(page, "to-review"), accepted()) == (0, before + waiting)


@pytest.mark.parametrize("paper", ["agenda/", "minutes/", ""])
def test_paper_carries_no_controls(sign_in, paper):
    page = sign_in(COMMISSIONER)
    page.goto(REVIEW + paper)
    page.emulate_media(media="print")
    for control in ("button", "input", "textarea", "nav"):
        assert [found for found in page.locator(f"body {control}").all() if found.is_visible()] == []
    assert page.locator(".jc-printhead").is_visible()
    assert page.locator("#concern article, .jc-paper__item").first.is_visible()


def test_a_filtered_review_fits_a_phone(sign_in):
    page = sign_in(COMMISSIONER, width=390)
    page.goto(f"{REVIEW}?risk=amber&sort=-jet")
    page.get_by_text("Filter", exact=True).click()
    assert page.get_by_label("Amber (", exact=False).is_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
