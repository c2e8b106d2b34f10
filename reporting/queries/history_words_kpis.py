"""What history says of KPIs, their targets and readings, and of outcomes."""

import datetime
from decimal import Decimal
from typing import Any, Final

from commissioning.rules import MONTH_NAMES
from contracts.choices import KpiDirection, KpiFrequency, KpiPlan, KpiUnit, OutcomeEffect, OutcomeState, OutcomeTerm
from contracts.choices import Reporter as ReportedBy
from contracts.rules.kpis import Target, target_words, value_words
from reporting.queries.history_words import Names, Values

KPI_FIELDS: Final = (
    "name",
    "unit",
    "direction",
    "frequency",
    "reported_by",
    "first_month",
    "last_month",
    "is_published",
    "definition",
    "position",
)
#: What tells a figure's KPI: as it is called and measured now.
OF_KPI: Final = ("kpi__name", "kpi__unit", "kpi__direction", "kpi__decimals")
TARGET_FIELDS: Final = ("from_month", "target", "upper", "tolerance", *OF_KPI)
READING_FIELDS: Final = ("month", "value", "nothing_to_count", "plan", "note", *OF_KPI)
OUTCOME_FIELDS: Final = ("statement", "term", "is_intended", "effect", "measured_by", "difference_made", "state")


def _label(choices: Any) -> Any:
    labels = dict(choices.choices)
    return lambda value: str(labels.get(value, "none"))


def _month(value: Any) -> str:
    if not value:
        return "none"
    month = datetime.date.fromisoformat(str(value)[:10])
    return f"{MONTH_NAMES[month.month - 1]} {month.year}"


#: (field, what it is called, how its value reads)
_KPI_CHANGES: Final = (
    ("name", "KPI", str),
    ("unit", "Measured in", _label(KpiUnit)),
    ("direction", "Met when", _label(KpiDirection)),
    ("frequency", "How often", _label(KpiFrequency)),
    ("reported_by", "Reported by", _label(ReportedBy)),
    ("first_month", "Measured from", _month),
    ("is_published", "Published", lambda value: "yes" if value else "no"),
)


def kpi_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """«KPI “Seen in 6 weeks”: How often: every month to every quarter»"""
    head = f"KPI “{now['name']}”"
    if label == "delete":
        return [f"{head} removed"]
    if label == "insert" or was is None:
        return [f"{head}, {_label(KpiFrequency)(now['frequency']).lower()} from {_month(now['first_month'])}"]
    if now["last_month"] != was["last_month"]:
        return [f"{head}: closed with {_month(now['last_month'])}" if now["last_month"] else f"{head}: open again"]
    changes = [
        f"{head}: {name.lower() if key != 'name' else 'was'} {_changed(reads, was[key], now[key], key)}"
        for key, name, reads in _KPI_CHANGES
        if now[key] != was[key]
    ]
    if now["definition"] != was["definition"]:
        changes.append(f"{head}: how it is counted changed")
    if now["position"] != was["position"]:
        changes.append(f"{head}: place {was['position']} to {now['position']}")
    return changes


def _changed(reads: Any, was: Any, now: Any, key: str) -> str:
    return f"“{was}”" if key == "name" else f"{reads(was)} to {reads(now)}"


def _figure(now: Values, value: Any) -> str:
    known = None if value is None else Decimal(str(value))
    return value_words(known, unit=now["kpi__unit"] or KpiUnit.NUMBER, decimals=now["kpi__decimals"] or 0)


def _head(now: Values) -> str:
    return f"“{now['kpi__name']}”" if now["kpi__name"] else "A KPI removed"


def target_event_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """«“Seen in 6 weeks”: target ≥ 95% from October 2014»"""
    head = f"{_head(now)}: target"
    if label == "delete":
        return [f"{head} from {_month(now['from_month'])} removed"]
    words = f"{head} {_target(now)} from {_month(now['from_month'])}"
    tolerance = f", tolerance {_figure(now, now['tolerance'])}" if Decimal(str(now["tolerance"])) else ""
    before = f", was {_target(was)}" if was is not None and _target(was) != _target(now) else ""
    return [f"{words}{tolerance}{before}"]


def _target(values: Values) -> str:
    upper = values["upper"]
    rule = Target(
        from_month=datetime.date.fromisoformat(str(values["from_month"])[:10]),
        target=Decimal(str(values["target"])),
        upper=None if upper is None else Decimal(str(upper)),
    )
    return target_words(
        rule,
        direction=values["kpi__direction"] or KpiDirection.BETWEEN,
        unit=values["kpi__unit"] or KpiUnit.NUMBER,
        decimals=values["kpi__decimals"] or 0,
    )


def reading_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """«“Seen in 6 weeks”, October 2014: 89% to 92%, plan in place. “Two posts filled”»"""
    head = f"{_head(now)}, {_month(now['month'])}"
    if label == "delete":
        return [f"{head}: reading taken out, was {_reading(now)}"]
    figure = _reading(now)
    if was is not None and _reading(was) != figure:
        figure = f"{_reading(was)} to {figure}"
    plan = f", {_label(KpiPlan)(now['plan']).lower()}" if now["plan"] else ""
    is_new = now["note"] and (was is None or was["note"] != now["note"])
    return [f"{head}: {figure}{plan}" + (f". “{now['note']}”" if is_new else "")]


def _reading(values: Values) -> str:
    return "nothing to count" if values["nothing_to_count"] else _figure(values, values["value"])


def outcome_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"Outcome “{now['statement']}”"
    if label == "delete":
        return [f"{head} removed"]
    if label == "insert" or was is None:
        return [f"{head}: {_kind(now)}"]
    changes = []
    if now["statement"] != was["statement"]:
        changes.append(f"{head}: was “{was['statement']}”")
    if now["state"] != was["state"]:
        changes.append(f"{head}: {_label(OutcomeState)(now['state']).lower()}")
    if _kind(now) != _kind(was):
        changes.append(f"{head}: {_kind(was)} to {_kind(now)}")
    if now["measured_by"] != was["measured_by"]:
        changes.append(f"{head}: measured by “{now['measured_by'] or 'nothing yet'}”")
    if now["difference_made"] != was["difference_made"]:
        changes.append(f"{head}: difference made “{now['difference_made'] or 'none said'}”")
    return changes


def _kind(values: Values) -> str:
    """«short term, intended, positive»"""
    intended = "intended" if values["is_intended"] else "unintended"
    return f"{_label(OutcomeTerm)(values['term'])}, {intended}, {_label(OutcomeEffect)(values['effect'])}".lower()
