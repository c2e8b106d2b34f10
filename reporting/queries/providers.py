"""The providers of the contracts in sight: how many contracts, of what value, how they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit, Organisation
from commissioning.rules import long_date
from contracts.choices import Risk
from contracts.models import Contract, ContractProvider
from contracts.models.contract import ContractQuerySet
from contracts.queries.known_count import KnownCount
from contracts.templatetags.marks import money
from reporting.queries.month import ReturnMonth, chosen_month, expected, in_unit, with_view
from reporting.queries.register_address import changed, pairs
from reporting.queries.words import NO_VIEW, counted, listed, risk_cell

PAGE_SIZE: Final = 50
#: From the worst on; a contract without a current view stands after those that have one.
WORST_FIRST: Final = (Risk.RED, Risk.AMBER, Risk.GREEN)
NO_RISK: Final = len(WORST_FIRST)
FIRST_SORT: Final = "name"
#: code: (column, order, in words)
SORTS: Final[dict[str, tuple[str, tuple[Any, ...], str]]] = {
    "name": ("Provider", (), "by name"),
    "contracts": ("Contracts", (F("number").desc(),), "most contracts first"),
    "value": ("A year", (F("annual").desc(nulls_last=True),), "largest yearly value first"),
    "whole": ("Whole life", (F("whole_life").desc(nulls_last=True),), "largest whole-life value first"),
    "risk": ("Worst risk", (F("worst").asc(), F("at_worst").desc()), "worst risk first"),
    "jet": ("Mean JET", (F("mean").asc(nulls_last=True),), "lowest mean JET first"),
}
#: Sorts that read each contract's view of the month.
OF_THE_VIEW: Final = frozenset({"risk", "jet"})
KNOWN: Final = frozenset({"q", "sort", "page"})
HEADINGS: Final = ("Provider", "Contracts", "A year", "Whole life", "Worst risk", "Contracts at it", "Mean JET")


@dataclass(frozen=True)
class ProviderLine:
    """One provider of the list."""

    url: str
    name: str
    contracts: str
    annual: str
    whole_life: str
    risk: str
    at_worst: str
    mean: str


def standing(column: str = "risk") -> Func:
    """How bad a risk is as a number, worst first, of contracts ``with_view``."""
    places = Value([*(risk.value for risk in WORST_FIRST), ""], ArrayField(TextField()))
    return Func(places, F(column), template="ARRAY_POSITION(%(expressions)s) - 1", output_field=IntegerField())


def risk_of(place: int) -> str:
    return str(WORST_FIRST[place]) if place < NO_RISK else NO_VIEW


class Providers:
    """Of the contracts that count in the month, as the register lists them; a framework counts with each of its own."""

    def __init__(
        self,
        *,
        user: Any,
        unit: CommissioningUnit | None,
        params: QueryDict,
        permission: Permission = Permission.VIEW_CONTRACTS,
    ) -> None:
        self.user, self.unit, self.params = user, unit, params
        self.month: ReturnMonth = chosen_month(None, today=clock.today())
        self.words = (params.get("q") or "").strip()[:100]
        self.unknown_parts = [name for name in params if name not in KNOWN]
        self.sort = params.get("sort") or FIRST_SORT
        if self.sort not in SORTS:
            self.unknown_parts.append(f"sort {self.sort[:40]}")
            self.sort = FIRST_SORT
        self.contracts = expected(in_unit(Contract.objects.visible_to(user, permission), unit), self.month)

    @property
    def found(self) -> Any:
        """One row a provider, in order, set by set: as many queries for one as for thousands."""
        return self._whole(self.contracts.filter(provider_rows__isnull=False)).order_by(*self._order)

    @property
    def _order(self) -> tuple[Any, ...]:
        return (*SORTS[self.sort][1], Lower("name"), "provider")

    def _whole(self, each: ContractQuerySet) -> Any:
        """Each provider with all that is said of it, from contracts that are joined to who provides them."""
        viewed = with_view(each, self.month).annotate(place=standing())
        of_worst = {f"at_{place}": Count("id", filter=Q(place=place)) for place in range(NO_RISK + 1)}
        at_worst = Case(
            *(When(worst=place, then=F(f"at_{place}")) for place in range(NO_RISK + 1)), output_field=IntegerField()
        )
        grouped = self._grouped(viewed).annotate(worst=Min("place"), mean=Avg("jet"), **of_worst)
        return grouped.annotate(at_worst=at_worst)

    def _grouped(self, each: Any) -> Any:
        """Each provider with what its contracts come to, without a look at how they stand."""
        rows: Any = each.order_by().values(
            provider=F("provider_rows__organisation_id"), name=F("provider_rows__organisation__name")
        )
        for word in self.words.split():
            rows = rows.filter(name__icontains=word)
        return rows.annotate(number=Count("id"), annual=Sum("annual_value"), whole_life=Sum("whole_life_value"))

    @property
    def order_words(self) -> str:
        return SORTS[self.sort][2]


class ProvidersPage(Providers):
    """Three queries: how many, which stand on the page, and what is said of these."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, params: QueryDict) -> None:
        super().__init__(user=user, unit=unit, params=params)
        self.page = KnownCount(self._named.count(), PAGE_SIZE).get_page(params.get("page"))
        first = (self.page.number - 1) * PAGE_SIZE
        ids = list(self._ids[first : first + PAGE_SIZE])
        found = {
            row["provider"]: row for row in self._whole(self.contracts.filter(provider_rows__organisation__in=ids))
        }
        self.rows = [_line(found[pk]) for pk in ids]

    @property
    def _named(self) -> QuerySet[Organisation]:
        """Those of whom any contract counts."""
        theirs = ContractProvider.objects.filter(organisation=OuterRef("pk"), contract__in=self.contracts.order_by())
        named = Organisation.objects.filter(Exists(theirs))
        for word in self.words.split():
            named = named.filter(name__icontains=word)
        return named

    @property
    def _ids(self) -> Any:
        """In order. Only where the order asks for it is more read of the contracts than that there are some."""
        if self.sort == FIRST_SORT:
            return self._named.order_by(Lower("name"), "pk").values_list("pk", flat=True)
        if self.sort in OF_THE_VIEW:
            return self.found.values_list("provider", flat=True)
        provided = self.contracts.filter(provider_rows__isnull=False)
        return self._grouped(provided).order_by(*self._order).values_list("provider", flat=True)

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def heading_line(self) -> str:
        where = self.unit.name if self.unit else "All units that you may see"
        return f"{counted(self.total, 'provider')} of contracts that count in {self.month.name}. {where}"

    @property
    def showing(self) -> str:
        page = self.page
        return f"Showing {page.start_index():,} to {page.end_index():,} of {self.total:,}, {self.order_words}."

    @property
    def unknown(self) -> str:
        return listed(self.unknown_parts[:8]) if self.unknown_parts else ""

    @property
    def headers(self) -> list[dict[str, Any]]:
        return [
            {
                "label": label,
                "url": f"?{changed(self.params, sort=code)}",
                "direction": self._direction(code),
                "is_number": code in {"contracts", "value", "whole"},
            }
            for code, (label, _, _) in SORTS.items()
        ]

    def _direction(self, code: str) -> str:
        if code != self.sort:
            return ""
        return "descending" if code in {"contracts", "value", "whole"} else "ascending"

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        return [(code, label, code == self.sort) for code, (label, _, _) in SORTS.items()]

    @property
    def query(self) -> str:
        return changed(self.params)

    @property
    def kept_for_filter(self) -> list[tuple[str, str]]:
        return pairs(self.params, without=("q", "page"))

    @property
    def kept_for_sort(self) -> list[tuple[str, str]]:
        return pairs(self.params, without=("sort", "page"))

    @property
    def may_export(self) -> bool:
        return bool(self.total) and scope_of(self.user).holds(Permission.EXPORT_CONTRACTS)


def _line(row: dict[str, Any]) -> ProviderLine:
    place = row["worst"]
    return ProviderLine(
        url=reverse("provider", args=[row["provider"]]),
        name=row["name"],
        contracts=f"{row['number']:,}",
        annual=money(row["annual"], 1) or "Not known",
        whole_life=money(row["whole_life"], 1) or "Not known",
        risk=risk_cell("" if place == NO_RISK else risk_of(place)),
        at_worst=f"{row['at_worst']} of {row['number']}" if row["number"] > 1 else "",
        mean=mean_words(row["mean"]),
    )


def mean_words(mean: Any) -> str:
    return f"{mean:.1f}" if mean is not None else "Not assessed"


class ProvidersExport(Providers):
    """Of the contracts that the person may export."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, params: QueryDict) -> None:
        super().__init__(user=user, unit=unit, params=params, permission=Permission.EXPORT_CONTRACTS)

    def rows(self) -> Iterator[list[Any]]:
        for row in self.found.iterator(chunk_size=1_000):
            place = row["worst"]
            yield [
                row["name"],
                row["number"],
                row["annual"],
                row["whole_life"],
                Risk(WORST_FIRST[place]).label if place < NO_RISK else "No current view",
                row["at_worst"],
                mean_words(row["mean"]),
            ]

    def about(self, *, address: str) -> list[tuple[str, str]]:
        return [
            ("Providers of", self.unit.name if self.unit else "All units in sight"),
            ("Risk and JET for", self.month.name),
            *([("Words", self.words)] if self.words else []),
            ("Order", self.order_words),
            ("A framework", "Stands whole with each of its providers"),
            ("Address", address),
            ("Exported", f"{long_date(clock.today())} by {self.user}"),
        ]
