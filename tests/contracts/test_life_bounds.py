"""What the life of a contract keeps within: its days, its values, one end that stands, one thing that follows."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from contracts.models import Contract, Duty, DutyRule, LifeEvent
from contracts.rules import money, terms
from contracts.rules.early_end import how_it_ends
from contracts.services.life.duties import add_duty, answer_duty, list_duties
from contracts.services.life.notice import end_early, give_notice
from contracts.services.life.succession import decommission, recommission
from contracts.services.restriction import restrict_contract
from reporting.queries.contract_page import ContractPage
from tests.contracts.test_life_pages import (
    confirmed,
    ending,
    errors_of,
    notice,
    novation,
    option,
    outside,
    page_of,
    said,
    value_typed,
)
from tests.world import TODAY

DAY = datetime.date
START = "The contract started on 1 April 2013: give that day or a later one."


@pytest.fixture
def browser(world):
    return world.browser("commissioner")


@pytest.fixture
def boss(world):
    return world.people["commissioner"]


def read(world, contract):
    return ContractPage(user=world.people["commissioner"], contract=contract, month_text=None)


def test_duties_are_listed_from_the_page_with_its_token(world, boss):
    contract = world.contract(procurement_regime="pa2023_light_touch")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(boss)
    page = strict.get(contract.url_in_unit).content.decode()
    form = re.search(r'<form method="post" action="([^"]*/duties/list[^"]*)">.*?</form>', page, re.DOTALL)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form[0])
    assert strict.post(form[1], {"contract": contract.pk}).status_code == 403
    assert strict.post(form[1], {"contract": contract.pk, "csrfmiddlewaretoken": token[1]}).status_code == 302
    assert contract.duties.count() == 2


# Days


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("option", option(), "exercised_on"),
        ("value", value_typed(), "on"),
        ("value", value_typed(), "takes_effect_on"),
        ("term", {"on": "3 November 2014", "initial_end": "30 June 2015", "reason": "Agreed."}, "on"),
        ("notice", notice(), "given_on"),
        ("end", ending(), "on"),
        ("recommission", {"on": "3 November 2014", "reason": "Tendered."}, "on"),
        ("decommission", {"on": "3 November 2014", "reason": "No need."}, "on"),
    ],
)
def test_a_decision_from_before_the_start_is_refused_beside_its_day(world, browser, name, typed, field):
    contract = world.contract(options=[12])
    answer = browser.post(page_of(contract, name), typed | {field: "31 March 2013"})
    assert errors_of(answer) == {field: [START]}
    assert not LifeEvent.objects.exists()


def test_an_extension_and_a_novation_from_before_the_start_are_refused(world, browser):
    contract = world.contract(procurement_regime="none")
    ground = browser.get(page_of(contract, "extend")).context["form"].fields["ground"].queryset[0].pk
    answer = browser.post(page_of(contract, "extend"), outside(on="31 March 2013", ground=ground))
    assert errors_of(answer) == {"on": [START]}
    assert errors_of(browser.post(page_of(contract, "novate"), novation(world, on="31 March 2013"))) == {"on": [START]}
    assert not LifeEvent.objects.exists()


@pytest.mark.parametrize("start", [None, DAY(2014, 12, 1)])
def test_a_contract_that_is_still_to_start_takes_notice(world, browser, start):
    contract = world.contract(start=start)
    assert browser.post(page_of(contract, "notice"), notice()).status_code == 302
    assert LifeEvent.objects.get(contract=contract).on == DAY(2014, 11, 3)


def test_a_day_before_the_start_is_told_by_the_rule():
    start = DAY(2012, 4, 1)
    sentence = "The contract started on 1 April 2012: give that day or a later one."
    assert terms.before_start(DAY(2012, 3, 31), start=start, today=TODAY) == sentence
    assert terms.before_start(start, start=start, today=start) is None
    assert terms.before_start(DAY(2012, 3, 31), start=start, today=DAY(2012, 3, 31)) is None
    assert terms.before_start(DAY(2012, 3, 31), start=None, today=TODAY) is None


def test_a_duty_is_of_a_day_of_the_contract_but_that_of_entering_into_it_comes_before(world, boss):
    contract = world.contract(procurement_regime="pa2023_light_touch")
    before = DAY(2013, 3, 25)
    poor = DutyRule.objects.filter(regime="pa2023_light_touch").exclude(cause="started").first()
    with pytest.raises(ValidationError) as refused:
        add_duty(contract=contract, rule=poor, on=before, by=boss)
    assert refused.value.message_dict == {"on": [START]}
    held = {duty.rule.cause: duty for duty in list_duties(contract=contract, by=boss)}
    with pytest.raises(ValidationError) as refused:
        answer_duty(duty=held["ended"], version=1, done_on=before, by=boss)
    assert refused.value.message_dict == {"done_on": [START]}
    answer_duty(duty=held["started"], version=1, done_on=before, by=boss)
    assert {duty.rule.cause: duty.done_on for duty in Duty.objects.all()} == {"started": before, "ended": None}


@pytest.mark.parametrize(
    ("initial_end", "sentence"),
    [
        (DAY(2016, 3, 31), "The contract ends on 31 March 2016."),
        (DAY(2014, 11, 4), "The contract ends on 4 November 2014."),
        (DAY(2014, 11, 3), "The contract ended on 3 November 2014."),
    ],
)
def test_a_day_after_the_end_says_whether_the_end_is_over(world, browser, initial_end, sentence):
    contract = world.contract(initial_end=initial_end)
    answer = browser.post(page_of(contract, "value"), value_typed(takes_effect_on="1 April 2016"))
    assert errors_of(answer) == {"takes_effect_on": [sentence]}


# Values


def test_the_whole_life_is_worth_a_year_at_least(world, browser):
    contract = world.contract()
    answer = browser.post(page_of(contract, "value"), value_typed(annual_value="45,000.01"))
    assert errors_of(answer) == {"whole_life_value": ["Over the whole life it cannot be less than in one year."]}
    contract.refresh_from_db()
    assert contract.annual_value == Decimal(12000)
    _, checked = confirmed(browser, page_of(contract, "value"), value_typed(annual_value="45,000"))
    assert checked.context["check"].figures[0] == ("Annual value", "£12,000.00", "£45,000.00")


def test_a_contract_of_less_than_a_year_may_be_worth_less_than_a_year(world, browser):
    contract = world.contract(start=DAY(2014, 4, 1), initial_end=DAY(2015, 3, 30))
    confirmed(browser, page_of(contract, "value"), value_typed(annual_value="60,000"))
    contract.refresh_from_db()
    assert contract.annual_value == Decimal(60000)


def test_a_year_is_twelve_months_with_both_days():
    assert terms.lasts_a_year(start=DAY(2014, 4, 1), end=DAY(2015, 3, 31))
    assert not terms.lasts_a_year(start=DAY(2014, 4, 1), end=DAY(2015, 3, 30))
    assert not terms.lasts_a_year(start=None, end=DAY(2015, 3, 31))
    assert money.whole_life_error(Decimal(2), None) is None


def test_each_share_left_empty_is_named(world, browser):
    contract = world.contract(funding={world.council: Decimal(8000), world.ccg: Decimal(4000)})
    faults = errors_of(browser.post(page_of(contract, "value"), value_typed()))
    council, ccg = world.council, world.ccg
    assert faults == {
        f"annual_{council.pk}": [f"Give the share a year of {council.name}; 0 where there is none."],
        f"whole_{council.pk}": [f"Give the share of the whole life of {council.name}; 0 where there is none."],
        f"annual_{ccg.pk}": [f"Give the share a year of {ccg.name}; 0 where there is none."],
        f"whole_{ccg.pk}": [f"Give the share of the whole life of {ccg.name}; 0 where there is none."],
    }


# The end that stands


def test_a_notice_within_the_first_term_leaves_no_option_to_decide(world, boss):
    contract = world.contract(options=[12])
    give_notice(contract=contract, given_on=DAY(2014, 11, 3), given_by="provider", ends_on=DAY(2015, 2, 28), by=boss)
    page = read(world, contract)
    assert [item.text for item in page.term.items] == [
        "From 1 April 2013. Ends on 28 February 2015 under the notice given on 3 November 2014.",
        "Not used. The contract ends on 28 February 2015.",
    ]
    assert page.term.decision == ("Ends 28 February 2015", "Notice given on 3 November 2014, provider")
    assert page.term.note == ""


def test_a_notice_within_an_option_that_was_used_ends_it_there(world, boss):
    contract = world.contract(options=[12, 12])
    contract.options.filter(position=1).update(exercised_on=DAY(2014, 9, 1))
    give_notice(contract=contract, given_on=DAY(2014, 11, 3), given_by="provider", ends_on=DAY(2016, 6, 30), by=boss)
    assert [item.text for item in read(world, contract).term.items] == [
        "1 April 2013 to 31 March 2016. Month 20 of 36.",
        "Used: decided on 1 September 2014. Ends on 30 June 2016 under the notice given on 3 November 2014.",
        "Not used. The contract ends on 30 June 2016.",
    ]


@pytest.mark.parametrize(
    ("last_day", "decision", "status", "text"),
    [
        (DAY(2014, 11, 30), ("Ends 30 November 2014", "Early, for breach: 2 November 2014"), "Ends early, for breach",
         "From 1 April 2013. Ends early, on 30 November 2014, for breach."),
        (DAY(2014, 11, 3), ("Ended early", "On 3 November 2014, for breach"), "Ended early, for breach",
         "From 1 April 2013. Ended early, on 3 November 2014, for breach."),
    ],
)  # fmt: skip
def test_an_early_end_is_no_notice(world, boss, last_day, decision, status, text):
    contract = world.contract(options=[12])
    end_early(
        contract=contract, on=DAY(2014, 11, 2), last_day=last_day, given_by="commissioner", notice_kind="breach",
        reason="Unsafe.", by=boss,
    )  # fmt: skip
    page = read(world, contract)
    assert page.term.decision == decision
    assert [fact[1] for fact in page.about if fact[0] == "Status"] == [status]
    assert page.term.items[0].text == text
    assert page.term.items[1].text.startswith("Not used. The contract end")
    shown = world.browser("commissioner").get(contract.url_in_unit).content.decode()
    assert "Option 1: extend?" not in shown
    assert "Notice given" not in shown.partition('id="history"')[0]
    assert "31 March 2016." not in shown.partition('id="terms"')[2].partition("</ol>")[0]


def test_the_message_of_an_early_end_says_how(world, browser):
    contract = world.contract()
    answer, _ = confirmed(browser, page_of(contract, "end"), ending())
    assert said(answer)[0].startswith("The early end is recorded. It ends early, on 31 December 2014, by agreement.")
    facts = browser.get(page_of(contract, "recommission")).context["facts"]
    assert facts[0] == ("Ends", "31 December 2014", "Early, by agreement: decided on 3 November 2014.")


def test_an_option_of_a_contract_that_is_over_is_not_asked_for(world):
    contract = world.contract(initial_end=DAY(2014, 10, 31), options=[12])
    assert read(world, contract).term.items[1].text == "Not used. The contract ended on 31 October 2014."


def test_the_last_day_is_still_of_the_contract():
    days = {"given_on": DAY(2014, 11, 1), "ends_on": DAY(2014, 11, 30)}
    assert how_it_ends("", **days, day=DAY(2014, 11, 30)) == (
        "Ends on 30 November 2014 under the notice given on 1 November 2014"
    )
    assert how_it_ends("statutory", **days, day=DAY(2014, 12, 1)) == (
        "Ended early, on 30 November 2014, under the procurement law"
    )


def test_the_reason_and_why_it_is_late_are_sentences(world, browser):
    contract = world.contract(initial_end=DAY(2014, 12, 31), options=[12])
    typed = option(exercised_on="4 November 2014", late_because="The board met late.", reason="Board.")
    confirmed(browser, page_of(contract, "option"), typed)
    assert LifeEvent.objects.get(contract=contract).words == "Board. Late because: The board met late."


# What follows


def test_one_thing_follows_a_contract(world, browser, boss):
    contract, after = world.contract(), world.contract(reference="CS/9074", start=DAY(2016, 4, 1), initial_end=None)
    recommission(contract=contract, on=TODAY, reason="Tendered.", followed_by=after, by=boss)
    typed = {"on": "4 November 2014", "reason": "No need."}
    named = {"__all__": ["It is recommissioned by CS/9074: it cannot be decommissioned as well."]}
    assert errors_of(browser.post(page_of(contract, "decommission"), typed)) == named
    restrict_contract(contract=after, reason="Tender", named=[world.council], review_on=DAY(2015, 3, 1), by=boss)
    unnamed = "It is recommissioned, by the decision of 4 November 2014: it cannot be decommissioned as well."
    hidden = world.browser("ccg_commissioner").post(page_of(contract, "decommission"), typed)
    assert errors_of(hidden) == {"__all__": [unnamed]}
    assert contract.life_events.count() == 1


def test_a_service_that_is_decommissioned_is_not_recommissioned(world, browser, boss):
    contract = world.contract()
    decommission(contract=contract, on=TODAY, reason="No need.", by=boss)
    answer = browser.post(page_of(contract, "recommission"), {"on": "4 November 2014", "reason": "Tendered."})
    sentence = "It is decommissioned, by the decision of 4 November 2014: it cannot be recommissioned as well."
    assert errors_of(answer) == {"__all__": [sentence]}
    assert contract.life_events.count() == 1


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (DAY(2013, 4, 1), "CS/9001 started on 1 April 2013, this contract on 1 April 2013: "
                          "a contract that follows starts later."),
        (DAY(2013, 4, 2), ""),
        (None, ""),
    ],
)  # fmt: skip
def test_a_contract_that_follows_starts_later(world, browser, start, sentence):
    contract = world.contract()
    world.contract(reference="CS/9001", start=start, initial_end=None)
    typed = {"on": "4 November 2014", "reason": "Tendered.", "followed_by": "CS/9001"}
    answer = browser.post(page_of(contract, "recommission"), typed)
    if sentence:
        assert errors_of(answer) == {"followed_by": [sentence]}
    assert Contract.objects.get(pk=contract.pk).life_events.count() == (0 if sentence else 1)
