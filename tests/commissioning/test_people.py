"""People of one's own organisation: added, mailed, given roles, let go; of others never a word."""

import datetime
import re

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.permissions import ROLES, Role
from commissioning.models import Membership
from commissioning.services.people import add_person, end_all_roles, end_role, give_role
from tests.world import LONG_AGO, PASSWORD, TODAY, client_for, make_person

ADD = "/people/add/"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def browser(world):
    return world.browser("organisation_administrator")


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Posts whose transaction ends, so that what waits for it happens."""

    def post(browser, *args):
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post(*args)

    return post


def typed(world, **changes):
    return {
        "organisation": world.council.pk,
        "name": "New Person",
        "email": "new.person@example.org",
        "role": "finance",
        "since": "4 November 2014",
        "until": "",
    } | changes


def test_a_new_person_gets_a_link_that_sets_their_password(world, browser, committed):
    answer = committed(browser, ADD, typed(world))
    assert (answer.status_code, answer.url) == (302, "/people/")
    user = User.objects.get(email="new.person@example.org")
    assert (user.name, user.has_usable_password()) == ("New Person", False)
    membership = user.memberships.get()
    assert (membership.organisation, membership.role, membership.since, membership.until) == (
        world.council,
        "finance",
        TODAY,
        None,
    )
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["new.person@example.org"], "Your access to Joint Commissioning")
    assert "Council Organisation administrator has given you a role" in message.body
    path = re.search(r"http://testserver(/password/new/\S+)", message.body).group(1)
    theirs = client_for(None)
    form = theirs.get(path, follow=True)
    answer = theirs.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert theirs.post("/sign-in/", {"login": user.email, "password": PASSWORD}).status_code == 302


def test_somebody_of_another_organisation_is_joined_and_not_renamed(world, browser, committed):
    known = make_person("Known Elsewhere", world.outsider_council, Role.FINANCE)
    known.set_password(PASSWORD)
    known.save()
    before = User.objects.count()
    as_new = committed(browser, ADD, typed(world, email="quite.new@example.org"))
    as_known = committed(browser, ADD, typed(world, email=known.email.upper()))
    assert (as_new.status_code, as_new.url) == (as_known.status_code, as_known.url)
    said = [[str(m) for m in answer.wsgi_request._messages] for answer in (as_new, as_known)]
    assert said[0][-1].replace("quite.new@example.org", "") == said[1][-1].replace(known.email.upper(), "")
    assert User.objects.count() == before + 1
    known.refresh_from_db()
    assert (known.name, known.check_password(PASSWORD)) == ("Known Elsewhere", True)
    assert {m.organisation for m in known.memberships.all()} == {world.outsider_council, world.council}
    assert mail.outbox[-1].to == [known.email]
    assert "/password/new/" not in mail.outbox[-1].body
    page = browser.get("/people/").content.decode()
    assert "Borderland" not in page


def test_nothing_is_mailed_when_nothing_is_written(world, browser, committed):
    committed(browser, ADD, typed(world, email=world.people["finance"].email))
    assert mail.outbox == []
    answer = committed(browser, ADD, typed(world, until="1 November 2014"))
    assert answer.context["form"].errors == {"until": ["A role cannot end before it starts."]}
    assert not User.objects.filter(email="new.person@example.org").exists()


def test_a_mail_server_that_is_down_undoes_nothing(world, browser, committed, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    assert committed(browser, ADD, typed(world)).status_code == 302
    assert User.objects.filter(email="new.person@example.org").exists()
    assert "Error calling" in caplog.text


def test_roles_are_shown_with_the_sentence_that_says_what_they_do(browser):
    page = browser.get(ADD).content.decode()
    for role in Role:
        assert role.label in page
        assert ROLES[role].description.replace("'", "&#x27;") in page


def test_every_person_of_the_organisation_is_listed_and_nobody_else(world, browser, django_assert_num_queries):
    page = browser.get("/people/")
    (body,) = page.context["bodies"]
    assert body.organisation == world.council
    own = {user for name, user in world.people.items() if name in set(Role) - {Role.PROVIDER_CONTACT}}
    assert {person.user for person in body.people} == own
    assert [person.user for person in body.left] == [world.people["leaver"]]
    for stranger in ("outsider", "ccg_commissioner", "observer", "provider_contact"):
        assert world.people[stranger].email not in page.content.decode()


def test_the_list_asks_as_much_for_one_person_as_for_thirty(world, browser, django_assert_num_queries):
    browser.get("/people/")
    with django_assert_num_queries(4):
        browser.get("/people/")
    for n in range(30):
        make_person(f"Person {n}", world.council, Role.FINANCE)
    with django_assert_num_queries(4):
        browser.get("/people/")


@pytest.mark.parametrize("stranger", ["outsider", "ccg_commissioner", "observer", "provider_contact"])
def test_people_of_others_are_not_found(world, browser, stranger):
    membership = world.people[stranger].memberships.get()
    pages = [
        f"/people/{membership.organisation_id}/{membership.user_id}/",
        f"/people/{membership.organisation_id}/{membership.user_id}/leave/",
        f"/people/{world.council.pk}/{membership.user_id}/",
        f"/people/roles/{membership.pk}/end/",
    ]
    for page in pages:
        assert browser.get(page).status_code == 404
        assert browser.post(page, {"until": "4 November 2014"}).status_code == 404
    assert browser.post(pages[0] + "invite/").status_code == 404
    membership.refresh_from_db()
    assert membership.until is None


def test_nobody_is_added_to_another_organisation(world, browser, committed):
    answer = committed(browser, ADD, typed(world, organisation=world.ccg.pk))
    assert "organisation" in answer.context["form"].errors
    assert not User.objects.filter(email="new.person@example.org").exists()


def test_a_role_is_given_from_a_day_to_a_day(world, browser):
    user = world.people["finance"]
    page = f"/people/{world.council.pk}/{user.pk}/"
    given = {"role": "auditor", "since": "1 December 2014", "until": "31 March 2015"}
    assert browser.post(page, given).status_code == 302
    assert set(user.memberships.values_list("role", "since", "until")) == {
        ("finance", LONG_AGO, None),
        ("auditor", datetime.date(2014, 12, 1), datetime.date(2015, 3, 31)),
    }
    again = browser.post(page, given)
    assert again.context["form"].non_field_errors() == ["This person already has that role in those days."]


def test_a_role_ends_with_its_last_day(world, browser):
    membership = world.people["finance"].memberships.get()
    answer = browser.post(f"/people/roles/{membership.pk}/end/", {"until": "3 November 2014"})
    assert answer.status_code == 302
    assert world.browser("finance").get("/units/").status_code == 403


def test_a_leaver_loses_every_role_of_this_organisation_and_none_of_another(world, browser):
    user = world.people["finance"]
    give_role(user=user, organisation=world.council, role=Role.AUDITOR, since=LONG_AGO, by=None)
    give_role(user=user, organisation=world.council, role=Role.COMMISSIONER, since=TODAY + 30 * DAY, by=None)
    give_role(user=user, organisation=world.ccg, role=Role.FINANCE, since=LONG_AGO, by=None)
    page = f"/people/{world.council.pk}/{user.pk}/leave/"
    words = browser.get(page).content.decode()
    assert "a last day of yesterday closes them at once" in words
    assert "Kept on record with the change." in words
    assert browser.post(page, {"until": "4 November 2014", "reason": ""}).context["form"].errors == {
        "reason": ["Say why."]
    }
    assert browser.post(page, {"until": "4 November 2014", "reason": "Retires"}).status_code == 302
    assert set(user.memberships.values_list("organisation__name", "role", "until")) == {
        ("Mercia County Council", "finance", TODAY),
        ("Mercia County Council", "auditor", TODAY),
        ("Mercia CCG", "finance", None),
    }


# The last administrator


def last(world):
    return world.people["organisation_administrator"].memberships.get()


def test_the_last_administrator_cannot_end_themself(world, browser):
    sentence = (
        "Council Organisation administrator is the last organisation administrator of Mercia County Council."
        " Give the role to somebody else first."
    )
    membership = last(world)
    answer = browser.post(f"/people/roles/{membership.pk}/end/", {"until": "4 November 2014"})
    assert answer.context["form"].non_field_errors() == [sentence]
    answer = browser.post(
        f"/people/{world.council.pk}/{membership.user_id}/leave/", {"until": "31 December 2014", "reason": "Leaves"}
    )
    assert answer.context["form"].non_field_errors() == [sentence]
    membership.refresh_from_db()
    assert membership.until is None


@pytest.mark.parametrize("other", ["inactive", "of another organisation", "ending", "not yet"])
def test_others_who_do_not_count(world, other):
    body = world.ccg if other == "of another organisation" else world.council
    since = TODAY + DAY if other == "not yet" else LONG_AGO
    user = make_person("Second Administrator", body, Role.ORGANISATION_ADMINISTRATOR, since=since)
    if other == "inactive":
        User.objects.filter(pk=user.pk).update(is_active=False)
    if other == "ending":
        Membership.objects.filter(user=user).update(until=TODAY + DAY)
    with pytest.raises(ValidationError, match="last organisation administrator"):
        end_role(membership=last(world), on=TODAY, by=None)


def test_with_a_second_administrator_the_first_may_go(world):
    make_person("Second Administrator", world.council, Role.ORGANISATION_ADMINISTRATOR)
    end_all_roles(user=last(world).user, organisation=world.council, on=TODAY, by=None, reason="Leaves")
    assert last(world).until == TODAY


# Sending the mail again


def test_the_mail_is_sent_again_to_own_people_who_may_sign_in(world, browser, committed):
    user = add_person(email="slow@example.org", name="Slow Starter", by=None)
    give_role(user=user, organisation=world.council, role=Role.FINANCE, since=TODAY, by=None)
    page = f"/people/{world.council.pk}/{user.pk}/invite/"
    assert browser.get(page).status_code == 405
    assert committed(browser, page).status_code == 302
    assert [message.to for message in mail.outbox] == [["slow@example.org"]]
    assert "/password/new/" in mail.outbox[0].body
    User.objects.filter(pk=user.pk).update(is_active=False)
    committed(browser, page)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("who", [role for role in Role if role != Role.ORGANISATION_ADMINISTRATOR])
def test_only_administrators_open_the_pages_of_people(world, who):
    browser = world.browser(str(who))
    assert browser.get("/people/").status_code == 403
    assert browser.get(ADD).status_code == 403
    assert browser.post(ADD, typed(world)).status_code == 403
