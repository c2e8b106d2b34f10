"""A closed month: amended with a reason by whoever returns the contract, and not changed in any other way."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts import clock
from commissioning.services.conflict import Conflict
from contracts.choices import ReturnState
from contracts.models import MonthlyReturn, MonthReview
from contracts.services.month_lock import hold_closed, hold_open
from contracts.services.return_review import accept_return, send_back_return
from contracts.services.returns import Figures, save_draft, submit_return
from tests.world import OCTOBER, make_return

GREEN_SIX = Figures(risk="green", jet_score=6)
AMBER_FIVE = Figures(risk="amber", jet_score=5, narrative="The manager left.")
CLOSED = "October 2014 was closed on 4 November 2014."


def close(world, month=OCTOBER, unit=None):
    return MonthReview.objects.create(
        unit=unit or world.unit, month=month, closed_at=clock.now(), closed_by=world.people["commissioner"]
    )


@pytest.fixture
def contract(world):
    return world.contract()


def submit(contract, who, figures=AMBER_FIVE, version=0, **more):
    return submit_return(contract=contract, month=OCTOBER, figures=figures, version=version, by=who, **more)


def messages_of(error):
    return error.value.message_dict if hasattr(error.value, "error_dict") else error.value.messages


def test_an_amendment_needs_a_reason(world, contract):
    close(world)
    for reason in ("", "  \n"):
        with pytest.raises(ValidationError) as refused:
            submit(contract, world.people["contract_officer"], reason=reason)
        assert messages_of(refused) == {"reason": [f"{CLOSED} Say why the return is amended."]}
    assert not MonthlyReturn.objects.exists()
    with pytest.raises(ValidationError) as refused:
        submit(contract, world.people["contract_officer"], reason="x" * 601)
    assert messages_of(refused) == {"reason": ["Use 600 characters or fewer."]}


@pytest.mark.parametrize("before", [None, ReturnState.SUBMITTED, ReturnState.ACCEPTED, ReturnState.SENT_BACK])
def test_whatever_stood_is_amended_and_counts(world, contract, before):
    row = make_return(contract, state=before, review_note="Look again") if before else None
    close(world)
    officer = world.people["contract_officer"]
    amended = submit(contract, officer, version=row.version if row else 0, reason=" The provider corrected it. ")
    amended.refresh_from_db()
    assert (amended.state, amended.amendment_reason) == (ReturnState.AMENDED, "The provider corrected it.")
    assert (amended.risk, amended.jet_score, amended.submitted_by) == ("amber", 5, officer)
    assert amended.counts
    assert amended.reviewed_by is None


def test_an_amendment_is_amended_again_but_never_reviewed_or_drafted(world, contract):
    close(world)
    officer, commissioner = world.people["contract_officer"], world.people["commissioner"]
    row = submit(contract, officer, reason="First")
    row = submit(contract, officer, GREEN_SIX, version=row.version, reason="Second")
    assert (row.risk, row.amendment_reason, row.version) == ("green", "Second", 2)
    for review in (
        lambda: accept_return(row=row, version=2, by=commissioner),
        lambda: send_back_return(row=row, version=2, note="Again", by=commissioner),
        lambda: save_draft(contract=contract, month=OCTOBER, figures=AMBER_FIVE, version=2, by=officer),
    ):
        with pytest.raises(ValidationError):
            review()
    row.refresh_from_db()
    assert (row.state, row.risk) == (ReturnState.AMENDED, "green")


def test_a_return_waiting_for_review_stands_as_it_is_once_the_month_is_closed(world, contract):
    row = make_return(contract)
    close(world)
    commissioner = world.people["commissioner"]
    for review, more in ((accept_return, {}), (send_back_return, {"note": "Look"})):
        with pytest.raises(ValidationError) as refused:
            review(row=row, version=1, by=commissioner, **more)
        assert messages_of(refused) == [f"{CLOSED} What it says now stands; it can be amended with a reason."]


def test_a_draft_of_a_month_never_returned_may_be_kept_but_does_not_count(world, contract):
    close(world)
    row = save_draft(
        contract=contract, month=OCTOBER, figures=AMBER_FIVE, version=0, by=world.people["contract_officer"]
    )
    assert (row.state, row.counts) == (ReturnState.DRAFT, False)


def test_another_month_and_another_unit_stay_open(world, contract):
    close(world, month=datetime.date(2014, 9, 1))
    close(world, unit=world.outsider_unit)
    row = submit(contract, world.people["contract_officer"])
    assert row.state == ReturnState.SUBMITTED


def test_a_reason_given_while_the_month_is_open_makes_no_amendment(world, contract):
    row = submit(contract, world.people["contract_officer"], reason="No need")
    assert (row.state, row.amendment_reason) == (ReturnState.SUBMITTED, "")


def test_an_amendment_that_changes_nothing_is_no_amendment(world, contract):
    row = make_return(contract)
    close(world)
    with pytest.raises(ValidationError) as refused:
        submit(contract, world.people["contract_officer"], GREEN_SIX, version=row.version, reason="Figure was wrong")
    assert messages_of(refused) == ["This is what the return says already. Change it, or leave it as it is."]


def test_an_amendment_meets_a_newer_one(world, contract):
    close(world)
    submit(contract, world.people["contract_officer"], reason="Mine")
    with pytest.raises(Conflict):
        submit(contract, world.people["commissioner"], GREEN_SIX, reason="Ours")


def test_the_history_says_amended_and_why(world, contract):
    close(world)
    row = submit(contract, world.people["contract_officer"], reason="The provider corrected it.")
    event = row.events.order_by("-pgh_id").first()
    assert event.pgh_context.metadata["act"] == "Return amended"
    assert event.pgh_context.metadata["reason"] == "The provider corrected it."


@pytest.mark.django_db(transaction=True)
def test_a_month_is_not_closed_while_somebody_is_writing_into_it(world):
    """The closer waits for the writer, and the writer's lock keeps no other writer waiting."""
    order, inside, may_end = [], threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            hold_open([world.unit.pk], OCTOBER)
            inside.set()
            may_end.wait(timeout=30)
            order.append("writer")
        connection.close()

    def write_too():
        with transaction.atomic():
            hold_open([world.unit.pk], OCTOBER)
            order.append("other writer")
        connection.close()

    def close_it():
        with transaction.atomic():
            hold_closed(world.unit.pk, OCTOBER)
            order.append("closer")
        connection.close()

    writer, other, closer = (threading.Thread(target=each) for each in (write, write_too, close_it))
    writer.start()
    assert inside.wait(timeout=30)
    other.start()
    other.join(timeout=30)
    closer.start()
    closer.join(timeout=0.5)
    assert closer.is_alive()
    may_end.set()
    writer.join(timeout=30)
    closer.join(timeout=30)
    assert order == ["other writer", "writer", "closer"]


# On the pages


def page_of(browser, contract, query=""):
    return browser.get(f"/returns/2014-10/{contract.slug}/{query}").content.decode()


def test_the_page_says_that_the_month_is_closed_and_asks_for_the_reason(world, contract):
    close(world)
    officer = world.browser("contract_officer")
    assert f"<b>{CLOSED}</b> It stands as not returned." in page_of(officer, contract)
    sent = {"risk": "green", "jet": "6", "narrative": "", "version": "0", "do": "submit"}
    answer = officer.post(f"/returns/2014-10/{contract.slug}/", sent)
    assert f"{CLOSED} Say why the return is amended." in answer.content.decode()
    answer = officer.post(f"/returns/2014-10/{contract.slug}/", sent | {"reason": "Sent late."}, follow=True)
    assert "October 2014 return amended" in answer.content.decode()
    assert MonthlyReturn.objects.get().amendment_reason == "Sent late."


def test_an_accepted_return_is_offered_for_amendment_once_the_month_is_closed(world, contract):
    make_return(contract, state=ReturnState.ACCEPTED, reviewed_by=world.people["commissioner"], reviewed_at=clock.now())
    officer = world.browser("contract_officer")
    assert "change=1" not in page_of(officer, contract)
    close(world)
    text = page_of(officer, contract)
    assert "Amend this return" in text
    assert CLOSED in text
    text = page_of(officer, contract, "?change=1")
    assert 'name="reason"' in text
    assert "Save draft" not in text


def test_nothing_is_reviewed_on_the_page_of_a_closed_month(world, contract):
    make_return(contract)
    close(world)
    text = page_of(world.browser("commissioner"), contract)
    assert 'value="accept"' not in text
    assert 'value="send_back"' not in text


def test_the_list_of_a_closed_month_asks_for_nothing_more(world, contract):
    make_return(world.contract(title="Returned"))
    close(world)
    text = " ".join(world.browser("contract_officer").get("/returns/2014-10/").content.decode().split())
    assert "Not returned: 1" in text
    assert "Due by" not in text
    assert "on one page" not in text
    assert "A return is now amended, with a reason" in text
    assert text.count(">Amend<") == 2
