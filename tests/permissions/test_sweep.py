"""Every address there is, swept through the resolver, by everybody who should not get in."""

import pytest
from django.contrib.auth.models import Permission as StoredPermission
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.checks import every_view_is_gated, is_gated
from commissioning.services.people import add_person
from tests.permissions.addresses import names, patterns, send
from tests.world import client_for

METHODS = ("get", "post", "put", "delete", "patch", "head", "options")
PUBLIC = {
    "health",
    "accessibility",
    "keyboard",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_inactive",
}
#: Words that only people of the unit, or of its organisations, may read.
SECRETS = ("Mercia", "mercia-children", "Willow", "Prices under tender", "Council Finance", "@example.org")


def test_every_view_is_gated_and_these_are_public():
    assert every_view_is_gated() == []
    assert all(is_gated(entry.callback) for entry in patterns())
    assert {entry.name for entry in patterns() if getattr(entry.callback, "public", False)} == PUBLIC
    assert all(entry.name for entry in patterns())


@pytest.mark.parametrize("method", METHODS)
def test_nobody_signed_in_is_sent_to_sign_in(places, method):
    browser = client_for(None)
    for name in names() - PUBLIC:
        address = places.address(name)
        answer = send(browser, method, address)
        assert (name, answer.status_code, answer.headers["Location"]) == (name, 302, f"/sign-in/?next={address}")


def test_public_pages_tell_strangers_nothing(places):
    for name in PUBLIC:
        page = client_for(None).get(places.address(name), follow=True).content.decode()
        assert [word for word in SECRETS if word in page] == [], name


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_outsider_reads_nothing_of_the_unit(places, method):
    browser = places.world.browser("outsider")
    # those lead everybody to what is their own
    own = {
        "worklist",
        "return_grid",
        "returns_unchanged",
        "return_grid_paste",
        "return_grid_template",
        "month_reviews",
        "monthly_reports",
        "register_export",
        "register_view_export",
        "providers_export",
        "service_reviews_export",
        "account_reset_password_from_key",
    }
    filled = set(places.arguments) - own
    for name in names() - PUBLIC:
        answer = send(browser, method, places.address(name))
        if name in filled:
            assert (name, answer.status_code) in {(name, 404), (name, 403)}
        page = answer.text_read.replace(places.world.people["outsider"].email, "")
        assert [word for word in SECRETS if word in page] == [], name


@pytest.mark.parametrize("method", METHODS)
def test_who_holds_the_permission_nowhere_never_gets_in(places, method):
    """The wrong role, of whatever organisation: refused, or told that there is nothing."""
    for who, user in places.world.people.items():
        scope, browser = scope_of(User.objects.get(pk=user.pk)), places.world.browser(who)
        for entry in patterns():
            permission = getattr(entry.callback, "permission", None)
            if permission is None or scope.holds(permission):
                continue
            status = send(browser, method, places.address(entry.name)).status_code
            assert (who, entry.name, status) in {(who, entry.name, 403), (who, entry.name, 404)}


def test_a_restricted_contract_does_not_exist_for_anybody_not_named(places):
    pages = [name for name, filled in places.arguments.items() if "slug" in filled]
    for who in ("ccg_commissioner", "observer", "provider_contact", "outsider", "leaver"):
        browser = places.world.browser(who)
        for name in pages:
            address = reverse(name, kwargs=places.arguments[name] | {"slug": places.restricted.slug})
            assert (who, name, send(browser, "get", address).status_code) == (who, name, 404)
            assert (who, name, send(browser, "post", address).status_code) == (who, name, 404)


def test_rows_of_one_unit_are_not_reached_through_another(places):
    world = places.world
    partner = world.partner(world.ccg)
    browser = world.browser("outsider")
    for name in ("partner_level", "partner_leave"):
        address = reverse(name, kwargs={"code": "borderland", "pk": partner.pk})
        assert send(browser, "get", address).status_code == 404
        assert send(browser, "post", address).status_code == 404


# The administration pages


def test_the_administration_pages_are_for_staff_alone(world):
    assert client_for(None).get("/admin/").url == "/admin/login/?next=/admin/"
    answer = client_for(None).get("/admin/login/?next=/admin/")
    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=%2Fadmin%2F")
    for who in ("commissioner", "organisation_administrator", "auditor"):
        assert world.browser(who).get("/admin/", follow=True).status_code == 403


def test_staff_without_more_change_nothing_there(world):
    user = add_person(email="staff@example.org", name="Staff", by=None)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    browser = client_for(User.objects.get(pk=user.pk))
    for page in ("accounts/user", "commissioning/organisation", "commissioning/membership"):
        assert browser.get(f"/admin/{page}/").status_code == 403


def test_grants_and_groups_have_no_administration_page():
    from django.contrib import admin

    assert {model._meta.label for model in admin.site._registry} == {
        "accounts.User",
        "commissioning.CommissioningUnit",
        "commissioning.Membership",
        "commissioning.Organisation",
        # the law as a lawyer corrects it
        "contracts.ChangeGround",
        "contracts.DutyRule",
    }


def test_a_global_permission_opens_no_page(places):
    user = places.world.people["clinical_lead"]
    user.user_permissions.set(StoredPermission.objects.filter(codename__in=[str(p) for p in Permission]))
    browser = client_for(User.objects.get(pk=user.pk))
    for name in ("contract_change", "contract_restrict", "partner_find"):
        assert send(browser, "get", places.address(name)).status_code == 403
