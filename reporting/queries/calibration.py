"""Same KPI evidence, different scores: what officers gave in a month, side by side."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.http import QueryDict

from accounts.permissions import Permission
from contracts.models import Contract, MonthlyReturn
from contracts.queries.kpi_evidence import evidence_of
from contracts.queries.month_review import UnitMonth
from contracts.queries.monthly_return import provider_words, with_providers
from contracts.rules.calibration import (
    Grade,
    Pattern,
    Tally,
    distance,
    distance_words,
    pattern_of,
    spread_words,
    tally_of,
)
from contracts.rules.evidence import Evidence
from contracts.rules.jet import HIGHEST, LOWEST
from contracts.rules.returns import months_ending
from reporting.queries.words import counted, month_and_year

NOBODY: Final = "No officer"
NO_AREA: Final = "No service area"
MONTHS: Final = {"1": "This month", "3": "The last 3 months"}


@dataclass(frozen=True)
class Graded:
    """One score of one month with the evidence that the officer had beside it."""

    contract: Contract
    month: datetime.date
    score: int
    officer: str
    evidence: Evidence
    reason: str

    @property
    def grade(self) -> Grade:
        return Grade(self.score, self.evidence)

    @property
    def distance(self) -> int | None:
        return distance(self.score, self.evidence.fits)

    @property
    def distance_words(self) -> str:
        return distance_words(self.score, self.evidence.fits)

    @property
    def fits(self) -> bool:
        return self.distance == 0

    @property
    def area(self) -> str:
        return self.contract.service_area.name if self.contract.service_area else NO_AREA

    @property
    def providers(self) -> str:
        return provider_words(self.contract)


class Spot(NamedTuple):
    """One score of the scale: how many were given it, and whether the KPI column allows it."""

    score: int
    number: int
    fits: bool


@dataclass(frozen=True)
class Group:
    """Grades given on evidence that the KPI column tells not apart."""

    pattern: Pattern
    graded: Sequence[Graded]

    @property
    def fits(self) -> tuple[int, ...]:
        return self.graded[0].evidence.fits

    @property
    def fits_words(self) -> str:
        """«The KPI column fits 5 and 4.»"""
        if not self.fits:
            return "No score of the scale describes such evidence."
        *first, last = map(str, self.fits)
        return f"The KPI column fits {', '.join(first)} and {last}." if first else f"The KPI column fits {last}."

    @property
    def scores(self) -> list[int]:
        return [each.score for each in self.graded]

    @property
    def spread(self) -> int:
        return max(self.scores) - min(self.scores)

    @property
    def spread_words(self) -> str:
        """«3 grades: 4 to 7»"""
        words = spread_words(self.scores)
        return f"{counted(len(self.graded), 'grade')}: {words[:1].lower()}{words[1:]}"

    @property
    def is_telling(self) -> bool:
        """Whether there is anything to talk about: different scores, or one that the KPI column does not fit."""
        return self.spread > 0 or not all(each.fits for each in self.graded)

    @property
    def officers_words(self) -> str:
        """«Grades by 3 officers»"""
        return f"Grades by {counted(len(self.officers), 'officer')}"

    @property
    def spots(self) -> list[Spot]:
        counts = Counter(self.scores)
        return [Spot(score, counts[score], score in self.fits) for score in range(LOWEST, HIGHEST + 1)]

    @property
    def officers(self) -> list[tuple[str, list[Graded]]]:
        return by_officer(self.graded)


@dataclass(frozen=True)
class OfficerTally:
    officer: str
    tally: Tally


def by_officer(graded: Iterable[Graded]) -> list[tuple[str, list[Graded]]]:
    """By name, each one's grades highest first; without an officer last."""
    found: dict[str, list[Graded]] = defaultdict(list)
    for each in graded:
        found[each.officer].append(each)
    ordered = sorted(found.items(), key=lambda pair: (pair[0] == NOBODY, pair[0]))
    return [(name, sorted(theirs, key=lambda each: (-each.score, each.contract.title))) for name, theirs in ordered]


@dataclass(frozen=True)
class Calibration:
    """All grades of the months in sight, and those of the service area that is looked at."""

    of: UnitMonth
    months: tuple[datetime.date, ...]
    area: str
    all_graded: Sequence[Graded]

    @cached_property
    def graded(self) -> list[Graded]:
        return [each for each in self.all_graded if not self.area or each.area == self.area]

    @cached_property
    def compared(self) -> list[Graded]:
        return [each for each in self.graded if each.evidence.kpis]

    @cached_property
    def without_evidence(self) -> list[tuple[str, list[Graded]]]:
        return by_officer(each for each in self.graded if not each.evidence.kpis)

    @cached_property
    def groups(self) -> list[Group]:
        """The widest spread first, then the best evidence first."""
        found: dict[Pattern, list[Graded]] = defaultdict(list)
        for each in self.compared:
            pattern = pattern_of(each.evidence)
            if pattern is not None:
                found[pattern].append(each)
        groups = [Group(pattern, graded) for pattern, graded in found.items()]
        return sorted(groups, key=lambda group: (-group.spread, group.pattern.place))

    @cached_property
    def tally(self) -> Tally:
        return tally_of(each.grade for each in self.graded)

    @cached_property
    def officers(self) -> list[OfficerTally]:
        """By name, as a list of people is looked up and not a ranking."""
        return [OfficerTally(name, tally_of(each.grade for each in theirs)) for name, theirs in by_officer(self.graded)]

    @property
    def areas(self) -> list[tuple[str, int]]:
        """Each service area with its grades; one that the address names and the months do not have is there too."""
        counts = Counter(each.area for each in self.all_graded)
        names = {*counts, *([self.area] if self.area else [])}
        return [(name, counts[name]) for name in sorted(names, key=lambda name: (name == NO_AREA, name))]

    @property
    def heading(self) -> str:
        """«2 groups of contracts with the same evidence have different scores»"""
        apart = sum(group.spread > 0 for group in self.groups)
        if not self.compared:
            return "No grade has KPI evidence beside it"
        if not apart:
            return "Same evidence, same scores"
        return f"Same evidence, different scores in {counted(apart, 'group')}"

    @property
    def strip(self) -> list[tuple[str, str, str]]:
        tally = self.tally
        return [
            ("Grades with KPI evidence", f"{len(self.compared):,}", f"{tally.without_evidence:,} without"),
            ("As the KPI column fits", f"{tally.inside:,}", f"of {tally.measured:,}"),
            ("Above what fits", f"{tally.above:,}", ""),
            ("Below what fits", f"{tally.below:,}", ""),
            ("Mean distance", tally.mean_words or "None", ""),
        ]

    @property
    def months_words(self) -> str:
        if len(self.months) == 1:
            return month_and_year(self.months[0])
        return f"{month_and_year(self.months[0])} to {month_and_year(self.months[-1])}"

    @property
    def has_months(self) -> bool:
        return len(self.months) > 1

    # The file

    @property
    def headings(self) -> list[str]:
        return [
            *("Month", "KPI evidence", "The KPI column fits", "Contract officer", "JET", "Against the KPI column"),
            *("Contract", "Reference", "Provider", "Service area", "KPIs", "Officer’s reason"),
        ]

    def rows(self) -> Iterable[list[Any]]:
        """What is shown, in its order; those without evidence last."""
        shown = [each for group in self.groups for _, theirs in group.officers for each in theirs]
        silent = [each for _, theirs in self.without_evidence for each in theirs]
        for each in [*shown, *silent]:
            pattern = pattern_of(each.evidence)
            yield [
                month_and_year(each.month),
                pattern.words if pattern else "No KPI evidence",
                ", ".join(map(str, each.evidence.fits)) if pattern else "",
                each.officer,
                each.score,
                each.distance_words if pattern else "",
                each.contract.title,
                each.contract.reference,
                each.providers,
                each.area,
                each.evidence.words,
                each.reason,
            ]


def calibration(
    user: Any, of: UnitMonth, params: QueryDict, *, permission: Permission = Permission.REVIEW_RETURNS
) -> Calibration:
    """Of the contracts on which the person holds the permission, and may review: three queries, and one a month.

    The grades are those that count: the officer's of whom the return came, or for whom a stand-in made it.
    """
    months = months_ending(of.month, 3 if params.get("months") == "3" else 1)
    contracts = Contract.objects.visible_to(user, Permission.REVIEW_RETURNS).visible_to(user, permission)
    in_sight = contracts.filter(unit=of.unit).order_by().values("pk")
    rows = MonthlyReturn.objects.that_count().filter(contract__in=in_sight, month__in=months, jet_score__isnull=False)
    found = list(rows.select_related("submitted_by", "submitted_for").order_by("-month", "contract__title", "pk"))
    graded = _graded(found, months)
    return Calibration(of=of, months=months, area=params.get("area", "")[:200], all_graded=graded)


def _graded(rows: Sequence[MonthlyReturn], months: Sequence[datetime.date]) -> list[Graded]:
    loaded = Contract.objects.filter(pk__in={row.contract_id for row in rows}).defer("description")
    contracts = {each.pk: each for each in with_providers(loaded.select_related("unit", "officer", "service_area"))}
    evidence = {month: evidence_of([row.contract_id for row in rows if row.month == month], month) for month in months}
    return [
        Graded(
            contract=contracts[row.contract_id],
            month=row.month,
            score=row.jet_score or 0,
            officer=_officer(row, contracts[row.contract_id]),
            evidence=evidence[row.month][row.contract_id],
            reason=row.kpi_reason,
        )
        for row in rows
    ]


def _officer(row: MonthlyReturn, contract: Contract) -> str:
    person = row.submitted_for or row.submitted_by or contract.officer
    return person.name if person else NOBODY
