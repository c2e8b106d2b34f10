"""Steps of improvement plans in the monthly return: brought up to date with it, or not at all."""

import datetime

import pytest

from contracts.choices import ReturnState, StepState
from contracts.models import MonthlyReturn
from contracts.services.improvement import update_step
from tests.plan_world import make_plan, make_step
from tests.world import TODAY, make_return

WHOLE = {"risk": "green", "jet": "6", "narrative": "Two of four posts are filled."}


@pytest.fixture
def contract(world):
    return world.contract(title="Short breaks")


@pytest.fixture
def step(contract):
    return make_step(contract)


@pytest.fixture
def officer(world):
    return world.browser("contract_officer")


def address(contract):
    return f"/returns/2014-10/{contract.slug}/"


def send(browser, contract, do="submit", version=0, **typed):
    return browser.post(address(contract), typed | {"do": do, "version": version, "contract": contract.pk})


def of(step, state="", evidence="", version=1):
    """What the form posts of one step."""
    name = f"step_{step.pk}"
    return {name: state, f"{name}_evidence": evidence, f"{name}_version": version}


def errors_of(answer):
    return {name: [str(e) for e in sentences] for name, sentences in answer.context["form"].errors.items()}


def test_the_form_shows_the_open_steps_of_open_plans(world, contract, step, officer):
    make_step(contract, text="Done already", state=StepState.DONE)
    closed = make_plan(
        contract, closed_on=TODAY, closed_by=world.people["contract_officer"], closing_words="It worked."
    )
    make_step(contract, text="Of a closed plan", plan=closed)
    make_step(world.contract(), text="Of another contract")
    make_step(contract, text="Later", due_on=datetime.date(2014, 11, 30), state=StepState.ON_COURSE)
    page = officer.get(address(contract)).content.decode()
    assert page.index("Recruit two assessment clinicians") < page.index("Later")
    assert '<span class="jc-late">31 Oct 2014</span>' in page
    assert "4 days late" in page
    for text in ("Done already", "Of a closed plan", "Of another contract"):
        assert text not in page


def test_a_contract_without_open_steps_has_no_such_section(contract, officer):
    assert "Improvement steps" not in officer.get(address(contract)).content.decode()


@pytest.mark.parametrize("do", ["draft", "submit"])
def test_steps_are_saved_with_the_return(world, contract, step, officer, do):
    later = make_step(contract, text="Later", due_on=datetime.date(2014, 11, 30))
    typed = WHOLE | of(step, "done", "Both started.") | of(later)
    assert send(officer, contract, do, **typed).status_code == 302
    step.refresh_from_db()
    later.refresh_from_db()
    assert (step.state, step.evidence, step.done_on) == (StepState.DONE, "4 November 2014: Both started.", TODAY)
    assert (later.state, later.version) == (StepState.NOT_STARTED, 1)
    assert MonthlyReturn.objects.get().state == (ReturnState.DRAFT if do == "draft" else ReturnState.SUBMITTED)
    newest = step.events.select_related("pgh_context").order_by("-pgh_id").first()
    assert newest.pgh_context.metadata["act"] == "Improvement step updated"


def test_evidence_is_added_without_a_change_of_state(contract, step, officer):
    send(officer, contract, "draft", **of(step, evidence="Advertised."))
    step.refresh_from_db()
    assert (step.state, step.evidence) == (StepState.NOT_STARTED, "4 November 2014: Advertised.")


def test_done_without_evidence_saves_nothing_at_all(contract, step, officer):
    answer = send(officer, contract, **WHOLE, **of(step, "done"))
    assert errors_of(answer) == {f"step_{step.pk}_evidence": ["Say what shows that it is done."]}
    page = answer.content.decode()
    assert '<option value="done" selected>' in page
    assert "Two of four posts are filled." in page
    step.refresh_from_db()
    assert step.state == StepState.NOT_STARTED
    assert not MonthlyReturn.objects.exists()


def test_what_a_step_lacks_is_said_beside_what_the_return_lacks(contract, step, officer):
    answer = send(officer, contract, jet="x", **of(step, "done"))
    assert set(errors_of(answer)) >= {"risk", "jet", f"step_{step.pk}_evidence"}


def test_done_by_evidence_from_before(contract, officer):
    step = make_step(contract, evidence="4 November 2014, Willow Homes Ltd: Both started.")
    send(officer, contract, **WHOLE, **of(step, "done"))
    step.refresh_from_db()
    assert step.state == StepState.DONE


def test_a_step_that_somebody_changed_meanwhile_is_not_overwritten_unseen(world, contract, step, officer):
    update_step(step=step, state=StepState.LATE, evidence="", version=1, by=world.people["service_manager"])
    answer = send(officer, contract, **WHOLE, **of(step, "on_course"))
    sentence = "Somebody changed this step after you opened the page: it is now late. Look again, then save."
    assert errors_of(answer) == {f"step_{step.pk}": [sentence]}
    assert not MonthlyReturn.objects.exists()
    assert f'name="step_{step.pk}_version" value="2"' in answer.content.decode()
    send(officer, contract, **WHOLE, **of(step, "on_course", version=2))
    step.refresh_from_db()
    assert step.state == StepState.ON_COURSE


def test_a_button_pressed_twice_says_one_thing_once(contract, step, officer):
    for _ in range(2):
        send(officer, contract, **WHOLE, **of(step, "on_course", "Advertised."))
    step.refresh_from_db()
    assert (step.version, step.evidence) == (2, "4 November 2014: Advertised.")


def test_a_draft_that_keeps_itself_leaves_steps_alone(contract, step, officer):
    typed = WHOLE | of(step, "done", "Both st") | {"version": 0, "contract": contract.pk}
    answer = officer.post(address(contract), typed, headers={"HX-Request": "true"})
    assert "Draft saved" in answer.content.decode()
    step.refresh_from_db()
    assert (step.state, step.evidence, step.version) == (StepState.NOT_STARTED, "", 1)


def test_a_choice_that_is_none_is_refused(contract, step, officer):
    answer = send(officer, contract, **WHOLE, **of(step, "gone", "x" * 601))
    assert set(errors_of(answer)) == {f"step_{step.pk}", f"step_{step.pk}_evidence"}


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_one_step_and_for_thirty(contract, officer, django_assert_num_queries, count):
    plan = make_plan(contract)
    for number in range(count):
        make_step(contract, plan=plan, text=f"Step {number}")
    make_return(contract, datetime.date(2014, 9, 1))
    with django_assert_num_queries(15):
        assert officer.get(address(contract)).status_code == 200
