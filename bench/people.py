"""Through whose eyes pages are measured."""

from dataclasses import dataclass
from typing import Final

from bench.sizes import Size
from reporting.scale.names import MANY_UNITS, NATIONAL, ONE_UNIT, commissioner, provider_contact


@dataclass(frozen=True)
class Person:
    """As the table names them, and as they sign in. Who sees several units is not there in a world of one."""

    label: str
    email: str
    least_units: int = 1

    def is_in(self, size: Size) -> bool:
        return size.units >= self.least_units


OFFICER: Final = Person("one unit", ONE_UNIT)
PARTNER: Final = Person("30 units", MANY_UNITS, least_units=2)
READER: Final = Person("national", NATIONAL, least_units=2)
COMMISSIONER: Final = Person("commissioner", commissioner(1))
AUDITOR: Final = Person("auditor", "auditor-001@scale.example")
PROVIDER: Final = Person("provider", provider_contact(1))

BY_SIGHT: Final = (OFFICER, PARTNER, READER)
"""A county's contracts, a region's, England's."""
EVERYBODY: Final = (*BY_SIGHT, COMMISSIONER, AUDITOR, PROVIDER)


def people_of(size: Size) -> list[Person]:
    return [person for person in EVERYBODY if person.is_in(size)]
