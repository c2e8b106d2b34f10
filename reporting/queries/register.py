"""The register: fifty contracts a page, filtered and sorted by the server."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Subquery, Sum, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, JSONObject, Lower

from accounts import clock
from commissioning.models import CommissioningUnit
from commissioning.rules import MONTH_NAMES
from contracts.choices import Risk
from contracts.drawing import spark
from contracts.models import Contract, ContractProvider, ExtensionOption, MonthlyReturn
from contracts.models.contract import ContractQuerySet
from contracts.templatetags.marks import money, shortdate
from reporting.queries.links import contract_url, named_unit, unit_name
from reporting.queries.month import NotAMonth, ReturnMonth, chosen_month, with_view
from reporting.queries.register_filter import Register, register_of
from reporting.queries.words import (
    counted,
    jet_cell,
    jet_value,
    no_view_age,
    provider_words,
    risk_cell,
)

PAGE_SIZE: Final = 50

#: Worst first; what has no view stands before green, because nobody knows that it is well.
SEVERITY: Final = Case(
    When(risk=Risk.RED, then=Value(0)),
    When(risk=Risk.AMBER, then=Value(1)),
    When(risk=Risk.GREEN, then=Value(3)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Sort:
    """One way to sort: the words of the list on phones, of the sentence above the table, and its order."""

    code: str
    label: str
    words: str
    order: tuple[Any, ...]
    direction: str

    @property
    def reverse(self) -> "Sort":
        first, *rest = self.order
        other = "descending" if self.direction == "ascending" else "ascending"
        # what is not known stays last, whichever way it is sorted
        turned = OrderBy(first.expression, descending=not first.descending, nulls_last=True)
        return Sort(f"-{self.code}", self.label, f"{self.words}, reversed", (turned, *rest), other)


def _up(name: str) -> Any:
    return F(name).asc(nulls_last=True)


_TITLE = Lower("title").asc()
SORTS: Final = (
    Sort("risk", "Risk, worst first", "worst risk first, then lowest JET",
         (SEVERITY.asc(), _up("jet"), _TITLE), "descending"),
    Sort("jet", "JET, lowest first", "lowest JET first, then worst risk",
         (_up("jet"), SEVERITY.asc(), _TITLE), "ascending"),
    Sort("ends", "Term ends, soonest first", "soonest end first", (_up("effective_end"), _TITLE), "ascending"),
    Sort("value", "Yearly value, largest first", "largest yearly value first",
         (F("annual_value").desc(nulls_last=True), _TITLE), "descending"),
    Sort("name", "Name", "by name", (_TITLE,), "ascending"),
    Sort("area", "Service area", "by service area", (_up("service_area__name"), _TITLE), "ascending"),
    Sort("officer", "Officer", "by contract officer", (_up("officer__name"), _TITLE), "ascending"),
)  # fmt: skip


def sort_of(code: str | None) -> Sort:
    """The sort an address asks for; the worst risk first where it asks for none that is known."""
    known = {sort.code: sort for sort in SORTS}
    asked = (code or "").removeprefix("-")
    if asked not in known:
        return SORTS[0]
    return known[asked].reverse if code != asked else known[asked]


def register(*, user: Any, unit: CommissioningUnit | None, params: Any) -> Register:
    """Raises NotAMonth where the address names none."""
    month = chosen_month(params.get("month"), today=clock.today())
    return register_of(user=user, unit=unit, params=params, month=month)


def filtered_contracts(*, user: Any, unit: CommissioningUnit | None, params: Any) -> ContractQuerySet:
    """Exactly the contracts of the register page with the same address, in its order, for whatever leaves as a file.

    Each carries what it says for the month: ``risk``, ``jet``, ``was_risk``, ``was_jet``, ``is_returned``
    and ``view_month``. Raises NotAMonth where the address names none.
    """
    found = register(user=user, unit=unit, params=params)
    return in_order(found.contracts, sort_of(params.get("sort")))


def in_order(contracts: ContractQuerySet, sort: Sort) -> ContractQuerySet:
    return contracts.order_by(*sort.order, "pk")


def totals(contracts: ContractQuerySet) -> dict[str, Any]:
    """How many contracts, with how many providers, worth how much."""
    plain = contracts.order_by()
    # counted once, whatever the number of contracts that the maximum is taken over
    named = ContractProvider.objects.filter(contract__in=plain.values("pk")).order_by()
    providers = named.annotate(all=Value(1)).values("all").annotate(number=Count("organisation_id", distinct=True))
    return plain.aggregate(
        contracts=Count("id"),
        annual=Sum("annual_value"),
        whole_life=Sum("whole_life_value"),
        providers=Coalesce(Max(Subquery(providers.values("number"))), 0),
    )


@dataclass(frozen=True)
class RegisterRow:
    """One line of the register, as it is read."""

    url: str
    title: str
    unit: str
    providers: str
    area: str
    annual_value: str
    ends: str
    options: str
    risk: str
    risk_note: str
    jet: str
    history: str
    officer: str
    is_restricted: bool


def page_rows(
    contracts: ContractQuerySet, *, sort: Sort, month: ReturnMonth, unit: CommissioningUnit | None, offset: int
) -> list[RegisterRow]:
    """The ids of the page first, then its rows with all they show: of a wide list only the page is sorted."""
    ids = in_order(contracts, sort).values("pk")[offset : offset + PAGE_SIZE]
    rows = in_order(_wide(Contract.objects.filter(pk__in=ids), month, unit), sort)
    return [_row(row, month) for row in rows]


def _wide(contracts: ContractQuerySet, month: ReturnMonth, unit: CommissioningUnit | None) -> ContractQuerySet:
    mine = {"contract": OuterRef("pk")}
    counting = MonthlyReturn.objects.that_count().filter(**mine, month__lte=month.month)
    names = ContractProvider.objects.filter(**mine).order_by("position", "pk").values("organisation__name")
    open_options = ExtensionOption.objects.filter(**mine, exercised_on=None).order_by("position").values("months")
    scores = counting.filter(month__gte=month.history[0]).order_by("month")
    return (
        with_view(contracts, month)
        .select_related("service_area", "officer")
        .defer("description")
        .annotate(
            unit_code=named_unit(unit),
            unit_name=unit_name(unit),
            provider_names=ArraySubquery(names),
            open_options=ArraySubquery(open_options),
            scores=ArraySubquery(scores.values(json=JSONObject(month="month", jet="jet_score"))),
            last_month=Subquery(counting.order_by("-month").values("month")[:1]),
        )
    )


def _row(contract: Any, month: ReturnMonth) -> RegisterRow:
    jet = jet_value(contract.risk, contract.jet)
    was = jet_value(contract.was_risk, contract.was_jet)
    return RegisterRow(
        url=contract_url(contract.slug, contract.unit_code),
        title=contract.title,
        unit=contract.unit_name,
        providers=provider_words(contract.provider_names),
        area=contract.service_area.name if contract.service_area else "",
        annual_value=money(contract.annual_value) or "Not known",
        ends=shortdate(contract.effective_end) or "Not known",
        options=option_words(contract, contract.open_options),
        risk=risk_cell(contract.risk) if contract.is_due else "",
        risk_note=risk_note(contract, month),
        jet=jet_cell(jet, was=was),
        history=_spark(contract.scores, month.history),
        officer=contract.officer.short_name if contract.officer else "No officer",
        is_restricted=contract.is_restricted,
    )


def option_words(contract: Contract, open_months: Sequence[int]) -> str:
    """«+12 +12 mths», «No option left»"""
    if contract.notice_given_on:
        return "Notice given"
    if not open_months:
        return "No option left" if contract.option_months else "No option"
    return " ".join(f"+{months}" for months in open_months) + " mths"


def risk_note(contract: Any, month: ReturnMonth) -> str:
    """What must be known beside the colour: how old it is, what it was."""
    if not contract.is_due:
        return f"No return expected for {month.short_name}"
    if contract.view_month is None:
        return no_view_age(contract.last_month, month.month)
    if contract.view_month != month.month:
        return f"from {MONTH_NAMES[contract.view_month.month - 1][:3]}"
    if contract.was_risk and contract.was_risk != contract.risk:
        return f"was {contract.was_risk}"
    return ""


def _spark(scores: list[dict[str, Any]], months: Sequence[datetime.date]) -> str:
    by_month = {entry["month"][:10]: entry["jet"] for entry in scores or []}
    values = [by_month.get(month.isoformat()) for month in months]
    known = [value for value in values if value is not None]
    if not known:
        return ""
    return spark(values, label=f"JET from {known[0]} to {known[-1]} over {counted(len(months), 'month')}")


__all__ = ["NotAMonth", "filtered_contracts", "page_rows", "register", "sort_of", "totals"]
