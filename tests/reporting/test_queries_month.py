"""The view of a contract for a month: the one definition, held against the rules as tables and by property."""

import datetime
from itertools import product

import pytest

from accounts import clock
from commissioning.holidays import england_bank_holidays
from contracts.models import Contract, MonthReview
from contracts.rules.returns import due_date, month_end, months_back, view_is_current
from reporting.queries.month import (
    NotAMonth,
    ReturnMonth,
    chosen_month,
    expected,
    is_expected,
    months_to_choose,
    with_newly_red,
    with_view,
)
from tests.world import OCTOBER, TODAY, make_contract, make_return

AUGUST, SEPTEMBER = months_back(OCTOBER, 2), months_back(OCTOBER, 1)
DUE = datetime.date(2014, 11, 7)


def view_of(contract, *, today=TODAY, month=OCTOBER):
    page = ReturnMonth(month=month, today=today)
    row = with_newly_red(with_view(Contract.objects.filter(pk=contract.pk), page), page).get()
    return row.risk, row.jet, row.view_month


def test_the_month_is_the_one_before_todays():
    assert chosen_month(None, today=TODAY).month == OCTOBER
    assert chosen_month("2014-08", today=TODAY).month == AUGUST
    assert chosen_month("", today=datetime.date(2015, 1, 1)).month == datetime.date(2014, 12, 1)


@pytest.mark.parametrize("text", ["2014-11", "2014-13", "october", "2014-10-01", "14-10", "1066-10"])
def test_an_address_names_a_month_that_is_over(text):
    with pytest.raises(NotAMonth):
        chosen_month(text, today=TODAY)


def test_an_earlier_month_is_seen_from_the_end_of_the_month_its_returns_came_in():
    assert ReturnMonth(OCTOBER, TODAY).as_at == TODAY
    assert ReturnMonth(AUGUST, TODAY).as_at == datetime.date(2014, 9, 30)


def test_a_month_long_past_can_still_be_chosen():
    codes = [code for code, _, _ in months_to_choose(chosen_month("2010-03", today=TODAY))]
    assert codes[0] == "2014-10"
    assert codes[-1] == "2010-03"
    assert len(codes) == 25


@pytest.mark.parametrize("today", [DUE - datetime.timedelta(days=n) for n in range(-40, 9)])
def test_the_first_working_day_still_open_agrees_with_every_due_date(today):
    page = ReturnMonth(OCTOBER, today)
    for working_day in range(1, 21):
        due = due_date(OCTOBER, working_day=working_day, holidays=england_bank_holidays())
        assert (working_day >= page.first_working_day_open) == (page.as_at <= due), working_day


def closed_now(world):
    return {"closed_at": clock.now(), "closed_by": world.people["commissioner"]}


@pytest.mark.parametrize("today", [TODAY, DUE, DUE + datetime.timedelta(days=1)])
@pytest.mark.parametrize("months", list(product([False, True], repeat=3)))
@pytest.mark.parametrize("is_closed", [False, True])
def test_the_annotation_agrees_with_the_rule(world, today, months, is_closed):
    contract = world.contract()
    MonthReview.objects.create(unit=world.outsider_unit, month=OCTOBER, **closed_now(world))
    MonthReview.objects.create(unit=world.unit, month=SEPTEMBER, **closed_now(world))
    if is_closed:
        MonthReview.objects.create(unit=world.unit, month=OCTOBER, **closed_now(world))
    returned = [month for month, is_in in zip((AUGUST, SEPTEMBER, OCTOBER), months, strict=True) if is_in]
    for month, risk, jet in ((AUGUST, "green", 7), (SEPTEMBER, "amber", 5), (OCTOBER, "red", None)):
        if month in returned:
            make_return(contract, month, risk=risk, jet=jet)
    wanted = view_is_current(OCTOBER, returned=returned, today=today, due=DUE, is_closed=is_closed)
    said = {None: ("", None), SEPTEMBER: ("amber", 5), OCTOBER: ("red", None)}[wanted]
    assert view_of(contract, today=today) == (*said, wanted)


@pytest.mark.parametrize("state", ["draft", "sent_back"])
def test_a_return_that_does_not_count_says_nothing(world, state):
    contract = world.contract()
    make_return(contract, state=state, review_note="Look again.", risk="green", jet=8)
    assert view_of(contract) == ("", None, None)


def test_units_with_other_due_days_are_judged_by_their_own(world):
    """On the 5th working day units that return on the 3rd have no current view any more."""
    early, late = world.contract(), make_contract(world.outsider_unit)
    world.unit.return_working_day = 3
    world.unit.save()
    for contract in (early, late):
        make_return(contract, SEPTEMBER, risk="green", jet=7)
    assert view_of(early, today=datetime.date(2014, 11, 6)) == ("", None, None)
    assert view_of(late, today=datetime.date(2014, 11, 6)) == ("green", 7, SEPTEMBER)


@pytest.mark.parametrize("first_month", [None, AUGUST, OCTOBER, months_back(OCTOBER, -1)])
def test_the_condition_of_an_expected_return_agrees_with_the_filter(world, first_month):
    world.unit.first_return_month = first_month
    world.unit.save()
    day = datetime.timedelta(days=1)
    edges = [None, OCTOBER - day, OCTOBER, month_end(OCTOBER), month_end(OCTOBER) + day]
    for start, end in product(edges, edges):
        if not (start and end and end < start):
            world.contract(start=start, initial_end=end)
    page = ReturnMonth(OCTOBER, TODAY)
    wanted = set(expected(Contract.objects.all(), page))
    assert set(Contract.objects.filter(is_expected(page))) == wanted
    assert bool(wanted) == (first_month is None or first_month <= OCTOBER)


def newly_red(contract):
    page = ReturnMonth(OCTOBER, TODAY)
    return with_newly_red(with_view(Contract.objects.filter(pk=contract.pk), page), page).get().is_newly_red


@pytest.mark.parametrize(
    ("history", "is_new"),
    [
        ({OCTOBER: "red"}, True),
        ({OCTOBER: "red", SEPTEMBER: "amber"}, True),
        ({OCTOBER: "red", SEPTEMBER: "red"}, False),
        ({OCTOBER: "red", AUGUST: "red"}, False),
        ({OCTOBER: "red", AUGUST: "green"}, True),
        ({OCTOBER: "red", months_back(OCTOBER, 12): "red"}, True),
        ({SEPTEMBER: "red", AUGUST: "green"}, False),
        ({OCTOBER: "amber", SEPTEMBER: "red"}, False),
    ],
)
def test_newly_red_is_by_the_last_time_it_was_returned(world, history, is_new):
    contract = world.contract()
    for month, risk in history.items():
        make_return(contract, month, risk=risk, jet=3)
    assert newly_red(contract) is is_new
