"""A unit's review of a month: every return in sight, those of concern first with the rules that name them."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Final, TypeVar

from django.db.models import Count, F, Prefetch, Q, Sum

from accounts import clock
from accounts.permissions import Permission
from commissioning.access import Scope
from commissioning.models import CommissioningUnit
from contracts.choices import ReturnState, Risk
from contracts.models import Contract, MonthlyReturn, MonthReview, ReviewAction
from contracts.models.contract import ContractQuerySet
from contracts.queries.addresses import AddressOf, AddressOfNumber
from contracts.queries.assessed import Assessed, assessed_of
from contracts.queries.closing import looked_at_on
from contracts.queries.concern_rules import rules_of
from contracts.queries.monthly_return import due_of, provider_ids, provider_names
from contracts.queries.overdue_steps import OverdueStep, overdue_steps
from contracts.queries.return_words import month_word
from contracts.queries.review import REVIEW_ORDER_WORDS, reviewable
from contracts.queries.review_row import ReviewRow, opening_at_next
from contracts.queries.worklist_row import names_of_return
from contracts.rules.concern import ConcernRules, MonthSaid, reasons_of_concern
from contracts.rules.jet import jet_of, sort_key
from contracts.rules.returns import GETTING_WORSE, IMPROVING, View, month_end, months_ending, previous_month

MONTHS_LOOKED_AT: Final = 12
CONCERN_ORDER_WORDS: Final = "Red first, then amber, then the lowest JET, then by title"
ACCEPTED: Final = (ReturnState.ACCEPTED, ReturnState.AMENDED)


@dataclass(frozen=True)
class UnitMonth:
    """A unit and a month: what every page of the review is about."""

    unit: CommissioningUnit
    month: datetime.date

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        return self.unit.is_open_to(scope, permission)


@dataclass(frozen=True)
class MonthReviewPage:
    """The month's returns of one unit, as far as the person may review them."""

    of: UnitMonth
    review: MonthReview | None
    rules: ConcernRules
    rows: list[ReviewRow]
    actions: list[ReviewAction]
    steps: list[OverdueStep]
    concern_order: str = CONCERN_ORDER_WORDS
    review_order: str = REVIEW_ORDER_WORDS

    @property
    def month(self) -> datetime.date:
        return self.of.month

    @property
    def unit(self) -> CommissioningUnit:
        return self.of.unit

    @property
    def last_month_word(self) -> str:
        return month_word(previous_month(self.month))

    @property
    def version(self) -> int:
        return self.review.version if self.review else 0

    @property
    def is_closed(self) -> bool:
        return self.review is not None and self.review.is_closed

    @property
    def is_open(self) -> bool:
        return not self.is_closed

    # The groups, each contract in one of them

    @cached_property
    def concern(self) -> list[ReviewRow]:
        found = [row for row in self.rows if row.reasons]
        ordered = sorted(found, key=lambda row: (-row.severity, sort_key(row.shown.jet if row.shown else None)))
        return [replace(row, opens_at=row.contract.pk) for row in ordered]

    @cached_property
    def to_review(self) -> list[ReviewRow]:
        found = [row for row in self._others if row.state == ReturnState.SUBMITTED]
        ordered = sorted(found, key=lambda row: (-row.severity, row.fall is None, -(row.fall or 0)))
        return opening_at_next(ordered)

    @cached_property
    def accepted(self) -> list[ReviewRow]:
        return [replace(row, opens_at=row.contract.pk) for row in self._others if row.state in ACCEPTED]

    @cached_property
    def not_returned(self) -> list[ReviewRow]:
        return [row for row in self._others if not row.is_returned]

    @cached_property
    def _others(self) -> list[ReviewRow]:
        return [row for row in self.rows if not row.reasons]

    # What stands

    @cached_property
    def missing(self) -> list[ReviewRow]:
        """Whatever has no return that counts, of concern or not."""
        return [row for row in self.rows if not row.is_returned]

    @cached_property
    def missing_by_officer(self) -> list[tuple[str, list[ReviewRow]]]:
        names = sorted({row.officer_name for row in self.missing}, key=lambda name: (not name, name))
        return [(name, [row for row in self.missing if row.officer_name == name]) for name in names]

    @property
    def expected(self) -> int:
        return len(self.rows)

    @property
    def returned(self) -> int:
        return sum(row.is_returned for row in self.rows)

    @cached_property
    def _states(self) -> Counter[str]:
        return Counter(row.state for row in self.rows)

    @property
    def accepted_count(self) -> int:
        return self._states[ReturnState.ACCEPTED]

    @property
    def amended_count(self) -> int:
        """Changed since the month was closed: what it says now nobody has accepted."""
        return self._states[ReturnState.AMENDED]

    @property
    def settled_count(self) -> int:
        return self.accepted_count + self.amended_count

    @property
    def waiting(self) -> int:
        return self._states[ReturnState.SUBMITTED]

    @property
    def drafts(self) -> int:
        return self._states[ReturnState.DRAFT]

    @property
    def sent_back(self) -> int:
        return self._states[ReturnState.SENT_BACK]

    @property
    def coverage(self) -> str:
        """«221 of 228 returned, 180 accepted», and «, 2 amended» where a closed month was"""
        amended = f", {self.amended_count} amended" if self.amended_count else ""
        return f"{self.returned} of {self.expected} returned, {self.accepted_count} accepted{amended}"

    @property
    def movement_words(self) -> str:
        """«9 worse and 12 better than in September; 3 newly red»"""
        moved = Counter(row.movement for row in self.rows)
        newly = sum(row.is_newly_red for row in self.rows)
        worse, better = moved[GETTING_WORSE], moved[IMPROVING]
        return f"{worse} worse and {better} better than in {self.last_month_word}, {newly} newly red"

    @property
    def risk_words(self) -> str:
        """«9 red, 43 amber, 169 green»"""
        counted = Counter(row.risk for row in self.rows)
        return ", ".join(f"{counted[risk]} {risk.label.lower()}" for risk in Risk)

    @cached_property
    def open_actions(self) -> list[ReviewAction]:
        return [action for action in self.actions if action.done_at is None]

    @cached_property
    def actions_of_month(self) -> list[ReviewAction]:
        return [action for action in self.actions if action.month == self.month]


def month_review_page(user: Any, of: UnitMonth, *, among: ContractQuerySet | None = None) -> MonthReviewPage:
    """All of it, in ten queries however many contracts there are: what the person may review, or what is given."""
    review = review_of(of)
    rules = rules_of(review, of.unit)
    looked_at = reviewable(user, unit=of.unit) if among is None else among
    actions = _actions(looked_at, of)
    steps = overdue_steps(user, day=looked_at_on(review), among=looked_at)
    contracts = list(_with_returns(_owing(looked_at, of).filter(unit=of.unit), of.month))
    for contract in contracts:
        contract.unit = of.unit
    beside = _Beside(
        of=of,
        rules=rules,
        is_due=_is_done(of, review),
        said=_said_before(contracts, of.month),
        assessed=assessed_of({contract.pk: _score(contract) for contract in contracts}, of.month),
        actions=_by_contract(actions),
        steps=_by_contract(steps),
    )
    rows = [beside.row(contract) for contract in contracts]
    return MonthReviewPage(of=of, review=review, rules=rules, rows=rows, actions=actions, steps=steps)


def _is_done(of: UnitMonth, review: MonthReview | None) -> bool:
    """Whether what is not returned may be held against a contract: the month is closed, or its returns were due."""
    is_closed = review is not None and review.is_closed
    return is_closed or clock.today() > due_of(of.month, working_day=of.unit.return_working_day)


def review_of(of: UnitMonth) -> MonthReview | None:
    found = MonthReview.objects.filter(unit=of.unit, month=of.month)
    return found.select_related("closed_by").first()


def under_review(user: Any, of: UnitMonth) -> ContractQuerySet:
    """The contracts that owe the month a return and whose returns the person may review."""
    return _owing(reviewable(user, unit=of.unit), of)


def _owing(contracts: ContractQuerySet, of: UnitMonth) -> ContractQuerySet:
    return contracts.expecting_return(of.month, last_day=month_end(of.month))


_OF_CONTRACT: Final = (
    *("reference", "slug", "title", "start", "effective_end", "returns_from", "management"),
    *("annual_value", "whole_life_value"),
    *("officer_id", "unit_id"),
)
_OF_RETURN: Final = (
    *("contract", "month", "state", "risk", "jet_score", "not_assessed_reason", "narrative", "kpi_reason", "version"),
    *("submitted_at", "submitted_by_id", "reviewed_at", "review_note", "amendment_reason"),
)


def _with_returns(contracts: ContractQuerySet, month: datetime.date) -> ContractQuerySet:
    """With the month's return and who made it, and no column that no page of the review shows."""
    named = MonthlyReturn.objects.filter(month=month).annotate(**names_of_return()).only(*_OF_RETURN)
    return (
        contracts.only(*_OF_CONTRACT)
        .annotate(officer_name=F("officer__name"), area_name=F("service_area__name"))
        .annotate(provider_names=provider_names(), provider_ids=provider_ids())
        .prefetch_related(Prefetch("returns", queryset=named, to_attr="months_returns"))
        .order_by("title", "pk")
    )


def _said_before(contracts: Iterable[Contract], month: datetime.date) -> Mapping[int, Mapping[datetime.date, View]]:
    """By contract and month what the returns that count say, over all the months looked at."""
    months = months_ending(month, MONTHS_LOOKED_AT)
    rows = (
        MonthlyReturn.objects.that_count()
        .filter(contract_id__in=[contract.pk for contract in contracts], month__range=(months[0], month))
        .order_by()
        .values_list("contract_id", "month", "risk", "jet_score")
    )
    said: dict[int, dict[datetime.date, View]] = defaultdict(dict)
    for contract_id, day, risk, score in rows:
        said[contract_id][day] = _view(risk, score)
    return said


@cache
def _view(risk: str, score: int | None) -> View:
    """There are only so many of them, and of a unit's year some thousand are asked for."""
    return View(Risk(risk), jet_of(score, not_assessed=score is None))


def _score(contract: Any) -> int | None:
    """Of the month's return that counts."""
    return next((row.jet_score for row in contract.months_returns if row.counts), None)


Found = TypeVar("Found", ReviewAction, OverdueStep)


def _by_contract(found: Iterable[Found]) -> Mapping[int, Sequence[Found]]:
    of_contract: dict[int, list[Found]] = defaultdict(list)
    for each in found:
        of_contract[each.contract_id].append(each)
    return of_contract


@dataclass(frozen=True)
class _Beside:
    """All that stands beside the contracts of a review, each by contract."""

    of: UnitMonth
    rules: ConcernRules
    is_due: bool
    said: Mapping[int, Mapping[datetime.date, View]]
    assessed: Mapping[int, Assessed]
    actions: Mapping[int, Sequence[ReviewAction]]
    steps: Mapping[int, Sequence[OverdueStep]]

    @cached_property
    def months(self) -> tuple[datetime.date, ...]:
        return months_ending(self.of.month, MONTHS_LOOKED_AT)

    @cached_property
    def addresses(self) -> tuple[AddressOf, AddressOf, AddressOfNumber]:
        """Of a contract, of its return, and of where an improvement action is asked for."""
        month = self.of.month
        asking = AddressOfNumber("review_action_add", month, self.of.unit.code)
        return AddressOf("contract"), AddressOf("return", month), asking

    def row(self, contract: Any) -> ReviewRow:
        late = tuple(self.steps.get(contract.pk, ()))
        assessed = self.assessed[contract.pk]
        earlier = self._history(contract, self.said.get(contract.pk, {}))
        history = (*earlier[:-1], assessed.said_of(earlier[-1])._replace(steps_overdue=len(late)))
        contract_url, return_url, action_url = self.addresses
        return ReviewRow(
            contract=contract,
            row=next(iter(contract.months_returns), None),
            history=history,
            reasons=tuple(reasons_of_concern(history, self.rules)),
            assessed=assessed,
            actions=tuple(self.actions.get(contract.pk, ())),
            steps=late,
            officer_name=contract.officer_name or "",
            area_name=contract.area_name or "",
            provider_names=contract.provider_names,
            provider_ids=contract.provider_ids,
            contract_url=contract_url(contract),
            return_url=return_url(contract),
            action_url=action_url(contract.pk),
        )

    def _history(self, contract: Contract, said: Mapping[datetime.date, View]) -> list[MonthSaid]:
        return [
            MonthSaid(
                month,
                said.get(month),
                is_owed=month not in said and (month < self.of.month or self.is_due) and contract.expects_return(month),
            )
            for month in self.months
        ]


def _actions(contracts: ContractQuerySet, of: UnitMonth) -> list[ReviewAction]:
    """What was asked of providers up to this month and is still open, or was asked this month; soonest due first."""
    found = ReviewAction.objects.filter(contract__in=contracts.order_by().values("pk"), contract__unit=of.unit)
    asked = found.filter(Q(done_at=None, month__lte=of.month) | Q(month=of.month))
    return list(asked.select_related("contract__unit", "provider", "done_by"))


def what_stands(user: Any, of: UnitMonth) -> str:
    """A mark of the month as it stands for the person: it is another after any return of it was saved or reviewed."""
    counts = MonthlyReturn.objects.filter(contract__in=under_review(user, of), month=of.month).aggregate(
        rows=Count("pk"), versions=Sum("version")
    )
    return f"{counts['rows']}.{counts['versions'] or 0}"
