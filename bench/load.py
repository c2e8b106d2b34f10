"""Many people at once: dashboards are read while returns are submitted, and afterwards every return is counted.

``python -m bench.load --size M --users 50 --seconds 120`` runs it by itself. It works on a copy of the world, which is
dropped. Everybody signs in through the form, before the time begins; `bench.settings` lets so many sign in from one
address. Without a pause each person asks for the next page as soon as the last one has come, so that the times are
those of a server that is never idle: as many people as take part wait in its queue.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from bench.rows import Goal, Row
from bench.sizes import SIZES, Size

if TYPE_CHECKING:
    from bench.load_visitors import Asked, AtWork, Said
    from bench.worlds import World


@dataclass(frozen=True)
class Load:
    """``pause`` is how long each person reads a page, in seconds."""

    people: int
    seconds: float
    pause: float = 0

    @property
    def words(self) -> str:
        reading = f", {self.pause:g} s a page" if self.pause else ""
        return f"{self.people} people at once for {self.seconds:g} s{reading}"


#: What is run at which size; no other size has a load run.
LOADS: Final = {"M": Load(people=50, seconds=120), "smoke": Load(people=6, seconds=5)}
NONE: Final = Goal(0)


@dataclass(frozen=True)
class Outcome:
    """What the people asked for, what they were told was submitted, and what the database then held of it."""

    load: Load
    size: Size
    seconds: float
    asked: list["Asked"]
    submitted: list["Said"]
    lost: list["Said"]
    unheard: list["Said"]

    @property
    def faults(self) -> list[str]:
        return [one.fault for one in self.asked if one.fault]

    def times(self) -> dict[str, list[float]]:
        """Milliseconds by kind of page, of answers without a fault."""
        found: dict[str, list[float]] = {}
        for one in self.asked:
            if not one.fault:
                found.setdefault(one.kind, []).append(one.seconds * 1000)
        return dict(sorted(found.items()))


def rows(worlds: Sequence["World"], *, rounds: int) -> Iterator[Row]:
    for world in worlds:
        if load := LOADS.get(world.size.code):
            outcome = run(world, load)
            print(as_text(outcome))
            yield from rows_of(outcome)


def run(world: "World", load: Load) -> Outcome:
    from bench.databases import copied
    from bench.inside import inside
    from bench.load_people import participants
    from bench.load_visitors import AtWork
    from bench.server import served
    from bench.sign_in import sign_in

    with copied(world) as copy:
        with inside(copy):
            people = participants(load.people)
        with served(copy) as server:
            crowd = [AtWork(person, sign_in(server, person.email)) for person in people]
            took = _all_at_once(crowd, load)
        with inside(copy):
            return _counted(crowd, load=load, size=world.size, seconds=took)


def _all_at_once(crowd: Sequence["AtWork"], load: Load) -> float:
    """How many seconds it took until the last one had the last answer."""
    begun = time.monotonic()
    until = begun + load.seconds
    with ThreadPoolExecutor(len(crowd)) as threads:
        for work in [threads.submit(each.work, until=until, pause=load.pause) for each in crowd]:
            work.result()
    for each in crowd:
        each.visitor.close()
    return time.monotonic() - begun


def _counted(crowd: Sequence["AtWork"], *, load: Load, size: Size, seconds: float) -> Outcome:
    submitted = [said for each in crowd for said in each.submitted]
    versions, last = kept(), kept_last()
    return Outcome(
        load=load,
        size=size,
        seconds=seconds,
        asked=[one for each in crowd for one in each.asked],
        submitted=submitted,
        lost=lost_of(submitted, versions=versions, last=last),
        unheard=sorted(versions - set(submitted), key=lambda said: said.narrative),
    )


def lost_of(submitted: Sequence["Said"], *, versions: set["Said"], last: Mapping[int, "Said"]) -> list["Said"]:
    """Those that no version holds word for word, or that are a contract's latest and not what its return says."""
    latest = {said.contract: said for said in submitted}
    return [
        said
        for said in submitted
        if said not in versions or (said == latest[said.contract] and last.get(said.contract) != said)
    ]


def kept() -> set["Said"]:
    """Every version that this load run submitted, from the history that nothing takes back."""
    from django.apps import apps

    return set(_said(apps.get_model("contracts", "MonthlyReturnEvent")))


def kept_last() -> dict[int, "Said"]:
    """What the returns themselves now say, by contract."""
    from contracts.models import MonthlyReturn

    return {said.contract: said for said in _said(MonthlyReturn)}


def _said(model: Any) -> Iterator["Said"]:
    from bench.load_visitors import SAID, Said
    from contracts.choices import ReturnState

    rows = model._default_manager.filter(state=ReturnState.SUBMITTED, narrative__startswith=SAID)
    for row in rows.values_list("contract_id", "risk", "jet_score", "narrative"):
        yield Said(*row)


def rows_of(outcome: Outcome) -> Iterator[Row]:
    size, who = outcome.size.code, outcome.load.words
    everything = [ms for each in outcome.times().values() for ms in each]
    counted: dict[str, Sequence[object]] = {"requests": outcome.asked, "returns submitted": outcome.submitted}
    none: dict[str, Sequence[object]] = {
        "errors": outcome.faults,
        "returns lost": outcome.lost,
        "returns kept but not confirmed": outcome.unheard,
    }
    for what, found in (counted | none).items():
        goal = NONE if what in none else None
        yield Row(what=f"{who}: {what}", figure=len(found), size=size, unit="counted", goal=goal)
    for what, figure in (("median", median(everything)), ("95th percentile", p95(everything))):
        yield Row(what=f"{who}: {what} of a page", figure=figure, size=size, unit="ms")


def p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]


def as_text(outcome: Outcome) -> str:
    """The times by kind of page, what was counted, and each fault once with how often it came."""
    lines = [
        f"{outcome.size.code}: {outcome.load.words}",
        f"{'':32}{'asked':>8}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}",
    ]
    for kind, times in outcome.times().items():
        lines.append(f"{kind:32}{len(times):>9}{median(times):>9.0f}{p95(times):>9.0f}{max(times):>9.0f}")
    asked = len(outcome.asked)
    lines += [
        f"{asked:,} requests in {outcome.seconds:.0f} s, {asked / outcome.seconds:.1f} a second;"
        f" {len(outcome.faults)} errors.",
        f"{len(outcome.submitted):,} returns submitted; {len(outcome.lost)} lost, {len(outcome.unheard)} kept that were"
        " not confirmed.",
    ]
    lines += [f"  {count} x {fault}" for fault, count in Counter(outcome.faults).most_common(20)]
    return "\n".join(lines)


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from bench.databases import built

    parser = argparse.ArgumentParser(prog="bench.load", description=__doc__)
    parser.add_argument("--size", default="M", choices=SIZES)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=0, help="seconds for which each person reads a page")
    parser.add_argument("--migrated", help="a migrated database to copy, instead of running the migrations")
    chosen = parser.parse_args()
    call_command("collectstatic", interactive=False, verbosity=0)
    load = Load(people=chosen.users, seconds=chosen.seconds, pause=chosen.pause)
    outcome = run(built(SIZES[chosen.size], migrated=chosen.migrated), load)
    print(as_text(outcome))
    return 1 if outcome.faults or outcome.lost or outcome.unheard else 0


if __name__ == "__main__":
    sys.exit(main())
