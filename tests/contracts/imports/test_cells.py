"""What one cell may hold, and the sentence for what it may not."""

import datetime
from decimal import Decimal

import pytest

from contracts.resources.columns import BY_NAME
from contracts.resources.parties import Identifier
from contracts.resources.register import RegisterResource

DAY = datetime.date(2015, 3, 31)


def read(name: str, cell: object) -> object:
    """The value, or the sentence that refuses it."""
    row = RegisterResource().clean_row({BY_NAME[name].header: cell})
    return row.faults[0].sentence if row.faults else row.values[name]


@pytest.mark.parametrize(
    "cell",
    [
        "31/03/2015",
        "31/3/2015",
        " 31/03/2015 ",
        "31 March 2015",
        "31 Mar 2015",
        "31 march  2015",
        "2015-03-31",
        DAY,
        datetime.datetime(2015, 3, 31),  # noqa: DTZ001 - as workbooks hold them
    ],
)
def test_dates_are_read_day_first(cell):
    assert read("start", cell) == DAY


def test_the_day_stands_first_even_where_both_would_do():
    assert read("start", "03/04/2015") == datetime.date(2015, 4, 3)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("31/02/2015", "31/02/2015 is not a date."),
        ("03/31/2015", "03/31/2015 is not a date."),
        ("2015-31-03", "2015-31-03 is not a date."),
        ("31/3/15", "31/3/15 is not a date. Write the year in full, such as 31/03/2015."),
        ("31.03.2015", "31.03.2015 is not a date. Write it as 31/03/2015, 31 March 2015 or 2015-03-31."),
        ("2015-3-31", "2015-3-31 is not a date. Write it as 31/03/2015, 31 March 2015 or 2015-03-31."),
        ("20150331", "20150331 is not a date. Write it as 31/03/2015, 31 March 2015 or 2015-03-31."),
        ("31 Marsh 2015", "31 Marsh 2015 is not a date. Write it as 31/03/2015, 31 March 2015 or 2015-03-31."),
        ("TBC", "TBC is not a date. Write it as 31/03/2015, 31 March 2015 or 2015-03-31."),
        (42094.0, "42094 is a number, not a date. Format the cell as a date."),
        (datetime.datetime(2015, 3, 31, 9, 30), "31/03/2015 09:30 has a time of day. Give the date alone."),  # noqa: DTZ001
        ("31/03/0215", "31/03/0215 is not a date between 1900 and 2199."),
    ],
)
def test_what_is_no_date_is_refused_and_never_guessed(cell, sentence):
    assert read("start", cell) == sentence


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("£1,250.00", "1250.00"),
        ("1250", "1250.00"),
        ("1250.5", "1250.50"),
        ("£ 12,345,678", "12345678.00"),
        (1250.0, "1250.00"),
        (0.1 + 0.2, "0.30"),
        (999999999999.99, "999999999999.99"),
        ("0", "0.00"),
    ],
)
def test_money_is_pounds_and_pence(cell, amount):
    assert read("annual_value", cell) == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("1.2m", "1.2m is not an amount in full. Write it out, such as 1200000 or £1,200,000."),
        ("£400k", "£400k is not an amount in full. Write it out, such as 1200000 or £1,200,000."),
        ("12,50", "12,50 is not an amount in pounds, such as 1250 or £1,250.00."),
        ("1.250,00", "1.250,00 is not an amount in pounds, such as 1250 or £1,250.00."),
        ("about 5", "about 5 is not an amount in pounds, such as 1250 or £1,250.00."),
        ("-5", "-5 is less than nothing."),
        ("(1,250)", "(1,250) is less than nothing."),
        (-5.0, "-5 is less than nothing."),
        (12.345, "12.345 has parts of a penny."),
        ("1000000000000", "1000000000000 is more than can be kept."),
    ],
)
def test_what_is_no_amount_is_refused(cell, sentence):
    assert read("annual_value", cell) == sentence


def test_empty_cells_are_unknown_not_nothing():
    assert [read(name, "") for name in ("start", "annual_value", "officer", "notice_months")] == [None] * 4
    assert [read(name, None) for name in ("options", "exercised", "providers", "funding")] == [()] * 4


@pytest.mark.parametrize("cell", ["Devolved", "devolved", " DEVOLVED "])
def test_words_of_a_list_are_read_loosely(cell):
    assert read("management", cell) == "devolved"


def test_words_not_on_the_list_are_refused_with_what_was_meant():
    assert read("management", "Devolvd") == "«Devolvd» is not on the list. Did you mean «Devolved»?"
    assert read("management", "Zyx") == "«Zyx» is not on the list: Centrally managed, Devolved."


def test_several_stand_between_bars_and_keep_their_places():
    assert read("options", "12 | 12") == (12, 12)
    assert read("options", 12.0) == (12,)
    assert read("exercised", "31/03/2014 | 2015-03-31") == (datetime.date(2014, 3, 31), DAY)
    assert read("exercised", " | 31/03/2015") == (None, DAY)
    assert read("identifiers", " | company:01234567 | ") == (None, Identifier("company", "01234567"))
    assert read("providers", "A \\| B Ltd | C") == ("A | B Ltd", "C")


def test_codes_may_be_written_as_published_data_writes_them():
    assert read("identifiers", "GB-COH-01234567") == (Identifier("company", "01234567"),)
    assert read("identifiers", "ODS: rt1") == (Identifier("ods", "RT1"),)
    assert read("identifiers", "duns:5").startswith("«duns:5» is not a code of a public register")


def test_shares_name_both_amounts():
    (share,) = read("funding", "NHS: Mercia: £10.00; 30")
    assert share == ("NHS: Mercia", Decimal("10.00"), Decimal("30.00"))
    assert read("funding", "NHS Mercia: 10") == (
        "«NHS Mercia: 10» is not a share. Write the partner's name, a colon, the amount a year, a semicolon and the "
        "amount over the whole life."
    )


def test_long_numbers_that_a_spreadsheet_has_cut_are_refused():
    assert read("reference", 147.0) == "147"
    assert read("reference", 1.2e17) == (
        "120000000000000000 is longer than a spreadsheet can keep as a number. Format the column as text and type it "
        "again."
    )


def test_people_are_named_by_address():
    assert read("officer", "Jo.Marsh@Example.org") == "jo.marsh@example.org"
    assert read("officer", "Jo Marsh") == "«Jo Marsh» is not an e-mail address."
