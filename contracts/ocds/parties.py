"""Buyers and suppliers as a release names them."""

import re
from dataclasses import dataclass
from typing import Any, Final

from commissioning.choices import IdentifierScheme
from commissioning.rules import name_without_form, normalised_name, scheme_of_prefix
from contracts.ocds.text import one_line, shortened

_LONGEST_NAME: Final = 255

_COMPANY: Final = re.compile(r"(?:[A-Z]{2}\d{6}|\d{8})")
_SHORT_COMPANY: Final = re.compile(r"\d{5,7}")
_CHARITY: Final = re.compile(r"\d{6,7}(?:-\d+)?")
_ODS: Final = re.compile(r"[A-Z0-9]{3,8}")
_CODE: Final = re.compile(r"[A-Z0-9-]{2,60}")

_SEPARATOR: Final = re.compile(r"\s*[,;\n]\s*(?:and\s+)?")


@dataclass(frozen=True)
class Party:
    """An organisation named in a release. ``codes`` hold only those that prove which organisation it is."""

    name: str
    codes: tuple[tuple[IdentifierScheme, str], ...] = ()
    is_voluntary: bool = False

    @property
    def normalised_name(self) -> str:
        return normalised_name(self.name)


def parties_of(references: Any, parties: Any) -> list[Party]:
    """The organisations referred to, in order, each once; one without a name is left out."""
    known = _by_id(parties)
    found: list[Party] = []
    for reference in _objects(references):
        found += _parties(reference, known.get(_identity(reference), {}))
    return _each_once(found)


def unnamed(references: Any, parties: Any) -> int:
    """How many organisations referred to have no name at all."""
    known = _by_id(parties)
    return sum(not _name(reference, known.get(_identity(reference), {})) for reference in _objects(references))


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value]
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _by_id(parties: Any) -> dict[str, dict[str, Any]]:
    return {_identity(party): party for party in _objects(parties) if _identity(party)}


def _identity(party: dict[str, Any]) -> str:
    return str(party.get("id") or "")


def _parties(reference: dict[str, Any], party: dict[str, Any]) -> list[Party]:
    name = _name(reference, party)
    if not name:
        return []
    several = _names_in_one_cell(name)
    if len(several) > 1:  # whose code it is cannot be told
        return [Party(shortened(part, _LONGEST_NAME)) for part in several]
    details = party.get("details")
    return [
        Party(
            name=shortened(name, _LONGEST_NAME),
            codes=_codes(reference, party),
            is_voluntary=isinstance(details, dict) and details.get("vcse") is True,
        )
    ]


def _name(reference: dict[str, Any], party: dict[str, Any]) -> str:
    identifier = party.get("identifier")
    legal_name = identifier.get("legalName") if isinstance(identifier, dict) else None
    names = (reference.get("name"), party.get("name"), legal_name)
    written = (one_line(name) for name in names if isinstance(name, str))
    return next((name for name in written if normalised_name(name)), "")


def _names_in_one_cell(name: str) -> list[str]:
    """«A Ltd, B Limited» holds two names; «Smith, Jones & Co Ltd» is one, as a part lacks a legal form."""
    parts = [part.strip() for part in _SEPARATOR.split(name) if part.strip()]
    each_whole = all(name_without_form(part) != normalised_name(part) for part in parts)
    return parts if len(parts) > 1 and each_whole else [name]


def _codes(reference: dict[str, Any], party: dict[str, Any]) -> tuple[tuple[IdentifierScheme, str], ...]:
    identifiers = [*_objects(party.get("identifier")), *_objects(party.get("additionalIdentifiers"))]
    pairs = [(str(row.get("scheme") or ""), str(row.get("id") or "")) for row in identifiers]
    pairs += [_split(_identity(reference)), _split(_identity(party))]
    codes = (_code(scheme, value) for scheme, value in pairs)
    return tuple(dict.fromkeys(code for code in codes if code is not None))


def _split(identity: str) -> tuple[str, str]:
    """«GB-COH-01234567» as scheme and code."""
    country, _, rest = identity.partition("-")
    register, _, value = rest.partition("-")
    return f"{country}-{register}", value


def _code(prefix: str, value: str) -> tuple[IdentifierScheme, str] | None:
    """A code that proves identity, in its register's own form; None for what does not, GB-CFS above all."""
    scheme = scheme_of_prefix(prefix)
    if scheme is None or not scheme.identifies:
        return None
    code = value.strip().upper().replace(" ", "").removeprefix(f"{scheme.prefix}-")
    if scheme.scheme == IdentifierScheme.COMPANY and _SHORT_COMPANY.fullmatch(code):
        code = code.zfill(8)  # typed as a number, so that the zeros in front were lost
    form = _FORMS.get(scheme.scheme, _CODE)
    return (scheme.scheme, code) if form.fullmatch(code) and code.strip("0") else None


_FORMS: Final = {
    IdentifierScheme.COMPANY: _COMPANY,
    IdentifierScheme.CHARITY: _CHARITY,
    IdentifierScheme.ODS: _ODS,
}


def _each_once(parties: list[Party]) -> list[Party]:
    """Framework lists name an organisation once for each lot: once is enough, with all the codes it was given."""
    once: dict[str, Party] = {}
    for party in parties:
        held = once.setdefault(_key(party, once), party)
        if held is not party:
            codes = tuple(dict.fromkeys([*held.codes, *party.codes]))
            once[_key(held, once)] = Party(held.name, codes, held.is_voluntary or party.is_voluntary)
    return list(once.values())


def _key(party: Party, held: dict[str, Party]) -> str:
    """Equal names are one organisation unless their codes in one register differ."""
    name = party.normalised_name
    return f"{name} {party.codes}" if name in held and _differ(held[name], party) else name


def _differ(a: Party, b: Party) -> bool:
    first, second = dict(a.codes), dict(b.codes)
    return any(first[scheme] != second[scheme] for scheme in first.keys() & second.keys())
