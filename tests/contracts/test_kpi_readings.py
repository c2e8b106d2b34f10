"""Readings saved for a month: worked out, refused in plain sentences, never overwritten unseen."""

import dataclasses
import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts import clock
from commissioning.services.conflict import Conflict
from contracts.choices import KpiDirection, KpiFrequency, KpiPlan, KpiUnit, Reporter
from contracts.models import KpiReading, MonthReview
from contracts.services.kpi_readings import ReadingEntry, save_readings
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER

SEPTEMBER = datetime.date(2014, 9, 1)
NOVEMBER = datetime.date(2014, 11, 1)


@pytest.fixture
def contract(world):
    return world.contract()


@pytest.fixture
def officer(world):
    return world.people["contract_officer"]


def save(kpi, by, *, month=OCTOBER, how=None, **typed):
    values = {name: Decimal(str(typed[name])) for name in ("value", "part", "whole") if name in typed}
    entry = ReadingEntry(kpi_id=kpi.pk, **(typed | values))
    return save_readings(contract=kpi.contract, month=month, entries=[entry], by=by, **(how or {}))


def fault(kpi, by, **typed):
    with pytest.raises(ValidationError) as refused:
        save(kpi, by, **typed)
    return refused.value.message_dict[f"kpi_{kpi.pk}"]


def test_a_reading_is_kept_with_who_gave_it(contract, officer):
    kpi = make_kpi(contract, decimals=1)
    (row,) = save(kpi, officer, value="92.5", plan=KpiPlan.WILLING, note=" Two posts empty ")
    row.refresh_from_db()
    assert (row.value, row.plan, row.note, row.version) == (Decimal("92.5"), "willing", "Two posts empty", 1)
    assert (row.saved_by, row.saved_at.date()) == (officer, clock.today())


def test_a_percentage_is_worked_out_of_its_counts(contract, officer):
    kpi = make_kpi(contract, is_from_counts=True, decimals=1)
    (row,) = save(kpi, officer, part=2, whole=3)
    assert (row.part, row.whole, row.value) == (2, 3, Decimal("66.7"))


def test_nothing_to_count_is_a_reading_without_a_value(contract, officer):
    (row,) = save(make_kpi(contract), officer, nothing_to_count=True)
    assert (row.value, row.nothing_to_count) == (None, True)


@pytest.mark.parametrize(
    ("kpi_details", "typed", "sentence"),
    [
        ({"target": None}, {"value": 92}, "There is no target for October 2014: set one first."),
        ({"target_from": NOVEMBER}, {"value": 92}, "There is no target for October 2014: set one first."),
        ({}, {"value": 101}, "A percentage cannot be over 100."),
        ({}, {"value": -1}, "A reading cannot be less than nothing."),
        ({}, {"value": "92.5"}, "Use a whole number."),
        ({"decimals": 1}, {"value": "92.55"}, "Use at most 1 decimal place."),
        ({"decimals": 2}, {"value": "92.555"}, "Use at most 2 decimal places."),
        ({"unit": KpiUnit.NUMBER}, {"value": "10000000000"}, "This number is too large."),
        ({}, {"note": "Nobody knows"}, "Give the reading, or tick “Nothing to count”."),
        ({}, {"plan": "none"}, "Give the reading, or tick “Nothing to count”."),
        ({}, {"value": 92, "nothing_to_count": True}, "Give a reading or tick “Nothing to count”, not both."),
        ({}, {"value": 92, "plan": "soon"}, "Choose what is done about it from the list."),
        ({}, {"value": 92, "note": "x" * 301}, "Use 300 characters or fewer for the note."),
        (
            {"is_from_counts": True},
            {"part": 0, "whole": 0},
            "The whole cannot be 0. If nothing was there to count, tick “Nothing to count”.",
        ),
        ({"is_from_counts": True}, {"part": 3, "whole": 2}, "The part cannot be more than the whole."),
        ({"is_from_counts": True}, {"part": 3}, "Give both counts, or tick “Nothing to count”."),
        ({"is_from_counts": True}, {"part": "1.5", "whole": 3}, "A count is a whole number."),
        ({"is_from_counts": True}, {"value": 92}, "Give both counts, or tick “Nothing to count”."),
        ({"first_month": NOVEMBER}, {"value": 92}, "This KPI is measured from November 2014 on."),
        (
            {"last_month": SEPTEMBER, "closing_reason": "Replaced"},
            {"value": 92},
            "This KPI was closed with September 2014: it owes nothing after that.",
        ),
        (
            {"frequency": KpiFrequency.QUARTERLY},
            {"value": 92},
            "This KPI is measured every quarter: its next reading is for December 2014.",
        ),
        (
            {},
            {"value": 92, "month": NOVEMBER},
            "November 2014 is not over: its readings can be given from 1 December 2014.",
        ),
        (
            {},
            {"value": 92, "month": datetime.date(2013, 3, 1)},
            "The contract started on 1 April 2013, after March 2013.",
        ),
    ],
)
def test_a_reading_that_cannot_be_is_refused_in_a_sentence(contract, officer, kpi_details, typed, sentence):
    assert fault(make_kpi(contract, **kpi_details), officer, **typed) == [sentence]
    assert not KpiReading.objects.exists()


def test_a_contract_that_has_ended_owes_no_reading(world, officer):
    kpi = make_kpi(world.contract(initial_end=datetime.date(2014, 9, 30)))
    assert fault(kpi, officer, value=92) == ["The contract ended on 30 September 2014, before October 2014."]


def test_money_may_be_less_than_nothing(contract, officer):
    kpi = make_kpi(contract, unit=KpiUnit.POUNDS, direction=KpiDirection.AT_MOST, target=0)
    (row,) = save(kpi, officer, value=-200)
    assert row.value == -200


def test_one_fault_keeps_the_others_unsaved_too(contract, officer):
    good, bad = make_kpi(contract), make_kpi(contract)
    entries = [ReadingEntry(good.pk, value=Decimal(92)), ReadingEntry(bad.pk, value=Decimal(192))]
    with pytest.raises(ValidationError) as refused:
        save_readings(contract=contract, month=OCTOBER, entries=entries, by=officer)
    assert set(refused.value.message_dict) == {f"kpi_{bad.pk}"}
    assert not KpiReading.objects.exists()


def test_a_kpi_of_another_contract_is_refused(world, contract, officer):
    stranger = make_kpi(world.contract())
    entry = ReadingEntry(stranger.pk, value=Decimal(92))
    with pytest.raises(ValidationError) as refused:
        save_readings(contract=contract, month=OCTOBER, entries=[entry], by=officer)
    assert refused.value.message_dict == {f"kpi_{stranger.pk}": ["This is not a KPI of the contract."]}


# Saved again


def test_what_has_not_changed_writes_nothing(contract, officer, world):
    kpi = make_kpi(contract)
    save(kpi, officer, value=92)
    assert save(kpi, world.people["commissioner"], value=92, version=0) == []
    assert KpiReading.objects.get().saved_by == officer


def test_nothing_typed_where_nothing_was_writes_nothing(contract, officer):
    assert save(make_kpi(contract, target=None), officer) == []


def test_a_reading_is_corrected(contract, officer):
    kpi = make_kpi(contract)
    save(kpi, officer, value=92)
    (row,) = save(kpi, officer, value=94, version=1)
    assert (row.value, row.version) == (94, 2)


def test_a_reading_is_taken_out_where_its_line_is_emptied(contract, officer):
    kpi = make_kpi(contract)
    save(kpi, officer, value=92)
    save(kpi, officer, version=1)
    assert not KpiReading.objects.exists()


def test_an_older_page_does_not_overwrite(contract, officer):
    kpi = make_kpi(contract)
    current = make_reading(kpi, 92, version=2)
    with pytest.raises(Conflict) as conflict:
        save(kpi, officer, value=94, version=1)
    assert conflict.value.current == {kpi.pk: current}
    current.refresh_from_db()
    assert current.value == 92


def test_a_reading_taken_out_meanwhile_is_a_conflict_too(contract, officer):
    kpi = make_kpi(contract)
    with pytest.raises(Conflict) as conflict:
        save(kpi, officer, value=94, version=1)
    assert conflict.value.current == {kpi.pk: None}


# Closed months, providers, absent people


@pytest.fixture
def closed(world, contract):
    MonthReview.objects.create(
        unit=world.unit, month=SEPTEMBER, closed_at=clock.now(), closed_by=world.people["commissioner"]
    )


def test_a_closed_month_takes_readings_only_by_amendment(world, contract, officer, closed):
    kpi = make_kpi(contract)
    with pytest.raises(ValidationError) as refused:
        save(kpi, officer, month=SEPTEMBER, value=92)
    assert refused.value.messages == [
        "September 2014 was closed on 4 November 2014. Its readings change only when its return is amended."
    ]
    (row,) = save(kpi, officer, month=SEPTEMBER, value=92, how={"amendment_reason": "Counted again"})
    assert row.value == 92


def test_a_provider_gives_only_what_it_reports(world, contract):
    contact = world.people["provider_contact"]
    own, officers = make_kpi(contract, reported_by=Reporter.PROVIDER), make_kpi(contract)
    (row,) = save(own, contact, value=92, how={"as_provider": True})
    assert row.saved_by == contact
    with pytest.raises(ValidationError) as refused:
        save(officers, contact, value=92, how={"as_provider": True})
    assert refused.value.message_dict == {f"kpi_{officers.pk}": ["This KPI is reported by the contract officer."]}


def test_a_stand_in_saves_it_for_the_absent_person(world, contract, officer):
    stand_in = world.people["commissioner"]
    (row,) = save(make_kpi(contract), stand_in, value=92, how={"absent": officer})
    assert (row.saved_by, row.saved_for) == (stand_in, officer)


@pytest.mark.parametrize("count", [1, 30])
def test_readings_are_checked_in_sets(contract, officer, django_assert_num_queries, count):
    kpis = [make_kpi(contract) for _ in range(count)]
    for kpi in kpis:
        make_reading(kpi, 92)
    entries = [dataclasses.replace(ReadingEntry(kpi.pk, version=1), value=Decimal(92)) for kpi in kpis]
    with django_assert_num_queries(6):  # savepoint and its release, two locks, KPIs, readings
        assert save_readings(contract=contract, month=OCTOBER, entries=entries, by=officer) == []
