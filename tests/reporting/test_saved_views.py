"""Saved views: whose they are, who finds them, what their counts tell, and what becomes of old ones."""

import datetime
import html
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from commissioning.services.conflict import Conflict
from commissioning.services.partners import leave_unit
from commissioning.services.people import give_role
from contracts.services.restriction import restrict_contract
from reporting.models import SavedView
from reporting.queries.register_page import RegisterPage
from reporting.queries.saved_views import CHIPS_SHOWN
from reporting.rules.addresses import normal_query
from reporting.services.saved_views import change_view, remove_view, save_view
from tests.world import LONG_AGO, TODAY, make_contract, make_person, make_return


def saved(world, name="Red ones", query="risk=red", *, who="contract_officer", unit="own", share=False):
    in_unit = world.unit if unit == "own" else unit
    return save_view(name=name, query=query, unit=in_unit, share=share, by=world.people[who])


def names(world, who):
    """Read anew, as a person's sight is read once a request."""
    user = User.objects.get(pk=world.people[who].pk)
    return [view.name for view in SavedView.objects.visible_to(user)]


def chips(world, who, query="", unit="own"):
    in_unit = world.unit if unit == "own" else unit
    page = RegisterPage(user=world.people[who], unit=in_unit, params=QueryDict(query))
    return [(chip.name, chip.count, chip.url, chip.is_current) for chip in page.chips.chips]


# The address as it is kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("?page=3&month=2014-09", ""),
        ("risk=red&risk=amber&risk=red", "risk=amber&risk=red"),
        ("sort=-jet&q=&area=Early+years", "area=Early+years&sort=-jet"),
        ("cols=risk&q=a&cols=jet,risk", "cols=risk%2Cjet&q=a"),
        ("q=%C2%A3&q= ", "q=%C2%A3"),
        ("nonsense", ""),
    ],
)
def test_an_address_is_kept_in_one_form(text, kept):
    assert normal_query(text) == kept
    assert normal_query(kept) == kept


# Saving, changing, removing


def test_a_view_is_kept_with_its_history(world):
    view = saved(world, " Red ones ", "?risk=red&page=2")
    assert (view.name, view.query, view.unit, view.is_shared, view.version) == (
        "Red ones", "risk=red", world.unit, False, 1,
    )  # fmt: skip
    change_view(view=view, name="Red", share=True, version=1, by=view.owner)
    pk = view.pk
    remove_view(view=SavedView.objects.get(pk=pk), by=view.owner)
    events = SavedView.pgh_event_model.objects.filter(pgh_obj_id=pk).order_by("pgh_id")
    assert [(e.pgh_label, e.name, e.pgh_context.metadata["act"]) for e in events] == [
        ("insert", "Red ones", "View saved"),
        ("update", "Red", "View changed"),
        ("delete", "Red", "View removed"),
    ]


def test_one_name_once_for_each_person_and_unit(world):
    saved(world)
    with pytest.raises(ValidationError) as refused:
        saved(world, query="risk=amber")
    assert refused.value.message_dict == {
        "name": ["You already have a view with this name here. Give it another name."]
    }
    saved(world, who="commissioner")
    saved(world, unit=None)
    with pytest.raises(ValidationError):
        saved(world, unit=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=world.people["contract_officer"], unit=None, name="Red ones")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 61}, "name"),
        ({"query": f"q={'w' * 2000}"}, "__all__"),
        ({"unit": None, "share": True}, "share"),
    ],
)
def test_what_cannot_be_saved_is_refused_in_a_sentence(world, changed, field):
    with pytest.raises(ValidationError) as refused:
        saved(world, **changed)
    faults = refused.value.message_dict if hasattr(refused.value, "error_dict") else {"__all__": refused.value.messages}
    assert list(faults) == [field]
    assert not SavedView.objects.exists()


def test_nobody_shares_in_a_unit_they_do_not_work_in(world):
    with pytest.raises(ValidationError):
        saved(world, unit=world.outsider_unit, share=True)
    with pytest.raises(ValidationError):
        saved(world, who="provider_contact", share=True)


def test_the_database_holds_that_a_shared_view_has_a_unit(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=world.people["finance"], unit=None, name="All", is_shared=True)


def test_two_windows_at_once_do_not_overwrite_each_other(world):
    view = saved(world)
    change_view(view=view, name="First", share=False, version=1, by=view.owner)
    with pytest.raises(Conflict):
        change_view(view=view, name="Second", share=False, version=1, by=view.owner)
    assert SavedView.objects.get().name == "First"
    answer = world.browser("contract_officer").post(
        f"/contracts/views/{view.pk}/", {"name": "Third", "version": "1"}, follow=True
    )
    assert "This view was changed after you opened it." in answer.content.decode()
    assert SavedView.objects.get().name == "First"


def test_only_the_owner_changes_and_the_units_manager_removes_what_is_shared(world):
    view, own = saved(world, share=True), saved(world, "Mine")
    for who in ("commissioner", "finance", "ccg_commissioner", "outsider"):
        with pytest.raises(ValidationError):
            change_view(view=view, name="X", share=False, version=1, by=world.people[who])
        with pytest.raises(ValidationError):
            remove_view(view=own, by=world.people[who])
    for who in ("finance", "ccg_commissioner", "outsider"):
        with pytest.raises(ValidationError):
            remove_view(view=view, by=world.people[who])
    remove_view(view=view, by=world.people["commissioner"])
    assert [left.name for left in SavedView.objects.all()] == ["Mine"]


# Who finds which


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("contract_officer", ["Private", "Shared"]),
        ("commissioner", ["Shared"]),
        ("ccg_commissioner", ["Shared"]),
        ("observer", ["Shared"]),
        ("organisation_administrator", []),
        ("provider_contact", []),
        ("outsider", ["Theirs"]),
        ("leaver", []),
    ],
)
def test_ones_own_and_those_shared_where_one_works(world, who, found):
    saved(world, "Private")
    saved(world, "Shared", share=True)
    saved(world, "Theirs", who="outsider", unit=world.outsider_unit, share=True)
    world.contract()
    assert names(world, who) == found
    page = world.browser(who).get("/contracts/views/")
    text = page.content.decode() if page.status_code == 200 else ""
    for name in ("Private", "Shared", "Theirs"):
        assert (f">{name}<" in text) is (name in found), name


def test_a_partner_that_leaves_finds_the_shared_views_no_more(world):
    saved(world, share=True)
    assert names(world, "ccg_commissioner") == ["Red ones"]
    leave_unit(partner=world.partner(world.ccg), on=TODAY - datetime.timedelta(days=1), reason="End", by=None)
    assert names(world, "ccg_commissioner") == []


def test_a_view_out_of_sight_does_not_exist(world):
    view = saved(world)
    for address in (f"/contracts/views/{view.pk}/", f"/contracts/views/{view.pk}/remove/"):
        for who in ("commissioner", "outsider", "provider_contact"):
            assert world.browser(who).get(address).status_code == 404, (who, address)
            assert world.browser(who).post(address, {"name": "Taken", "version": 1}).status_code == 404
    assert SavedView.objects.get().name == "Red ones"


# What their counts tell


@pytest.fixture
def decoy(world):
    """Two red ones, one of them restricted to the council, and a neighbour's."""
    make_return(world.contract(title="Open"), risk="red", jet=2)
    secret = world.contract(title="Prices", providers=[world.other_provider])
    make_return(secret, risk="red", jet=2)
    restrict_contract(
        contract=secret, reason="Price talks", named=[world.council], review_on=datetime.date(2015, 3, 1),
        by=world.people["commissioner"],
    )  # fmt: skip
    make_return(make_contract(world.outsider_unit, title="Theirs"), risk="red", jet=2)
    make_return(world.contract(title="Green"), risk="green", jet=7)
    return world


def test_a_count_is_of_what_its_reader_may_see(decoy):
    saved(decoy, share=True)
    saved(decoy, "Prices", "q=prices", share=True)
    count = {who: {name: number for name, number, _, _ in chips(decoy, who)} for who in ("finance", "ccg_commissioner")}
    assert count == {"finance": {"Red ones": 2, "Prices": 1}, "ccg_commissioner": {"Red ones": 1, "Prices": 0}}
    for who in count:
        browser = decoy.browser(who)
        for name, number, url, _ in chips(decoy, who):
            assert browser.get(f"/contracts/{url}").context["page"].tally.total == number, (who, name)


def test_a_shared_view_of_my_contracts_is_each_readers_own(decoy):
    saved(decoy, "Mine", "mine=yes", share=True)
    assert chips(decoy, "contract_officer")[0][:2] == ("Mine", 3)
    assert chips(decoy, "finance")[0][:2] == ("Mine", 0)


def test_a_view_stays_of_its_unit_for_who_looks_at_all_of_them(decoy):
    give_role(
        user=decoy.people["finance"], organisation=decoy.outsider_council, role="finance", since=LONG_AGO, by=None
    )
    saved(decoy, who="finance")
    saved(decoy, "Everywhere", who="finance", unit=None)
    saved(decoy, "There", who="finance", unit=decoy.outsider_unit)
    assert chips(decoy, "finance", unit=None) == [
        ("Everywhere", 3, "?risk=red", False),
        ("Red ones", 2, "?risk=red&unit=mercia-children", False),
        ("There", 1, "?risk=red&unit=borderland", False),
    ]
    browser = decoy.browser("finance")
    for _, number, url, _ in chips(decoy, "finance", unit=None):
        assert browser.get(f"/contracts/{url}").context["page"].tally.total == number
    assert [chip[:2] for chip in chips(decoy, "finance")] == [("Everywhere", 2), ("Red ones", 2)]


def test_a_view_is_of_the_month_looked_at_and_marked_where_it_is_the_page(decoy):
    saved(decoy, query="risk=red&sort=jet&cols=jet,risk")
    query = "cols=jet%2Crisk&risk=red&sort=jet"
    assert chips(decoy, "contract_officer", "month=2014-09") == [("Red ones", 0, f"?{query}&month=2014-09", False)]
    assert chips(decoy, "contract_officer", "sort=jet&risk=red&cols=jet&cols=risk") == [
        ("Red ones", 2, f"?{query}", True)
    ]
    assert chips(decoy, "contract_officer", "risk=red") == [("Red ones", 2, f"?{query}", False)]


def test_twelve_stand_above_the_list_ones_own_first(decoy):
    for number in range(CHIPS_SHOWN - 1):
        saved(decoy, f"A{number:02}", f"q={number}", who="finance", share=True)
    for name in ("Y", "Z"):
        saved(decoy, name)
    shown = [name for name, *_ in chips(decoy, "contract_officer")]
    assert shown == ["Y", "Z", *(f"A{number:02}" for number in range(CHIPS_SHOWN - 2))]
    text = decoy.browser("contract_officer").get("/contracts/").content.decode()
    assert "More views, and manage them" in text
    assert "A10" not in text
    assert "A10" in decoy.browser("contract_officer").get("/contracts/views/").content.decode()


def test_own_and_shared_are_told_apart(decoy):
    saved(decoy, "Ours", who="finance", share=True)
    saved(decoy, "My own")
    text = html.unescape(decoy.browser("contract_officer").get("/contracts/").content.decode())
    own, shared = (re.search(rf'id="{part}-views">.*?</ul>', text)[0] for part in ("own", "shared"))
    assert "My own (2)" in own
    assert "Ours" not in own
    assert "Ours (2), by C. Finance" in shared


@pytest.mark.parametrize("number", [0, 1, 30])
def test_the_page_asks_as_much_however_many_views(decoy, number):
    for place in range(number):
        saved(decoy, f"View {place}", f"q={place}&ends=2016-12-31&decide=2016-01-01", share=True)
    browser = decoy.browser("contract_officer")
    browser.get("/contracts/")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/contracts/")
    assert len(captured) == 6


@pytest.mark.parametrize(("number", "queries"), [(1, 7), (30, 7)])
def test_the_page_of_all_views_asks_as_few(world, number, queries):
    for place in range(number):
        saved(world, f"View {place}", who="finance" if place % 2 else "contract_officer", share=True)
    browser = world.browser("contract_officer")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/contracts/views/")
    assert len(captured) == queries


# From the pages


def test_the_register_as_it_is_looked_at_is_saved(decoy):
    browser = decoy.browser("contract_officer")
    page = browser.get("/contracts/?risk=red&cols=jet&cols=risk&sort=-jet").content.decode()
    address = html.unescape(re.search(r'href="(/contracts/views/save/[^"]*)"', page)[1])
    form = browser.get(address).content.decode()
    query = html.unescape(re.search(r'name="query" value="([^"]*)"', form)[1])
    answer = browser.post("/contracts/views/save/", {"name": "Worst", "query": query, "share": "on"})
    assert (answer.status_code, answer.url) == (302, "/contracts/?cols=jet%2Crisk&risk=red&sort=-jet")
    view = SavedView.objects.get()
    assert (view.name, view.unit, view.is_shared, view.owner) == (
        "Worst", decoy.unit, True, decoy.people["contract_officer"],
    )  # fmt: skip
    assert "The view “Worst” is saved." in html.unescape(browser.get(answer.url).content.decode())


def test_the_same_name_again_is_said_beside_the_name(world):
    saved(world)
    answer = world.browser("contract_officer").post("/contracts/views/save/", {"name": "Red ones", "query": "q=a"})
    text = html.unescape(answer.content.decode())
    assert text.count("You already have a view with this name here. Give it another name.") == 2
    assert 'name="query" value="q=a"' in text


def test_who_works_in_no_unit_keeps_views_of_their_own(world):
    browser = world.browser("provider_contact")
    assert "Share with the unit" not in browser.get("/contracts/views/save/?risk=red").content.decode()
    browser.post("/contracts/views/save/", {"name": "Red", "query": "risk=red", "share": "on"})
    view = SavedView.objects.get()
    assert (view.unit, view.is_shared) == (None, False)


def test_a_view_is_renamed_shared_and_removed(world):
    view = saved(world)
    browser = world.browser("contract_officer")
    assert (
        browser.post(f"/contracts/views/{view.pk}/", {"name": "Red", "share": "on", "version": "1"}).status_code == 302
    )
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.version) == ("Red", True, 2)
    assert "Everyone who works in" in browser.get(f"/contracts/views/{view.pk}/remove/").content.decode()
    assert SavedView.objects.exists()
    assert world.browser("commissioner").post(f"/contracts/views/{view.pk}/remove/").url == "/contracts/views/"
    assert not SavedView.objects.exists()


def test_a_view_whose_filter_nobody_knows_any_longer_still_opens_and_says_so(decoy):
    view = saved(decoy, query="risk=red&colour=blue&jet=splendid&cols=shade,risk&sort=hue")
    browser = decoy.browser("contract_officer")
    assert chips(decoy, "contract_officer")[0][1] == 2
    text = html.unescape(browser.get(f"/contracts/?{view.query}").content.decode())
    assert "is not known and was left out: jet, colour, sort hue and column shade." in text
    assert "Open" in text


def test_no_decision_is_read_from_the_count_of_a_view(world):
    """A provider's own view that filters by the unit's days of decision counts nothing."""
    world.contract(initial_end=datetime.date(2015, 3, 31))
    saved(world, "Decisions", "decide=2020-01-01", who="provider_contact", unit=None)
    assert chips(world, "provider_contact", unit=None) == [("Decisions", 0, "?decide=2020-01-01", False)]


def test_a_new_colleague_finds_what_is_shared(world):
    saved(world, share=True)
    world.people["new"] = make_person("New Colleague", world.ccg, "finance")
    assert names(world, "new") == ["Red ones"]
