"""What history says of the events in a contract's life, of duties, and of the law behind them."""

from contracts.choices import LifeEventKind
from reporting.queries.history_words import Names, Values, day_words, pounds_words


def life_event_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """Both figures of what moved and the ground; where nothing moved, «Recommissioned on 3 November 2014»."""
    head = f"{LifeEventKind(now['kind']).label} on {day_words(now['on'], names)}"
    if label == "delete":
        return [f"{head}: taken off the record"]
    pairs = (
        ("Ends", now["end_before"], now["end_after"], day_words),
        ("Yearly value", now["annual_before"], now["annual_after"], pounds_words),
        ("Whole-life value", now["whole_life_before"], now["whole_life_after"], pounds_words),
        ("Provider", now["from_provider_id"], now["to_provider_id"], lambda pk, names: names.organisation(pk)),
    )
    moved = [
        f"{name}: {wording(before, names)} to {wording(after, names)}"
        for name, before, after, wording in pairs
        if before != after
    ]
    ground = [f"Ground: {now['ground_words']}"] if now["ground_words"] else []
    return [*moved, *ground] or [head]


def duty_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"Duty: {now['title']}"
    if label == "delete":
        return [f"{head}, taken off the list"]
    if was is None or label == "insert":
        due = f", due {day_words(now['due_on'], names)}" if now["due_on"] else ""
        return [f"{head}{due}"]
    return [f"{head}{change}" for change in _changes(now, was, names)]


def _changes(now: Values, was: Values, names: Names) -> list[str]:
    if now["done_on"] != was["done_on"]:
        number = f", number {now['reference']}" if now["reference"] else ""
        return [f", done on {day_words(now['done_on'], names)}{number}" if now["done_on"] else ", open again"]
    if now["not_needed_because"] != was["not_needed_because"]:
        because = now["not_needed_because"]
        return [f", not needed: “{because}”" if because else ", open again"]
    if now["reference"] != was["reference"]:
        return [f", number {now['reference'] or 'none'}"]
    return [f", now due {day_words(now['due_on'], names)}"] if now["due_on"] != was["due_on"] else []
