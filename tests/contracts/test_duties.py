"""Duties: what an event lists, how they follow the end, who ticks them, and the list of all that are due."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.services.conflict import Conflict
from contracts.models import ChangeGround, Contract, Duty, DutyRule, Kpi, LifeEvent
from contracts.services.contract import ContractParts, change_contract
from contracts.services.life.duties import answer_duty, list_duties
from contracts.services.life.notice import give_notice, withdraw_notice
from contracts.services.life.options import exercise_option, extend_outside
from contracts.services.life.variation import vary_value
from contracts.services.restriction import restrict_contract
from reporting.queries.contract_page import ContractPage
from reporting.queries.history_of_contract import newest_entries
from tests.contracts.imports.test_apply import applied
from tests.world import TODAY, make_contract

DAY = datetime.date
QUERIES = 5
MARCH_2015 = DAY(2015, 3, 31)


@pytest.fixture
def boss(world):
    return world.people["commissioner"]


def listed(contract):
    return [(duty.title, duty.due_on) for duty in Duty.objects.filter(contract=contract)]


def note(contract, boss, ends_on=MARCH_2015):
    return give_notice(contract=contract, given_on=TODAY, given_by="provider", ends_on=ends_on, by=boss)


UK11 = "Publish the contract termination notice (UK11)"
UK10 = "Publish the contract change notice (UK10)"
UK7 = "Publish the contract details notice (UK7)"


def test_the_end_lists_its_duty_once_and_it_follows_the_end(world, boss):
    contract = world.contract(procurement_regime="pa2023_light_touch", options=[12])
    assert [duty.title for duty in note(contract, boss).duties] == [UK11]
    assert listed(contract) == [(UK11, DAY(2015, 4, 30))]
    withdraw_notice(contract=contract, reason="Found a buyer.", by=boss)
    assert listed(contract) == [(UK11, DAY(2016, 4, 30))]
    exercise_option(option=contract.options.get(), on=TODAY, by=boss)
    assert listed(contract) == [(UK11, DAY(2017, 4, 30))]
    note(contract, boss, ends_on=DAY(2016, 2, 29))
    assert listed(contract) == [(UK11, DAY(2016, 3, 30))]


def test_the_end_moves_its_duty_by_the_form_and_by_a_file_too(world, boss):
    contract = world.contract(procurement_regime="pa2023_light_touch")
    list_duties(contract=contract, by=boss)
    change_contract(
        contract=contract, details={"initial_end": DAY(2016, 2, 29)}, parts=ContractParts(),
        version=contract.version, by=boss,
    )  # fmt: skip
    assert listed(contract) == [(UK7, DAY(2013, 7, 30)), (UK11, DAY(2016, 3, 30))]
    applied(world, f"Reference,Title,Ends\n{contract.reference},Same,31/12/2016\n".encode())
    assert listed(contract) == [(UK7, DAY(2013, 7, 30)), (UK11, DAY(2017, 1, 30))]


def test_a_duty_that_is_done_does_not_follow_the_end(world, boss):
    contract = world.contract(procurement_regime="pa2023_light_touch")
    note(contract, boss)
    answer_duty(duty=contract.duties.get(), version=1, done_on=TODAY, reference="2014/1", by=boss)
    withdraw_notice(contract=contract, reason="Found a buyer.", by=boss)
    assert listed(contract) == [(UK11, DAY(2015, 4, 30))]


def test_a_small_change_of_value_asks_for_nothing_and_a_great_one_before_it_takes_effect(world, boss):
    contract = world.contract(procurement_regime="pa2023_full")

    def vary(to, day):
        return vary_value(
            contract=contract, on=TODAY, takes_effect_on=day, annual_value=None, whole_life_value=Decimal(to),
            shares=[], reason="More children.", by=boss,
        )  # fmt: skip

    assert vary(39600, DAY(2015, 1, 1)).duties == []
    assert [(duty.title, duty.due_on) for duty in vary(43561, DAY(2015, 1, 1)).duties] == [(UK10, DAY(2014, 12, 31))]
    event = contract.life_events.last()
    assert [duty.event for duty in contract.duties.all()] == [event]


def test_an_extension_is_weighed_by_what_its_months_cost(world, boss):
    contract = world.contract(
        procurement_regime="psr", annual_value=Decimal(600_000), whole_life_value=Decimal(1_800_000)
    )
    ground = ChangeGround.objects.get(regime="psr", code="13-1-c")
    details = {"contract": contract, "on": TODAY, "reason": "Floods.", "ground": ground, "by": boss}
    assert extend_outside(months=9, **details).duties == []
    assert [duty.due_on for duty in extend_outside(months=10, **details).duties] == [DAY(2014, 12, 4)]


def test_nothing_is_listed_on_an_imported_register_until_somebody_asks(world, boss):
    contract = world.contract(procurement_regime="pa2023_full")
    assert not Duty.objects.exists()
    list_duties(contract=contract, by=boss)
    assert listed(contract) == [(UK7, DAY(2013, 5, 1)), (UK11, DAY(2016, 4, 30))]
    assert list_duties(contract=contract, by=boss) == []
    assert not LifeEvent.objects.exists()


def test_a_contract_without_a_start_says_so(world, boss):
    with pytest.raises(ValidationError, match="The start of this contract is not known"):
        list_duties(contract=world.contract(start=None), by=boss)


def test_the_yearly_notice_of_published_kpis_makes_room_for_the_next(world, boss, settings):
    settings.DEMO_TODAY = DAY(2026, 6, 1)
    contract = world.contract(
        procurement_regime="pa2023_full", start=DAY(2025, 4, 1), initial_end=DAY(2028, 3, 31),
        whole_life_value=Decimal(6_000_000),
    )  # fmt: skip
    Kpi.objects.create(
        contract=contract, name="Seen", unit="percent", direction="at_least", first_month=DAY(2025, 4, 1),
        is_published=True,
    )  # fmt: skip
    list_duties(contract=contract, by=boss)
    title = "Publish the contract performance notice (UK9)"
    assert [due for name, due in listed(contract) if name == title] == [DAY(2027, 3, 31)]
    answer_duty(duty=contract.duties.get(title=title), version=1, done_on=DAY(2026, 6, 1), by=boss)
    assert [due for name, due in listed(contract) if name == title] == [DAY(2027, 3, 31), DAY(2028, 3, 31)]
    answer_duty(duty=contract.duties.get(title=title, done_on=None), version=1, done_on=DAY(2026, 6, 1), by=boss)
    assert contract.duties.filter(title=title).count() == 2


def test_a_correction_of_the_law_does_not_reword_what_was_listed(world, boss):
    contract = world.contract(procurement_regime="pa2023_light_touch")
    note(contract, boss)
    DutyRule.objects.update(title="Corrected", days=10)
    assert listed(contract) == [(UK11, DAY(2015, 4, 30))]


# Ticking


def test_two_people_tick_and_the_second_is_told(world, boss):
    contract = world.contract(procurement_regime="pa2023_light_touch")
    note(contract, boss)
    duty = contract.duties.get()
    answer_duty(duty=duty, version=1, not_needed_because="Below the threshold.", by=boss)
    with pytest.raises(Conflict):
        answer_duty(duty=duty, version=1, done_on=TODAY, by=world.people["ccg_commissioner"])
    answer = world.browser("ccg_commissioner").post(
        f"/contracts/{contract.slug}/duties/{duty.pk}/",
        {"state": "done", "done_on": "4 November 2014", "reference": "2014/7", "version": "1"},
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Below the threshold." in page
    assert 'value="2014/7"' in page
    assert 'name="version" value="2"' in page


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({}, {"state": ["Choose how it stands."]}),
        ({"state": "done"}, {"done_on": ["Give the day on which it was done."]}),
        ({"state": "done", "done_on": "5 November 2014"}, {
            "done_on": ["A duty is ticked once it is done; this day lies ahead."]}),
        ({"state": "not_needed"}, {"not_needed_because": ["Say why it is not needed."]}),
    ],
)  # fmt: skip
def test_a_tick_lacks_nothing(world, boss, typed, faults):
    contract = world.contract(procurement_regime="pa2023_light_touch")
    note(contract, boss)
    address = f"/contracts/{contract.slug}/duties/{contract.duties.get().pk}/"
    answer = world.browser("commissioner").post(address, {"version": "1"} | typed)
    form = answer.context["form"]
    assert {name: list(map(str, said)) for name, said in form.errors.items()} == faults
    assert contract.duties.get().version == 1


def test_a_duty_is_done_and_opened_again_and_history_says_so(world, boss):
    contract = world.contract(procurement_regime="pa2023_light_touch")
    note(contract, boss)
    address = f"/contracts/{contract.slug}/duties/{contract.duties.get().pk}/"
    browser = world.browser("commissioner")
    typed = {"state": "done", "done_on": "4 November 2014", "reference": "2014/7", "version": "1"}
    assert browser.post(address, typed).url == f"/contracts/{contract.slug}/?unit=mercia-children#duties"
    assert (contract.duties.get().done_by, contract.duties.get().reference) == (boss, "2014/7")
    browser.post(address, {"state": "open", "version": "2"})
    assert (contract.duties.get().done_on, contract.duties.get().done_by, contract.duties.get().reference) == (
        None, None, "",
    )  # fmt: skip
    told = {entry.title: entry.changes for entry in newest_entries(contract, count=200)}
    assert told["Duty opened again"] == [f"Duty: {UK11}, open again"]
    assert told["Duty done"] == [f"Duty: {UK11}, done on 4 November 2014, number 2014/7"]
    assert told["Notice recorded"][-2:] == ["Ends: 31 March 2016 to 31 March 2015", f"Duty: {UK11}, due 30 April 2015"]


def test_one_duty_is_listed_by_hand_once(world, boss):
    contract = world.contract(procurement_regime="pa2023_full")
    address, browser = f"/contracts/{contract.slug}/duties/add/", world.browser("commissioner")
    rule = DutyRule.objects.get(regime="pa2023_full", cause="poor_performance")
    browser.post(address, {"rule": rule.pk, "on": "3 November 2014"})
    assert listed(contract) == [("Publish the contract performance notice (UK9) of failure", DAY(2014, 12, 3))]
    again = browser.post(address, {"rule": rule.pk, "on": "3 November 2014"})
    assert again.context["form"].errors == {"rule": ["This duty is listed already for that day."]}
    other = DutyRule.objects.filter(regime="psr").first()
    assert "rule" in browser.post(address, {"rule": other.pk, "on": "3 November 2014"}).context["form"].errors
    assert (
        "No duty is known for this regime."
        in browser.get(f"/contracts/{world.contract().slug}/duties/add/").content.decode()
    )


def test_a_duty_of_another_contract_is_not_found(world, boss):
    contract, other = world.contract(), world.contract()
    duty = Duty.objects.create(contract=other, title="Publish", law="An act")
    browser = world.browser("commissioner")
    assert browser.get(f"/contracts/{contract.slug}/duties/{duty.pk}/").status_code == 404
    assert browser.get(f"/contracts/{other.slug}/duties/{duty.pk}/").status_code == 200


# The list of all


def duties_of(world, who, query=""):
    answer = world.browser(who).get(f"/duties/{query}")
    return [line.contract for line in answer.context["found"].lines]


def test_the_list_has_the_duties_of_contracts_one_may_edit_and_no_others(world, boss):
    mine, secret = world.contract(title="Mine"), world.contract(title="Secret")
    theirs = make_contract(world.outsider_unit, title="Theirs")
    restrict_contract(contract=secret, reason="Tender", named=[world.council], review_on=DAY(2015, 3, 1), by=boss)
    for contract in (mine, secret, theirs):
        Duty.objects.create(contract=contract, title="Publish", law="An act", due_on=DAY(2014, 11, 3))
    assert duties_of(world, "commissioner") == [str(mine), str(secret)]
    assert duties_of(world, "ccg_commissioner") == [str(mine)]
    assert duties_of(world, "outsider") == [str(theirs)]
    counts = world.browser("ccg_commissioner").get("/duties/").context["found"].choices
    assert counts == [("overdue", "Overdue", 1), ("open", "Still to do", 1), ("done", "Done or not needed", 0)]


def test_the_list_is_filtered_and_says_how_late(world, boss):
    contract = world.contract()
    for title, due, done in (("Late", DAY(2014, 11, 3), None), ("Today", TODAY, None), ("Day unknown", None, None),
                             ("Done", TODAY, TODAY)):  # fmt: skip
        Duty.objects.create(contract=contract, title=title, law="An act", due_on=due, done_on=done)
    browser = world.browser("commissioner")

    def shown(query):
        return [(line.title, line.state) for line in browser.get(f"/duties/{query}").context["found"].lines]

    assert shown("") == [("Late", "1 day late")]
    assert shown("?state=open") == [("Late", "1 day late"), ("Today", "To do"), ("Day unknown", "To do")]
    assert shown("?state=done") == [("Done", "Done")]
    assert shown("?state=nonsense&page=77") == [("Late", "1 day late")]


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_same_of_one_and_of_thirty(world, number):
    for _ in range(number):
        contract = world.contract()
        Duty.objects.create(contract=contract, title="Publish", law="An act", due_on=DAY(2014, 11, 3))
    browser = world.browser("commissioner")
    browser.get("/duties/")
    with CaptureQueriesContext(connection) as asked:
        assert len(browser.get("/duties/").context["found"].lines) == number
    assert len(asked) == QUERIES


# The contract's page


def page_of(world, contract, who="commissioner"):
    return ContractPage(user=world.people[who], contract=contract, month_text=None)


def test_the_page_shows_decisions_and_duties_to_commissioners_and_not_to_the_provider(world, boss):
    contract = world.contract(procurement_regime="pa2023_light_touch", options=[12])
    exercise_option(option=contract.options.get(), on=TODAY, reason="Board, minute 7", by=boss)
    note(contract, boss)
    page = page_of(world, contract)
    assert [(line.title, line.day, line.author) for line in page.life.lines] == [
        ("Notice given", "4 November 2014", "recorded by Council Commissioner"),
        ("Option to extend exercised", "4 November 2014", "recorded by Council Commissioner"),
    ]
    assert page.life.lines[1].figures == "Ends: 31 March 2016 to 31 March 2017"
    assert page.life.duties_line == "1 of 1 duty to do"
    assert page.term.track.count('class="ev"') == 2
    shown = world.browser("provider_contact").get(contract.url_in_unit).content.decode()
    for told in ("Board, minute 7", UK11, 'class="ev"', 'id="duties"', "Record a decision"):
        assert told not in shown
        assert told in world.browser("commissioner").get(contract.url_in_unit).content.decode()


def test_the_page_of_a_register_without_events_shows_options_and_notice_as_before(world):
    contract = world.contract(
        options=[12], notice_given_on=DAY(2014, 10, 1), notice_given_by="provider", notice_ends_on=DAY(2015, 2, 28)
    )
    contract.options.update(exercised_on=DAY(2014, 9, 1))
    page = page_of(world, Contract.objects.get(pk=contract.pk))
    assert page.life.lines == []
    assert page.term.items[1].text == (
        "To 31 March 2017. Used: decided on 1 September 2014. The contract ends on 28 February 2015."
    )
    assert page.term.decision == ("Ends 28 February 2015", "Notice given on 1 October 2014, provider")


def test_a_part_used_and_an_extension_outside_are_named_on_the_term(world, boss):
    contract = world.contract(options=[12], procurement_regime="none")
    exercise_option(option=contract.options.get(), on=TODAY, months=6, by=boss)
    extend_outside(
        contract=contract, on=TODAY, months=12, reason="Agreed.", ground=ChangeGround.objects.get(regime="none"),
        by=boss,
    )  # fmt: skip
    assert [(item.name, item.text) for item in page_of(world, contract).term.items[1:]] == [
        ("Option 1, 6 of 12 months", "To 30 September 2016. Used: decided on 4 November 2014."),
        ("Extension, 1 year", "To 30 September 2017. Agreed outside the options on 4 November 2014."),
    ]


def test_a_contract_that_follows_is_named_only_to_who_may_see_it(world, boss):
    contract, after = world.contract(), world.contract(reference="CS/SECRET", title="Prices under tender")
    restrict_contract(contract=after, reason="Tender", named=[world.council], review_on=DAY(2015, 3, 1), by=boss)
    LifeEvent.objects.create(
        contract=contract, kind="recommissioned", on=TODAY, followed_by=after,
        recorded_at=datetime.datetime(2014, 11, 4, 9, tzinfo=datetime.UTC), recorded_by=boss,
    )  # fmt: skip
    assert page_of(world, contract).life.lines[0].follower[0] == "CS/SECRET Prices under tender"
    assert page_of(world, contract, "ccg_commissioner").life.lines[0].follower is None


# The administration


def test_a_superuser_corrects_the_law_and_deletes_none_of_it(world, client, boss):
    boss.is_staff = boss.is_superuser = True
    boss.save()
    browser = world.browser("commissioner")
    rule = DutyRule.objects.get(regime="pa2023_full", cause="started", code="uk7")
    address = f"/admin/contracts/dutyrule/{rule.pk}/change/"
    names = ("code", "title", "law", "days", "only_grounds", "note")
    typed = {name: getattr(rule, name) for name in names} | {"days": 45}
    assert browser.post(address, typed).status_code == 302
    rule.refresh_from_db()
    assert rule.days == 45
    event = rule.events.select_related("pgh_context").order_by("-pgh_id").first()
    assert event.pgh_context.metadata["act"] == "Duty rule changed"
    assert event.pgh_context.metadata["actor"] == boss.pk
    for kind, pk in (("dutyrule", rule.pk), ("changeground", ChangeGround.objects.first().pk)):
        assert browser.get(f"/admin/contracts/{kind}/").status_code == 200
        assert browser.get(f"/admin/contracts/{kind}/{pk}/change/").status_code == 200
        assert browser.post(f"/admin/contracts/{kind}/{pk}/delete/", {"post": "yes"}).status_code == 403
