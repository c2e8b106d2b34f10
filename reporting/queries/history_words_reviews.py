"""What an event of a service review, its parts or a document says in words."""

import datetime
from typing import Any, Final

from commissioning.rules import long_date
from contracts.choices import ElementState, Horizon, ReviewElementKind, Sourcing
from contracts.rules.service_review import PlannedLength
from reporting.queries.history_words import Names, Values, Wording


def day(value: Any, names: Names) -> str:
    return long_date(datetime.date.fromisoformat(str(value)[:10])) if value else "not known"


REVIEW_FIELDS: Final = (
    "title",
    "service_area_id",
    "why",
    "lead_id",
    "opened_on",
    "ends_on",
    "is_on_forward_plan",
    "planned_months",
    "planned_options",
    "sourcing",
    "decided_on",
    "decision_words",
)
CONTRACT_FIELDS: Final = ("review__title", "contract__reference")
ELEMENT_FIELDS: Final = ("review__title", "kind", "state", "on", "words")
OPTION_FIELDS: Final = ("review__title", "title", "horizon", "is_recommended", "benefits", "disbenefits")
DOCUMENT_FIELDS: Final = ("title", "file_name", "is_shared_with_provider")

_DETAILS: Final[tuple[tuple[str, str, Wording], ...]] = (
    ("title", "Service", lambda value, names: str(value)),
    ("service_area_id", "Service area", lambda value, names: names.area(value)),
    ("lead_id", "Lead", lambda value, names: names.person(value)),
    ("opened_on", "Begun", day),
    ("ends_on", "Service ends", day),
    ("is_on_forward_plan", "On the forward plan", lambda value, names: "yes" if value else "no"),
)


def review_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"Review of {now['title']}"
    if was is None or label == "insert":
        return [f"{head}, begun on {day(now['opened_on'], names)}"]
    changed = [
        f"{name}: {wording(was[key], names)} to {wording(now[key], names)}"
        for key, name, wording in _DETAILS
        if now[key] != was[key]
    ]
    if _length(now) != _length(was):
        changed.append(f"Planned length: {_length(was)} to {_length(now)}")
    if now["why"] != was["why"]:
        changed.append("Why it is reviewed: changed")
    return [f"{head}: {line}" for line in (*changed, *_decision(now, was, names))]


def _length(values: Values) -> str:
    if values["planned_months"] is None:
        return "none"
    return PlannedLength(values["planned_months"], tuple(values["planned_options"])).words


def _decision(now: Values, was: Values, names: Names) -> list[str]:
    if now["decided_on"] and not was["decided_on"]:
        sourcing = Sourcing(now["sourcing"]).label.lower()
        return [f"decided on {day(now['decided_on'], names)}: {sourcing}. “{now['decision_words']}”"]
    if was["decided_on"] and not now["decided_on"]:
        return [f"the decision of {day(was['decided_on'], names)} taken back"]
    return []


def reviewed_contract_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"Review of {now['review__title']}: contract {now['contract__reference'] or 'removed'}"
    return {"insert": [f"{head} added"], "delete": [f"{head} taken off"]}.get(label, [])


def element_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """Nothing of the five that a new review begins with: its own line says that it was opened."""
    if was is None or label == "insert":
        return []
    head = f"Review of {now['review__title']}: {ReviewElementKind(now['kind']).label.lower()}"
    changed = []
    if now["state"] != was["state"]:
        changed.append(f"{_state(was)} to {_state(now)}")
    if now["on"] != was["on"]:
        changed.append(f"planned or done on {day(now['on'], names)}")
    if now["words"] != was["words"] and now["words"]:
        changed.append(f"“{now['words']}”")
    return [f"{head}, {', '.join(changed)}"] if changed else [f"{head} changed"]


def _state(values: Values) -> str:
    return ElementState(values["state"]).label.lower()


def review_option_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    horizon = Horizon(now["horizon"]).label.lower()
    head = f"Review of {now['review__title']}: {horizon} option “{now['title']}”"
    if label == "delete":
        return [f"{head} removed"]
    if was is None or label == "insert":
        return [f"{head} added{', recommended' if now['is_recommended'] else ''}"]
    if now["is_recommended"] != was["is_recommended"]:
        return [f"{head} {'is now' if now['is_recommended'] else 'is no longer'} recommended"]
    return [f"{head} changed"] if now != was else []


def document_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"Document “{now['title']}” ({now['file_name']})"
    shared = ", shared with the provider" if now["is_shared_with_provider"] else ""
    return {"insert": [f"{head} added{shared}"], "delete": [f"{head} removed"]}.get(label, [])
