"""Saved views of the monthly review: kept from its page, counted on it, opened at the month looked at."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.choices import ViewPage
from reporting.models import SavedView
from reporting.services.saved_views import save_view
from tests.contracts.test_month_review import QUERIES, REVIEW, calm, secret
from tests.kpi_world import make_kpi, make_reading

EARLIER = REVIEW.replace("2014-10", "2014-09")


def saved(world, name="Red ones", query="risk=red", *, who="commissioner", share=True, page=ViewPage.REVIEW):
    return save_view(name=name, query=query, unit=world.unit, page=page, share=share, by=world.people[who])


def text(world, who="commissioner", path=REVIEW):
    return html.unescape(world.browser(who).get(path).content.decode())


def chips(page):
    nav = re.search(r'<nav aria-label="Saved views">.*?</nav>', page, re.DOTALL)[0]
    return re.findall(r'<a class="govuk-link"( aria-current="page")? href="([^"]*)">([^<]*)</a></li>', nav)


def test_a_review_is_saved_as_it_is_looked_at_and_opened_again(world):
    calm(world, "Red", risk="red")
    calm(world, "Green")
    page = text(world, path=REVIEW + "?sort=-jet&risk=red")
    address = re.search(r'href="([^"]*save-view/[^"]*)"', page)[1]
    assert address == REVIEW + "save-view/?sort=-jet&risk=red"
    browser = world.browser("commissioner")
    form = html.unescape(browser.get(address).content.decode())
    query = re.search(r'name="query" value="([^"]*)"', form)[1]
    answer = browser.post(address, {"name": "Worst", "query": query, "share": "on"})
    assert (answer.status_code, answer.url) == (302, REVIEW + "?risk=red&sort=-jet")
    view = SavedView.objects.get()
    assert (view.page, view.unit, view.is_shared) == (ViewPage.REVIEW, world.unit, True)
    assert (' aria-current="page"', "?risk=red&sort=-jet", "Worst (1)") in chips(text(world, path=answer.url))
    assert ("", "?risk=red&sort=-jet", "Worst (0)") not in chips(text(world, path=answer.url))


def test_a_view_opens_the_month_that_is_looked_at(world):
    saved(world)
    calm(world, "Red", risk="red")
    assert ("", "?risk=red", "Red ones (1)") in chips(text(world))
    assert ("", "?risk=red", "Red ones (0)") in chips(text(world, path=EARLIER))


def test_the_same_name_again_is_refused_beside_it(world):
    saved(world)
    answer = world.browser("commissioner").post(REVIEW + "save-view/", {"name": "Red ones", "query": "risk=red"})
    assert "You already have a view with this name here." in html.unescape(answer.content.decode())
    assert SavedView.objects.count() == 1


def test_a_count_is_of_what_its_reader_may_see(world):
    secret(world)
    calm(world, "Open", risk="red")
    saved(world)
    saved(world, "Prices", "q=prices")
    assert [label for _, _, label in chips(text(world))] == ["The whole month (2)", "Prices (1)", "Red ones (2)"]
    assert [label for _, _, label in chips(text(world, "ccg_commissioner"))] == [
        "The whole month (1)",
        "Prices (0), by C. Commissioner",
        "Red ones (1), by C. Commissioner",
    ]


def test_views_of_the_register_and_private_ones_are_not_offered(world):
    saved(world, "Of the register", page=ViewPage.REGISTER)
    saved(world, "Private", who="finance", share=False)
    assert [label for _, _, label in chips(text(world))] == ["The whole month (0)"]
    saved(world, "Of the review")
    assert "Of the review" not in text(world, path="/contracts/")


def test_it_is_opened_at_the_newest_month_from_the_page_of_all_views(world):
    saved(world)
    assert f'href="{REVIEW}?risk=red">Red ones</a>' in text(world, path="/contracts/views/")
    officer = text(world, "contract_officer", "/contracts/views/")
    assert "Red ones" in officer
    assert "/review/" not in officer


@pytest.mark.parametrize("number", [0, 1, 30])
def test_the_views_are_one_query_however_many(world, number):
    contract, _ = calm(world, "One")
    make_reading(make_kpi(contract), 95)
    for place in range(number):
        saved(world, f"View {place}", f"q={place}", who="commissioner" if place % 2 else "finance")
    browser = world.browser("commissioner")
    browser.get(REVIEW)
    with CaptureQueriesContext(connection) as asked:
        browser.get(REVIEW)
    assert len(asked) == QUERIES
