"""The balanced scorecard of a contract's month: what is judged, what is proposed, what quality against cost says."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import BigIntegerField, DateField

from contracts.choices import Perspective, Standing
from contracts.models import Contract, ScorecardLine
from contracts.queries.built_once import Given, Prepared, naming
from contracts.rules.evidence import Evidence
from contracts.rules.scorecard import MEANINGS, proposed_performance, proposed_risk, value_for_money


@dataclass(frozen=True)
class Scorecard:
    """The lines of one contract and month by perspective; those not judged are missing."""

    lines: dict[str, ScorecardLine]

    @property
    def is_begun(self) -> bool:
        return bool(self.lines)

    @property
    def rows(self) -> list[tuple[Perspective, ScorecardLine | None]]:
        return [(perspective, self.lines.get(perspective)) for perspective in Perspective]

    @property
    def value_for_money(self) -> str:
        """The statement; empty until quality and cost are judged."""
        quality, cost = self.lines.get(Perspective.QUALITY), self.lines.get(Perspective.COST)
        return value_for_money(quality.standing if quality else None, cost.standing if cost else None)

    @property
    def summary(self) -> str:
        """«3 of 5 judged. Sound quality at a low cost: good value for money.»"""
        if not self.lines:
            return "Not begun."
        count = f"{len(self.lines)} of {len(Perspective)} judged."
        return f"{count} {self.value_for_money}".strip()

    @property
    def version(self) -> int:
        return version_of(self.lines.values())


def version_of(lines: Iterable[ScorecardLine]) -> int:
    """Of the whole: every save of a line counts."""
    return sum(line.version for line in lines)


SCORECARD_LINES: Final = Prepared(
    lambda: naming(
        ScorecardLine.objects.filter(
            contract_id=Given("contract", BigIntegerField()), month=Given("month", DateField())
        ),
        "saved_by",
    )
)


def scorecard_of(contract: Contract, month: datetime.date) -> Scorecard:
    """One query. Sight is the caller's."""
    return of_lines(SCORECARD_LINES.rows(contract=contract.pk, month=month))


def of_lines(lines: Iterable[ScorecardLine]) -> Scorecard:
    return Scorecard({line.perspective: line for line in lines})


@dataclass(frozen=True)
class Proposal:
    standing: Standing
    why: str


def proposals(evidence: Evidence, risk: str) -> dict[Perspective, Proposal]:
    """What the month's KPIs and its risk rating say by themselves; nothing is chosen by that."""
    found = {}
    if performance := proposed_performance(evidence):
        found[Perspective.PERFORMANCE] = Proposal(performance, f"KPIs: {evidence.words}")
    if of_risk := proposed_risk(risk):
        found[Perspective.RISK] = Proposal(of_risk, f"Risk is {risk}")
    return found


def meaning(perspective: Perspective, standing: Standing) -> str:
    return MEANINGS[perspective][standing]
