"""When a duty arises and by which day, as tables and by property; and that the tables of the law hold together."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.holidays import england_bank_holidays
from contracts.choices import DutyCause, ProcurementRegime
from contracts.models import ChangeGround, DutyRule
from contracts.rules.change_law import CONFIRM, DUTIES, GROUNDS, REGIME_FIRST, DutyRow, ground_error
from contracts.rules.duties import (
    Change,
    applies,
    due_on,
    next_year_end,
    percent_of,
    percent_of_term,
    value_of_months,
    working_days_from,
)

FULL, LIGHT, PSR, PCR = (
    ProcurementRegime.PA2023_FULL,
    ProcurementRegime.PA2023_LIGHT_TOUCH,
    ProcurementRegime.PSR,
    ProcurementRegime.PCR2015,
)
ON = date(2026, 2, 10)
CHANGE = Change(
    on=ON, takes_effect_on=date(2026, 4, 1), value_change=Decimal(500_000), percent=Decimal(25),
    contract_value=Decimal(6_000_000), publishes_kpis=True,
)  # fmt: skip


def asked(regime, cause, change=CHANGE):
    """(code, due day) of every duty that the table asks for."""
    return {
        (row.code, due_on(row, change, holidays=england_bank_holidays()))
        for row in DUTIES
        if row.regime == regime and row.cause == cause and applies(row, change)
    }


@pytest.mark.parametrize(
    ("regime", "cause", "changes", "duties"),
    [
        (FULL, DutyCause.STARTED, {}, {
            ("uk7", date(2026, 3, 12)), ("copy", date(2026, 5, 11)), ("kpis", date(2026, 3, 12))}),
        (FULL, DutyCause.STARTED, {"contract_value": Decimal(5_000_000)}, {("uk7", date(2026, 3, 12))}),
        (LIGHT, DutyCause.STARTED, {}, {("uk7", date(2026, 6, 10)), ("copy", date(2026, 8, 9))}),
        # before it takes effect; not for a tenth or less, not for light touch
        (FULL, DutyCause.EXTENDED, {"contract_value": Decimal(1)}, {("uk10", date(2026, 3, 31))}),
        (FULL, DutyCause.EXTENDED, {}, {("uk10", date(2026, 3, 31)), ("copy-changed", date(2026, 5, 11))}),
        (FULL, DutyCause.EXTENDED, {"percent": Decimal(10)}, set()),
        (FULL, DutyCause.VALUE_VARIED, {"percent": Decimal("10.01"), "contract_value": None}, {
            ("uk10", date(2026, 3, 31)), ("copy-changed", date(2026, 5, 11))}),
        (FULL, DutyCause.VALUE_VARIED, {"percent": None, "contract_value": Decimal(0)}, {("uk10", date(2026, 3, 31))}),
        (LIGHT, DutyCause.EXTENDED, {}, set()),
        (LIGHT, DutyCause.VALUE_VARIED, {}, set()),
        (LIGHT, DutyCause.TERM_VARIED, {}, set()),
        (FULL, DutyCause.NOVATED, {"percent": Decimal(0)}, {("uk10", date(2026, 3, 31))}),
        # by whatever means it ends
        (FULL, DutyCause.ENDED, {}, {("uk11", date(2026, 3, 12)), ("uk9", None)}),
        (FULL, DutyCause.ENDED, {"publishes_kpis": False}, {("uk11", date(2026, 3, 12))}),
        (FULL, DutyCause.ENDED, {"on": date(2025, 12, 31)}, {("uk11", date(2026, 1, 30))}),
        (LIGHT, DutyCause.ENDED, {}, {("uk11", date(2026, 3, 12))}),
        (FULL, DutyCause.YEAR_OF_KPIS, {}, {("uk9", ON)}),
        (FULL, DutyCause.YEAR_OF_KPIS, {"publishes_kpis": False}, set()),
        (FULL, DutyCause.POOR_PERFORMANCE, {}, {("uk9", date(2026, 3, 12))}),
        (PSR, DutyCause.EXTENDED, {}, {("psr-modification", date(2026, 3, 12))}),
        (PSR, DutyCause.EXTENDED, {"value_change": Decimal("499999.99")}, set()),
        (PSR, DutyCause.VALUE_VARIED, {"value_change": None}, {("psr-modification", date(2026, 3, 12))}),
        (PSR, DutyCause.VALUE_VARIED, {"value_change": Decimal(0), "ground": "14"}, {
            ("psr-urgent", date(2026, 3, 12))}),
        # eight working days before 1 April 2026, Easter not yet begun
        (PSR, DutyCause.STARTED, {}, {("psr-standstill", date(2026, 3, 20)), ("psr-award", date(2026, 3, 12))}),
        (PCR, DutyCause.EXTENDED, {"ground": "72-1-a"}, set()),
        (PCR, DutyCause.EXTENDED, {"ground": "72-1-b"}, {("reg72-3", None)}),
        (PCR, DutyCause.TERM_VARIED, {"ground": "72-1-c"}, {("reg72-3", None)}),
        (ProcurementRegime.GRANT, DutyCause.EXTENDED, {}, set()),
        (ProcurementRegime.UNKNOWN, DutyCause.ENDED, {}, set()),
    ],
)  # fmt: skip
def test_what_the_law_asks_for(regime, cause, changes, duties):
    assert asked(regime, cause, replace(CHANGE, **changes)) == duties


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [(None, None, True), (ON, ON, True), (ON + timedelta(days=1), None, False), (None, ON - timedelta(days=1), False)],
)
def test_a_rule_holds_on_the_days_it_is_law(first, last, holds):
    row = DutyRow(FULL, DutyCause.ENDED, "x", "X", "Y", valid_from=first, valid_to=last)
    assert applies(row, CHANGE) is holds


def test_working_days_over_easter_and_the_end_of_a_year():
    holidays = england_bank_holidays()
    assert working_days_from(date(2026, 4, 1), 8, holidays=holidays) == date(2026, 4, 15)
    assert working_days_from(date(2026, 4, 15), -8, holidays=holidays) == date(2026, 4, 1)
    assert working_days_from(date(2025, 12, 24), 2, holidays=holidays) == date(2025, 12, 30)
    assert working_days_from(date(2028, 2, 28), 1, holidays=holidays) == date(2028, 2, 29)
    assert working_days_from(date(2026, 4, 4), 0, holidays=holidays) == date(2026, 4, 4)


DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31))


@given(day=DAYS, days=st.integers(1, 40))
def test_so_many_working_days_lie_between(day, days):
    holidays = england_bank_holidays()
    for last, step in ((working_days_from(day, days, holidays=holidays), 1),
                       (working_days_from(day, -days, holidays=holidays), -1)):  # fmt: skip
        assert last.weekday() < 5
        assert last not in holidays
        between = [day + timedelta(days=step * n) for n in range(1, abs((last - day).days) + 1)]
        assert sum(each.weekday() < 5 and each not in holidays for each in between) == days


@given(start=DAYS, after=DAYS)
def test_the_twelve_months_that_run_on_a_day_end_on_or_after_it(start, after):
    end = next_year_end(start, after=after)
    assert end >= after
    if after >= start:
        assert end - after <= timedelta(days=366)


@pytest.mark.parametrize(
    ("start", "after", "end"),
    [
        (date(2013, 4, 1), date(2014, 11, 4), date(2015, 3, 31)),
        (date(2013, 4, 1), date(2015, 3, 31), date(2015, 3, 31)),
        (date(2013, 4, 1), date(2015, 4, 1), date(2016, 3, 31)),
        (date(2027, 3, 1), date(2027, 6, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 3, 1), date(2029, 2, 27)),
        (date(2016, 4, 1), date(2014, 11, 4), date(2017, 3, 31)),
    ],
)
def test_the_end_of_a_year_of_the_contract(start, after, end):
    assert next_year_end(start, after=after) == end


def test_shares_of_value_and_of_term():
    assert percent_of(Decimal(-10), Decimal(100)) == 10
    assert percent_of(None, 100) is None
    assert percent_of(1, 0) is None
    term = {"start": date(2013, 4, 1), "longest": date(2018, 3, 31)}
    share = percent_of_term(**term, before=date(2018, 3, 31), after=date(2019, 3, 31))
    assert share == Decimal(36500) / Decimal(1826)
    assert percent_of_term(start=None, longest=date(2018, 3, 31), before=ON, after=ON) is None
    assert value_of_months(Decimal("12000.01"), 5) == Decimal("5000.00")
    assert value_of_months(None, 5) is None


def test_every_regime_has_its_grounds_but_the_one_not_known():
    assert {row.regime for row in GROUNDS} == set(ProcurementRegime) - {ProcurementRegime.UNKNOWN}


@pytest.mark.parametrize(
    ("ground_regime", "regime", "in_use", "sentence"),
    [
        ("psr", "psr", True, None),
        ("psr", "psr", False, "This ground is no longer in use."),
        ("psr", "pcr2015", True,
         "This ground is not one of the contract’s own regime, Public Contracts Regulations 2015."),
        ("psr", "unknown", True, REGIME_FIRST),
    ],
)  # fmt: skip
def test_a_ground_is_of_the_contracts_own_law(ground_regime, regime, in_use, sentence):
    assert ground_error(ground_regime=ground_regime, regime=regime, is_in_use=in_use) == sentence


def test_the_acts_section_75_is_never_named_without_its_act():
    """It clashes with section 75 of the National Health Service Act 2006."""
    texts = [text for row in (*DUTIES, *GROUNDS) for text in (row.law, row.note)]
    assert [text for text in texts if "section 75" in text and "Procurement Act 2023, section 75" not in text] == []
    assert any("Procurement Act 2023, section 75" in text for text in texts)


def test_the_public_notice_is_told_from_the_private_one():
    yearly = [row for row in DUTIES if row.code == "uk9" and row.cause != DutyCause.POOR_PERFORMANCE]
    assert yearly
    assert all("private contract performance notice of the NHS Standard Contract" in row.note for row in yearly)


def test_what_is_uncertain_says_that_a_lawyer_must_confirm_it():
    said = CONFIRM[1:-1]
    assert all(said in row.note for row in DUTIES if row.code in ("uk7", "copy", "uk11", "award", "psr-modification"))


def test_the_migration_writes_the_tables(db):
    assert list(ChangeGround.objects.order_by("pk").values_list("regime", "code", "words", "law", "note")) == [
        (row.regime, row.code, row.words, row.law, row.note) for row in GROUNDS
    ]
    names = ("regime", "cause", "code", "title", "law", "days", "only_grounds", "percent_change_above", "valid_from")
    assert list(DutyRule.objects.order_by("pk").values_list(*names)) == [
        tuple(getattr(row, name) for name in names) for row in DUTIES
    ]
    for row in (*ChangeGround.objects.all(), *DutyRule.objects.all()):
        row.full_clean()
