"""How closely a contract is looked at, as its own page says it to commissioners."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html

from commissioning.rules import long_date
from contracts.choices import ContractStatus
from contracts.queries.attention import Attention, attention_of_one, board_overdue
from reporting.queries.contract_board import BoardSection
from reporting.queries.month import ReturnMonth

RUNNING = (ContractStatus.CURRENT, ContractStatus.NOTICE_GIVEN)


@dataclass(frozen=True)
class AttentionSection:
    """All empty where nothing is said of it."""

    managed: str = ""
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    overdue: str = ""


def attention_section(
    contract: Any, *, board: BoardSection, month: ReturnMonth, parts: dict[str, list[Any]], sees_all: bool
) -> AttentionSection:
    """Of a running contract, on the page of the month now being returned."""
    if not sees_all or not month.is_latest or contract.status_on(month.today) not in RUNNING:
        return AttentionSection()
    attention = attention_of_one(
        contract, risk=contract.risk, rules=parts["attention_table"], overrides=parts["attention_override"]
    )
    overdue = board_overdue(
        attention.meetings,
        board_opened_on=contract.board_opened_on,
        last_met=board.last_met,
        today=month.today,
    )
    return AttentionSection(managed=attention.words, facts=_decided(attention, month), overdue=overdue)


def _decided(attention: Attention, month: ReturnMonth) -> list[tuple[str, str, str]]:
    if attention.override is None:
        return [("Assumed", f"{attention.assumed}.", "")] if attention.assumed else []
    day = long_date(attention.override.look_again_on)
    again = (
        format_html('<span class="jc-late">Look at it again, due {}</span>', day)
        if attention.is_to_be_looked_at_again(month.today)
        else f"Look at it again on {day}"
    )
    return [("Otherwise than the rules", format_html("“{}” {}", attention.override.reason, again), "")]
