"""The address of a register, changed in one part and kept in the others."""

from typing import Any

from django.http import QueryDict


def changed(params: QueryDict, **parts: Any) -> str:
    """The query with these parts instead; an empty part is left out, and so is the page, as the list is another."""
    copy = params.copy()
    copy.pop("page", None)
    for name, value in parts.items():
        copy.pop(name, None)
        if isinstance(value, list):
            copy.setlist(name, value)
        elif value:
            copy[name] = value
    return copy.urlencode()


def pairs(params: QueryDict, *, without: tuple[str, ...]) -> list[tuple[str, str]]:
    """What a form sends along unseen, so that it loses nothing of the address."""
    return [(name, value) for name, values in params.lists() if name not in without for value in values]
