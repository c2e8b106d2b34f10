"""The day that a world of scale lives on, and the people by whose eyes it is measured."""

from datetime import date
from typing import Final

TODAY: Final = date(2026, 10, 6)
"""A fixed day, so that the same sizes give the same rows. September is due on its fifth working day, the 7th."""
PASSWORD: Final = "measured-at-scale-2026"  # noqa: S105  (of invented people)
"""Of everybody there; the command refuses a database that holds a unit already."""

ONE_UNIT: Final = "officer-001-1@scale.example"
"""A contract officer of the first unit."""
MANY_UNITS: Final = "partner@scale.example"
"""A commissioner of an organisation that is a full partner of 30 units, of all where there are fewer."""
NATIONAL: Final = "national@scale.example"
"""Sees every contract in England that is not restricted."""


def unit_code(unit: int) -> str:
    """Of the unit with this number, from 1."""
    return f"unit-{unit:03}"


def officer(unit: int, number: int) -> str:
    """The unit's contract officers are numbered from 1; each has about thirty contracts."""
    return f"officer-{unit:03}-{number}@scale.example"


def commissioner(unit: int) -> str:
    """Of the unit's host."""
    return f"commissioner-{unit:03}@scale.example"


def provider_contact(provider: int) -> str:
    """Of the providers numbered 1, 11, 21 and so on."""
    return f"provider-{provider:05}@scale.example"
