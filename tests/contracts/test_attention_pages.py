"""How closely contracts are looked at: the unit's table, what is decided otherwise, and what the pages say of it."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.services.conflict import Conflict
from contracts.models import AttentionOverride, AttentionRule, Contract, MonthReview
from contracts.queries.attention import attention_of, board_overdue, fingerprint, risks_now, stored_table
from contracts.queries.monthly_return import left_to_return
from contracts.rules.attention import DEFAULTS, AttentionRow
from contracts.services.attention import change_table, look_by_the_rules, look_otherwise
from contracts.services.restriction import restrict_contract
from reporting.queries.contract_page import ContractPage
from reporting.queries.history_of_contract import newest_entries
from reporting.queries.month import chosen_month, with_view
from tests.at_once import at_once
from tests.boards import hold_meeting, open_board_of
from tests.test_markup import check, queries
from tests.world import OCTOBER, TODAY, make_contract, make_return

JANUARY = datetime.date(2015, 1, 15)
RULES = "/returns/rules/mercia-children/attention/"
LAST_ROW = "The last row must catch every contract that is left: give £0 and any risk, or add such a row."
TABLE = (
    AttentionRow(Decimal(0), "red", "monthly", "monthly"),
    AttentionRow(Decimal(100_000), "", "quarterly", "quarterly"),
    AttentionRow(Decimal(0), "", "half_yearly", "as_needed"),
)


def set_table(world, table=TABLE):
    return change_table(
        unit=world.unit, table=table, stands=fingerprint(stored_table(world.unit)), by=world.people["commissioner"]
    )


def decide(world, contract, *, stands=0, **details):
    values = {"monitoring": "monthly", "meetings": "monthly", "reason": "New provider", "look_again_on": JANUARY}
    return look_otherwise(contract=contract, stands=stands, by=world.people["commissioner"], **values | details)


def errors_of(answer):
    assert answer.status_code == 200
    check(answer.content.decode())
    return {name: [str(e) for e in sentences] for name, sentences in answer.context["form"].errors.items()}


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def loaded(*contracts):
    return list(Contract.objects.filter(pk__in=[each.pk for each in contracts]).select_related("unit"))


# The table


def test_a_unit_sets_its_own_table_and_history_shows_the_rows_that_changed(world):
    assert stored_table(world.unit) == ()
    set_table(world)
    assert stored_table(world.unit) == TABLE
    kept = list(AttentionRule.objects.values_list("pk", flat=True).order_by("position"))
    changed = (TABLE[0], AttentionRow(Decimal(200_000), "", "quarterly", "quarterly"), TABLE[2])
    set_table(world, changed)
    assert list(AttentionRule.objects.values_list("pk", flat=True).order_by("position")) == kept
    audit = world.browser("auditor").get("/audit/").content.decode()
    assert "Row 2: worth £100,000 a year or more, whatever its risk" in audit
    assert "to worth £200,000 a year or more, whatever its risk" in audit
    set_table(world, (TABLE[2],))
    assert stored_table(world.unit) == (TABLE[2],)


@pytest.mark.parametrize(
    ("table", "faults"),
    [
        ((), {"table": ["Keep at least one row: with none, no contract would be looked at."]}),
        (
            TABLE[:2],
            {"value_from_2": [LAST_ROW]},
        ),
        (
            (TABLE[1], AttentionRow(Decimal(200_000), "red", "monthly", "monthly"), TABLE[2]),
            {"value_from_2": ["Row 2 would catch nothing: row 1 catches its contracts first."]},
        ),
    ],
)
def test_a_table_that_leaves_contracts_out_or_rows_idle_is_refused(world, table, faults):
    with pytest.raises(ValidationError) as refused:
        set_table(world, table)
    assert refused.value.message_dict == faults
    assert not AttentionRule.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_table_at_once_one_wins(world):
    def save(table):
        return change_table(unit=world.unit, table=table, stands=fingerprint(()), by=world.people["commissioner"])

    outcomes = at_once(lambda: save(TABLE), lambda: save(TABLE[2:]))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "tuple"]


def typed(rows, *, stands, do="save"):
    fields = {"rows": str(len(rows)), "stands": stands, "do": do}
    for number, row in enumerate(rows, start=1):
        names = ("value_from", "risk", "monitoring", "meetings")
        fields |= {f"{name}_{number}": value for name, value in zip(names, row, strict=True)}
    return fields


ROWS = [("0", "red", "monthly", "monthly"), ("£100,000", "", "quarterly", "yearly"), ("0", "", "half_yearly", "yearly")]


def test_the_page_says_what_each_row_catches_and_how_many_contracts_now(world):
    for annual, risk in ((5_000, "green"), (5_000, "red"), (300_000, "amber"), (2_000_000, "green")):
        make_return(world.contract(annual_value=annual, whole_life_value=None), OCTOBER, risk=risk)
    decide(world, world.contract(annual_value=5_000, whole_life_value=None))
    world.contract(start=datetime.date(2015, 4, 1))
    make_contract(world.outsider_unit)
    answer = world.browser("commissioner").get(RULES)
    page = answer.content.decode()
    check(page)
    assert "these are the defaults" in page
    assert [row.count for row in answer.context["counted"].rows] == [1, 1, 1, 0, 0, 1]
    assert "Worth £1,000,000 a year or more, whatever its risk" in page
    assert "1 more is looked at otherwise" in page
    assert world.browser("ccg_commissioner").get(RULES).status_code == 403


def test_rows_are_added_moved_and_removed_before_anything_is_saved(world):
    browser = world.browser("commissioner")
    stands = fingerprint(())
    answer = browser.post(RULES, typed(ROWS, stands=stands, do="add"))
    assert [row.value_from.value() for row in answer.context["form"].table_rows] == ["", "0", "£100,000", "0"]
    answer = browser.post(RULES, typed(ROWS, stands=stands, do="up-2"))
    assert [row.value_from.value() for row in answer.context["form"].table_rows] == ["£100,000", "0", "0"]
    answer = browser.post(RULES, typed(ROWS, stands=stands, do="remove-1"))
    assert [row.value_from.value() for row in answer.context["form"].table_rows] == ["£100,000", "0"]
    for do in ("up-1", "up-9", "remove-x", "remove-0"):
        answer = browser.post(RULES, typed(ROWS, stands=stands, do=do))
        assert len(answer.context["form"].table_rows) == 3
    assert not AttentionRule.objects.exists()


def test_the_table_is_saved_from_the_page_with_faults_beside_their_rows(world):
    browser = world.browser("commissioner")
    stands = fingerprint(())
    wrong = [("much", "red", "monthly", "monthly"), ("", "", "quarterly", "yearly"), ("-5", "", "quarterly", "yearly")]
    answer = browser.post(RULES, typed(wrong, stands=stands))
    assert errors_of(answer) == {
        "value_from_1": ["Enter pounds, such as 12,500 or 12,500.50."],
        "value_from_2": ["Give the pounds a year of row 2, 0 for any value."],
        "value_from_3": ["A value cannot be less than nothing."],
    }
    assert 'value="much"' in answer.content.decode()
    assert errors_of(browser.post(RULES, typed(ROWS[:2], stands=stands))) == {
        "value_from_2": [
            "The last row must catch every contract that is left: give £0 and any risk, or add such a row."
        ]
    }
    assert errors_of(browser.post(RULES, {"rows": "1e9", "stands": stands, "do": "save"}))["rows"]
    assert browser.post(RULES, typed(ROWS, stands=stands)).status_code == 302
    assert [row.value_from for row in stored_table(world.unit)] == [0, 100_000, 0]
    answer = browser.post(RULES, typed(ROWS[2:], stands=stands))
    assert answer.status_code == 409
    check(answer.content.decode())
    assert "Somebody changed these rules after you opened them." in answer.content.decode()
    again = answer.context["form"]["stands"].value()
    assert browser.post(RULES, typed(ROWS[2:], stands=again)).status_code == 302


# One contract


def test_the_units_table_decides_by_value_and_the_risk_of_the_month(world):
    set_table(world)
    red, large, small, unknown, unreturned = (
        world.contract(annual_value=value, whole_life_value=None) for value in (5_000, 100_000, 5_000, None, 5_000)
    )
    for contract, risk in ((red, "red"), (large, "green"), (small, "amber"), (unknown, "green")):
        make_return(contract, OCTOBER, risk=risk)
    found = attention_of(loaded(red, large, small, unknown, unreturned))
    assert {pk: (each.monitoring, each.assumed) for pk, each in found.items()} == {
        red.pk: ("monthly", ""),
        large.pk: ("quarterly", ""),
        small.pk: ("half_yearly", ""),
        unknown.pk: ("quarterly", "Its value is not known and counts as the largest"),
        unreturned.pk: ("monthly", "Its risk is not known and counts as red"),
    }


def test_each_unit_has_its_own_table(world):
    set_table(world)
    elsewhere = make_contract(world.outsider_unit, annual_value=5_000, whole_life_value=None)
    make_return(elsewhere, OCTOBER, risk="amber")
    assert attention_of(loaded(elsewhere))[elsewhere.pk].row == DEFAULTS[-1]


@pytest.mark.parametrize("day", [datetime.date(2014, 11, 4), datetime.date(2014, 11, 10)])
@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("returned", [(), (9,), (10,), (9, 10), (8,)])
def test_the_risk_is_that_of_the_view_that_every_page_shows(world, settings, day, is_closed, returned):
    settings.DEMO_TODAY = day
    contract = world.contract()
    for month in returned:
        make_return(contract, datetime.date(2014, month, 1), risk={8: "green", 9: "amber", 10: "red"}[month])
    if is_closed:
        MonthReview.objects.create(
            unit=world.unit, month=OCTOBER, closed_at=datetime.datetime(2014, 11, 3, tzinfo=datetime.UTC),
            closed_by=world.people["commissioner"],
        )  # fmt: skip
    viewed = with_view(Contract.objects.filter(pk=contract.pk), chosen_month(None, today=day)).get()
    assert risks_now(loaded(contract)) == {contract.pk: viewed.risk}


def test_an_override_stands_with_its_reason_until_it_is_looked_at_again(world, settings):
    contract = world.contract()
    first = decide(world, contract)
    found = attention_of(loaded(contract))[contract.pk]
    assert (found.words, found.override) == ("looked at every month; board meets every month", first)
    assert not found.is_to_be_looked_at_again(TODAY)
    assert found.is_to_be_looked_at_again(JANUARY)
    second = decide(world, contract, stands=first.pk, monitoring="quarterly", reason="Settled")
    first.refresh_from_db()
    assert (first.ended_on, first.ended_by) == (TODAY, world.people["commissioner"])
    look_by_the_rules(contract=contract, stands=second.pk, by=world.people["commissioner"])
    assert attention_of(loaded(contract))[contract.pk].override is None
    entries = [(entry.title, entry.changes, entry.reason) for entry in newest_entries(contract, count=200)]
    assert (
        "Looked at otherwise than by the rules",
        ["Looked at every month; board meets every month. To be looked at again on 15 January 2015"],
        "New provider",
    ) in entries
    assert (
        "Looked at by the rules again",
        ["No longer looked at every quarter; board meets every month"],
        "",
    ) in entries


def test_two_who_decide_at_once_are_told(world):
    contract = world.contract()
    decide(world, contract)
    with pytest.raises(Conflict):
        decide(world, contract)
    with pytest.raises(Conflict):
        look_by_the_rules(contract=contract, stands=0, by=world.people["commissioner"])
    assert AttentionOverride.objects.count() == 1


def test_an_override_needs_a_reason_and_a_day_ahead(world):
    contract = world.contract()
    browser = world.browser("contract_officer")
    address = f"/contracts/{contract.slug}/attention/"
    assert errors_of(browser.post(address, {"stands": "0"})) == {
        "monitoring": ["Choose how often the contract is looked at."],
        "meetings": ["Choose how often the board meets."],
        "reason": ["Say why this contract is looked at otherwise."],
        "look_again_on": ["Give the day on which this is looked at again."],
    }
    fields = {"stands": "0", "monitoring": "monthly", "meetings": "monthly", "reason": "New provider"}
    assert errors_of(browser.post(address, fields | {"look_again_on": "4 November 2014"})) == {
        "look_again_on": ["Give a day that lies ahead."]
    }
    assert errors_of(browser.post(address, fields | {"look_again_on": "5 November 2016"})) == {
        "look_again_on": ["Give a day no later than 4 November 2016, so that it is looked at again."]
    }
    assert browser.post(address, fields | {"look_again_on": "15 January 2015"}).status_code == 302
    answer = world.browser("commissioner").post(address, fields | {"look_again_on": "1 February 2015"})
    assert answer.status_code == 409
    check(answer.content.decode())
    assert "Somebody decided about this contract after you opened it." in answer.content.decode()
    override = AttentionOverride.objects.get(ended_on=None)
    end = f"{address}end/"
    assert said(browser.post(end, {"stands": "0"}))[-1:] == [
        "Somebody changed this after you opened it. Look at what stands now."
    ]
    assert said(browser.post(end, {"stands": override.pk}))[-1] == (
        "The contract is looked at by the unit’s rules again."
    )


def facts(world, contract, who="commissioner"):
    page = ContractPage(user=world.people[who], contract=contract, month_text=None)
    return {name: str(value) for name, value, _ in page.about}


def test_the_contract_page_says_how_it_is_managed_and_flags_what_is_to_be_looked_at_again(world, settings):
    contract = world.contract(annual_value=6_400_000, whole_life_value=None)
    make_return(contract, OCTOBER, risk="amber")
    assert facts(world, contract)["Managed"] == ("Centrally managed, looked at every month; board meets every quarter")
    decide(world, contract, meetings="half_yearly")
    said_now = facts(world, contract)
    assert said_now["Managed"] == "Centrally managed, looked at every month; board meets twice a year"
    assert said_now["Otherwise than the rules"] == "“New provider” Look at it again on 15 January 2015"
    provider = facts(world, contract, "provider_contact")
    assert provider["Managed"] == "Centrally managed"
    assert "Otherwise than the rules" not in provider
    settings.DEMO_TODAY = datetime.date(2015, 1, 16)
    assert (
        '<span class="jc-late">Look at it again, due 15 January 2015</span>'
        in facts(world, contract)["Otherwise than the rules"]
    )


@pytest.mark.parametrize(
    ("meetings", "opened", "last", "words"),
    [
        ("monthly", None, None, "No board is open, though by its pattern the board meets every month."),
        ("as_needed", None, None, ""),
        ("monthly", datetime.date(2014, 5, 1), datetime.date(2014, 10, 9), ""),
        (
            "monthly",
            datetime.date(2014, 5, 1),
            datetime.date(2014, 9, 30),
            "A board meeting is overdue: the board meets every month, and last met on 30 September 2014.",
        ),
        (
            "quarterly",
            datetime.date(2014, 5, 1),
            None,
            "A board meeting is overdue: the board meets every quarter, and has not met since it opened on 1 May 2014.",
        ),
        ("as_needed", datetime.date(2012, 5, 1), None, ""),
    ],
)
def test_a_board_that_should_have_met_is_said_to_be_overdue(meetings, opened, last, words):
    assert board_overdue(meetings, board_opened_on=opened, last_met=last, today=TODAY) == words


def test_the_contract_page_says_that_a_board_meeting_is_overdue_to_commissioners(world):
    contract = world.contract()
    make_return(contract, OCTOBER, risk="red")
    board = open_board_of(world, contract)
    hold_meeting(world, board, datetime.date(2014, 8, 14))
    hold_meeting(world, board, datetime.date(2014, 10, 20), kind="face_to_face")
    words = "A board meeting is overdue: the board meets every month, and last met on 14 August 2014."
    assert words in world.browser("commissioner").get(contract.get_absolute_url()).content.decode()
    assert words in world.browser("commissioner").get(f"/contracts/{contract.slug}/board/").content.decode()
    for address in (contract.get_absolute_url(), f"/contracts/{contract.slug}/board/"):
        assert "overdue" not in world.browser("provider_contact").get(address).content.decode()
    hold_meeting(world, board, datetime.date(2014, 11, 3))
    assert "overdue" not in world.browser("commissioner").get(contract.get_absolute_url()).content.decode()


def test_an_ended_contract_is_no_longer_looked_at(world):
    contract = world.contract(initial_end=datetime.date(2014, 3, 31))
    assert facts(world, contract)["Managed"] == "Centrally managed"


# For all the same


@pytest.mark.parametrize("monitoring", ["monthly", "quarterly", "half_yearly"])
def test_risk_and_grade_are_returned_every_month_whatever_the_attention(world, settings, monitoring):
    """Those looked at twice a year are asked for each month's return like any other, and miss it like any other."""
    contract = world.contract()
    decide(world, contract, monitoring=monitoring, meetings="as_needed")
    officer = world.people["contract_officer"]
    for month in (8, 9, 10):
        left = left_to_return(officer, month=datetime.date(2014, month, 1), unit=world.unit)
        assert [row.pk for row in left] == [contract.pk]
    settings.DEMO_TODAY = datetime.date(2014, 11, 10)
    page = ContractPage(user=officer, contract=contract, month_text=None)
    assert page.return_words == ("To come", "Was due by Friday 7 November, 1 working day late")


def test_many_contracts_are_asked_about_in_four_queries(world):
    contracts = [world.contract() for _ in range(3)]
    decide(world, contracts[0])
    for wanted in (contracts, [*contracts, *(world.contract() for _ in range(30))]):
        rows = loaded(*wanted)
        with CaptureQueriesContext(connection) as asked:
            assert len(attention_of(rows)) == len(wanted)
        assert len(asked) == 4
    browser = world.browser("commissioner")
    assert queries(browser, RULES) == 13


def test_a_restricted_contract_is_counted_for_nobody_who_does_not_see_it(world):
    hidden = world.contract(annual_value=2_000_000, whole_life_value=None)
    restrict_contract(
        contract=hidden, reason="Tender", named=[world.ccg], review_on=datetime.date(2015, 3, 31),
        by=world.people["ccg_commissioner"],
    )  # fmt: skip
    counted = world.browser("commissioner").get(RULES).context["counted"]
    assert [row.count for row in counted.rows] == [0, 0, 0, 0, 0, 0]
    assert world.browser("commissioner").get(f"/contracts/{hidden.slug}/attention/").status_code == 404
