"""Administration pages: a superuser's changes go through the services and are recorded."""

import datetime

import pytest

from accounts.models import User
from commissioning.models import CommissioningUnit, Membership, Organisation
from commissioning.services.people import add_person
from tests.commissioning.test_partners import HOST, table
from tests.world import LONG_AGO, TODAY, client_for

ROWLESS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}


def rows(*prefixes):
    return {f"{prefix}-{key}": value for prefix in prefixes for key, value in ROWLESS.items()}


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root@example.org", "a long enough password", name="Root Person")


@pytest.fixture
def browser(root):
    return client_for(root)


def recorded(row):
    event = row.events.select_related("pgh_context").order_by("-pgh_id").first()
    return {key: event.pgh_context.metadata[key] for key in ("act", "actor_name")}


@pytest.mark.parametrize("page", ["accounts/user", "commissioning/organisation", "commissioning/commissioningunit",
                                  "commissioning/membership"])  # fmt: skip
def test_every_list_and_form_opens(world, browser, page):
    _, model = page.split("/")
    assert browser.get(f"/admin/{page}/").status_code == 200
    assert browser.get(f"/admin/{page}/add/").status_code == 200
    rows_of = {"user": User, "organisation": Organisation, "commissioningunit": CommissioningUnit,
               "membership": Membership}  # fmt: skip
    pk = rows_of[model].objects.first().pk
    assert browser.get(f"/admin/{page}/{pk}/change/").status_code == 200
    assert browser.get(f"/admin/{page}/{pk}/delete/").status_code == 403


def test_an_organisation_gets_the_name_it_is_matched_by(browser, root):
    answer = browser.post(
        "/admin/commissioning/organisation/add/",
        {"name": "Rowan Care Limited", "kind": "company"} | rows("identifiers", "succeeded_by"),
    )
    assert answer.status_code == 302
    body = Organisation.objects.get()
    assert body.normalised_name == "rowan care ltd"
    assert recorded(body) == {"act": "Changed in the administration pages", "actor_name": "Root Person"}


def test_a_code_that_ends_before_it_starts_is_refused_in_words(browser):
    code = {
        "identifiers-0-scheme": "ods",
        "identifiers-0-value": "06H",
        "identifiers-0-valid_from": "2014-01-01",
        "identifiers-0-valid_to": "2013-01-01",
    }
    answer = browser.post(
        "/admin/commissioning/organisation/add/",
        {"name": "Rowan", "kind": "ccg"}
        | rows("identifiers", "succeeded_by")
        | code
        | {"identifiers-TOTAL_FORMS": "1"},
    )
    assert answer.status_code == 200
    assert "last day is before its first" in answer.content.decode()


def test_a_new_unit_has_its_host_as_partner_with_the_grants(world, browser):
    answer = browser.post(
        "/admin/commissioning/commissioningunit/add/",
        {
            "name": "Mercia adults",
            "code": "mercia-adults",
            "kind": "joint_team",
            "host": world.ccg.pk,
            "status": "live",
            "live_on": "2014-10-01",
            "return_working_day": "5",
            "decision_lead_days": "28",
        }
        | rows("service_areas", "partners"),
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    unit = CommissioningUnit.objects.get(code="mercia-adults")
    partner = unit.partners.get()
    assert (partner.organisation, partner.level, partner.joined_on) == (world.ccg, "host", datetime.date(2014, 10, 1))
    assert table(unit) == {("Mercia CCG", *pair) for pair in HOST}


def test_host_code_and_partners_are_read_only(world, browser):
    page = browser.get(f"/admin/commissioning/commissioningunit/{world.unit.pk}/change/").content.decode()
    assert 'name="host"' not in page
    assert 'name="code"' not in page
    assert 'name="partners-0-level"' not in page
    assert "Mercia CCG" in page


def test_the_first_administrator_is_made_here(world, browser):
    user = add_person(email="first@example.org", name="First", by=None)
    given = {"user": user.pk, "organisation": world.ccg.pk, "role": "organisation_administrator", "since": "2014-11-04"}
    assert browser.post("/admin/commissioning/membership/add/", given).status_code == 302
    membership = user.memberships.get()
    assert recorded(membership)["act"] == "Role given"
    assert client_for(user).get("/people/").status_code == 200
    address = f"/admin/commissioning/membership/{membership.pk}/change/"
    page = browser.post(address, {"until": "2014-11-04"}, follow=True).content.decode()
    assert "is the last organisation administrator of Mercia CCG" in page
    membership.refresh_from_db()
    assert membership.until is None


def test_a_role_is_ended_here_and_then_is_history(world, browser):
    membership = world.people["finance"].memberships.get()
    address = f"/admin/commissioning/membership/{membership.pk}/change/"
    assert browser.post(address, {"until": "2014-11-04", "since": "1999-01-01"}).status_code == 302
    membership.refresh_from_db()
    assert (membership.since, membership.until) == (LONG_AGO, TODAY)
    assert browser.post(address, {"until": ""}).status_code == 403


def test_an_account_added_here_can_ask_for_its_password(browser, root):
    typed = {
        "name": "New Root",
        "email": "New.Root@Example.org",
        "is_active": "on",
        "is_superuser": "on",
        "is_staff": "on",
    }
    assert browser.post("/admin/accounts/user/add/", typed).status_code == 302
    user = User.objects.get(email="new.root@example.org")
    assert (user.has_usable_password(), user.is_superuser) == (False, True)
    assert user.emailaddress_set.get().verified
    browser.post(f"/admin/accounts/user/{user.pk}/change/", {"name": "Renamed", "email": "other@example.org"})
    user.refresh_from_db()
    assert (user.name, user.email, user.is_active) == ("Renamed", "new.root@example.org", False)
