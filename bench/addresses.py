"""The pages that are measured: each by its address, for whom it is there, and how many empty pages it may take.

A page that comes later gets its line here, in the change that builds it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef
from django.urls import reverse

from accounts import clock
from accounts.models import User
from bench.people import AUDITOR, BY_SIGHT, COMMISSIONER, OFFICER, PARTNER, PROVIDER, Person
from bench.rows import Goal
from commissioning.models import CommissioningUnit
from contracts.models import Contract, ImprovementPlan, Kpi, ServiceReview
from contracts.rules.returns import month_to_return
from reporting.scale.names import ONE_UNIT, unit_code

EMPTY: Final = "/bench/empty/"
STOCK: Final = "/bench/stock/contracts/contract/"
WORD, MISSPELT = "wheelchairs", "weelchairs"


@dataclass(frozen=True)
class Seen:
    """What addresses are filled from: the same of the first unit at every size."""

    user: User
    units: list[CommissioningUnit]
    contract: Contract
    month: str
    review: int

    def of_contract(self, name: str, *parts: object) -> str:
        return self.contract.address_in_unit(name, *parts)

    def of_return(self, name: str) -> str:
        return f"{reverse(name, args=[self.month, self.contract.slug])}?{urlencode({'unit': self.contract.unit.code})}"

    @property
    def provider(self) -> int:
        return self.contract.providers.order_by("pk")[0].pk

    @property
    def unit(self) -> CommissioningUnit | None:
        """The unit that the person works in without having chosen one."""
        return self.units[0] if len(self.units) == 1 else None


@dataclass(frozen=True)
class Page:
    what: str
    address: Callable[[Seen], str]
    people: tuple[Person, ...] = BY_SIGHT
    goal: Goal | None = None


def _fixed(address: str) -> Callable[[Seen], str]:
    return lambda seen: address


REGISTER: Final = Page("Register", _fixed("/contracts/"), (*BY_SIGHT, PROVIDER), Goal(5))
DASHBOARD: Final = Page("Dashboard", _fixed("/"), (*BY_SIGHT, COMMISSIONER, PROVIDER))
CONTRACT: Final = Page("Contract", lambda seen: seen.of_contract("contract"), (*BY_SIGHT, PROVIDER), Goal(6))
WORKLIST: Final = Page(
    "Worklist, own", lambda seen: f"{reverse('worklist', args=[seen.month])}?show=mine", (OFFICER,), Goal(6)
)
SEARCH: Final = Page("Search, a word", _fixed(f"/search/?q={WORD}"), goal=Goal(8))

PAGES: Final = (
    REGISTER,
    Page("Register, filtered", _fixed("/contracts/?risk=red&risk=amber&managed=central")),
    Page("Register, last page", _fixed("/contracts/?page=100000")),
    Page("Register by provider", _fixed("/contracts/?sort=provider")),
    DASHBOARD,
    CONTRACT,
    WORKLIST,
    Page(
        "Worklist, everyone’s",
        lambda seen: f"{reverse('worklist', args=[seen.month])}?show=everyone",
        (COMMISSIONER, PARTNER),
        Goal(6, "What is left to do is counted by state and by officer over all contracts of the units on every page."),
    ),
    Page("Grid of 30", lambda seen: f"{reverse('return_grid', args=[seen.month])}?show=all", (OFFICER,), Goal(10)),
    Page(
        "Review of 228",
        lambda seen: reverse("month_review", args=[seen.month, unit_code(1)]),
        (COMMISSIONER, PARTNER),
        Goal(15, "All contracts of the unit stand on one page, with a form each: most of the time is writing HTML."),
    ),
    Page("Return", lambda seen: seen.of_return("return"), (OFFICER,)),
    SEARCH,
    Page(
        "Search, misspelt",
        _fixed(f"/search/?q={MISSPELT}"),
        goal=Goal(8, "It is looked for twice, and up to a thousand titles are read for spellings."),
    ),
    Page("Providers", _fixed("/providers/")),
    Page("Provider", lambda seen: reverse("provider", args=[seen.provider])),
    Page("KPIs", lambda seen: seen.of_contract("kpis"), (OFFICER,)),
    Page("KPI readings", lambda seen: seen.of_contract("kpi_readings", seen.month), (OFFICER,)),
    Page("Board", lambda seen: seen.of_contract("contract_board"), (OFFICER,)),
    Page("Duties", _fixed("/duties/"), (COMMISSIONER, PARTNER)),
    Page("Service reviews", _fixed("/service-reviews/")),
    Page("Service review", lambda seen: reverse("service_review", args=[seen.review])),
    Page("Monthly report", lambda seen: reverse("monthly_report", args=[seen.month, unit_code(1)])),
    Page(
        "Calibration",
        lambda seen: reverse("calibration", args=[unit_code(1), seen.month]),
        (COMMISSIONER, PARTNER),
    ),
    Page("Audit log", _fixed("/audit/"), (AUDITOR,)),
)


def addresses_of(people: Iterable[Person]) -> dict[tuple[Page, Person], str]:
    """Of the world that this process is inside, each page of each of these people."""
    seen = {person: seen_by(person) for person in people}
    return {(page, person): page.address(seen[person]) for page in PAGES for person in page.people if person in seen}


def seen_by(person: Person) -> Seen:
    user = User.objects.get(email=person.email)
    reviews = ServiceReview.objects.visible_to(user).filter(unit__code=unit_code(1)).order_by("pk")
    return Seen(
        user=user,
        units=list(CommissioningUnit.objects.visible_to(user).select_related("host")),
        contract=_contract(user, person),
        month=f"{month_to_return(clock.today()):%Y-%m}",
        review=reviews.values_list("pk", flat=True).first() or 0,
    )


def _contract(user: Any, person: Person) -> Contract:
    """The fullest of the officer's own, with a plan, KPIs and a board, the same at every size.

    A provider's few are others at each size: there the plainest is taken, which every size has.
    """
    own = Contract.objects.visible_to(user).select_related("unit")
    of = {"contract": OuterRef("pk")}
    told = own.annotate(has_plan=Exists(ImprovementPlan.objects.filter(**of)), has_kpi=Exists(Kpi.objects.filter(**of)))
    if person is PROVIDER:
        return told.order_by("has_plan", "has_kpi", F("board").asc(nulls_first=True), "pk")[:1].get()
    mine = told.filter(unit__code=unit_code(1), officer__email=ONE_UNIT, is_restricted=False)
    return mine.order_by("-has_plan", "-has_kpi", F("board").asc(nulls_last=True), "pk")[:1].get()
