"""Addresses and forms that no page of ours sends: refused in words, never a fault, and nothing of another's reached."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from accounts.permissions import Role
from commissioning.models import ServiceArea
from commissioning.services.partners import leave_unit
from commissioning.services.people import end_role, give_role
from contracts.models import Contract
from tests.world import LONG_AGO, make_contract, make_person

LONG_NUMBER = "9" * 5000
NEW = {
    "reference": "CS/0500",
    "title": "Respite",
    "management": "central",
    "procurement_regime": "unknown",
    "procurement_route": "unknown",
}


# Numbers and months beyond what there can be


@pytest.mark.parametrize(
    "typed",
    [
        {"provider_rows": LONG_NUMBER},
        {"provider_0": "abc", "provider_0-about": "abc", "provider_0-choice": LONG_NUMBER},
        {"officer": "abc", "officer-about": "abc", "officer-choice": LONG_NUMBER},
        {"officer": "abc", "officer-about": "abc", "officer-choice": "³"},
        {"version": LONG_NUMBER},
        {"option_0": LONG_NUMBER},
    ],
)
def test_a_number_of_thousands_of_digits_is_no_fault(world, typed):
    answer = world.browser("commissioner").post("/contracts/new/", NEW | {"title": ""} | typed)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/returns/0001-01/", 404),
        ("/returns/0001-02/?show=everyone", 404),
        ("/returns/1999-12/", 404),
        ("/returns/0000-01/", 404),
        ("/returns/?month=0001-01", 302),
        ("/returns/?month=9999-12", 302),
        ("/?month=0001-01", 404),
        ("/contracts/?month=1999-12", 404),
    ],
)
def test_a_month_that_no_return_is_of(world, address, status):
    contract = world.contract()
    browser = world.browser("commissioner")
    assert browser.get(address).status_code == status
    assert browser.get(f"/returns/0001-01/{contract.slug}/").status_code == 404


# Rows of others, by their number


def test_a_service_area_of_another_unit_cannot_be_chosen(world):
    foreign = ServiceArea.objects.create(unit=world.outsider_unit, name="Foreign area")
    answer = world.browser("commissioner").post("/contracts/new/", NEW | {"service_area": foreign.pk})
    assert (answer.status_code, Contract.objects.filter(reference="CS/0500").exists()) == (200, False)
    assert "Foreign area" not in answer.content.decode()


def test_nobody_of_another_organisation_can_be_named_on_a_contract(world):
    outsider = world.people["outsider"]
    browser = world.browser("commissioner")
    for typed in (outsider.email, outsider.name, "nobody.at.all@example.org"):
        data = NEW | {"officer": typed, "officer-about": typed, "officer-choice": str(outsider.pk)}
        page = browser.post("/contracts/new/", data)
        assert (page.status_code, Contract.objects.filter(reference="CS/0500").exists()) == (200, False)
        said = page.content.decode()
        assert f"Nobody of the unit’s partners is called «{typed}»." in said
        assert (outsider.email in said, outsider.name in said) == (typed == outsider.email, typed == outsider.name)


def test_a_contract_of_another_unit_cannot_be_slipped_into_a_form(world):
    mine, theirs = world.contract(reference="CS/0001"), make_contract(world.outsider_unit, reference="CS/0001")
    browser = world.browser("commissioner")
    for action in ("change", "option", "notice", "restrict"):
        answer = browser.post(f"/contracts/{mine.slug}/{action}/", {"contract": theirs.pk})
        assert (action, answer.status_code) == (action, 404)
    assert browser.post(f"/returns/2014-10/{mine.slug}/", {"contract": theirs.pk}).status_code == 404
    assert browser.get(f"/contracts/{mine.slug}/?unit=borderland").status_code == 404


def test_people_are_reached_through_their_own_organisation_alone(world):
    browser = world.browser("organisation_administrator")
    finance, outsider = world.people["finance"], world.people["outsider"]
    council, borderland = world.council.pk, world.outsider_council.pk
    pairs = [(borderland, outsider.pk), (council, outsider.pk), (borderland, finance.pk), (world.ccg.pk, finance.pk)]
    for organisation, person in pairs:
        for page in ("", "invite/", "leave/"):
            address = f"/people/{organisation}/{person}/{page}"
            assert (address, browser.get(address).status_code) == (address, 404)
            assert (address, browser.post(address).status_code) == (address, 404)
    assert browser.post(f"/people/roles/{outsider.memberships.get().pk}/end/").status_code == 404
    typed = {"organisation": borderland, "name": "A", "email": "a@example.org", "role": "finance", "since": "1/11/2014"}
    assert browser.post("/people/add/", typed).status_code == 200
    assert not world.outsider_council.memberships.filter(user__email="a@example.org").exists()


# History and mails


def test_a_role_that_has_ended_stays_as_it_was(world):
    """Else an administrator could lengthen it, or rewrite how long somebody had sight."""
    membership = world.people["leaver"].memberships.get()
    for day in (datetime.date(2015, 1, 1), datetime.date(2013, 1, 1)):
        with pytest.raises(ValidationError) as refused:
            end_role(membership=membership, on=day, by=world.people["organisation_administrator"])
        assert refused.value.message_dict == {"until": ["This role ended on 31 December 2013."]}
    membership.refresh_from_db()
    assert membership.until == datetime.date(2013, 12, 31)
    answer = world.browser("organisation_administrator").get(f"/people/roles/{membership.pk}/end/")
    assert answer.status_code == 404


def test_a_role_whose_last_day_lies_ahead_can_still_be_changed(world):
    user = make_person("Short Stay", world.council, Role.FINANCE)
    membership = give_role(
        user=user,
        organisation=world.council,
        role=Role.AUDITOR,
        since=LONG_AGO,
        until=datetime.date(2014, 12, 31),
        by=None,
    )
    end_role(membership=membership, on=datetime.date(2014, 11, 30), by=None)
    membership.refresh_from_db()
    assert membership.until == datetime.date(2014, 11, 30)


@pytest.mark.parametrize(
    "name", ["Bob\n\nSign in at https://evil.example", "Bob\r\nBcc: all@example.org", "Bob\u2028x"]
)
def test_a_name_of_several_lines_writes_no_mail_of_its_own(world, name, django_capture_on_commit_callbacks):
    browser = world.browser("organisation_administrator")
    typed = {"organisation": world.council.pk, "name": name, "email": "bob@example.org", "role": "finance"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post("/people/add/", typed | {"since": "1 November 2014"})
    assert (answer.status_code, mail.outbox) == (200, [])
    assert "Write the name on one line." in answer.content.decode()


def test_the_log_of_an_auditor_names_nobody_who_came_after_the_partnership(world):
    """Whom one may ask for: those who worked for a partner while it was one."""
    later = make_person("Newcomer Afterwards", world.ccg, Role.COMMISSIONER, since=datetime.date(2014, 9, 1))
    page = world.browser("auditor").get("/audit/").content.decode()
    assert ("Ccg Commissioner" in page, later.name in page) == (True, True)
    leave_unit(partner=world.partner(world.ccg), on=datetime.date(2014, 6, 30), by=None)
    page = world.browser("auditor").get("/audit/").content.decode()
    assert ("Ccg Commissioner" in page, later.name in page) == (True, False)
