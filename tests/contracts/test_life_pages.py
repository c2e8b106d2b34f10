"""The decisions of a contract's life at their pages: what is typed, checked, confirmed, recorded and said."""

import datetime
from decimal import Decimal

import pytest

from commissioning.models import OrganisationSuccession
from contracts.choices import LifeEventKind
from contracts.models import Contract, ImprovementPlan, LifeEvent, PlanStep
from contracts.rules.terms import effective_end
from contracts.services.life.notice import give_notice
from contracts.services.life.options import exercise_option
from tests.world import TODAY, make_contract

MARCH_2016 = datetime.date(2016, 3, 31)
DAY = datetime.date


@pytest.fixture
def browser(world):
    return world.browser("commissioner")


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def errors_of(answer):
    return {name: [str(e) for e in sentences] for name, sentences in answer.context["form"].errors.items()}


def page_of(contract, name):
    return f"/contracts/{contract.slug}/{name}/"


def confirmed(browser, address, typed):
    """Send it, look at the check, confirm exactly that; the last answer and the check's."""
    checked = browser.post(address, typed)
    assert checked.status_code == 200, checked
    assert "check" in checked.context, errors_of(checked)
    return browser.post(address, typed | {"confirm": checked.context["check"].code}), checked


def event_of(contract):
    return LifeEvent.objects.get(contract=contract)


# Options


def option(**changes):
    return {"exercised_on": "3 November 2014", "months": "12", "reason": "Board, minute 7"} | changes


def test_an_option_in_time_moves_the_end(world, browser):
    contract = world.contract(options=[12, 6])
    page = browser.get(page_of(contract, "option"))
    assert "31 March 2017" in page.content.decode()
    answer = browser.post(page_of(contract, "option"), option())
    assert said(answer) == [
        "Option 1 is exercised. It ends on 31 March 2017, or by its options on 30 September 2017 at the latest."
        " Decide by 3 December 2016; give notice by 31 December 2016."
    ]
    used = contract.options.get(position=1)
    assert (used.exercised_on, used.used_months) == (DAY(2014, 11, 3), None)
    assert used.exercised_by == world.people["commissioner"]
    event = event_of(contract)
    assert (event.kind, event.on, event.takes_effect_on) == ("option_exercised", DAY(2014, 11, 3), DAY(2016, 4, 1))
    assert (event.end_before, event.end_after) == (MARCH_2016, DAY(2017, 3, 31))
    assert (event.words, event.recorded_by) == ("Board, minute 7", world.people["commissioner"])
    written = used.events.select_related("pgh_context").order_by("-pgh_id").first().pgh_context.metadata
    assert written["act"] == "Option to extend exercised"
    assert written["reason"] == "Board, minute 7"


def test_an_option_used_for_fewer_months_lapses_for_the_rest(world, browser):
    contract = world.contract(options=[12, 6])
    answer, checked = confirmed(browser, page_of(contract, "option"), option(months="5"))
    assert checked.context["check"].figures == [("Ends", "31 March 2016", "31 August 2016")]
    assert checked.context["check"].warnings == ["5 of its 12 months are used; the rest lapses."]
    assert contract.options.get(position=1).used_months == 5
    contract.refresh_from_db()
    assert (contract.effective_end, contract.maximum_end) == (DAY(2016, 8, 31), DAY(2017, 2, 28))
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("initial_end", "used", "end"),
    [
        (DAY(2015, 1, 31), 1, DAY(2015, 2, 28)),
        (DAY(2015, 2, 28), 12, DAY(2016, 2, 29)),
        (DAY(2016, 2, 29), 12, DAY(2017, 2, 28)),
        (DAY(2015, 4, 30), 1, DAY(2015, 5, 31)),
        (DAY(2015, 8, 30), 6, DAY(2016, 2, 29)),
    ],
)
def test_months_used_reach_the_ends_of_months_and_leap_days(world, initial_end, used, end):
    contract = world.contract(initial_end=initial_end, options=[24], notice_months=0)
    granted = contract.options.get()
    recorded = exercise_option(option=granted, on=TODAY, months=used, by=world.people["commissioner"])
    assert (recorded.contract.effective_end, recorded.contract.maximum_end) == (end, end)
    assert recorded.event.end_after == effective_end(initial_end=initial_end, exercised_months=used)


@pytest.mark.parametrize("months", ["0", "13", "", "many"])
def test_an_option_is_used_for_what_it_grants_at_most(world, browser, months):
    contract = world.contract(options=[12])
    answer = browser.post(page_of(contract, "option"), option(months=months))
    wanted = "Give the months." if not months else "Give whole months, from 1 to 12."
    assert errors_of(answer) == {"months": [wanted]}
    assert contract.options.get().exercised_on is None


LATE = "This option is exercised 35 days after the last day to tell the provider (30 September 2014)."


def test_a_late_option_is_warned_of_and_says_why(world, browser):
    contract = world.contract(initial_end=DAY(2014, 12, 31), options=[12])
    address = page_of(contract, "option")
    assert f"{LATE} Say why." in browser.get(address).content.decode()
    answer = browser.post(address, option(exercised_on="4 November 2014"))
    assert errors_of(answer) == {"late_because": [f"{LATE} Say why."]}
    typed = option(exercised_on="4 November 2014", late_because="The board met late.")
    answer, checked = confirmed(browser, address, typed)
    assert checked.context["check"].warnings == [LATE]
    assert contract.options.get().exercised_on == TODAY
    assert said(answer)[0] == LATE
    assert event_of(contract).words == "Board, minute 7. Late because: The board met late."


def test_what_is_shown_is_not_recorded_until_exactly_that_is_confirmed(world, browser):
    contract = world.contract(options=[12])
    address = page_of(contract, "option")
    first = browser.post(address, option(months="5")).context["check"]
    assert not LifeEvent.objects.exists()
    assert contract.options.get().exercised_on is None
    second = browser.post(address, option(months="6", confirm=first.code))
    assert second.context["check"].figures == [("Ends", "31 March 2016", "30 September 2016")]
    assert not LifeEvent.objects.exists()
    Contract.objects.filter(pk=contract.pk).update(version=9)
    third = browser.post(address, option(months="6", confirm=second.context["check"].code))
    assert "check" in third.context
    assert not LifeEvent.objects.exists()


def test_an_option_after_the_end_is_refused(world, browser):
    contract = world.contract(initial_end=DAY(2014, 10, 31), options=[12])
    typed = option(exercised_on="4 November 2014", late_because="Forgotten.")
    answer = browser.post(page_of(contract, "option"), typed)
    assert errors_of(answer) == {
        "exercised_on": ["Option 1 cannot be exercised on 4 November 2014: the contract ended on 31 October 2014."]
    }
    assert contract.options.get().exercised_on is None


def test_an_option_is_exercised_once(world):
    contract = world.contract(options=[12])
    granted = contract.options.get()
    exercise_option(option=granted, on=TODAY, by=world.people["commissioner"])
    with pytest.raises(Exception, match="Option 1 was exercised already, on 4 November 2014"):
        exercise_option(option=granted, on=TODAY, by=world.people["ccg_commissioner"])
    assert contract.options.get().exercised_by == world.people["commissioner"]


def test_no_option_left_is_said(world, browser):
    page = browser.get(page_of(world.contract(), "option")).content.decode()
    assert "No option is left." in page
    assert '<form method="post" class="jc-form"' not in page


def test_extending_takes_a_standing_notice_back_when_told_to(world, browser):
    contract = world.contract(options=[12])
    give_notice(
        contract=contract, given_on=DAY(2014, 11, 1), given_by="commissioner", ends_on=DAY(2015, 3, 31),
        by=world.people["commissioner"],
    )  # fmt: skip
    address = page_of(contract, "option")
    assert "Withdraw the notice that stands, in the same act" in browser.get(address).content.decode()
    assert errors_of(browser.post(address, option())) == {
        "withdraws_notice": ["Notice given on 1 November 2014 stands. Say that extending withdraws it."]
    }
    answer, checked = confirmed(browser, address, option(withdraws_notice="on"))
    assert checked.context["check"].figures == [("Ends", "31 March 2015", "31 March 2017")]
    assert answer.status_code == 302
    contract.refresh_from_db()
    assert (contract.effective_end, contract.notice_given_on, contract.notice_kind) == (DAY(2017, 3, 31), None, "")
    event = contract.life_events.get(kind="option_exercised")
    assert event.words == "Board, minute 7. The notice that stood is withdrawn."


def test_an_open_plan_that_is_the_condition_is_named(world, browser):
    contract = world.contract(options=[12])
    plan = ImprovementPlan.objects.create(
        contract=contract, title="Waits", concern="waiting_times", agreed_on=TODAY, condition_of=contract.options.get()
    )
    for due in (DAY(2014, 10, 1), DAY(2015, 1, 1)):
        PlanStep.objects.create(contract=contract, plan=plan, text="Look deeper", owner="CPFT", due_on=due)
    page = browser.get(page_of(contract, "option")).content.decode()
    assert "on condition of the improvement plan “Waits”, which is open: 0 of 2 steps done, 1 overdue." in page


# Outside the options


def outside(**changes):
    return {"on": "3 November 2014", "months": "12", "reason": "No other provider."} | changes


def test_an_extension_outside_the_options_has_its_ground_and_its_days(world, browser):
    contract = world.contract(options=[6], procurement_regime="pcr2015")
    address = page_of(contract, "extend")
    grounds = {row.code: row for row in browser.get(address).context["form"].fields["ground"].queryset}
    assert sorted(grounds) == ["72-1-a", "72-1-b", "72-1-c", "72-1-d", "72-1-e", "72-1-f"]
    typed = outside(ground=grounds["72-1-b"].pk)
    left = browser.post(address, typed)
    assert errors_of(left) == {"__all__": ["Option 1 has not been used. Exercise it before extending outside them."]}
    exercise_option(option=contract.options.get(), on=DAY(2014, 11, 1), by=world.people["commissioner"])
    answer, checked = confirmed(browser, address, typed)
    assert checked.context["check"].figures == [("Ends", "30 September 2016", "30 September 2017")]
    assert checked.context["check"].duties == [("Publish the notice of a modification", "no day named")]
    contract.refresh_from_db()
    assert (contract.effective_end, contract.maximum_end) == (DAY(2017, 9, 30), DAY(2017, 9, 30))
    added = contract.options.get(position=2)
    assert (added.is_outside, added.exercised_on, added.months) == (True, DAY(2014, 11, 3), 12)
    event = contract.life_events.get(kind=LifeEventKind.EXTENDED)
    assert event.ground == grounds["72-1-b"]
    assert event.ground_words.startswith("Additional services have become necessary")
    assert "1 duty follows from it." in said(answer)[-1]


def test_a_ground_of_another_regime_or_of_none_is_refused(world, browser):
    other = world.contract(procurement_regime="psr")
    foreign = browser.get(page_of(other, "extend")).context["form"].fields["ground"].queryset[0]
    contract = world.contract(procurement_regime="pcr2015")
    answer = browser.post(page_of(contract, "extend"), outside(ground=foreign.pk))
    assert list(errors_of(answer)) == ["ground"]
    assert errors_of(browser.post(page_of(contract, "extend"), outside())) == {
        "ground": ["Choose the ground in law for this extension."]
    }
    unknown = world.contract()
    page = browser.post(page_of(unknown, "extend"), outside())
    assert errors_of(page) == {"ground": ["Give the procurement regime first: the grounds in law follow from it."]}
    assert "Change details" in page.content.decode()
    assert not LifeEvent.objects.exists()


def test_no_extension_after_the_end_nor_without_a_reason(world, browser):
    contract = world.contract(initial_end=DAY(2014, 10, 31), procurement_regime="none")
    ground = browser.get(page_of(contract, "extend")).context["form"].fields["ground"].queryset[0].pk
    answer = browser.post(page_of(contract, "extend"), outside(ground=ground))
    assert errors_of(answer) == {"on": ["The contract ended on 31 October 2014."]}
    assert "No other provider." in answer.content.decode()
    assert errors_of(browser.post(page_of(contract, "extend"), outside(ground=ground, reason=" "))) == {
        "reason": ["Give the reason."]
    }
    assert not contract.options.exists()


# Variations


def value_typed(**changes):
    return {
        "on": "3 November 2014",
        "takes_effect_on": "1 December 2014",
        "annual_value": "£15,000",
        "whole_life_value": "45,000",
        "reason": "A third ward.",
    } | changes


def test_a_varied_value_keeps_both_figures_and_its_shares(world, browser):
    contract = world.contract(funding={world.council: Decimal(8000), world.ccg: Decimal(4000)})
    shares = {f"annual_{world.council.pk}": "10000", f"whole_{world.council.pk}": "30000"}
    shares |= {f"annual_{world.ccg.pk}": "5000", f"whole_{world.ccg.pk}": "15000"}
    address = page_of(contract, "value")
    answer, checked = confirmed(browser, address, value_typed() | shares)
    assert checked.context["check"].figures == [
        ("Annual value", "£12,000.00", "£15,000.00"), ("Whole-life value", "£36,000.00", "£45,000.00"),
    ]  # fmt: skip
    assert answer.status_code == 302
    contract.refresh_from_db()
    assert (contract.annual_value, contract.whole_life_value) == (Decimal(15000), Decimal(45000))
    assert {row.organisation: row.annual_amount for row in contract.funding.all()} == {
        world.council: Decimal(10000), world.ccg: Decimal(5000),
    }  # fmt: skip
    event = event_of(contract)
    assert (event.annual_before, event.annual_after, event.whole_life_before, event.whole_life_after) == (
        12000, 15000, 36000, 45000,
    )  # fmt: skip


def test_shares_that_do_not_add_up_are_said_and_nothing_is_lost(world, browser):
    contract = world.contract(funding={world.council: Decimal(12000)})
    first = f"annual_{world.council.pk}"
    typed = value_typed() | {first: "14000", f"whole_{world.council.pk}": "45000"}
    answer = browser.post(page_of(contract, "value"), typed)
    assert errors_of(answer) == {
        first: ["The partners' shares come to £14,000.00, £1,000.00 less than the annual value of £15,000.00."]
    }
    assert 'value="14000"' in answer.content.decode()
    assert "A third ward." in answer.content.decode()
    contract.refresh_from_db()
    assert contract.annual_value == 12000


def test_a_value_that_stays_is_no_variation(world, browser):
    typed = value_typed(annual_value="12000", whole_life_value="36000")
    answer = browser.post(page_of(world.contract(), "value"), typed)
    assert errors_of(answer) == {"annual_value": ["Neither value changes."]}


def test_a_varied_term_moves_the_end_and_leaves_the_options_possible(world, browser):
    contract = world.contract(options=[12])
    exercise_option(option=contract.options.get(), on=DAY(2014, 11, 3), by=world.people["commissioner"])
    typed = {"on": "4 November 2014", "initial_end": "30 June 2015", "reason": "Agreed."}
    _, checked = confirmed(browser, page_of(contract, "term"), typed)
    assert checked.context["check"].figures == [("Ends", "31 March 2017", "30 June 2016")]
    contract.refresh_from_db()
    assert (contract.initial_end, contract.effective_end) == (DAY(2015, 6, 30), DAY(2016, 6, 30))
    answer = browser.post(page_of(contract, "term"), typed | {"initial_end": "31 October 2014"})
    assert errors_of(answer) == {
        "initial_end": ["Option 1 cannot be exercised on 3 November 2014: the contract ended on 31 October 2014."]
    }


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ("31 March 2016", "The first term ends on this day already."),
        ("31 March 2013", "A contract cannot end before it starts."),
        ("31 October 2014", "The contract would have ended on 31 October 2014, before the decision."
                            " End it early instead."),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_is_refused(world, browser, end, sentence):
    contract = world.contract()
    typed = {"on": "4 November 2014", "initial_end": end, "reason": "Agreed."}
    assert errors_of(browser.post(page_of(contract, "term"), typed)) == {"initial_end": [sentence]}


# Notice


def notice(**changes):
    return {
        "given_by": "provider",
        "notice_kind": "contractual",
        "given_on": "3 November 2014",
        "ends_on": "28 February 2015",
        "reason": "The home closes.",
    } | changes


def test_notice_ends_the_contract_sooner_and_can_be_withdrawn(world, browser):
    contract = world.contract()
    answer = browser.post(page_of(contract, "notice"), notice())
    assert said(answer) == ["Notice is recorded. It ends on 28 February 2015, under the notice given."]
    contract.refresh_from_db()
    assert (contract.effective_end, contract.notice_given_by) == (DAY(2015, 2, 28), "provider")
    assert contract.notice_kind == "contractual"
    page = browser.get(page_of(contract, "notice")).content.decode()
    assert "Withdraw the notice" in page
    assert errors_of(browser.post(page_of(contract, "notice"), {"withdraw": "yes"})) == {"reason": ["Give the reason."]}
    answer = browser.post(page_of(contract, "notice"), {"withdraw": "yes", "reason": "They found a buyer."})
    assert answer.status_code == 302
    contract.refresh_from_db()
    assert (contract.effective_end, contract.notice_given_on, contract.notice_given_by) == (MARCH_2016, None, "")
    assert [(event.kind, event.end_before, event.end_after) for event in contract.life_events.all()] == [
        ("notice_given", MARCH_2016, DAY(2015, 2, 28)),
        ("notice_withdrawn", DAY(2015, 2, 28), MARCH_2016),
    ]


def test_notice_shorter_than_the_period_is_asked_about(world, browser):
    contract = world.contract(notice_months=6)
    _, checked = confirmed(browser, page_of(contract, "notice"), notice())
    page = checked.content.decode()
    assert "The notice period is 6 months: notice given on 3 November 2014 covers it only from 3 May 2015." in page
    assert "The home closes." in page
    contract.refresh_from_db()
    assert contract.effective_end == DAY(2015, 2, 28)


def test_both_may_agree_to_end_sooner(world, browser):
    contract = world.contract(notice_months=6)
    browser.post(page_of(contract, "notice"), notice(given_by="mutual"))
    contract.refresh_from_db()
    assert contract.effective_end == DAY(2015, 2, 28)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"given_by": ""}, {"given_by": ["Choose who gave notice."]}),
        ({"notice_kind": ""}, {"notice_kind": ["Choose what kind of notice it is."]}),
        ({"given_on": "5 November 2014"}, {
            "given_on": ["A notice is recorded once it has been given; this day lies ahead."]}),
        ({"ends_on": "1 November 2014"}, {"ends_on": ["The last day cannot be before the notice was given."]}),
        ({"ends_on": "1 April 2017"}, {
            "ends_on": ["The contract ends on 31 March 2017 anyway; notice can only end it sooner."]}),
    ],
)  # fmt: skip
def test_a_notice_that_cannot_be_is_refused_against_the_extended_end(world, browser, changes, faults):
    contract = world.contract(options=[12])
    exercise_option(option=contract.options.get(), on=DAY(2014, 10, 1), by=world.people["commissioner"])
    assert errors_of(browser.post(page_of(contract, "notice"), notice(**changes))) == faults
    contract.refresh_from_db()
    assert contract.notice_given_on is None


def test_notice_after_the_first_term_and_before_the_extended_end_is_taken(world, browser):
    contract = world.contract(options=[12])
    exercise_option(option=contract.options.get(), on=DAY(2014, 10, 1), by=world.people["commissioner"])
    browser.post(page_of(contract, "notice"), notice(ends_on="30 June 2016"))
    contract.refresh_from_db()
    assert contract.effective_end == DAY(2016, 6, 30)


def test_no_notice_after_the_end(world, browser):
    contract = world.contract(initial_end=DAY(2014, 10, 31))
    answer = browser.post(page_of(contract, "notice"), notice(ends_on="3 November 2014"))
    assert errors_of(answer) == {
        "given_on": ["The contract ended on 31 October 2014: no notice can be given after it."]
    }


def test_a_notice_recorded_meanwhile_is_shown_and_not_overwritten(world, browser):
    contract = world.contract()
    browser.post(page_of(contract, "notice"), notice())
    answer = world.browser("ccg_commissioner").post(page_of(contract, "notice"), notice(ends_on="31 March 2015"))
    assert "Notice was recorded by somebody else in the meantime" in answer.content.decode()
    contract.refresh_from_db()
    assert contract.notice_ends_on == DAY(2015, 2, 28)


# End, and what follows


def ending(**changes):
    return {
        "on": "3 November 2014",
        "notice_kind": "agreement",
        "given_by": "mutual",
        "last_day": "31 December 2014",
        "reason": "Both agree.",
    } | changes


def test_an_early_end_is_checked_and_recorded(world, browser):
    contract = world.contract()
    _, checked = confirmed(browser, page_of(contract, "end"), ending())
    assert checked.context["check"].figures == [("Ends", "31 March 2016", "31 December 2014")]
    contract.refresh_from_db()
    assert contract.effective_end == DAY(2014, 12, 31)
    assert (event_of(contract).kind, event_of(contract).notice_kind) == ("ended", "agreement")


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"last_day": "1 November 2014"}, {"last_day": ["The last day cannot be before the decision."]}),
        ({"last_day": "31 March 2016"}, {
            "last_day": ["The contract ends on 31 March 2016 anyway; give an earlier day."]}),
        ({"given_by": "provider"}, {
            "given_by": ["An end by agreement is of both sides; any other is of one side."]}),
        ({"on": "5 November 2014"}, {
            "on": ["A decision is recorded once it has been taken; this day lies ahead."]}),
    ],
)  # fmt: skip
def test_an_early_end_that_cannot_be_is_refused(world, browser, changes, faults):
    contract = world.contract()
    assert errors_of(browser.post(page_of(contract, "end"), ending(**changes))) == faults
    assert not LifeEvent.objects.exists()


def test_a_contract_that_follows_is_one_in_sight(world, browser):
    contract, after = world.contract(), world.contract(reference="CS/9001", start=DAY(2014, 4, 1))
    make_contract(world.outsider_unit, reference="BL/1")
    typed = {"on": "3 November 2014", "reason": "Tendered again."}
    hidden = browser.post(page_of(contract, "recommission"), typed | {"followed_by": "BL/1"})
    assert errors_of(hidden) == {"followed_by": ["No contract in your sight has this reference."]}
    itself = browser.post(page_of(contract, "recommission"), typed | {"followed_by": contract.reference})
    assert errors_of(itself) == {"followed_by": ["A contract cannot follow itself."]}
    browser.post(page_of(contract, "recommission"), typed | {"followed_by": "cs/9001"})
    assert event_of(contract).followed_by == after


def test_a_service_is_decommissioned_with_its_contract(world, browser):
    contract = world.contract()
    typed = {"on": "3 November 2014", "reason": "No need is left."}
    _, checked = confirmed(browser, page_of(contract, "decommission"), typed)
    assert checked.context["check"].warnings == ["No contract follows it."]
    assert (event_of(contract).kind, event_of(contract).takes_effect_on) == ("decommissioned", MARCH_2016)


def novation(world, **changes):
    return {
        "from_provider": world.provider.pk,
        "to_provider": "Alder Trust",
        "on": "1 November 2014",
        "reason": "The company was taken over.",
    } | changes


def test_a_successor_takes_a_providers_place_and_history_keeps_both(world, browser):
    contract = world.contract()
    OrganisationSuccession.objects.create(
        predecessor=world.provider, successor=world.other_provider, on=DAY(2014, 11, 1)
    )
    page = browser.get(page_of(contract, "novate"))
    assert "Alder Trust took over from Willow Homes Ltd on 1 November 2014." in page.content.decode()
    assert page.context["form"]["to_provider"].value() == "Alder Trust"
    _, checked = confirmed(browser, page_of(contract, "novate"), novation(world))
    assert checked.context["check"].figures == [("Provider", "Willow Homes Ltd", "Alder Trust")]
    assert [row.organisation for row in contract.provider_rows.all()] == [world.other_provider]
    event = event_of(contract)
    assert (event.from_provider, event.to_provider) == (world.provider, world.other_provider)
    assert not Contract.objects.visible_to(world.people["provider_contact"]).exists()


def test_a_novation_that_cannot_be_is_refused(world, browser):
    contract = world.contract(providers=[world.provider, world.other_provider])
    address = page_of(contract, "novate")
    assert errors_of(browser.post(address, novation(world))) == {
        "to_provider": ["Alder Trust is a provider of this contract already."]
    }
    world.outsider_council.closed_on = DAY(2014, 10, 1)
    world.outsider_council.save()
    assert errors_of(browser.post(address, novation(world, to_provider="Borderland Council"))) == {
        "to_provider": ["Borderland Council closed on 1 October 2014 and cannot take over."]
    }
    assert errors_of(browser.post(address, novation(world, on="5 November 2014", to_provider="Mercia CCG"))) == {
        "on": ["A novation is recorded once it has taken effect; this day lies ahead."]
    }
    assert list(errors_of(browser.post(address, novation(world, from_provider=world.ccg.pk)))) == ["from_provider"]
    assert not LifeEvent.objects.exists()


# All of them


def test_the_list_of_decisions_says_what_cannot_be_taken_and_why(world, browser):
    contract = world.contract(options=[12])
    choices = {choice.text: choice for choice in browser.get(page_of(contract, "decision")).context["choices"]}
    assert choices["Exercise option 1"].about == "Up to 12 months. Tell the provider by 31 December 2015."
    assert choices["Exercise option 1"].url == f"/contracts/{contract.slug}/option/?unit=mercia-children"
    assert (choices["Extend outside the options"].url, choices["Extend outside the options"].about) == (
        "", "An option is left: exercise it first.",
    )  # fmt: skip
    ended = world.contract(initial_end=DAY(2014, 10, 31))
    closed = [c.text for c in browser.get(page_of(ended, "decision")).context["choices"] if not c.url]
    assert closed == [
        "Exercise an option", "Extend outside the options", "Vary the value", "Vary the term", "Record notice",
        "End it early", "Novate to a successor",
    ]  # fmt: skip


def test_an_address_in_a_unit_is_of_that_units_contract(world, browser):
    contract = world.contract(options=[12])
    twin = make_contract(world.outsider_unit, reference=contract.reference, options=[12])
    answer = browser.post(page_of(contract, "option") + "?unit=borderland", option())
    assert answer.status_code == 404
    browser.post(page_of(contract, "option") + "?unit=mercia-children", option(contract=contract.pk))
    assert contract.options.get().exercised_on == DAY(2014, 11, 3)
    assert twin.options.get().exercised_on is None
