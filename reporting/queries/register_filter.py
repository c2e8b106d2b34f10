"""What a register can be filtered by. Each choice is one condition, used to filter, to count and to export."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final
from urllib.parse import urlencode

import django_filters
from django.core.validators import EMPTY_VALUES
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from accounts import clock
from commissioning.access import scope_of
from commissioning.choices import OrganisationKind
from commissioning.models import CommissioningUnit
from contracts.choices import Management, Risk
from contracts.models import Contract, ContractFunding
from contracts.models.contract import ContractQuerySet, incomplete_on, returned_by
from contracts.queries.given_sight import returned_by_given
from contracts.rules.jet import JET_BANDS
from reporting.queries.matching import has_provider, has_words
from reporting.queries.month import ReturnMonth, in_unit, is_expected, with_newly_red, with_view
from reporting.queries.register_fields import AnyNumber, AnyOf, Day
from reporting.queries.register_more import GRADES, ColumnFilters, more_conditions
from reporting.queries.sight import with_plans_seen
from reporting.queries.words import NO_VIEW, NOT_ASSESSED_CODE

NHS_KINDS: Final = (
    OrganisationKind.CCG,
    OrganisationKind.LCG,
    OrganisationKind.ICB,
    OrganisationKind.NHS_ENGLAND_AREA_TEAM,
    OrganisationKind.NHS_TRUST,
)
CURRENT: Final = "current"
SINCE: Final = "started_since"
UNASKED: Final = "not_asked"
RUNNING: Final = (CURRENT, SINCE, UNASKED)
"""Together every contract that may run on the day of the page, whatever its month expects."""
YES: Final = "yes"
NO: Final = "no"

RISKS: Final = ((Risk.RED, "Red"), (Risk.AMBER, "Amber"), (Risk.GREEN, "Green"), (NO_VIEW, "No current view"))
STATUSES: Final = (
    (CURRENT, "Current"),
    (SINCE, "Started since"),
    (UNASKED, "No return asked"),
    ("being_procured", "Being procured"),
    ("notice_given", "Notice given"),
    ("ended", "Ended"),
)
MANAGED: Final = ((Management.CENTRAL, "Centrally"), (Management.DEVOLVED, "Devolved to service area"))
FUNDERS: Final = (
    ("council", "Councils only"),
    ("nhs", "Any NHS body"),
    ("public_health", "Public health"),
    ("unsplit", "No split recorded"),
)
RETURNED: Final = ((NO, "Not returned"), (YES, "Returned"))
ONLY: Final = ((YES, "Yes"),)

#: What an address holds beside its filters: the month, and how the list is shown.
COUNTS: Final = "counts"
BESIDE: Final = ("month", "sort", "cols", "page", COUNTS)

#: The choices that a filter offers, by its name in addresses.
CHOICES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "risk": RISKS,
    "jet": GRADES,
    "status": STATUSES,
    "managed": MANAGED,
    "funder": FUNDERS,
    "returned": RETURNED,
    "new": ONLY,
    "incomplete": ONLY,
    "restricted": ONLY,
}


def status_conditions(month: ReturnMonth) -> dict[str, Q]:
    """Current: the contract counts in the month. Each contract has one of these, and may have notice given too."""
    day = month.as_at
    current = is_expected(month)
    not_ended = Q(effective_end=None) | Q(effective_end__gte=month.month)
    return {
        CURRENT: current,
        SINCE: Q(start__isnull=False, start__gt=month.last_day, start__lte=day),
        UNASKED: Q(start__isnull=False, start__lte=month.last_day) & not_ended & ~current,
        "being_procured": (Q(start=None) | Q(start__gt=day)) & not_ended,
        "notice_given": current & Q(notice_given_on__isnull=False, notice_given_on__lte=day),
        "ended": Q(effective_end__isnull=False, effective_end__lt=month.month),
    }


def status_words(month: ReturnMonth) -> dict[str, str]:
    """The statuses in words, those of the month with its name."""
    return dict(STATUSES) | {
        SINCE: f"Started since {month.short_name}",
        UNASKED: f"No return asked for {month.short_name}",
    }


@lru_cache(maxsize=32)
def conditions(month: ReturnMonth) -> dict[str, dict[str, Q]]:
    """Every choice of every filter as a condition on contracts ``with_view`` and ``with_newly_red``."""
    graded = {code: Q(jet__isnull=False, jet__range=(low, high)) for code, _, low, high in JET_BANDS}
    statuses = status_conditions(month)
    not_ended = Q(effective_end=None) | Q(effective_end__gte=month.month)
    return {
        "risk": {risk: Q(risk=risk) for risk in Risk.values} | {NO_VIEW: Q(view_month=None, is_due=True)},
        "jet": graded | {NOT_ASSESSED_CODE: Q(view_month__isnull=False, jet=None)},
        "status": statuses,
        "managed": {code: Q(management=code) for code, _ in MANAGED},
        "funder": _funded_by(),
        "returned": {NO: Q(is_due=True, is_returned=False), YES: Q(is_due=True, is_returned=True)},
        "new": {YES: Q(is_newly_red=True)},
        "incomplete": {YES: incomplete_on(month.as_at) & not_ended},
        "restricted": {YES: Q(is_restricted=True)},
    }


def _funded_by() -> dict[str, Q]:
    shares = ContractFunding.objects.filter(contract=OuterRef("pk"))
    paid = shares.filter(annual_amount__gt=0) | shares.filter(whole_life_amount__gt=0)
    others = paid.exclude(organisation__kind=OrganisationKind.COUNCIL)
    return {
        "council": Q(Exists(shares)) & ~Q(Exists(others)),
        "nhs": Q(Exists(paid.filter(organisation__kind__in=NHS_KINDS))),
        "public_health": Q(Exists(paid.filter(organisation__kind=OrganisationKind.PUBLIC_HEALTH))),
        "unsplit": ~Q(Exists(shares)),
    }


def ends_by(month: ReturnMonth, day: datetime.date) -> Q:
    """The term ends from the day of the page to the day given: one that is over no longer ends."""
    return Q(effective_end__isnull=False, effective_end__range=(month.as_at, day))


def decides_by(month: ReturnMonth, day: datetime.date) -> Q:
    """Contracts on which the unit must decide by the day, or should have: running on, and no notice given."""
    waiting = Q(notice_given_on=None) | Q(notice_given_on__gt=month.as_at)
    runs = Q(start__isnull=False, start__lte=month.as_at, effective_end__gte=month.as_at)
    return waiting & runs & Q(decide_by__isnull=False, decide_by__lte=day)


def _choice(name: str) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(choices=CHOICES[name], method="by_condition")


class ContractFilter(ColumnFilters):
    """The register's filter: several choices of one filter widen it, several filters narrow it.

    Without a user it is for a statement to which the person is given.
    """

    q = django_filters.CharFilter(method="by_words", max_length=100)
    risk = _choice("risk")
    jet = _choice("jet")
    status = _choice("status")
    managed = _choice("managed")
    funder = _choice("funder")
    returned = _choice("returned")
    new = _choice("new")
    incomplete = _choice("incomplete")
    restricted = _choice("restricted")
    area = AnyOf(method="by_area")
    officer = AnyNumber(method="by_officer")
    provider = AnyNumber(method="by_provider")
    mine = django_filters.ChoiceFilter(choices=ONLY, method="by_mine")
    ends = django_filters.DateFilter(method="by_end")
    decide = Day(method="by_decision")

    base_filters: Any

    def __init__(self, data: QueryDict, *, queryset: ContractQuerySet, month: ReturnMonth, user: Any) -> None:
        self.month = month
        self.user = user
        # only what the address names: to put the others together costs more than to read the contracts
        self.base_filters = {name: self.base_filters[name] for name in data if name in self.base_filters}
        super().__init__(data, queryset=queryset)

    def by_condition(self, name: str, values: list[str]) -> Q:
        known = (conditions(self.month) | more_conditions(clock.today()))[name]
        wanted = Q()
        for value in values:
            wanted |= known[value]
        return wanted

    def by_words(self, name: str, text: str) -> Q:
        return has_words(text)

    def by_area(self, name: str, areas: list[str]) -> Q:
        return Q(service_area__name__in=areas)

    def by_officer(self, name: str, people: list[str]) -> Q:
        return Q(officer_id__in=[int(person) for person in people])

    def by_provider(self, name: str, organisations: list[str]) -> Q:
        return has_provider(organisations)

    def by_mine(self, name: str, value: str) -> Q:
        return returned_by(self.user) if self.user else returned_by_given()

    def by_end(self, name: str, day: datetime.date) -> Q:
        return ends_by(self.month, day)

    def by_decision(self, name: str, day: datetime.date) -> Q:
        """Only where the person may know: a provider would read from it when the unit decides."""
        return decides_by(self.month, day) & with_plans_seen(scope_of(self.user))

    @property
    def cleaned(self) -> Mapping[str, Any]:
        """What was understood of the address; a value that no filter knows is left out, and ``errors`` says so."""
        return self.form.cleaned_data if self.form.is_valid() or hasattr(self.form, "cleaned_data") else {}

    @property
    def shows_current(self) -> bool:
        """Without a status: the contracts that count in the month. A search looks everywhere, as do single ticks."""
        return not any(self.cleaned.get(name) for name in ("status", "q", "provider", "incomplete", "restricted"))

    @cached_property
    def condition(self) -> Q:
        """All that is asked for, as one condition on contracts in sight."""
        wanted = conditions(self.month)["status"][CURRENT] if self.shows_current else Q()
        for name, value in self.cleaned.items():
            if value not in EMPTY_VALUES:
                wanted &= getattr(self, self.filters[name].method)(name, value)
        return wanted

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset.filter(self.condition)


@dataclass(frozen=True)
class Register:
    """A register as asked for: the contracts in sight, and those left by the filter."""

    month: ReturnMonth
    in_sight: ContractQuerySet
    filter: ContractFilter
    unit: CommissioningUnit | None
    user: Any

    @property
    def contracts(self) -> ContractQuerySet:
        return self.filter.qs

    @property
    def unknown(self) -> list[str]:
        """Names in the address that no filter bears, and of filters that did not understand their value."""
        known = {*ContractFilter.base_filters, *BESIDE}
        strange = [name for name, values in self.filter.data.lists() if name not in known and any(values)]
        return [*self.filter.errors, *strange]

    @property
    def address(self) -> str:
        """The filters of the address alone, always in one order."""
        data = self.filter.data
        return urlencode([(name, value) for name in sorted(self.filter.filters) for value in data.getlist(name)])


def register_of(*, user: Any, unit: CommissioningUnit | None, params: Any, month: ReturnMonth) -> Register:
    """``params`` is the query of the address, as a QueryDict."""
    in_sight = in_unit(in_view(month).visible_to(user), unit)
    filtered = ContractFilter(params, queryset=in_sight, month=month, user=user)
    return Register(month=month, in_sight=in_sight, filter=filtered, unit=unit, user=user)


@lru_cache(maxsize=32)
def in_view(month: ReturnMonth) -> ContractQuerySet:
    """Contracts with all that their conditions read. A question that nobody has asked yet: each asks a copy of it."""
    return with_newly_red(with_view(Contract.objects.all(), month), month)
