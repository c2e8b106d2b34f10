"""Statements built once: each run answers for the values of its own time, as the queryset would have."""

import datetime

import pytest
from django.db.models import BigIntegerField, DateField, F

from contracts.models import ContractFunding, Kpi, KpiReading, KpiTarget, MonthlyReturn
from contracts.queries.built_once import Given, Prepared, Together, all_of, built, naming, rows
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER, make_return

SEPTEMBER = datetime.date(2014, 9, 1)
CONTRACT, MONTH = Given("contract", BigIntegerField()), Given("month", DateField())


@pytest.fixture
def two(world):
    first, second = world.contract(), world.contract()
    make_return(first, OCTOBER, risk="red", jet=3, submitted_by=world.people["commissioner"])
    make_return(first, SEPTEMBER, risk="amber", jet=4)
    make_return(second, OCTOBER, risk="green", jet=7)
    return first, second


def test_each_run_has_its_own_values(two, django_assert_num_queries):
    first, second = two
    prepared = Prepared(
        lambda: (
            MonthlyReturn.objects.filter(contract_id=CONTRACT, month__lte=MONTH)
            .select_related("submitted_by")
            .annotate(name=F("contract__title"))
            .order_by("-month")
        )
    )
    with django_assert_num_queries(4):
        found = {
            (contract.pk, month): [
                (row.risk, row.submitted_by.name if row.submitted_by else "", row.name)
                for row in prepared.rows(contract=contract.pk, month=month)
            ]
            for contract in two
            for month in (OCTOBER, SEPTEMBER)
        }
    assert found == {
        (first.pk, OCTOBER): [("red", "Council Commissioner", first.title), ("amber", "", first.title)],
        (first.pk, SEPTEMBER): [("amber", "", first.title)],
        (second.pk, OCTOBER): [("green", "", second.title)],
        (second.pk, SEPTEMBER): [],
    }


def test_eachare_those_that_the_queryset_gives(two):
    first, _ = two
    kpi = make_kpi(first)
    make_reading(kpi, "92.50", SEPTEMBER)
    make_reading(kpi, None)
    prepared = Prepared(lambda: KpiReading.objects.filter(kpi__contract_id=CONTRACT).select_related("kpi"))
    plain = KpiReading.objects.filter(kpi__contract=first).select_related("kpi")
    names = [field.attname for field in KpiReading._meta.concrete_fields]

    def told(readings):
        return [([getattr(row, name) for name in names], row.kpi.name) for row in readings]

    assert told(prepared.rows(contract=first.pk)) == told(plain)
    assert len(plain) == 2


def test_a_row_that_is_changed_does_not_stay_so(two):
    first, _ = two
    prepared = Prepared(lambda: MonthlyReturn.objects.filter(contract_id=CONTRACT))
    prepared.rows(contract=first.pk)[0].risk = "green"
    assert [row.risk for row in prepared.rows(contract=first.pk)] == ["red", "amber"]


def test_a_value_that_is_missing_is_said(two):
    with pytest.raises(KeyError, match="contract"):
        Prepared(lambda: MonthlyReturn.objects.filter(contract_id=CONTRACT)).rows(month=OCTOBER)


def test_statements_of_one_shape_are_one(two):
    first, second = two
    of_month = MonthlyReturn.objects.filter(month=MONTH).values_list("contract_id", "risk")
    of_contract = MonthlyReturn.objects.filter(contract_id=CONTRACT).values_list("contract_id", "risk")
    both = all_of([built(of_month), built(of_contract)])
    assert sorted(rows(both, contract=first.pk, month=SEPTEMBER)) == [
        (first.pk, "amber"), (first.pk, "amber"), (first.pk, "red"),
    ]  # fmt: skip
    assert sorted(rows(both, contract=second.pk, month=OCTOBER)) == [
        (first.pk, "red"), (second.pk, "green"), (second.pk, "green"),
    ]  # fmt: skip


def test_several_are_asked_in_one_query_and_each_gives_the_eachthat_it_gives_alone(world, django_assert_num_queries):
    contract = world.contract(funding={world.council: 8000, world.ccg: 4000})
    for number in range(3):
        make_reading(make_kpi(contract, target=90 + number, name=f"“KPI” {number}, 1/3\\"), "92.5")
    make_return(contract, OCTOBER, risk="red", jet=3, submitted_by=world.people["commissioner"])
    parts = {
        "funding": Prepared(lambda: naming(ContractFunding.objects.filter(contract_id=CONTRACT), "organisation")),
        "kpis": Prepared(lambda: Kpi.objects.filter(contract_id=CONTRACT).order_by("-pk")),
        "targets": Prepared(lambda: KpiTarget.objects.filter(kpi__contract_id=CONTRACT).order_by("-target")),
        "returns": Prepared(
            lambda: MonthlyReturn.objects.filter(contract_id=CONTRACT, month=MONTH).select_related("submitted_by")
        ),
        "readings": Prepared(
            lambda: KpiReading.objects.filter(kpi__contract_id=CONTRACT, month=MONTH).values_list("value", "saved_at")
        ),
        "nothing": Prepared(lambda: MonthlyReturn.objects.filter(contract_id=CONTRACT, month__gt=MONTH)),
    }
    together, known = Together(**parts), {"contract": contract.pk, "month": OCTOBER}
    alone = {name: part.rows(**known) for name, part in parts.items()}
    with django_assert_num_queries(1):
        found = together.rows(**known)
        assert [row.organisation.name for row in found["funding"]] == ["Mercia County Council", "Mercia CCG"]
        assert found["returns"][0].submitted_by.name == "Council Commissioner"
    assert {name: [told(row) for row in each] for name, each in found.items()} == {
        name: [told(row) for row in each] for name, each in alone.items()
    }
    assert [len(each) for each in found.values()] == [2, 3, 3, 1, 3, 0]


def told(row):
    """A row in all that it says, each value with its kind."""
    if isinstance(row, tuple):
        return [(type(value), value) for value in row]
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    return [(type(value), value) for value in values]
