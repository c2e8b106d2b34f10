"""What the review of a month can be filtered by, read from its address.

The page reads every row of its month anyway, so that a choice is looked up in the row and asks nothing more.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from contracts.choices import Management, ReturnState, Risk
from contracts.queries.review_row import ReviewRow
from contracts.queries.review_sorts import ReviewSort, sort_of
from contracts.rules.jet import JET_BANDS, NotAssessed, band_of

NONE: Final = "none"
NOT_ASSESSED: Final = "not_assessed"

TO_REVIEW: Final = "to_review"
NOT_RETURNED: Final = "not_returned"
KPIS, VIEWS = "kpis", "views"

#: What is offered by name. The officers and service areas are those of the month, by number and by name.
OFFERED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "risk": ((Risk.RED, "Red"), (Risk.AMBER, "Amber"), (Risk.GREEN, "Green"), (NONE, "Not returned")),
    "jet": (
        *((code, words) for code, words, _, _ in JET_BANDS),
        (NOT_ASSESSED, "Not assessed"),
    ),
    "state": (
        (TO_REVIEW, "To review"),
        (ReturnState.ACCEPTED, "Accepted"),
        (ReturnState.SENT_BACK, "Sent back"),
        (NOT_RETURNED, "Not returned"),
        (ReturnState.AMENDED, "Amended"),
    ),
    "beside": ((KPIS, "Contradicts its KPIs"), (VIEWS, "Service manager or supplier disagrees")),
    "managed": ((Management.CENTRAL, "Centrally"), (Management.DEVOLVED, "Devolved to service area")),
}
OPEN: Final = ("officer", "area")
LEGENDS: Final = {
    "officer": "Contract officer",
    "area": "Service area",
    "risk": "Risk of the month",
    "jet": "JET",
    "state": "State",
    "beside": "Said beside the grade",
    "managed": "Managed",
}
NOBODY: Final = {"officer": "No officer", "area": "No service area"}
#: An officer or service area of a kept view that this month does not have: found nowhere, rather than everywhere.
ABSENT: Final = {"officer": "An officer without a contract here", "area": "A service area without a contract here"}


def _officer(row: ReviewRow) -> set[str]:
    return {str(row.contract.officer_id or NONE)}


def _area(row: ReviewRow) -> set[str]:
    return {row.area_name or NONE}


def _jet(row: ReviewRow) -> set[str]:
    if isinstance(row.jet, NotAssessed):
        return {NOT_ASSESSED}
    return set() if row.jet is None else {str(band_of(row.jet))}


def _state(row: ReviewRow) -> set[str]:
    """What is sent back is not returned, as the page counts it."""
    state = TO_REVIEW if row.state == ReturnState.SUBMITTED else row.state
    return {state} if row.is_returned else {state, NOT_RETURNED}


def _beside(row: ReviewRow) -> set[str]:
    return {code for code, is_so in ((KPIS, row.contradiction), (VIEWS, row.assessed.disagreeing)) if is_so}


READ: Final[Mapping[str, Callable[[ReviewRow], set[str]]]] = {
    "officer": _officer,
    "area": _area,
    "risk": lambda row: {row.risk or NONE},
    "jet": _jet,
    "state": _state,
    "beside": _beside,
    "managed": lambda row: {row.contract.management},
}


@dataclass(frozen=True)
class ReviewFilter:
    """Several choices of one kind widen it, several kinds narrow it. ``unknown`` is what was left out."""

    chosen: Mapping[str, frozenset[str]]
    words: str
    sort: ReviewSort | None
    unknown: tuple[str, ...] = ()

    @property
    def is_on(self) -> bool:
        return bool(self.words) or any(self.chosen.values())

    def holds(self, row: ReviewRow) -> bool:
        return self._has_words(row) and all(
            not wanted or wanted & READ[name](row) for name, wanted in self.chosen.items()
        )

    def _has_words(self, row: ReviewRow) -> bool:
        words = self.words.casefold().split()
        if not words:
            return True
        of = row.contract
        text = " ".join([of.title, of.reference, of.slug, *row.provider_names]).casefold()
        return all(word in text for word in words)


def review_filter(params: QueryDict) -> ReviewFilter:
    chosen = {name: frozenset(filter(None, params.getlist(name))) for name in READ}
    known = {name: frozenset(value for value in values if _is_known(name, value)) for name, values in chosen.items()}
    unknown = [name for name in READ if chosen[name] != known[name]]
    unknown += [name for name, values in params.lists() if name not in {*READ, "q", "sort"} and any(values)]
    sort = params.get("sort", "")
    if sort and sort_of(sort) is None:
        unknown.append(f"sort {sort}")
    return ReviewFilter(known, params.get("q", "").strip()[:100], sort_of(sort), tuple(unknown))


def _is_known(name: str, value: str) -> bool:
    if name == "area":
        return True
    if name == "officer":
        return value == NONE or (value.isascii() and value.isdigit() and len(value) < 10)
    return value in dict(OFFERED[name])


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    is_ticked: bool


def choices_of(found: ReviewFilter, rows: Sequence[ReviewRow]) -> list[tuple[str, str, list[Choice]]]:
    """Name, legend and choices of each kind, each choice with what it finds in the whole month."""
    return [(name, legend, _choices(name, found, rows)) for name, legend in LEGENDS.items()]


def _choices(name: str, found: ReviewFilter, rows: Sequence[ReviewRow]) -> list[Choice]:
    counts = Counter(value for row in rows for value in READ[name](row))
    offered = OFFERED.get(name) or _of_the_month(name, found, rows)
    return [Choice(value, label, counts[value], value in found.chosen[name]) for value, label in offered]


def _of_the_month(name: str, found: ReviewFilter, rows: Sequence[ReviewRow]) -> tuple[tuple[str, str], ...]:
    labels = {value: _label(name, row) for row in rows for value in READ[name](row)}
    absent = {value: NOBODY[name] if value == NONE else ABSENT[name] for value in found.chosen[name] - labels.keys()}
    ordered = sorted(labels.items(), key=lambda pair: (pair[0] == NONE, pair[1]))
    return (*ordered, *sorted(absent.items()))


def _label(name: str, row: ReviewRow) -> str:
    return (row.officer_name if name == "officer" else row.area_name) or NOBODY[name]
