"""Duties as pages show them: on one contract, and all that are due in the units where a person may see to them."""

import datetime
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page
from django.db.models import Count, F, Q

from accounts import clock
from accounts.permissions import Permission
from commissioning.models import CommissioningUnit
from commissioning.rules import long_date
from contracts.models import Contract, Duty
from contracts.queries.known_count import KnownCount

PAGE_SIZE: Final = 50
IS_OPEN: Final = Q(done_on=None, not_needed_because="")
#: The lists one may ask for, by the word in the address.
STATES: Final = {"overdue": "Overdue", "open": "Still to do", "done": "Done or not needed"}
_COLUMNS: Final = (
    *("title", "law", "note", "due_on", "done_on", "reference", "not_needed_because", "done_by__name"),
    *("contract__reference", "contract__slug", "contract__title", "contract__unit__code"),
)


@dataclass(frozen=True)
class DutyLine:
    """One duty, ready to be shown."""

    title: str
    law: str
    note: str
    due: str
    state: str
    is_late: bool
    is_open: bool
    detail: str
    url: str
    contract: str = ""
    contract_url: str = ""


def line_of(duty: Duty, contract: Contract, *, day: datetime.date) -> DutyLine:
    is_open = duty.done_on is None and not duty.not_needed_because
    late = (day - duty.due_on).days if is_open and duty.due_on is not None and duty.due_on < day else 0
    return DutyLine(
        title=duty.title,
        law=duty.law,
        note=duty.note,
        due=long_date(duty.due_on) if duty.due_on else "No day named",
        state=_state(duty, late),
        is_late=late > 0,
        is_open=is_open,
        detail=_detail(duty),
        url=contract.address_in_unit("duty", duty.pk),
        contract=f"{contract.reference} {contract.title}",
        contract_url=f"{contract.url_in_unit}#duties",
    )


def _state(duty: Duty, late: int) -> str:
    if duty.done_on is not None:
        return "Done"
    if duty.not_needed_because:
        return "Not needed"
    if late:
        return f"{late} {'day' if late == 1 else 'days'} late"
    return "To do"


def _detail(duty: Duty) -> str:
    if duty.done_on is not None:
        who = f" by {duty.done_by.name}" if duty.done_by else ""
        number = f". Number {duty.reference}" if duty.reference else ""
        return f"{long_date(duty.done_on)}{who}{number}"
    return duty.not_needed_because


@dataclass(frozen=True)
class DutiesPage:
    """Duties of the contracts a person may edit, by day; the counts are before the choice of a list."""

    state: str
    page: Page[Any]
    lines: list[DutyLine]
    choices: list[tuple[str, str, int]]


def duties_page(user: Any, *, unit: CommissioningUnit | None, state: str, page: str | int) -> DutiesPage:
    day = clock.today()
    mine = Duty.objects.visible_to(user, Permission.EDIT_CONTRACTS)
    if unit is not None:
        mine = mine.filter(contract__unit=unit)
    conditions = {"overdue": IS_OPEN & Q(due_on__lt=day), "open": IS_OPEN, "done": ~IS_OPEN}
    counts = mine.aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})
    chosen = state if state in STATES else ("overdue" if counts["overdue"] else "open")
    by_day = F("done_on").desc(nulls_last=True) if chosen == "done" else F("due_on").asc(nulls_last=True)
    wanted = mine.filter(conditions[chosen]).order_by(by_day, F("pk"))
    named = wanted.select_related("contract__unit", "done_by").only(*_COLUMNS)
    shown = KnownCount(counts[chosen], PAGE_SIZE).get_page(page)
    first = (shown.number - 1) * PAGE_SIZE
    lines = [line_of(duty, duty.contract, day=day) for duty in named[first : first + PAGE_SIZE]]
    choices = [(name, label, counts[name]) for name, label in STATES.items()]
    return DutiesPage(chosen, shown, lines, choices)
