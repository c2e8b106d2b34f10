"""Overdue steps of improvement plans on the dashboard, longest overdue first."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, Window
from django.db.models.functions import DenseRank

from commissioning.models import CommissioningUnit
from contracts.queries.overdue_steps import OverdueStep, overdue_on
from contracts.templatetags.marks import shortdate
from reporting.queries.links import contract_url
from reporting.queries.month import ReturnMonth
from reporting.queries.register_links import register_url

STEPS_SHOWN: Final = 6
SHOWN: Final = ("text", "owner", "due_on", "plan_id", "contract__title", "contract__slug", "contract__unit__code")


@dataclass(frozen=True)
class StepRow:
    text: str
    url: str
    title: str
    contract_url: str
    owner: str
    due: str
    late: str


@dataclass(frozen=True)
class OverdueSteps:
    rows: list[StepRow]
    total: int
    contracts: int
    all_url: str

    @property
    def words(self) -> str:
        """How many are shown of how many."""
        if self.total > len(self.rows):
            return f"{len(self.rows)} of {self.total:,} shown, longest overdue first"
        return "Longest overdue first"


def overdue_in(user: Any, month: ReturnMonth, *, unit: CommissioningUnit | None) -> OverdueSteps:
    """In sight, and overdue on the day of the page; one query. Only today's have a list in the register."""
    found = overdue_on(user, month.as_at)
    if unit is not None:
        found = found.filter(contract__unit=unit)
    # a window may not count distinct values: the two ranks of any row, from either end, add up to one more
    contract = F("contract_id")
    ranked = found.annotate(
        total=Window(Count("pk")),
        contracts=Window(DenseRank(), order_by=contract.asc()) + Window(DenseRank(), order_by=contract.desc()) - 1,
    )
    ordered = ranked.order_by("due_on", "contract__title", "position", "pk")
    shown = ordered.select_related("contract__unit").only(*SHOWN)[:STEPS_SHOWN]
    steps: list[Any] = list(shown)
    return OverdueSteps(
        rows=[_row(OverdueStep(step, month.as_at), unit) for step in steps],
        total=steps[0].total if steps else 0,
        contracts=steps[0].contracts if steps else 0,
        all_url=register_url(month, steps="overdue") if month.is_latest else "",
    )


def _row(overdue: OverdueStep, unit: CommissioningUnit | None) -> StepRow:
    step = overdue.step
    return StepRow(
        text=step.text,
        url=overdue.plan_url,
        title=step.contract.title,
        contract_url=contract_url(step.contract.slug, step.contract.unit.code if unit is None else ""),
        owner=step.owner,
        due=shortdate(step.due_on),
        late=overdue.words,
    )
