"""The search: contracts in the person's sight by how well they fit, and beside them whatever else has the name.

Every list starts from the contracts or units in sight, and so do the spellings that are offered: a word that stands
in a hidden contract alone is not known here.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Greatest, Length, Lower, StrIndex, Substr, Upper
from django.db.models.lookups import Exact, StartsWith
from django.utils.safestring import SafeString

from accounts import clock
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.models import Contract, ContractProvider, MonthlyReturn
from contracts.models.contract import ContractQuerySet
from contracts.queries.known_count import KnownCount
from reporting.queries.links import contract_url
from reporting.queries.matching import bare, bare_reference, holds, in_title, is_one_provided_by
from reporting.queries.month import ReturnMonth, chosen_month, with_view
from reporting.queries.register_columns import risk_note
from reporting.queries.register_links import register_url
from reporting.queries.search_kinds import KINDS, Group, Sight, marked
from reporting.queries.search_spelling import spelt_as_known
from reporting.queries.words import counted, provider_words, risk_cell
from reporting.rules.search import LONGEST, Typed, stem, typed

PAGE_SIZE: Final = 20
AROUND: Final = 70
"""Characters of a description before the word that was found in it."""
SHOWN: Final = 220
EXACT, BEGINS, IN_TITLE, LIKE_TITLE, PROVIDED, MENTIONED = range(6)
"""How a contract fits, best first."""


def named_contract(user: Any, text: str) -> Contract | None:
    """The one contract in sight whose whole reference was typed, however its marks were; None for several."""
    reference = bare(text)
    if not any(sign.isdigit() for sign in reference):
        return None  # a reference without a number is a word that titles hold too
    found = Contract.objects.visible_to(user).filter(Exact(bare_reference(), reference)).select_related("unit")
    contracts = list(found.defer("description").order_by()[:2])
    return contracts[0] if len(contracts) == 1 else None


def fit(words: Typed, within: ContractQuerySet | None) -> Case:
    """How well a contract that was found fits the words as a whole."""
    reference = bare(words.text)
    titled = Q()
    for word in words.words:
        titled &= Q(title__icontains=word)
    by_reference = [
        When(Exact(bare_reference(), reference), then=Value(EXACT)),
        When(StartsWith(bare_reference(), reference), then=Value(BEGINS)),
    ]
    return Case(
        *(by_reference if reference else []),
        When(in_title(words), then=Value(IN_TITLE)),
        When(titled, then=Value(LIKE_TITLE)),
        When(is_one_provided_by(words, within=within), then=Value(PROVIDED)),
        default=Value(MENTIONED),
        output_field=IntegerField(),
    )


def ranked(contracts: ContractQuerySet, words: Typed, *, within: ContractQuerySet | None) -> ContractQuerySet:
    """The contracts that hold the words, best first; of equal ones that whose title says the least beside them."""
    found = contracts.filter(holds(words, within=within))
    return found.annotate(fit=fit(words, within)).order_by("fit", Length("title"), Lower("title"), "pk")


@dataclass(frozen=True)
class ContractHit:
    """A contract that was found, as it is read."""

    url: str
    title: SafeString
    reference: SafeString
    providers: SafeString
    about: SafeString
    area: str
    unit: str
    status: str
    risk: str
    risk_note: str
    is_restricted: bool


class Search:
    """What one person finds. As many queries for one contract found as for thousands."""

    def __init__(
        self, *, user: Any, units: list[CommissioningUnit], unit: CommissioningUnit | None, text: str, page: str | None
    ) -> None:
        self.sight = Sight(
            contracts=Contract.objects.visible_to(user), units=units, unit=unit, is_national=scope_of(user).national
        )
        self.typed = self.words = typed(text)
        self.month = chosen_month(None, today=clock.today())
        self.groups: list[Group] = []
        self.contracts: list[ContractHit] = []
        self.total = self.here = 0
        asked = int(page) if page and page.isdecimal() and len(page) < 6 else 1
        if self.typed:
            self._find(asked)
            if not self.is_anything:
                self._find_as_spelt(asked)
        self.page = KnownCount(self.total, PAGE_SIZE).get_page(asked)

    def _find(self, page: int) -> None:
        places = self._places(page) or (self._places(1) if page > 1 else [])
        if places:
            self.total, self.here = places[0][2:]
            self.contracts = self._hits({pk: fit for pk, fit, _, _ in places})
        self.groups = [group for kind in KINDS if (group := kind(self.sight, self.words)).rows]

    def _places(self, page: int) -> list[tuple[int, int, int, int]]:
        """(id, fit, all that are found, those of the unit) of the page's contracts: all are looked through once."""
        here = Count("pk", filter=Q(unit=self.sight.unit)) if self.sight.unit else Count("pk")
        found = ranked(self.sight.contracts, self.words, within=self.sight.few_contracts)
        found = found.annotate(total=Window(Count("pk")), here=Window(here))
        first = (max(page, 1) - 1) * PAGE_SIZE
        return list(found.values_list("pk", "fit", "total", "here")[first : first + PAGE_SIZE])

    def _find_as_spelt(self, page: int) -> None:
        words = spelt_as_known(self.sight, self.typed)
        if words != self.typed:
            self.words = words
            self._find(page)

    @property
    def is_anything(self) -> bool:
        return bool(self.total or self.groups)

    @property
    def is_respelt(self) -> bool:
        return self.is_anything and self.words != self.typed

    @property
    def counts(self) -> list[tuple[str, str]]:
        """(«12 contracts», where they stand in the page)."""
        contracts = [(counted(self.total, "contract"), "contracts")] if self.total else []
        return contracts + [(group.count_words, group.id) for group in self.groups]

    @property
    def register_link(self) -> tuple[str, str] | None:
        """(address, words) of the same contracts in the register, which is of the unit the person works in."""
        if not self.here or len(self.words.text) > LONGEST:
            return None
        url = register_url(self.month, q=self.words.text)
        if self.here == self.total:
            words = "Show this contract in the register" if self.total == 1 else "Show these in the register"
            return url, words
        return url, f"Show the {self.here:,} of {self.sight.unit} in the register"

    @property
    def page_query(self) -> str:
        return urlencode({"q": self.typed.text})

    @property
    def showing(self) -> str:
        if self.total <= PAGE_SIZE:
            return "Best fit first"
        first = (self.page.number - 1) * PAGE_SIZE + 1
        return f"{first:,} to {min(first + PAGE_SIZE - 1, self.total):,} of {self.total:,}, best fit first"

    def _hits(self, fits: dict[int, int]) -> list[ContractHit]:
        """The contracts of the page with all that it shows: of the others only their order was read."""
        rows = {row.pk: row for row in _with_all(Contract.objects.filter(pk__in=fits), self.words, self.month)}
        return [self._hit(rows[pk], how) for pk, how in fits.items() if pk in rows]

    def _hit(self, contract: Any, how: int) -> ContractHit:
        words = self.words.words
        return ContractHit(
            url=contract_url(contract.slug, contract.unit.code),
            title=marked(contract.title, words),
            reference=_marked_reference(contract.reference, self.words),
            providers=marked(_providers(contract.provider_names, words), words),
            about=_mentioned(contract, words) if how == MENTIONED else SafeString(""),
            area=contract.service_area.name if contract.service_area else "",
            unit=contract.unit.name if len({unit.pk for unit in self.sight.units} | {contract.unit_id}) > 1 else "",
            status=contract.status_on(self.month.today).label,
            risk=risk_cell(contract.risk) if contract.is_due else "",
            risk_note=risk_note(contract, self.month),
            is_restricted=contract.is_restricted,
        )


def _with_all(contracts: ContractQuerySet, words: Typed, month: ReturnMonth) -> ContractQuerySet:
    mine = {"contract": OuterRef("pk")}
    names = ContractProvider.objects.filter(**mine).order_by("position", "pk").values("organisation__name")
    counting = MonthlyReturn.objects.that_count().filter(**mine, month__lte=month.month).order_by("-month")
    return (
        with_view(contracts, month)
        .select_related("service_area", "unit")
        .defer("description")
        .annotate(
            provider_names=ArraySubquery(names),
            last_month=Subquery(counting.values("month")[:1]),
            **_part_of_description(words),
        )
    )


def _part_of_description(words: Typed) -> dict[str, Any]:
    """Some of a description, which may be long, from before the first of the words that stands in it."""
    places = (StrIndex(Upper("description"), Value(stem(word).upper())) for word in words.words)
    place = Greatest(*places, Value(0))
    start = Greatest(place - AROUND, Value(1))
    return {"part_start": start, "part": Substr("description", start, SHOWN), "part_of": Length("description")}


def _mentioned(contract: Any, words: tuple[str, ...]) -> SafeString:
    """The part of the description that holds a word; nothing where the words stand elsewhere."""
    about = marked(_around(contract), words)
    return about if "<mark>" in about else SafeString("")


def _around(contract: Any) -> str:
    """The part of the description, cut at spaces."""
    text = contract.part
    if contract.part_start > 1:
        text = "… " + text.partition(" ")[2]
    if contract.part_start + SHOWN <= contract.part_of:
        text = text.rpartition(" ")[0] + " …"
    return " ".join(text.split())


def _providers(names: list[str], words: tuple[str, ...]) -> str:
    """The provider; of a framework those that the words name, too."""
    text = provider_words(names)
    hit = [name for name in names if any(word.lower() in name.lower() for word in words)]
    return f"{text}: {', '.join(hit)}" if hit and len(names) > 1 else text


def _marked_reference(reference: str, words: Typed) -> SafeString:
    """The whole reference where it begins as typed, whatever its marks; else the words in it."""
    begins = bare(words.text)
    whole = bool(begins) and bare(reference).startswith(begins)
    return marked(reference, (reference,) if whole else words.words)
