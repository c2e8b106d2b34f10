"""Every version of a return side by side."""

import html5lib
import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.test.utils import CaptureQueriesContext

from contracts.services.return_review import accept_return, send_back_return
from contracts.services.returns import Figures, save_draft, submit_return
from tests.world import OCTOBER


@pytest.fixture
def history(world):
    """Two drafts, submitted, sent back by the commissioner, submitted again, accepted."""
    contract = world.contract()
    officer, commissioner = world.people["contract_officer"], world.people["commissioner"]
    of = {"contract": contract, "month": OCTOBER}
    save_draft(**of, figures=Figures(risk="amber"), version=0, by=officer)
    save_draft(**of, figures=Figures(risk="amber", narrative="Half a sentence"), version=1, by=officer)
    row = submit_return(**of, figures=Figures("amber", 5, "", "Two posts empty."), version=2, by=officer)
    row = send_back_return(row=row, version=3, note="Which posts?", by=commissioner)
    row = submit_return(**of, figures=Figures("red", 4, "", "Two night posts empty."), version=4, by=officer)
    accept_return(row=row, version=5, by=commissioner)
    return contract


def table(browser, contract, query=""):
    answer = browser.get(f"/contracts/{contract.slug}/returns/2014-10/versions/{query}")
    tree = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    [found] = [table for table in tree.iter("table") if "jc-versions" in table.get("class", "")]
    return {words(row[0]): [words(cell) for cell in list(row)[1:]] for row in found.iter("tr")}


def words(node):
    return " ".join("".join(node.itertext()).split())


def test_versions_stand_side_by_side_newest_first_with_their_authors(world, history):
    rows = table(world.browser("auditor"), history)
    assert [each.split("Council")[0].strip() for each in rows["Part"]] == [
        "Return accepted",
        "Return submitted",
        "Return sent back",
        "Return submitted",
        "Return saved as a draft",
    ]
    assert all("4 November 2014" in each for each in rows["Part"])
    assert "Council Commissioner" in rows["Part"][0]
    assert "Council Contract officer" in rows["Part"][1]
    assert rows["What changed"] == [
        "Two night posts empty.",
        "Two night posts empty. (changed)",
        "Two posts empty.",
        "Two posts empty. (changed)",
        "Half a sentence",
    ]
    assert rows["Note of the reviewer"] == ["", "Nothing (changed)", "Which posts? (changed)", "", ""]


def test_drafts_in_between_are_shown_on_request(world, history):
    rows = table(world.browser("commissioner"), history, "?drafts=all")
    assert rows["What changed"][-2:] == ["Half a sentence (changed)", "Nothing yet"]
    page = world.browser("commissioner").get(f"/contracts/{history.slug}/returns/2014-10/versions/")
    assert "Show 1 earlier draft too" in page.content.decode()


def test_nobody_reads_versions_of_what_they_do_not_see(world, history):
    address = f"/contracts/{history.slug}/returns/2014-10/versions/"
    assert world.browser("outsider").get(address).status_code == 404
    answer = world.browser("provider_contact").get(address)
    assert answer.status_code == 403
    assert "night posts" not in answer.content.decode()
    assert world.browser("auditor").get(address.replace("2014-10", "2014-09")).status_code == 404


def test_the_page_asks_as_much_for_five_versions_as_for_fifty(world, history):
    browser = world.browser("auditor")
    address = f"/contracts/{history.slug}/returns/2014-10/versions/"
    browser.get(address)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    before = asked()
    other = world.contract()
    of = {"contract": other, "month": OCTOBER, "by": world.people["contract_officer"]}
    for version in range(50):
        save_draft(**of, figures=Figures(narrative=f"Sentence {version}"), version=version)
    address = f"/contracts/{other.slug}/returns/2014-10/versions/?drafts=all"
    assert asked() == before == 6


@pytest.mark.parametrize(
    "change", ["UPDATE contracts_monthlyreturnevent SET risk = 'green'", "DELETE FROM contracts_monthlyreturnevent"]
)
def test_the_database_refuses_to_change_or_drop_a_version(history, change):
    with pytest.raises(Error, match="Cannot update or delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
