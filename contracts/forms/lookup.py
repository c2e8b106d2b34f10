"""A text field that stands for a row: an exact name is taken, for any other the likely ones are offered.

It works without JavaScript: the page comes back with «Did you mean», and what was typed stays.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from accounts import clock
from accounts.models import User
from commissioning.models import CommissioningUnit, Organisation
from commissioning.queries import LIKELY, organisations_like, organisations_named, people_of_unit
from commissioning.rules import long_date
from contracts.services.contract import NewProvider

#: The choice that stands for «none of these: add it».
NEW = "new"
#: How alike two names must be for the one to be offered for the other.
ALIKE = 0.45


def _is_number(identity: str) -> bool:
    """One that a row could have; a forged one of thousands of digits is none."""
    return identity.isdecimal() and len(identity) < 19


class Lookup(Protocol):
    def by_id(self, identity: str) -> Any | None: ...
    def exact(self, text: str) -> Sequence[Any]: ...
    def like(self, text: str) -> Sequence[Any]: ...
    def describe(self, row: Any) -> str: ...
    def unknown(self, text: str) -> str: ...


class OrganisationLookup:
    def by_id(self, identity: str) -> Organisation | None:
        return Organisation.objects.filter(pk=identity).first() if _is_number(identity) else None

    def exact(self, text: str) -> Sequence[Organisation]:
        return organisations_named(text)

    def like(self, text: str) -> Sequence[Organisation]:
        return list(organisations_like(text))

    def describe(self, row: Organisation) -> str:
        closed = f", closed {long_date(row.closed_on)}" if row.closed_on else ""
        return f"{row.name} ({row.get_kind_display()}{closed})"

    def unknown(self, text: str) -> str:
        return f"No organisation is called «{text}»."


class PeopleLookup:
    """People of the unit's partners, and those whom the contract names already though they have left."""

    def __init__(self, unit: CommissioningUnit, *, also: Collection[int] = ()) -> None:
        self.people: QuerySet[User] = people_of_unit(unit, day=clock.today())
        self.also = also

    def by_id(self, identity: str) -> User | None:
        if not _is_number(identity):
            return None
        if int(identity) in self.also:
            return User.objects.filter(pk=identity).first()
        return self.people.filter(pk=identity).first()

    def exact(self, text: str) -> Sequence[User]:
        return list(self.people.filter(Q(name__iexact=text) | Q(email__iexact=text)))

    def like(self, text: str) -> Sequence[User]:
        alike = self.people.annotate(likeness=TrigramWordSimilarity(text, "name"))
        wanted = alike.filter(Q(name__icontains=text) | Q(likeness__gte=ALIKE))
        return list(wanted.order_by("-likeness", "name")[:LIKELY])

    def describe(self, row: User) -> str:
        return f"{row.name}, {row.email}"

    def unknown(self, text: str) -> str:
        return f"Nobody of the unit’s partners is called «{text}»."


@dataclass(frozen=True)
class Typed:
    """What came back: the text, and the choice made about that text."""

    text: str = ""
    choice: str = ""
    about: str = ""

    @property
    def is_chosen(self) -> bool:
        return bool(self.choice) and self.about == self.text


class LookupInput(forms.TextInput):
    template_name = "contracts/lookup.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false"} | (attrs or {}))
        self.candidates: list[tuple[str, str]] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        text, choice, about = (str(data.get(key) or "").strip() for key in (name, f"{name}-choice", f"{name}-about"))
        return Typed(text=text, choice=choice, about=about)

    def format_value(self, value: Any) -> str | None:
        return value.text if isinstance(value, Typed) else value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = value if isinstance(value, Typed) else Typed()
        chosen = typed.choice if typed.is_chosen else ""
        return context | {"candidates": self.candidates, "chosen": chosen, "about": typed.text}


class LookupField(forms.Field):
    """Cleans to the row meant, None where empty, or a NewProvider where the person asks to add one."""

    widget: Any = LookupInput

    def __init__(self, *, lookup: Lookup, may_add: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.lookup = lookup
        self.may_add = may_add

    def clean(self, value: Typed) -> Any:
        if not value.text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self._chosen(value) or self._exact(value.text)

    def _chosen(self, value: Typed) -> Any | None:
        if not value.is_chosen:
            return None
        if value.choice == NEW and self.may_add:
            return NewProvider(value.text)
        return self.lookup.by_id(value.choice)

    def _exact(self, text: str) -> Any:
        exact = self.lookup.exact(text)
        if len(exact) == 1:
            return exact[0]
        likely = exact or self.lookup.like(text)
        self.widget.candidates = [(str(row.pk), self.lookup.describe(row)) for row in likely]
        if self.may_add:
            self.widget.candidates.append((NEW, f"None of these: add «{text}» as a new provider"))
        opening = f"More than one is called «{text}»." if exact else self.lookup.unknown(text)
        raise ValidationError(f"{opening} Choose one below." if self.widget.candidates else opening)
