"""Two people at once: the second is told, and nothing is overwritten unseen."""

from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


class Conflict(Exception):  # noqa: N818 (it is no error: the person chooses)
    """Somebody saved the record after this person opened it.

    Carries the record as it stands now, so that the page can show both and let the person choose.
    """

    def __init__(self, current: Any) -> None:
        super().__init__("Somebody saved this after you opened it.")
        self.current = current


def locked_at(row: Row, version: int, *related: str) -> Row:
    """The row as it stands, held to the end of the act; Conflict with it where it is no longer the one opened."""
    rows: Any = type(row)._default_manager.select_for_update(of=("self",)).select_related(*related)
    stored = rows.get(pk=row.pk)
    if stored.version != version:
        raise Conflict(stored)
    return stored
