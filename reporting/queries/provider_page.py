"""One provider: all its contracts in the reader's sight, across units, and what is open with it."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, Sum
from django.utils.functional import cached_property

from accounts import clock
from accounts.permissions import Role
from commissioning.access import scope_of
from commissioning.models import Organisation
from contracts.choices import ContractStatus, Risk, Side
from contracts.drawing import spark
from contracts.models import (
    Contract,
    ContractFunding,
    ContractProvider,
    GradeView,
    ImprovementPlan,
    MonthlyReturn,
    PerformanceNotice,
)
from contracts.models.contract import ContractQuerySet
from contracts.rules.jet import average_of
from contracts.templatetags.marks import money, shortdate
from reporting.queries.month import chosen_month, with_view
from reporting.queries.words import counted, jet_cell, jet_value, month_and_year, no_view_age, risk_cell

OVER: Final = ContractStatus.ENDED


def contracts_of(user: Any, organisation: Organisation | int) -> ContractQuerySet:
    """The provider's contracts in the person's sight, in every unit."""
    rows = ContractProvider.objects.filter(organisation=organisation)
    return Contract.objects.visible_to(user).filter(pk__in=rows.values("contract"))


@dataclass(frozen=True)
class ContractLine:
    """One contract of the provider, as it stands."""

    url: str
    title: str
    reference: str
    unit: str
    status: str
    is_over: bool
    risk: str
    risk_note: str
    jet: str
    trend: str
    ends: str
    annual: str
    whole_life: str
    supplier: str


@dataclass(frozen=True)
class PlanLine:
    url: str
    title: str
    contract: str
    concern: str
    agreed: str
    steps: str
    late: str


@dataclass(frozen=True)
class NoticeLine:
    url: str
    contract: str
    concern: str
    issued: str
    meet_by: str


@dataclass(frozen=True)
class FundingLine:
    name: str
    annual: str
    whole_life: str


class ProviderPage:
    """Seven queries, however many contracts there are. Nothing here that its own contact may not read."""

    def __init__(self, *, user: Any, organisation: Organisation) -> None:
        self.organisation = organisation
        self.is_own = organisation.pk in scope_of(user).organisations_as(Role.PROVIDER_CONTACT)
        self.month = chosen_month(None, today=clock.today())
        viewed = with_view(contracts_of(user, organisation), self.month).select_related("unit")
        self.contracts: list[Any] = list(viewed.order_by("title", "pk"))
        ids = [contract.pk for contract in self.contracts]
        running = [contract.pk for contract in self.contracts if not self._is_over(contract)]
        self._said = _said(ids, self.month.history)
        self._supplier = _newest_views(ids)
        self.plans = self._plans(ids)
        self.notices = self._notices(ids)
        self.frameworks = _frameworks(running)
        self.funding = _funding(running)

    def _status(self, contract: Contract) -> ContractStatus:
        return contract.status_on(self.month.today)

    def _is_over(self, contract: Contract) -> bool:
        return self._status(contract) == OVER

    # Contracts

    @cached_property
    def rows(self) -> list[ContractLine]:
        """Those that run or are to begin; the worst risk first, then the lowest JET."""
        return [self._line(contract) for contract in sorted(self.running, key=_worst)]

    @cached_property
    def ended(self) -> list[ContractLine]:
        over = [contract for contract in self.contracts if self._is_over(contract)]
        return [self._line(contract) for contract in sorted(over, key=_latest_end, reverse=True)]

    @cached_property
    def running(self) -> list[Any]:
        return [contract for contract in self.contracts if not self._is_over(contract)]

    def _line(self, contract: Any) -> ContractLine:
        said = self._said.get(contract.pk, {})
        return ContractLine(
            url=contract.url_in_unit,
            title=contract.title,
            reference=contract.reference,
            unit=contract.unit.name,
            status=self._status(contract).label,
            is_over=self._is_over(contract),
            risk=risk_cell(contract.risk) if contract.is_due else "No return expected",
            risk_note=self._risk_note(contract, said),
            jet=jet_cell(jet_value(contract.risk, contract.jet), was=jet_value(contract.was_risk, contract.was_jet)),
            trend=self._trend(said),
            ends=shortdate(contract.effective_end) or "Not known",
            annual=money(contract.annual_value) or "Not known",
            whole_life=money(contract.whole_life_value) or "Not known",
            supplier=self._supplier.get(contract.pk, ""),
        )

    def _risk_note(self, contract: Any, said: dict[datetime.date, Any]) -> str:
        """Of which month it is where it is not the newest; how old where there is no current view."""
        if not contract.is_due or contract.view_month == self.month.month:
            return ""
        if contract.view_month is None:
            return no_view_age(max(said, default=None), self.month.month)
        return f"As in {month_and_year(contract.view_month)}"

    def _trend(self, said: dict[datetime.date, tuple[str, int | None]]) -> str:
        """The line of twelve months of JET, with its ends in words."""
        scores = [said[month][1] if month in said else None for month in self.month.history]
        known = [score for score in scores if score is not None]
        if not known:
            return ""
        words = f"JET from {known[0]} to {known[-1]} over 12 months" if len(known) > 1 else f"JET {known[0]}, once"
        return spark(scores, label=words)

    # What stands at the top

    @property
    def units(self) -> list[str]:
        return sorted({contract.unit.name for contract in self.contracts})

    @property
    def strip(self) -> list[tuple[str, Any, str]]:
        running = self.running
        mean = average_of(jet_value(contract.risk, contract.jet) for contract in running)
        return [
            ("Contracts", f"{len(running):,}", self._contracts_words),
            ("Value a year", money(self._sum("annual_value")) or "Not known", self._value_words),
            ("Worst risk", self._worst, self._risk_words),
            ("Mean JET", str(mean) if mean is not None else "Not assessed", ""),
            ("Improvement plans", f"{len(self.plans):,}", self._plan_words),
        ]

    @property
    def _contracts_words(self) -> str:
        ended = len(self.contracts) - len(self.running)
        words = f"In {counted(len(self.units), 'unit')}"
        return f"{words}. {counted(ended, 'other', 'others')} ended" if ended else words

    @property
    def _value_words(self) -> str:
        words = f"{money(self._sum('whole_life_value')) or 'Not known'} whole life, partner funding included"
        return f"{words}. Frameworks count whole: {self.frameworks}" if self.frameworks else words

    def _sum(self, name: str) -> Decimal | None:
        known = [getattr(contract, name) for contract in self.running if getattr(contract, name) is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def _worst(self) -> str:
        counts = self._risks
        worst = next((risk for risk in (Risk.RED, Risk.AMBER, Risk.GREEN) if counts[risk]), "")
        return risk_cell(str(worst))

    @property
    def _risk_words(self) -> str:
        counts = self._risks
        return ", ".join(f"{counts[risk]} {risk.label.lower()}" for risk in Risk if counts[risk])

    @cached_property
    def _risks(self) -> Counter[str]:
        return Counter(contract.risk for contract in self.running if contract.is_due)

    @property
    def _plan_words(self) -> str:
        late = sum(bool(plan.late) for plan in self.plans)
        return f"{counted(late, 'plan')} with overdue steps" if late else "None overdue" if self.plans else ""

    # Plans and notices

    def _plans(self, ids: list[int]) -> list[PlanLine]:
        today = self.month.today
        open_plans = (
            ImprovementPlan.objects.filter(contract__in=ids, closed_on=None)
            .select_related("contract__unit")
            .annotate(
                all_steps=Count("steps"),
                done=Count("steps", filter=Q(steps__state="done")),
                late=Count("steps", filter=Q(steps__done_on=None, steps__due_on__lt=today)),
            )
        )
        return [
            PlanLine(
                url=plan.contract.address_in_unit("plan", plan.pk),
                title=plan.title,
                contract=plan.contract.title,
                concern=plan.get_concern_display(),
                agreed=shortdate(plan.agreed_on),
                steps=f"{plan.done} of {plan.all_steps} done",
                late=f"{plan.late} overdue" if plan.late else "",
            )
            for plan in open_plans.order_by("agreed_on", "pk")
        ]

    def _notices(self, ids: list[int]) -> list[NoticeLine]:
        found = PerformanceNotice.objects.filter(contract__in=ids, closed_on=None).select_related("contract__unit")
        return [
            NoticeLine(
                url=notice.contract.address_in_unit("performance_notice", notice.pk),
                contract=notice.contract.title,
                concern=notice.get_concern_display(),
                issued=shortdate(notice.issued_on),
                meet_by=shortdate(notice.meeting_by),
            )
            for notice in found.order_by("-issued_on", "pk")
        ]


def _worst(contract: Any) -> tuple[Any, ...]:
    order = [Risk.RED, Risk.AMBER, Risk.GREEN]
    place = order.index(contract.risk) if contract.risk else len(order)
    return (not contract.is_due, place, contract.jet if contract.jet is not None else 10, contract.title, contract.pk)


def _latest_end(contract: Any) -> tuple[datetime.date, int]:
    return (contract.effective_end, contract.pk)


def _said(ids: list[int], months: Iterable[datetime.date]) -> dict[int, dict[datetime.date, tuple[str, int | None]]]:
    first, *_, last = months
    rows = MonthlyReturn.objects.that_count().filter(contract_id__in=ids, month__range=(first, last)).order_by()
    said: dict[int, dict[datetime.date, tuple[str, int | None]]] = defaultdict(dict)
    for contract_id, month, risk, score in rows.values_list("contract_id", "month", "risk", "jet_score"):
        said[contract_id][month] = (risk, score)
    return said


def _newest_views(ids: list[int]) -> dict[int, str]:
    """«5 in October 2014, by Ann Lee»: what the supplier last said of the grade, by contract."""
    views = GradeView.objects.filter(contract_id__in=ids, side=Side.SUPPLIER).order_by("contract_id", "-month")
    rows = views.distinct("contract_id").values_list("contract_id", "score", "month", "stated_by")
    return {pk: f"{score} in {month_and_year(month)}, by {who}" for pk, score, month, who in rows}


def _frameworks(ids: list[int]) -> int:
    """How many have other providers too."""
    rows = ContractProvider.objects.filter(contract_id__in=ids).order_by().values("contract_id")
    return rows.annotate(number=Count("id")).filter(number__gt=1).count()


def _funding(ids: list[int]) -> list[FundingLine]:
    rows = (
        ContractFunding.objects.filter(contract_id__in=ids)
        .order_by()
        .values("organisation__name")
        .annotate(annual=Sum("annual_amount"), whole_life=Sum("whole_life_amount"))
        .order_by("-annual", "organisation__name")
    )
    return [FundingLine(row["organisation__name"], money(row["annual"]), money(row["whole_life"])) for row in rows]
