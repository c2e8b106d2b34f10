"""What an event of history says in words: only what a person cares about, and never a bare code or number."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from accounts.permissions import Role
from commissioning.choices import PartnerLevel
from commissioning.rules import MONTH_NAMES, long_date
from contracts.choices import (
    Management,
    NoticeGivenBy,
    NoticeKind,
    ProcurementRegime,
    ProcurementRoute,
    ReturnState,
    Risk,
)
from contracts.templatetags.marks import pounds

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """The names behind the ids that events keep; one that is gone is said to be."""

    people: Mapping[int, str] = field(default_factory=dict)
    organisations: Mapping[int, str] = field(default_factory=dict)
    areas: Mapping[int, str] = field(default_factory=dict)

    def person(self, pk: int | None) -> str:
        return self.people.get(pk, "somebody removed") if pk else "nobody"

    def organisation(self, pk: int | None) -> str:
        return self.organisations.get(pk, "an organisation removed") if pk else "none"

    def area(self, pk: int | None) -> str:
        return self.areas.get(pk, "an area removed") if pk else "none"


Wording = Callable[[Any, Names], str]


def text_words(value: Any, names: Names) -> str:
    return str(value) if value not in (None, "") else "none"


def day_words(value: Any, names: Names) -> str:
    return long_date(datetime.date.fromisoformat(str(value)[:10])) if value else "not known"


def pounds_words(value: Any, names: Names) -> str:
    return pounds(Decimal(str(value))) if value is not None else "not known"


def _months(value: Any, names: Names) -> str:
    return "not known" if value is None else f"{value} month{'' if value == 1 else 's'}"


def choice_words(choices: Any) -> Wording:
    labels = dict(choices.choices)
    return lambda value, names: str(labels.get(value, "none"))


#: (field, what it is called, how its value reads) of a contract, in the order of the page.
CONTRACT_FIELDS: Final[tuple[tuple[str, str, Wording], ...]] = (
    ("reference", "Reference", text_words),
    ("title", "Title", text_words),
    ("service_area_id", "Service area", lambda value, names: names.area(value)),
    ("buyer_id", "Buyer", lambda value, names: names.organisation(value)),
    ("officer_id", "Contract officer", lambda value, names: names.person(value)),
    ("service_manager_id", "Service manager", lambda value, names: names.person(value)),
    ("management", "Managed", choice_words(Management)),
    ("procurement_regime", "Procurement", choice_words(ProcurementRegime)),
    ("procurement_route", "Route", choice_words(ProcurementRoute)),
    ("annual_value", "Yearly value", pounds_words),
    ("whole_life_value", "Whole-life value", pounds_words),
    ("start", "Starts", day_words),
    ("initial_end", "First term ends", day_words),
    ("notice_months", "Notice period", _months),
    ("decision_lead_days", "Days to decide before notice", text_words),
    ("notice_given_on", "Notice given on", day_words),
    ("notice_given_by", "Notice given by", choice_words(NoticeGivenBy)),
    ("notice_kind", "Kind of notice", choice_words(NoticeKind)),
    ("notice_ends_on", "Last day under the notice", day_words),
)


def contract_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    if label == "insert" or was is None:
        return [f"{now['reference']}, {now['title']}"] if label == "insert" else []
    changed = [
        f"{name}: {wording(was[key], names)} to {wording(now[key], names)}"
        for key, name, wording in CONTRACT_FIELDS
        if now[key] != was[key]
    ]
    return [*changed, *(["Description changed"] if now["description"] != was["description"] else [])]


def return_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """«October 2014: amber, JET 4 to 5», with the sentence the officer wrote where it is new."""
    head = _month_of(now)
    if label == "delete":
        return [f"{head}: return removed"]
    if now["state"] == ReturnState.DRAFT:
        return [f"{head}: draft"]
    risk, jet = _risk(now, was), _jet(now, was)
    words = [f"{head}: {risk}, {jet}"]
    for key, lead in (("narrative", ""), ("kpi_reason", "Why the score stands against the KPIs: ")):
        is_new = was is None or now[key] != was[key] or now["state"] == ReturnState.SUBMITTED
        words += [f"{lead}“{now[key]}”"] if now[key] and is_new else []
    return words


def _risk(now: Values, was: Values | None) -> str:
    before = was["risk"] if was else ""
    if before and before != now["risk"]:
        return f"{Risk(before).label.lower()} to {Risk(now['risk']).label.lower()}"
    return Risk(now["risk"]).label.lower()


def _jet(now: Values, was: Values | None) -> str:
    after = _score(now)
    before = _score(was) if was and was["risk"] else after
    return f"JET {after}" if before == after else f"JET {before} to {after}"


def _score(values: Values) -> str:
    return str(values["jet_score"] or "not assessed")


def provider_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    name = names.organisation(now["organisation_id"])
    return {"insert": [f"Provider added: {name}"], "delete": [f"Provider removed: {name}"]}.get(label, [])


def deputy_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    name = names.person(now["user_id"])
    return {"insert": [f"Deputy added: {name}"], "delete": [f"Deputy removed: {name}"]}.get(label, [])


def funding_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"Share of {names.organisation(now['organisation_id'])}"
    if label == "delete":
        return [f"{head} removed"]
    annual, whole_life = (pounds_words(now[key], names) for key in ("annual_amount", "whole_life_amount"))
    amount = f"{annual} a year, {whole_life} whole life"
    if was is None or label == "insert":
        return [f"{head}: {amount}"]
    return [f"{head}: {pounds_words(was['annual_amount'], names)} a year to {amount}"] if now != was else []


def option_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = "Extension outside the options" if now["is_outside"] else f"Option {now['position']}"
    if label == "delete":
        return [f"{head} removed"]
    if now["exercised_on"] and (was is None or not was["exercised_on"]):
        used = now["months"] if now["used_months"] is None else now["used_months"]
        part = f" of {_months(now['months'], names)}" if used < now["months"] else ""
        return [f"{head} used: {_months(used, names)}{part} more, decided on {day_words(now['exercised_on'], names)}"]
    if was is None or label == "insert":
        return [f"{head}: {_months(now['months'], names)}"]
    if now["months"] != was["months"]:
        return [f"{head}: {_months(was['months'], names)} to {_months(now['months'], names)}"]
    return []


def restriction_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    if label == "insert":
        return [f"To be reviewed by {day_words(now['review_on'], names)}"]
    if was is not None and now["review_on"] != was["review_on"]:
        return [f"Review moved from {day_words(was['review_on'], names)} to {day_words(now['review_on'], names)}"]
    return []


def named_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    name = names.organisation(now["organisation_id"])
    return {"insert": [f"Open to {name}"], "delete": [f"No longer open to {name}"]}.get(label, [])


def partner_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    name, level = names.organisation(now["organisation_id"]), choice_words(PartnerLevel)
    if label == "insert" or was is None:
        return [f"{name}: {level(now['level'], names).lower()} from {day_words(now['joined_on'], names)}"]
    words = []
    if now["level"] != was["level"]:
        words.append(f"{name}: {level(was['level'], names).lower()} to {level(now['level'], names).lower()}")
    if now["left_on"] and now["left_on"] != was["left_on"]:
        words.append(f"{name}: left on {day_words(now['left_on'], names)}")
    return words


def membership_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    role = f"{names.person(now['user_id'])}: {Role(now['role']).label.lower()} of "
    role += names.organisation(now["organisation_id"])
    until = f" to {day_words(now['until'], names)}" if now["until"] else ""
    if label == "delete":
        return [f"{role}, taken off the record"]
    if label == "insert" or was is None:
        return [f"{role}, from {day_words(now['since'], names)}{until}"]
    return [f"{role}, now{until or ' without an end'}"] if now["until"] != was["until"] else []


def action_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """What the monthly review asked of a provider."""
    if label == "delete":
        return [f"Action removed: “{now['text']}”"]
    if now["done_at"] and (was is None or not was["done_at"]):
        return [f"Action done: “{now['text']}”"]
    due = f", due {day_words(now['due_on'], names)}" if now["due_on"] else ""
    return [f"Action for {now['owner']}{due}: “{now['text']}”"]


def month_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """Of a unit's review of a month: held, and closed."""
    head = _month_of(now)
    if now["closed_at"] and (was is None or not was["closed_at"]):
        note = [f"“{now['closing_note']}”"] if now["closing_note"] else []
        return [f"{head}: closed", *note]
    held = f", held on {day_words(now['held_on'], names)}" if now["held_on"] else ""
    return [f"{head}: record of the review{held}"]


#: What each rule of concern is called.
_RULES: Final = (
    ("red", "Red"),
    ("jet_at_most", "JET at or below"),
    ("jet_fall_at_least", "JET down by at least"),
    ("months_without_return", "Months without a return"),
    ("amber_months", "Months at amber"),
    ("contradicts_kpis", "Graded other than the KPIs bear out"),
    ("disagreement_at_least", "Service manager or supplier away by at least"),
    ("steps_overdue", "Overdue steps of improvement plans"),
)


def rules_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    if was is None:
        return [f"{name}: {_switch(now[key])}" for key, name in _RULES]
    changed = [(key, name) for key, name in _RULES if now[key] != was[key]]
    return [f"{name}: {_switch(was[key])} to {_switch(now[key])}" for key, name in changed]


def _switch(value: Any) -> str:
    """A rule with no number is off, as one that says no."""
    if value is None or isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def stand_in_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"{names.person(now['stand_in_id'])} for {names.person(now['absent_id'])}"
    if now["ended_on"]:
        return [f"{head}, ended on {day_words(now['ended_on'], names)}"]
    return [f"{head}, {day_words(now['since'], names)} to {day_words(now['until'], names)}"]


def _month_of(now: Values) -> str:
    month = datetime.date.fromisoformat(str(now["month"])[:10])
    return f"{MONTH_NAMES[month.month - 1]} {month.year}"


def ids_in(kind: str, rows: Iterable[Values]) -> set[int]:
    """The ids of one kind («people», «organisations», «areas») that the rows name."""
    keys = {
        "people": ("officer_id", "service_manager_id", "user_id", "stand_in_id", "absent_id", "lead_id"),
        "organisations": ("organisation_id", "buyer_id", "from_provider_id", "to_provider_id"),
        "areas": ("service_area_id",),
    }[kind]
    return {row[key] for row in rows for key in keys if row.get(key)}
