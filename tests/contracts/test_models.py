"""What the database holds by itself: derived days, sums of options, shares that total."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.choices import ContractStatus
from contracts.models import Contract, ContractFunding, ExtensionOption
from contracts.rules import terms
from contracts.rules.returns import month_end
from contracts.services.contract import ContractParts, add_contract
from tests.world import TODAY

days = st.dates(datetime.date(2010, 1, 1), datetime.date(2060, 12, 31))


@pytest.mark.django_db
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=days, months=st.integers(-240, 240))
def test_the_database_adds_months_as_the_rule_does(day, months):
    with connection.cursor() as cursor:
        cursor.execute("SELECT contract_add_months(%s, %s)", [day, months])
        assert cursor.fetchone()[0] == terms.add_months(day, months)


def test_derived_days_follow_options_and_notice(world):
    contract = world.contract(
        initial_end=datetime.date(2015, 9, 30), notice_months=6, decision_lead_days=0, options=[12, 12]
    )
    assert (contract.effective_end, contract.maximum_end) == (datetime.date(2015, 9, 30), datetime.date(2017, 9, 30))
    assert (contract.notice_by, contract.decide_by) == (datetime.date(2015, 3, 31), datetime.date(2015, 3, 31))
    contract.options.filter(position=1).update(exercised_on=datetime.date(2015, 1, 5))
    contract.refresh_from_db()
    assert contract.effective_end == datetime.date(2016, 9, 30)
    assert contract.notice_by == datetime.date(2016, 3, 31)
    Contract.objects.filter(pk=contract.pk).update(
        notice_given_on=datetime.date(2015, 1, 1), notice_given_by="provider", notice_ends_on=datetime.date(2015, 6, 30)
    )
    contract.refresh_from_db()
    assert (contract.effective_end, contract.maximum_end) == (datetime.date(2015, 6, 30), datetime.date(2015, 6, 30))


def test_removing_an_option_takes_its_months_away(world):
    contract = world.contract(options=[12, 6])
    ExtensionOption.objects.filter(contract=contract, position=2).delete()
    contract.refresh_from_db()
    assert contract.option_months == 12


def test_an_unknown_end_leaves_every_derived_day_unknown(world):
    contract = world.contract(initial_end=None, options=[12])
    assert [contract.effective_end, contract.maximum_end, contract.notice_by, contract.decide_by] == [None] * 4


def test_an_unknown_notice_period_leaves_the_days_before_the_end_unknown(world):
    contract = world.contract(notice_months=None, options=[12])
    assert [contract.notice_by, contract.decide_by] == [None, None]
    assert [contract.effective_end, contract.maximum_end] == [datetime.date(2016, 3, 31), datetime.date(2017, 3, 31)]


def test_no_notice_period_is_one_that_is_known(world):
    contract = world.contract(notice_months=0)
    assert (contract.notice_by, contract.decide_by) == (datetime.date(2016, 3, 31), datetime.date(2016, 3, 3))
    assert not Contract.objects.to_complete(day=TODAY).exists()


def test_nothing_is_invented_for_a_new_contract(world):
    assert Contract(unit=world.unit).notice_months is None


LACKING = [
    {"start": None},
    {"initial_end": None},
    {"notice_months": None},
    {"annual_value": None},
    {"whole_life_value": None},
    {"officer": None},
    {"service_area": None},
    {"providers": []},
]


@pytest.mark.parametrize("lack", LACKING, ids=lambda lack: next(iter(lack)))
def test_each_unknown_fact_is_to_complete(world, lack):
    world.contract()
    lacking = world.contract(**lack)
    assert list(Contract.objects.to_complete(day=TODAY)) == [lacking]


def test_a_provider_is_asked_for_from_the_day_the_contract_starts(world):
    contract = world.contract(providers=[], start=TODAY)
    assert list(Contract.objects.to_complete(day=TODAY)) == [contract]
    assert not Contract.objects.to_complete(day=TODAY - datetime.timedelta(days=1)).exists()


def test_several_providers_are_one_contract(world):
    contract = world.contract(providers=[world.provider, world.other_provider], officer=None)
    assert list(Contract.objects.to_complete(day=TODAY)) == [contract]


@pytest.mark.django_db(transaction=True)
def test_shares_that_do_not_total_the_value_are_refused(world):
    contract = world.contract(
        annual_value=Decimal("100.00"), whole_life_value=Decimal("300.00"), funding={world.council: Decimal("100.00")}
    )
    with pytest.raises(IntegrityError, match="do not total its value"), transaction.atomic():
        ContractFunding.objects.filter(contract=contract).update(annual_amount=Decimal("99.99"))
    with pytest.raises(IntegrityError, match="do not total its value"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(annual_value=Decimal("101.00"))
    with transaction.atomic():
        ContractFunding.objects.filter(contract=contract).update(annual_amount=Decimal("90.00"))
        ContractFunding.objects.create(
            contract=contract, organisation=world.ccg, annual_amount=Decimal("10.00"), whole_life_amount=Decimal("0.00")
        )


@pytest.mark.parametrize("status", ContractStatus)
def test_the_status_filter_agrees_with_the_rule(world, status):
    day = datetime.timedelta(days=1)
    for start in (None, TODAY - day, TODAY, TODAY + day):
        for end in (None, TODAY - day, TODAY, TODAY + day):
            if start and end and end < start:
                continue
            world.contract(start=start, initial_end=end)
            if end and end > TODAY - 9 * day:
                world.contract(
                    start=start,
                    initial_end=end,
                    notice_given_on=TODAY - 5 * day,
                    notice_given_by="provider",
                    notice_ends_on=end,
                )
    expected = {contract for contract in Contract.objects.all() if contract.status_on(TODAY) == status}
    assert set(Contract.objects.in_status(status, day=TODAY)) == expected
    assert expected


def test_a_contract_owes_returns_from_the_month_it_came_onto_the_register(world):
    """It ran long before, but nobody here could have returned those months."""
    contract = add_contract(
        unit=world.unit,
        details={
            "reference": "CS/9001",
            "title": "Found in a drawer",
            "start": datetime.date(2013, 4, 1),
            "initial_end": datetime.date(2016, 3, 31),
        },
        parts=ContractParts(),
        by=world.people["commissioner"],
    )
    months = [datetime.date(2014, month, 1) for month in (8, 9, 10)]
    assert contract.returns_from == datetime.date(2014, 10, 1)
    assert [contract.expects_return(month) for month in months] == [False, False, True]
    for month in months:
        expecting = Contract.objects.expecting_return(month, last_day=month_end(month))
        assert expecting.filter(pk=contract.pk).exists() == contract.expects_return(month)
