"""A release, read into the contracts it tells of. No database; what a release does not say stays None."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from commissioning.rules import long_date, period_error
from contracts.choices import ProcurementRegime, ProcurementRoute
from contracts.ocds.parties import Party, parties_of, unnamed
from contracts.ocds.procurement import regime_of, route_of
from contracts.ocds.text import identifier, mended, one_line, shortened
from contracts.ocds.values import Fault, london_day, moment, pounds

LONGEST_OCID: Final = 120
LONGEST_AWARD: Final = 255
LONGEST_TITLE: Final = 300
NO_TITLE: Final = "Title not published"

_CALLED_OFF: Final = frozenset({"cancelled", "unsuccessful", "withdrawn"})
#: An award that holds only these says that something was amended, not what was awarded.
_ABOUT_AMENDMENTS: Final = frozenset({"id", "amendment", "amendments", "documents", "relatedLots", "status"})


@dataclass(frozen=True)
class Note:
    """Why something is unknown or left out: ``about`` to count by, ``text`` for the one release."""

    about: str
    text: str = ""

    def __str__(self) -> str:
        return self.text or self.about


@dataclass(frozen=True)
class Draft:
    """What a release says of one contract. ``award`` is empty while it is still being procured."""

    award: str
    title: str
    description: str
    buyer: Party | None = None
    suppliers: tuple[Party, ...] = ()
    value: Decimal | None = None
    start: date | None = None
    end: date | None = None
    regime: ProcurementRegime = ProcurementRegime.UNKNOWN
    route: ProcurementRoute = ProcurementRoute.UNKNOWN
    adds_a_contract: bool = True  # false for a mere amendment: it may change a contract, never make one
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Release:
    ocid: str
    id: str
    moment: datetime
    drafts: tuple[Draft, ...]
    notes: tuple[Note, ...] = ()

    @property
    def place(self) -> str:
        return place_of(self.moment, self.id)


@dataclass(frozen=True)
class _Term:
    start: date | None = None
    end: date | None = None


@dataclass
class _Reading:
    """One release while it is read; the parts that the contracts share are read once."""

    release: dict[str, Any]
    tender: dict[str, Any] = field(init=False)
    awards: list[dict[str, Any]] = field(init=False)
    contracts: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.tender = _object(self.release, "tender")
        self.awards = _objects(self.release, "awards")
        self.contracts = _objects(self.release, "contracts")


def place_of(moment: datetime, release_id: str) -> str:
    """A release's place in the order of publication, as text that sorts; of one moment, by the identifier."""
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')} {release_id}"


def identified(release: dict[str, Any]) -> tuple[str, str]:
    """The ocid and the release's own id; one that lacks an id gets one made from its content.

    Raises Fault without a usable ocid.
    """
    ocid = identifier(release.get("ocid"))
    if not ocid:
        raise Fault("it has no ocid")
    if len(ocid) > LONGEST_OCID:
        raise Fault(f"its ocid is longer than {LONGEST_OCID} characters")
    own = identifier(release.get("id"))
    return ocid, own or f"content-{_digest(release)}"


def read_release(release: dict[str, Any]) -> Release:
    """The contracts of a release. Raises Fault with the reason why it tells of none."""
    ocid, own = identified(release)
    if not release.get("date"):
        raise Fault("it has no date, so that it cannot be put in order")
    reading = _Reading(release)
    drafts, notes = _drafts(reading)
    return Release(ocid, own, moment(release["date"]), tuple(drafts), tuple(notes))


def _digest(release: dict[str, Any]) -> str:
    content = json.dumps(release, sort_keys=True, default=str)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _object(parent: dict[str, Any], key: str) -> dict[str, Any]:
    value = parent.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Fault(f"its \u00ab{key}\u00bb is not an object")
    return value


def _objects(parent: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = parent.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Fault(f"its \u00ab{key}\u00bb is not a list of objects")
    return value


def _text(parent: dict[str, Any], key: str) -> str:
    value = parent.get(key)
    return value if isinstance(value, str) else ""


# Which contracts a release tells of


def _drafts(reading: _Reading) -> tuple[list[Draft], list[Note]]:
    awards = list(_awards(reading))
    if not awards:
        if "planning" not in reading.release and not reading.tender:
            raise Fault("it has no tender, award or contract")
        if _text(reading.tender, "status") in _CALLED_OFF:
            raise Fault(f"the procurement is {_text(reading.tender, 'status')}")
        return [_being_procured(reading)], []
    live = [(award, contract) for award, contract in awards if not _is_called_off(award, contract)]
    if not live:
        raise Fault("its awards are cancelled or unsuccessful")
    notes = [Note("an award is cancelled or unsuccessful")] * (len(awards) - len(live))
    return [_awarded(reading, award, contract, of=len(awards)) for award, contract in live], notes


def _awards(reading: _Reading) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Each award with its contract, if there is exactly one; contracts of awards not listed stand for these."""
    listed = [identifier(award.get("id")) for award in reading.awards]
    of_award: dict[str, list[dict[str, Any]]] = {identity: [] for identity in listed}
    for contract in reading.contracts:
        of_award.setdefault(identifier(contract.get("awardID")) or identifier(contract.get("id")), []).append(contract)
    for number, award in enumerate(reading.awards, start=1):
        identity = listed[number - 1]
        contracts = of_award[identity]
        yield {**award, "id": identity or str(number)}, contracts[0] if len(contracts) == 1 else None
    for identity, contracts in of_award.items():
        if identity not in listed and identity:
            yield {"id": identity}, contracts[0] if len(contracts) == 1 else None


def _is_called_off(award: dict[str, Any], contract: dict[str, Any] | None) -> bool:
    statuses = {_text(award, "status"), _text(contract or {}, "status")}
    return bool(statuses & _CALLED_OFF)


def _says_what_was_awarded(award: dict[str, Any], contract: dict[str, Any] | None) -> bool:
    of_award = any(award.get(key) for key in award.keys() - _ABOUT_AMENDMENTS)
    return of_award or any((contract or {}).get(key) for key in ("period", "value", "title"))


# What it says of each


def _being_procured(reading: _Reading) -> Draft:
    """What is planned is not yet agreed: days and value stay unknown, and what was planned is told in words."""
    planned, notes = _planned(reading.tender)
    return replace(
        _shared(reading),
        title=_title(_text(reading.tender, "title"), _text(reading.release, "title")),
        description="\n\n".join(filter(None, [_description(reading.tender), planned])),
        notes=tuple(notes),
    )


def _planned(tender: dict[str, Any]) -> tuple[str, list[Note]]:
    """«Planned: 1 April 2025 to 31 March 2028, £3,000.00.»"""
    notes: list[Note] = []
    term = _first_term([_object(tender, "contractPeriod")], notes)
    value = _value([tender.get("value")], notes)
    days = [f"{word} {long_date(day)}" for word, day in (("from", term.start), ("to", term.end)) if day]
    told = [*([" ".join(days)] if days else []), *([f"\u00a3{value:,.2f}"] if value else [])]
    return (f"Planned: {', '.join(told)}." if told else ""), [note for note in notes if note.about != _NO_VALUE]


def _awarded(reading: _Reading, award: dict[str, Any], contract: dict[str, Any] | None, *, of: int) -> Draft:
    if len(award["id"]) > LONGEST_AWARD:
        raise Fault(f"the identifier of an award is longer than {LONGEST_AWARD} characters")
    notes: list[Note] = []
    periods = [_object(contract or {}, "period"), _object(award, "contractPeriod")]
    if of == 1:
        periods.append(_object(reading.tender, "contractPeriod"))
    term = _first_term(periods, notes)
    suppliers = _suppliers(reading, award, notes)
    draft = replace(
        _shared(reading),
        award=award["id"],
        title=_award_title(reading, award, contract, of=of),
        description=_description(reading.tender, award),
        suppliers=tuple(suppliers),
        start=term.start,
        end=term.end,
        adds_a_contract=_says_what_was_awarded(award, contract),
    )
    value = _value([award.get("value"), (contract or {}).get("value")], notes)
    if _text(contract or {}, "status") == "terminated":
        notes.append(Note("the release says that the contract was terminated: give notice on the register"))
    return replace(draft, value=value, notes=tuple(notes))


def _shared(reading: _Reading) -> Draft:
    regime = regime_of(reading.tender)
    buyer = reading.release.get("buyer") or reading.tender.get("procuringEntity") or _with_role(reading, "buyer")
    buyers = parties_of(buyer, reading.release.get("parties"))
    return Draft(
        award="",
        title="",
        description="",
        buyer=buyers[0] if len(buyers) == 1 else None,
        regime=regime,
        route=route_of(reading.tender, regime),
    )


def _with_role(reading: _Reading, role: str) -> list[dict[str, Any]]:
    return [party for party in _objects(reading.release, "parties") if role in (party.get("roles") or [])]


def _suppliers(reading: _Reading, award: dict[str, Any], notes: list[Note]) -> list[Party]:
    parties = reading.release.get("parties")
    if nameless := unnamed(award.get("suppliers"), parties):
        notes.append(Note("a supplier without a name is left out", f"suppliers without a name left out: {nameless}"))
    return parties_of(award.get("suppliers"), parties)


def _title(*candidates: str) -> str:
    written = (one_line(candidate) for candidate in candidates)
    return shortened(next(filter(None, written), NO_TITLE), LONGEST_TITLE)


def _award_title(reading: _Reading, award: dict[str, Any], contract: dict[str, Any] | None, *, of: int) -> str:
    common = _text(reading.tender, "title") or _text(reading.release, "title")
    own = _text(contract or {}, "title") or _text(award, "title")
    if of > 1 and common and not own:
        lots = award.get("relatedLots")
        part = f"lot {lots[0]}" if isinstance(lots, list) and len(lots) == 1 else f"award {award['id']}"
        own = f"{shortened(one_line(common), LONGEST_TITLE - 60)} ({part})"
    return _title(own, common)


def _description(*parts: dict[str, Any]) -> str:
    """The tender's, then the award's own where it says something more."""
    written = (mended(_text(part, "description")) for part in parts)
    return "\n\n".join(dict.fromkeys(filter(None, written)))


_NO_VALUE: Final = "no value is published"


def _value(values: list[Any], notes: list[Note]) -> Decimal | None:
    reasons: list[str] = []
    for value in values:
        try:
            amount = pounds(value)
        except Fault as fault:
            reasons.append(str(fault))
            continue
        if amount is not None:
            return amount
    notes.append(Note(reasons[0] if reasons else _NO_VALUE))
    return None


def _first_term(periods: list[dict[str, Any]], notes: list[Note]) -> _Term:
    """The first period that gives a day. Days that contradict each other are none."""
    for period in periods:
        try:
            term = _Term(london_day(period.get("startDate")), london_day(period.get("endDate")))
        except Fault as fault:
            notes.append(Note("a day cannot be read", str(fault)))
            continue
        if error := period_error(term.start, term.end):
            notes.append(Note("the days contradict each other", error))
            continue
        if term != _Term():
            return term
    return _Term()
