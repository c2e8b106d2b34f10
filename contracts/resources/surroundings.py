"""Reads once all that the rows of a file are judged against: a fixed number of queries whatever their number."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import Permission, Role
from commissioning.models import CommissioningUnit, Membership, ServiceArea, UnitPartner
from commissioning.rules import normalised_name, slug_of
from contracts.models import Contract
from contracts.resources.comparison import Surroundings, loose, named_providers
from contracts.resources.providers import KnownOrganisations, ProviderMatcher
from contracts.resources.stored import Stored, stored_contracts, taken_in


def surroundings_of(
    *,
    unit: CommissioningUnit,
    user: User,
    day: datetime.date,
    rows: Collection[Mapping[str, Any]],
    answers: Mapping[str, str],
) -> Surroundings:
    """`rows` are the cleaned values; `answers` what the person said of doubtful providers so far."""
    references = {row["reference"] for row in rows if row.get("reference")}
    mine = Contract.objects.visible_to(user, Permission.EDIT_CONTRACTS)
    stored = stored_contracts(mine.filter(unit=unit, reference__in=references))
    taken = taken_in(unit.pk, references=references, slugs={slug_of(reference) for reference in references})
    in_sight = _in_sight(user, unit, taken.slugs)
    partners = _partners(unit, day)
    people = _people([pk for pk, _ in partners], day)
    named = [each for row in rows for each in named_providers(row)]
    return Surroundings(
        unit=unit,
        stored=stored,
        references_taken=taken.references,
        slugs_taken=taken.slugs,
        in_sight=in_sight,
        people={email: pk for pk, email in people.items()},
        emails=people | _emails_of(_people_on(stored.values()) - people.keys()),
        service_areas={loose(name): name for name in unit.service_areas.values_list("name", flat=True)},
        partners={normalised_name(name): pk for pk, name in partners},
        matcher=ProviderMatcher(known=KnownOrganisations(day), named=named, answers=answers),
    )


def _in_sight(user: User, unit: CommissioningUnit, slugs: Mapping[str, tuple[int, str]]) -> frozenset[int]:
    """Of the contracts that hold an address, those whose reference may be told to this person."""
    holders = [pk for pk, _ in slugs.values()]
    return frozenset(
        Contract.objects.visible_to(user).filter(unit=unit, pk__in=holders).order_by().values_list("pk", flat=True)
    )


def _partners(unit: CommissioningUnit, day: datetime.date) -> list[tuple[int, str]]:
    current = UnitPartner.objects.filter(Q(left_on=None) | Q(left_on__gte=day), unit=unit, joined_on__lte=day)
    return list(current.order_by("pk").values_list("organisation_id", "organisation__name"))


def _people(organisations: Collection[int], day: datetime.date) -> dict[int, str]:
    """Who works today at one of the partners, by id; a provider's contact is not staff."""
    current = Membership.objects.current_on(day).filter(organisation_id__in=organisations, user__is_active=True)
    rows = current.exclude(role=Role.PROVIDER_CONTACT).order_by().values_list("user_id", "user__email").distinct()
    return {pk: email.casefold() for pk, email in rows}


def _people_on(stored: Collection[Stored]) -> set[int]:
    return {
        pk
        for each in stored
        for pk in (each.values["officer"], each.values["service_manager"], *each.values["deputies"])
        if pk is not None
    }


def _emails_of(users: Collection[int]) -> dict[int, str]:
    """Of people named on contracts who have left: they stay until somebody replaces them."""
    rows = User.objects.filter(pk__in=users).order_by().values_list(F("pk"), "email")
    return {pk: email.casefold() for pk, email in rows}


def area_ids(unit_id: int) -> dict[str, int]:
    """The unit's service areas by their loosened names."""
    return {loose(name): pk for pk, name in ServiceArea.objects.filter(unit_id=unit_id).values_list("pk", "name")}
