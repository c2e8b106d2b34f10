"""Saving, submitting and reviewing a return: the rules as tables, and two people at once on real connections."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from commissioning.services.conflict import Conflict
from contracts.choices import KpiStanding, ReturnState, Risk
from contracts.models import MonthlyReturn
from contracts.rules.evidence import Evidence, KpiEvidence
from contracts.services.return_review import accept_return, send_back_return
from contracts.services.returns import Figures, figures_of, save_draft, submit_return, what_is_missing
from tests.at_once import at_once
from tests.world import OCTOBER, make_return

SEPTEMBER = datetime.date(2014, 9, 1)
AUGUST = datetime.date(2014, 8, 1)
NOVEMBER = datetime.date(2014, 11, 1)
GREEN_6 = Figures(risk="green", jet_score=6)
RED_2 = Figures(risk="red", jet_score=2, narrative="Two night posts are empty.")


@pytest.fixture
def officer(world):
    return world.people["contract_officer"]


@pytest.fixture
def deputy(world):
    return world.people["service_manager"]


@pytest.fixture
def commissioner(world):
    return world.people["commissioner"]


def draft(contract, by, figures=GREEN_6, version=0, month=OCTOBER):
    return save_draft(contract=contract, month=month, figures=figures, version=version, by=by)


def submit(contract, by, figures=GREEN_6, version=0, month=OCTOBER):
    return submit_return(contract=contract, month=month, figures=figures, version=version, by=by)


def accept(row, by):
    return accept_return(row=row, version=1, by=by)


def send_back(row, by):
    return send_back_return(row=row, version=1, note="Again", by=by)


# Drafts


@pytest.mark.parametrize(
    "figures",
    [
        Figures(),
        Figures(risk="red"),
        Figures(jet_score=3),
        Figures(narrative="Half a"),
        Figures(not_assessed_reason="No delivery yet."),
        RED_2,
    ],
)
def test_a_draft_keeps_what_there_is(world, officer, figures):
    draft(world.contract(), officer, figures)
    row = MonthlyReturn.objects.get()
    assert (figures_of(row), row.state, row.version, row.saved_by, row.submitted_at) == (
        figures,
        ReturnState.DRAFT,
        1,
        officer,
        None,
    )


def test_a_score_leaves_no_reason_for_having_none(world, officer):
    row = draft(world.contract(), officer, Figures(jet_score=4, not_assessed_reason="Nothing yet", narrative=" a "))
    assert figures_of(row) == Figures(jet_score=4, narrative="a")


def test_a_draft_does_not_count(world, officer):
    draft(world.contract(), officer, RED_2)
    assert list(MonthlyReturn.objects.that_count()) == []


@pytest.mark.parametrize("state", [ReturnState.SUBMITTED, ReturnState.ACCEPTED])
def test_a_return_that_counts_cannot_become_a_draft(world, officer, state):
    contract = world.contract()
    make_return(contract, state=state)
    with pytest.raises(ValidationError, match="has been submitted"):
        draft(contract, officer, RED_2, version=1)
    assert MonthlyReturn.objects.get().risk == Risk.GREEN


@pytest.mark.parametrize("write", [draft, submit])
@pytest.mark.parametrize(
    ("month", "words"),
    [
        (NOVEMBER, "November 2014 is not over: its return can be made from 1 December 2014."),
        (datetime.date(2013, 3, 1), "No return is expected of this contract for March 2013."),
        (datetime.date(2016, 4, 1), "April 2016 is not over"),
    ],
)
def test_a_month_that_expects_nothing_is_refused(world, officer, write, month, words):
    with pytest.raises(ValidationError, match=words):
        write(world.contract(), officer, month=month)
    assert not MonthlyReturn.objects.exists()


@pytest.mark.parametrize(
    ("write", "figures", "words"),
    [
        (draft, Figures(narrative="x" * 601), "600 characters"),
        (submit, Figures(risk="red", jet_score=1, narrative="x" * 601), "600 characters"),
        (draft, Figures(not_assessed_reason="x" * 301), "300 characters"),
        (submit, Figures(risk="green", not_assessed_reason="x" * 301), "300 characters"),
    ],
)
def test_a_text_longer_than_the_page_allows_is_refused(world, officer, write, figures, words):
    with pytest.raises(ValidationError, match=words):
        write(world.contract(), officer, figures)
    assert not MonthlyReturn.objects.exists()


# Submitting


@pytest.mark.parametrize(
    ("figures", "faults"),
    [
        (Figures(), {"risk", "jet"}),
        (Figures(risk="red"), {"jet", "narrative"}),
        (Figures(jet_score=5), {"risk", "narrative"}),
        (Figures(jet_score=6), {"risk"}),
        (Figures(risk="blue", jet_score=6), {"risk"}),
        (Figures(risk="green", not_assessed_reason="   "), {"jet"}),
        (Figures(risk="amber", jet_score=5), {"narrative"}),
        (Figures(risk="red", jet_score=5, narrative="  "), {"narrative"}),
        (Figures(risk="green", jet_score=7), {"narrative"}),
    ],
)
def test_what_a_return_lacks_is_said_beside_its_field(world, officer, figures, faults):
    contract = world.contract()
    make_return(contract, SEPTEMBER, risk="green", jet=6)
    with pytest.raises(ValidationError) as refused:
        submit(contract, officer, figures)
    assert set(refused.value.message_dict) == faults
    assert MonthlyReturn.objects.filter(month=OCTOBER).count() == 0


@pytest.mark.parametrize(
    ("figures", "stored_jet"),
    [(GREEN_6, 6), (Figures(risk="green", not_assessed_reason="No delivery."), None), (RED_2, 2)],
)
def test_a_whole_return_counts_at_once(world, officer, figures, stored_jet):
    row = submit(world.contract(), officer, figures)
    row.refresh_from_db()
    assert (row.state, row.jet_score, row.submitted_by, row.submitted_at, row.version) == (
        ReturnState.SUBMITTED,
        stored_jet,
        officer,
        row.saved_at,
        1,
    )
    assert list(MonthlyReturn.objects.that_count()) == [row]


def test_green_for_the_third_month_needs_a_sentence(world, officer):
    contract = world.contract()
    make_return(contract, SEPTEMBER)
    make_return(contract, AUGUST)
    with pytest.raises(ValidationError, match="third month in a row"):
        submit(contract, officer)


def test_last_months_draft_is_no_view_to_have_changed_from(world, officer):
    contract = world.contract()
    make_return(contract, SEPTEMBER, risk="red", jet=2, state=ReturnState.DRAFT)
    assert submit(contract, officer).state == ReturnState.SUBMITTED


def test_a_submitted_return_can_be_changed_until_it_is_accepted(world, officer, commissioner):
    contract = world.contract()
    first = submit(contract, officer)
    second = submit(contract, officer, RED_2, version=first.version)
    assert (second.risk, second.version) == (Risk.RED, 2)
    accepted = accept_return(row=second, version=2, by=commissioner)
    with pytest.raises(ValidationError, match="has been accepted"):
        submit(contract, officer, GREEN_6, version=accepted.version)
    assert MonthlyReturn.objects.get().risk == Risk.RED


# Review


def test_accepting_records_who_and_when(world, officer, commissioner):
    row = accept_return(row=submit(world.contract(), officer), version=1, by=commissioner)
    row.refresh_from_db()
    assert (row.state, row.reviewed_by, row.reviewed_at is not None, row.version) == (
        ReturnState.ACCEPTED,
        commissioner,
        True,
        2,
    )
    assert list(MonthlyReturn.objects.that_count()) == [row]


@pytest.mark.parametrize("state", [ReturnState.SUBMITTED, ReturnState.ACCEPTED])
def test_sending_back_takes_the_view_away(world, commissioner, state):
    row = send_back_return(
        row=make_return(world.contract(), state=state), version=1, note=" Say why. ", by=commissioner
    )
    row.refresh_from_db()
    assert (row.state, row.review_note, row.reviewed_by) == (ReturnState.SENT_BACK, "Say why.", commissioner)
    assert list(MonthlyReturn.objects.that_count()) == []


def test_sending_back_needs_a_note(world, commissioner):
    row = make_return(world.contract())
    with pytest.raises(ValidationError, match="look at again"):
        send_back_return(row=row, version=1, note="  ", by=commissioner)
    assert MonthlyReturn.objects.get().state == ReturnState.SUBMITTED


@pytest.mark.parametrize(
    ("state", "review"),
    [
        (ReturnState.DRAFT, accept),
        (ReturnState.DRAFT, send_back),
        (ReturnState.SENT_BACK, accept),
        (ReturnState.SENT_BACK, send_back),
        (ReturnState.ACCEPTED, accept),
    ],
)
def test_only_what_was_submitted_is_reviewed(world, commissioner, state, review):
    row = make_return(world.contract(), state=state, review_note="Say why.")
    with pytest.raises(ValidationError, match="Only a submitted return"):
        review(row, commissioner)
    assert MonthlyReturn.objects.get().state == state


def test_a_return_sent_back_keeps_its_note_while_it_is_a_draft_again(world, officer, commissioner):
    contract = world.contract()
    back = send_back_return(row=submit(contract, officer), version=1, note="Which posts?", by=commissioner)
    again = draft(contract, officer, Figures(narrative="Half"), version=back.version)
    assert (again.state, again.review_note, again.risk) == (ReturnState.DRAFT, "Which posts?", "")
    whole = submit(contract, officer, RED_2, version=again.version)
    assert (whole.state, whole.review_note, whole.reviewed_by) == (ReturnState.SUBMITTED, "", None)


# Two people


@pytest.mark.parametrize("write", [draft, submit])
@pytest.mark.parametrize("version", [0, 1, 3])
def test_an_older_page_overwrites_nothing(world, officer, deputy, write, version):
    contract = world.contract()
    draft(contract, officer, RED_2)
    draft(contract, officer, Figures(risk="amber", narrative="Newer"), version=1)
    with pytest.raises(Conflict) as conflict:
        write(contract, deputy, GREEN_6, version=version)
    assert conflict.value.current.narrative == "Newer"
    assert figures_of(MonthlyReturn.objects.get()) == Figures(risk="amber", narrative="Newer")


@pytest.mark.parametrize("write", [draft, submit])
def test_a_button_pressed_twice_is_no_conflict(world, officer, write):
    contract = world.contract()
    write(contract, officer, RED_2)
    assert write(contract, officer, RED_2, version=0).version == 1
    assert MonthlyReturn.objects.get().version == 1


def test_the_same_words_of_another_person_are_a_conflict(world, officer, deputy):
    contract = world.contract()
    submit(contract, officer, RED_2)
    with pytest.raises(Conflict):
        submit(contract, deputy, RED_2)


def test_a_draft_saved_is_not_taken_for_a_return_submitted(world, officer):
    contract = world.contract()
    draft(contract, officer, RED_2)
    with pytest.raises(Conflict):
        submit(contract, officer, RED_2, version=0)


@pytest.mark.parametrize("review", [accept, send_back])
def test_a_reviewer_of_an_older_page_decides_nothing(world, officer, commissioner, review):
    contract = world.contract()
    row = submit(contract, officer)
    submit(contract, officer, RED_2, version=1)
    with pytest.raises(Conflict):
        review(row, commissioner)
    assert MonthlyReturn.objects.get().state == ReturnState.SUBMITTED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [draft, submit])
def test_of_two_first_saves_at_once_one_wins(world, officer, deputy, write):
    contract = world.contract()
    outcomes = at_once(
        lambda: write(contract, officer, RED_2),
        lambda: write(contract, deputy, Figures(risk="red", jet_score=3, narrative="Other words")),
    )
    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["Conflict", "MonthlyReturn"]
    [won] = [outcome for outcome in outcomes if isinstance(outcome, MonthlyReturn)]
    [lost] = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    stored = MonthlyReturn.objects.get()
    assert (stored.saved_by, stored.narrative) == (won.saved_by, won.narrative)
    assert lost.current.saved_by == won.saved_by


@pytest.mark.django_db(transaction=True)
def test_an_officer_and_a_reviewer_at_once_never_undo_each_other(world, officer, commissioner):
    for _ in range(5):
        contract = world.contract()
        row = submit(contract, officer)
        accepted, changed = at_once(
            lambda row=row: accept_return(row=row, version=1, by=commissioner),
            lambda contract=contract: submit(contract, officer, RED_2, version=1),
        )
        stored = MonthlyReturn.objects.get(contract=contract)
        assert sorted([isinstance(accepted, Conflict), isinstance(changed, Conflict)]) == [False, True]
        expected = (ReturnState.SUBMITTED, "red") if isinstance(accepted, Conflict) else (ReturnState.ACCEPTED, "green")
        assert (stored.state, stored.risk, stored.version) == (*expected, 2)


@pytest.mark.django_db(transaction=True)
def test_a_second_writer_waits_for_the_first_and_then_sees_their_version(world, officer, deputy):
    """The second writer starts while the first still holds the month, which a lucky interleaving would not show."""
    contract = world.contract()
    outcome = []

    def second():
        try:
            outcome.append(draft(contract, deputy, GREEN_6))
        except Conflict as conflict:
            outcome.append(conflict)
        finally:
            connection.close()

    with transaction.atomic():
        draft(contract, officer, RED_2)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=0.5)
        assert thread.is_alive()
        assert outcome == []
    thread.join(timeout=10)
    assert isinstance(outcome[0], Conflict)
    assert outcome[0].current.saved_by == officer


# Beside the KPIs

ONE_SHORT = Evidence((KpiEvidence(KpiStanding.BELOW, trend=1), KpiEvidence(KpiStanding.ON)))
NOT_BORNE_OUT = (
    "7 Excellent asks of the KPIs: “All are at least on target”. Here 1 of 2 met, 1 short: improving, without a plan. "
    "Choose another score, or say why this one stands."
)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (Figures("green", 7), {"kpi_reason": NOT_BORNE_OUT}),
        (Figures("green", 7, kpi_reason=" "), {"kpi_reason": NOT_BORNE_OUT}),
        (Figures("green", 7, kpi_reason="Counted late."), {}),
        (Figures("green", 5), {}),
        (Figures("green", None, "Nothing delivered."), {}),
    ],
)
def test_a_score_that_the_kpis_do_not_bear_out_asks_for_a_reason(figures, expected):
    assert what_is_missing(figures, before=[], evidence=ONE_SHORT) == expected


def test_without_readings_no_score_asks_for_a_reason():
    assert [what_is_missing(Figures("green", score), before=[]) for score in range(1, 10)] == [{}] * 9


@pytest.mark.parametrize(("score", "kept"), [(7, "Counted late."), (5, ""), (None, "")])
def test_a_reason_stays_only_beside_a_score_that_does_not_fit(score, kept):
    assert Figures("green", score, kpi_reason="Counted late.").beside(ONE_SHORT).kpi_reason == kept
    assert Figures("green", score, kpi_reason="Counted late.").beside(Evidence()).kpi_reason == ""
