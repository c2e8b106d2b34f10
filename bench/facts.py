"""A page's own queries, and the whole page, against the one best statement for the same facts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.http import QueryDict

from accounts import clock
from bench.addresses import CONTRACT, DASHBOARD, REGISTER, SEARCH, WORD, WORKLIST, Page, Seen, addresses_of, seen_by
from bench.best import runs, values_for
from bench.inside import inside, raw
from bench.measure import Times, side_by_side
from bench.people import BY_SIGHT, OFFICER, READER, Person
from bench.rows import Goal, Row
from bench.server import served
from bench.sign_in import sign_in
from bench.worlds import World
from contracts.queries.worklist import own_worklist
from contracts.rules.returns import month_to_return
from reporting.queries.contract_page import ContractPage
from reporting.queries.dashboard import DashboardData
from reporting.queries.register_page import RegisterPage
from reporting.queries.search import Search


@dataclass(frozen=True)
class Facts:
    """``reads`` is what the page's view calls, ``statement`` the name of the best statement for the same."""

    page: Page
    statement: str
    reads: Callable[[Seen], object]
    goals: dict[Person, Goal]


def _read_register(seen: Seen) -> object:
    return RegisterPage(user=seen.user, unit=seen.unit, params=QueryDict())


def _read_dashboard(seen: Seen) -> object:
    return DashboardData(user=seen.user, unit=seen.unit, units=seen.units, month_text=None)


def _read_contract(seen: Seen) -> object:
    return ContractPage(user=seen.user, contract=seen.contract, month_text=None)


def _read_worklist(seen: Seen) -> object:
    return own_worklist(seen.user, month=month_to_return(clock.today()), unit=seen.unit)


def _read_search(seen: Seen) -> object:
    return Search(user=seen.user, units=seen.units, unit=seen.unit, text=WORD, page=None)


DASHBOARD_OF_ONE: Final = Goal(
    1.6, "To put six queries together in Python takes about as long as the database takes to answer them."
)

ALL_FACTS: Final = (
    Facts(REGISTER, "register", _read_register, {}),
    Facts(DASHBOARD, "dashboard", _read_dashboard, {OFFICER: DASHBOARD_OF_ONE, READER: Goal(1.2)}),
    Facts(CONTRACT, "contract", _read_contract, {}),
    Facts(WORKLIST, "worklist", _read_worklist, {}),
    Facts(SEARCH, "search", _read_search, {}),
)


def rows(worlds: Sequence[World], *, rounds: int) -> Iterator[Row]:
    """At the largest size. Who the person is and what they may see is known on all sides before the clock runs."""
    world = worlds[-1]
    with served(world) as server, inside(world), raw(world) as bare:
        people = [person for person in BY_SIGHT if person.is_in(world.size)]
        addresses = addresses_of(people)
        for person in people:
            seen, visitor = seen_by(person), sign_in(server, person.email)
            values = values_for(seen.user, unit=seen.unit, contract=seen.contract, text=WORD)
            for facts in ALL_FACTS:
                if person in facts.page.people:
                    turns: dict[str, Callable[[], object]] = {
                        "page": partial(visitor.page, addresses[facts.page, person]),
                        "queries": partial(facts.reads, seen),
                        "raw": runs(bare, facts.statement, values),
                    }
                    yield from _rows(facts, person, world, side_by_side(turns, rounds=rounds))


def _rows(facts: Facts, person: Person, world: World, taken: Mapping[str, Times]) -> Iterator[Row]:
    what, of = facts.page.what, {"person": person.label, "size": world.size.code, "against": "raw SQL"}
    goal = facts.goals.get(person)
    yield Row.ratio(taken["queries"], taken["raw"], what=f"{what}, its queries", goal=goal, **of)
    yield Row.ratio(taken["page"], taken["raw"], what=f"{what}, whole page", goal=None, **of)
