"""The whole demonstration as plain values; the same every time it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from commissioning.choices import OrganisationKind
from contracts.choices import Management, ProcurementRegime, ProcurementRoute, Risk

from .assessment import Assessed, assess_current, assess_ended
from .calendar import OCTOBER, SEPTEMBER
from .funding import Value, council_only, value_contracts
from .neighbour import neighbour_contracts
from .people import BODIES, KEMI, LUND, NEIGHBOUR, PEOPLE, THORNE, Body, Person
from .procured import AWARDED, RESTRICTED_TITLE, procured_contracts
from .providers import kind_of
from .register import AREAS, Draft, current_contracts, ended_contracts, providers_in
from .returns import DRAFT_BY_NAME, ReturnPlan, draft_of, returns_of, sent_back_of
from .terms import Term

SEED: Final = 20141104
DRAFTS_BESIDES: Final = 3
SMALL_GRANT: Final = 60_000
"""Below this, what the voluntary sector does is paid by grant."""


@dataclass(frozen=True)
class ContractPlan:
    """One contract with all that belongs to it; people, bodies and areas by name."""

    reference: str
    title: str
    description: str
    area: str
    term: Term
    officer: str
    service_manager: str
    providers: tuple[str, ...]
    management: Management
    regime: ProcurementRegime
    route: ProcurementRoute
    value: Value
    returns: tuple[ReturnPlan, ...] = ()
    is_restricted: bool = False


@dataclass(frozen=True)
class World:
    bodies: tuple[Body, ...]
    providers: tuple[Body, ...]
    people: tuple[Person, ...]
    areas: tuple[str, ...]
    contracts: tuple[ContractPlan, ...]
    neighbours: tuple[ContractPlan, ...]


def describe() -> World:
    """No clock, no database and no chance: a fixed seed."""
    rng = Random(SEED)  # noqa: S311  (a demonstration that is the same every time, not a secret)
    drafts = current_contracts(rng)
    rows = assess_current(rng, drafts)
    values = value_contracts(rng, rows)
    ended = ended_contracts(rng, drafts)
    ended_rows = assess_ended(rng, ended)
    procured = _with_winners(rng, procured_contracts(), drafts)
    _number([*drafts, *ended, *procured])
    unfinished = _unfinished(rng, rows)
    plans = [
        *(_plan(rng, row, value, unfinished.get(row.draft.title)) for row, value in zip(rows, values, strict=True)),
        *(_plan(rng, row, _plain_value(rng, row.draft)) for row in ended_rows),
        *(_plan(rng, Assessed(draft), _plain_value(rng, draft)) for draft in procured),
    ]
    neighbours = [_plan(rng, row, _plain_value(rng, row.draft, payer=NEIGHBOUR)) for row in neighbour_contracts(rng)]
    return World(
        bodies=BODIES,
        providers=_provider_bodies([*plans, *neighbours]),
        people=PEOPLE,
        areas=tuple(AREAS),
        contracts=tuple(sorted(plans, key=lambda plan: plan.reference)),
        neighbours=tuple(neighbours),
    )


def _with_winners(rng: Random, procured: list[Draft], current: Sequence[Draft]) -> list[Draft]:
    for draft in procured:
        if draft.title in AWARDED:
            draft.providers = (rng.choice(providers_in(AWARDED[draft.title], current)),)
    return procured


def _number(drafts: Sequence[Draft]) -> None:
    """References in the order in which the contracts began, but for those that have one."""
    kept = {draft.reference for draft in drafts if draft.reference}
    free = (reference for number in range(1, len(drafts) + 1) if (reference := f"CS/{number:04d}") not in kept)
    for draft in sorted(drafts, key=lambda draft: (draft.term.start, draft.title)):
        if not draft.reference:
            draft.reference = next(free)


def _unfinished(rng: Random, rows: Sequence[Assessed]) -> dict[str, ReturnPlan]:
    """Of the returns to come: four are begun, one was sent back."""
    to_come = [row for row in rows if OCTOBER not in row.ratings and SEPTEMBER in row.ratings]
    green = [row for row in to_come if row.risk_now == Risk.GREEN and row.draft.officer in (KEMI, THORNE, LUND)]
    chosen = rng.sample(green, DRAFTS_BESIDES + 1)
    by_name = next(row for row in rows if row.draft.title == DRAFT_BY_NAME)
    begun = {row.draft.title: draft_of(rng, row) for row in (by_name, *chosen[:DRAFTS_BESIDES])}
    return begun | {chosen[-1].draft.title: sent_back_of(rng, chosen[-1])}


def _plan(rng: Random, row: Assessed, value: Value, unfinished: ReturnPlan | None = None) -> ContractPlan:
    draft = row.draft
    regime, route = _procurement(draft, value)
    return ContractPlan(
        reference=draft.reference,
        title=draft.title,
        description=draft.description,
        area=draft.area,
        term=draft.term,
        officer=draft.officer,
        service_manager=draft.service_manager,
        providers=draft.providers,
        management=draft.management,
        regime=regime,
        route=route,
        value=value,
        returns=(*returns_of(rng, row), *([unfinished] if unfinished else [])),
        is_restricted=draft.title == RESTRICTED_TITLE,
    )


def _procurement(draft: Draft, value: Value) -> tuple[ProcurementRegime, ProcurementRoute]:
    """All were let before 26 February 2015; how those without a provider will be let is not settled."""
    if not draft.providers:
        return ProcurementRegime.UNKNOWN, ProcurementRoute.UNKNOWN
    voluntary = kind_of(draft.providers[0]) == OrganisationKind.VOLUNTARY_SECTOR
    if voluntary and value.annual < SMALL_GRANT:
        return ProcurementRegime.GRANT, ProcurementRoute.UNKNOWN
    if value.annual < SMALL_GRANT:
        return ProcurementRegime.PCR2006, ProcurementRoute.QUOTATION
    return ProcurementRegime.PCR2006, ProcurementRoute.OPEN if value.annual % 1000 else ProcurementRoute.RESTRICTED


def _plain_value(rng: Random, draft: Draft, *, payer: str | None = None) -> Value:
    """For contracts outside the totals: the host pays all of it."""
    annual = draft.annual or rng.randrange(18, 140) * 1000
    value = council_only(annual, round(annual * draft.term.years))
    if payer is None:
        return value
    return value._replace(shares=tuple(share._replace(body=payer) for share in value.shares))


def _provider_bodies(plans: Sequence[ContractPlan]) -> tuple[Body, ...]:
    names = sorted({name for plan in plans for name in plan.providers})
    return tuple(Body(name, kind_of(name), is_invented=True) for name in names)
