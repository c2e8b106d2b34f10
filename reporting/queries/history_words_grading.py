"""What the history says of the views of a grade, of the balanced scorecard and of the Procurement Act's ratings."""

import datetime
from collections.abc import Mapping
from typing import Any

from contracts.choices import ActRating, Perspective, Side, Standing

Values = Mapping[str, Any]


def _month(value: Any) -> str:
    return f"{datetime.date.fromisoformat(str(value)[:10]):%B %Y}"


def grade_view_words(label: str, now: Values, was: Values | None, names: Any) -> list[str]:
    """«October 2014: the supplier would give 6, said by R. Lowe», with what was said where it is new."""
    head = f"{_month(now['month'])}: the {Side(now['side']).label.lower()}"
    if label == "delete":
        return [f"{head}’s view removed"]
    before = f" instead of {was['score']}" if was and was["score"] != now["score"] else ""
    words = [f"{head} would give {now['score']}{before}, said by {now['stated_by']}"]
    is_new = was is None or was["comment"] != now["comment"]
    return [*words, f"“{now['comment']}”"] if now["comment"] and is_new else words


def scorecard_words(label: str, now: Values, was: Values | None, names: Any) -> list[str]:
    head = f"{_month(now['month'])}: {Perspective(now['perspective']).label.lower()}"
    if label == "delete":
        return [f"{head} no longer judged"]
    standing = Standing(now["standing"]).label.lower()
    if was and was["standing"] != now["standing"]:
        standing = f"{Standing(was['standing']).label.lower()} to {standing}"
    is_new = bool(now["words"]) and (was is None or was["words"] != now["words"])
    return [f"{head} {standing}", *([f"“{now['words']}”"] if is_new else [])]


def rating_words(label: str, now: Values, was: Values | None, names: Any) -> list[str]:
    head = f"{_month(now['from_month'])} to {_month(now['to_month'])}"
    if label == "delete":
        return [f"{head}: rating removed"]
    rating, proposed = ActRating(now["rating"]).label, ActRating(now["proposed"]).label
    return [f"{head}: {rating}" if rating == proposed else f"{head}: {rating}, proposed was {proposed}"]
