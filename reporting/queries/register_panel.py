"""The filter beside a register: its choices with their counts, and what is selected, each with the way back."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import cached_property

from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.rules import long_date
from contracts.drawing import rag
from contracts.models import ContractProvider
from contracts.rules.returns import month_end, months_back
from contracts.templatetags.marks import pounds
from reporting.queries.matching import has_provider
from reporting.queries.register_address import changed
from reporting.queries.register_counts import Tally
from reporting.queries.register_filter import CHOICES, COUNTS, CURRENT, UNASKED, YES, Register, status_words
from reporting.queries.register_more import AMOUNTS, DAYS, MORE_CHOICES, WORDS
from reporting.queries.sight import sees_plans
from reporting.queries.words import listed

#: (name in addresses, legend) of the filters that are ticked, in the order of the page.
FACETS: Final = (
    ("risk", "Risk"),
    ("jet", "JET grade"),
    ("status", "Status"),
    ("managed", "Managed"),
    ("funder", "Funded by"),
    ("returned", "This month’s return"),
)
MORE_FACETS: Final = (
    ("was_risk", "Last month’s risk"),
    ("was_jet", "Last month’s JET grade"),
    ("options", "Options"),
    ("steps", "Improvement plan"),
    ("regime", "Procurement"),
)
ONLY_WORDS: Final = {
    "new": "Newly red",
    "incomplete": "To complete",
    "restricted": "Restricted",
    "mine": "My contracts",
}
NAMES_OF_AMOUNTS: Final = frozenset(bound.name for bound in AMOUNTS)
FOLDING: Final = ("area", "officer", "manager", "unit", "regime")


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
        return self.name in FOLDING and len(self.choices) > 6

    @property
    def is_open(self) -> bool:
        return any(choice.is_ticked for choice in self.folded)


@dataclass(frozen=True)
class Typed:
    """A filter that is typed: words, an amount or a day. Shown as it stands in the address, right or wrong."""

    name: str
    label: str
    value: str
    is_amount: bool


class FilterPanel:
    """All that the filter's template shows."""

    def __init__(self, found: Register, tally: Tally, *, params: QueryDict, scope: Scope) -> None:
        self.found, self.params, self.scope = found, params, scope
        self.month = found.month
        self._tally = tally

    # Ticks

    @cached_property
    def groups(self) -> list[Group]:
        ticked = [Group(name, legend, self._choices(name)) for name, legend in FACETS]
        areas = Group("area", "Service area", self._listed("area", self._tally.areas))
        officers = Group("officer", "Contract officer", self._listed("officer", self._tally.officers))
        return [group for group in (*ticked[:4], areas, *ticked[4:], officers) if group.choices]

    @cached_property
    def more_groups(self) -> list[Group]:
        managers = Group("manager", "Service manager", self._listed("manager", self._tally.managers))
        units = Group("unit", "Unit", self._listed("unit", self._tally.units))
        offered = [managers] if managers.choices else []
        if len(units.choices) > 1 or self.params.get("unit"):
            offered.append(units)
        return [*(Group(name, legend, self._choices(name)) for name, legend in MORE_FACETS), *offered]

    def _choices(self, name: str) -> list[Choice]:
        ticked = set(self.params.getlist(name))
        if name == "status" and self.found.filter.shows_current:
            ticked = {CURRENT}
        return [
            Choice(value, _label(name, value, words), self._count(name, value), value in ticked)
            for value, words in self._offered(name)
            if value != UNASKED or value in ticked or not self._tally.is_counted or self._count(name, value)
        ]

    def _count(self, name: str, value: str) -> int | None:
        is_counted = self._tally.is_counted and name not in MORE_CHOICES
        return self._tally.counts[f"{name}_{value}"] if is_counted else None

    def _offered(self, name: str) -> Iterable[tuple[str, str]]:
        if name == "status":
            return status_words(self.month).items()
        return CHOICES.get(name) or MORE_CHOICES[name]

    def _listed(self, name: str, entries: list[tuple[str, str, int]]) -> list[Choice]:
        ticked = set(self.params.getlist(name))
        return [Choice(value, label, count, value in ticked) for value, label, count in entries]

    @property
    def only(self) -> list[Choice]:
        """The filters that are a single tick."""
        lacking, restricted = (self._only_count(name) for name in ("incomplete", "restricted"))
        single = [Choice("incomplete", "Something to complete", lacking, bool(self.params.get("incomplete")))]
        if self.scope.exceptions_with(Permission.VIEW_CONTRACTS):
            single.append(Choice("restricted", "Restricted", restricted, bool(self.params.get("restricted"))))
        return single

    def _only_count(self, name: str) -> int | None:
        return self._tally.counts[name] if self._tally.is_counted else None

    # What is typed or chosen from a list

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

    @cached_property
    def typed(self) -> list[Typed]:
        days = [(bound.name, bound.label) for bound in DAYS] + [("notice", "Give notice by, until")]
        if sees_plans(self.scope):
            days.append(("decide", "Decide by, until"))
        return [
            *(self._typed(bound.name, bound.label) for bound in (*WORDS, *AMOUNTS)),
            *(self._typed(name, label) for name, label in days),
        ]

    def _typed(self, name: str, label: str) -> Typed:
        understood = self.found.filter.cleaned.get(name)
        as_written = long_date(understood) if isinstance(understood, datetime.date) else self.params.get(name)
        return Typed(name, label, as_written or "", name in NAMES_OF_AMOUNTS)

    @property
    def has_more(self) -> bool:
        """Whether one of the filters folded away is set: then they are not folded."""
        names = {field.name for field in self.typed} | {group.name for group in self.more_groups}
        return any(self.params.get(name) for name in names)

    # What is selected

    @cached_property
    def tags(self) -> list[tuple[str, str]]:
        """(words, the address without it) of everything that is selected."""
        tags = [("Current contracts", "")] if self.found.filter.shows_current else []
        tags += [*self._ticked_tags(), *self._single_tags()]
        return tags

    def _ticked_tags(self) -> Iterator[tuple[str, str]]:
        for group in (*self.groups, *self.more_groups):
            offered = group.name in CHOICES or group.name in MORE_CHOICES
            asked = self.params.getlist(group.name)
            for choice in group.choices:
                if choice.is_ticked and choice.value in asked:
                    words = dict(self._offered(group.name))[choice.value] if offered else choice.label
                    if group.name.startswith("was_"):
                        words = f"Last month {words[:1].lower()}{words[1:]}"
                    left = [value for value in asked if value != choice.value]
                    yield words, self._without(**{group.name: left})

    def _single_tags(self) -> Iterator[tuple[str, str]]:
        for name, words in ONLY_WORDS.items():
            if self.params.get(name) == YES:
                yield words, self._without(**{name: ""})
        if self.found.filter.cleaned.get("provider"):
            yield providers_named(self.found), self._without(provider="")
        for name, said in selected_words(self.found).items():
            yield said, self._without(**{name: ""})

    def _without(self, **parts: Any) -> str:
        return f"?{changed(self.params, **parts)}"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parts of the address that the filter's form does not show and must not lose."""
        names = ["month", "sort", COUNTS, "new", "mine", *([] if sees_plans(self.scope) else ["decide"])]
        kept = [(name, str(self.params[name])) for name in names if self.params.get(name)]
        return [
            *kept,
            *((name, value) for name in ("provider", "cols") for value in self.params.getlist(name) if value),
        ]


def selected_words(found: Register) -> dict[str, str]:
    """What is typed, in words, by its name in addresses."""
    chosen = found.filter.cleaned
    said = {"q": f"“{chosen['q']}”"} if chosen.get("q") else {}
    said |= {bound.name: f"{bound.words} “{chosen[bound.name]}”" for bound in WORDS if chosen.get(bound.name)}
    said |= {
        bound.name: f"{bound.words} {pounds(chosen[bound.name])}"
        for bound in AMOUNTS
        if chosen.get(bound.name) is not None
    }
    days = [(bound.name, bound.words) for bound in DAYS]
    days += [("ends", "Ends by"), ("notice", "Notice by"), ("decide", "To decide by")]
    return said | {name: f"{words} {long_date(chosen[name])}" for name, words in days if chosen.get(name)}


def providers_named(found: Register) -> str:
    """The providers that the register is filtered by, where any contract in the person's sight is theirs."""
    wanted = found.in_sight.filter(has_provider(found.filter.cleaned["provider"])).order_by().values("pk")
    rows = ContractProvider.objects.filter(
        contract__in=wanted, organisation_id__in=[int(number) for number in found.filter.cleaned["provider"]]
    )
    names = rows.order_by("organisation__name").values_list("organisation__name", flat=True).distinct()
    return listed(names) or "A provider"


def _label(name: str, value: str, words: str) -> str:
    return rag("" if value == "none" else value, word=words) if name in ("risk", "was_risk") else words


def _quarter_end(day: datetime.date, number: int) -> datetime.date:
    """The end of the quarter the day is in, and of those after it."""
    last_month = day.replace(month=(day.month - 1) // 3 * 3 + 3, day=1)
    return month_end(months_back(last_month, -3 * number))
