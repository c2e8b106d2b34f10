from collections import Counter
from itertools import count

import pytest

from bench.measure import Ratio, Times, side_by_side


def test_everything_takes_its_turn_in_every_round():
    order: list[str] = []
    side_by_side({name: lambda name=name: order.append(name) for name in "ABC"}, rounds=2, warm_up=1)
    assert order == [*"ABC"] * 3


def test_a_warm_up_is_run_and_not_counted():
    runs: Counter[str] = Counter()
    ticks = count()
    times = side_by_side(
        {"A": lambda: runs.update("A"), "B": lambda: runs.update("B")}, rounds=4, warm_up=2, clock=lambda: next(ticks)
    )
    assert runs == {"A": 6, "B": 6}
    assert times == {"A": Times((1,) * 4), "B": Times((1,) * 4)}


def test_a_ratio_is_of_the_medians_and_its_spread_of_the_rounds():
    ours, theirs = Times((2, 4, 6, 8, 50)), Times((1, 2, 2, 2, 10))
    # rounds: 2, 2, 3, 4, 5
    assert ours.over(theirs) == Ratio(value=3, low=2, high=4.5)


def test_one_round_has_no_spread():
    assert Times((3,)).over(Times((2,))) == Ratio(1.5, 1.5, 1.5)


def test_rounds_that_are_missing_are_no_ratio():
    with pytest.raises(ValueError, match="shorter"):
        Times((1, 2)).over(Times((1,)))


def test_milliseconds():
    assert Times((0.001, 0.003, 0.002)).ms == pytest.approx(2)
