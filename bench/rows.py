"""What one measurement says, and how a part of the bench hands its measurements in.

A part is a module with one function, called once a run::

    def rows(worlds: Sequence[World], *, rounds: int) -> Iterator[Row]

``worlds`` are the databases of the run, smallest first (`bench.worlds.World`); a part that is about one size picks
it by ``world.size.code``, takes the largest where it wants the largest, and yields nothing where the size it needs is
not among them. ``rounds`` is how often everything compared is run, in turns (`bench.measure`). What a part can use:

- ``bench.measure.side_by_side``: two or more callables in turns, medians, and the ratio of these with its spread;
- ``bench.inside.inside(world)``: this process's Django on the world's database; ``inside.raw(world)``: psycopg2 on it;
- ``bench.server.served(world)``: gunicorn on it; ``bench.sign_in.sign_in(server, email)``: a person's session;
- ``bench.databases.copied(world)``: a copy to write into, dropped afterwards. A world itself is never written to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from bench.measure import Times
    from bench.worlds import World


QUERIES: Final = "queries"
"""The unit of a page's number of statements: these rows are a table of their own."""


@dataclass(frozen=True)
class Goal:
    """The most that a figure may be. The reason is kept by hand, beside the goal, while the goal is not met."""

    at_most: float
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: what was measured, through whose eyes, at which size, against what."""

    what: str
    figure: float
    """The ratio of two medians, or where nothing is compared the count or measure itself."""
    size: str
    """The code of the size; of the larger where one size is compared with another."""
    against: str = ""
    """What it is a ratio to: «empty page», «the same at M». Empty where the figure stands alone."""
    unit: str = ""
    """Of a figure that stands alone: «queries», «rows a contract», «MB», «errors». Empty for a ratio."""
    person: str = ""
    goal: Goal | None = None
    low: float | None = None
    high: float | None = None
    """The middle half of the rounds' own ratios lies between these."""
    ms: float | None = None
    """The median of what was measured, in milliseconds. Printed, never a goal."""
    against_ms: float | None = None

    @classmethod
    def ratio(
        cls, ours: "Times", theirs: "Times", *, what: str, against: str, size: str, person: str = "", goal: Goal | None
    ) -> "Row":
        """Of what was run in turns: how many times as long the first took as the second."""
        of = ours.over(theirs)
        return cls(
            what=what,
            against=against,
            size=size,
            person=person,
            goal=goal,
            figure=of.value,
            low=of.low,
            high=of.high,
            ms=ours.ms,
            against_ms=theirs.ms,
        )

    @property
    def is_met(self) -> bool | None:
        """None where there is no goal."""
        return None if self.goal is None else self.figure <= self.goal.at_most


class Part(Protocol):
    """What each of the bench's parts offers."""

    def rows(self, worlds: "Sequence[World]", *, rounds: int) -> Iterator[Row]: ...
