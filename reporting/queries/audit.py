"""The audit log: who changed what of the contracts, partners and people a person may audit, why, when and for whom.

Contracts, partners, monthly and service reviews are those of the units in sight; the roles of people and who stands in
for them are those of the auditor's own organisation.
"""

import datetime
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db.models import DateTimeField, F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils import timezone

from accounts import clock
from accounts.models import User
from accounts.permissions import Permission, Role
from commissioning.access import scope_of
from commissioning.models import CommissioningUnit, Membership
from contracts.models import Contract, ServiceReview
from reporting.queries.history import (
    CONTRACT_KINDS,
    MEMBERSHIP_KIND,
    REVIEW_KINDS,
    STAND_IN_KIND,
    UNIT_KINDS,
    Act,
    Entry,
    Kind,
    entries_of,
    events_of_acts,
    newest_acts,
)
from reporting.queries.links import contract_url, named_unit
from reporting.queries.month import in_unit
from reporting.queries.words import counted

PAGE_SIZE: Final = 50
LINKS_SHOWN: Final = 3


@dataclass(frozen=True)
class AuditFilter:
    """What was asked for; everything empty is everything in sight."""

    person: int | None = None
    contract: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None


@dataclass(frozen=True)
class AuditRow:
    """One act with the contracts it touched."""

    entry: Entry
    contracts: list[tuple[str, str]]
    more_contracts: str


class AuditLog:
    """One page of acts, newest first. Nothing outside sight is read, counted or named."""

    def __init__(self, *, user: Any, unit: CommissioningUnit | None, wanted: AuditFilter, page: int = 1) -> None:
        self.user, self.unit, self.wanted, self.number = user, unit, wanted, max(page, 1)
        self.kinds = self._kinds()
        first = (self.number - 1) * PAGE_SIZE
        found = newest_acts(self.kinds, start=first, stop=first + PAGE_SIZE + 1)
        self.has_next = len(found) > PAGE_SIZE
        self.has_previous = self.number > 1
        self.rows = self._rows(dict(islice(found.items(), PAGE_SIZE)))

    @property
    def showing(self) -> str:
        """«Entries 51 to 100, newest first»: how many there are in all would be dear to count."""
        before = (self.number - 1) * PAGE_SIZE
        return f"Entries {before + 1:,} to {before + len(self.rows):,}, newest first"

    def _contracts(self) -> QuerySet[Contract]:
        contracts = in_unit(Contract.objects.visible_to(self.user, Permission.VIEW_AUDIT), self.unit)
        return contracts.filter(_is_called(self.wanted.contract)) if self.wanted.contract else contracts

    def _kinds(self) -> list[tuple[Kind, QuerySet[Any]]]:
        """Each table of events with the rows the person may audit."""
        contracts = self._contracts().order_by().values("pk")
        of_contracts = ((kind, kind.all.filter(**{f"{kind.contract}__in": contracts})) for kind in CONTRACT_KINDS)
        kinds = [(kind, self._wanted(events)) for kind, events in of_contracts]
        if self.wanted.contract:
            return kinds
        units = scope_of(self.user).units_with(Permission.VIEW_AUDIT)
        if self.unit is not None:
            units = units & {self.unit.pk}
        of_units = [(kind, kind.all.filter(unit_id__in=units)) for kind in UNIT_KINDS]
        reviews = ServiceReview.objects.visible_to(self.user, Permission.VIEW_AUDIT).filter(unit_id__in=units)
        in_sight = reviews.order_by().values("pk")
        of_reviews = [(kind, kind.all.filter(**{f"{kind.contract}__in": in_sight})) for kind in REVIEW_KINDS]
        own = scope_of(self.user).organisations_as(Role.AUDITOR)
        roles = MEMBERSHIP_KIND.all.filter(organisation_id__in=own)
        colleagues = Membership.objects.filter(organisation_id__in=own).values("user_id")
        standing_in = STAND_IN_KIND.all.filter(absent_id__in=colleagues)
        besides = [*of_units, *of_reviews, (MEMBERSHIP_KIND, roles), (STAND_IN_KIND, standing_in)]
        return [*kinds, *((kind, self._wanted(events)) for kind, events in besides)]

    def _wanted(self, events: QuerySet[Any]) -> QuerySet[Any]:
        """By whom, and on which days in Europe/London."""
        wanted = self.wanted
        if wanted.person:
            events = events.filter(pgh_context__metadata__actor=wanted.person)
        if wanted.since:
            events = events.filter(GreaterThanOrEqual(_shown_at(), _midnight(wanted.since)))
        return events.filter(LessThan(_shown_at(), _midnight(wanted.until, after=1))) if wanted.until else events

    def _rows(self, acts: dict[Act, list[str]]) -> list[AuditRow]:
        written = {code for codes in acts.values() for code in codes}
        sources = [(kind, events) for kind, events in self.kinds if kind.code in written]
        entries = entries_of(events_of_acts(sources, acts.keys())) if sources else []
        about = {pk for entry in entries for pk in entry.about}
        names = {
            pk: (f"{reference} {title}", contract_url(slug, unit_code))
            for pk, reference, title, slug, unit_code in Contract.objects.visible_to(self.user, Permission.VIEW_AUDIT)
            .filter(pk__in=about)
            .annotate(unit_code=named_unit(self.unit))
            .values_list("pk", "reference", "title", "slug", "unit_code")
        }
        return [self._row(entry, names) for entry in entries]

    @staticmethod
    def _row(entry: Entry, names: dict[int, tuple[str, str]]) -> AuditRow:
        known = [names[pk] for pk in entry.about if pk in names]
        more = len(known) - LINKS_SHOWN
        return AuditRow(entry, known[:LINKS_SHOWN], f"and {counted(more, 'contract')} more" if more > 0 else "")

    @property
    def people(self) -> list[tuple[int, str]]:
        """(id, name) of whom one may ask for: who worked for a partner of a unit in sight while it was one."""
        units = scope_of(self.user).units_with(Permission.VIEW_AUDIT)
        partnership = "memberships__organisation__partnerships"
        working = User.objects.filter(
            Q(memberships__until=None) | Q(memberships__until__gte=F(f"{partnership}__joined_on")),
            Q(**{f"{partnership}__left_on": None}) | Q(memberships__since__lte=F(f"{partnership}__left_on")),
            **{f"{partnership}__unit_id__in": units},
        ).distinct()
        return list(working.order_by("name").values_list("pk", "name"))


def _is_called(words: str) -> Q:
    """As the auditor has it before them: by reference or address exactly, by title in part."""
    return Q(slug__iexact=words) | Q(reference__iexact=words) | Q(title__icontains=words)


def _shown_at() -> Combinable:
    """The moment that an entry shows, as accounts.acts.moment_of has it.

    Where the clock is not fixed the moment of recording, which is indexed, is the same but for parts of a second.
    """
    recorded = F("pgh_created_at")
    if not clock.is_fixed():
        return recorded
    return Coalesce(Cast(KeyTextTransform("at", "pgh_context__metadata"), DateTimeField()), recorded)


def _midnight(day: datetime.date, *, after: int = 0) -> datetime.datetime:
    """The beginning of a day, or of one so many days later."""
    day = min(day, datetime.date.max - datetime.timedelta(days=2)) + datetime.timedelta(days=after)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
