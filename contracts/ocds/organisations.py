"""Which organisation of ours a party is: looked up in dictionaries read once, added where it is new."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from commissioning.models import Organisation, OrganisationIdentifier
from commissioning.rules import kind_of, name_without_form, normalised_name
from contracts.ocds.parties import Party


@dataclass(frozen=True)
class Holding:
    """A code that an organisation held in some days."""

    organisation_id: int
    valid_from: date | None
    valid_to: date | None

    def on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class Organisations:
    """All organisations by code and by name. ``added`` and ``likenesses`` tell what an import should report."""

    def __init__(self) -> None:
        self.by_id: dict[int, Organisation] = {}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.by_bare_name: dict[str, list[int]] = defaultdict(list)
        self.by_code: dict[tuple[str, str], list[Holding]] = defaultdict(list)
        self.codes_of: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.added: set[int] = set()
        self.likenesses: dict[int, str] = {}
        self._new: list[tuple[int, list[tuple[str, str]]]] = []
        for organisation in Organisation.objects.order_by("pk"):
            self._know(organisation)
        for row in OrganisationIdentifier.objects.order_by("pk"):
            self._know_code(row)

    def find_or_add(self, party: Party, *, day: date, source: str) -> Organisation:
        """The organisation of that day: by a code, else by the name where no code speaks against it, else a new one."""
        found = self._by_code(party, day) or self._by_name(party, day) or self._add(party)
        self._add_codes(found, party, day=day, source=source)
        return found

    # A release is one step: kept, or taken back when it fails

    def keep(self) -> None:
        self._new.clear()

    def take_back(self) -> None:
        """Forget what was added since the last step that was kept; the database has rolled it back."""
        for organisation_id, codes in reversed(self._new):
            for scheme, value in codes:
                self.by_code[scheme, value] = [
                    holding for holding in self.by_code[scheme, value] if holding.organisation_id != organisation_id
                ]
                self.codes_of[organisation_id][scheme].discard(value)
            if not codes:
                self._forget(organisation_id)
        self._new.clear()

    def _forget(self, organisation_id: int) -> None:
        organisation = self.by_id.pop(organisation_id)
        self.by_name[organisation.normalised_name].remove(organisation_id)
        self.by_bare_name[name_without_form(organisation.name)].remove(organisation_id)
        self.added.discard(organisation_id)
        self.likenesses.pop(organisation_id, None)

    def _know(self, organisation: Organisation) -> None:
        self.by_id[organisation.pk] = organisation
        self.by_name[organisation.normalised_name].append(organisation.pk)
        self.by_bare_name[name_without_form(organisation.name)].append(organisation.pk)

    def _know_code(self, row: OrganisationIdentifier) -> None:
        holding = Holding(row.organisation_id, row.valid_from, row.valid_to)
        self.by_code[row.scheme, row.value].append(holding)
        self.codes_of[row.organisation_id][row.scheme].add(row.value)

    # Looking up

    def _by_code(self, party: Party, day: date) -> Organisation | None:
        for scheme, value in party.codes:
            for holding in self.by_code.get((scheme, value), []):
                if holding.on(day):
                    return self.by_id[holding.organisation_id]
        return None

    def _by_name(self, party: Party, day: date) -> Organisation | None:
        """A namesake with another code in the same register is another body. One open on the day goes first."""
        namesakes = [self.by_id[pk] for pk in self.by_name.get(party.normalised_name, [])]
        fitting = [row for row in namesakes if not self._contradicts(row, party)]
        return min(fitting, key=lambda row: (not _is_open(row, day), row.pk), default=None)

    def _contradicts(self, organisation: Organisation, party: Party) -> bool:
        held: Any = self.codes_of.get(organisation.pk, {})
        return any(held.get(scheme) and value not in held[scheme] for scheme, value in party.codes)

    # Adding

    def _add(self, party: Party) -> Organisation:
        alike = self.by_bare_name.get(name_without_form(party.name), [])
        schemes = {scheme for scheme, _ in party.codes}
        organisation = Organisation.objects.create(
            name=party.name,
            normalised_name=normalised_name(party.name),
            kind=kind_of(party.name, schemes=schemes, is_voluntary=party.is_voluntary),
        )
        if alike:
            self.likenesses[organisation.pk] = self.by_id[alike[0]].name
        self._know(organisation)
        self._new.append((organisation.pk, []))
        self.added.add(organisation.pk)
        return organisation

    def _add_codes(self, organisation: Organisation, party: Party, *, day: date, source: str) -> None:
        """Codes that nobody holds. One that was another's on other days is left for a person to date."""
        fresh = [
            (scheme, value)
            for scheme, value in party.codes
            if not self.by_code.get((scheme, value)) and not self.codes_of[organisation.pk][scheme]
        ]
        for scheme, value in fresh:
            row = OrganisationIdentifier.objects.create(
                organisation=organisation, scheme=scheme, value=value, source=source[:200]
            )
            self._know_code(row)
        if fresh:
            self._new.append((organisation.pk, [(str(scheme), value) for scheme, value in fresh]))


def _is_open(organisation: Organisation, day: date) -> bool:
    return (organisation.opened_on or date.min) <= day <= (organisation.closed_on or date.max)
