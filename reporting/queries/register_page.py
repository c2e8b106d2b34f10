"""The register as a page: views, columns, the filter beside it, rows and pages."""

from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import cached_property

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.choices import Risk
from contracts.queries.known_count import KnownCount
from contracts.templatetags.marks import money
from reporting.queries.month import ReturnMonth
from reporting.queries.register import (
    RegisterRow,
    page_rows,
    register,
    situation_of,
)
from reporting.queries.register_address import changed, pairs
from reporting.queries.register_beside import beside_register
from reporting.queries.register_columns import Column, columns_of, offered
from reporting.queries.register_counts import PAGE_SIZE, asked_page, page_alone, tally
from reporting.queries.register_filter import COUNTS, CURRENT, NO, SINCE, UNASKED, YES, Register, status_words
from reporting.queries.register_panel import FilterPanel
from reporting.queries.register_sorts import KNOWN_SORTS, SORTS, Sort, is_known, sort_of
from reporting.queries.saved_views import Chips, SavedViews
from reporting.queries.words import counted, listed

#: Parts of the address that say how the list is shown and not what is in it.
ASIDE: Final = frozenset({"month", "sort", "page", "cols", COUNTS})
MOST_UNITS_COUNTED: Final = 10
SOONEST: Final = "ends"
"""How a list over more units than that begins: an index has this order, the worst risk first is sought out of all."""


class RegisterPage:
    """All that the register's template shows. Built by as many queries, whatever the number of contracts."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, params: QueryDict) -> None:
        self.user, self.params = user, params
        self.scope = scope_of(user)
        self.found: Register = register(user=user, unit=unit, params=params)
        self.month: ReturnMonth = self.found.month
        self.sort: Sort = sort_of(params.get("sort") or (SOONEST if self.is_wide else None))
        self.chosen = columns_of(params.getlist("cols"), self.scope)
        beside = beside_register(user=user, unit=unit, month=self.month.month)
        self.closing, self.saved = beside.closing, SavedViews.of(beside.views)
        asked = asked_page(params.get("page"))
        if self.is_wide and not params.get(COUNTS):
            self.tally = page_alone(self.found, sort=self.sort, page=asked)
        else:
            self.tally = tally(self.found, sort=self.sort, page=asked, beside=self.saved.to_count)
        self.page = KnownCount(self.tally.total, PAGE_SIZE).get_page(params.get("page"))
        self.rows: list[RegisterRow] = page_rows(self.tally.ids, chosen=self.chosen, situation=situation_of(self.found))
        self.counts = self.tally.counts
        self.panel = FilterPanel(self.found, self.tally, params=params, scope=self.scope)

    @property
    def is_wide(self) -> bool:
        """So many units are looked at together that their contracts are counted only where that is asked for."""
        seen = self.scope.units_with(Permission.VIEW_CONTRACTS)
        return self.found.unit is None and (self.scope.national or len(seen) > MOST_UNITS_COUNTED)

    @cached_property
    def chips(self) -> Chips:
        counts = self.counts if self.tally.is_counted else None
        return self.saved.chips(
            counts, user=self.user, unit=self.found.unit, month=self.month, query=self.params.urlencode()
        )

    @property
    def counting_url(self) -> str:
        """The same page with what is not counted unasked; nothing where it is counted."""
        return "" if self.tally.is_counted else f"?{changed(self.params, counts=YES)}"

    # What stands above the table

    @property
    def summary(self) -> str:
        if not self.tally.is_counted:
            return ""
        sums = self.tally.sums
        text = f"with {counted(sums['providers'], 'provider')}, {money(sums['annual'] or 0, 1)} a year"
        return f"{text}, {money(sums['whole_life'] or 0, 1)} whole life"

    @property
    def count_words(self) -> str:
        return counted(self.tally.total, "contract")

    @property
    def showing(self) -> str:
        if not self.rows:
            return "No contract fits."
        first = (self.page.number - 1) * PAGE_SIZE + 1
        last = first + len(self.rows) - 1
        return f"Showing {first:,} to {last:,} of {self.tally.total:,}, {self.sort.words}."

    @property
    def coverage(self) -> str:
        """How much of the month is known: beside every count of risk."""
        if not self.tally.is_counted:
            return ""
        return f"{self.counts['is_returned']:,} of {self.counts['is_due']:,} returned for {self.month.name}."

    @property
    def is_empty(self) -> bool:
        """Nothing to filter at all."""
        return self.tally.is_counted and not self.counts["in_sight"]

    # Addresses

    @property
    def query(self) -> str:
        """The address without its page: for the page links, for exports, and to save it."""
        unsaid = {"sort": self.sort.code} if self.is_wide and not self.params.get("sort") else {}
        return changed(self.params, **unsaid)

    @property
    def export_words(self) -> str:
        return f"Export {self.tally.total:,}"

    @property
    def month_code(self) -> str:
        """Kept in the address only where it is not the month anybody would see."""
        return "" if self.month.is_latest else self.month.code

    @property
    def unknown(self) -> str:
        """What of the address nobody knows, in its own words; it was left out."""
        names = self.found.unknown
        sort = self.params.get("sort") or ""
        if sort and not is_known(sort):
            names.append(f"sort {sort}")
        names += [f"column {code}" for code in self.chosen.unknown]
        return listed(name[:40] for name in names[:8]) if names else ""

    # Columns and sorting

    @property
    def headers(self) -> list[dict[str, Any]]:
        return [self._header(column) for column in self.chosen.columns]

    def _header(self, column: Column) -> dict[str, Any]:
        head: dict[str, Any] = {"label": column.heading, "is_number": column.is_number, "url": "", "direction": ""}
        head["hides"] = column.hides if self.chosen.is_standard else ""
        if column.sort:
            head |= self._sorting(KNOWN_SORTS[column.sort])
        return head

    def _sorting(self, sort: Sort) -> dict[str, str]:
        is_current = self.sort.code.removeprefix("-") == sort.code
        turns = is_current and not self.sort.code.startswith("-")
        code = f"-{sort.code}" if turns else sort.code
        return {"url": f"?{changed(self.params, sort=code)}", "direction": self.sort.direction if is_current else ""}

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Those of the columns shown, both ways, and the one chosen."""
        shown = {column.sort for column in self.chosen.columns} | {self.sort.code.removeprefix("-")}
        both = [way for sort in SORTS if sort.code in shown for way in (sort, sort.reverse)]
        return [
            (sort.code, f"{sort.label}{', reversed' * sort.code.startswith('-')}", sort.code == self.sort.code)
            for sort in both
        ]

    @property
    def kept_for_sort(self) -> list[tuple[str, str]]:
        return pairs(self.params, without=("sort", "page"))

    @property
    def kept_for_columns(self) -> list[tuple[str, str]]:
        return pairs(self.params, without=("cols", "page"))

    @property
    def column_choices(self) -> list[dict[str, Any]]:
        """Those shown in their order, each with the way one place to the left, then the others."""
        codes = self.chosen.codes
        shown = [self._column_choice(column, codes) for column in self.chosen.columns[1:]]
        others = [column for column in offered(self.scope) if column.code not in codes]
        return shown + [{"code": column.code, "label": column.file_heading} for column in others]

    def _column_choice(self, column: Column, codes: list[str]) -> dict[str, Any]:
        place = codes.index(column.code)
        moved = [*codes[1 : place - 1], column.code, codes[place - 1], *codes[place + 1 :]]
        left = f"?{changed(self.params, cols=','.join(moved))}" if place > 1 else ""
        return {"code": column.code, "label": column.file_heading, "is_ticked": True, "left": left}

    @property
    def standard_columns(self) -> str:
        """The address with the columns of every day; nothing where it has them."""
        return "" if self.chosen.is_standard else f"?{changed(self.params, cols='')}"

    # Views that everybody has

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """Those that are nobody's of this role are left out: contracts to return, and facts to fill in."""
        soon, scope = self.month.soon, self.scope
        mine = [("My contracts", "mine", {"mine": [YES]})] if scope.holds(Permission.RETURN_CONTRACTS) else []
        words = status_words(self.month)
        beside = [(words[code], f"status_{code}", {"status": [code]}) for code in (SINCE, UNASKED) if self._has(code)]
        gaps = [("To complete", "incomplete", {"incomplete": [YES]})] if scope.holds(Permission.EDIT_CONTRACTS) else []
        listed = [
            ("All current", "all", {}),
            *beside,
            *mine,
            ("Red or amber", "red_or_amber", {"risk": [Risk.RED.value, Risk.AMBER.value]}),
            ("Newly red", "newly_red", {"new": [YES]}),
            ("Ending within 6 months", "ending", {"ends": [soon.isoformat()]}),
            ("Part-funded by the NHS", "funder_nhs", {"funder": ["nhs"]}),
            ("Not returned", f"returned_{NO}", {"returned": [NO]}),
            *gaps,
        ]
        return [self._view(label, self.counts[count], filters) for label, count, filters in listed]

    def _has(self, status: str) -> bool:
        """Whether any contract in sight has this status: most months none started since, and every one is asked."""
        return bool(self.counts[f"status_{status}"])

    def _view(self, label: str, count: int, filters: dict[str, list[str]]) -> tuple[str, str, bool]:
        params = QueryDict(mutable=True)
        for name, values in filters.items():
            params.setlist(name, values)
        kept = {
            "month": self.month_code,
            "cols": ",".join(self.params.getlist("cols")),
            COUNTS: self.params.get(COUNTS),
        }
        for name, value in kept.items():
            if value:
                params[name] = value
        words = f"{label} ({count:,})" if self.tally.is_counted else label
        return words, f"?{params.urlencode()}", filters == self._chosen()

    def _chosen(self) -> dict[str, list[str]]:
        """The filters of the address that are set, without how the list is shown."""
        named = {name: [v for v in values if v] for name, values in self.params.lists() if name not in ASIDE}
        chosen = {name: values for name, values in named.items() if values}
        if chosen.get("status") == [CURRENT] and len(chosen) == 1:
            return {}
        return chosen
