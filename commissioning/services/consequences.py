"""What a change of partnership will mean for people, said before it is confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.permissions import GRANTED_ROLES, Permission
from commissioning.choices import PartnerLevel
from commissioning.models import CommissioningUnit, Organisation
from commissioning.services.grants import permissions_at

ORDER = tuple(Permission)


@dataclass(frozen=True)
class Change:
    """One kind of person of the organisation: what they gain, keep and lose, each as a sentence."""

    role: str
    gains: tuple[str, ...]
    keeps: tuple[str, ...]
    loses: tuple[str, ...]


@dataclass(frozen=True)
class Consequences:
    """A headline that says who sees what from now on, and the same for each role."""

    headline: str
    changes: tuple[Change, ...]


def consequences(
    *, unit: CommissioningUnit, organisation: Organisation, before: str | None, after: str | None
) -> Consequences:
    """What going from one level to another does; None stands for no partner."""
    changes = []
    for role in GRANTED_ROLES:
        held = permissions_at(before, role) if before else frozenset()
        wanted = permissions_at(after, role) if after else frozenset()
        changes.append(
            Change(
                role=role.label,
                gains=_sentences(wanted - held),
                keeps=_sentences(wanted & held),
                loses=_sentences(held - wanted),
            )
        )
    return Consequences(headline=_headline(unit, organisation, before, after), changes=tuple(changes))


def _headline(unit: CommissioningUnit, organisation: Organisation, before: str | None, after: str | None) -> str:
    who = f"People of {organisation}"
    sight = f"the contracts of {unit}, their monthly returns and the dashboard"
    if after is None:
        return f"{who} will no longer see {sight}, nor any restricted contract that names {organisation}."
    if before is None and after == PartnerLevel.OBSERVER:
        return f"{who} will see {sight}, and will be able to change nothing."
    if before is None:
        return f"{who} will see {sight}. What else they may do follows from their roles."
    if after == PartnerLevel.OBSERVER:
        return f"{who} will go on seeing {sight}, and will no longer be able to change, return or export anything."
    return f"{who} will go on seeing {sight}, and may do more, as their roles say."


def _sentences(permissions: Iterable[Permission]) -> tuple[str, ...]:
    held = set(permissions)
    return tuple(permission.description for permission in ORDER if permission in held)
