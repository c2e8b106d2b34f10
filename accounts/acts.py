"""The act behind each history row: who did what, why, and for whom."""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.db import transaction

from accounts.models import User


@contextmanager
def act(what: str, *, by: User | None, reason: str = "", on_behalf_of: User | None = None) -> Iterator[None]:
    """Run the block in one transaction; every row it changes is recorded under this act.

    ``what`` is the sentence the history shows («Return submitted»). ``by`` is None only for the
    system's own work, such as a nightly job or a management command.
    """
    details = {"act": what, "actor": by.pk if by else None, "actor_name": str(by) if by else "the system"}
    if reason:
        details["reason"] = reason
    if on_behalf_of is not None:
        details |= {"on_behalf_of": on_behalf_of.pk, "on_behalf_of_name": str(on_behalf_of)}
    with transaction.atomic(), pghistory.context(**details):
        yield
