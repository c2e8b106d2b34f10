"""Taking turns: what is compared is run side by side, so that a drift of the machine meets all of it alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

WARM_UP: Final = 3
"""Rounds that are run first and not counted: connections, caches and compiled templates are made in them. None where
only one round is run, which shows that everything runs and measures nothing.
"""


@dataclass(frozen=True)
class Ratio:
    """Of two medians, with the quartiles of the ratios that the rounds had each by themselves."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Times:
    """Seconds of each round, in the order of the rounds."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def ms(self) -> float:
        return self.median * 1000

    def over(self, other: "Times") -> Ratio:
        """How many times as long this took, round by round beside the other."""
        each = sorted(ours / theirs for ours, theirs in zip(self.seconds, other.seconds, strict=True))
        low, _, high = statistics.quantiles(each, n=4) if len(each) > 1 else (each[0],) * 3
        return Ratio(value=self.median / other.median, low=low, high=high)


def side_by_side(
    subjects: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    warm_up: int | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Times]:
    """A, B, C, A, B, C ...: each once a round."""
    if warm_up is None:
        warm_up = WARM_UP if rounds > 1 else 0
    for _ in range(warm_up):
        for run in subjects.values():
            run()
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, run in subjects.items():
            begun = clock()
            run()
            taken[name].append(clock() - begun)
    return {name: Times(tuple(seconds)) for name, seconds in taken.items()}
