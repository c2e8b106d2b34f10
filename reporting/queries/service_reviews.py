"""The list of service reviews: filtered, sorted, and as a file with exactly what is filtered."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat, Lower
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from accounts import clock
from accounts.forms_renderer import LongDateField
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from commissioning.rules import long_date
from contracts.choices import ElementState, ReviewElementKind
from contracts.drawing import steps
from contracts.models import Contract, ReviewElement, ServiceReview
from contracts.rules.service_review import SETTLED, progress_words
from contracts.templatetags.marks import shortdate
from reporting.queries.register_address import changed, pairs
from reporting.queries.words import counted, listed

PAGE_SIZE: Final = 50
CHUNK: Final = 2_000
OPEN, DECIDED = "open", "decided"
STATES: Final = (("", "All"), (OPEN, "Open"), (DECIDED, "Decided"))
KNOWN: Final = frozenset({"q", "state", "since", "until", "sort", "page"})
FIRST_SORT: Final = "ends"
#: code: (column, order, in words)
SORTS: Final[dict[str, tuple[str, tuple[Any, ...], str]]] = {
    "title": ("Service", (Lower("title"),), "by service"),
    "ends": ("Service ends", (F("ends_on").asc(nulls_last=True), Lower("title")), "soonest end first"),
    "progress": ("Elements", (F("settled").asc(), Lower("title")), "least done first"),
    "lead": ("Lead", (F("lead__name").asc(nulls_last=True), Lower("title")), "by lead"),
    "decision": (
        "Decision",
        (F("decided_on").desc(nulls_first=True), Lower("title")),
        "those to decide first, then the newest decision",
    ),
}
HEADINGS: Final = (
    "Service",
    "Unit",
    "Service area",
    "Service ends",
    "Review begun",
    "Lead",
    "On the forward plan",
    *ReviewElementKind.labels,
    "Planned length",
    "Decision",
    "Decided on",
    "Contracts",
)


def element_words(elements: list[ReviewElement]) -> str:
    """«Review of current services: done; Financial review: under way»"""
    return "; ".join(f"{element}: {element.get_state_display().lower()}" for element in elements)


def marks_of(elements: list[ReviewElement]) -> SafeString:
    return steps([element.state for element in elements], label=element_words(elements))


class ReviewFilter:
    """What the address asks for. What nobody knows of it is left out and named."""

    def __init__(self, params: QueryDict) -> None:
        self.words = (params.get("q") or "").strip()[:100]
        self.unknown = [name for name in params if name not in KNOWN]
        self.state = self._known(params, "state", {code for code, _ in STATES}, "")
        self.sort = self._known(params, "sort", set(SORTS), FIRST_SORT)
        self.since, self.until = self._day(params, "since"), self._day(params, "until")

    def _known(self, params: QueryDict, name: str, codes: set[str], usual: str) -> str:
        code = params.get(name) or usual
        if code not in codes:
            self.unknown.append(f"{name} {code[:40]}")
            return usual
        return code

    def _day(self, params: QueryDict, name: str) -> datetime.date | None:
        typed = (params.get(name) or "").strip()[:40]
        try:
            return LongDateField(required=False).clean(typed)
        except ValidationError:
            self.unknown.append(f"the day {typed}")
            return None

    @property
    def is_on(self) -> bool:
        return bool(self.words or self.state or self.since or self.until)

    @property
    def condition(self) -> Q:
        wanted = Q(title__icontains=self.words) if self.words else Q()
        if self.state:
            wanted &= Q(decided_on__isnull=self.state == OPEN)
        if self.since:
            wanted &= Q(ends_on__gte=self.since)
        return wanted & Q(ends_on__lte=self.until) if self.until else wanted


@dataclass(frozen=True)
class ReviewLine:
    """One review of the list."""

    url: str
    title: str
    about: str
    ends: str
    is_over: bool
    marks: SafeString
    progress: str
    lead: str
    forward_plan: str
    decision: str
    decided: str


class ServiceReviews:
    """The reviews in sight that the address asks for; the base of the page and of the file."""

    def __init__(
        self,
        *,
        user: Any,
        unit: CommissioningUnit | None,
        params: QueryDict,
        permission: Permission = Permission.VIEW_CONTRACTS,
    ) -> None:
        self.user, self.unit, self.params = user, unit, params
        self.filter = ReviewFilter(params)
        in_sight = ServiceReview.objects.visible_to(user, permission)
        self.in_sight = in_sight.filter(unit=unit) if unit else in_sight

    @property
    def found(self) -> Any:
        settled = Count("elements", filter=Q(elements__state__in=SETTLED))
        found = self.in_sight.filter(self.filter.condition).annotate(settled=settled)
        order = SORTS[self.filter.sort][1]
        elements = Prefetch("elements", queryset=ReviewElement.objects.order_by("pk"))
        return found.select_related("unit", "lead", "service_area").prefetch_related(elements).order_by(*order, "pk")

    @property
    def order_words(self) -> str:
        return SORTS[self.filter.sort][2]


class ServiceReviewsPage(ServiceReviews):
    """Three queries, however many reviews there are."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, params: QueryDict) -> None:
        super().__init__(user=user, unit=unit, params=params)
        self.page = Paginator(self.found, PAGE_SIZE).get_page(params.get("page"))
        self.rows = [self._line(review) for review in self.page.object_list]

    def _line(self, review: ServiceReview) -> ReviewLine:
        elements = list(review.elements.all())
        about = [review.service_area.name] if review.service_area else []
        decided = shortdate(review.decided_on)
        return ReviewLine(
            url=review.get_absolute_url(),
            title=review.title,
            about=", ".join([*about, *([] if self.unit else [review.unit.name])]),
            ends=shortdate(review.ends_on) or "Not known",
            is_over=bool(review.ends_on and review.ends_on < clock.today() and not review.is_decided),
            marks=marks_of(elements),
            progress=progress_words([element.state for element in elements]),
            lead=review.lead.name if review.lead else "Nobody yet",
            forward_plan="On the plan" if review.is_on_forward_plan else "Not on it",
            decision=review.get_sourcing_display() if review.is_decided else "Open",
            decided=decided,
        )

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def heading_line(self) -> str:
        where = self.unit.name if self.unit else "The units that you work in"
        return f"{where}. {counted(self.total, 'review')}{' that fit the filter' if self.filter.is_on else ''}"

    @property
    def showing(self) -> str:
        if not self.rows:
            return ""
        page = self.page
        return f"Showing {page.start_index():,} to {page.end_index():,} of {self.total:,}, {self.order_words}."

    @property
    def unknown(self) -> str:
        return listed(self.filter.unknown[:8]) if self.filter.unknown else ""

    @property
    def headers(self) -> list[dict[str, str]]:
        return [
            {
                "label": label,
                "url": f"?{changed(self.params, sort=code)}",
                "direction": "ascending" if code == self.filter.sort else "",
            }
            for code, (label, _, _) in SORTS.items()
        ]

    @property
    def by_code(self) -> dict[str, dict[str, str]]:
        return dict(zip(SORTS, self.headers, strict=True))

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        return [(code, label, code == self.filter.sort) for code, (label, _, _) in SORTS.items()]

    @property
    def states(self) -> list[tuple[str, str, bool]]:
        """(words, address, whether it is the one shown) of the views that everybody has."""
        return [(label, f"?{changed(self.params, state=code)}", code == self.filter.state) for code, label in STATES]

    @property
    def query(self) -> str:
        return changed(self.params)

    @property
    def kept_for_filter(self) -> list[tuple[str, str]]:
        return pairs(self.params, without=("q", "since", "until", "page"))

    @property
    def kept_for_sort(self) -> list[tuple[str, str]]:
        return pairs(self.params, without=("sort", "page"))

    @property
    def key(self) -> list[SafeString]:
        """A square of each state, beside its word."""
        return [steps([state]) for state in ("done", "under_way", "not_started", "not_needed")]

    @cached_property
    def may_add(self) -> bool:
        return scope_of(self.user).holds(Permission.EDIT_CONTRACTS)

    @cached_property
    def may_export(self) -> bool:
        return bool(self.total) and scope_of(self.user).holds(Permission.EXPORT_CONTRACTS)


class ServiceReviewsExport(ServiceReviews):
    """Only of the reviews that the person may export."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, params: QueryDict) -> None:
        super().__init__(user=user, unit=unit, params=params, permission=Permission.EXPORT_CONTRACTS)

    def rows(self) -> Iterator[list[Any]]:
        """One query, read through a cursor: what hangs on a review comes with it and not chunk by chunk."""
        elements = ReviewElement.objects.filter(review=OuterRef("pk")).order_by("pk")
        contracts = Contract.objects.filter(service_reviews=OuterRef("pk")).order_by("reference")
        found = self.found.prefetch_related(None).annotate(
            states=ArraySubquery(elements.values(said=Concat("kind", Value(":"), "state"))),
            references=ArraySubquery(contracts.values("reference")),
        )
        for review in found.iterator(chunk_size=CHUNK):
            yield [
                review.title,
                review.unit.name,
                review.service_area.name if review.service_area else "",
                review.ends_on,
                review.opened_on,
                review.lead.name if review.lead else "",
                "Yes" if review.is_on_forward_plan else "No",
                *_state_words(review.states),
                review.planned_length.words if review.planned_length else "",
                review.get_sourcing_display() if review.is_decided else "Open",
                review.decided_on,
                ", ".join(review.references),
            ]

    def about(self, *, address: str) -> list[tuple[str, str]]:
        """What the file is, for somebody who gets it without the page."""
        wanted = self.filter
        days = [("Ends from", wanted.since), ("Ends to", wanted.until)]
        return [
            ("Service reviews of", self.unit.name if self.unit else "All units in sight"),
            *([("State", dict(STATES)[wanted.state])] if wanted.state else []),
            *([("Words", wanted.words)] if wanted.words else []),
            *((name, long_date(day)) for name, day in days if day),
            ("Order", self.order_words),
            ("Address", address),
        ]


def _state_words(states: list[str]) -> list[str]:
    """Of «finance:done» and the like, in the order of the headings."""
    said = dict(each.split(":") for each in states)
    return [ElementState(said[kind]).label if kind in said else "" for kind in ReviewElementKind.values]
