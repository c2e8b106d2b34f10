"""Forms of the unit's table of attention, and of one contract looked at otherwise."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django import forms
from django.forms.boundfield import BoundField

from accounts.forms_renderer import LongDateField
from contracts.choices import MeetingPattern, MonitoringFrequency, Risk
from contracts.forms.contract import PoundsField
from contracts.forms.monthly_return import FormOfAService, LinesField
from contracts.rules.attention import AttentionRow
from contracts.services.attention import MOST_ROWS

PARTS: Final = ("value_from", "risk", "monitoring", "meetings")
RISKS: Final = [("", "Any risk"), *Risk.choices]


class RowFields(NamedTuple):
    number: int
    value_from: BoundField
    risk: BoundField
    monitoring: BoundField
    meetings: BoundField


class TableForm(FormOfAService):
    """As many rows as were shown or asked for; which there are, «rows» says."""

    rows = forms.IntegerField(min_value=0, max_value=MOST_ROWS, widget=forms.HiddenInput)
    stands = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, count: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.count = count
        for number in range(1, count + 1):
            self.fields[f"value_from_{number}"] = PoundsField(label=f"Row {number}: worth a year at least")
            self.fields[f"value_from_{number}"].required = True
            self.fields[f"value_from_{number}"].error_messages["required"] = (
                f"Give the pounds a year of row {number}, 0 for any value."
            )
            self.fields[f"risk_{number}"] = forms.ChoiceField(label="Risk", choices=RISKS, required=False)
            self.fields[f"monitoring_{number}"] = forms.ChoiceField(
                label="Looked at", choices=MonitoringFrequency.choices
            )
            self.fields[f"meetings_{number}"] = forms.ChoiceField(label="Board meets", choices=MeetingPattern.choices)

    @property
    def table_rows(self) -> list[RowFields]:
        return [RowFields(number, *(self[f"{part}_{number}"] for part in PARTS)) for number in range(1, self.count + 1)]

    def table(self) -> list[AttentionRow]:
        data = self.cleaned_data
        return [AttentionRow(*(data[f"{part}_{number}"] for part in PARTS)) for number in range(1, self.count + 1)]


def rows_typed(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """What was typed of each row, as it was typed."""
    said = data.get("rows", "")
    count = min(int(said), MOST_ROWS) if said.isdecimal() and len(said) < 4 else 0
    return [{part: data.get(f"{part}_{number}", "") for part in PARTS} for number in range(1, count + 1)]


def rows_shown(table: Sequence[AttentionRow]) -> list[dict[str, str]]:
    return [
        {"value_from": _plain(row.value_from), "risk": row.risk, "monitoring": row.monitoring, "meetings": row.meetings}
        for row in table
    ]


def _plain(amount: Decimal) -> str:
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def initial_of(rows: Sequence[Mapping[str, str]], *, stands: str) -> dict[str, Any]:
    numbered = {f"{part}_{number}": row[part] for number, row in enumerate(rows, start=1) for part in PARTS}
    return numbered | {"rows": len(rows), "stands": stands}


class OverrideForm(FormOfAService):
    monitoring = forms.ChoiceField(
        label="Looked at",
        choices=MonitoringFrequency.choices,
        widget=forms.RadioSelect,
        help_text="Risk and JET are returned every month all the same.",
        error_messages={"required": "Choose how often the contract is looked at."},
    )
    meetings = forms.ChoiceField(
        label="Board meets",
        choices=MeetingPattern.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often the board meets."},
    )
    reason = LinesField(
        label="Why it is looked at otherwise than the rules say",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why this contract is looked at otherwise."},
    )
    look_again_on = LongDateField(
        label="Look at this again on", error_messages={"required": "Give the day on which this is looked at again."}
    )
    stands = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ByRulesForm(FormOfAService):
    stands = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
