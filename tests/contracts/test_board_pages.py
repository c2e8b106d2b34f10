"""The pages of a contract's board: what each person reads and does there, faults beside their fields, two at once."""

import datetime

import pytest

from commissioning.services.stand_ins import give_stand_in
from contracts.models import GradeView
from contracts.services.restriction import restrict_contract
from governance.choices import SeatFor
from governance.models import Board, Meeting, MeetingAction
from governance.services.actions import NewAction, finish_action
from governance.services.boards import NewMember, end_seat, seat_member
from governance.services.meetings import Came, MeetingDetails, cancel_meeting, change_meeting, plan_meeting
from reporting.queries.contract_page import ContractPage
from reporting.queries.history_of_contract import newest_entries
from tests.boards import HELD, PLANNED, all_there, hold_meeting, hold_meetings, open_board_of
from tests.test_markup import check, queries
from tests.world import OCTOBER, TODAY, client_for, make_contract, make_return

DECEMBER = datetime.date(2014, 12, 1)


@pytest.fixture
def contract(world):
    return world.contract(title="CAMHS", service_manager=world.people["service_manager"])


@pytest.fixture
def meetings(world, contract):
    return hold_meetings(world, contract)


@pytest.fixture
def browser(world):
    return world.browser("contract_officer")


def page_of(contract, rest=""):
    return f"/contracts/{contract.slug}/board/{rest}"


def text_of(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200, address
    page = answer.content.decode()
    check(page)
    return page


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def errors_of(answer):
    assert answer.status_code == 200
    check(answer.content.decode())
    return {name: [str(e) for e in sentences] for name, sentences in answer.context["form"].errors.items()}


# The board and its members


def test_its_officer_opens_the_board_under_the_contracts_name_with_its_own_people(world, contract, browser):
    empty = text_of(browser, page_of(contract))
    assert "This contract has no board yet." in empty
    assert "Open the board" in empty
    assert "Open the board" not in text_of(world.browser("finance"), page_of(contract))
    form = browser.get(page_of(contract, "open/")).context["form"]
    assert form["name"].value() == "CAMHS Contract Management Board"
    assert [label for _, label in form.fields["members"].choices] == [
        "Council Contract officer, Mercia County Council: for the commissioning team",
        "Council Service manager, Mercia County Council: for the service",
        "Willow Contact, Willow Homes Ltd: for the supplier",
    ]
    typed = {"name": form["name"].value(), "opened_on": "1 November 2014", "members": form["members"].value()}
    answer = browser.post(page_of(contract, "open/"), typed)
    assert said(answer) == ["CAMHS Contract Management Board is open."]
    assert [(seat.name, seat.sits_for) for seat in Board.objects.get().seats.all()] == [
        ("Council Contract officer", "commissioning"),
        ("Council Service manager", "service"),
        ("Willow Contact", "supplier"),
    ]


def test_nothing_typed_is_lost_where_the_board_cannot_be_opened(contract, browser):
    answer = browser.post(page_of(contract, "open/"), {"name": "", "opened_on": "31 February 2014"})
    assert errors_of(answer) == {
        "name": ["Give the board’s name."],
        "opened_on": ["Enter a real date, such as 31 March 2026"],
    }
    assert "31 February 2014" in answer.content.decode()


def test_members_join_with_or_without_an_account_and_leave(world, contract, meetings, browser):
    typed = {"sits_for": "supplier", "organisation": world.provider.pk, "since": "3 November 2014"}
    answer = browser.post(page_of(contract, "members/add/"), typed | {"name": "Kim Hale"})
    assert said(answer) == ["Kim Hale sits on the board."]
    contact = world.people["provider_contact"]
    assert said(browser.post(page_of(contract, "members/add/"), typed | {"person": contact.pk}))[-1] == (
        "Willow Contact sits on the board."
    )
    assert errors_of(browser.post(page_of(contract, "members/add/"), typed | {"name": "Kim Hale"})) == {
        "name": ["Kim Hale sits on this board since 3 November 2014."]
    }
    assert errors_of(browser.post(page_of(contract, "members/add/"), {"name": "Kim", "person": contact.pk})) == {
        "sits_for": ["Choose for whom the member sits."],
        "organisation": ["Choose the organisation the member works for."],
        "since": ["Give the first day."],
        "name": ["Choose a person or give a name, not both."],
    }
    leave = page_of(contract, f"members/{meetings.seat.pk}/end/")
    assert errors_of(browser.post(leave, {"until": ""})) == {"until": ["Give the last day."]}
    browser.post(leave, {"until": "3 November 2014"})
    page = text_of(browser, page_of(contract))
    assert "1 past member" in page
    assert "Kim Hale" in page


def test_who_may_sit_works_for_a_partner_or_a_provider_and_of_a_restricted_contract_for_who_is_named(world, contract):
    boss = world.browser("commissioner")
    open_board_of(world, contract)
    form = boss.get(page_of(contract, "members/add/")).context["form"]
    bodies = set(form.fields["organisation"].queryset)
    assert bodies == {world.council, world.ccg, world.observer_body, world.provider}
    assert world.people["outsider"] not in form.fields["person"].queryset
    assert world.people["ccg_commissioner"] in form.fields["person"].queryset
    restrict(world, contract)
    form = boss.get(page_of(contract, "members/add/")).context["form"]
    assert set(form.fields["organisation"].queryset) == {world.council}
    assert world.people["ccg_commissioner"] not in form.fields["person"].queryset


def restrict(world, contract):
    restrict_contract(
        contract=contract, reason="Tender", named=[world.council], review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )  # fmt: skip


# Meetings


def test_a_meeting_is_planned_for_a_day_and_a_time(world, contract, meetings, browser):
    typed = {"kind": "extra", "on": "1 December 2014", "starts_at": "2.30 pm", "place": "Boston", "version": "0"}
    answer = browser.post(page_of(contract, "meetings/add/"), typed | {"purpose": "ADHD waits"})
    assert said(answer) == ["The meeting is planned: 1 December 2014, 2:30pm."]
    page = text_of(browser, page_of(contract))
    assert "Extra meeting: ADHD waits. Boston" in page
    assert page.index("Planned</span>") < page.index("Next</span>") < page.index("Minutes</span>")
    assert errors_of(browser.post(page_of(contract, "meetings/add/"), {"starts_at": "soon", "version": "0"})) == {
        "kind": ["Choose the kind of meeting."],
        "on": ["Give the day of the meeting."],
        "starts_at": ["Enter a time, such as 10am or 2:30pm."],
    }


def test_a_meeting_whose_day_has_passed_leads_to_its_record(contract, meetings, browser):
    answer = browser.post(
        page_of(contract, "meetings/add/"), {"kind": "ordinary", "on": "3 November 2014", "version": "0"}
    )
    meeting = Meeting.objects.get(on=datetime.date(2014, 11, 3))
    assert answer.url == f"{page_of(contract)}meetings/{meeting.pk}/record/?unit=mercia-children"
    page = text_of(browser, page_of(contract))
    assert '<span class="jc-late">To record</span>' in page
    assert "Not recorded yet." in text_of(browser, page_of(contract, f"meetings/{meeting.pk}/"))


def record_of(meetings, **typed):
    chair, manager, lee = meetings.board.seats.all()[:3]
    said_of = {
        f"presence_{chair.pk}": "present",
        f"presence_{manager.pk}": "apologies",
        f"presence_{lee.pk}": "present",
    }
    return {"on": "3 November 2014", "version": "1", **said_of, **typed}


def test_a_meeting_is_recorded_with_who_was_there_notes_and_actions(contract, meetings, browser):
    record = page_of(contract, f"meetings/{meetings.planned.pk}/record/")
    typed = record_of(
        meetings, notes="Waits fell.", others="Ria\r\nTom", text_3="Bring a date", owner_3="Lee Ford",
        due_on_3="1 December 2014",
    )  # fmt: skip
    answer = browser.post(record, typed)
    assert said(answer) == ["The meeting of 3 November 2014 is recorded."]
    minutes = text_of(browser, answer.url)
    for words in ("Waits fell.", "Bring a date", "1 Dec 2014", "Apologies", "Ria", "Tom", "Council Contract officer"):
        assert words in minutes
    again = browser.get(record).context["form"]
    assert (again["notes"].value(), again["others"].value()) == ("Waits fell.", "Ria\nTom")
    assert again["text_1"].value() is None


def test_faults_of_a_record_stand_beside_their_fields_and_nothing_typed_is_lost(contract, meetings, browser):
    lee = meetings.seat
    typed = record_of(
        meetings, on="6 November 2014", notes="Long notes.", text_1="Report", due_on_2="soon", others="x" * 121,
        **{f"presence_{lee.pk}": "substitute"},
    )  # fmt: skip
    answer = browser.post(page_of(contract, f"meetings/{meetings.planned.pk}/record/"), typed)
    assert errors_of(answer) == {
        "others": ["Use 120 characters or fewer for each name."],
        "due_on_2": ["Enter a real date, such as 31 March 2026"],
    }
    assert "Long notes." in answer.content.decode()
    typed |= {"others": "", "due_on_2": ""}
    record = page_of(contract, f"meetings/{meetings.planned.pk}/record/")
    assert errors_of(browser.post(record, typed)) == {
        "on": ["6 November 2014 lies ahead: a meeting is recorded once it was held."]
    }
    typed |= {"on": "3 November 2014"}
    assert errors_of(browser.post(record, typed)) == {f"substitute_{lee.pk}": ["Say who came instead of Lee Ford."]}
    typed |= {f"presence_{lee.pk}": "present"}
    assert errors_of(browser.post(record, typed)) == {
        "owner_1": ["Say who sees to it."],
        "due_on_1": ["Give the day by which it is due."],
    }


def test_members_asked_about_are_those_of_the_day_typed(world, contract, meetings, browser):
    seat = seat_member(
        board=meetings.board, member=NewMember(SeatFor.SUPPLIER, name="Ola New"), since=datetime.date(2014, 11, 4),
        by=world.people["commissioner"],
    )  # fmt: skip
    record = page_of(contract, f"meetings/{meetings.planned.pk}/record/")
    assert f"presence_{seat.pk}" in browser.get(record).context["form"].fields
    answer = browser.post(record, record_of(meetings))
    assert said(answer) == ["The meeting of 3 November 2014 is recorded."]


def test_the_second_to_record_sees_both_and_loses_nothing(world, contract, meetings, browser):
    record = page_of(contract, f"meetings/{meetings.planned.pk}/record/")
    browser.post(record, record_of(meetings, notes="First notes."))
    answer = world.browser("commissioner").post(record, record_of(meetings, notes="Second notes."))
    page = answer.content.decode()
    assert answer.status_code == 409
    check(page)
    assert "Council Contract officer saved this meeting after you opened it" in page
    assert "First notes." in page
    assert "Second notes." in page
    assert answer.context["form"]["version"].value() == "2"


def test_a_change_and_a_cancellation_of_what_somebody_moved_show_both(world, contract, meetings, browser):
    moved = MeetingDetails(on=DECEMBER, place="Boston")
    change_meeting(meeting=meetings.planned, details=moved, version=1, by=world.people["commissioner"])
    change = page_of(contract, f"meetings/{meetings.planned.pk}/change/")
    answer = browser.post(change, {"kind": "ordinary", "on": "8 December 2014", "version": "1"})
    assert answer.status_code == 409
    check(answer.content.decode())
    assert "It now says: board meeting, 1 December 2014, Boston" in answer.content.decode()
    cancel = page_of(contract, f"meetings/{meetings.planned.pk}/cancel/")
    answer = browser.post(cancel, {"why_cancelled": "Snow", "version": "1"})
    assert answer.status_code == 409
    assert "Snow" in answer.content.decode()
    browser.post(cancel, {"why_cancelled": "Snow", "version": "2"})
    assert "Cancelled.</b> Snow" in text_of(browser, page_of(contract, f"meetings/{meetings.planned.pk}/"))
    answer = browser.get(change, follow=True)
    assert "This meeting was cancelled. Plan another one." in answer.content.decode()


# Actions


def test_an_action_is_added_and_ticked_with_what_came_of_it(world, contract, meetings, browser):
    add = page_of(contract, f"meetings/{meetings.held.pk}/action/")
    assert errors_of(browser.post(add, {})) == {
        "text": ["Say what will be done."],
        "owner": ["Say who sees to it."],
        "due_on": ["Give the day by which it is due."],
    }
    early = {"text": "Publish", "owner": "LPFT", "due_on": "1 October 2014"}
    assert errors_of(browser.post(add, early)) == {
        "due_on": ["An action cannot be due before the meeting that agreed it, on 9 October 2014."]
    }
    browser.post(add, early | {"due_on": "1 December 2014"})
    page = text_of(browser, page_of(contract))
    assert "2 open, 1 late" in page
    done = page_of(contract, f"actions/{meetings.action.pk}/done/")
    assert errors_of(browser.post(done, {"done_on": "5 November 2014", "outcome": "Weekly.", "version": "1"})) == {
        "done_on": ["Give the day on which it was done: this one lies ahead."]
    }
    browser.post(done, {"done_on": "4 November 2014", "outcome": "Weekly since October.", "version": "1"})
    page = text_of(browser, page_of(contract))
    assert "1 open" in page
    assert "1 done, and what came of it" in page
    assert "Weekly since October." in page
    answer = world.browser("commissioner").post(
        done, {"done_on": "3 November 2014", "outcome": "Never.", "version": "1"}
    )
    assert answer.status_code == 409
    check(answer.content.decode())
    assert "Weekly since October." in answer.content.decode()


# Who reads what


def test_the_provider_reads_its_boards_meetings_and_those_face_to_face_where_it_was(world, contract, meetings):
    board = meetings.board
    chair, manager, lee = board.seats.all()
    without = {chair.pk: Came("present"), manager.pk: Came("present"), lee.pk: Came("absent")}
    day = datetime.date(2014, 10, 20)
    secret = hold_meeting(
        world, board, day, kind="face_to_face", members=without, notes="What we offer", purpose="Between ourselves",
        actions=(NewAction("Keep the offer low", "Jo", DECEMBER),),
    )  # fmt: skip
    shared = hold_meeting(world, board, day, kind="face_to_face", purpose="Deep dive", members=all_there(board))
    other = seat_member(
        board=board, member=NewMember("supplier", name="Alder", organisation=world.other_provider),
        since=datetime.date(2014, 10, 1), by=world.people["commissioner"],
    )  # fmt: skip
    theirs = hold_meeting(
        world, board, day, kind="face_to_face", purpose="Alder alone", members=without | {other.pk: Came("present")}
    )
    plan_meeting(
        board=board, details=MeetingDetails(on=DECEMBER, kind="face_to_face", purpose="Offer again"),
        by=world.people["commissioner"],
    )  # fmt: skip
    contact, officer = world.browser("provider_contact"), world.browser("contract_officer")
    page = text_of(contact, page_of(contract))
    assert "Deep dive" in page
    assert "Waits" not in page
    for words in ("Between ourselves", "Alder alone", "Offer again", "Keep the offer low", "Done<"):
        assert words not in page
    read = text_of(officer, page_of(contract))
    for words in ("Between ourselves", "Alder alone", "Offer again", "Keep the offer low", "Done<"):
        assert words in read
    for meeting, status in ((secret, 404), (theirs, 404), (shared, 200), (meetings.held, 200), (meetings.planned, 200)):
        assert contact.get(page_of(contract, f"meetings/{meeting.pk}/")).status_code == status


def test_a_meeting_of_one_contract_is_not_reached_through_another(world, contract, meetings):
    other = world.contract()
    open_board_of(world, other)
    browser = world.browser("commissioner")
    for rest in (
        f"meetings/{meetings.held.pk}/",
        f"meetings/{meetings.held.pk}/record/",
        f"members/{meetings.seat.pk}/end/",
        f"actions/{meetings.action.pk}/done/",
    ):
        assert browser.get(page_of(contract, rest)).status_code == 200
        assert browser.get(page_of(other, rest)).status_code == 404


def test_a_restricted_contracts_board_leaks_to_nobody(world, contract, meetings):
    restrict(world, contract)
    for who in ("ccg_commissioner", "observer", "provider_contact", "outsider"):
        browser = world.browser(who)
        for rest in ("", f"meetings/{meetings.held.pk}/", "meetings/add/", f"actions/{meetings.action.pk}/done/"):
            assert (who, rest, browser.get(page_of(contract, rest)).status_code) == (who, rest, 404)
    assert "CAMHS Contract Management Board" in text_of(world.browser("auditor"), page_of(contract))


def test_two_units_with_one_reference_have_a_board_each(world, contract, meetings):
    twin = make_contract(world.outsider_unit, reference=contract.reference, title="Twin")
    assert "Twin" in text_of(world.browser("outsider"), f"{page_of(twin)}?unit=borderland")
    assert "CAMHS" not in text_of(world.browser("outsider"), page_of(twin))


def test_a_stand_in_keeps_the_board_for_whom_they_stand_in(world, contract, meetings):
    stand_in = world.people["finance"]
    officer = world.people["contract_officer"]
    give_stand_in(absent=officer, stand_in=world.people["service_manager"], since=TODAY, until=DECEMBER, by=officer)
    elsewhere = world.contract(title="Not the manager’s own")
    hold_meetings(world, elsewhere)
    answer = world.browser("service_manager").post(
        page_of(elsewhere, "meetings/add/"), {"kind": "ordinary", "on": "1 December 2014", "version": "0"}
    )
    assert answer.status_code == 302
    entries = newest_entries(elsewhere, count=200)
    assert [entry.on_behalf_of for entry in entries if entry.by == "Council Service manager"] == [
        "Council Contract officer"
    ]
    assert client_for(stand_in).get(page_of(elsewhere, "meetings/add/")).status_code == 403


# On the contract's own page, and in the return


def test_the_contract_page_shows_the_next_meeting_and_the_last_three(world, contract, meetings):
    for month in (6, 7, 8, 9):
        hold_meeting(world, meetings.board, datetime.date(2014, month, 11))
    hold_meeting(world, meetings.board, datetime.date(2014, 10, 20), kind="face_to_face", purpose="Deep dive")
    page = ContractPage(user=world.people["commissioner"], contract=contract, month_text=None)
    assert [(row.when, row.sub, row.state) for row in page.board.rows] == [
        ("6 November 2014, 10am", "County Offices. Supplier 1, commissioning team 1, service 1", "Next"),
        ("9 October 2014", "1 action", "Minutes"),
        ("11 September 2014", "", "Minutes"),
        ("11 August 2014", "", "Minutes"),
    ]
    assert ("Contract board", "CAMHS Contract Management Board", page.board.url) in page.about
    text = text_of(world.browser("commissioner"), contract.get_absolute_url())
    assert "All meetings" in text
    earlier = ContractPage(user=world.people["commissioner"], contract=contract, month_text="2014-07")
    assert [row.when for row in earlier.board.rows] == ["11 August 2014", "11 July 2014", "11 June 2014"]


def give_views(contract, month, **scores):
    for side, score in scores.items():
        GradeView.objects.create(
            contract=contract, month=month, side=side, score=score, stated_on=TODAY, stated_by="Somebody",
            recorded_at=datetime.datetime(2014, 11, 4, 9, tzinfo=datetime.UTC),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("views", "before", "provider", "commissioner"),
    [
        ({"service_manager": 5, "supplier": 5}, 4, "1 action, JET 5 agreed", "1 action, JET 5 agreed"),
        ({"service_manager": 5, "supplier": 5}, 5, "1 action, JET stays at 5", "1 action, JET stays at 5"),
        ({"service_manager": 4, "supplier": 5}, 4, "1 action", "1 action, JET 5, not agreed by all"),
        ({"supplier": 5}, 4, "1 action", "1 action"),
        ({}, 4, "1 action", "1 action"),
    ],
)
def test_the_grade_of_the_month_stands_as_agreed_where_both_sides_said_so(
    world, contract, meetings, views, before, provider, commissioner
):
    make_return(contract, OCTOBER, jet=5)
    make_return(contract, datetime.date(2014, 9, 1), jet=before)
    give_views(contract, OCTOBER, **views)
    for who, words in (("provider_contact", provider), ("commissioner", commissioner)):
        page = ContractPage(user=world.people[who], contract=contract, month_text=None)
        assert [row.sub for row in page.board.rows if row.when == "9 October 2014"] == [words]


def test_a_draft_agrees_nothing(world, contract, meetings):
    make_return(contract, OCTOBER, jet=5, state="draft", submitted_at=None)
    give_views(contract, OCTOBER, service_manager=5, supplier=5)
    page = ContractPage(user=world.people["commissioner"], contract=contract, month_text=None)
    assert [row.sub for row in page.board.rows if row.when == "9 October 2014"] == ["1 action"]


def test_the_return_says_what_the_board_asked_for(world, contract, meetings, browser):
    page = browser.get(f"/returns/2014-10/{contract.slug}/").content.decode()
    check(page)
    assert "Board asked" in page
    assert "Contract management board, 9 October 2014: “Report the vacancy rate weekly”" in page
    MeetingAction.objects.update(done_on=TODAY)
    assert "Board asked" not in browser.get(f"/returns/2014-10/{contract.slug}/").content.decode()


# History and counts


def test_history_tells_of_the_board_in_words(world, contract, meetings):
    end_seat(seat=meetings.seat, until=HELD, by=world.people["commissioner"])
    cancel_meeting(meeting=meetings.planned, why="Snow", version=1, by=world.people["commissioner"])
    finish_action(action=meetings.action, done_on=TODAY, outcome="Weekly.", version=1, by=world.people["commissioner"])
    entries = [(entry.title, entry.changes, entry.reason) for entry in newest_entries(contract, count=200)]
    for entry in (
        ("Meeting planned", ["Board meeting, 6 November 2014"], ""),
        ("Meeting planned", ["Board meeting, 9 October 2014"], ""),
        (
            "Meeting recorded",
            [
                "Board meeting, 9 October 2014: held",
                "Council Commissioner: present",
                "Council Service manager: present",
                "Lee Ford: present",
                "Action for Lee Ford, due 31 October 2014: “Report the vacancy rate weekly”",
            ],
            "",
        ),
        (
            "Contract management board opened",
            [
                "CAMHS Contract Management Board, open since 1 May 2014",
                "Council Commissioner (commissioning team, Mercia County Council) sits on the board from 1 May 2014,"
                " as its chair",
                "Council Service manager (service, Mercia County Council) sits on the board from 1 May 2014",
                "Lee Ford (supplier, Willow Homes Ltd) sits on the board from 1 May 2014",
            ],
            "",
        ),
        ("Member left the board", ["Lee Ford (supplier, Willow Homes Ltd) left on 9 October 2014"], ""),
        ("Meeting cancelled", ["Board meeting, 6 November 2014: cancelled"], "Snow"),
        ("Action done", ["Action done on 4 November 2014: “Report the vacancy rate weekly”. Weekly."], ""),
    ):
        assert entry in entries
    audit = world.browser("auditor").get(f"/audit/?contract={contract.slug}").content.decode()
    assert "Report the vacancy rate weekly" in audit


def test_pages_ask_as_many_queries_for_thirty_meetings_as_for_one(world, contract, meetings, browser):
    board = page_of(contract)
    meeting, record = (page_of(contract, f"meetings/{meetings.held.pk}/{rest}") for rest in ("", "record/"))
    browser.get(board)
    few = {address: queries(browser, address) for address in (board, meeting, record)}
    browser.get(contract.get_absolute_url())
    of_contract = queries(browser, contract.get_absolute_url())
    for day in range(1, 31):
        hold_meeting(
            world, meetings.board, datetime.date(2014, 9, day),
            actions=tuple(NewAction(f"Do {n}", "Lee", DECEMBER) for n in range(3)),
        )  # fmt: skip
        seat_member(
            board=meetings.board, member=NewMember("supplier", name=f"Member {day}", organisation=world.provider),
            since=PLANNED, by=world.people["commissioner"],
        )  # fmt: skip
    assert {address: queries(browser, address) for address in few} == few
    assert (few[board], few[meeting], few[record]) == (15, 12, 15)
    assert of_contract == 12
    # all of one moment here: where its newest acts name no organisation any more, no name is looked up
    assert queries(browser, contract.get_absolute_url()) in {11, 12}


def test_minutes_print_whole(world, contract, meetings, browser):
    page = text_of(browser, page_of(contract, f"meetings/{meetings.held.pk}/"))
    assert "<title>Minutes of 9 October 2014: CAMHS Contract Management Board - Joint Commissioning</title>" in page
    assert "Printed by Council Contract officer" in page
    assert meetings.held.on == HELD
