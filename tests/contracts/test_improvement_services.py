"""Plans, steps and private notices as they are written: what is refused, in which words, and what two people meet."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from commissioning.services.conflict import Conflict
from contracts.choices import Concern, KpiDirection, KpiUnit, NoticeOutcome, StepState
from contracts.models import ImprovementPlan, Kpi, PerformanceNotice, PlanStep
from contracts.services.improvement import (
    PlanDetails,
    StepDetails,
    add_evidence_of_provider,
    add_step,
    change_plan,
    change_step,
    close_plan,
    open_plan,
    remove_step,
    update_step,
)
from contracts.services.performance_notices import (
    NoticeDetails,
    change_notice,
    close_notice,
    issue_notice,
    record_meeting,
)
from tests.plan_world import AGREED, make_notice, make_plan, make_step
from tests.world import TODAY

TOMORROW = TODAY + datetime.timedelta(days=1)


@pytest.fixture
def contract(world):
    return world.contract(options=[12])


@pytest.fixture
def officer(world):
    return world.people["contract_officer"]


def faults(call, **given):
    with pytest.raises(ValidationError) as refused:
        call(**given)
    error = refused.value
    return error.message_dict if hasattr(error, "error_dict") else error.messages


def act_of(row):
    event = row.events.select_related("pgh_context").order_by("-pgh_id").first()
    return event.pgh_context.metadata["act"]


def plan_details(**given):
    return PlanDetails(**{"title": "Waits", "concern": Concern.WAITING_TIMES, "agreed_on": AGREED} | given)


def kpi_of(contract, name="Seen within 18 weeks"):
    return Kpi.objects.create(
        contract=contract,
        name=name,
        unit=KpiUnit.PERCENT,
        direction=KpiDirection.AT_LEAST,
        first_month=datetime.date(2014, 4, 1),
    )


# Plans


def test_a_plan_is_opened_with_what_it_is_for(contract, officer):
    option, notice, kpi = contract.options.get(), make_notice(contract, issued_on=AGREED), kpi_of(contract)
    details = plan_details(title=" Waits ", words=" Too long. ", condition_of=option, answers=notice, kpis=[kpi])
    plan = open_plan(contract=contract, details=details, by=officer)
    stored = ImprovementPlan.objects.get()
    assert (stored, stored.title, stored.words) == (plan, "Waits", "Too long.")
    assert (stored.condition_of, stored.answers, list(stored.kpis.all())) == (option, notice, [kpi])
    assert (stored.opened_by, stored.version, act_of(stored)) == (officer, 1, "Improvement plan agreed")


def test_a_plan_is_of_one_contract_and_of_a_day_that_has_come(world, contract, officer):
    other = world.contract(options=[6])
    details = plan_details(
        agreed_on=TOMORROW, condition_of=other.options.get(), answers=make_notice(other), kpis=[kpi_of(other)]
    )
    assert faults(open_plan, contract=contract, details=details, by=officer) == {
        "agreed_on": ["A plan is recorded once it has been agreed; this day lies ahead."],
        "condition_of": ["Choose an option of this contract."],
        "answers": ["Choose a notice on this contract."],
        "kpis": ["Choose KPIs of this contract."],
    }
    later = plan_details(answers=make_notice(contract))
    assert faults(open_plan, contract=contract, details=later, by=officer) == {
        "answers": ["This notice was issued on 20 October 2014, after the plan."]
    }
    assert not ImprovementPlan.objects.exists()


def test_a_plan_is_changed_until_somebody_else_was_first(contract, officer):
    plan = make_step(contract).plan
    changed = change_plan(plan=plan, details=plan_details(title="Long waits"), version=1, by=officer)
    assert (changed.title, changed.version) == ("Long waits", 2)
    with pytest.raises(Conflict) as met:
        change_plan(plan=plan, details=plan_details(title="Mine"), version=1, by=officer)
    assert met.value.current.title == "Long waits"
    late = plan_details(agreed_on=datetime.date(2014, 11, 1))
    assert faults(change_plan, plan=plan, details=late, version=2, by=officer) == {
        "agreed_on": ["A step of this plan is due on 31 October 2014, before the plan was agreed."]
    }


@pytest.mark.parametrize(
    ("on", "words", "refused"),
    [
        (TOMORROW, "Waits are down.", {"closed_on": ["A plan is closed on a day that has come; this day lies ahead."]}),
        (
            datetime.date(2014, 3, 13),
            "Waits are down.",
            {"closed_on": ["The plan was agreed on 14 March 2014; it cannot close before."]},
        ),
        (
            datetime.date(2014, 9, 29),
            "Waits are down.",
            {"closed_on": ["A step was done on 30 September 2014; the plan cannot close before."]},
        ),
        (TODAY, " ", {"closing_words": ["Say what came of the plan."]}),
    ],
)
def test_a_plan_is_closed_with_what_came_of_it(contract, officer, on, words, refused):
    step = make_step(contract, state=StepState.DONE, done_on=datetime.date(2014, 9, 30))
    assert faults(close_plan, plan=step.plan, on=on, words=words, version=1, by=officer) == refused


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        ([10, 12], "2 of 3 steps are not done, 1 of them late. Tick to close the plan all the same."),
        ([12, 12], "2 of 3 steps are not done. Tick to close the plan all the same."),
        ([10], "1 of 2 steps is not done, and it is late. Tick to close the plan all the same."),
    ],
)
def test_a_plan_with_steps_not_done_asks_for_a_tick(contract, officer, due, sentence):
    plan = make_step(contract, state=StepState.DONE).plan
    for month in due:
        make_step(contract, plan=plan, due_on=datetime.date(2014, month, 1))
    close = {"plan": plan, "on": TODAY, "words": "The provider changed.", "version": 1, "by": officer}
    assert faults(close_plan, **close) == {"despite_steps": [sentence]}
    assert close_plan(despite_steps=True, **close).closed_on == TODAY


def test_a_plan_whose_steps_are_done_needs_no_tick(contract, officer):
    plan = make_step(contract, state=StepState.DONE).plan
    assert close_plan(plan=plan, on=TODAY, words="Waits are down.", version=1, by=officer).closed_on == TODAY


def test_nothing_is_agreed_or_issued_before_the_contract_runs(world, officer):
    contract = world.contract(start=datetime.date(2012, 4, 1))
    day = datetime.date(2012, 3, 31)
    sentence = ["The contract started on 1 April 2012: give that day or a later one."]
    plan, notice = plan_details(agreed_on=day), notice_details(issued_on=day)
    assert faults(open_plan, contract=contract, details=plan, by=officer) == {"agreed_on": sentence}
    assert faults(issue_notice, contract=contract, details=notice, by=officer) == {"issued_on": sentence}
    first = datetime.date(2012, 4, 1)
    assert open_plan(contract=contract, details=plan_details(agreed_on=first), by=officer).agreed_on == first
    assert issue_notice(contract=contract, details=notice_details(issued_on=first), by=officer).issued_on == first
    coming = world.contract(start=datetime.date(2015, 4, 1))
    assert faults(open_plan, contract=coming, details=plan_details(), by=officer) == {
        "agreed_on": ["The contract has not started: it starts on 1 April 2015."]
    }


def test_nothing_is_written_into_a_closed_plan(contract, officer):
    step = make_step(contract)
    closed = close_plan(plan=step.plan, on=TODAY, words="Waits are down.", version=1, by=officer, despite_steps=True)
    assert (closed.closed_on, closed.closed_by, closed.closing_words) == (TODAY, officer, "Waits are down.")
    steps_stay = ["This plan was closed on 4 November 2014: its steps stay as they were then."]
    new = StepDetails("Ask", "Us", TODAY)
    update = {"state": StepState.ON_COURSE, "evidence": "", "version": 1, "by": officer}
    assert faults(add_step, plan=step.plan, details=new, by=officer) == steps_stay
    assert faults(update_step, step=step, **update) == steps_stay
    assert faults(remove_step, step=step, version=1, by=officer) == steps_stay
    plan_stays = ["This plan was closed on 4 November 2014: it is not changed any more."]
    assert faults(change_plan, plan=closed, details=plan_details(), version=2, by=officer) == plan_stays
    assert faults(close_plan, plan=closed, on=TODAY, words="Again", version=2, by=officer) == plan_stays


# Steps


def test_steps_stand_in_the_order_in_which_they_are_added(contract, officer):
    plan = make_plan(contract)
    for text in ("Deep-dive analysis", "Scrutiny of reported data"):
        add_step(plan=plan, details=StepDetails(text, " The trust ", TOMORROW), by=officer)
    assert list(plan.steps.values_list("position", "text", "owner", "contract")) == [
        (1, "Deep-dive analysis", "The trust", contract.pk),
        (2, "Scrutiny of reported data", "The trust", contract.pk),
    ]


@pytest.mark.parametrize(
    ("due_on", "sentence"),
    [
        (datetime.date(2014, 3, 13), "The plan was agreed on 14 March 2014; a step cannot be due before."),
        (datetime.date(2104, 11, 30), "This is more than 5 years after the plan was agreed. Check the year."),
    ],
)
def test_a_step_is_due_within_reason(contract, officer, due_on, sentence):
    details = StepDetails("Recruit", "The trust", due_on)
    assert faults(add_step, plan=make_plan(contract), details=details, by=officer) == {"due_on": [sentence]}


def test_a_step_is_done_with_evidence_and_on_a_day_that_has_come(contract, officer):
    step = make_step(contract)
    update = {"step": step, "state": StepState.DONE, "version": 1, "by": officer}
    assert faults(update_step, evidence=" ", **update) == {"evidence": ["Say what shows that it is done."]}
    assert faults(update_step, evidence="Both started.", done_on=TOMORROW, **update) == {
        "done_on": ["A step is done on a day that has come; this day lies ahead."]
    }
    assert faults(update_step, evidence="Both started.", done_on=datetime.date(2014, 3, 1), **update) == {
        "done_on": ["The plan was agreed on 14 March 2014; give that day or a later one."]
    }
    assert PlanStep.objects.get().version == 1
    done = update_step(evidence="Both started.", **update)
    assert (done.evidence, done.done_on, done.done_by) == ("4 November 2014: Both started.", TODAY, officer)


def test_evidence_is_added_under_what_was_there(contract, officer, world):
    step = make_step(contract)
    update_step(step=step, state=StepState.ON_COURSE, evidence="Advertised.", version=1, by=officer)
    given = {"step": step, "text": "Two interviewed.", "name": "Willow Homes Ltd"}
    add_evidence_of_provider(version=2, by=world.people["provider_contact"], **given)
    done = update_step(step=step, state=StepState.DONE, evidence="", version=3, by=officer)
    assert done.evidence == ("4 November 2014: Advertised.\n4 November 2014, Willow Homes Ltd: Two interviewed.")
    back = update_step(step=step, state=StepState.LATE, evidence="One left again.", version=4, by=officer)
    assert (back.done_on, back.done_by, back.evidence.count("\n")) == (None, None, 2)
    assert act_of(back) == "Improvement step updated"


def test_evidence_has_an_end(contract, officer):
    step = make_step(contract, evidence="x" * 1990)
    update = {"step": step, "state": StepState.ON_COURSE, "version": 1, "by": officer}
    sentence = "All evidence of a step has room for 2,000 characters; this makes 2,018."
    assert faults(update_step, evidence="Advertised", **update) == {"evidence": [sentence]}
    given = {"step": step, "name": "Willow Homes Ltd", "version": 1, "by": officer}
    assert list(faults(add_evidence_of_provider, text="Advertised", **given)) == ["text"]
    assert faults(add_evidence_of_provider, text=" ", **given) == {
        "text": ["Say how far the step has got, or what shows it."]
    }


def test_a_step_is_corrected(contract, officer):
    step = make_step(contract, state=StepState.DONE, evidence="A name that should not stand here.")
    details = StepDetails("Recruit three", "The trust", TOMORROW)
    call = {"step": step, "details": details, "by": officer, "version": 1}
    assert faults(change_step, evidence=" ", **call) == {"evidence": ["The step is done: say what shows it."]}
    changed = change_step(evidence="Both started.", **call)
    assert (changed.text, changed.due_on, changed.evidence) == ("Recruit three", TOMORROW, "Both started.")
    with pytest.raises(Conflict) as met:
        change_step(**call)
    assert met.value.current.text == "Recruit three"


def test_a_step_goes_only_while_nothing_has_happened(contract, officer):
    begun, untouched = make_step(contract, state=StepState.ON_COURSE), make_step(contract)
    assert faults(remove_step, step=begun, version=1, by=officer) == [
        "Something has been recorded of this step already, so it stays in the plan."
    ]
    remove_step(step=untouched, version=1, by=officer)
    assert list(PlanStep.objects.all()) == [begun]
    with pytest.raises(Conflict) as met:
        remove_step(step=untouched, version=1, by=officer)
    assert met.value.current is None


# Private notices


def notice_details(**given):
    values = {"concern": Concern.DATA_QUALITY, "words": "Ethnicity is missing.", "issued_on": TODAY}
    return NoticeDetails(**values | given)


def test_a_notice_proposes_the_tenth_operational_day(contract, officer):
    notice = issue_notice(contract=contract, details=notice_details(), by=officer)
    assert (notice.meeting_by, notice.issued_by) == (datetime.date(2014, 11, 18), officer)
    agreed = datetime.date(2014, 11, 10)
    changed = change_notice(notice=notice, details=notice_details(meeting_by=agreed), version=1, by=officer)
    assert (changed.meeting_by, changed.version) == (agreed, 2)
    with pytest.raises(Conflict):
        change_notice(notice=notice, details=notice_details(), version=1, by=officer)


def test_what_is_wrong_with_a_notice_is_said_beside_the_field(contract, officer):
    wrong = notice_details(words=" ", issued_on=TOMORROW, meeting_by=TODAY)
    assert faults(issue_notice, contract=contract, details=wrong, by=officer) == {
        "words": ["Say what has failed."],
        "issued_on": ["A notice is recorded once it has been issued; this day lies ahead."],
        "meeting_by": ["The notice is of 5 November 2014; the meeting cannot be due before."],
    }
    met = make_notice(contract, met_on=datetime.date(2014, 10, 30), outcome=NoticeOutcome.PLAN)
    assert faults(change_notice, notice=met, details=notice_details(), version=1, by=officer) == {
        "issued_on": ["The meeting about it was on 30 October 2014; it cannot be issued later."]
    }


@pytest.mark.parametrize(
    ("met_on", "outcome", "refused"),
    [
        (TODAY, "", {"outcome": ["Choose what came of the meeting."]}),
        (None, "plan", {"met_on": ["Give the day of the meeting; only a notice withdrawn needs none."]}),
        (TOMORROW, "plan", {"met_on": ["A meeting is recorded once it was held; this day lies ahead."]}),
        (
            datetime.date(2014, 10, 19),
            "investigation",
            {"met_on": ["The notice was issued on 20 October 2014; the meeting cannot be before."]},
        ),
    ],
)
def test_a_meeting_that_cannot_be(contract, officer, met_on, outcome, refused):
    given = {"notice": make_notice(contract), "met_on": met_on, "outcome": outcome, "version": 1, "by": officer}
    assert faults(record_meeting, **given) == refused


def test_a_notice_is_met_about_then_closed_then_stays(contract, officer):
    notice = make_notice(contract)
    close = {"notice": notice, "on": TODAY, "words": "The plan is agreed.", "by": officer}
    assert faults(close_notice, version=1, **close) == {
        "closing_words": ["Record the meeting, or that the notice is withdrawn, before it is closed."]
    }
    met = {"notice": notice, "met_on": datetime.date(2014, 10, 30), "outcome": NoticeOutcome.PLAN, "by": officer}
    record_meeting(version=1, **met)
    assert faults(close_notice, version=2, **close | {"on": datetime.date(2014, 10, 29), "words": ""}) == {
        "closing_words": ["Say what came of the notice."],
        "closed_on": ["Give 30 October 2014 or a later day: the notice was still open then."],
    }
    assert faults(close_notice, version=2, **close | {"on": TOMORROW}) == {
        "closed_on": ["A notice is closed on a day that has come; this day lies ahead."]
    }
    closed = close_notice(version=2, **close)
    assert (closed.closed_by, act_of(closed)) == (officer, "Private performance notice closed")
    assert faults(record_meeting, version=3, **met) == [
        "This notice was closed on 4 November 2014: it is not changed any more."
    ]


def test_a_notice_is_withdrawn_without_a_meeting(contract, officer):
    notice = make_notice(contract)
    record_meeting(notice=notice, met_on=None, outcome=NoticeOutcome.WITHDRAWN, version=1, by=officer)
    close_notice(notice=notice, on=TODAY, words="Issued in error.", version=2, by=officer)
    assert PerformanceNotice.objects.get().outcome == NoticeOutcome.WITHDRAWN
