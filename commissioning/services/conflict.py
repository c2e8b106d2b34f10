"""Two people at once: the second is told, and nothing is overwritten unseen."""

from typing import Any


class Conflict(Exception):  # noqa: N818 (it is no error: the person chooses)
    """Somebody saved the record after this person opened it.

    Carries the record as it stands now, so that the page can show both and let the person choose.
    """

    def __init__(self, current: Any) -> None:
        super().__init__("Somebody saved this after you opened it.")
        self.current = current
