"""What the tables of events have in common."""

from typing import Any

from django.db import models


def read_newest_first() -> dict[str, Any]:
    """Meta of a table of events: the audit log reads the newest acts, however long the history has grown."""
    return {"indexes": [models.Index(fields=["-pgh_created_at", "pgh_context"])]}
