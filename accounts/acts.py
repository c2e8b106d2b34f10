"""The act behind each history row: who did what, why, and for whom."""

import datetime
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pghistory
from django.db import transaction
from pghistory import runtime

from accounts import clock
from accounts.models import User


@contextmanager
def act(what: str, *, by: User | None, reason: str = "", on_behalf_of: User | None = None) -> Iterator[None]:
    """Run the block in one transaction; every row it changes is recorded under this act.

    ``what`` is the sentence the history shows («Return submitted»). ``by`` is None only for the
    system's own work, such as a nightly job or a management command.
    """
    details: dict[str, Any] = {
        "act": what,
        "actor": by.pk if by else None,
        "actor_name": str(by) if by else "the system",
        "at": clock.now().isoformat(),
    }
    if reason:
        details["reason"] = reason
    if on_behalf_of is not None:
        details |= {"on_behalf_of": on_behalf_of.pk, "on_behalf_of_name": str(on_behalf_of)}
    with transaction.atomic(), _context_of_its_own(details):
        yield


@contextmanager
def _context_of_its_own(details: dict[str, Any]) -> Iterator[None]:
    """pghistory gives everything within one context its last name: an act inside another, or the second of one
    request, would rename the first. So each has its own, and the outer one goes on under its name.
    """
    outer = getattr(runtime._tracker, "value", None)
    if outer is None:
        with pghistory.context(**details):
            yield
        return
    runtime._tracker.value = runtime.Context(id=uuid.uuid4(), metadata=details)
    try:
        yield
    finally:
        runtime._tracker.value = outer


def moment_of(said: Mapping[str, Any], recorded_at: datetime.datetime) -> datetime.datetime:
    """When an act happened by the clock that people live by, from what its context says; else when it was recorded.

    The database stamps rows by its own clock, which the demonstration does not fix.
    """
    return datetime.datetime.fromisoformat(said["at"]) if said.get("at") else recorded_at
