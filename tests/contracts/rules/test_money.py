from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.rules.money import apportion, pounds, split_error

POUNDS = st.integers(min_value=-(10**13), max_value=10**13).map(lambda pence: Decimal(pence).scaleb(-2))
WEIGHTS = st.lists(st.integers(0, 10**6) | st.decimals(0, 10**6, places=2), min_size=1, max_size=12).filter(any)


def money(*amounts):
    return [Decimal(amount) for amount in amounts]


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        ("100.00", [1, 1, 1], money("33.34", "33.33", "33.33")),
        ("0.02", [1, 1, 1], money("0.01", "0.01", "0.00")),
        ("32000000", [251, 52, 11, 6], money("25100000.00", "5200000.00", "1100000.00", "600000.00")),
        ("10.00", [0, 1], money("0.00", "10.00")),
        ("1.00", [Decimal("0.5"), Decimal("0.25"), Decimal("0.25")], money("0.50", "0.25", "0.25")),
        ("0.05", [1, 2], money("0.02", "0.03")),
        ("-0.05", [1, 2], money("-0.02", "-0.03")),
        ("0", [3, 4], money("0.00", "0.00")),
    ],
)
def test_apportion(total, weights, shares):
    assert apportion(Decimal(total), weights) == shares


@given(total=POUNDS, weights=WEIGHTS)
def test_shares_sum_to_the_total_and_stand_within_a_penny_of_their_part(total, weights):
    shares = apportion(total, weights)
    assert sum(shares) == total
    whole = sum(Fraction(weight) for weight in weights)
    for share, weight in zip(shares, weights, strict=True):
        assert share == share.quantize(Decimal("0.01"))
        assert abs(Fraction(share) - Fraction(total) * Fraction(weight) / whole) < Fraction(1, 100)


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [-1, 2]])
def test_weights_that_divide_nothing(weights):
    with pytest.raises(ValueError, match="weights"):
        apportion(Decimal("1.00"), weights)


def test_a_total_of_part_pennies_is_refused():
    with pytest.raises(ValueError, match="whole number of pence"):
        apportion(Decimal("1.005"), [1])


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1234", "£1,234.00"), ("0", "£0.00"), ("-5.5", "-£5.50"), ("134000000.01", "£134,000,000.01")],
)
def test_pounds(amount, text):
    assert pounds(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("total", "shares", "sentence"),
    [
        ("32", ["25", "6"], "The partners' shares come to £31.00, £1.00 less than the annual value of £32.00."),
        ("32", ["26", "7.01"], "The partners' shares come to £33.01, £1.01 more than the annual value of £32.00."),
        ("32", ["26", "6.00"], None),
        ("0", ["0"], None),
        ("32", [], None),
        (None, ["25", "6"], None),
        (None, ["-1"], "A partner's share cannot be less than £0.00."),
        ("32", ["33", "-1"], "A partner's share cannot be less than £0.00."),
    ],
)
def test_split_error(total, shares, sentence):
    assert split_error(None if total is None else Decimal(total), money(*shares)) == sentence


def test_split_error_names_the_value():
    sentence = split_error(Decimal(10), money("9"), value_name="whole-life value")
    assert sentence == "The partners' shares come to £9.00, £1.00 less than the whole-life value of £10.00."


@given(total=POUNDS.filter(lambda total: total >= 0), weights=WEIGHTS)
def test_an_apportioned_split_is_without_error(total, weights):
    assert split_error(total, apportion(total, weights)) is None
