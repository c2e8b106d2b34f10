"""The sizes of the world that everything is measured at."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Size:
    """Of the world that `manage.py seed_scale` writes: so many months of returns up to the one returned now."""

    code: str
    units: int
    contracts: int
    months: int

    @property
    def words(self) -> str:
        units = "1 unit" if self.units == 1 else f"{self.units:,} units"
        return f"{units}, {self.contracts:,} contracts, {self.months} months"


S: Final = Size("S", units=1, contracts=228, months=36)
M: Final = Size("M", units=20, contracts=5_000, months=36)
L: Final = Size("L", units=153, contracts=40_000, months=36)
#: As small as shows that everything still runs, and one half as large again, so that a count that grows is seen.
SMOKE: Final = Size("smoke", units=2, contracts=80, months=3)
SMOKE_AGAIN: Final = Size("smoke2", units=2, contracts=120, months=3)

SIZES: Final = {size.code: size for size in (S, M, L, SMOKE, SMOKE_AGAIN)}
