"""Money of the demonstration: totals from the paper, an invented split, shared out exactly."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contracts.rules.money import apportion

ANNUAL: Final = 32_000_000
WHOLE_LIFE: Final = 134_000_000
"""«an annual contract value of £32m, and an overall contract value of £134m», partner funding included."""

RED_ANNUAL: Final = 2_900_000
AMBER_ANNUAL: Final = 9_600_000

CCGS_WHOLE_LIFE: Final = 22_600_000
PUBLIC_HEALTH_WHOLE_LIFE: Final = 4_800_000
AREA_TEAM_WHOLE_LIFE: Final = 2_400_000
"""The council pays the rest. A year it is £25.1m of the council, £5.2m, £1.1m and £0.6m: by `funding.PLANS`."""

STEP: Final = 500
"""Contracts are let in round sums."""


def share_out(total: int, weights: Sequence[float], *, step: int = STEP) -> list[int]:
    """Whole steps of pounds in proportion to the weights, summing to the total, which is whole steps itself."""
    units, rest = divmod(total, step)
    if rest:
        raise ValueError(f"{total} is not a whole number of steps of {step}.")
    shares = apportion(Decimal(units).scaleb(-2), [Decimal(str(weight)) for weight in weights])
    return [int(share.scaleb(2)) * step for share in shares]
