"""The review of a month as its address asks for it: the rows that the filter leaves, in the order asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.http import QueryDict

from contracts.choices import ReturnState
from contracts.models import ReviewAction
from contracts.queries.month_review import MonthReviewPage
from contracts.queries.overdue_steps import OverdueStep
from contracts.queries.review_filter import Choice, ReviewFilter, choices_of, review_filter
from contracts.queries.review_row import ReviewRow, opening_at_next
from contracts.queries.review_sorts import SORTS


class Heading(NamedTuple):
    label: str
    url: str
    direction: str


@dataclass(frozen=True)
class ReviewShown:
    page: MonthReviewPage
    params: QueryDict
    filter: ReviewFilter

    @cached_property
    def rows(self) -> list[ReviewRow]:
        return self._left(self.page.rows)

    @cached_property
    def concern(self) -> list[ReviewRow]:
        """In its own order always. Where a state is asked for, a row may be gone once it is reviewed."""
        left = self._left(self.page.concern)
        return opening_at_next(left) if self.filter.chosen["state"] else left

    @cached_property
    def to_review(self) -> list[ReviewRow]:
        return opening_at_next(self._sorted(self.page.to_review))

    @cached_property
    def accepted(self) -> list[ReviewRow]:
        left = self._sorted(self.page.accepted)
        return opening_at_next(left) if self.filter.chosen["state"] else left

    @cached_property
    def not_returned(self) -> list[ReviewRow]:
        return self._sorted(self.page.not_returned)

    @cached_property
    def actions(self) -> list[ReviewAction]:
        """Without a filter also those of contracts that owe this month nothing."""
        if not self.filter.is_on:
            return self.page.actions
        shown = {row.contract.pk for row in self.rows}
        return [action for action in self.page.actions if action.contract_id in shown]

    @cached_property
    def steps(self) -> list[OverdueStep]:
        """As with actions."""
        shown = {row.contract.pk for row in self.rows}
        return [step for step in self.page.steps if not self.filter.is_on or step.contract_id in shown]

    def _left(self, rows: Sequence[ReviewRow]) -> list[ReviewRow]:
        return [row for row in rows if self.filter.holds(row)]

    def _sorted(self, rows: Sequence[ReviewRow]) -> list[ReviewRow]:
        left = self._left(rows)
        return self.filter.sort.put(left) if self.filter.sort else left

    # In words

    @property
    def words(self) -> str:
        """«12 of 228 shown»"""
        return f"{len(self.rows)} of {len(self.page.rows)} shown"

    @property
    def concern_count(self) -> str:
        return self._of(len(self.concern), len(self.page.concern))

    @property
    def to_review_count(self) -> str:
        return self._of(len(self.to_review), len(self.page.to_review))

    @property
    def accepted_count(self) -> str:
        return self._of(len(self.accepted), len(self.page.accepted))

    @property
    def not_returned_count(self) -> str:
        return self._of(len(self.not_returned), len(self.page.not_returned))

    @property
    def actions_count(self) -> str:
        return self._of(len(self.actions), len(self.page.actions))

    def _of(self, shown: int, all_of_it: int) -> str:
        return f"{shown} of {all_of_it} shown" if self.filter.is_on else str(all_of_it)

    @property
    def nothing_fits(self) -> str:
        return "Nothing here fits the filter." if self.filter.is_on else ""

    @cached_property
    def groups(self) -> list[tuple[str, str, list[Choice]]]:
        return choices_of(self.filter, self.page.rows)

    @property
    def filter_words(self) -> str:
        """«Risk of the month: Red, Amber. Words: home.»"""
        parts = [
            f"{legend}: {', '.join(ticked)}."
            for _, legend, choices in self.groups
            if (ticked := [choice.label for choice in choices if choice.is_ticked])
        ]
        return " ".join([*parts, *([f"Words: {self.filter.words}."] if self.filter.words else [])])

    @property
    def order_words(self) -> str:
        """Empty where each table has its own order."""
        sort = self.filter.sort
        return f"By {sort.label}{', reversed' if sort.is_reversed else ''}" if sort else ""

    @property
    def has_waiting(self) -> bool:
        return any(row.state == ReturnState.SUBMITTED for row in self.rows)

    # Addresses

    @property
    def query(self) -> str:
        return self.params.urlencode()

    @property
    def sort_code(self) -> str:
        return self.filter.sort.address if self.filter.sort else ""

    @cached_property
    def headings(self) -> dict[str, Heading]:
        """By the code of its sort; the column that is sorted by turns round."""
        now = self.filter.sort
        found = {}
        for code, sort in SORTS.items():
            is_now = now is not None and now.code == code
            following = now.turned if now and is_now else sort
            direction = now.direction if now and is_now else ""
            found[code] = Heading(sort.label, self._sorted_by(following.address), direction)
        return found

    @property
    def usual_order(self) -> str:
        return self._sorted_by("")

    def _sorted_by(self, code: str) -> str:
        copy = self.params.copy()
        copy.pop("sort", None)
        if code:
            copy["sort"] = code
        return f"?{copy.urlencode()}"


def review_shown(page: MonthReviewPage, params: QueryDict) -> ReviewShown:
    return ReviewShown(page=page, params=params, filter=review_filter(params))
