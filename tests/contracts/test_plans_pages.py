"""Plans, steps and private notices at their pages: who sees which, what is typed, what two people meet."""

import datetime

import pytest

from contracts.choices import NoticeOutcome, StepState
from contracts.models import ImprovementPlan, PerformanceNotice, PlanStep
from contracts.services.restriction import restrict_contract
from tests.plan_world import make_notice, make_plan, make_step
from tests.world import TODAY, make_contract


@pytest.fixture
def contract(world):
    return world.contract(title="CAMHS Tier 3", options=[12])


@pytest.fixture
def officer(world):
    return world.browser("contract_officer")


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def errors_of(answer):
    return {name: [str(e) for e in sentences] for name, sentences in answer.context["form"].errors.items()}


def plans(contract, *parts):
    return "/".join([f"/contracts/{contract.slug}/plans", *(str(part) for part in parts), ""])


def of_step(step, *parts):
    return plans(step.contract, step.plan_id, "steps", step.pk, *parts)


def notices(contract, *parts):
    return "/".join([f"/contracts/{contract.slug}/performance-notices", *(str(part) for part in parts), ""])


PLAN = {"title": "Waits", "concern": "waiting_times", "agreed_on": "14 March 2014", "version": "0"}


# An officer opens a plan and carries it out


def test_a_plan_from_opening_to_closing(contract, officer):
    option = contract.options.get()
    answer = officer.post(plans(contract, "new"), PLAN | {"condition_of": option.pk, "words": "Waits grow."})
    plan = ImprovementPlan.objects.get()
    assert answer.url == plans(contract, plan.pk) + "?unit=mercia-children"
    new = plans(contract, plan.pk, "steps", "new")
    first = {"text": "Deep-dive analysis", "owner": "The trust", "due_on": "31 October 2014", "version": "0"}
    assert officer.post(new, first | {"do": "another"}).url == new + "?unit=mercia-children"
    officer.post(new, first | {"text": "Clear steer with dates", "due_on": "31 January 2015"})
    step = plan.steps.first()
    officer.post(of_step(step), {"state": "done", "evidence": "Report read.", "version": "1"})
    page = officer.get(plans(contract, plan.pk)).content.decode()
    assert "1 of 2 done" in page
    assert "Condition of extending the contract by option 1, 12 months." in page
    assert "4 November 2014: Report read." in page
    assert "Step “Deep-dive analysis”" in page
    closing = {"closed_on": "4 November 2014", "closing_words": "Waits are down.", "version": "1"}
    assert "despite_steps" not in officer.get(plans(contract, plan.pk, "close")).content.decode()
    refused = officer.post(plans(contract, plan.pk, "close"), closing)
    asked = "1 of 2 steps is not done. Tick to close the plan all the same."
    assert errors_of(refused) == {"despite_steps": [asked]}
    page = refused.content.decode()
    assert '<input type="checkbox" name="despite_steps"' in page
    assert "Waits are down." in page
    closing |= {"despite_steps": "on"}
    assert said(officer.post(plans(contract, plan.pk, "close"), closing)) == ["The plan is closed."]
    page = officer.get(plans(contract, plan.pk)).content.decode()
    assert "Waits are down." in page
    assert "Add a step" not in page


def test_only_what_the_contract_has_is_asked(world, contract, officer):
    page = officer.get(plans(contract, "new")).content.decode()
    assert "Condition of extending the contract" in page
    assert "Answers a private notice" not in page
    bare = world.contract()
    make_notice(bare)
    page = officer.get(plans(bare, "new")).content.decode()
    assert "Condition of extending the contract" not in page
    assert "Data quality, issued 20 October 2014" in page


def test_another_contracts_option_is_no_choice(world, contract, officer):
    other = world.contract(options=[6]).options.get()
    answer = officer.post(plans(contract, "new"), PLAN | {"condition_of": other.pk, "agreed_on": "31 February 2014"})
    assert errors_of(answer) == {
        "condition_of": ["Choose an option of this contract."],
        "agreed_on": ["Enter a real date, such as 31 March 2026"],
    }
    assert "31 February 2014" in answer.content.decode()


def test_done_without_evidence_is_refused_beside_the_field(contract, officer):
    step = make_step(contract)
    answer = officer.post(of_step(step), {"state": "done", "evidence": "", "version": "1"})
    assert errors_of(answer) == {"evidence": ["Say what shows that it is done."]}
    step.refresh_from_db()
    assert step.state == StepState.NOT_STARTED


def test_two_people_change_one_step(contract, officer):
    step = make_step(contract)
    typed = {"text": "Recruit three", "owner": "The trust", "due_on": "30 November 2014", "version": "1"}
    officer.post(of_step(step, "change"), typed)
    answer = officer.post(of_step(step, "change"), typed | {"text": "Recruit four"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody saved this after you opened it" in page
    assert "Recruit three" in page
    assert "Recruit four" in page
    officer.post(of_step(step, "change"), typed | {"text": "Recruit four", "version": "2"})
    step.refresh_from_db()
    assert (step.text, step.version) == ("Recruit four", 3)


def test_a_step_is_removed_once(contract, officer):
    step = make_step(contract)
    assert "Remove the step" in officer.get(of_step(step, "change")).content.decode()
    changed = "Somebody changed this step in the meantime. Look again; nothing was removed."
    assert said(officer.post(of_step(step, "remove"), {"version": "²"}))[-1] == changed
    assert said(officer.post(of_step(step, "remove"), {"version": "1"}))[-1] == "The step is removed."
    assert officer.post(of_step(step, "remove"), {"version": "1"}).status_code == 404
    assert not PlanStep.objects.exists()


def test_a_step_under_another_plan_is_not_found(contract, officer):
    step, other = make_step(contract), make_plan(contract)
    assert officer.get(plans(contract, other.pk, "steps", step.pk)).status_code == 404


def test_an_extension_outside_the_options_may_have_a_plan_as_its_condition(contract, officer):
    outside = contract.options.create(position=2, months=6, is_outside=True, exercised_on=TODAY)
    assert "6 months outside its options" in officer.get(plans(contract, "new")).content.decode()
    plan = make_plan(contract, condition_of=outside)
    page = officer.get(plans(contract, plan.pk)).content.decode()
    assert "Condition of extending the contract by 6 months outside its options." in page


# The provider


def test_the_provider_reads_its_plan_and_gives_evidence(world, contract):
    step, notice = make_step(contract), make_notice(contract)
    provider = world.browser("provider_contact")
    page = provider.get(plans(contract, step.plan_id)).content.decode()
    assert "Recruit two assessment clinicians" in page
    assert "History" not in page
    assert provider.get(notices(contract, notice.pk)).status_code == 200
    answer = provider.post(of_step(step, "evidence"), {"text": "Both interviewed.", "version": "1"})
    assert said(answer) == ["Your evidence is added."]
    step.refresh_from_db()
    assert step.evidence == "4 November 2014, Willow Homes Ltd: Both interviewed."
    assert step.state == StepState.NOT_STARTED
    assert provider.post(of_step(step), {"state": "done", "version": "2"}).status_code == 403


def test_another_provider_and_an_outsider_find_nothing(world, contract):
    theirs = world.contract(providers=[world.other_provider])
    step, notice = make_step(theirs), make_notice(theirs)
    outside = make_step(make_contract(world.outsider_unit, providers=[world.other_provider]))
    for browser in (world.browser("provider_contact"), world.browser("outsider")):
        for address in (plans(theirs, step.plan_id), of_step(step, "evidence"), notices(theirs, notice.pk)):
            assert browser.get(address).status_code == 404
    assert world.browser("commissioner").get(plans(outside.contract, outside.plan_id)).status_code == 404


def test_a_restricted_contract_hides_its_plans(world, contract):
    step, notice = make_step(contract), make_notice(contract)
    named, day = [world.council], datetime.date(2015, 3, 31)
    restrict_contract(contract=contract, reason="Tender", named=named, review_on=day, by=world.people["commissioner"])
    for who, status in (("ccg_commissioner", 404), ("provider_contact", 404), ("commissioner", 200)):
        browser = world.browser(who)
        assert browser.get(plans(contract, step.plan_id)).status_code == status, who
        assert browser.get(notices(contract, notice.pk)).status_code == status, who


def test_a_partner_that_observes_reads_and_writes_nothing(world, contract):
    step, observer = make_step(contract), world.browser("observer")
    page = observer.get(plans(contract, step.plan_id)).content.decode()
    assert "Recruit two assessment clinicians" in page
    assert "Add a step" not in page
    assert observer.get(of_step(step)).status_code == 403


# Private notices


def test_a_private_notice_from_issue_to_closing(contract, officer):
    typed = {"concern": "data_quality", "words": "Ethnicity is missing.", "issued_on": "20 October 2014"}
    answer = officer.post(notices(contract, "new"), typed | {"version": "0"})
    notice = PerformanceNotice.objects.get()
    assert said(answer) == ["Recorded. Meet by 3 November 2014."]
    page = officer.get(notices(contract, notice.pk)).content.decode()
    assert "Overdue" in page
    assert "Contract performance notice to the provider (NHS Standard Contract, GC9) – private letter." in page
    assert "Contract performance notice (Procurement Act 2023, UK9) – public" in page
    assert f"{contract.url_in_unit}#duties" in page
    officer.post(notices(contract, notice.pk, "meeting"), {"met_on": "4/11/2014", "outcome": "plan", "version": "1"})
    page = officer.get(notices(contract, notice.pk)).content.decode()
    assert "A remedial action plan was agreed and is not recorded yet." in page
    assert "After the day it was due, 3 November 2014" in page
    opened = officer.get(plans(contract, "new"), {"answers": notice.pk}).content.decode()
    assert f'<option value="{notice.pk}" selected>' in opened
    officer.post(plans(contract, "new"), PLAN | {"answers": notice.pk, "agreed_on": "4 November 2014"})
    page = officer.get(notices(contract, notice.pk)).content.decode()
    assert "Agreed 4 November 2014. No step yet." in page
    officer.post(
        notices(contract, notice.pk, "close"),
        {"closed_on": "4 November 2014", "closing_words": "The plan runs.", "version": "2"},
    )
    notice.refresh_from_db()
    assert (notice.outcome, notice.closed_on) == (NoticeOutcome.PLAN, TODAY)


def test_two_people_change_one_notice(contract, officer):
    notice = make_notice(contract)
    typed = {"concern": "other", "words": "Late reports.", "issued_on": "20 October 2014", "meeting_by": ""}
    officer.post(notices(contract, notice.pk, "change"), typed | {"version": "1"})
    answer = officer.post(notices(contract, notice.pk, "change"), typed | {"words": "No reports.", "version": "1"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Late reports." in page
    assert "No reports." in page
    assert 'name="version" value="2"' in page


# The contract's page


def contract_page(browser, contract):
    return browser.get(f"/contracts/{contract.slug}/?unit=mercia-children").content.decode()


def test_the_contract_page_shows_open_plans_and_folds_the_newest_closed(world, contract, officer):
    option, notice = contract.options.get(), make_notice(contract, issued_on=datetime.date(2014, 3, 1))
    plan = make_plan(contract, title="Waits for assessment", condition_of=option, answers=notice)
    make_step(contract, plan=plan, state=StepState.DONE)
    make_step(contract, plan=plan, state=StepState.ON_COURSE)
    make_plan(
        contract,
        title="Records",
        closed_on=TODAY,
        closed_by=world.people["contract_officer"],
        closing_words="Complete again.",
    )
    page = contract_page(officer, contract)
    assert "Agreed 14 March 2014. 1 of 2 done, 1 late." in page
    assert '<strong class="govuk-tag govuk-tag--ink">4 days late</strong>' in page
    assert "Condition of extending the contract by option 1, 12 months." in page
    assert "of Data quality, issued 1 March 2014" in page
    assert "Last closed plan: Records" in page
    assert "Complete again." in page
    assert page.count(">Improvement plan agreed</text>") == 1
    assert "Nothing has been returned in these months. Improvement plan agreed in March 2014." in page


def test_who_may_open_nothing_is_shown_nothing_where_there_is_nothing(world, contract):
    assert 'id="plan"' not in contract_page(world.browser("finance"), contract)
    page = contract_page(world.browser("contract_officer"), contract)
    assert "No improvement plan is open." in page
    assert "Record a private notice" in page


def test_what_the_review_asked_is_the_commissioners_own(world, contract):
    make_plan(contract)
    contract.review_actions.create(
        month=datetime.date(2014, 9, 1),
        text="Fill the night posts",
        owner="Officer",
        due_on=datetime.date(2014, 11, 3),
        noted_at=datetime.datetime(2014, 10, 9, 9, tzinfo=datetime.UTC),
    )
    page = contract_page(world.browser("finance"), contract)
    assert "Asked at the monthly review" in page
    assert '<span class="jc-late">3 Nov 2014</span>' in page
    theirs = contract_page(world.browser("provider_contact"), contract)
    assert "Waits for assessment" in theirs
    assert "Fill the night posts" not in theirs
    assert "UK9" not in theirs
