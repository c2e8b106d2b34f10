"""Start-up check: no view without a permission, or a word that it is public."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver

#: Guarded as a whole by Django: staff only.
STAFF_ONLY = {"admin"}


def ungated_views(resolver: URLResolver | None = None, path: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        where = f"{path}{entry.pattern}"
        if isinstance(entry, URLResolver):
            if entry.namespace not in STAFF_ONLY:
                yield from ungated_views(entry, where)
        elif isinstance(entry, URLPattern) and not is_gated(entry.callback):
            yield where


def is_gated(view: Any) -> bool:
    return hasattr(view, "permission") or getattr(view, "public", False) is True


@register()
def every_view_is_gated(**_: Any) -> list[Error]:
    return [
        Error(
            f"The view at /{where} names no permission.",
            hint="Decorate it with @gate(Permission...), or @public if everyone may open it.",
            id="commissioning.E001",
        )
        for where in ungated_views()
    ]
