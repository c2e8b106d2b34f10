"""Through whose eyes pages are measured."""

from dataclasses import dataclass
from typing import Final

from reporting.scale.names import MANY_UNITS, NATIONAL, ONE_UNIT, commissioner, provider_contact


@dataclass(frozen=True)
class Person:
    """As the table names them, and as they sign in."""

    label: str
    email: str


OFFICER: Final = Person("one unit", ONE_UNIT)
PARTNER: Final = Person("30 units", MANY_UNITS)
READER: Final = Person("national", NATIONAL)
COMMISSIONER: Final = Person("commissioner", commissioner(1))
AUDITOR: Final = Person("auditor", "auditor-001@scale.example")
PROVIDER: Final = Person("provider", provider_contact(1))

BY_SIGHT: Final = (OFFICER, PARTNER, READER)
"""A county's contracts, a region's, England's."""
EVERYBODY: Final = (*BY_SIGHT, COMMISSIONER, AUDITOR, PROVIDER)
