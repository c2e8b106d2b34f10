"""What an event of an improvement plan, a step or a private performance notice says in words."""

from typing import Any, Final

from contracts.choices import Concern, NoticeOutcome, StepState
from reporting.queries.history_words import Names, Values, Wording, choice_words, day_words, text_words

PLAN_FIELDS: Final[tuple[tuple[str, str, Wording], ...]] = (
    ("title", "Name", text_words),
    ("concern", "About", choice_words(Concern)),
    ("agreed_on", "Agreed on", day_words),
)
STEP_FIELDS: Final[tuple[tuple[str, str, Wording], ...]] = (
    ("text", "Step", text_words),
    ("owner", "Who sees to it", text_words),
    ("due_on", "Due", day_words),
    ("state", "State", choice_words(StepState)),
    ("done_on", "Done on", day_words),
)
NOTICE_FIELDS: Final[tuple[tuple[str, str, Wording], ...]] = (
    ("concern", "About", choice_words(Concern)),
    ("issued_on", "Issued on", day_words),
    ("meeting_by", "Meet by", day_words),
)


def plan_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"Improvement plan “{now['title']}”"
    if label == "delete":
        return [f"{head} removed"]
    if label == "insert" or was is None:
        return [f"{head}, agreed on {day_words(now['agreed_on'], names)}"]
    if now["closed_on"] and not was["closed_on"]:
        return [f"{head} closed on {day_words(now['closed_on'], names)}", f"“{now['closing_words']}”"]
    changed = _changes(PLAN_FIELDS, now, was, names)
    rewritten = ["What is wrong, and what good looks like: changed"] if now["words"] != was["words"] else []
    linked = [
        f"{words} {'set' if now[key] else 'taken away'}"
        for key, words in (("condition_of_id", "Condition of an extension"), ("answers_id", "Answer to a notice"))
        if now[key] != was[key]
    ]
    return [head, *changed, *rewritten, *linked]


def step_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    head = f"Step “{now['text']}”"
    if label == "delete":
        return [f"{head} removed"]
    if label == "insert" or was is None:
        return [f"{head}: {now['owner']}, due {day_words(now['due_on'], names)}"]
    return [head, *_changes(STEP_FIELDS, now, was, names), *_evidence_words(str(now["evidence"]), str(was["evidence"]))]


def _evidence_words(now: str, was: str) -> list[str]:
    """What was added, where nothing before it was touched."""
    if now == was:
        return []
    if now.startswith(was):
        return [f"Evidence: “{now.removeprefix(was).strip()}”"]
    return ["Evidence corrected"]


def notice_words(label: str, now: Values, was: Values | None, names: Names) -> list[str]:
    """Called private each time, as the public notice in law has the same name."""
    head = f"Private performance notice to the provider, {Concern(now['concern']).label.lower()}"
    if label == "delete":
        return [f"{head}: removed"]
    if label == "insert" or was is None:
        return [f"{head}: issued on {day_words(now['issued_on'], names)}", f"“{now['words']}”"]
    if now["closed_on"] and not was["closed_on"]:
        return [f"{head}: closed on {day_words(now['closed_on'], names)}", f"“{now['closing_words']}”"]
    if now["outcome"] != was["outcome"] or now["met_on"] != was["met_on"]:
        met = f"met on {day_words(now['met_on'], names)}" if now["met_on"] else "no meeting"
        return [f"{head}: {met}, {NoticeOutcome(now['outcome']).label.lower()}"]
    rewritten = ["What has failed: changed"] if now["words"] != was["words"] else []
    return [head, *_changes(NOTICE_FIELDS, now, was, names), *rewritten]


def _changes(fields: Any, now: Values, was: Values, names: Names) -> list[str]:
    return [
        f"{name}: {wording(was[key], names)} to {wording(now[key], names)}"
        for key, name, wording in fields
        if now[key] != was[key]
    ]
