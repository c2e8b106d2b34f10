"""Money: Decimal pounds, exact to the penny."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

PENCE_IN_A_POUND: Final = 100


def pounds(amount: Decimal) -> str:
    """«£1,234.00», «-£5.50»."""
    sign = "-" if amount < 0 else ""
    return f"{sign}£{abs(amount):,.2f}"


def _pence(amount: Decimal) -> int:
    pence = Fraction(amount) * PENCE_IN_A_POUND
    if pence.denominator != 1:
        raise ValueError(f"{amount} is not a whole number of pence.")
    return int(pence)


def _in_pounds(pence: int) -> Decimal:
    """Shifted, not divided: exact whatever the size."""
    return Decimal(pence).scaleb(-2)


def apportion(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Shares of a total in proportion to weights, by largest remainder to the penny; they sum to the total exactly.

    Pennies left over go to the largest fractions, and among equal fractions to the first listed.
    Raises ValueError for a total that is not whole pence, and for weights that are negative or come to nothing.
    """
    fractions = [Fraction(weight) for weight in weights]
    if any(weight < 0 for weight in fractions) or sum(fractions) == 0:
        raise ValueError("Shares need weights that are not negative and come to more than nothing.")
    pence = abs(_pence(total))
    exact = [pence * weight / sum(fractions) for weight in fractions]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: pence - sum(shares)]:
        shares[index] += 1
    return [_in_pounds(-share if total < 0 else share) for share in shares]


def whole_life_error(annual: Decimal | None, whole_life: Decimal | None) -> str | None:
    """The sentence for a contract of a year or longer that would be worth less in whole than in one year."""
    if annual is None or whole_life is None or annual <= whole_life:
        return None
    return "Over the whole life it cannot be less than in one year."


def shares_error(
    shares: Sequence[tuple[Decimal, Decimal]], *, annual_value: Decimal | None, whole_life_value: Decimal | None
) -> str | None:
    """The first sentence for shares, each of a year and of the whole life, that do not make up the two values."""
    if not shares:
        return None
    if annual_value is None or whole_life_value is None:
        return "Give the annual and the whole-life value before the partners' shares of them."
    return split_error(annual_value, [annual for annual, _ in shares]) or split_error(
        whole_life_value, [whole_life for _, whole_life in shares], value_name="whole-life value"
    )


def split_error(total: Decimal | None, shares: Sequence[Decimal], *, value_name: str = "annual value") -> str | None:
    """The sentence for partners' shares that do not make up the value.

    No shares at all is a split not yet recorded, and a value not known cannot be contradicted: neither is an error.
    """
    if any(share < 0 for share in shares):
        return "A partner's share cannot be less than £0.00."
    if total is None or not shares:
        return None
    difference = sum(shares, Decimal(0)) - total
    if difference == 0:
        return None
    comparison = "more" if difference > 0 else "less"
    return (
        f"The partners' shares come to {pounds(sum(shares, Decimal(0)))}, {pounds(abs(difference))} {comparison} "
        f"than the {value_name} of {pounds(total)}."
    )
