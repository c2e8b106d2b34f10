"""What each row of a file would do to the register: judged against dictionaries that were read once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from commissioning.models import CommissioningUnit
from commissioning.rules import normalised_name, slug_of
from contracts.models import ImportOutcome
from contracts.resources.columns import BY_NAME
from contracts.resources.parties import NamedShare
from contracts.resources.providers import Named, ProviderMatcher
from contracts.resources.register import CleanRow, Fault
from contracts.resources.rules import rule_faults
from contracts.resources.stored import FIELDS, KEPT, Share, Stored, Values, blank_values
from contracts.resources.widgets import plain_text
from contracts.resources.words import in_words

NOT_USABLE: Final = "This reference cannot be used in this unit."
#: Columns of people, whose cells hold e-mail addresses.
PEOPLE: Final = ("officer", "service_manager")
#: What the preview says of a new contract, besides its reference, title and first term.
TOLD_OF_NEW: Final = (
    "providers",
    "officer",
    "annual_value",
    "whole_life_value",
    "funding",
    "options",
    "exercised",
    "used",
)
#: Columns that an existing contract cannot be without.
NEVER_EMPTY: Final = ("management",)


@dataclass(frozen=True)
class Surroundings:
    """All that rows are judged against."""

    unit: CommissioningUnit
    stored: Mapping[str, Stored]
    references_taken: Mapping[str, int]
    slugs_taken: Mapping[str, tuple[int, str]]
    in_sight: Collection[int]
    people: Mapping[str, int]
    emails: Mapping[int, str]
    service_areas: dict[str, str]
    partners: Mapping[str, int]
    matcher: ProviderMatcher


@dataclass
class Judged:
    """A row with its verdict. `unread` are the columns whose cells could not be read."""

    number: int
    outcome: str
    values: Values
    faults: list[Fault] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    is_doubtful: bool = False
    stored: Stored | None = None
    unread: frozenset[str] = frozenset()


def loose(text: str) -> str:
    return " ".join(text.split()).casefold()


class Judge:
    """Judges the rows of one file, in their order, and remembers which references it has seen."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.around = surroundings
        self.seen: dict[str, tuple[int, str]] = {}
        self.new_areas: list[str] = []

    def judge(self, number: int, row: CleanRow) -> Judged:
        reference = row.values.get("reference", "")
        stored = self.around.stored.get(reference)
        unread = frozenset(fault.header for fault in row.faults)
        verdict = Judged(number, ImportOutcome.FAULT, {}, list(row.faults), stored=stored, unread=unread)
        if reference:
            verdict.faults += self._reference_faults(number, reference, stored)
        base = stored.values if stored else blank_values()
        verdict.values = {**base, **self._resolved(row.values, base, verdict)}
        verdict.values.update({name: base[name] for name in NEVER_EMPTY if verdict.values[name] in (None, "")})
        self._decide(verdict, base)
        return verdict

    def _decide(self, verdict: Judged, base: Values) -> None:
        changed = [name for name in KEPT if verdict.values[name] != base[name]]
        if verdict.faults:
            return
        if verdict.stored and not changed and not verdict.is_doubtful:
            verdict.outcome = ImportOutcome.SAME
            return
        verdict.faults += rule_faults(verdict.values, base if verdict.stored else None, unit=self.around.unit)
        if verdict.faults:
            return
        verdict.outcome = ImportOutcome.CHANGE if verdict.stored else ImportOutcome.CREATE
        told = changed if verdict.stored else [name for name in TOLD_OF_NEW if name in changed]
        verdict.changes = [
            (BY_NAME[name].header, self._words(name, base), self._words(name, verdict.values)) for name in told
        ]

    def _words(self, name: str, values: Values) -> str:
        around = self.around
        return in_words(
            name,
            values[name],
            people=around.emails,
            organisation=around.matcher.name_of,
        )

    # References

    def _reference_faults(self, number: int, reference: str, stored: Stored | None) -> list[Fault]:
        header = BY_NAME["reference"].header
        slug = slug_of(reference)
        first, written = self.seen.setdefault(slug, (number, reference))
        if first != number and written == reference:
            return [Fault(header, f"{reference} is on row {first} already.")]
        if first != number:
            return [Fault(header, f"{reference} differs only in its marks from {written} on row {first}.")]
        if stored is not None:
            return []
        taken = self.around.references_taken.get(reference)
        holder, held = self.around.slugs_taken.get(slug, (taken, reference))
        if holder is None:
            return []
        if holder not in self.around.in_sight:
            return [Fault(header, NOT_USABLE)]
        if taken is not None:
            return [Fault(header, f"You may look at {reference} but not change it.")]
        return [Fault(header, f"The register has {held}, which differs from {reference} only in its marks.")]

    # Names to ids

    def _resolved(self, given: Mapping[str, Any], base: Values, verdict: Judged) -> Values:
        """The row's cells as the register's values; what cannot be resolved becomes a fault and keeps its old value."""
        values: Values = {name: value for name, value in given.items() if name in FIELDS}
        resolvers: dict[str, Callable[[Any, Any], Any]] = {
            "service_area": self._service_area,
            "officer": self._person,
            "service_manager": self._person,
            "deputies": self._deputies,
            "funding": self._funding,
        }
        for name in ("options", "exercised", "used"):
            if name in given:
                values[name] = given[name]
        if "notice_kind" not in given and "notice_given_on" in given and given["notice_given_on"] is None:
            values["notice_kind"] = ""  # what kind a notice was goes with it
        for name in ("title", "description"):
            if name in values and values[name] == plain_text(base[name] or ""):
                values[name] = base[name]
        for name in NEVER_EMPTY:
            if name in values and values[name] in (None, "") and base[name] != blank_values()[name]:
                now = self._words(name, base)
                verdict.faults.append(Fault(BY_NAME[name].header, f"This cannot be emptied; it is {now} now."))
        for name in ("procurement_regime", "procurement_route"):
            if name in values and not values[name]:
                values[name] = blank_values()[name]
        for name, resolve in resolvers.items():
            if name in given:
                try:
                    values[name] = resolve(given[name], base[name])
                except ValueError as refusal:
                    values.pop(name, None)
                    verdict.faults.append(Fault(BY_NAME[name].header, str(refusal)))
        if "providers" in given:
            values["providers"] = self._providers(given, base["providers"], verdict)
        return values

    def _service_area(self, name: str, now: str | None) -> str | None:
        if not name:
            return None
        key = loose(name)
        if key not in self.around.service_areas:
            self.around.service_areas[key] = name
            self.new_areas.append(name)
        return self.around.service_areas[key]

    def _person(self, email: str | None, now: int | None) -> int | None:
        if email is None:
            return None
        found = self.around.people.get(email)
        if found is None and now is not None and self.around.emails.get(now) == email:
            return now  # somebody who has left stays until replaced
        if found is None:
            raise ValueError(f"{email} is nobody's work e-mail address at a partner of this unit.")
        return found

    def _deputies(self, emails: Collection[str], now: Collection[int]) -> tuple[int, ...]:
        held = {self.around.emails.get(pk): pk for pk in now}
        found = {self._person(email, held.get(email)) for email in emails}
        return tuple(sorted(pk for pk in found if pk is not None))

    def _funding(self, shares: Collection[NamedShare], now: Collection[Share]) -> tuple[Share, ...]:
        held = {normalised_name(self.around.matcher.name_of(share.organisation)): share.organisation for share in now}
        found: dict[int, Share] = {}
        for share in shares:
            plain = normalised_name(share.name)
            pk = held.get(plain) or self.around.partners.get(plain)
            if pk is None:
                raise ValueError(f"{share.name} is no partner of this unit.")
            if pk in found:
                raise ValueError(f"{share.name} is named twice.")
            found[pk] = Share(pk, share.annual_amount, share.whole_life_amount)
        return tuple(sorted(found.values()))

    def _providers(self, given: Mapping[str, Any], now: Collection[int], verdict: Judged) -> tuple[Any, ...]:
        names = given["providers"]
        codes = given.get("identifiers", ())
        if len(codes) > len(names):
            sentence = f"There are {len(codes)} codes for {len(names)} providers."
            verdict.faults.append(Fault(BY_NAME["identifiers"].header, sentence))
            return tuple(now)
        found = []
        for place, name in enumerate(names):
            named = Named(name, codes[place] if place < len(codes) else None)
            key, doubtful = self.around.matcher.provider(named, held=now)
            verdict.is_doubtful |= doubtful
            if key in found:
                verdict.faults.append(Fault(BY_NAME["providers"].header, f"{name} is named twice."))
            for scheme in self.around.matcher.conflicting_codes(key):
                sentence = f"{name} is new and has two different codes of {scheme} in this file."
                verdict.faults.append(Fault(BY_NAME["identifiers"].header, sentence))
            found.append(key)
        return tuple(found)


def named_providers(values: Mapping[str, Any]) -> list[Named]:
    """All providers a row names, each with the code in its place."""
    codes = values.get("identifiers", ())
    return [
        Named(name, codes[place] if place < len(codes) else None)
        for place, name in enumerate(values.get("providers", ()))
    ]
