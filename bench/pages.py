"""Whole pages, through the web server, against the empty one; the register against a stock one; sizes and people."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import product
from typing import Final

from bench.addresses import DASHBOARD, EMPTY, REGISTER, STOCK, Page, addresses_of
from bench.inside import inside
from bench.measure import Times, side_by_side
from bench.people import BY_SIGHT, OFFICER, READER, Person, people_of
from bench.rows import Goal, Row
from bench.server import served
from bench.sign_in import Answer, Visitor, sign_in
from bench.worlds import World

DASHBOARD_OF_ONE: Final = Goal(12)
REGISTER_TO_STOCK: Final = Goal(
    0.30, "The stock list counts nothing beside its filters and draws no history; the register does both on every page."
)
NATIONAL_TO_ONE: Final = Goal(
    1.3, "For the number of pages every contract in England is counted, from an index alone, and of one unit 228."
)
#: From M to L: the first unit is the same in both, England is eight times as large.
GROWTH: Final = {
    (REGISTER, OFFICER): Goal(1.15),
    (DASHBOARD, OFFICER): Goal(1.2),
    (DASHBOARD, READER): Goal(
        5,
        "Each figure is counted over eight times as many contracts, and KPIs are looked up of all that are graded.",
    ),
}


def rows(worlds: Sequence[World], *, rounds: int) -> Iterator[Row]:
    with ExitStack() as servers:
        visits = {world: Visits(world, servers) for world in worlds}
        for world in worlds:
            yield from _to_the_empty_page(visits[world], rounds)
            yield from _to_the_stock_register(visits[world], rounds)
        yield from _national_to_one(visits[worlds[-1]], rounds)
        yield from _from_size_to_size([visits[world] for world in worlds], rounds)


class Visits:
    """Everybody signed in to one world, with the pages that each of them opens."""

    def __init__(self, world: World, servers: ExitStack) -> None:
        self.world = world
        server = servers.enter_context(served(world))
        people = people_of(world.size)
        self.visitors: dict[Person, Visitor] = {person: sign_in(server, person.email) for person in people}
        with inside(world):
            self.addresses = addresses_of(people)

    def opens(self, person: Person, page: Page | str) -> Callable[[], Answer]:
        """Opening the page once, or an address beside those pages."""
        address = page if isinstance(page, str) else self.addresses[page, person]
        visitor = self.visitors[person]
        return lambda: visitor.page(address)


def _to_the_empty_page(visits: Visits, rounds: int) -> Iterator[Row]:
    for page, person in visits.addresses:
        turns = {"page": visits.opens(person, page), "empty": visits.opens(person, EMPTY)}
        taken = side_by_side(turns, rounds=rounds)
        goal = DASHBOARD_OF_ONE if page is DASHBOARD and person is OFFICER else page.goal
        yield _row(page, "empty page", person, visits, taken["page"], taken["empty"], goal)


def _to_the_stock_register(visits: Visits, rounds: int) -> Iterator[Row]:
    for person in filter(visits.visitors.__contains__, BY_SIGHT):
        turns = {"ours": visits.opens(person, REGISTER), "stock": visits.opens(person, STOCK)}
        taken = side_by_side(turns, rounds=rounds)
        yield _row(REGISTER, "stock change list", person, visits, taken["ours"], taken["stock"], REGISTER_TO_STOCK)


def _national_to_one(visits: Visits, rounds: int) -> Iterator[Row]:
    if READER not in visits.visitors:
        return
    taken = side_by_side({person.label: visits.opens(person, REGISTER) for person in (READER, OFFICER)}, rounds=rounds)
    ours, theirs = taken[READER.label], taken[OFFICER.label]
    yield _row(REGISTER, "the same for one unit", READER, visits, ours, theirs, NATIONAL_TO_ONE)


def _from_size_to_size(visits: Sequence[Visits], rounds: int) -> Iterator[Row]:
    """The largest to each smaller one: what a page takes should follow what its reader sees, and nothing else."""
    largest = visits[-1]
    for page, person in product((REGISTER, DASHBOARD), BY_SIGHT):
        there = {each.world.size.code: each for each in visits if person in each.visitors}
        taken = side_by_side({code: each.opens(person, page) for code, each in there.items()}, rounds=rounds)
        ours = taken.pop(largest.world.size.code)
        for code, theirs in taken.items():
            goal = GROWTH.get((page, person)) if code == "M" else None
            yield _row(page, f"the same at {code}", person, largest, ours, theirs, goal)


def _row(
    page: Page, against: str, person: Person, visits: Visits, ours: Times, theirs: Times, goal: Goal | None
) -> Row:
    of = {"what": page.what, "against": against, "person": person.label, "size": visits.world.size.code}
    return Row.ratio(ours, theirs, **of, goal=goal)
