"""What was typed when a session ended is there again for the same person, and for nobody else."""

import re

import pytest
from django.test import Client

from commissioning.kept_form import LONGEST, typed_by
from contracts.models import MonthlyReturn
from tests.permissions.addresses import make_password
from tests.world import OCTOBER, PASSWORD, make_return

TYPED = "Two night posts were filled on 20 October."


@pytest.fixture
def contract(world):
    for user in world.people.values():
        user.password = make_password(PASSWORD)
        user.save()
    return world.contract()


def signed_out_while_typing(world, contract, who="contract_officer", **changed):
    """The browser of somebody whose session ended before they pressed the button, and the address it was sent to."""
    browser, address = Client(), f"/returns/2014-10/{contract.slug}/?unit={contract.unit.code}"
    browser.force_login(world.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.get(address).content.decode()
    token = re.search(r'name="typed_by" value="([^"]+)"', page)[1]
    browser.session.flush()
    sent = {"risk": "amber", "jet": "5", "narrative": TYPED, "version": "0", "do": "submit", "typed_by": token}
    answer = browser.post(address, sent | changed, headers={"Referer": f"http://testserver{address}"})
    assert answer.status_code == 302
    return browser, address, answer.url


def sign_in(browser, person, then):
    browser.post(then, {"login": person.email, "password": PASSWORD})
    assert browser.session["_auth_user_id"] == str(person.pk)


def test_it_is_on_its_page_again_and_not_saved(world, contract):
    browser, address, to_sign_in = signed_out_while_typing(world, contract)
    assert "What you had just typed is kept, but not saved yet" in browser.get(to_sign_in).content.decode()
    sign_in(browser, world.people["contract_officer"], to_sign_in)
    page = browser.get(address).content.decode()
    assert "This is what you had typed when you were signed out." in page
    assert TYPED in page
    assert re.search(r'name="risk" value="amber"[^>]* checked', page)
    assert re.search(r'name="jet" value="5"[^>]* checked', page)
    assert not MonthlyReturn.objects.exists()


def test_it_stays_until_the_page_is_sent(world, contract):
    browser, address, to_sign_in = signed_out_while_typing(world, contract)
    sign_in(browser, world.people["contract_officer"], to_sign_in)
    for _ in range(2):
        assert TYPED in browser.get(address).content.decode()
    browser.post(address, {"risk": "green", "jet": "6", "narrative": "", "version": "0", "do": "draft"})
    page = browser.get(address).content.decode()
    assert TYPED not in page
    assert "when you were signed out" not in page


def test_somebody_else_at_the_same_browser_never_sees_it(world, contract):
    browser, address, to_sign_in = signed_out_while_typing(world, contract)
    sign_in(browser, world.people["commissioner"], to_sign_in)
    assert TYPED not in browser.get(address).content.decode()
    assert "kept_form" not in browser.session


def test_what_somebody_else_saved_meanwhile_stands_beside_it(world, contract):
    browser, address, to_sign_in = signed_out_while_typing(world, contract)
    make_return(contract, OCTOBER, risk="green", saved_by=world.people["commissioner"])
    sign_in(browser, world.people["contract_officer"], to_sign_in)
    page = browser.get(address).content.decode()
    assert "after you opened it" in page
    assert TYPED in page


@pytest.mark.parametrize("token", ["", "forged", typed_by.__name__])
def test_a_form_that_does_not_say_who_typed_it_is_not_kept(world, contract, token):
    browser, _, to_sign_in = signed_out_while_typing(world, contract, typed_by=token)
    assert "What you had just sent was not saved." in browser.get(to_sign_in).content.decode()
    assert "kept_form" not in browser.session


def test_more_than_any_form_holds_is_not_kept(world, contract):
    browser, _, to_sign_in = signed_out_while_typing(world, contract, narrative="x" * LONGEST)
    assert "was not saved" in browser.get(to_sign_in).content.decode()


def test_a_narrative_of_twenty_thousand_characters_is_kept_whole(world, contract):
    browser, address, to_sign_in = signed_out_while_typing(world, contract, narrative="y" * 20_000)
    sign_in(browser, world.people["contract_officer"], to_sign_in)
    assert "y" * 20_000 in browser.get(address).content.decode()


def test_a_draft_that_saves_itself_is_kept_too(world, contract):
    browser, address = Client(), f"/returns/2014-10/{contract.slug}/"
    sent = {"narrative": TYPED, "version": "0", "typed_by": typed_by(world.people["contract_officer"])}
    answer = browser.post(address, sent, headers={"HX-Request": "true", "Referer": f"http://testserver{address}"})
    assert answer.status_code == 401
    assert "What you have typed so far is kept" in answer.content.decode()
    sign_in(browser, world.people["contract_officer"], f"/sign-in/?next={address}")
    assert TYPED in browser.get(address).content.decode()


def test_a_grid_is_kept_whole(world, contract):
    """Sent to its own address, whichever rows it showed; nothing of it is saved."""
    other = world.contract(title="Leaving care")
    browser, person = Client(), world.people["contract_officer"]
    address = "/returns/2014-10/grid/?show=to_return"
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.get(address).content.decode()
    token = re.search(r'name="typed_by" value="([^"]+)"', page)[1]
    [area] = re.findall(
        rf'<textarea[^>]*name="([^"]*{other.pk}[^"]*narrative|[^"]*narrative[^"]*{other.pk}[^"]*)"', page
    )
    browser.session.flush()
    sent = {"contract": [contract.pk, other.pk], area: TYPED, "typed_by": token, "do": "draft"}
    answer = browser.post(address, sent, headers={"Referer": f"http://testserver{address}"})
    sign_in(browser, person, answer.url)
    page = browser.get(address).content.decode()
    assert "This is what you had typed when you were signed out. It is not saved yet." in page
    assert TYPED in page
    assert not MonthlyReturn.objects.exists()
