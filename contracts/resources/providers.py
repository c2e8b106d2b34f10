"""Whom a provider's name in a file means: one known, a new one, or a question for the person.

A code of a public register decides, then the normalised name. Names that are only close are listed, never merged.
A provider is an organisation's id, or, while it is not among the organisations, «new:» and its normalised name.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from commissioning.models import Organisation, OrganisationIdentifier
from commissioning.rules import normalised_name
from contracts.resources.likeness import NameIndex
from contracts.resources.parties import Identifier

NEW: Final = "new"
"""The answer «a new provider»."""
MOST_CANDIDATES: Final = 6

ProviderKey = int | str


class Named(NamedTuple):
    """A provider as a row names it."""

    name: str
    identifier: Identifier | None

    @property
    def plain(self) -> str:
        return normalised_name(self.name) or self.name.casefold()

    @property
    def question_key(self) -> str:
        return f"{self.plain} {self.identifier or ''}".strip()


@dataclass
class Question:
    """A doubtful name, and the providers it may mean as (key, name)."""

    named: Named
    candidates: list[tuple[ProviderKey, str]]


@dataclass
class NewProvider:
    name: str
    identifiers: set[Identifier] = field(default_factory=set)


class KnownOrganisations:
    """The names and codes of all organisations, read once."""

    def __init__(self, day: datetime.date) -> None:
        self.names: dict[int, str] = {}
        self.by_name: defaultdict[str, list[int]] = defaultdict(list)
        self.by_identifier: defaultdict[Identifier, list[int]] = defaultdict(list)
        self.codes: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._closed: set[int] = set()
        for pk, name, plain, closed_on in Organisation.objects.order_by("pk").values_list(
            "pk", "name", "normalised_name", "closed_on"
        ):
            self.names[pk] = name
            self.by_name[plain].append(pk)
            if closed_on is not None and closed_on < day:
                self._closed.add(pk)
        codes = OrganisationIdentifier.objects.order_by("organisation_id", "scheme", "value")
        for pk, scheme, value in codes.values_list("organisation_id", "scheme", "value"):
            self.by_identifier[Identifier(scheme, value.upper())].append(pk)
            self.codes[pk][scheme].add(value.upper())

    def one_of(self, pks: Collection[int], held: Collection[int]) -> int | None:
        """The only one; of several the one the contract has already, else the only one not closed."""
        for choice in (pks, [pk for pk in pks if pk in held], [pk for pk in pks if pk not in self._closed]):
            if len(choice) == 1:
                return next(iter(choice))
        return None

    def contradicts(self, pk: int, identifier: Identifier | None) -> bool:
        """Whether the organisation is known by another code of the same register."""
        return (
            identifier is not None
            and bool(self.codes[pk].get(identifier.scheme))
            and (identifier.value not in self.codes[pk][identifier.scheme])
        )


class ProviderMatcher:
    """Answers for every name of one file; gathers the questions and the new providers that its rows really need."""

    def __init__(self, *, known: KnownOrganisations, named: Iterable[Named], answers: Mapping[str, str]) -> None:
        self.known = known
        self.answers = answers
        self.questions: dict[str, Question] = {}
        self.new: dict[str, NewProvider] = {}
        self._first_with: dict[Identifier, str] = {}
        self._unknown = self._names_unknown(named)
        self._index: NameIndex | None = None
        self._close: dict[Named, list[tuple[ProviderKey, str]]] = {}

    def _names_unknown(self, named: Iterable[Named]) -> dict[str, Named]:
        """Names that no organisation has, by their normalised form, each as it first stands in the file."""
        unknown: dict[str, Named] = {}
        for each in dict.fromkeys(named):
            by_code = self.known.by_identifier.get(each.identifier, ()) if each.identifier else ()
            if not by_code and each.plain not in self.known.by_name:
                unknown.setdefault(each.plain, each)
        return unknown

    def provider(self, named: Named, *, held: Collection[int]) -> tuple[ProviderKey, bool]:
        """The provider, and whether it is doubtful. `held` are those that the row's contract has already."""
        found = self._silent(named, held)
        if found is not None:
            return found, False
        candidates = self._candidates(named)
        answer = self.answers.get(named.question_key, "")
        if not candidates:
            return self._add(named), False
        self.questions.setdefault(named.question_key, Question(named, candidates))
        allowed = {str(key): key for key, _ in candidates}
        if answer in allowed:
            return self._follow(allowed[answer]), False
        return self._add(named), answer != NEW

    def _silent(self, named: Named, held: Collection[int]) -> int | None:
        by_name = self.known.by_name.get(named.plain, [])
        if named.identifier:
            by_code = self.known.by_identifier.get(named.identifier, [])
            one = self.known.one_of([pk for pk in by_code if pk in by_name] or by_code, held)
            if one is not None:
                return None if by_name and one not in by_name else one
            by_name = [pk for pk in by_name if not self.known.contradicts(pk, named.identifier)]
        return self.known.one_of(by_name, held)

    def _candidates(self, named: Named) -> list[tuple[ProviderKey, str]]:
        """Providers the name may mean: of its code, of its very name, close to it, or close and new in this file."""
        if named in self._close:
            return self._close[named]
        pks = list(self.known.by_identifier.get(named.identifier, [])) if named.identifier else []
        pks += self.known.by_name.get(named.plain, [])
        found: list[tuple[ProviderKey, str]] = [(pk, self.known.names[pk]) for pk in dict.fromkeys(pks)]
        found = found or self._near(named)
        self._close[named] = found[:MOST_CANDIDATES]
        return self._close[named]

    def _near(self, named: Named) -> list[tuple[ProviderKey, str]]:
        near = self._near_names(named)
        known = [(pk, self.known.names[pk]) for plain in near for pk in self.known.by_name.get(plain, ())]
        here = self._place[named.plain]
        earlier = [
            (f"{NEW}:{plain}", f"{self._unknown[plain].name}, new in this file")
            for plain in near
            if plain in self._unknown and self._place[plain] < here
        ]
        return [*known, *earlier]

    def _near_names(self, named: Named) -> list[str]:
        if self._index is None:
            self._plain_names = [*dict.fromkeys([*self.known.by_name, *self._unknown])]
            self._place = {plain: number for number, plain in enumerate(self._plain_names)}
            self._index = NameIndex(enumerate(self._plain_names))
        return [self._plain_names[number] for number in self._index.close_to(named.plain, most=MOST_CANDIDATES)]

    def _follow(self, key: ProviderKey) -> ProviderKey:
        """A new name of the file may itself have been answered as one known."""
        if isinstance(key, int):
            return key
        first = self._unknown[key.removeprefix(f"{NEW}:")]
        return self.provider(first, held=())[0]

    def _add(self, named: Named) -> str:
        plain = self._first_with.get(named.identifier, named.plain) if named.identifier else named.plain
        provider = self.new.setdefault(plain, NewProvider(named.name))
        if named.identifier:
            self._first_with.setdefault(named.identifier, plain)
            provider.identifiers.add(named.identifier)
        return f"{NEW}:{plain}"

    def conflicting_codes(self, key: ProviderKey) -> list[str]:
        """Registers from which the file gives one new provider two codes."""
        if isinstance(key, int):
            return []
        schemes = [identifier.scheme for identifier in self.new[key.removeprefix(f"{NEW}:")].identifiers]
        return sorted({scheme for scheme in schemes if schemes.count(scheme) > 1})

    def name_of(self, key: ProviderKey) -> str:
        if isinstance(key, int):
            return self.known.names[key]
        return self.new[key.removeprefix(f"{NEW}:")].name

    def new_providers(self) -> list[dict[str, Any]]:
        """As the import keeps them until it is confirmed."""
        return [
            {
                "key": f"{NEW}:{plain}",
                "name": each.name,
                "identifiers": sorted(map(list, each.identifiers)),
                "namesakes": self.known.by_name.get(plain, []),
            }
            for plain, each in self.new.items()
        ]
