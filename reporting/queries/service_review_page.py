"""One service review as it is read: its elements, options, planned length, decision, contracts and documents."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import scope_of
from commissioning.rules import long_date
from contracts.choices import Horizon
from contracts.drawing import track
from contracts.models import ReviewOption, ServiceReview
from contracts.rules.service_review import (
    OptionSaid,
    PlannedLength,
    length_words,
    missing_before_decision,
    progress_words,
)
from contracts.templatetags.marks import money, shortdate
from reporting.queries.documents import DocumentRow, documents_of_review
from reporting.queries.service_reviews import marks_of


@dataclass(frozen=True)
class ElementRow:
    name: str
    state: str
    on: str
    words: str
    document: DocumentRow | None
    change_url: str


@dataclass(frozen=True)
class PlannedTerm:
    name: str
    text: str


@dataclass(frozen=True)
class Plan:
    """The planned length: drawn from the day after the service ends, and in words whether or not that is known."""

    words: str
    track: SafeString | str
    terms: list[PlannedTerm]
    latest_end: str

    @property
    def shape(self) -> str:
        """How wide the items stand, as those of a contract's own terms."""
        return {3: " jc-terms--311", 2: " jc-terms--31"}.get(len(self.terms), "")


class ServiceReviewPage:
    """Five queries, however long the lists are."""

    def __init__(self, *, user: Any, review: ServiceReview) -> None:
        self.user, self.review = user, review
        self.may_change = scope_of(user).can(Permission.EDIT_CONTRACTS, review)
        self.elements = list(review.elements.order_by("pk"))
        options = review.options.order_by("position", "pk")
        self.options = sorted(options, key=lambda option: option.horizon != Horizon.SHORT)
        self.documents = documents_of_review(user, review)
        self.contracts = [
            (contract, f"{shortdate(contract.effective_end) or 'Not known'}", money(contract.annual_value))
            for contract in review.contracts.select_related("unit").order_by("reference")
        ]

    @cached_property
    def progress(self) -> str:
        return progress_words([element.state for element in self.elements])

    @property
    def strip(self) -> list[tuple[str, Any, str]]:
        review = self.review
        ends = long_date(review.ends_on) if review.ends_on else "Not known"
        return [
            ("Service ends", ends, self._time_left),
            ("Elements", self.progress, ""),
            ("Scrutiny forward plan", "On the plan" if review.is_on_forward_plan else "Not on it", ""),
            ("Decision", *self.decision),
        ]

    @property
    def _time_left(self) -> str:
        if self.review.ends_on is None:
            return ""
        days = (self.review.ends_on - clock.today()).days
        if days < 0:
            return "Has ended"
        return "Ends today" if days == 0 else f"In {days:,} {'day' if days == 1 else 'days'}"

    @property
    def decision(self) -> tuple[str, str]:
        if self.review.decided_on is None:
            return "Open", ""
        return self.review.get_sourcing_display(), f"Decided on {long_date(self.review.decided_on)}"

    @property
    def about(self) -> list[tuple[str, str, str]]:
        review = self.review
        facts = [
            ("Unit", review.unit.name, ""),
            ("Service area", review.service_area.name if review.service_area else "Not known", ""),
            ("Who leads it", review.lead.name if review.lead else "Nobody yet", ""),
            ("Begun", long_date(review.opened_on), ""),
        ]
        return [fact for fact in facts if fact[1]]

    # Elements, options, documents

    @property
    def marks(self) -> SafeString:
        return marks_of(self.elements)

    @property
    def element_rows(self) -> list[ElementRow]:
        documents = {document.url: document for document in self.documents}
        return [
            ElementRow(
                name=str(element),
                state=element.get_state_display(),
                on=shortdate(element.on),
                words=element.words,
                document=documents.get(reverse("document", args=[element.document_id]))
                if element.document_id
                else None,
                change_url=self._part("review_element", element.kind),
            )
            for element in self.elements
        ]

    @property
    def option_rows(self) -> list[tuple[ReviewOption, str, str]]:
        """(option, where it is changed, where it is removed)"""
        return [
            (
                option,
                self._part("review_option_change", option.pk),
                self._part("review_option_remove", option.pk),
            )
            for option in self.options
        ]

    def _part(self, name: str, *parts: Any) -> str:
        return reverse(name, args=[self.review.pk, *parts]) if self.may_change else ""

    @property
    def missing(self) -> list[str]:
        """What a decision would still lack; nothing once it is taken."""
        if self.review.is_decided:
            return []
        return missing_before_decision(
            elements=[(element.kind, element.state) for element in self.elements],
            options=[OptionSaid(option.title, option.horizon, option.is_recommended) for option in self.options],
            length=self.review.planned_length,
        )

    # The planned length

    @cached_property
    def plan(self) -> Plan | None:
        length = self.review.planned_length
        if length is None:
            return None
        if self.review.ends_on is None:
            return Plan(words=length.words, track="", terms=_lengths(length), latest_end="")
        return _drawn(length, self.review.ends_on + timedelta(days=1))


def _names(length: PlannedLength) -> list[str]:
    options = [f"Option {place}, {length_words(months)}" for place, months in enumerate(length.options, start=1)]
    return [f"First term, {length_words(length.months)}", *options]


def _lengths(length: PlannedLength) -> list[PlannedTerm]:
    return [PlannedTerm(name, "") for name in _names(length)]


def _drawn(length: PlannedLength, start: date) -> Plan:
    ends = length.ends(start)
    begins = [start, *(end + timedelta(days=1) for end in ends)]
    days = [f"{long_date(begin)} to {long_date(end)}." for begin, end in zip(begins, ends, strict=False)]
    return Plan(
        words=length.words,
        track=track(span=(start, ends[-1]), start=start, end=ends[0], option_ends=ends[1:]),
        terms=[PlannedTerm(name, text) for name, text in zip(_names(length), days, strict=True)],
        latest_end=long_date(ends[-1]),
    )
