"""A person of two units that use one reference: every row and every link leads to the contract it names."""

import re
from html import unescape

import pytest

from accounts.permissions import Role
from commissioning.services.people import give_role
from contracts.choices import Risk
from tests.world import LONG_AGO, OCTOBER, make_contract, make_return

REFERENCE = "CS/0147"


@pytest.fixture
def twins(world):
    """(ours, the neighbour's) of one reference, both red and ending soon; the commissioner works for both councils."""
    give_role(
        user=world.people["commissioner"],
        organisation=world.outsider_council,
        role=Role.COMMISSIONER,
        since=LONG_AGO,
        by=None,
    )
    ends = world.contract().start.replace(year=2015, month=3, day=31)
    ours = world.contract(reference=REFERENCE, title="Ours & theirs", initial_end=ends, options=[12])
    theirs = make_contract(world.outsider_unit, reference=REFERENCE, title="Across the border", initial_end=ends)
    for contract in (ours, theirs):
        make_return(contract, OCTOBER, risk=Risk.RED, jet=3, narrative="Nobody came.")
    return ours, theirs


def links(page: str) -> list[tuple[str, str]]:
    """(address, words) of every link."""
    found = re.findall(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, flags=re.DOTALL)
    return [(unescape(url), unescape(re.sub(r"<[^>]+>", "", words)).strip()) for url, words in found]


def titled(page: str, title: str) -> set[str]:
    return {url for url, words in links(page) if title in words}


@pytest.mark.parametrize("path", ["/", "/contracts/", "/returns/2014-10/?show=everyone", "/contracts/CS-0147/"])
def test_a_row_of_several_units_leads_to_its_own_contract(world, twins, path):
    browser = world.browser("commissioner")
    page = browser.get(path).content.decode()
    for contract in twins:
        found = titled(page, contract.title)
        assert found, path
        for url in found:
            assert url.endswith(f"?unit={contract.unit.code}"), (path, url)
            shown = unescape(browser.get(url).content.decode())
            assert contract.title in shown, url
            assert not any(other.title in shown for other in twins if other is not contract), url


def test_the_register_of_several_units_says_whose_each_contract_is_and_the_header_offers_to_choose(world, twins):
    page = unescape(world.browser("commissioner").get("/contracts/").content.decode())
    for contract in twins:
        row = page[page.index(f">{contract.title}</a>") :]
        assert f'<span class="jc-sub">{contract.unit.name}</span>' in row[: row.index("</tr>")]
    assert ("/units/", "Choose one of your units") in links(page)
    alone = unescape(world.browser("board_secretary").get("/contracts/").content.decode())
    assert f'<span class="jc-sub">{world.unit.name}</span>' not in alone
    assert "Choose one" not in alone


def test_what_may_be_done_names_the_unit_and_so_does_the_way_back(world, twins):
    browser = world.browser("commissioner")
    for contract in twins:
        page = browser.get(contract.url_in_unit).content.decode()
        doing = [url for url, _ in links(page) if url.startswith(f"/contracts/{contract.slug}/")]
        names = {url.removeprefix(f"/contracts/{contract.slug}/").partition("/")[0] for url in doing}
        assert names >= {"change", "decision", "restrict", "kpis", "outcomes", "plans", "board", "documents"}
        for url in doing:
            form = browser.get(url)
            assert form.status_code == 200
            ways = [way for way, _ in links(form.content.decode()) if way.startswith(f"/contracts/{contract.slug}/")]
            assert contract.url_in_unit in {way.partition("#")[0] for way in ways}, url
            unnamed = [way for way in (url, *ways) if f"unit={contract.unit.code}" not in way]
            assert unnamed == [], url


def test_within_one_unit_the_address_of_a_row_stays_short(world):
    contract = world.contract(reference=REFERENCE, title="Only ours")
    make_return(contract, OCTOBER, risk=Risk.RED, jet=3)
    browser = world.browser("commissioner")
    for path in ("/", "/contracts/"):
        assert titled(browser.get(path).content.decode(), "Only ours") - {"/returns/2014-10/CS-0147/"} == {
            "/contracts/CS-0147/"
        }
