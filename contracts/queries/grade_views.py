"""The service manager's and the supplier's views of a grade, beside the grade that the officer gave."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BigIntegerField, DateField

from accounts import clock
from accounts.models import User
from accounts.permissions import Permission
from commissioning.access import Scope, scope_of
from contracts.choices import Side
from contracts.models import Contract, GradeView, MonthlyReturn
from contracts.queries.built_once import Given, Prepared, naming
from contracts.queries.managed import ManagedContract, managed
from contracts.rules.grade_views import agreement_words, disagreement_words, grading_fault
from contracts.rules.jet import Jet, jet_of, scale_on
from contracts.rules.returns import month_end, not_expected_words

NAME_LENGTH: Final = 120
"""Characters of «who said so»."""


def views_of(contract_ids: Collection[int], month: datetime.date) -> dict[int, list[GradeView]]:
    """By contract, the views of its grade, the service manager's first; one query. Sight is the caller's."""
    found: dict[int, list[GradeView]] = {pk: [] for pk in contract_ids}
    rows = GradeView.objects.filter(contract__in=contract_ids, month=month).select_related("recorded_by")
    for row in rows.order_by("side"):
        found[row.contract_id].append(row)
    return found


VIEWS: Final = Prepared(
    lambda: naming(
        GradeView.objects.filter(
            contract_id=Given("contract", BigIntegerField()), month=Given("month", DateField())
        ).order_by("side"),
        "recorded_by",
    )
)


def views_of_contract(contract: Contract, month: datetime.date) -> list[GradeView]:
    """The same for one."""
    return VIEWS.rows(contract=contract.pk, month=month)


def disagreement(views: Iterable[GradeView], jet: Jet) -> str:
    """The sentence that stays beside a grade with which not all who were heard agree."""
    return disagreement_words(
        [(spoken(view.side), view.score) for view in views], jet if isinstance(jet, int) else None
    )


def spoken(side: str) -> str:
    """«service manager», as it stands within a sentence."""
    return Side(side).label.lower()


@dataclass(frozen=True)
class SideLine:
    """One side: what it said, or that it has not been heard."""

    side: Side
    view: GradeView | None
    jet: Jet
    month: datetime.date

    @property
    def score_words(self) -> str:
        """«4 Satisfactory»; empty where nothing was said."""
        if self.view is None:
            return ""
        return f"{self.view.score} {scale_on(month_end(self.month)).row(self.view.score).descriptor}"

    @property
    def agreement(self) -> str:
        grade = self.jet if isinstance(self.jet, int) else None
        return agreement_words(self.view.score, grade) if self.view else ""

    @property
    def differs(self) -> bool:
        return self.agreement not in ("", "Agrees")

    @property
    def noted_by(self) -> str:
        """Who wrote it down, where that is another than who said it."""
        if self.view is None or self.view.recorded_by is None or is_own_statement(self.view):
            return ""
        return self.view.recorded_by.name


def is_own_statement(view: GradeView) -> bool:
    """Whether the side itself put it on record: its own name comes first, whoever it stands in for."""
    return view.recorded_by is not None and view.stated_by.startswith(view.recorded_by.name[:NAME_LENGTH])


def side_lines(views: Iterable[GradeView], *, jet: Jet, month: datetime.date) -> list[SideLine]:
    """Both sides, heard or not."""
    by_side = {view.side: view for view in views}
    return [SideLine(side=side, view=by_side.get(side), jet=jet, month=month) for side in Side]


@dataclass(frozen=True)
class GradeMonth:
    """A contract's month as those see it who may say, or write down, what they think of its grade.

    ``own`` is the side for which the person speaks; whoever manages the contract writes down what any side said.
    """

    managed: ManagedContract
    month: datetime.date
    own: Side | None

    @property
    def contract(self) -> Contract:
        return self.managed.contract

    def is_open_to(self, scope: Scope, permission: Permission) -> bool:
        """To whoever manages the contract, and to the contact of its provider."""
        if not self.contract.is_open_to(scope, permission):
            return False
        return self.may_record(scope) or self.contract.is_open_to(scope, Permission.SPEAK_FOR_PROVIDER)

    def may_record(self, scope: Scope) -> bool:
        return self.managed.is_open_to(scope, Permission.RETURN_CONTRACTS)

    def sides(self, scope: Scope) -> list[Side]:
        """The provider's contact speaks for the supplier, and reads nothing of the other side."""
        return list(Side) if self.may_record(scope) else [Side.SUPPLIER]


def grade_month(user: Any, contract: Contract, month: datetime.date) -> GradeMonth:
    return GradeMonth(managed=managed(user, contract), month=month, own=side_of(user, contract))


def side_of(user: Any, contract: Contract) -> Side | None:
    """The side for which the person speaks: the contract's service manager or a stand-in, or the provider's contact."""
    scope = scope_of(user)
    if contract.service_manager_id in {user.pk, *scope.stands_in_for}:
        return Side.SERVICE_MANAGER
    return Side.SUPPLIER if contract.is_open_to(scope, Permission.SPEAK_FOR_PROVIDER) else None


def nothing_to_grade(contract: Contract, month: datetime.date) -> str:
    """Why the contract has no grade to speak of in a month; empty where it has.

    A month for which nothing is asked may have been returned all the same, and is graded then. The contract comes with
    its unit; a query only where nothing is asked.
    """
    fault = grading_fault(month, start=contract.start, effective_end=contract.effective_end, today=clock.today())
    if fault or contract.expects_return(month) or grade_given(contract, month):
        return fault
    return not_expected_words(month)


def grade_given(contract: Contract, month: datetime.date) -> MonthlyReturn | None:
    """The month's return, once it counts."""
    return MonthlyReturn.objects.that_count().filter(contract=contract, month=month).first()


def jet_given(row: MonthlyReturn | None) -> Jet:
    return jet_of(row.jet_score, not_assessed=bool(row.not_assessed_reason)) if row else None


def absent_of(side: Side, contract: Contract, by: User) -> User | None:
    """For whom a stand-in speaks."""
    is_stand_in = side == Side.SERVICE_MANAGER and contract.service_manager_id in scope_of(by).stands_in_for
    return contract.service_manager if is_stand_in else None
