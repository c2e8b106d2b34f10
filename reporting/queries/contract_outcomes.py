"""The outcomes of a contract on its page: agreed, and after them what its provider proposes."""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.models import Contract, Outcome
from contracts.queries.outcomes import OutcomeRow, Outcomes, rows_of


@dataclass(frozen=True)
class ContractOutcomes:
    """``may_manage`` and ``may_propose`` say which links the person is shown."""

    contract: Contract
    outcomes: Outcomes
    may_manage: bool
    may_propose: bool

    @property
    def rows(self) -> list[OutcomeRow]:
        return self.outcomes.standing

    @property
    def count_words(self) -> str:
        return self.outcomes.count_words if self.rows else ""

    @property
    def all_url(self) -> str:
        return self.contract.address_in_unit("outcomes")

    @property
    def add(self) -> tuple[str, str]:
        """(words, address) for who may add or propose one; empty for others."""
        if not (self.may_manage or self.may_propose):
            return "", ""
        return "Add an outcome" if self.may_manage else "Propose an outcome", self.contract.address_in_unit(
            "outcome_add"
        )


def contract_outcomes(
    contract: Contract, outcomes: Iterable[Outcome], *, may_manage: bool, may_propose: bool
) -> ContractOutcomes:
    return ContractOutcomes(contract, rows_of(outcomes), may_manage, may_propose)
