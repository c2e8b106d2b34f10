"""What an event of a board's history says in words."""

import datetime

from commissioning.rules import long_date
from governance.choices import MeetingKind, MeetingState, Presence, SeatFor
from reporting.queries.history_words import Names, Values


def board_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    if label == "insert" or was is None:
        return [f"{now['name']}, open since {_day(now['opened_on'])}"]
    return [f"Board: {was['name']} to {now['name']}"] if now["name"] != was["name"] else []


def seat_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    body = f", {names.organisation(now['organisation_id'])}" if now["organisation_id"] else ""
    who = f"{now['name']} ({SeatFor(now['sits_for']).label.lower()}{body})"
    if label == "insert" or was is None:
        chairs = ", as its chair" if now["is_chair"] else ""
        return [f"{who} sits on the board from {_day(now['since'])}{chairs}"]
    return [f"{who} left on {_day(now['until'])}"] if now["until"] != was["until"] else []


def meeting_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"{MeetingKind(now['kind']).label}, {_day(now['on'])}"
    if label == "insert" or was is None:
        return [f"{head}{_about(now)}"]
    if now["state"] != was["state"]:
        return [f"{head}: {MeetingState(now['state']).label.lower()}"]
    words = []
    if now["on"] != was["on"]:
        words.append(f"{head}: moved from {_day(was['on'])}")
    if now["purpose"] != was["purpose"]:
        words.append(f"{head}{_about(now)}")
    if now["notes"] != was["notes"]:
        words.append(f"{head}: notes changed")
    return words


def _about(now: Values) -> str:
    return f": “{now['purpose']}”" if now["purpose"] else ""


def attendance_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    if label == "delete":
        return [f"{now['name']}: taken off the record"]
    said = Presence(now["presence"]).label.lower()
    after = f"{said}, {now['substitute']}" if now["substitute"] else said
    if label == "insert" or was is None:
        return [f"{now['name']}: {after}"]
    before = Presence(was["presence"]).label.lower()
    return [f"{now['name']}: {before} to {after}"] if now != was else []


def agreed_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    if now["done_on"] and (was is None or now["done_on"] != was["done_on"] or now["outcome"] != was["outcome"]):
        return [f"Action done on {_day(now['done_on'])}: “{now['text']}”. {now['outcome']}"]
    return [f"Action for {now['owner']}, due {_day(now['due_on'])}: “{now['text']}”"]


def _day(value: object) -> str:
    return long_date(datetime.date.fromisoformat(str(value)[:10]))
