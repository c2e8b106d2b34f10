"""A register exactly as it is looked at, for a file: its columns in their order, its filter and its sort."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import QueryDict

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from commissioning.rules import long_date
from reporting.queries.register import in_order, register, situation_of
from reporting.queries.register_columns import carrying, columns_of, file_needs_of
from reporting.queries.register_filter import CHOICES, status_words
from reporting.queries.register_more import MORE_CHOICES
from reporting.queries.register_panel import FACETS, MORE_FACETS, ONLY_WORDS, providers_named, selected_words
from reporting.queries.register_sorts import sort_of

CHUNK: Final = 2_000
LISTED: Final = (("area", "Service area"), ("unit", "Unit"))
PEOPLE: Final = (("officer", "Contract officer"), ("manager", "Service manager"))


class RegisterExport:
    """Raises NotAMonth where the address names none."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, params: QueryDict) -> None:
        self.user, self.unit, self.params = user, unit, params
        self.found = register(user=user, unit=unit, params=params)
        self.month = self.found.month
        self.columns = columns_of(params.getlist("cols"), scope_of(user)).columns
        self.sort = sort_of(params.get("sort"))

    @property
    def headings(self) -> list[str]:
        return [column.file_heading for column in self.columns]

    def rows(self) -> Iterator[list[Any]]:
        """One query, read through a cursor. Only of the contracts that the person may export."""
        situation, names = situation_of(self.found), file_needs_of(self.columns)
        mine = self.found.contracts.visible_to(self.user, Permission.EXPORT_CONTRACTS)
        ordered = in_order(carrying(mine, names, situation), self.sort, situation)
        for row in ordered.values_list(*names, named=True).iterator(chunk_size=CHUNK):
            yield [column.value(row, situation) for column in self.columns]

    def about(self, *, address: str) -> list[tuple[str, str]]:
        """What the file is, for somebody who gets it without the page."""
        where = self.unit.name if self.unit else "All units in sight"
        return [
            ("Contracts of", where),
            ("Risk and JET for", self.month.name),
            ("Seen as at", long_date(self.month.as_at)),
            *self._filters(),
            ("Order", self.sort.words),
            ("Address", address),
        ]

    def _filters(self) -> Iterator[tuple[str, str]]:
        if self.found.filter.shows_current:
            yield "Status", "Current"
        chosen = self.found.filter.cleaned
        for name, legend in (*FACETS, *MORE_FACETS):
            known = status_words(self.month) if name == "status" else dict(CHOICES.get(name) or MORE_CHOICES[name])
            if chosen.get(name):
                yield legend, ", ".join(known[value] for value in chosen[name])
        for name, legend in LISTED:
            if chosen.get(name):
                yield legend, ", ".join(chosen[name])
        for name, legend in PEOPLE:
            if chosen.get(name):
                yield legend, f"{len(chosen[name])} chosen, see the address"
        if chosen.get("provider"):
            yield "Provider", providers_named(self.found)
        for name, words in ONLY_WORDS.items():
            if chosen.get(name):
                yield "Only", words
        for words in selected_words(self.found).values():
            yield "Filter", words


__all__ = ["RegisterExport"]
