"""The contracts on the register with what imports have read of them.

So a release is never read over a later one, and what a person has since corrected stays until a release says
something new.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

from accounts.clock import now
from commissioning.models import CommissioningUnit
from contracts.choices import ProcurementRegime, ProcurementRoute
from contracts.models import Contract, ImportedRelease
from contracts.ocds.reading import NO_TITLE, Draft, Release, place_of

UNKNOWN: Final = (None, "", NO_TITLE, ProcurementRegime.UNKNOWN, ProcurementRoute.UNKNOWN)

FIELDS: Final = (
    "title",
    "description",
    "buyer",
    "providers",
    "whole_life_value",
    "start",
    "initial_end",
    "procurement_regime",
    "procurement_route",
)
#: Stands where the digest of what a release said would: a person knew it before any release was read.
TYPED: Final = ""


@dataclass(frozen=True)
class Kept:
    """A contract on the register; ``read`` holds by award the release last read, «» for one still being procured."""

    contract: Contract
    read: dict[str, ImportedRelease] = field(default_factory=dict)
    provider_ids: list[int] = field(default_factory=list)

    @property
    def award(self) -> str:
        """The award that an import read for it; «» while it is being procured, or where it came another way."""
        return next(filter(None, self.read), "")

    def place(self, award: str) -> str:
        """The place in order of the release last read for the award; before all others where none was."""
        row = self.read.get(award)
        return place_of(row.released_at, row.release_id) if row else ""

    def takes(self, name: str, digest: str, *, release: Release, award: str) -> bool:
        """Whether the release says something new of a field.

        What releases have not spoken of before is filled where it is unknown. Where it is known, the latest release
        changes it, but not what was typed before any release was read.
        """
        last_digest, last_place = self._said(award).get(name, (None, ""))
        if last_digest == TYPED or (last_digest is None and not self.read):
            return self._now(name) in UNKNOWN
        if last_digest is None:
            return release.place > self.place(award) or self._now(name) in UNKNOWN
        return last_place < release.place and last_digest != digest

    def after(self, release: Release, draft: Draft) -> ImportedRelease:
        """The row to keep once the release is read; it names a later release where one was read before."""
        before = self._typed() | self._said(draft.award)
        fresh = {
            name: [digest, release.place]
            for name, digest in said(draft).items()
            if name not in before or before[name][1] < release.place
        }
        held = self.read.get(draft.award)
        if held is None or release.place > self.place(draft.award):
            last = (release.id, release.moment, now())
        else:
            last = (held.release_id, held.released_at, held.read_at)
        release_id, released_at, read_at = last
        return ImportedRelease(
            contract=self.contract,
            ocid=release.ocid,
            award_id=draft.award,
            release_id=release_id,
            released_at=released_at,
            read_at=read_at,
            said=before | fresh,
        )

    def _typed(self) -> dict[str, list[str]]:
        """What a person typed of a contract for which no release has been read yet."""
        names = [] if self.read else [name for name in FIELDS if self._now(name) not in UNKNOWN]
        return {name: [TYPED, ""] for name in names}

    def _said(self, award: str) -> dict[str, list[str]]:
        """What releases last said of each field, and the place of the one that did.

        The first release of an award goes on from what was said before it, which any award outranks.
        """
        if award in self.read:
            return self.read[award].said
        before = self.read[""].said if "" in self.read else {}
        return {name: [digest, ""] for name, (digest, _) in before.items()}

    def _now(self, name: str) -> Any:
        return (self.provider_ids or None) if name == "providers" else getattr(self.contract, name)


def kept_contracts(unit: CommissioningUnit) -> dict[str, list[Kept]]:
    """The unit's contracts with an ocid, by ocid, oldest first. They are locked until the transaction ends."""
    contracts = Contract.objects.select_for_update(of=("self",), no_key=True).filter(unit=unit).exclude(ocid="")
    kept: dict[str, list[Kept]] = {}
    for contract in contracts.prefetch_related("provider_rows", "imported_releases").order_by("pk"):
        kept.setdefault(contract.ocid, []).append(_kept(contract))
    return kept


def _kept(contract: Contract) -> Kept:
    rows = [row for row in contract.imported_releases.all() if row.ocid == contract.ocid]
    return Kept(
        contract=contract,
        read={row.award_id: row for row in rows},
        provider_ids=[row.organisation_id for row in contract.provider_rows.all()],
    )


def keep_read(row: ImportedRelease) -> None:
    ImportedRelease.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["contract", "ocid", "award_id"],
        update_fields=["release_id", "released_at", "read_at", "said"],
    )


def said(draft: Draft) -> dict[str, str]:
    """The fields of which the release says something, each with a digest to compare by."""
    facts = (
        draft.title,
        draft.description,
        draft.buyer and draft.buyer.normalised_name,
        [supplier.normalised_name for supplier in draft.suppliers] or None,
        draft.value,
        draft.start,
        draft.end,
        draft.regime,
        draft.route,
    )
    return {
        name: hashlib.sha256(repr(_plain(fact)).encode()).hexdigest()[:16]
        for name, fact in zip(FIELDS, facts, strict=True)
        if fact not in UNKNOWN
    }


def _plain(fact: Any) -> Any:
    """Equal facts have equal text: £3,000 and £3,000.00, a choice and its code."""
    return [str(entry) for entry in fact] if isinstance(fact, list) else str(fact)
