"""What a search finds beside contracts: one function a kind, each with its list in the page.

A new kind is a function here that takes the person's sight and the words, and a place in ``KINDS``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commissioning.models import CommissioningUnit
from contracts.models import ContractProvider
from contracts.models.contract import ContractQuerySet
from reporting.queries.matching import named
from reporting.queries.words import counted
from reporting.rules.search import Typed, pieces

MOST: Final = 10


@dataclass(frozen=True)
class Sight:
    """All that a search may look at: the contracts and units in sight, and the unit the person works in."""

    contracts: ContractQuerySet
    units: list[CommissioningUnit]
    unit: CommissioningUnit | None
    is_national: bool = False

    @property
    def few_contracts(self) -> ContractQuerySet | None:
        """The contracts in sight, where they are few beside all there are: then other rows are best read of them."""
        return None if self.is_national else self.contracts


@dataclass(frozen=True)
class Hit:
    """One line of a list: where it leads, its name with the words marked, and what stands beside it."""

    url: str
    name: SafeString
    beside: str
    below: str = ""


@dataclass(frozen=True)
class Group:
    """The list of one kind; ``total`` counts those too that are not listed."""

    id: str
    heading: str
    noun: str
    rows: list[Hit]
    total: int

    @property
    def count_words(self) -> str:
        return counted(self.total, self.noun)

    @property
    def more(self) -> str:
        left = self.total - len(self.rows)
        return f"And {left:,} more. Type more of the name." if left else ""


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text with the words marked, safe to show."""
    parts = ((format_html("<mark>{}</mark>", part) if hit else part,) for part, hit in pieces(text, words))
    return format_html_join("", "{}", parts)


def providers(sight: Sight, words: Typed) -> Group:
    """Organisations that provide a contract in sight, with how many. They lead to the provider's own page."""
    mine = ContractProvider.objects.filter(named(words, "organisation__name"), contract__in=sight.contracts.order_by())
    here = Count("contract_id", filter=Q(contract__unit=sight.unit)) if sight.unit else Count("contract_id")
    found = (
        mine.order_by()
        .values("organisation_id", "organisation__name")
        .annotate(number=Count("contract_id"), here=here, total=Window(Count("organisation_id")))
        .order_by("organisation__name", "organisation_id")[:MOST]
    )
    rows = list(found)
    hits = [_provider(sight, words, row) for row in rows]
    return Group("providers", "Providers", "provider", hits, rows[0]["total"] if rows else 0)


def _provider(sight: Sight, words: Typed, row: Mapping[str, Any]) -> Hit:
    """Beside it the contracts of the unit that the person works in; its page has those of all units in sight."""
    elsewhere = row["number"] - row["here"]
    url = reverse("provider", args=[row["organisation_id"]])
    below = f"{counted(elsewhere, 'contract')} in units that you do not work in now" if elsewhere else ""
    return Hit(url, marked(row["organisation__name"], words.words), counted(row["here"], "contract"), below)


def units(sight: Sight, words: Typed) -> Group:
    """Units in sight by name, code or host; they lead to their partners."""
    found = [unit for unit in sight.units if all(_is_in_unit(unit, word.lower()) for word in words.words)]
    hits = [
        Hit(
            reverse("partners", args=[unit.code]),
            marked(unit.name, words.words),
            unit.get_status_display(),
            f"{unit.get_kind_display()}, hosted by {unit.host.name}",
        )
        for unit in found[:MOST]
    ]
    return Group("units", "Units", "unit", hits, len(found))


def _is_in_unit(unit: CommissioningUnit, word: str) -> bool:
    return any(word in text.lower() for text in (unit.name, unit.code, unit.host.name))


KINDS: Final[tuple[Callable[[Sight, Typed], Group], ...]] = (providers, units)
