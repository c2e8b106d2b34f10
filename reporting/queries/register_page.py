"""The register as a page: saved views, filter choices with their counts, what is selected, rows and pages."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.functional import cached_property

from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from commissioning.rules import long_date
from contracts.choices import Risk
from contracts.drawing import rag
from contracts.models import ContractProvider
from contracts.rules.returns import month_end, months_back
from contracts.templatetags.marks import money
from reporting.queries.matching import has_provider
from reporting.queries.month import ReturnMonth, months_to_choose
from reporting.queries.register import (
    PAGE_SIZE,
    SORTS,
    RegisterRow,
    Sort,
    page_rows,
    register,
    sort_of,
    totals,
)
from reporting.queries.register_counts import tally
from reporting.queries.register_filter import CHOICES, CURRENT, NO, SINCE, UNASKED, YES, Register, status_words
from reporting.queries.words import counted, listed

#: (name in addresses, legend) of the filters that are ticked, in the order of the page.
FACETS: Final = (
    ("risk", "Risk"),
    ("jet", "JET grade"),
    ("status", "Status"),
    ("managed", "Managed"),
    ("funder", "Funded by"),
    ("returned", "This month’s return"),
)
ONLY_WORDS: Final = {
    "new": "Newly red",
    "incomplete": "To complete",
    "restricted": "Restricted",
    "mine": "My contracts",
}


@dataclass(frozen=True)
class Choice:
    """One tick of a filter."""

    value: str
    label: str
    count: int | None
    is_ticked: bool


@dataclass(frozen=True)
class Group:
    """One filter with its choices; those beyond the first five fold away."""

    name: str
    legend: str
    choices: list[Choice]

    @property
    def shown(self) -> list[Choice]:
        return self.choices[:5] if self.folds else self.choices

    @property
    def folded(self) -> list[Choice]:
        return self.choices[5:] if self.folds else []

    @property
    def folds(self) -> bool:
        return self.name in ("area", "officer") and len(self.choices) > 6

    @property
    def is_open(self) -> bool:
        return any(choice.is_ticked for choice in self.folded)


class KnownCount(Paginator):
    """Pages of a list whose length is known already."""

    def __init__(self, length: int) -> None:
        self._length = length
        super().__init__([], PAGE_SIZE)

    @cached_property
    def count(self) -> int:
        return self._length

    def page_of(self, text: str | None) -> Page:
        """The page asked for, the nearest there is, the first for anything but a number."""
        return self.get_page(text)

    def page(self, number: int | str) -> Page:
        return Page([], self.validate_number(number), self)


class RegisterPage:
    """All that the register's template shows. Built by three queries, whatever the number of contracts."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, params: QueryDict) -> None:
        self.user, self.params = user, params
        self.found: Register = register(user=user, unit=unit, params=params)
        self.month: ReturnMonth = self.found.month
        self.sort: Sort = sort_of(params.get("sort"))
        self.sums = totals(self.found.contracts)
        self.page = KnownCount(self.sums["contracts"]).page_of(params.get("page"))
        self.rows: list[RegisterRow] = page_rows(
            self.found.contracts,
            sort=self.sort,
            month=self.month,
            unit=unit,
            offset=(self.page.number - 1) * PAGE_SIZE,
        )
        self._tally = tally(self.found, user=user)
        self.counts = self._tally.counts

    # What stands above the table

    @property
    def summary(self) -> str:
        sums = self.sums
        text = f"with {counted(sums['providers'], 'provider')}, {money(sums['annual'] or 0, 1)} a year"
        return f"{text}, {money(sums['whole_life'] or 0, 1)} whole life"

    @property
    def count_words(self) -> str:
        return counted(self.sums["contracts"], "contract")

    @property
    def showing(self) -> str:
        if not self.rows:
            return "No contract fits."
        first = (self.page.number - 1) * PAGE_SIZE + 1
        last = first + len(self.rows) - 1
        return f"Showing {first:,} to {last:,} of {self.sums['contracts']:,}, {self.sort.words}."

    @property
    def coverage(self) -> str:
        """How much of the month is known: beside every count of risk."""
        return f"{self.counts['is_returned']:,} of {self.counts['is_due']:,} returned for {self.month.name}"

    @property
    def is_empty(self) -> bool:
        """Nothing to filter at all."""
        return not self.counts["in_sight"]

    # Addresses

    def _address(self, **changed: Any) -> str:
        params = self.params.copy()
        params.pop("page", None)
        for name, value in changed.items():
            params.pop(name, None)
            if isinstance(value, list):
                params.setlist(name, value)
            elif value:
                params[name] = value
        return params.urlencode()

    @property
    def query(self) -> str:
        """The address without its page, for the page links."""
        return self._address()

    @property
    def export_words(self) -> str:
        return f"Export {self.sums['contracts']:,}"

    @property
    def export_query(self) -> str:
        return self._address()

    @property
    def months(self) -> list[tuple[str, str, bool]]:
        return months_to_choose(self.month)

    @property
    def month_code(self) -> str:
        """Kept in the address only where it is not the month anybody would see."""
        return "" if self.month.is_latest else self.month.code

    # Sorting

    @property
    def headers(self) -> dict[str, dict[str, str]]:
        return {sort.code: self._header(sort) for sort in SORTS}

    def _header(self, sort: Sort) -> dict[str, str]:
        is_current = self.sort.code.removeprefix("-") == sort.code
        turns = is_current and not self.sort.code.startswith("-")
        code = f"-{sort.code}" if turns else sort.code
        return {"url": f"?{self._address(sort=code)}", "direction": self.sort.direction if is_current else ""}

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        return [(sort.code, sort.label, sort.code == self.sort.code) for sort in SORTS]

    # Saved views

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """Those that are nobody's of this role are left out: contracts to return, and facts to fill in."""
        soon, scope = self.month.soon, scope_of(self.user)
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
        if self.month_code:
            params["month"] = self.month_code
        return f"{label} ({count:,})", f"?{params.urlencode()}", filters == self._chosen()

    def _chosen(self) -> dict[str, list[str]]:
        """The filters of the address that are set, without month, sort and page."""
        aside = {"month", "sort", "page"}
        named = {name: [v for v in values if v] for name, values in self.params.lists() if name not in aside}
        chosen = {name: values for name, values in named.items() if values}
        if chosen.get("status") == [CURRENT] and len(chosen) == 1:
            return {}
        return chosen

    # The filter

    @property
    def groups(self) -> list[Group]:
        ticked = [Group(name, legend, self._choices(name)) for name, legend in FACETS]
        areas = Group("area", "Service area", self._listed("area", self._tally.areas))
        officers = Group("officer", "Contract officer", self._listed("officer", self._tally.officers))
        return [group for group in (*ticked[:4], areas, *ticked[4:], officers) if group.choices]

    def _choices(self, name: str) -> list[Choice]:
        chosen = set(self.params.getlist(name))
        if name == "status" and self.found.filter.shows_current:
            chosen = {CURRENT}
        return [
            Choice(value, _label(name, value, words), self.counts[f"{name}_{value}"], value in chosen)
            for value, words in self._offered(name)
            if value != UNASKED or value in chosen or self._has(UNASKED)
        ]

    def _offered(self, name: str) -> Iterable[tuple[str, str]]:
        return status_words(self.month).items() if name == "status" else CHOICES[name]

    def _listed(self, name: str, entries: list[tuple[str, str, int]]) -> list[Choice]:
        chosen = set(self.params.getlist(name))
        return [Choice(value, label, count, value in chosen) for value, label, count in entries]

    @property
    def only(self) -> list[Choice]:
        """The filters that are a single tick."""
        lacking = self.counts["incomplete"]
        single = [Choice("incomplete", "Something to complete", lacking, bool(self.params.get("incomplete")))]
        if scope_of(self.user).exceptions_with(Permission.VIEW_CONTRACTS):
            count = self.counts["restricted"]
            single.append(Choice("restricted", "Restricted", count, bool(self.params.get("restricted"))))
        return single

    @property
    def ends_choices(self) -> list[tuple[str, str, bool]]:
        """Ends of the next quarters, and the day the address names."""
        chosen = self.found.filter.cleaned.get("ends")
        days = {_quarter_end(self.month.as_at, number) for number in range(6)}
        if chosen:
            days.add(chosen)
        return [(day.isoformat(), long_date(day), day == chosen) for day in sorted(days)]

    @property
    def words(self) -> str:
        return str(self.found.filter.cleaned.get("q") or "")

    @property
    def has_unknown_filter(self) -> bool:
        return bool(self.found.filter.errors)

    @property
    def tags(self) -> list[tuple[str, str]]:
        """(words, the address without it) of everything that is selected."""
        tags = [("Current contracts", "")] if self.found.filter.shows_current else []
        for group in self.groups:
            for choice in group.choices:
                if choice.is_ticked and choice.value in self.params.getlist(group.name):
                    left = [value for value in self.params.getlist(group.name) if value != choice.value]
                    words = dict(self._offered(group.name))[choice.value] if group.name in CHOICES else choice.label
                    tags.append((words, f"?{self._address(**{group.name: left})}"))
        for name, words in ONLY_WORDS.items():
            if self.params.get(name) == YES:
                tags.append((words, f"?{self._address(**{name: ''})}"))
        chosen = self.found.filter.cleaned
        if self.words:
            tags.append((f"“{self.words}”", f"?{self._address(q='')}"))
        if chosen.get("provider"):
            tags.append((providers_named(self.found), f"?{self._address(provider='')}"))
        for name, verb in (("ends", "Ends by"), ("decide", "To decide by")):
            if chosen.get(name):
                tags.append((f"{verb} {long_date(chosen[name])}", f"?{self._address(**{name: ''})}"))
        return tags

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parts of the address that the filter's form does not show and must not lose."""
        names = ("month", "sort", "new", "mine", "decide")
        single = [(name, str(self.params[name])) for name in names if self.params.get(name)]
        return [*single, *(("provider", value) for value in self.params.getlist("provider") if value)]

    @property
    def kept_for_sort(self) -> list[tuple[str, str]]:
        kept = [(name, values) for name, values in self.params.lists() if name not in ("sort", "page")]
        return [(name, value) for name, values in kept for value in values]


def providers_named(found: Register) -> str:
    """The providers that the register is filtered by, where any contract in the person's sight is theirs."""
    wanted = found.in_sight.filter(has_provider(found.filter.cleaned["provider"])).order_by().values("pk")
    rows = ContractProvider.objects.filter(
        contract__in=wanted, organisation_id__in=[int(number) for number in found.filter.cleaned["provider"]]
    )
    names = rows.order_by("organisation__name").values_list("organisation__name", flat=True).distinct()
    return listed(names) or "A provider"


def _label(name: str, value: str, words: str) -> str:
    return rag("" if value == "none" else value, word=words) if name == "risk" else words


def _quarter_end(day: datetime.date, number: int) -> datetime.date:
    """The end of the quarter the day is in, and of those after it."""
    last_month = day.replace(month=(day.month - 1) // 3 * 3 + 3, day=1)
    return month_end(months_back(last_month, -3 * number))
