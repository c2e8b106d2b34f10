"""The monthly review: what its page shows, many returns reviewed at once, the meeting, its papers and closing."""

import datetime
import re

import html5lib
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.access import scope_of
from commissioning.services.conflict import Conflict
from commissioning.services.partners import join_unit
from contracts.choices import ReturnState
from contracts.models import GradeView, MonthlyReturn, MonthReview, ReviewAction, ReviewRules
from contracts.queries.month_review import UnitMonth, month_review_page, what_stands
from contracts.rules.concern import ConcernRules
from contracts.services.month_review import accept_returns, close_month, record_meeting, send_back_returns
from contracts.services.restriction import restrict_contract
from contracts.services.return_review import accept_return
from contracts.services.returns import Figures, submit_return
from contracts.services.review_actions import finish_action, note_action
from contracts.services.review_rules import change_rules
from tests.kpi_world import MOMENT, make_kpi, make_reading
from tests.test_markup import check
from tests.world import LONG_AGO, OCTOBER, TODAY, make_contract, make_return

REVIEW = "/returns/2014-10/review/mercia-children/"
SEPTEMBER = datetime.date(2014, 9, 1)
AUGUST = datetime.date(2014, 8, 1)
NOVEMBER = datetime.date(2014, 11, 1)
#: Sign-in, sight and frame, then the ten of the page and one for the saved views.
QUERIES = 14


@pytest.fixture
def commissioner(world):
    return world.people["commissioner"]


@pytest.fixture
def ccg(world):
    return world.people["ccg_commissioner"]


def review(world, who="commissioner", path=REVIEW, **posted):
    browser = world.browser(who)
    return browser.post(path, posted) if posted else browser.get(path)


def words(answer):
    tree = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    [main] = tree.iter("main")
    return re.sub(r"\s+", " ", "".join(main.itertext())).strip()


def shown(world, who="commissioner", path=REVIEW):
    answer = review(world, who, path)
    assert answer.status_code == 200
    return words(answer)


def page(world, who="commissioner"):
    return month_review_page(world.people[who], UnitMonth(world.unit, OCTOBER))


def titles(rows):
    return [row.contract.title for row in rows]


def seen(*rows):
    return {row.pk: row.version for row in rows}


def key(row, opens_at=0):
    return f"{row.pk}:{row.version}:{opens_at}"


def calm(world, title, **details):
    """A contract returned green at JET 6 in September and October."""
    contract = world.contract(title=title)
    make_return(contract, SEPTEMBER)
    return contract, make_return(contract, **details)


def secret(world, *, named=None):
    """Red, not named to the CCG, with everything that could leak."""
    contract = world.contract(title="Prices under tender")
    row = make_return(contract, risk="red", jet=1, narrative="The price is leaking.")
    note_action(
        contract=contract,
        month=OCTOBER,
        text="Secret step",
        owner="A. Person",
        due_on=TODAY,
        provider=None,
        by=world.people["commissioner"],
    )
    restrict_contract(
        contract=contract,
        reason="Tender",
        named=named or [world.council],
        review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )
    return contract, row


def make_view(contract, side="supplier", score=8, **details):
    values = {"comment": "", "stated_on": TODAY, "stated_by": "P. Vider", "recorded_at": MOMENT} | details
    return GradeView.objects.create(contract=contract, month=OCTOBER, side=side, score=score, **values)


# What the page shows


def test_the_heading_says_coverage_and_movement(world):
    calm(world, "A", state=ReturnState.ACCEPTED)
    calm(world, "B", risk="red", jet=2)
    calm(world, "C", jet=7)
    world.contract(title="D")
    make_contract(world.outsider_unit, title="Elsewhere")
    text = shown(world)
    assert "Review of October 2014: 3 of 4 returned, 1 accepted" in text
    assert "1 worse and 1 better than in September, 1 newly red." in text
    assert "that you may see" in text
    assert "Elsewhere" not in text


def test_each_contract_is_in_one_group(world):
    calm(world, "Accepted", state=ReturnState.ACCEPTED)
    calm(world, "Amended", state=ReturnState.AMENDED, amendment_reason="A figure was wrong.")
    calm(world, "Waits")
    calm(world, "Draft", state=ReturnState.DRAFT)
    calm(world, "Back", state=ReturnState.SENT_BACK, review_note="Which?")
    calm(world, "Red", risk="red", state=ReturnState.ACCEPTED)
    make_return(world.contract(title="Nothing"), SEPTEMBER)
    found = page(world)
    assert titles(found.concern) == ["Red"]
    assert titles(found.to_review) == ["Waits"]
    assert titles(found.accepted) == ["Accepted", "Amended"]
    assert titles(found.not_returned) == ["Back", "Draft", "Nothing"]
    assert found.coverage == "4 of 7 returned, 2 accepted, 1 amended"
    assert (found.waiting, found.drafts, found.sent_back) == (1, 1, 1)


def test_a_contract_of_concern_says_every_rule_and_its_whole_narrative(world):
    long = " ".join(["A sentence that is read in full."] * 15) + " The last word."
    calm(world, "Worst", risk="red", jet=2, narrative=long)
    text = shown(world)
    assert "Red" in text
    assert "JET 3 or lower: now 2" in text
    assert "JET down 4 since September" in text
    assert long in text
    assert "Green, JET 6 in September" in text
    assert "September: Green" in text
    assert "October: Red" in text


def test_a_month_not_due_yet_is_not_held_against_anyone(world, settings):
    contract = world.contract(title="Late again", returns_from=SEPTEMBER)
    assert page(world).concern == []
    settings.DEMO_TODAY = datetime.date(2014, 11, 11)
    [row] = page(world).concern
    assert (row.contract, row.reasons) == (contract, ("Not returned for 2 months",))


def test_a_closed_month_is_held_against_who_did_not_return_it(world, commissioner):
    world.contract(title="Silent", returns_from=SEPTEMBER)
    close(world, commissioner)
    assert titles(page(world).concern) == ["Silent"]


def test_concern_is_ordered_by_risk_then_jet_then_title(world):
    calm(world, "B green", risk="green", jet=3)
    calm(world, "A green", risk="green", jet=3)
    calm(world, "A red", risk="red", jet=6)
    calm(world, "B red", risk="red", jet=2)
    assert titles(page(world).concern) == ["B red", "A red", "A green", "B green"]


@pytest.mark.parametrize("number", [1, 30, 228])
def test_the_page_asks_as_many_queries_for_any_number_of_contracts(world, number):
    for place in range(number):
        contract = world.contract(title=f"Contract {place:03}")
        make_return(contract, SEPTEMBER)
        if place % 7:
            people = {"submitted_by": contract.officer, "submitted_for": world.people["service_manager"]}
            make_return(contract, risk=("red", "amber", "green")[place % 3], **people)
        make_reading(make_kpi(contract), 90 + place % 7)
        make_view(contract, score=5)
    browser = world.browser("commissioner")
    browser.get(REVIEW)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(REVIEW)
    assert answer.content.decode().count('id="c') == number + answer.content.decode().count('id="concern')
    assert len(asked) == QUERIES


# Who sees what


def test_a_restricted_contract_is_absent_for_who_is_not_named(world):
    secret(world)
    calm(world, "Open")
    for path in (REVIEW, REVIEW + "agenda/", REVIEW + "minutes/", REVIEW + "close/"):
        host, partner = shown(world, path=path), shown(world, "ccg_commissioner", path)
        for word in ("Prices under tender", "Secret step", "The price is leaking"):
            assert word not in partner
        assert "that you may see" in partner
        assert host != partner
    assert "1 of 1 returned" in shown(world, "ccg_commissioner")
    assert "2 of 2 returned" in shown(world)
    assert "Prices under tender" in shown(world)


def test_a_restricted_contract_not_returned_is_not_named_either(world):
    _, row = secret(world)
    MonthlyReturn.objects.filter(pk=row.pk).delete()
    assert "Prices under tender" in shown(world, path=REVIEW + "close/")
    for path in (REVIEW, REVIEW + "agenda/", REVIEW + "minutes/", REVIEW + "close/"):
        assert "Prices under tender" not in shown(world, "ccg_commissioner", path)


def test_a_restricted_contract_is_not_reviewed_by_who_may_not_see_it(world, ccg):
    contract, row = secret(world)
    reviewed = accept_returns(unit=world.unit, month=OCTOBER, seen=seen(row), by=ccg)
    assert (reviewed.done, reviewed.changed) == ([], [])
    row.refresh_from_db()
    assert row.state == ReturnState.SUBMITTED
    text = words(world.browser("ccg_commissioner").post(REVIEW, {"row": key(row), "do": "accept"}, follow=True))
    assert "Prices under tender" not in text
    browser = world.browser("ccg_commissioner")
    assert browser.get(f"{REVIEW}action/{contract.pk}/").status_code == 404
    action = ReviewAction.objects.get()
    assert browser.post(f"{REVIEW}action/{action.pk}/done/").status_code == 404


def test_a_partners_commissioner_who_is_named_reviews_it(world, ccg):
    _, row = secret(world, named=[world.council, world.ccg])
    assert [done.pk for done in accept_returns(unit=world.unit, month=OCTOBER, seen=seen(row), by=ccg).done] == [row.pk]


def test_a_return_of_another_unit_or_month_is_left_alone(world, commissioner):
    elsewhere = make_return(make_contract(world.outsider_unit))
    earlier = make_return(world.contract(), SEPTEMBER)
    reviewed = accept_returns(unit=world.unit, month=OCTOBER, seen=seen(elsewhere, earlier), by=commissioner)
    assert (reviewed.done, reviewed.changed) == ([], [])
    assert set(MonthlyReturn.objects.values_list("state", flat=True)) == {ReturnState.SUBMITTED}


# Many at once


def test_many_are_accepted_in_one_act(world, commissioner):
    rows = [calm(world, f"Contract {number}")[1] for number in range(3)]
    reviewed = accept_returns(unit=world.unit, month=OCTOBER, seen=seen(*rows[:2]), by=commissioner)
    assert [row.contract.title for row in reviewed.done] == ["Contract 0", "Contract 1"]
    states = MonthlyReturn.objects.filter(month=OCTOBER).order_by("contract__title")
    assert [(row.state, row.reviewed_by, row.version) for row in states] == [
        (ReturnState.ACCEPTED, commissioner, 2),
        (ReturnState.ACCEPTED, commissioner, 2),
        (ReturnState.SUBMITTED, None, 1),
    ]
    events = [row.events.order_by("-pgh_id").first() for row in rows[:2]]
    assert {event.pgh_context.metadata["act"] for event in events} == {"Return accepted"}
    assert len({event.pgh_context_id for event in events}) == 1


def test_many_are_sent_back_with_one_note(world, commissioner):
    rows = [calm(world, f"Contract {number}")[1] for number in range(2)]
    accept_return(row=rows[1], version=1, by=commissioner)
    rows[1].refresh_from_db()
    send_back_returns(unit=world.unit, month=OCTOBER, seen=seen(*rows), note=" Which posts? ", by=commissioner)
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.review_note) == (ReturnState.SENT_BACK, "Which posts?")
        context = row.events.order_by("-pgh_id").first().pgh_context.metadata
        assert (context["act"], context["reason"]) == ("Return sent back", "Which posts?")


@pytest.mark.parametrize(("note", "says"), [("  ", "Say what"), ("x" * 601, "600 characters")])
def test_sending_back_needs_a_note_that_fits(world, commissioner, note, says):
    _, row = calm(world, "One")
    with pytest.raises(ValidationError, match=says):
        send_back_returns(unit=world.unit, month=OCTOBER, seen=seen(row), note=note, by=commissioner)


def test_what_changed_meanwhile_is_named_and_left_alone(world, commissioner):
    _, same = calm(world, "Same")
    contract, changed = calm(world, "Changed", version=1)
    _, taken = calm(world, "Taken")
    as_opened = seen(same, changed, taken)
    submit_return(
        contract=contract,
        month=OCTOBER,
        figures=Figures("red", 2, narrative="It broke."),
        version=1,
        by=world.people["contract_officer"],
    )
    accept_return(row=taken, version=1, by=world.people["ccg_commissioner"])
    reviewed = accept_returns(unit=world.unit, month=OCTOBER, seen=as_opened, by=commissioner)
    assert [row.contract.title for row in reviewed.done] == ["Same"]
    assert [row.contract.title for row in reviewed.changed] == ["Changed", "Taken"]
    changed.refresh_from_db()
    assert (changed.state, changed.risk) == (ReturnState.SUBMITTED, "red")


def test_pressed_twice_is_no_change_by_somebody_else(world, commissioner):
    _, row = calm(world, "One")
    as_opened = seen(row)
    for _ in range(2):
        reviewed = accept_returns(unit=world.unit, month=OCTOBER, seen=as_opened, by=commissioner)
        assert (len(reviewed.done), reviewed.changed) == (1, [])
    row.refresh_from_db()
    assert row.version == 2


def test_as_many_queries_for_thirty_as_for_one(world, commissioner):
    rows = [calm(world, f"Contract {number}")[1] for number in range(31)]

    def queries(some):
        with CaptureQueriesContext(connection) as asked:
            accept_returns(unit=world.unit, month=OCTOBER, seen=seen(*some), by=commissioner)
        return len(asked)

    scope_of(commissioner)  # read once
    assert queries(rows[:1]) == queries(rows[1:])


# On the page


def test_ticked_returns_are_accepted_and_the_rest_stays(world):
    rows = [calm(world, f"Contract {number}")[1] for number in range(3)]
    answer = world.browser("commissioner").post(REVIEW, {"row": [key(rows[0]), key(rows[2])], "do": "accept"})
    assert (answer.status_code, answer.headers["Location"]) == (302, REVIEW)
    assert titles(page(world).accepted) == ["Contract 0", "Contract 2"]


@pytest.mark.parametrize("risk", ["green", "red"])
def test_who_submitted_a_return_themselves_is_told_so(world, commissioner, risk):
    calm(world, "Own", risk=risk, narrative="Said.", submitted_by=commissioner)
    assert "You submitted this yourself." in shown(world)
    assert "You submitted this yourself." not in shown(world, "ccg_commissioner")


def test_all_takes_what_the_page_showed_and_no_more(world):
    rows = [calm(world, f"Contract {number}")[1] for number in range(3)]
    posted = {"all": "1", "shown": [key(row) for row in rows[:2]], "do": "accept"}
    world.browser("commissioner").post(REVIEW, posted)
    assert titles(page(world).accepted) == ["Contract 0", "Contract 1"]


def test_what_is_shown_is_not_ticked(world):
    _, row = calm(world, "One")
    answer = world.browser("commissioner").post(REVIEW, {"shown": [key(row)], "do": "accept"}, follow=True)
    assert "Tick the returns that you want to accept or send back." in words(answer)
    assert titles(page(world).to_review) == ["One"]


def test_one_return_reviewed_alone_opens_the_page_at_the_next(world):
    _, row = calm(world, "A")
    second, _ = calm(world, "B")
    [listed, _] = page(world).to_review
    assert listed.key == f"{row.pk}:1:{second.pk}"
    answer = world.browser("commissioner").post(REVIEW, {"one": "1", "row": listed.key, "do": "accept"})
    assert answer.headers["Location"] == f"{REVIEW}#c{second.pk}"


def test_a_contract_of_concern_stays_where_it_is(world):
    contract, _ = calm(world, "A", risk="red")
    [listed] = page(world).concern
    answer = world.browser("commissioner").post(
        REVIEW, {"one": "1", "row": listed.key, "do": "send_back", "note": "Which posts?"}
    )
    assert answer.headers["Location"] == f"{REVIEW}#c{contract.pk}"
    assert MonthlyReturn.objects.get(contract=contract, month=OCTOBER).review_note == "Which posts?"


def test_sending_back_without_a_note_keeps_the_ticks(world):
    _, row = calm(world, "One")
    answer = review(world, row=key(row), do="send_back", note="")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Say what the officers should look at again." in text
    assert re.search(rf'value="{row.pk}:1:0" form="review" checked', text)


def test_the_page_names_what_changed_meanwhile(world, commissioner):
    _, row = calm(world, "Taken")
    as_opened = key(row)
    accept_return(row=row, version=1, by=world.people["ccg_commissioner"])
    answer = world.browser("commissioner").post(REVIEW, {"row": as_opened, "do": "accept"}, follow=True)
    assert "Changed since you opened the page, so left as they are. Look again: Taken." in words(answer)


@pytest.mark.parametrize("nonsense", ["", "x", "1", "1:2", "1:x:2", "1:2:3:4", "99999999999:1:1", "²:1:1"])
def test_nonsense_ticks_are_no_ticks(world, nonsense):
    assert review(world, row=nonsense, do="accept").status_code == 302


# Where it opens


def test_the_month_leads_to_the_one_unit(world):
    answer = world.browser("commissioner").get("/returns/2014-10/review/")
    assert answer.headers["Location"] == REVIEW


def test_a_reviewer_of_two_units_chooses(world):
    join_unit(unit=world.outsider_unit, organisation=world.council, level="full", joined_on=LONG_AGO, by=None)
    text = shown(world, path="/returns/2014-10/review/")
    assert "Children’s commissioning" in text
    assert "Borderland commissioning" in text


@pytest.mark.parametrize("part", ["", "mercia-children/", "mercia-children/agenda/", "mercia-children/minutes/"])
def test_a_month_that_is_not_over_has_no_review(world, part):
    assert world.browser("commissioner").get(f"/returns/2014-11/review/{part}").status_code == 404


def test_the_list_of_everyones_returns_leads_here(world):
    calm(world, "One")
    assert (
        'href="/returns/2014-10/review/">Review October</a>'
        in review(world, path="/returns/2014-10/?show=everyone").content.decode()
    )
    own = review(world, "contract_officer", path="/returns/2014-10/").content.decode()
    assert "/review/" not in own


# The meeting


def record(world, by, version=0, **details):
    said = {"held_on": TODAY, "present": "A. Person", "notes": "Two of concern."} | details
    return record_meeting(unit=world.unit, month=OCTOBER, version=version, by=by, **said)


def test_the_meeting_is_recorded_and_changed(world, commissioner):
    assert record(world, commissioner).version == 1
    changed = record(world, commissioner, version=1, notes="Three.")
    assert (changed.version, changed.notes) == (2, "Three.")
    assert MonthReview.objects.count() == 1


def test_two_people_record_it_and_the_second_is_told(world, commissioner, ccg):
    record(world, commissioner)
    with pytest.raises(Conflict) as conflict:
        record(world, ccg, notes="Mine.")
    assert conflict.value.current.notes == "Two of concern."
    assert record(world, ccg).version == 1  # the same words are no conflict


def test_the_page_shows_both_records(world, commissioner):
    record(world, commissioner)
    answer = review(
        world, path=REVIEW + "meeting/", version="0", held_on="4 November 2014", present="B. Other", notes="Mine."
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Two of concern." in text
    assert "Mine." in text
    assert '<input type="hidden" name="version" value="1"' in text


def test_a_meeting_before_the_month_is_refused(world, commissioner):
    with pytest.raises(ValidationError, match="after that month has begun"):
        record(world, commissioner, held_on=datetime.date(2014, 9, 30))


# Closing


def close(world, by, *, stands=None, is_confirmed=True, month=OCTOBER, note=""):
    stands = stands or what_stands(by, UnitMonth(world.unit, month))
    return close_month(unit=world.unit, month=month, stands=stands, is_confirmed=is_confirmed, note=note, by=by)


def test_closing_says_what_stands_and_asks(world):
    calm(world, "A", state=ReturnState.ACCEPTED)
    calm(world, "B")
    calm(world, "C", state=ReturnState.DRAFT)
    world.contract(title="D", officer=None)
    text = shown(world, path=REVIEW + "close/")
    assert "Returned2 of 4" in text.replace("Returned 2", "Returned2")
    for name in ("Accepted", "Returned, not accepted", "Drafts left", "No officer"):
        assert name in text
    assert "only amended, with a reason" in text
    assert review(world, path=REVIEW + "close/", stands="3.3").status_code == 200
    assert MonthReview.objects.count() == 0


def test_a_month_is_closed_through_its_page(world, commissioner):
    calm(world, "A")
    stands = what_stands(commissioner, UnitMonth(world.unit, OCTOBER))
    answer = review(world, path=REVIEW + "close/", stands=stands, is_confirmed="on", note="One was late.")
    assert answer.status_code == 302
    closed = MonthReview.objects.get()
    assert (closed.closed_by, closed.closing_note, closed.is_closed) == (commissioner, "One was late.", True)
    text = shown(world)
    assert "Closed on 4 November 2014 by Council Commissioner. " in text
    assert "One was late." in text
    assert 'name="row"' not in review(world).content.decode()


def test_a_partners_commissioner_may_close(world, ccg):
    assert close(world, ccg).closed_by == ccg


def test_closing_keeps_the_record_of_the_meeting(world, commissioner):
    record(world, commissioner)
    assert close(world, commissioner).notes == "Two of concern."
    assert record(world, commissioner, version=2, notes="Written up.").is_closed


def test_closing_twice_is_said(world, commissioner, ccg):
    close(world, commissioner)
    with pytest.raises(ValidationError, match=r"October 2014 was closed on 4 November 2014\."):
        close(world, ccg)
    assert "October 2014 was closed on 4 November 2014." in shown(world, path=REVIEW + "close/")


def test_closing_a_month_that_is_not_over_is_said(world, commissioner):
    with pytest.raises(ValidationError, match=r"November 2014 is not over: it can be closed from 1 December 2014\."):
        close(world, commissioner, month=NOVEMBER)
    answer = review(world, path="/returns/2014-11/review/mercia-children/close/")
    assert "November 2014 is not over: it can be closed from 1 December 2014." in words(answer)


def test_closing_needs_a_tick(world, commissioner):
    with pytest.raises(ValidationError, match="Tick to say"):
        close(world, commissioner, is_confirmed=False)


def test_nobody_closes_a_month_they_have_not_seen(world, commissioner):
    _, row = calm(world, "A")
    as_opened = what_stands(commissioner, UnitMonth(world.unit, OCTOBER))
    accept_return(row=row, version=1, by=world.people["ccg_commissioner"])
    with pytest.raises(ValidationError, match="since you opened this page"):
        close(world, commissioner, stands=as_opened)
    answer = review(world, path=REVIEW + "close/", stands=as_opened, is_confirmed="on")
    assert "since you opened this page" in words(answer)
    now = what_stands(commissioner, UnitMonth(world.unit, OCTOBER))
    assert now != as_opened
    assert f'value="{now}"' in answer.content.decode()


def test_a_closed_month_is_not_reviewed(world, commissioner):
    _, row = calm(world, "A")
    close(world, commissioner)
    with pytest.raises(ValidationError, match="October 2014 was closed"):
        accept_returns(unit=world.unit, month=OCTOBER, seen=seen(row), by=commissioner)
    assert "October 2014 was closed" in words(review(world, row=key(row), do="accept"))


# What providers must improve


def ask(world, contract, by, **details):
    said = {"text": "Fill two posts", "owner": "K. Obi", "due_on": datetime.date(2014, 12, 1), "provider": None}
    return note_action(contract=contract, month=OCTOBER, by=by, **(said | details))


def test_an_action_is_noted_shown_and_ticked(world, commissioner):
    contract, _ = calm(world, "A", risk="red")
    answer = review(
        world,
        path=f"{REVIEW}action/{contract.pk}/",
        text="Fill two posts",
        owner="K. Obi",
        due_on="1 December 2014",
        provider=str(world.provider.pk),
    )
    assert answer.headers["Location"] == f"{REVIEW}#c{contract.pk}"
    for path in (REVIEW, REVIEW + "agenda/", REVIEW + "minutes/"):
        assert "Willow Homes Ltd. K. Obi, due by 1 December 2014." in shown(world, path=path)
    action = ReviewAction.objects.get()
    assert review(world, path=f"{REVIEW}action/{action.pk}/done/", x="1").status_code == 302
    action.refresh_from_db()
    assert action.done_by == commissioner
    assert "Improvement actions still open (0)" in shown(world, path=REVIEW + "agenda/")


def test_an_action_done_twice_stays_with_the_first(world, commissioner, ccg):
    action = ask(world, world.contract(), commissioner)
    finish_action(action=action, by=commissioner)
    assert finish_action(action=action, by=ccg).done_by == commissioner


@pytest.mark.parametrize("details", [{"due_on": datetime.date(2014, 11, 3)}, {"provider": "other"}])
def test_an_action_that_cannot_be_is_refused(world, commissioner, details):
    details = {name: world.other_provider if value == "other" else value for name, value in details.items()}
    with pytest.raises(ValidationError):
        ask(world, world.contract(), commissioner, **details)
    assert ReviewAction.objects.count() == 0


def test_an_open_action_is_carried_to_the_next_review_and_not_to_an_earlier_one(world, commissioner):
    contract = world.contract()
    note_action(
        contract=contract,
        month=SEPTEMBER,
        text="From September",
        owner="K. Obi",
        due_on=TODAY,
        provider=None,
        by=commissioner,
    )
    assert "From September" in shown(world)
    assert "From September" not in shown(world, path="/returns/2014-08/review/mercia-children/")


# Papers


def test_the_agenda(world):
    calm(world, "Red one", risk="red", narrative="Two night posts are empty.")
    make_contract(
        world.unit, title="Ends soon", initial_end=datetime.date(2015, 2, 28), officer=world.people["contract_officer"]
    )
    make_contract(world.unit, title="Ends later", initial_end=datetime.date(2015, 5, 1))
    text = shown(world, path=REVIEW + "agenda/")
    assert "1 of 3 returned, 0 accepted." in text
    assert "Two night posts are empty." in text
    assert "Council Contract officer (1): Ends soon." in text
    assert "No officer (1): Ends later." in text
    assert "5. Ending by 30 April 2015 (1)" in text
    assert "Ends soon28 Feb 2015" in text


def test_the_minutes_keep_what_was_sent_back_though_it_came_in_again(world, commissioner):
    contract, row = calm(world, "Again")
    send_back_returns(unit=world.unit, month=OCTOBER, seen=seen(row), note="Which posts?", by=commissioner)
    submit_return(
        contract=contract,
        month=OCTOBER,
        figures=Figures("green", 6, narrative="Night posts."),
        version=2,
        by=world.people["contract_officer"],
    )
    record(world, commissioner)
    row.refresh_from_db()
    accept_return(row=row, version=3, by=commissioner)
    close(world, commissioner, note="All in.")
    text = shown(world, path=REVIEW + "minutes/")
    assert "5. Returns sent back (1)" in text
    assert "Which posts?" in text
    assert "Held on4 November 2014" in text.replace("Held on 4", "Held on4")
    assert "October 2014 was closed on 4 November 2014 by Council Commissioner. All in." in text
    assert "1 of 1 returned, 1 accepted; 0 not accepted, 0 not returned." in text


@pytest.mark.parametrize("paper", ["agenda/", "minutes/", "close/"])
def test_papers_ask_as_many_queries_for_thirty_as_for_one(world, paper):
    calm(world, "First")
    browser = world.browser("commissioner")
    browser.get(REVIEW + paper)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            browser.get(REVIEW + paper)
        return len(asked)

    few = queries()
    for number in range(29):
        calm(world, f"Contract {number}", risk=("red", "green")[number % 2])
    assert queries() == few


# What stands beside the grade

SENTENCE = "6 Good asks of the KPIs: “Majority are on target with plans in place for all others to improve”."


def test_a_contradiction_is_shown_with_the_sentence_and_the_reason(world):
    contract, _ = calm(world, "Respite", kpi_reason="A new manager has begun.")
    make_reading(make_kpi(contract), 80)
    fits, _ = calm(world, "Fits")
    make_reading(make_kpi(fits), 96)
    text = shown(world)
    assert titles(page(world).concern) == ["Respite"]
    assert f"Contradicts its KPIs. {SENTENCE} Here 0 of 1 met, 1 short: not improving, without a plan." in text
    assert "The KPIs fit 1." in text
    assert "The officer’s reason: A new manager has begun." in text
    assert "1 of 1 met, 1 better than target" in text
    assert text.count(SENTENCE) == 1


def test_a_contradiction_that_came_later_has_no_reason(world):
    contract, _ = calm(world, "Respite")
    make_reading(make_kpi(contract), 80)
    assert "No reason was given for it." in shown(world)


def test_only_a_return_that_counts_can_contradict(world):
    contract, _ = calm(world, "Respite", state=ReturnState.DRAFT, kpi_reason="Half typed.")
    make_reading(make_kpi(contract), 80)
    assert page(world).concern == []
    assert "Half typed" not in shown(world)


def test_who_disagrees_is_named_with_what_they_said(world):
    contract, _ = calm(world, "Respite")
    make_view(contract, "service_manager", 5, stated_by="M. Anager", comment="Waits are <long>.")
    make_view(contract, "supplier", 6)
    make_reading(make_kpi(contract), 80)
    check(review(world).content.decode())
    text = shown(world)
    assert "Service manager would give 5. Waits are <long>." in text
    assert "M. Anager, 4 November 2014" in text
    assert "Supplier would give" not in text
    assert [row.reasons for row in page(world).concern] == [("Contradicts its KPIs",)], "one apart is of no concern"
    still_to_come = world.contract(title="Still to come")
    make_return(still_to_come, SEPTEMBER)
    make_view(still_to_come, "supplier", 1)
    assert titles(page(world).concern) == ["Respite"]


def test_two_apart_is_of_concern(world):
    contract, _ = calm(world, "Respite")
    make_view(contract, "supplier", 8)
    assert [row.reasons for row in page(world).concern] == [("Graded 6, but the supplier 8",)]


@pytest.mark.parametrize("paper", ["agenda/", "minutes/"])
def test_the_papers_carry_what_stands_beside_the_grade(world, paper):
    contract, _ = calm(world, "Respite", kpi_reason="A new manager has begun.")
    make_reading(make_kpi(contract), 80)
    make_view(contract, "supplier", 8, comment="We are proud of it.")
    text = shown(world, path=f"{REVIEW}{paper}")
    for said in (SENTENCE, "A new manager has begun.", "Supplier would give 8. We are proud of it."):
        assert said in text


def test_the_minutes_name_a_contradiction_that_the_unit_does_not_make_a_concern(world, commissioner):
    change_rules(unit=world.unit, rules=ConcernRules(contradicts_kpis=False), version=0, by=commissioner)
    contract, _ = calm(world, "Respite", state=ReturnState.ACCEPTED, kpi_reason="A new manager has begun.")
    make_reading(make_kpi(contract), 80)
    assert page(world).concern == []
    assert "Contradicts its KPIs. A new manager has begun." in shown(world, path=f"{REVIEW}minutes/")


def test_what_stands_beside_a_restricted_grade_is_not_for_who_is_not_named(world):
    contract, _ = secret(world)
    MonthlyReturn.objects.filter(contract=contract).update(jet_score=6, kpi_reason="Secret reason")
    make_reading(make_kpi(contract), 80)
    make_view(contract, comment="Secret comment")
    assert SENTENCE in shown(world)
    theirs = shown(world, "ccg_commissioner")
    for said in (SENTENCE, "Secret reason", "Secret comment"):
        assert said not in theirs


def test_a_month_closed_before_there_were_such_rules_keeps_its_own(world, commissioner):
    contract, _ = calm(world, "Respite")
    make_reading(make_kpi(contract), 80)
    make_view(contract)
    of = UnitMonth(world.unit, OCTOBER)
    review = close_month(
        unit=world.unit,
        month=OCTOBER,
        stands=what_stands(commissioner, of),
        is_confirmed=True,
        note="",
        by=commissioner,
    )
    assert titles(page(world).concern) == ["Respite"]
    for name in ("contradicts_kpis", "disagreement_at_least"):
        del review.rules_then[name]
    review.save()
    assert page(world).concern == []


# The rules


def test_a_unit_sets_its_own_rules(world, commissioner):
    make_return(world.contract(title="Four"), jet=4)
    assert page(world).concern == []
    change_rules(unit=world.unit, rules=ConcernRules(jet_at_most=4), version=0, by=commissioner)
    assert titles(page(world).concern) == ["Four"]
    event = ReviewRules.objects.get().events.get()
    assert event.pgh_context.metadata["act"] == "Rules of concern changed"


def test_rules_through_their_page(world):
    path = "/returns/rules/mercia-children/"
    assert "these are the defaults" in shown(world, path=path)
    posted = {
        "red": "on",
        "jet_at_most": "4",
        "jet_fall_at_least": "",
        "months_without_return": "1",
        "amber_months": "3",
        "disagreement_at_least": "4",
        "steps_overdue": "2",
    }
    assert review(world, path=path, version="0", **posted).status_code == 302
    stored = ReviewRules.objects.get()
    assert (stored.jet_at_most, stored.jet_fall_at_least, stored.months_without_return) == (4, None, 1)
    assert (stored.contradicts_kpis, stored.disagreement_at_least, stored.steps_overdue) == (False, 4, 2)
    assert "these are the defaults" not in shown(world, path=path)
    stale = review(world, path=path, version="0", **posted)
    assert stale.status_code == 409
    assert "Somebody changed these rules after you opened them." in words(stale)


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({"jet_at_most": "10"}, "use a whole number from 1 to 9, or leave it empty"),
        ({"amber_months": "1", "red": "on"}, "use a whole number from 2 to 12, or leave it empty"),
        ({"disagreement_at_least": "9", "red": "on"}, "use a whole number from 1 to 8, or leave it empty"),
        ({}, "Keep at least one rule"),
    ],
)
def test_rules_that_cannot_be_are_refused(world, posted, says):
    answer = review(world, path="/returns/rules/mercia-children/", version="0", **posted)
    assert answer.status_code == 200
    assert says in words(answer)
    assert ReviewRules.objects.count() == 0


def test_a_change_of_the_rules_does_not_rewrite_the_minutes_of_a_closed_month(world):
    """What was of concern when the month was closed stays of concern."""
    contract = world.contract(title="Respite")
    make_return(contract, jet=4)
    make_return(contract, SEPTEMBER, jet=4)
    by = world.people["commissioner"]
    of = UnitMonth(world.unit, OCTOBER)
    close_month(unit=world.unit, month=OCTOBER, stands=what_stands(by, of), is_confirmed=True, note="", by=by)
    change_rules(unit=world.unit, rules=ConcernRules(jet_at_most=6), version=0, by=by)
    assert month_review_page(by, of).concern == []
    still_open = month_review_page(by, UnitMonth(world.unit, SEPTEMBER))
    assert [row.contract for row in still_open.concern] == [contract]


def test_a_meeting_that_is_still_to_come_is_not_recorded_as_held(world):
    with pytest.raises(ValidationError) as refused:
        record_meeting(
            unit=world.unit,
            month=OCTOBER,
            held_on=TODAY + datetime.timedelta(days=1),
            present="",
            notes="",
            version=0,
            by=world.people["commissioner"],
        )
    assert refused.value.message_dict == {
        "held_on": ["That day is still to come. Record the meeting once it has been held."]
    }


@pytest.mark.parametrize(("day", "said"), [(TODAY, True), (datetime.date(2014, 11, 10), False)])
def test_closing_before_the_due_day_says_who_would_still_have_time(world, settings, day, said):
    calm(world, "Returned")
    world.contract(title="Missing")
    settings.DEMO_TODAY = day
    text = world.browser("commissioner").get(REVIEW + "close/").content.decode()
    assert ("Due by Friday 7 November, 3 working days left." in text) is said
