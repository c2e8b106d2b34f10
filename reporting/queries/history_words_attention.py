"""What an event of attention's history says in words: the unit's table, and contracts looked at otherwise."""

import datetime
from decimal import Decimal
from typing import Final

from commissioning.rules import long_date
from contracts.rules.attention import AttentionRow, attention_words
from reporting.queries.history_words import Names, Values

ROW_FIELDS: Final = ("position", "value_from", "risk", "monitoring", "meetings")
OVERRIDE_FIELDS: Final = ("monitoring", "meetings", "look_again_on", "ended_on")


def table_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """«Row 2: worth £100,000 a year or more, whatever its risk: looked at every quarter; board meets …»"""
    head, after = f"Row {now['position']}", _row_words(now)
    if label == "delete":
        return [f"{head} removed: {after}"]
    if was is None or label == "insert":
        return [f"{head}: {after}"]
    before = _row_words(was)
    return [f"{head}: {before} to {after}"] if before != after else []


def _row_words(values: Values) -> str:
    row = AttentionRow(Decimal(str(values["value_from"])), values["risk"], values["monitoring"], values["meetings"])
    return f"{row.words[0].lower()}{row.words[1:]}, {attention_words(row.monitoring, row.meetings)}"


def override_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    said = attention_words(now["monitoring"], now["meetings"])
    if now["ended_on"]:
        return [f"No longer {said}"]
    day = long_date(datetime.date.fromisoformat(str(now["look_again_on"])[:10]))
    return [f"{said[0].upper()}{said[1:]}. To be looked at again on {day}"]
