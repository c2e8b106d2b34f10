"""Who takes part in the load run, and what each of them opens: as mixed as a morning's readers are."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.permissions import Permission, Role
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit
from contracts.models import Contract
from contracts.queries.monthly_return import left_to_return
from contracts.rules.returns import month_to_return
from contracts.views.return_loading import return_address
from reporting.scale.names import MANY_UNITS, NATIONAL

#: After the partner of many units and the national viewer: every second one an officer, who returns while others read.
ORDER: Final = (
    Role.CONTRACT_OFFICER,
    Role.COMMISSIONER,
    Role.CONTRACT_OFFICER,
    Role.PROVIDER_CONTACT,
    Role.CONTRACT_OFFICER,
    Role.FINANCE,
    Role.CONTRACT_OFFICER,
    Role.AUDITOR,
)
CONTRACTS_OPENED: Final = 5
"""By each person, so that not one and the same page is asked for again and again."""
WORDS: Final = ("wheelchairs", "respite", "carers", "school nursing", "weelchairs")


@dataclass(frozen=True)
class Visit:
    """A page that a person opens, under the name by which the times are told apart."""

    kind: str
    address: str


@dataclass(frozen=True)
class ToReturn:
    """A contract that still owes its return, and the address of the form."""

    contract: int
    address: str


@dataclass
class Participant:
    email: str
    visits: Sequence[Visit]
    returns: list[ToReturn] = field(default_factory=list)


def participants(count: int) -> list[Participant]:
    """So many people of the world that this process is inside; no contract is returned by two of them.

    Raises LookupError where the world has not so many people of a role.
    """
    month = month_to_return(clock.today())
    found = [_participant(User.objects.get(email=email), month) for email in (MANY_UNITS, NATIONAL)][:count]
    roles = list(islice(cycle(ORDER), count - len(found)))
    people = {role: iter(_people(role, roles.count(role))) for role in set(roles)}
    returned: set[int] = set()
    for role in roles:
        user = next(people[role])
        person = _participant(user, month)
        if role is Role.CONTRACT_OFFICER:
            person.returns += [one for one in _returns(user, month) if one.contract not in returned]
            returned |= {one.contract for one in person.returns}
        found.append(person)
    return found


def _people(role: Role, wanted: int) -> list[User]:
    """Evenly from the first unit to the last."""
    everybody = User.objects.filter(memberships__role=role).exclude(email=MANY_UNITS).order_by("pk")
    step = everybody.count() // wanted
    if not step:
        raise LookupError(f"The world has fewer than {wanted} people with the role {role.label}.")
    return list(everybody[: step * wanted : step])


def _returns(user: User, month: datetime.date) -> Iterator[ToReturn]:
    for left in left_to_return(user, month=month, unit=None):
        yield ToReturn(left.pk, return_address(month, left.slug, left.unit_code))


def _participant(user: User, month: datetime.date) -> Participant:
    return Participant(user.email, list(_visits(user, month)))


def _visits(user: User, month: datetime.date) -> Iterator[Visit]:
    """Dashboard and register again and again, and between them what the person's role reads."""
    between = list(_reads(user, month))
    for number, visit in enumerate(between):
        yield Visit("Dashboard", reverse("dashboard"))
        yield visit
        yield Visit("Register", reverse("register") + ("?page=2" if number % 2 else ""))


def _reads(user: User, month: datetime.date) -> Iterator[Visit]:
    scope = scope_of(user)
    seen = Contract.objects.visible_to(user).select_related("unit").order_by("pk")
    for contract, word in zip(seen[:CONTRACTS_OPENED], WORDS, strict=False):
        yield Visit("Contract", contract.url_in_unit)
        yield Visit("Search", f"{reverse('search')}?{urlencode({'q': word})}")
    yield Visit("Register, filtered", reverse("register") + "?risk=red&risk=amber")
    if scope.units_with(Permission.RETURN_CONTRACTS):
        yield Visit("Worklist", reverse("worklist", args=[month]))
    if scope.units_with(Permission.REVIEW_RETURNS):
        unit = CommissioningUnit.objects.get(pk=min(scope.units_with(Permission.REVIEW_RETURNS)))
        yield Visit("Review of a month", reverse("month_review", args=[month, unit.code]))
        yield Visit("Monthly report", reverse("monthly_report", args=[month, unit.code]))
