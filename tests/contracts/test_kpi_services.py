"""KPIs and their targets: added, changed, put in order, aimed anew, closed; nothing rewrites what was read."""

import dataclasses
import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts import clock
from commissioning.services.conflict import Conflict
from contracts.choices import KpiDirection, KpiFrequency, KpiUnit
from contracts.models import Kpi, KpiTarget, MonthReview
from contracts.queries.kpi_evidence import said_of
from contracts.queries.kpis import kpi_lines
from contracts.services.kpis import (
    KpiDetails,
    TargetFigures,
    add_kpi,
    change_kpi,
    close_kpi,
    move_kpi,
    reopen_kpi,
    set_target,
)
from reporting.queries.history_of_contract import newest_entries
from tests.kpi_world import APRIL, make_kpi, make_reading
from tests.world import OCTOBER

SEPTEMBER = datetime.date(2014, 9, 1)
NOVEMBER = datetime.date(2014, 11, 1)
SEEN = KpiDetails(
    name="Seen within 6 weeks",
    unit=KpiUnit.PERCENT,
    direction=KpiDirection.AT_LEAST,
    frequency=KpiFrequency.MONTHLY,
    first_month=APRIL,
)
AT_95 = TargetFigures(Decimal(95))


@pytest.fixture
def contract(world):
    return world.contract()


@pytest.fixture
def officer(world):
    return world.people["contract_officer"]


def faults(call, **arguments):
    with pytest.raises(ValidationError) as refused:
        call(**arguments)
    return refused.value.message_dict


def details_of(kpi, **changes):
    names = [field.name for field in dataclasses.fields(KpiDetails)]
    return KpiDetails(**({name: getattr(kpi, name) for name in names} | changes))


def test_a_kpi_goes_to_the_end_of_the_list_with_its_target(contract, officer):
    first = make_kpi(contract, position=1)
    kpi = add_kpi(contract=contract, details=SEEN, target=AT_95, by=officer)
    assert list(contract.kpis.all()) == [first, kpi]
    assert [(row.from_month, row.target) for row in kpi.targets.all()] == [(APRIL, 95)]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": "  "}, "name", "Say what is measured."),
        ({"name": "Taken"}, "name", "The contract already has a KPI of this name."),
        (
            {"is_from_counts": True, "unit": KpiUnit.DAYS},
            "is_from_counts",
            "Only a percentage is worked out from a part and a whole.",
        ),
        ({"first_month": datetime.date(2013, 3, 1)}, "first_month", "The contract starts on 1 April 2013."),
        ({"first_month": datetime.date(2016, 4, 1)}, "first_month", "The contract ends on 31 March 2016."),
    ],
)
def test_a_kpi_that_cannot_be_is_refused_in_a_sentence(contract, officer, changes, field, sentence):
    make_kpi(contract, name="Taken")
    details = dataclasses.replace(SEEN, **changes)
    assert faults(add_kpi, contract=contract, details=details, target=None, by=officer) == {field: [sentence]}
    assert Kpi.objects.count() == 1


@pytest.mark.parametrize(
    ("figures", "direction", "field", "sentence"),
    [
        ((101,), KpiDirection.AT_LEAST, "target", "A percentage cannot be over 100."),
        ((-1,), KpiDirection.AT_LEAST, "target", "A target cannot be less than nothing."),
        ((5, 10), KpiDirection.AT_MOST, "upper", "Only a range has an upper end: leave it empty."),
        ((5,), KpiDirection.BETWEEN, "upper", "Give the upper end of the range."),
        ((5, 4), KpiDirection.BETWEEN, "upper", "The upper end of the range is below its lower end."),
        ((5, None, -1), KpiDirection.AT_LEAST, "tolerance", "A tolerance cannot be less than nothing."),
    ],
)
def test_a_target_that_cannot_be_is_refused_in_a_sentence(contract, officer, figures, direction, field, sentence):
    target = TargetFigures(*(None if figure is None else Decimal(figure) for figure in figures))
    details = dataclasses.replace(SEEN, direction=direction)
    assert faults(add_kpi, contract=contract, details=details, target=target, by=officer) == {field: [sentence]}
    kpi = make_kpi(contract, direction=direction, target=None)
    found = faults(set_target, kpi=kpi, from_month=OCTOBER, target=target, reason="", by=officer)
    assert found == {field: [sentence]}


def test_what_describes_a_kpi_may_always_change(contract, officer):
    kpi = make_kpi(contract)
    make_reading(kpi, 92)
    changed = change_kpi(
        kpi=kpi, details=details_of(kpi, name="New name", decimals=1, is_published=True), version=1, by=officer
    )
    assert (changed.name, changed.decimals, changed.is_published, changed.version) == ("New name", 1, True, 2)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"unit": KpiUnit.NUMBER}, "This KPI has readings: its unit stays. Close it and add another."),
        ({"direction": KpiDirection.AT_MOST}, "This KPI has readings: its direction stays. Close it and add another."),
        ({"frequency": KpiFrequency.YEARLY}, "This KPI has readings: its frequency stays. Close it and add another."),
        ({"first_month": NOVEMBER}, "It has a reading for October 2014."),
    ],
)
def test_what_was_read_by_stays_once_it_is_read(contract, officer, changes, sentence):
    kpi = make_kpi(contract)
    arguments = {"kpi": kpi, "details": details_of(kpi, **changes), "version": 1, "by": officer}
    make_reading(kpi, 92)
    assert faults(change_kpi, **arguments) == {next(iter(changes)): [sentence]}
    kpi.readings.all().delete()
    assert change_kpi(**arguments).version == 2


def test_an_older_page_does_not_change_a_kpi(contract, officer):
    kpi = make_kpi(contract, version=2)
    with pytest.raises(Conflict) as conflict:
        change_kpi(kpi=kpi, details=details_of(kpi, name="Mine"), version=1, by=officer)
    assert conflict.value.current == kpi


def test_kpis_are_put_in_another_order(contract, officer):
    one, two, three = (make_kpi(contract, name=name, position=1) for name in ("One", "Two", "Three"))
    move_kpi(kpi=three, is_up=True, by=officer)
    move_kpi(kpi=one, is_up=True, by=officer)
    move_kpi(kpi=one, is_up=False, by=officer)
    assert list(contract.kpis.all()) == [three, one, two]


# Targets


def test_a_new_target_leaves_the_months_before_it_alone(contract, officer):
    kpi = make_kpi(contract, target=90)
    make_reading(kpi, 92, SEPTEMBER)
    set_target(kpi=kpi, from_month=OCTOBER, target=AT_95, reason="Agreed for the winter", by=officer)
    assert [line.target_words for line in kpi_lines(contract, SEPTEMBER)] == ["≥ 90%"]
    assert [line.target_words for line in kpi_lines(contract, OCTOBER)] == ["≥ 95%"]


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        (OCTOBER, "October 2014 has a reading already: a new target begins with November 2014 or later."),
        (APRIL, "October 2014 has a reading already: a new target begins with November 2014 or later."),
        (datetime.date(2013, 3, 1), "This KPI is measured from April 2013 on."),
    ],
)
def test_a_target_does_not_rewrite_history(contract, officer, month, sentence):
    kpi = make_kpi(contract)
    make_reading(kpi, 92)
    found = faults(set_target, kpi=kpi, from_month=month, target=AT_95, reason="Why not", by=officer)
    assert found == {"from_month": [sentence]}
    assert KpiTarget.objects.count() == 1


def test_only_the_first_target_needs_no_reason(contract, officer):
    kpi = make_kpi(contract, target=None)
    set_target(kpi=kpi, from_month=APRIL, target=AT_95, reason="", by=officer)
    found = faults(set_target, kpi=kpi, from_month=OCTOBER, target=AT_95, reason=" ", by=officer)
    assert found == {"reason": ["Say why the target changes."]}
    found = faults(set_target, kpi=kpi, from_month=OCTOBER, target=AT_95, reason="x" * 601, by=officer)
    assert found == {"reason": ["Use 600 characters or fewer."]}


def test_a_target_that_nothing_was_read_against_is_corrected(contract, officer):
    kpi = make_kpi(contract, target=90)
    set_target(kpi=kpi, from_month=APRIL, target=AT_95, reason="Typed wrongly", by=officer)
    assert [row.target for row in kpi.targets.all()] == [95]


# Closed


def test_a_kpi_closed_in_mid_year_owes_nothing_after_and_keeps_what_was_read(contract, officer):
    kpi = make_kpi(contract)
    make_reading(kpi, 92, SEPTEMBER)
    close_kpi(kpi=kpi, last_month=SEPTEMBER, reason="Replaced", version=1, by=officer)
    assert said_of([contract.pk], OCTOBER)[contract.pk].due == 0
    assert kpi_lines(contract, OCTOBER) == []
    assert [line.value_words for line in kpi_lines(contract, SEPTEMBER)] == ["92%"]


@pytest.mark.parametrize(
    ("month", "reason", "found"),
    [
        (
            SEPTEMBER,
            "Replaced",
            {"last_month": ["October 2014 has a reading: close the KPI with that month or a later one."]},
        ),
        (OCTOBER, " ", {"reason": ["Say why the KPI is closed."]}),
        (
            datetime.date(2013, 3, 1),
            "Replaced",
            {"last_month": ["This KPI is measured from April 2013 on: it cannot be closed before that."]},
        ),
    ],
)
def test_a_closing_that_cannot_be_is_refused_in_a_sentence(contract, officer, month, reason, found):
    kpi = make_kpi(contract)
    make_reading(kpi, 92)
    assert faults(close_kpi, kpi=kpi, last_month=month, reason=reason, version=1, by=officer) == found


def test_a_kpi_is_opened_again_and_owes_the_months_between(contract, officer):
    kpi = make_kpi(contract, last_month=SEPTEMBER, closing_reason="Replaced")
    reopen_kpi(kpi=kpi, version=1, by=officer)
    assert said_of([contract.pk], OCTOBER)[contract.pk].due == 1
    with pytest.raises(ValidationError):
        reopen_kpi(kpi=kpi, version=2, by=officer)
    with pytest.raises(Conflict):
        close_kpi(kpi=kpi, last_month=OCTOBER, reason="Again", version=1, by=officer)


def test_history_says_what_was_done_in_words(contract, officer):
    kpi = add_kpi(contract=contract, details=SEEN, target=AT_95, by=officer)
    change_kpi(kpi=kpi, details=details_of(kpi, frequency=KpiFrequency.QUARTERLY), version=1, by=officer)
    set_target(kpi=kpi, from_month=OCTOBER, target=TargetFigures(Decimal(98)), reason="Better staffed", by=officer)
    close_kpi(kpi=kpi, last_month=OCTOBER, reason="Replaced", version=2, by=officer)
    told = {entry.title: (entry.changes, entry.reason) for entry in newest_entries(contract, count=200)}
    assert told["KPI added"] == (
        [
            "KPI “Seen within 6 weeks”, every month from April 2013",
            "“Seen within 6 weeks”: target ≥ 95% from April 2013",
        ],
        "",
    )
    assert told["KPI changed"] == (["KPI “Seen within 6 weeks”: how often Every month to Every quarter"], "")
    assert told["KPI target set"] == (["“Seen within 6 weeks”: target ≥ 98% from October 2014"], "Better staffed")
    assert told["KPI closed"] == (["KPI “Seen within 6 weeks”: closed with October 2014"], "Replaced")


def test_no_kpi_reaches_back_into_a_closed_month(world):
    contract, officer = world.contract(), world.people["contract_officer"]
    commissioner = world.people["commissioner"]
    MonthReview.objects.create(unit=world.unit, month=SEPTEMBER, closed_at=clock.now(), closed_by=commissioner)
    early, late = (dataclasses.replace(SEEN, first_month=month) for month in (SEPTEMBER, OCTOBER))
    with pytest.raises(ValidationError) as refused:
        add_kpi(contract=contract, details=early, target=None, by=officer)
    assert refused.value.message_dict == {
        "first_month": ["September 2014 is closed: measure from October 2014 or a later month."]
    }
    kpi = add_kpi(contract=contract, details=late, target=None, by=officer)
    with pytest.raises(ValidationError, match="September 2014 is closed"):
        change_kpi(kpi=kpi, details=early, version=kpi.version, by=officer)


def test_no_kpi_is_closed_with_a_month_after_the_contract(world):
    contract, officer = world.contract(), world.people["contract_officer"]
    kpi = make_kpi(contract)
    with pytest.raises(ValidationError, match="The contract ends on 31 March 2016"):
        close_kpi(kpi=kpi, last_month=datetime.date(2016, 4, 1), reason="Over.", version=kpi.version, by=officer)
