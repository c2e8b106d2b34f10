"""The demonstration runs with DEBUG; a visitor is shown no more than in earnest."""

import datetime

import pytest

from contracts.services.restriction import restrict_contract


@pytest.fixture
def demonstration(settings):
    settings.DEBUG = True


def test_what_is_hidden_and_what_is_not_there_look_alike(world, demonstration):
    contract = world.contract(title="Prices under tender")
    restrict_contract(
        contract=contract,
        reason="Tender",
        named=[world.council],
        review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )
    browser = world.browser("outsider")
    addresses = [f"/contracts/{contract.slug}/", "/contracts/NO-SUCH/", "/nowhere/", "/units/mercia-children/partners/"]
    answers = [browser.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [404] * 4
    pages = {answer.content.decode().partition("<main")[2].partition("</main>")[0] for answer in answers}
    (page,) = pages
    assert "<h1>Page not found</h1>" in page
    whole = "".join(answer.content.decode() for answer in answers)
    assert [word for word in ("URLconf", "DEBUG", "Prices", "Mercia") if word in whole] == []


def test_a_developer_without_a_demonstration_keeps_djangos_page(world, demonstration, settings):
    settings.DEMO_TODAY = None
    assert "URLconf" in world.browser("outsider").get("/nowhere/").content.decode()
