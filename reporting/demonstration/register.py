"""The register: 228 current contracts, those that ended in the last year and those being procured, before ratings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from contracts.choices import Management

from .named import (
    DISABILITY,
    EARLY_YEARS,
    EMOTIONAL,
    HEALTH,
    IN_NEED,
    LOCALITIES,
    LOOKED_AFTER,
    NAMED,
    SCHOOLS,
    SEN,
    Concern,
)
from .people import ADEYEMI, ASKEW, COMMISSIONER, GARLAND, KEMI, LUND, PROVIDER_OF_CONTACT, SAM, THORNE
from .providers import PROVIDERS, new_name
from .terms import ENDED, ENDED_IN_SEPTEMBER, ENDING_SOON, LONGEST, NEW_THIS_MONTH, RUNNING_ON, WITHOUT_OPTIONS, Term

AREAS: Final = {
    LOOKED_AFTER: 61,
    LOCALITIES: 44,
    DISABILITY: 32,
    SEN: 28,
    EARLY_YEARS: 24,
    SCHOOLS: 15,
    IN_NEED: 12,
    HEALTH: 8,
    EMOTIONAL: 4,
}
"""Current contracts by service area: 228."""

DISTRICTS: Final = (
    "Lincoln", "Boston", "East Lindsey", "West Lindsey", "North Kesteven", "South Kesteven", "South Holland",
)  # fmt: skip

EQUIPMENT: Final = "Specialist equipment"
SENSORY: Final = "Sensory impairment support"
COUNTYWIDE: Final = ("Counselling in schools", "Self-harm liaison", "Eating disorders early help")

SERVICES: Final = {
    LOOKED_AFTER: (
        "Independent visitors", "Advocacy for children in care", "Foster carer training", "Supported lodgings",
        "Contact supervision", "Mentoring for care leavers", "Therapeutic support for placements",
    ),
    LOCALITIES: (
        "Parenting programmes", "Young carers service", "Positive activities", "Family mediation",
        "Community transport for families",
    ),
    DISABILITY: (
        EQUIPMENT, "After-school clubs", "Holiday clubs for CWD", "Befriending", "Parent carer groups",
    ),
    SEN: ("Autism family support", SENSORY, "Travel training", "Independent supporters"),
    EARLY_YEARS: (
        "Children’s centre services", "Portage and early support", "Childminder network", "Two-year-old places",
    ),
    SCHOOLS: ("School improvement adviser", "Governor training"),
    IN_NEED: ("Therapy after domestic abuse", "Family group conferences"),
    HEALTH: ("Sexual health outreach", "Under-18 substance misuse"),
}  # fmt: skip

FORMER: Final = (
    ("Teenage pregnancy support", HEALTH),
    ("Study support", SCHOOLS),
    ("Holiday playschemes", LOCALITIES),
    ("Careers drop-in", LOCALITIES),
)
ENDED_CONTRACTS: Final = 26
DEVOLVED: Final = {GARLAND: (EARLY_YEARS, 12), ASKEW: (SCHOOLS, 8)}
"""«The remaining 20 contracts being 'devolved'»: to two service managers."""
LOADS: Final = {SAM: 12, KEMI: 21, THORNE: 59, ADEYEMI: 58, LUND: 58}


@dataclass
class Draft:
    """A contract of the register as it is put together."""

    title: str
    area: str
    term: Term
    officer: str = ""
    reviewer: str = COMMISSIONER
    service_manager: str = ""
    providers: tuple[str, ...] = ()
    management: Management = Management.CENTRAL
    annual: int | None = None
    concern: Concern | None = None
    reference: str = ""
    description: str = ""

    @property
    def is_devolved(self) -> bool:
        return self.management == Management.DEVOLVED

    @property
    def service(self) -> str:
        return self.title.split(",")[0]


def current_contracts(rng: Random) -> list[Draft]:
    """All 228, with officers and providers."""
    drafts = [*_named(), *_ordinary(rng)]
    _devolve(drafts)
    _give_officers(rng, drafts)
    _give_providers(rng, drafts)
    return drafts


def _named() -> list[Draft]:
    return [
        Draft(
            title=named.title,
            area=named.area,
            term=named.term,
            officer=named.officer,
            service_manager=GARLAND if named.officer == SAM else "",
            providers=named.providers,
            annual=named.annual,
            concern=named.concern,
            reference=named.reference,
            description=named.description,
        )
        for named in NAMED
    ]


def _ordinary(rng: Random) -> list[Draft]:
    """The contracts that make up each area's number, with one new this month and four ending soon among them."""
    named = Counter(contract.area for contract in NAMED)
    drafts = [
        Draft(title=title, area=area, term=_term(title, number))
        for area, contracts in AREAS.items()
        for number, title in enumerate(_titles(area)[: contracts - named[area]])
    ]
    free = [draft for draft in drafts if draft.area in (LOOKED_AFTER, LOCALITIES)]
    for draft, term in zip(rng.sample(free, 5), (NEW_THIS_MONTH, *ENDING_SOON), strict=True):
        draft.term = term
    return drafts


def _titles(area: str) -> list[str]:
    if area == EMOTIONAL:
        return list(COUNTYWIDE)
    return [f"{service}, {district}" for district in DISTRICTS for service in SERVICES[area]]


def _term(title: str, number: int) -> Term:
    """Where partners pay, terms that leave their whole-life totals room; the others take turns."""
    service = title.split(",")[0]
    if service in (*SERVICES[HEALTH], *COUNTYWIDE):
        return LONGEST
    if service in (EQUIPMENT, SENSORY):
        return WITHOUT_OPTIONS
    return RUNNING_ON[number % len(RUNNING_ON)]


def _devolve(drafts: Iterable[Draft]) -> None:
    for manager, (area, contracts) in DEVOLVED.items():
        free = [draft for draft in drafts if draft.area == area and not draft.officer]
        for draft in free[:contracts]:
            draft.management = Management.DEVOLVED
            draft.officer = draft.service_manager = manager


def _give_officers(rng: Random, drafts: Sequence[Draft]) -> None:
    held = Counter(draft.officer for draft in drafts)
    seats = [officer for officer, load in LOADS.items() for _ in range(load - held[officer])]
    rng.shuffle(seats)
    for draft in drafts:
        if not draft.officer:
            draft.officer = seats.pop()


def _give_providers(rng: Random, drafts: Sequence[Draft]) -> None:
    """New providers until there are 177 of them; after that contracts go to those of the same area."""
    taken = list(dict.fromkeys(name for draft in drafts for name in draft.providers))
    by_area: dict[str, list[str]] = {area: [] for area in AREAS}
    without = [draft for draft in drafts if not draft.providers]
    for draft in _one_of_each_area_first(rng, without):
        if len(taken) < PROVIDERS:
            name = new_name(draft.area, taken)
            taken.append(name)
            by_area[draft.area].append(name)
        else:
            name = rng.choice(by_area[draft.area])
        draft.providers = (name,)


def _one_of_each_area_first(rng: Random, drafts: Sequence[Draft]) -> list[Draft]:
    """Shuffled, so that every area has a provider before any area repeats one."""
    shuffled = rng.sample(drafts, len(drafts))
    firsts = {draft.area: draft for draft in reversed(shuffled)}.values()
    return [*firsts, *(draft for draft in shuffled if all(draft is not first for first in firsts))]


def ended_contracts(rng: Random, current: Sequence[Draft]) -> list[Draft]:
    """What ended between 4 November 2013 and 3 November 2014; the first of them on 30 September."""
    titles = [(f"{service}, {district}", area) for district in DISTRICTS for service, area in FORMER]
    return [
        Draft(
            title=title,
            area=area,
            term=ENDED[number % len(ENDED)] if number else ENDED_IN_SEPTEMBER,
            officer=rng.choice((THORNE, ADEYEMI, LUND)),
            providers=(rng.choice(providers_in(area, current)),),
        )
        for number, (title, area) in enumerate(titles[:ENDED_CONTRACTS])
    ]


def providers_in(area: str, current: Iterable[Draft]) -> list[str]:
    """Who else works in the area: not those of concern, nor the one whose contact signs in."""
    names = {name for draft in current if draft.area == area and not draft.concern for name in draft.providers}
    return sorted(names - {PROVIDER_OF_CONTACT})
