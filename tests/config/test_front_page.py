"""Nobody signs in to a closed door: the front page leads each person to what they may open."""

import pytest


@pytest.mark.parametrize("who", ["commissioner", "auditor", "provider_contact", "observer"])
def test_who_may_see_contracts_starts_at_the_dashboard(world, who):
    assert world.browser(who).get("/").status_code == 200


def test_an_organisation_administrator_starts_at_their_people(world):
    response = world.browser("organisation_administrator").get("/")
    assert (response.status_code, response.url) == (302, "/people/")


def test_a_person_without_a_role_is_told_so(world):
    response = world.browser("leaver").get("/")
    assert response.status_code == 403
    assert "You have no role today" in response.content.decode()


def test_who_looks_after_the_installation_is_led_to_the_administration_pages(world):
    keeper = world.people["leaver"]
    assert "/admin/" not in world.browser("leaver").get("/").content.decode()
    keeper.is_staff = True
    keeper.save()
    assert 'href="/admin/"' in world.browser("leaver").get("/").content.decode()


@pytest.mark.parametrize(
    ("who", "path", "is_there"), [("provider_contact", "/", True), ("organisation_administrator", "/people/", False)]
)
def test_only_who_sees_contracts_is_offered_to_find_one(world, who, path, is_there):
    assert ("Find a contract" in world.browser(who).get(path).content.decode()) is is_there


def test_nobody_signed_in_goes_to_sign_in(world):
    assert world.browser("anonymous").get("/").url == "/sign-in/?next=/"
