"""The audit log: for auditors only, over what they may see, and never beyond."""

import datetime

import pytest
from django.utils import timezone

from accounts import clock
from accounts.acts import act
from accounts.permissions import Role
from commissioning.services.partners import leave_unit
from commissioning.services.people import end_role
from commissioning.services.stand_ins import end_stand_in, give_stand_in
from contracts.models import MonthReview, ReviewRules
from contracts.rules.returns import months_back
from contracts.services.contract import ContractParts, change_contract
from contracts.services.restriction import restrict_contract
from contracts.services.review_actions import note_action
from reporting.queries.audit import AuditFilter, AuditLog
from tests.world import OCTOBER, TODAY, make_contract, make_person, make_return


def log_of(world, who="auditor", *, page=1, unit=None, **wanted):
    return AuditLog(user=world.people[who], unit=unit, wanted=AuditFilter(**wanted), page=page)


def rename(world, contract, title, by="commissioner", reason=""):
    return change_contract(
        contract=contract, details={"title": title}, parts=ContractParts(), version=contract.version,
        by=world.people[by], reason=reason,
    )  # fmt: skip


def told(log):
    return [
        (row.entry.title, line, tuple(slug for _, slug in row.contracts))
        for row in log.rows
        for line in row.entry.changes
    ]


def lines(log):
    return [line for _, line, _ in told(log)]


@pytest.mark.parametrize("who", ["commissioner", "contract_officer", "observer", "provider_contact", "outsider"])
def test_the_log_is_for_auditors(world, who):
    world.contract()
    assert world.browser(who).get("/audit/").status_code == 403


def test_who_what_why_and_of_which_contract(world):
    contract = world.contract(reference="CS/0147", title="Old")
    rename(world, contract, "New", reason="Letter")
    log = log_of(world)
    row = next(row for row in log.rows if row.entry.title == "Contract details changed")
    assert (row.entry.by, row.entry.reason, row.entry.changes) == (
        "Council Commissioner",
        "Letter",
        ["Title: Old to New"],
    )
    assert row.contracts == [("CS/0147 New", contract.url_in_unit)]
    text = world.browser("auditor").get("/audit/").content.decode()
    assert "Title: Old to New" in text
    assert "Letter" in text


@pytest.mark.parametrize("asked", ["CS/0147", "cs/0147", "CS-0147", "short breaks"])
def test_a_contract_is_asked_for_as_it_is_written_on_the_page(world, asked):
    wanted, other = world.contract(reference="CS/0147", title="Short breaks"), world.contract(reference="CS/01470")
    for contract in (wanted, other):
        rename(world, contract, f"{contract.title}, new")
    renamed = [line for line in lines(log_of(world, contract=asked)) if line.startswith("Title: ")]
    assert renamed == ["Title: Short breaks to Short breaks, new"]


def test_partners_come_and_go_in_the_log(world):
    leave_unit(partner=world.partner(world.ccg), on=TODAY, by=world.people["commissioner"])
    assert "Mercia CCG: left on 4 November 2014" in lines(log_of(world))


def test_nothing_beyond_sight_is_told_counted_or_named(world):
    world.people["ccg_auditor"] = make_person("Ccg Auditor", world.ccg, Role.AUDITOR)
    world.people["their_auditor"] = make_person("Their Auditor", world.outsider_council, Role.AUDITOR)
    boss = world.people["commissioner"]
    open_one, secret = world.contract(title="Open"), world.contract(title="Secret")
    theirs = make_contract(world.outsider_unit, title="Theirs")
    rename(world, open_one, "Open still")
    rename(world, secret, "Secret still")
    rename(world, theirs, "Theirs still", by="outsider")
    restrict_contract(
        contract=secret, reason="Price talks", named=[world.council], review_on=datetime.date(2015, 3, 1), by=boss
    )
    seen = {who: " ".join(lines(log_of(world, who))) for who in ("auditor", "ccg_auditor", "their_auditor")}
    assert {who: ("Open still" in text, "Secret" in text, "Theirs" in text) for who, text in seen.items()} == {
        "auditor": (True, True, False), "ccg_auditor": (True, False, False), "their_auditor": (False, False, True)
    }  # fmt: skip
    page = world.browser("ccg_auditor").get(f"/audit/?contract={secret.slug}").content.decode()
    assert "No entry fits." in page
    assert "Price talks" not in world.browser("ccg_auditor").get("/audit/").content.decode()
    assert "Price talks" in world.browser("auditor").get("/audit/").content.decode()


def test_an_act_over_many_contracts_tells_only_those_in_sight(world):
    """An import writes contracts of which one is restricted later: its line leaves the other partner's log."""
    world.people["ccg_auditor"] = make_person("Ccg Auditor", world.ccg, Role.AUDITOR)
    boss = world.people["commissioner"]
    with act("Register imported", by=boss):
        made = [world.contract(reference=f"I/{n}", title=f"Imported {n}", providers=[]) for n in range(15)]
    restrict_contract(
        contract=made[0], reason="Price talks", named=[world.council], review_on=datetime.date(2015, 3, 1), by=boss
    )
    row = next(row for row in log_of(world, "ccg_auditor").rows if "Imported 1" in " ".join(row.entry.changes))
    assert "I/0, Imported 0" not in row.entry.changes
    assert len(row.entry.changes) + row.entry.more == 14
    assert len(row.contracts) == 3


def test_by_person_contract_and_date(world):
    one, two = world.contract(title="One"), world.contract(title="Two")
    rename(world, one, "One more")
    rename(world, two, "Two more", by="ccg_commissioner")
    mine = log_of(world, person=world.people["ccg_commissioner"].pk)
    assert lines(mine) == ["Title: Two to Two more"]
    assert "Title: One to One more" in lines(log_of(world, contract=one.slug))
    assert "Title: Two to Two more" not in lines(log_of(world, contract=one.slug))
    tomorrow = datetime.date(2999, 1, 1)
    assert lines(log_of(world, since=tomorrow)) == []
    assert "Title: One to One more" in lines(log_of(world, until=tomorrow))
    assert lines(log_of(world, until=datetime.date(2001, 1, 1))) == []


@pytest.mark.parametrize("fixed", [TODAY, None])
def test_entries_show_and_are_asked_for_by_the_day_that_people_live_in(world, settings, fixed):
    """The database stamps them with its own clock, which the demonstration does not fix."""
    settings.DEMO_TODAY = fixed
    contract = world.contract(title="One")
    today = clock.today()
    rename(world, contract, "One more")
    day = datetime.timedelta(days=1)
    asked = {"contract": contract.slug, "since": today, "until": today}
    found = [row.entry for row in log_of(world, **asked).rows if row.entry.title == "Contract details changed"]
    assert [(entry.changes, timezone.localdate(entry.at)) for entry in found] == [(["Title: One to One more"], today)]
    for since, until in ((today + day, today + 2 * day), (today - 2 * day, today - day)):
        assert "Title: One to One more" not in lines(log_of(world, contract=contract.slug, since=since, until=until))


def test_fifty_a_page(world):
    contract = world.contract(title="Title 0")
    for number in range(1, 61):
        contract = rename(world, contract, f"Title {number}")
    first, second = log_of(world, contract=contract.slug), log_of(world, contract=contract.slug, page=2)
    assert (len(first.rows), first.has_next, first.has_previous) == (50, True, False)
    assert (second.has_next, second.has_previous) == (False, True)
    assert not set(lines(first)) & set(lines(second))
    assert len(first.rows) + len(second.rows) >= 61


@pytest.mark.django_db(transaction=True)
def test_a_longer_history_of_returns_hides_no_act_of_another_kind(world):
    """More returns than a page holds, with one renaming after every seventh."""
    contract, by = world.contract(title="Title 0"), world.people["commissioner"]
    for number in range(70):
        with act("Return saved", by=by):
            make_return(contract, months_back(OCTOBER, number))
        if number % 7 == 6:
            contract = rename(world, contract, f"Title {number}")
    pages = [log_of(world, page=number) for number in (1, 2)]
    found = [row.entry.title for log in pages for row in log.rows]
    assert found[:80] == ["Contract details changed", *["Return saved"] * 7] * 10
    assert len(pages[0].rows) == 50


def test_a_filter_that_is_no_date_is_said_to_be_left_out(world):
    text = world.browser("auditor").get("/audit/?since=yesterday").content.decode()
    assert "Part of this filter is not a date or a number and was left out." in text


def test_anothers_people_are_not_offered(world):
    people = dict(log_of(world).people)
    assert world.people["ccg_commissioner"].pk in people
    assert world.people["outsider"].pk not in people


def test_who_was_given_a_role_is_told_to_the_auditor_of_that_organisation_only(world):
    ours = make_person("Newly Given", world.council, Role.FINANCE)
    make_person("Elsewhere Given", world.ccg, Role.FINANCE)
    end_role(membership=ours.memberships.get(), on=TODAY, by=world.people["organisation_administrator"])
    said = lines(log_of(world))
    assert "Newly Given: finance of Mercia County Council, from 1 April 2012" in said
    assert "Newly Given: finance of Mercia County Council, now to 4 November 2014" in said
    assert not [line for line in said if "Elsewhere Given" in line or ("Mercia CCG: " in line and "finance" in line)]


def test_the_review_of_a_month_is_in_the_log_of_its_unit(world):
    by, contract = world.people["commissioner"], world.contract(title="Respite")
    note_action(
        contract=contract,
        provider=None,
        month=OCTOBER,
        text="Fill the night posts",
        owner="Fenside",
        due_on=TODAY,
        by=by,
    )
    with act("Month closed", by=by, reason="The team agreed"):
        MonthReview.objects.create(
            unit=world.unit, month=OCTOBER, closed_at=clock.now(), closed_by=by, closing_note="The team agreed"
        )
        MonthReview.objects.create(unit=world.outsider_unit, month=OCTOBER, held_on=TODAY)
    with act("Rules of concern changed", by=by):
        rules = ReviewRules.objects.create(unit=world.unit)
        rules.jet_at_most, rules.red = None, False
        rules.save()
    said = lines(log_of(world))
    assert "Action for Fenside, due 4 November 2014: “Fill the night posts”" in said
    assert "October 2014: closed" in said
    assert "“The team agreed”" in said
    assert "JET at or below: 3 to off" in said
    assert "Red: on to off" in said
    assert not [line for line in said if "record of the review" in line]
    assert [line for line in lines(log_of(world, contract=contract.slug)) if "closed" in line] == []


def test_who_stands_in_for_whom_is_told_to_the_auditor_of_that_organisation_only(world):
    officer, manager = world.people["contract_officer"], world.people["service_manager"]
    given = give_stand_in(absent=officer, stand_in=manager, since=TODAY, until=TODAY, by=officer)
    end_stand_in(given=given, by=officer)
    world.people["ccg_auditor"] = make_person("Ccg Auditor", world.ccg, Role.AUDITOR)
    head = "Council Service manager for Council Contract officer"
    wanted = {f"{head}, 4 November 2014 to 4 November 2014", f"{head}, ended on 4 November 2014"}
    assert wanted <= set(lines(log_of(world)))
    assert not [line for line in lines(log_of(world, "ccg_auditor")) if head in line]
