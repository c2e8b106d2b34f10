"""Who may see and do what: one Scope a request answers lists and single objects alike.

A Scope is read by one UNION query: units by permission, single contracts by permission (the
exceptions of a restricted contract), the organisations the person works for, the national flag,
and for whom the person stands in, which lends no sight. Querysets filter by its literal ids;
``can`` checks one object against the same ids.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection

from accounts import clock
from accounts.permissions import NATIONALLY_OPEN_PERMISSIONS, OWN_CONTRACT_PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    from accounts.models import User

#: Sight of every unrestricted contract in England, as a model permission on a group; read here only.
NATIONAL_SIGHT = "national_sight"


class Regrant(Protocol):
    """Rewrites a higher app's exceptions of one organisation after its part in a unit changed (None: left)."""

    def __call__(self, *, unit: Any, organisation: Any, level: str | None) -> None: ...


@dataclass(frozen=True)
class ExceptionSource:
    """Where a higher app keeps grants on single objects, and which objects are a provider's own.

    ``exceptions`` selects (codename, id) and ``own`` selects (id) from the tables of that app, over the
    common table expressions ``held`` (group_id, organisation_id, role) and ``partner`` (unit_id,
    organisation_id) of people's current memberships and units' current partners.
    """

    exceptions: str
    own: str
    regrant: Regrant


_sources: dict[str, ExceptionSource] = {}


def register_exceptions(kind: str, source: ExceptionSource) -> None:
    """Called once, from the app's ready(): keeps the import direction downwards."""
    _sources[kind] = source


def regrant_exceptions(*, unit: Any, organisation: Any, level: str | None) -> None:
    """Carry a change of partnership through to every exception that rests on it."""
    for source in _sources.values():
        source.regrant(unit=unit, organisation=organisation, level=level)


@dataclass(frozen=True)
class Scope:
    """All that one person may see and do today, as ids."""

    user_id: int | None
    units: dict[str, frozenset[int]] = field(default_factory=dict)
    exceptions: dict[str, frozenset[int]] = field(default_factory=dict)
    own: frozenset[int] = frozenset()
    roles: frozenset[tuple[int, str]] = frozenset()
    national: bool = False
    stands_in_for: frozenset[int] = frozenset()

    def units_with(self, permission: Permission) -> frozenset[int]:
        return self.units.get(permission, frozenset())

    def exceptions_with(self, permission: Permission) -> frozenset[int]:
        """Single contracts opened to this person, restricted though they are."""
        return self.exceptions.get(permission, frozenset())

    def own_with(self, permission: Permission) -> frozenset[int]:
        """Contracts of the provider whose contact this person is."""
        return self.own if permission in OWN_CONTRACT_PERMISSIONS else frozenset()

    def organisations_as(self, role: Role) -> frozenset[int]:
        return frozenset(organisation for organisation, held in self.roles if held == role)

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(organisation for organisation, _ in self.roles)

    def holds(self, permission: Permission) -> bool:
        """Whether the person may do this anywhere at all; the object is still checked."""
        if permission == Permission.SIGNED_IN:
            return self.user_id is not None
        if permission == Permission.MANAGE_PEOPLE:
            return bool(self.organisations_as(Role.ORGANISATION_ADMINISTRATOR))
        if permission == Permission.SPEAK_FOR_PROVIDER:
            return bool(self.organisations_as(Role.PROVIDER_CONTACT))
        nationally = self.national and permission in NATIONALLY_OPEN_PERMISSIONS
        as_provider = permission in OWN_CONTRACT_PERMISSIONS and bool(self.organisations_as(Role.PROVIDER_CONTACT))
        return nationally or as_provider or bool(self.units_with(permission) or self.exceptions_with(permission))

    def can(self, permission: Permission, target: Any) -> bool:
        """Whether the person may do this to this object: a unit, an organisation, or what says its container.

        A contract answers through ``is_open_to(scope, permission)``, which agrees with its queryset.
        """
        return bool(target.is_open_to(self, permission))


NOTHING = Scope(user_id=None)

_HELD = """
WITH held AS (
    SELECT r.group_id, m.organisation_id, m.role
    FROM commissioning_membership m
    JOIN commissioning_organisationrole r ON r.organisation_id = m.organisation_id AND r.role = m.role
    WHERE m.user_id = %(user)s AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)
), partner AS (
    SELECT unit_id, organisation_id FROM commissioning_unitpartner
    WHERE organisation_id IN (SELECT organisation_id FROM held)
      AND joined_on <= %(day)s AND (left_on IS NULL OR left_on >= %(day)s)
)
SELECT 'unit', p.codename, g.content_object_id
FROM held
JOIN commissioning_commissioningunitgroupobjectpermission g ON g.group_id = held.group_id
JOIN partner ON partner.unit_id = g.content_object_id AND partner.organisation_id = held.organisation_id
JOIN auth_permission p ON p.id = g.permission_id
UNION SELECT 'role', role, organisation_id FROM held
UNION SELECT 'national', p.codename, 0
FROM accounts_user_groups ug
JOIN auth_group_permissions gp ON gp.group_id = ug.group_id
JOIN auth_permission p ON p.id = gp.permission_id AND p.codename = %(national)s
WHERE ug.user_id = %(user)s
UNION SELECT 'stands_in_for', '', s.absent_id
FROM commissioning_standin s
WHERE s.stand_in_id = %(user)s AND s.since <= %(day)s AND s.until >= %(day)s AND s.ended_on IS NULL
"""


def _statement() -> str:
    """Held grants and every registered source's; their SQL is the apps' own text, values go in as parameters."""
    parts = [_HELD]
    for source in _sources.values():
        parts.append(f"UNION SELECT 'exception', e.codename, e.id FROM ({source.exceptions}) e")  # noqa: S608
        parts.append(f"UNION SELECT 'own', '', o.id FROM ({source.own}) o")  # noqa: S608
    return "\n".join(parts)


def read_scope(user: "User", *, day: datetime.date) -> Scope:
    """The Scope of a person on a day; an inactive or anonymous person has none."""
    if not (user.is_authenticated and user.is_active):
        return NOTHING
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(),
            {"user": user.pk, "day": day, "national": NATIONAL_SIGHT, "provider": Role.PROVIDER_CONTACT},
        )
        rows = cursor.fetchall()
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for kind, name, identity in rows:
        found[kind][name].add(identity)
    return Scope(
        user_id=user.pk,
        units={name: frozenset(ids) for name, ids in found["unit"].items()},
        exceptions={name: frozenset(ids) for name, ids in found["exception"].items()},
        own=frozenset(found["own"][""]),
        roles=frozenset((organisation, role) for role, ids in found["role"].items() for organisation in ids),
        national=bool(found["national"]),
        stands_in_for=frozenset(found["stands_in_for"][""]),
    )


def scope_of(user: Any) -> Scope:
    """The Scope kept on this user object, read on first use: one query a request."""
    if not hasattr(user, "_scope"):
        user._scope = read_scope(user, day=clock.today())
    return user._scope
