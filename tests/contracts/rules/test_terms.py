import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.choices import ContractStatus
from contracts.rules.terms import (
    ExtensionOption,
    add_months,
    decide_by,
    effective_end,
    late_exercise,
    maximum_end,
    months_error,
    notice_by,
    options_error,
    status_on,
)

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
MONTHS = st.integers(min_value=-240, max_value=240)


def is_last_of_month(day):
    return (day + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2015, 1, 31), 1, date(2015, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2015, 1, 30), 1, date(2015, 2, 28)),
        (date(2016, 1, 30), 1, date(2016, 2, 29)),
        (date(2015, 2, 28), 12, date(2016, 2, 29)),
        (date(2016, 2, 28), 12, date(2017, 2, 28)),
        (date(2016, 2, 28), 1, date(2016, 3, 28)),
        (date(2015, 2, 28), 1, date(2015, 3, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2014, 9, 30), 1, date(2014, 10, 31)),
        (date(2014, 9, 29), 1, date(2014, 10, 29)),
        (date(2015, 3, 31), -4, date(2014, 11, 30)),
        (date(2015, 3, 31), -3, date(2014, 12, 31)),
        (date(2015, 3, 30), -1, date(2015, 2, 28)),
        (date(2014, 12, 15), 1, date(2015, 1, 15)),
        (date(2015, 1, 15), -1, date(2014, 12, 15)),
        (date(2014, 6, 12), 0, date(2014, 6, 12)),
    ],
)
def test_add_months(day, months, expected):
    assert add_months(day, months) == expected


@given(day=DAYS, months=MONTHS)
def test_add_months_lands_in_the_month_so_many_months_away(day, months):
    result = add_months(day, months)
    assert (result.year - day.year) * 12 + result.month - day.month == months


@given(day=DAYS, months=MONTHS)
def test_the_last_of_a_month_stays_the_last_and_any_other_day_is_kept_or_clamped(day, months):
    result = add_months(day, months)
    if is_last_of_month(day):
        assert is_last_of_month(result)
    else:
        assert result.day == min(day.day, calendar.monthrange(result.year, result.month)[1])


@given(day=DAYS, later=st.integers(0, 400), months=MONTHS)
def test_add_months_keeps_the_order_of_days(day, later, months):
    assert add_months(day, months) <= add_months(day + timedelta(days=later), months)


@given(day=DAYS, months=MONTHS)
def test_there_and_back_is_the_same_day_for_last_days_and_for_days_every_month_has(day, months):
    back = add_months(add_months(day, months), -months)
    if is_last_of_month(day) or day.day < 28:
        assert back == day


def test_months_are_summed_before_they_are_added():
    day = date(2015, 1, 30)
    assert add_months(day, 2) == date(2015, 3, 30)
    assert add_months(add_months(day, 1), 1) == date(2015, 3, 31)
    assert effective_end(initial_end=day, exercised_months=2) == date(2015, 3, 30)


@pytest.mark.parametrize(
    ("initial_end", "months", "ended_early_on", "expected"),
    [
        (date(2014, 3, 31), 0, None, date(2014, 3, 31)),
        # Cambridgeshire and Peterborough Foundation Trust, extended up to 12 months (Borderline and Peterborough, 2013)
        (date(2014, 3, 31), 12, None, date(2015, 3, 31)),
        (date(2014, 3, 31), 24, None, date(2016, 3, 31)),
        (date(2014, 3, 31), 12, date(2014, 9, 30), date(2014, 9, 30)),
        (date(2014, 3, 31), 0, date(2014, 9, 30), date(2014, 3, 31)),
        (None, 12, None, None),
        (date(2014, 3, 31), None, None, None),
        (None, 12, date(2014, 9, 30), date(2014, 9, 30)),
        (None, None, None, None),
    ],
)
def test_ends(initial_end, months, ended_early_on, expected):
    assert effective_end(initial_end=initial_end, exercised_months=months, ended_early_on=ended_early_on) == expected
    assert maximum_end(initial_end=initial_end, option_months_total=months, ended_early_on=ended_early_on) == expected


@given(
    initial_end=DAYS,
    options=st.lists(st.integers(1, 60), max_size=5),
    exercised=st.integers(0, 5),
    ended_early_on=st.none() | DAYS,
)
def test_the_effective_end_never_passes_the_maximum_end(initial_end, options, exercised, ended_early_on):
    now = effective_end(
        initial_end=initial_end, exercised_months=sum(options[:exercised]), ended_early_on=ended_early_on
    )
    longest = maximum_end(initial_end=initial_end, option_months_total=sum(options), ended_early_on=ended_early_on)
    assert now <= longest
    if ended_early_on is None:
        assert now >= initial_end
    else:
        assert longest <= ended_early_on


def test_notice_and_decision_follow_the_extended_end():
    end = effective_end(initial_end=date(2014, 3, 31), exercised_months=12)
    notice = notice_by(effective_end=end, notice_months=4)
    assert notice == date(2014, 11, 30)
    assert decide_by(notice_by=notice, lead_days=30) == date(2014, 10, 31)


@pytest.mark.parametrize(("end", "months"), [(None, 3), (date(2015, 3, 31), None), (None, None)])
def test_notice_not_known(end, months):
    assert notice_by(effective_end=end, notice_months=months) is None


@pytest.mark.parametrize(("notice", "days"), [(None, 30), (date(2015, 3, 31), None), (None, None)])
def test_decision_not_known(notice, days):
    assert decide_by(notice_by=notice, lead_days=days) is None


@given(end=DAYS, notice_months=st.integers(0, 24), lead_days=st.integers(0, 365))
def test_decide_then_notice_then_end(end, notice_months, lead_days):
    notice = notice_by(effective_end=end, notice_months=notice_months)
    assert decide_by(notice_by=notice, lead_days=lead_days) <= notice <= end


START, END, NOTICE = date(2012, 4, 1), date(2015, 3, 31), date(2014, 11, 4)


@pytest.mark.parametrize(
    ("day", "start", "end", "notice", "expected"),
    [
        (date(2012, 3, 31), START, END, None, ContractStatus.BEING_PROCURED),
        (START, START, END, None, ContractStatus.CURRENT),
        (END, START, END, None, ContractStatus.CURRENT),
        (END + timedelta(days=1), START, END, None, ContractStatus.ENDED),
        (NOTICE - timedelta(days=1), START, END, NOTICE, ContractStatus.CURRENT),
        (NOTICE, START, END, NOTICE, ContractStatus.NOTICE_GIVEN),
        (END, START, END, NOTICE, ContractStatus.NOTICE_GIVEN),
        (END + timedelta(days=1), START, END, NOTICE, ContractStatus.ENDED),
        (NOTICE, None, END, None, ContractStatus.BEING_PROCURED),
        (END + timedelta(days=1), None, END, None, ContractStatus.ENDED),
        (NOTICE, START, None, None, ContractStatus.CURRENT),
        (NOTICE, None, None, None, ContractStatus.BEING_PROCURED),
        (date(2012, 3, 1), START, END, date(2012, 2, 1), ContractStatus.BEING_PROCURED),
    ],
)
def test_status_on(day, start, end, notice, expected):
    assert status_on(day, start=start, effective_end=end, notice_given_on=notice) is expected


RANK = {
    ContractStatus.BEING_PROCURED: 0,
    ContractStatus.CURRENT: 1,
    ContractStatus.NOTICE_GIVEN: 2,
    ContractStatus.ENDED: 3,
}


@given(start=st.none() | DAYS, end=st.none() | DAYS, notice=st.none() | DAYS, days=st.lists(DAYS, min_size=2))
def test_status_only_moves_forward(start, end, notice, days):
    ranks = [RANK[status_on(day, start=start, effective_end=end, notice_given_on=notice)] for day in sorted(days)]
    assert ranks == sorted(ranks)


# Lincolnshire, 2014: three years with an option to extend for two 12 month periods
INITIAL_END = date(2015, 3, 31)


def options(*exercised, months=12):
    return [ExtensionOption(number, months, day) for number, day in enumerate(exercised, start=1)]


@pytest.mark.parametrize(
    ("given_options", "expected"),
    [
        ([], None),
        (options(None, None), None),
        (options(date(2014, 11, 30), None), None),
        (options(INITIAL_END, None), None),
        (options(date(2014, 11, 30), date(2016, 3, 31)), None),
        (options(date(2014, 11, 30), date(2014, 11, 30)), None),
        (list(reversed(options(date(2014, 11, 30), date(2016, 3, 31)))), None),
        (options(None, date(2014, 11, 30)), "Option 2 can be exercised only after option 1."),
        (
            options(date(2015, 4, 1), None),
            "Option 1 cannot be exercised on 1 April 2015: the contract ended on 31 March 2015.",
        ),
        (
            options(date(2014, 11, 30), date(2016, 4, 1)),
            "Option 2 cannot be exercised on 1 April 2016: the contract ended on 31 March 2016.",
        ),
        (
            options(date(2014, 11, 30), date(2014, 11, 29)),
            "Option 2 cannot be exercised on 29 November 2014, before option 1, "
            "which was exercised on 30 November 2014.",
        ),
        (options(None, months=0), "Option 1 must be for at least 1 month."),
        ([ExtensionOption(2, 12)], "Options are numbered 1, 2, 3 and so on, each number once."),
        (
            [ExtensionOption(1, 12), ExtensionOption(1, 12)],
            "Options are numbered 1, 2, 3 and so on, each number once.",
        ),
    ],
)
def test_options_error(given_options, expected):
    assert options_error(given_options, initial_end=INITIAL_END) == expected


def test_an_option_never_takes_the_contract_past_its_latest_end():
    exercised = options(date(2014, 11, 30), date(2015, 11, 30))
    assert options_error(exercised, initial_end=INITIAL_END, maximum=date(2017, 3, 31)) is None
    assert options_error(exercised, initial_end=INITIAL_END, maximum=date(2016, 9, 30)) == (
        "Option 2 would take the contract to 31 March 2017, past its latest possible end of 30 September 2016."
    )


def test_an_option_is_not_exercised_after_an_early_end():
    exercised = options(date(2014, 11, 30))
    assert options_error(exercised, initial_end=INITIAL_END, ended_early_on=date(2014, 12, 31)) is None
    assert options_error(exercised, initial_end=INITIAL_END, ended_early_on=date(2014, 10, 31)) == (
        "Option 1 cannot be exercised on 30 November 2014: the contract ended on 31 October 2014."
    )


def test_an_option_is_not_exercised_while_the_end_is_unknown():
    assert options_error(options(None), initial_end=None) is None
    assert options_error(options(date(2014, 11, 30)), initial_end=None) == (
        "Option 1 cannot be exercised while the initial end of the contract is not known."
    )


def test_an_option_exercised_late_is_not_refused():
    late = options(date(2014, 12, 1), date(2015, 11, 30))
    assert options_error(late, initial_end=INITIAL_END) is None


@pytest.mark.parametrize(
    ("on", "last_day", "sentence"),
    [
        (date(2014, 11, 30), date(2014, 11, 30), None),
        (date(2014, 12, 1), None, None),
        (date(2014, 12, 1), date(2014, 11, 30),
         "This option is exercised 1 day after the last day to tell the provider (30 November 2014)."),
        (date(2016, 3, 1), date(2016, 2, 28),
         "This option is exercised 2 days after the last day to tell the provider (28 February 2016)."),
    ],
)  # fmt: skip
def test_how_late_an_option_is(on, last_day, sentence):
    assert late_exercise(on=on, last_day=last_day) == sentence


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        (1, None),
        (12, None),
        (0, "Option 2 grants up to 12 months: use at least 1 month and no more than it grants."),
        (13, "Option 2 grants up to 12 months: use at least 1 month and no more than it grants."),
    ],
)
def test_an_option_is_used_for_no_more_than_it_grants(months, sentence):
    assert months_error(months, granted=12, number=2) == sentence
