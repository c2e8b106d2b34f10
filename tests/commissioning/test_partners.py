"""Units and partners at their pages, and the exact grants that each change leaves."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.permissions import GRANTED_ROLES
from commissioning.choices import OrganisationKind
from commissioning.models import CommissioningUnitGroupObjectPermission, UnitPartner
from commissioning.services.grants import permissions_at
from commissioning.services.organisations import add_organisation
from commissioning.services.partners import change_level, join_unit, leave_unit, sweep_ended_partners
from config.celery import app
from contracts.models import Contract
from tests.world import LONG_AGO, TODAY

DAY = datetime.timedelta(days=1)
PARTNERS = "/units/mercia-children/partners/"

#: Typed by hand: what the people of a full partner may do on the unit, role by role.
FULL = {
    ("commissioner", "view_contracts"), ("commissioner", "edit_contracts"), ("commissioner", "return_contracts"),
    ("commissioner", "review_returns"), ("commissioner", "export_contracts"), ("commissioner", "restrict_contracts"),
    ("contract_officer", "view_contracts"), ("contract_officer", "return_contracts"),
    ("contract_officer", "export_contracts"),
    ("board_secretary", "view_contracts"), ("board_secretary", "export_contracts"),
    ("service_manager", "view_contracts"), ("service_manager", "return_contracts"),
    ("service_manager", "export_contracts"),
    ("finance", "view_contracts"), ("finance", "export_contracts"),
    ("clinical_lead", "view_contracts"),
    ("auditor", "view_contracts"), ("auditor", "export_contracts"), ("auditor", "view_audit"),
}  # fmt: skip
HOST = FULL | {("commissioner", "manage_unit")}
OBSERVER = {(role, "view_contracts") for role, _ in FULL}


def table(unit):
    """Every grant on the unit: (organisation, role, permission)."""
    rows = CommissioningUnitGroupObjectPermission.objects.filter(content_object=unit)
    return {
        (row.group.organisation_role.organisation.name, row.group.organisation_role.role, row.permission.codename)
        for row in rows.select_related("group__organisation_role__organisation", "permission")
    }


def whole(**levels):
    names = {"council": "Mercia County Council", "ccg": "Mercia CCG", "area_team": "Mercia Area Team"}
    return {(names[who], role, permission) for who, pairs in levels.items() for role, permission in pairs}


def test_the_grant_table_after_each_change(world):
    start = whole(council=HOST, ccg=FULL, area_team=OBSERVER)
    assert table(world.unit) == start
    change_level(partner=world.partner(world.ccg), level="observer", by=None, reason="Less money")
    assert table(world.unit) == whole(council=HOST, ccg=OBSERVER, area_team=OBSERVER)
    change_level(partner=world.partner(world.ccg), level="full", by=None)
    assert table(world.unit) == start
    leave_unit(partner=world.partner(world.ccg), on=TODAY, by=None, reason="Merged")
    assert table(world.unit) == whole(council=HOST, area_team=OBSERVER)
    join_unit(unit=world.unit, organisation=world.ccg, level="observer", joined_on=TODAY + DAY, by=None)
    assert table(world.unit) == whole(council=HOST, ccg=OBSERVER, area_team=OBSERVER)
    others = {(organisation, role, permission) for organisation, role, permission in table(world.outsider_unit)}
    assert others == {("Borderland Council", role, permission) for role, permission in HOST}


def test_no_user_holds_a_grant(world):
    from guardian.models import UserObjectPermission

    assert not UserObjectPermission.objects.exists()
    assert not any(user.user_permissions.exists() for user in world.people.values())


def test_levels_follow_the_table_of_roles():
    assert {(role, p) for role in GRANTED_ROLES for p in permissions_at("full", role)} == FULL
    assert {(role, p) for role in GRANTED_ROLES for p in permissions_at("host", role)} == HOST
    assert {(role, p) for role in GRANTED_ROLES for p in permissions_at("observer", role)} == OBSERVER


def test_a_day_that_lies_ahead_takes_effect_by_itself(world, settings):
    world.contract()
    leave_unit(partner=world.partner(world.ccg), on=TODAY + DAY, by=None)
    assert table(world.unit) == whole(council=HOST, ccg=FULL, area_team=OBSERVER)

    def sees():
        user = type(world.people["ccg_commissioner"]).objects.get(pk=world.people["ccg_commissioner"].pk)
        return Contract.objects.visible_to(user).exists()

    assert sees()
    settings.DEMO_TODAY = TODAY + DAY
    assert sees()
    settings.DEMO_TODAY = TODAY + 2 * DAY
    assert not sees()
    assert sweep_ended_partners() == 1
    assert table(world.unit) == whole(council=HOST, area_team=OBSERVER)


def test_a_failed_change_leaves_grants_and_partner_as_they_were(world, monkeypatch):
    before = table(world.unit)

    def stops(**_):
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr("commissioning.services.grants.regrant_exceptions", stops)
    with pytest.raises(RuntimeError):
        change_level(partner=world.partner(world.ccg), level="observer", by=None)
    assert (table(world.unit), world.partner(world.ccg).level) == (before, "full")


def test_the_host_stays_the_host(world):
    host = world.partner(world.council)
    with pytest.raises(ValidationError, match="host"):
        change_level(partner=host, level="observer", by=None)
    with pytest.raises(ValidationError, match="host"):
        leave_unit(partner=host, on=TODAY, by=None)


def test_a_partner_joins_once_and_again_only_after_its_last_day(world):
    with pytest.raises(ValidationError, match="already takes part"):
        join_unit(unit=world.unit, organisation=world.ccg, level="full", joined_on=TODAY, by=None)
    leave_unit(partner=world.partner(world.ccg), on=TODAY + 30 * DAY, by=None)
    with pytest.raises(ValidationError, match="until 4 December 2014"):
        join_unit(unit=world.unit, organisation=world.ccg, level="observer", joined_on=TODAY + 40 * DAY, by=None)
    assert table(world.unit) == whole(council=HOST, ccg=FULL, area_team=OBSERVER)


def test_a_partner_that_left_is_history(world):
    partner = leave_unit(partner=world.partner(world.ccg), on=TODAY, by=None)
    with pytest.raises(ValidationError, match="left on 4 November 2014"):
        change_level(partner=partner, level="observer", by=None)
    with pytest.raises(ValidationError, match="left on 4 November 2014"):
        leave_unit(partner=partner, on=TODAY + DAY, by=None)


# Pages


def test_the_unit_page_says_who_takes_part_and_what_one_may_do(world, django_assert_num_queries):
    browser = world.browser("finance")
    page = browser.get("/units/").content.decode()
    assert "Children’s commissioning" in page
    assert "Mercia CCG" in page
    assert "Export the register" in page
    assert "Add, import and change contracts" not in page
    assert "Borderland" not in page


def test_the_number_of_queries_does_not_grow_with_partners(world, django_assert_num_queries):
    browser = world.browser("commissioner")
    browser.get("/units/")
    with django_assert_num_queries(5):
        browser.get("/units/")
    with django_assert_num_queries(5):
        browser.get(PARTNERS)
    for n in range(30):
        body = add_organisation(name=f"Body {n}", kind=OrganisationKind.COUNCIL, by=None)
        UnitPartner.objects.create(unit=world.unit, organisation=body, level="full", joined_on=LONG_AGO)
    with django_assert_num_queries(5):
        browser.get("/units/")
    with django_assert_num_queries(5):
        browser.get(PARTNERS)


def two_units(world):
    from accounts.permissions import Role
    from commissioning.services.people import give_role

    give_role(
        user=world.people["commissioner"],
        organisation=world.outsider_council,
        role=Role.COMMISSIONER,
        since=LONG_AGO,
        by=None,
    )
    return world.browser("commissioner")


def test_the_unit_to_work_in_is_chosen_and_left_again(world):
    browser = two_units(world)
    answer = browser.post("/units/choose/", {"unit": "borderland", "next": "/units/"}, follow=True)
    assert answer.redirect_chain == [("/units/", 302)]
    assert answer.context["chosen"] == world.outsider_unit
    answer = browser.post("/units/choose/", {"unit": ""}, follow=True)
    assert answer.context["chosen"] is None
    assert "You now see all your units." in answer.content.decode()


def test_only_a_unit_in_sight_can_be_chosen_and_only_a_page_of_ours_follows(world):
    assert world.browser("commissioner").post("/units/choose/", {"unit": "borderland"}).status_code == 404
    answer = two_units(world).post("/units/choose/", {"unit": "borderland", "next": "https://evil.example/"})
    assert answer.url == "/units/"
    assert world.browser("commissioner").get("/units/choose/").status_code == 405


def test_an_organisation_is_found_by_part_of_its_name_or_its_code(world):
    north = add_organisation(name="North Mercia CCG", kind=OrganisationKind.CCG, by=None)
    north.identifiers.create(scheme="ods", value="99X")
    closed = add_organisation(
        name="Old Mercia PCT", kind=OrganisationKind.OTHER, by=None, closed_on=datetime.date(2013, 3, 31)
    )
    browser = world.browser("commissioner")
    found = browser.get(PARTNERS + "find/", {"q": "north merc"}).context["found"]
    assert found[0] == north
    assert {world.ccg, world.council, closed}.isdisjoint(found)
    assert browser.get(PARTNERS + "find/", {"q": "99x"}).context["found"] == [north]
    assert "Type at least three letters." in browser.get(PARTNERS + "find/", {"q": "no"}).content.decode()
    assert "No organisation found" in browser.get(PARTNERS + "find/", {"q": "zzzzzz"}).content.decode()


def test_a_partner_is_added_after_saying_what_changes(world):
    newcomer = add_organisation(name="North Mercia CCG", kind=OrganisationKind.CCG, by=None)
    browser = world.browser("commissioner")
    address = f"{PARTNERS}add/{newcomer.pk}/"
    typed = {"level": "observer", "joined_on": "4 November 2014", "reason": "Agreed by the board"}
    before = table(world.unit)
    answer = browser.post(address, typed)
    assert (
        "People of North Mercia CCG will see the contracts of Children’s commissioning, their monthly returns and the"
        " dashboard, and will be able to change nothing."
    ) in answer.content.decode()
    assert table(world.unit) == before
    assert browser.post(address, typed | {"again": "yes"}).context["form"]["reason"].value() == "Agreed by the board"
    answer = browser.post(address, typed | {"confirm": "yes"})
    assert (answer.status_code, answer.url) == (302, PARTNERS)
    assert table(world.unit) == before | {("North Mercia CCG", *pair) for pair in OBSERVER}
    event = UnitPartner.objects.get(organisation=newcomer).events.select_related("pgh_context").get()
    assert (event.pgh_context.metadata["act"], event.pgh_context.metadata["reason"]) == (
        "Partner added",
        "Agreed by the board",
    )


def test_a_partner_is_lowered_and_removed_with_a_reason(world):
    browser = world.browser("commissioner")
    partner = world.partner(world.ccg)
    answer = browser.post(f"{PARTNERS}{partner.pk}/level/", {"level": "observer", "reason": ""})
    assert answer.context["form"].errors == {"reason": ["Say why."]}
    lowered = {"level": "observer", "reason": "Less money"}
    told = browser.post(f"{PARTNERS}{partner.pk}/level/", lowered).context["told"]
    assert told.headline == (
        "People of Mercia CCG will go on seeing the contracts of Children’s commissioning, their monthly returns and"
        " the dashboard, and will no longer be able to change, return or export anything."
    )
    finance = next(change for change in told.changes if change.role == "Finance")
    assert (finance.gains, finance.loses) == ((), ("Export the register",))
    browser.post(f"{PARTNERS}{partner.pk}/level/", lowered | {"confirm": "yes"})
    assert table(world.unit) == whole(council=HOST, ccg=OBSERVER, area_team=OBSERVER)
    leaving = {"left_on": "4 November 2014", "reason": "Merged"}
    told = browser.post(f"{PARTNERS}{partner.pk}/leave/", leaving).context["told"]
    assert told.headline.startswith("People of Mercia CCG will no longer see the contracts")
    browser.post(f"{PARTNERS}{partner.pk}/leave/", leaving | {"confirm": "yes"})
    assert table(world.unit) == whole(council=HOST, area_team=OBSERVER)
    assert "Took part before" in browser.get(PARTNERS).content.decode()
    assert world.browser("ccg_commissioner").get(PARTNERS).status_code == 404


def test_a_refusal_of_the_last_step_is_shown_with_what_was_typed(world):
    browser = world.browser("commissioner")
    typed = {"level": "full", "joined_on": "4 November 2014", "reason": "Twice", "confirm": "yes"}
    answer = browser.post(f"{PARTNERS}add/{world.ccg.pk}/", typed)
    assert answer.context["form"].non_field_errors() == ["Mercia CCG already takes part in Children’s commissioning."]
    assert "Twice" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "look", "change"),
    [("commissioner", 200, 200), ("finance", 200, 403), ("ccg_commissioner", 200, 403), ("observer", 200, 403),
     ("auditor", 200, 403), ("provider_contact", 404, 404), ("outsider", 404, 404), ("leaver", 404, 404)],
)  # fmt: skip
def test_who_looks_at_partners_and_who_changes_them(world, who, look, change):
    browser = world.browser(who)
    partner = world.partner(world.ccg)
    assert browser.get(PARTNERS).status_code == (look if who != "leaver" else 404)
    for page in ("find/", f"add/{world.outsider_council.pk}/", f"{partner.pk}/level/", f"{partner.pk}/leave/"):
        assert browser.get(PARTNERS + page).status_code == change
        if page != "find/":
            assert browser.post(PARTNERS + page, {"confirm": "yes"}).status_code == change


def test_the_host_and_other_units_partners_have_no_page_to_change_them(world):
    browser = world.browser("commissioner")
    other = UnitPartner.objects.get(unit=world.outsider_unit)
    for partner in (world.partner(world.council), other):
        assert browser.get(f"{PARTNERS}{partner.pk}/leave/").status_code == 404


def test_the_timetable_sweeps_the_grants_of_ended_partners(world, settings):
    """By the name that the timetable gives it, in the worker's own registry."""
    (entry,) = settings.CELERY_BEAT_SCHEDULE.values()
    leave_unit(partner=world.partner(world.ccg), on=TODAY + DAY, by=None)
    settings.DEMO_TODAY = TODAY + 2 * DAY
    app.autodiscover_tasks(force=True)
    app.tasks[entry["task"]]()
    assert table(world.unit) == whole(council=HOST, area_team=OBSERVER)
