"""The outcomes of a contract in words: agreed, proposed by its provider, declined."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import BigIntegerField

from contracts.choices import OutcomeEffect, OutcomeState, OutcomeTerm
from contracts.models import Contract, Outcome
from contracts.queries.built_once import Given, Prepared, naming


@dataclass(frozen=True)
class OutcomeRow:
    outcome: Outcome

    @property
    def kind_words(self) -> str:
        """«Short term, intended, positive»"""
        intended = "intended" if self.outcome.is_intended else "unintended"
        effect = str(OutcomeEffect(self.outcome.effect).label).lower()
        return f"{OutcomeTerm(self.outcome.term).label}, {intended}, {effect}"

    @property
    def is_proposed(self) -> bool:
        return self.outcome.state == OutcomeState.PROPOSED

    @property
    def state_words(self) -> str:
        return str(OutcomeState(self.outcome.state).label)


@dataclass(frozen=True)
class Outcomes:
    rows: tuple[OutcomeRow, ...]

    def in_state(self, state: str) -> list[OutcomeRow]:
        return [row for row in self.rows if row.outcome.state == state]

    @property
    def agreed(self) -> list[OutcomeRow]:
        return self.in_state(OutcomeState.AGREED)

    @property
    def proposed(self) -> list[OutcomeRow]:
        return self.in_state(OutcomeState.PROPOSED)

    @property
    def declined(self) -> list[OutcomeRow]:
        return self.in_state(OutcomeState.DECLINED)

    @property
    def standing(self) -> list[OutcomeRow]:
        """Agreed, and after them what waits to be."""
        return [*self.agreed, *self.proposed]

    @property
    def count_words(self) -> str:
        """«3 agreed, 1 proposed by the provider»"""
        waiting = f", {len(self.proposed)} proposed by the provider" if self.proposed else ""
        return f"{len(self.agreed)} agreed{waiting}"


OUTCOMES: Final = Prepared(
    lambda: naming(
        Outcome.objects.filter(contract_id=Given("contract", BigIntegerField())), "proposed_by", "decided_by"
    )
)


def outcomes_of(contract: Contract) -> Outcomes:
    """In one query."""
    return rows_of(OUTCOMES.rows(contract=contract.pk))


def rows_of(outcomes: Iterable[Outcome]) -> Outcomes:
    return Outcomes(tuple(OutcomeRow(outcome) for outcome in outcomes))
