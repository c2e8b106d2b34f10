"""How a page about a contract's KPIs or outcomes finds what it is about, and its address."""

import datetime
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import Scope
from contracts.models import Contract, Kpi, Outcome
from contracts.queries.managed import ManagedContract
from contracts.rules.returns import month_start
from contracts.templatetags.marks import monthname
from contracts.views.loading import load_managed


@dataclass(frozen=True)
class ReportedContract:
    """A contract as a page about it is read, by its own people and others."""

    of: ManagedContract

    @property
    def contract(self) -> Contract:
        return self.of.contract

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.of.is_open_to(scope, permission)

    def speaks_for_provider(self, scope: Scope) -> bool:
        """Whether the person adds as the provider: its contact, who does not manage the contract besides."""
        is_manager = self.of.is_open_to(scope, Permission.RETURN_CONTRACTS)
        return not is_manager and scope.can(Permission.SPEAK_FOR_PROVIDER, self.contract)


@dataclass(frozen=True)
class ManagedKpi(ReportedContract):
    """One KPI, looked after by whoever manages its contract."""

    kpi: Kpi


@dataclass(frozen=True)
class AddedTo(ReportedContract):
    """What its provider's contact adds to as well as its own people: what is the provider's to say."""

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        is_manager = self.of.is_open_to(scope, Permission.RETURN_CONTRACTS)
        return self.of.is_open_to(scope, permission) and (is_manager or self.speaks_for_provider(scope))


@dataclass(frozen=True)
class ReportedMonth(AddedTo):
    """The same for the readings of a month that is over."""

    month: datetime.date


@dataclass(frozen=True)
class ReportedOutcome(AddedTo):
    """The same for one outcome."""

    outcome: Outcome


@dataclass(frozen=True)
class ManagedOutcome(ReportedContract):
    """One outcome, decided by whoever manages its contract."""

    outcome: Outcome


def load_reported(request: HttpRequest, slug: str) -> ReportedContract:
    return ReportedContract(load_managed(request, slug))


def load_to_add(request: HttpRequest, slug: str) -> AddedTo:
    return AddedTo(load_managed(request, slug))


def load_month(request: HttpRequest, slug: str, month: datetime.date) -> ReportedMonth:
    if month >= month_start(clock.today()):
        raise Http404(f"{monthname(month)} is not over.")
    return ReportedMonth(load_managed(request, slug), month)


def load_kpi(request: HttpRequest, slug: str, pk: int) -> ManagedKpi:
    managed = load_managed(request, slug)
    kpi = managed.contract.kpis.filter(pk=pk).first()
    if kpi is None:
        raise Http404("No such KPI of this contract.")
    kpi.contract = managed.contract
    return ManagedKpi(managed, kpi)


def load_reported_outcome(request: HttpRequest, slug: str, pk: int) -> ReportedOutcome:
    managed = load_managed(request, slug)
    return ReportedOutcome(managed, _outcome(managed, pk))


def load_outcome(request: HttpRequest, slug: str, pk: int) -> ManagedOutcome:
    managed = load_managed(request, slug)
    return ManagedOutcome(managed, _outcome(managed, pk))


def _outcome(managed: ManagedContract, pk: int) -> Outcome:
    rows = managed.contract.outcomes.select_related("proposed_by", "decided_by")
    outcome = rows.filter(pk=pk).first()
    if outcome is None:
        raise Http404("No such outcome of this contract.")
    outcome.contract = managed.contract
    return outcome
