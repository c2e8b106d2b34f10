"""KPIs as they stand in a month: which reading counts, what it says, and in how few queries."""

import datetime
from decimal import Decimal

import pytest

from contracts.choices import KpiDirection, KpiFrequency, KpiPlan, KpiStanding, KpiUnit, Reporter
from contracts.queries.kpi_evidence import evidence_of, said_of
from contracts.queries.kpis import evidence_in, kpi_lines
from contracts.rules.evidence import Evidence
from contracts.rules.kpis import Target
from tests.kpi_world import make_kpi, make_plan, make_reading
from tests.world import OCTOBER

AUGUST = datetime.date(2014, 8, 1)
SEPTEMBER = datetime.date(2014, 9, 1)
JUNE = datetime.date(2014, 6, 1)
DECEMBER = datetime.date(2014, 12, 1)


@pytest.fixture
def contract(world):
    return world.contract()


def line(contract, month=OCTOBER):
    (only,) = kpi_lines(contract, month)
    return only


def due_of(contracts, month) -> dict[int, int]:
    return {pk: said.due for pk, said in said_of(contracts, month).items()}


def both_ways(contract, month=OCTOBER) -> Evidence:
    """The lines of one contract and the count of many say the same."""
    found = evidence_of([contract.pk], month)[contract.pk]
    assert found == evidence_in(kpi_lines(contract, month))
    return found


def test_a_line_says_all_that_its_row_shows(contract):
    kpi = make_kpi(contract, name="Seen within 6 weeks")
    make_reading(kpi, 89, SEPTEMBER)
    reading = make_reading(kpi, 92)
    found = line(contract)
    assert (found.kpi, found.reading, found.value, found.before) == (kpi, reading, Decimal(92), Decimal(89))
    assert found.target == Target(from_month=datetime.date(2013, 4, 1), target=Decimal(95))
    assert (found.standing, found.trend, found.plan, found.is_due) == (KpiStanding.BELOW, 1, "", True)
    assert (found.target_words, found.value_words, found.before_words) == ("≥ 95%", "92%", "89%")
    assert (found.standing_words, found.next_due_words, found.version) == (
        "▼ Short, improving",
        "Due for October 2014",
        1,
    )
    assert found.history == (None,) * 10 + (Decimal(89), Decimal(92))
    assert (found.months[0], found.months[-1]) == (datetime.date(2013, 11, 1), OCTOBER)


def test_a_month_without_a_reading_shows_none_and_says_so(contract):
    make_reading(make_kpi(contract), 97, SEPTEMBER)
    found = line(contract)
    assert (found.reading, found.standing, found.standing_words, found.is_missing) == (
        None,
        None,
        "No reading yet",
        True,
    )
    assert found.before_words == "97%"
    assert both_ways(contract) == Evidence()


@pytest.mark.parametrize(("month", "stands"), [(SEPTEMBER, True), (OCTOBER, True), (DECEMBER, False)])
def test_a_quarter_stands_until_the_next_is_due(contract, month, stands):
    make_reading(make_kpi(contract, frequency=KpiFrequency.QUARTERLY), 97, SEPTEMBER)
    assert (line(contract, month).reading is not None) == stands
    assert both_ways(contract, month).total == int(stands)


def test_a_quarter_is_not_due_in_between(contract):
    make_reading(make_kpi(contract, frequency=KpiFrequency.QUARTERLY), 97, SEPTEMBER)
    found = line(contract)
    assert (found.is_due, found.next_due_words, found.version) == (False, "Next due for December 2014", 0)


def test_a_kpi_begun_in_between_says_when_its_first_reading_is_due(contract):
    make_kpi(contract, frequency=KpiFrequency.QUARTERLY, first_month=OCTOBER)
    assert line(contract).standing_words == "Next due for December 2014"


def test_a_kpi_closed_before_its_next_period_owes_nothing_more(contract):
    make_kpi(contract, frequency=KpiFrequency.QUARTERLY, last_month=OCTOBER, closing_reason="Replaced")
    assert line(contract).next_due_words == "Nothing more is due"


def test_only_what_is_in_force_is_listed(contract):
    make_kpi(contract, name="Closed", last_month=SEPTEMBER, closing_reason="Replaced")
    make_kpi(contract, name="Later", first_month=datetime.date(2014, 11, 1))
    kept = make_kpi(contract, name="Last month is this one", last_month=OCTOBER, closing_reason="Replaced")
    assert [found.kpi for found in kpi_lines(contract, OCTOBER)] == [kept]
    assert [found.kpi.name for found in kpi_lines(contract, SEPTEMBER)] == ["Closed", "Last month is this one"]


def test_a_new_target_does_not_rewrite_the_month_before(contract):
    kpi = make_kpi(contract, target=90)
    kpi.targets.create(from_month=OCTOBER, target=98)
    make_reading(kpi, 92, SEPTEMBER)
    make_reading(kpi, 92)
    assert line(contract, SEPTEMBER).standing == KpiStanding.ABOVE
    assert line(contract).standing == KpiStanding.BELOW
    assert (both_ways(contract, SEPTEMBER).above, both_ways(contract).met) == (1, 0)


def test_the_target_beside_a_quarter_is_that_of_its_end(contract):
    kpi = make_kpi(contract, target=90, frequency=KpiFrequency.QUARTERLY)
    kpi.targets.create(from_month=OCTOBER, target=98)
    make_reading(kpi, 92, SEPTEMBER)
    assert (line(contract).target_words, line(contract).standing_words) == ("≥ 90%", "▲ Beats target")


@pytest.mark.parametrize(
    ("reading", "target", "words"), [(None, 95, "Nothing to count"), (92, None, "No target"), (None, None, "No target")]
)
def test_what_was_not_counted_or_has_no_target_is_no_evidence(contract, reading, target, words):
    make_reading(make_kpi(contract, target=target), reading)
    assert line(contract).standing_words == words
    assert both_ways(contract) == Evidence()


def test_the_trend_passes_over_months_with_nothing_to_count(contract):
    kpi = make_kpi(contract)
    make_reading(kpi, 94, AUGUST)
    make_reading(kpi, None, SEPTEMBER)
    make_reading(kpi, 92)
    assert (line(contract).before, line(contract).trend) == (Decimal(94), -1)
    assert both_ways(contract).kpis[0].trend == -1


def test_fewer_is_better_where_the_target_is_at_most(contract):
    kpi = make_kpi(contract, target=10, unit=KpiUnit.NUMBER, direction=KpiDirection.AT_MOST)
    make_reading(kpi, 21, SEPTEMBER)
    make_reading(kpi, 19)
    assert (line(contract).target_words, line(contract).standing_words) == ("≤ 10", "▼ Short, improving")


def test_a_kpi_at_its_best_is_on_target_and_counts_as_above(contract):
    make_reading(make_kpi(contract, target=100), 100)
    assert (both_ways(contract).above, both_ways(contract).above_or_best, 9 in both_ways(contract).fits) == (0, 1, True)


# Plans


def planned(contract):
    return both_ways(contract).planned


def test_an_improvement_plan_that_names_the_kpi_is_a_plan(contract):
    kpi, other = make_kpi(contract), make_kpi(contract)
    make_reading(kpi, 92)
    make_reading(other, 92)
    make_plan(kpi)
    assert planned(contract) == 1
    assert [found.plan_words for found in kpi_lines(contract, OCTOBER)] == ["Plan in place", ""]


def test_what_the_reading_says_of_a_plan_goes_before(contract):
    kpi = make_kpi(contract)
    make_reading(kpi, 92, plan=KpiPlan.WILLING)
    make_plan(kpi)
    assert planned(contract) == 0


@pytest.mark.parametrize(
    ("days", "counts"),
    [
        ({"agreed_on": datetime.date(2014, 11, 4)}, 1),
        ({"agreed_on": datetime.date(2014, 12, 1)}, 0),
        ({"closed_on": datetime.date(2014, 10, 31)}, 0),
        ({"closed_on": datetime.date(2014, 11, 1)}, 1),
    ],
)
def test_a_plan_counts_for_the_months_it_was_open(contract, days, counts):
    kpi = make_kpi(contract)
    make_reading(kpi, 92)
    make_plan(kpi, **days)
    assert planned(contract) == counts


# Figures due


def test_what_the_officer_owes_for_the_month(contract):
    make_kpi(contract)
    make_reading(make_kpi(contract), 92)
    make_reading(make_kpi(contract), 92, SEPTEMBER)
    make_kpi(contract, reported_by=Reporter.PROVIDER)
    make_kpi(contract, frequency=KpiFrequency.QUARTERLY)
    make_kpi(contract, last_month=SEPTEMBER, closing_reason="Replaced")
    make_kpi(contract, target=None)
    make_kpi(contract, target_from=datetime.date(2014, 11, 1))
    assert due_of([contract.pk], OCTOBER) == {contract.pk: 2}
    assert due_of([contract.pk], JUNE) == {contract.pk: 5}


# Queries


@pytest.mark.parametrize("count", [1, 30])
def test_one_contract_is_read_in_three_queries(contract, django_assert_num_queries, count):
    kpis = [make_kpi(contract) for _ in range(count)]
    for kpi in kpis:
        make_reading(kpi, 89, SEPTEMBER)
        make_reading(kpi, 92)
    make_plan(*kpis)
    with django_assert_num_queries(3):
        lines = kpi_lines(contract, OCTOBER)
        assert [found.standing_words for found in lines] == ["▼ Short, improving"] * count
        assert evidence_in(lines).planned == count


@pytest.mark.parametrize("count", [1, 30])
def test_many_contracts_are_counted_in_one_query(world, django_assert_num_queries, count):
    contracts = [world.contract() for _ in range(count)]
    for contract in contracts:
        kpi = make_kpi(contract)
        make_reading(kpi, 89, SEPTEMBER)
        make_reading(kpi, 92)
        make_plan(kpi)
    asked = [contract.pk for contract in contracts]
    with django_assert_num_queries(1):
        found = said_of(asked, OCTOBER)
    assert {said.evidence.words for said in found.values()} == {"0 of 1 met, 1 short: improving, with a plan"}
    assert {said.due for said in found.values()} == {0}
    assert set(due_of(asked, datetime.date(2014, 8, 1)).values()) == {1}


def test_no_contract_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert said_of([], OCTOBER) == {}


def test_contracts_not_asked_about_are_not_counted(world, contract):
    other = world.contract()
    make_reading(make_kpi(other), 92)
    assert evidence_of([contract.pk], OCTOBER) == {contract.pk: Evidence()}
    assert due_of([contract.pk], OCTOBER) == {contract.pk: 0}
