"""A world of scale: one database on the server that is measured."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from bench.sizes import Size
from config import embedded_postgres

PROJECT: Final = Path(__file__).resolve().parent.parent
WORK_DIR: Final = embedded_postgres.DATA_DIR.parent / "bench"
"""What the bench itself keeps: logs, static files, sessions."""


@dataclass(frozen=True)
class World:
    """A database of one size. It is measured, never written to, but for the sessions of those who look."""

    size: Size
    database: str

    @property
    def url(self) -> str:
        return address_of(self.database)


def address_of(database: str) -> str:
    """On the server that DATABASE_URL names, else on the one that comes with the development requirements."""
    given = os.environ.get("DATABASE_URL") or embedded_postgres.database_url()
    return urlunsplit(urlsplit(given)._replace(path=f"/{database}"))
