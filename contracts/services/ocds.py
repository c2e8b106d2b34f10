"""Importing published open contracting data: each release by itself, the later never lost to the earlier."""

import copy
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from accounts import clock
from accounts.acts import act
from accounts.models import User
from commissioning.models import CommissioningUnit, Organisation
from commissioning.rules import slug_of
from contracts.models import Contract, ContractProvider
from contracts.ocds.kept import Kept, keep_read, kept_contracts, said
from contracts.ocds.organisations import Organisations
from contracts.ocds.reading import LONGEST_OCID, Draft, Note, Release, identified, read_release
from contracts.ocds.references import references
from contracts.ocds.text import identifier
from contracts.ocds.values import LONDON, Fault
from contracts.rules.returns import month_to_return

ACT: Final = "Imported from open contracting data"


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class ReleaseReport:
    """What became of one release: for one that was skipped, why; for the others, the contracts and what is unknown."""

    ocid: str
    release: str
    outcome: Outcome
    reason: str = ""
    references: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        which = " ".join(filter(None, [self.ocid, self.release]))
        told = [part for part in (", ".join(self.references), self.reason) if part]
        told += dict.fromkeys(str(note) for note in self.notes)
        return f"{which}: {self.outcome}" + (f": {'; '.join(told)}" if told else "")


@dataclass
class ImportReport:
    releases: list[ReleaseReport] = field(default_factory=list)
    contracts_created: int = 0
    buyers: int = 0  # different names in the releases
    suppliers: int = 0
    organisations_added: int = 0
    likenesses: list[tuple[str, str]] = field(default_factory=list)  # (new name, name kept already)

    def count(self, outcome: Outcome) -> int:
        return sum(report.outcome == outcome for report in self.releases)

    def reasons(self) -> Counter[str]:
        """Why releases were skipped."""
        return Counter(report.reason for report in self.releases if report.outcome == Outcome.SKIPPED)

    def unknown(self) -> Counter[str]:
        """What was left unknown or left out, by the number of releases."""
        return Counter(about for report in self.releases for about in {note.about for note in report.notes})


def import_releases(
    *,
    unit: CommissioningUnit,
    releases: Iterable[dict[str, Any] | Fault],
    source: str,
    by: User | None,
    dry_run: bool = False,
) -> ImportReport:
    """Bring the releases onto the unit's register in the order of their dates, whatever the order of the file.

    Each is a step of its own: one that fails is reported with the reason and leaves no trace. ``source`` is named in
    the history. With ``dry_run`` everything is tried and nothing kept.
    """
    with transaction.atomic():
        CommissioningUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # one import of a unit at a time
        report = _Import(unit=unit, source=source, by=by).run(releases)
        transaction.set_rollback(dry_run)
    return report


class _Import:
    def __init__(self, *, unit: CommissioningUnit, source: str, by: User | None) -> None:
        self.unit = unit
        self.source = source
        self.by = by
        self.kept = kept_contracts(unit)
        self.organisations = Organisations()
        taken = Contract.objects.filter(unit=unit).values_list("reference", "slug")
        self.taken = {name for pair in taken for name in pair}
        self.report = ImportReport()

    def run(self, releases: Iterable[dict[str, Any] | Fault]) -> ImportReport:
        readable = self._readable(releases)
        drafts = [draft for release in readable for draft in release.drafts]
        self.report.buyers = len({draft.buyer.normalised_name for draft in drafts if draft.buyer})
        self.report.suppliers = len({party.normalised_name for draft in drafts for party in draft.suppliers})
        for release in sorted(readable, key=lambda release: release.place):
            self.report.releases.append(self._step(release))
        self.report.organisations_added = len(self.organisations.added)
        self.report.likenesses = [
            (self.organisations.by_id[pk].name, name) for pk, name in self.organisations.likenesses.items()
        ]
        return self.report

    def _readable(self, releases: Iterable[dict[str, Any] | Fault]) -> list[Release]:
        readable: dict[tuple[str, str], Release] = {}
        for part in releases:
            if isinstance(part, Fault):
                self._skip("", "", str(part))
                continue
            try:
                release = read_release(part)
            except Fault as fault:
                self._skip(*_names(part), str(fault))
                continue
            if (release.ocid, release.id) in readable:
                self._skip(release.ocid, release.id, "the same release stands in the file twice")
                continue
            readable[release.ocid, release.id] = release
        return list(readable.values())

    def _skip(self, ocid: str, release: str, reason: str) -> None:
        self.report.releases.append(ReleaseReport(ocid, release, Outcome.SKIPPED, reason))

    # One release

    def _step(self, release: Release) -> ReleaseReport:
        step = _Step(self, release)
        try:
            with transaction.atomic():
                outcome = step.run()
                _check_deferred_constraints()
        except (ValidationError, DatabaseError, Fault) as error:
            self.organisations.take_back()
            return ReleaseReport(release.ocid, release.id, Outcome.SKIPPED, _sentence(error))
        self.organisations.keep()
        self._remember(step)
        notes = (*release.notes, *(note for draft in release.drafts for note in draft.notes), *step.notes)
        return ReleaseReport(
            release.ocid, release.id, outcome, step.reason, tuple(step.references), tuple(dict.fromkeys(notes))
        )

    def _remember(self, step: "_Step") -> None:
        if step.entries:
            self.kept[step.release.ocid] = step.entries
        self.taken |= step.taken
        self.report.contracts_created += step.created


class _Step:
    """One release on its way into the register; what it finds is remembered only when all of it went well."""

    def __init__(self, run: _Import, release: Release) -> None:
        self.run_of = run
        self.release = release
        self.day = release.moment.astimezone(LONDON).date()
        self.entries = [copy.copy(entry) for entry in run.kept.get(release.ocid, [])]
        self.taken: set[str] = set()
        self.references: list[str] = []
        self.notes: list[Note] = []
        self.reason = ""
        self.created = 0

    def run(self) -> Outcome:
        outcomes = {self._draft(draft) for draft in self.release.drafts}
        for outcome in (Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED):
            if outcome in outcomes:
                return outcome
        raise Fault("it amends an award that is not on the register")

    def _draft(self, draft: Draft) -> Outcome:
        entry = self._entry(draft)
        if entry is None:
            return self._create(draft) if draft.adds_a_contract else Outcome.SKIPPED
        self.references.append(entry.contract.reference)
        if entry.place(draft.award) == self.release.place:
            return Outcome.UNCHANGED
        if entry.award and not draft.award:
            self.reason = "the contract has since been awarded"
            return self._keep(entry, draft, entry.contract, entry.provider_ids)
        outcome = self._change(entry, draft)
        if outcome is Outcome.UNCHANGED and self.release.place < entry.place(draft.award):
            self.reason = "a later release has been read"
        return outcome

    def _keep(self, entry: Kept, draft: Draft, contract: Contract, provider_ids: list[int]) -> Outcome:
        """Remember that the release has been read, whether or not it changed the contract."""
        row = entry.after(self.release, draft)
        keep_read(row)
        new = Kept(contract, entry.read | {draft.award: row}, provider_ids)
        self.entries[self.entries.index(entry)] = new
        return Outcome.CHANGED if contract.version != entry.contract.version else Outcome.UNCHANGED

    def _entry(self, draft: Draft) -> Kept | None:
        """The contract of this award; else the one still being procured, which its award completes."""
        same = [entry for entry in self.entries if entry.award == draft.award]
        open_ones = [entry for entry in self.entries if not entry.award]
        any_one = [] if draft.award else self.entries
        return next(iter([*same, *open_ones, *any_one]), None)

    # Creating

    def _create(self, draft: Draft) -> Outcome:
        if twin := self._twin(draft):
            self.notes.append(
                Note("a contract may stand on the register twice", f"may be the same contract as {twin.reference}")
            )
        with act(ACT, by=self.run_of.by, reason=self.run_of.source):
            contract = self._new_contract(draft)
            provider_ids = self._write_providers(contract, self._supplier_ids(draft), held=[])
        entry = Kept(contract, provider_ids=provider_ids)
        self.entries.append(entry)
        self._keep(entry, draft, contract, provider_ids)
        self.references.append(contract.reference)
        self.created += 1
        return Outcome.CREATED

    def _twin(self, draft: Draft) -> Contract | None:
        """Another award of the process with the same title and days: published anew under another number, perhaps."""
        for entry in self.entries:
            known = entry.contract
            if (known.title, known.start, known.initial_end) == (draft.title, draft.start, draft.end):
                return known
        return None

    def _new_contract(self, draft: Draft) -> Contract:
        reference = self._free_reference(draft)
        contract = Contract(
            unit=self.run_of.unit,
            reference=reference,
            slug=slug_of(reference),
            ocid=self.release.ocid,
            created_by=self.run_of.by,
            decision_lead_days=self.run_of.unit.decision_lead_days,
            returns_from=month_to_return(clock.today()),
            **self._facts(draft),
        )
        contract.full_clean(exclude=["unit", "buyer", "created_by"])
        contract.save(force_insert=True)
        return contract

    def _free_reference(self, draft: Draft) -> str:
        taken = self.run_of.taken | self.taken
        for reference in references(self.release.ocid, draft.award):
            if not {reference, slug_of(reference)} & taken:
                self.taken |= {reference, slug_of(reference)}
                return reference
        raise Fault("every reference made from its ocid is in use for another contract")

    def _facts(self, draft: Draft) -> dict[str, Any]:
        return {
            "title": draft.title,
            "description": draft.description,
            "buyer": self._buyer(draft),
            "whole_life_value": draft.value,
            "start": draft.start,
            "initial_end": draft.end,
            "procurement_regime": draft.regime,
            "procurement_route": draft.route,
        }

    def _buyer(self, draft: Draft) -> Organisation | None:
        """None where it is the unit's host, as everywhere on the register."""
        if draft.buyer is None:
            return None
        buyer = self._organisation(draft.buyer)
        return None if buyer.pk == self.run_of.unit.host_id else buyer

    def _supplier_ids(self, draft: Draft) -> list[int]:
        return list(dict.fromkeys(self._organisation(supplier).pk for supplier in draft.suppliers))

    def _organisation(self, party: Any) -> Organisation:
        source = f"Open contracting release {self.release.id}"
        return self.run_of.organisations.find_or_add(party, day=self.day, source=source)

    def _write_providers(self, contract: Contract, wanted: list[int], *, held: list[int]) -> list[int]:
        if wanted != held:
            contract.provider_rows.exclude(organisation_id__in=wanted).delete()
            ContractProvider.objects.bulk_create(
                [
                    ContractProvider(contract=contract, organisation_id=pk, position=position)
                    for position, pk in enumerate(wanted, start=1)
                ],
                update_conflicts=True,
                unique_fields=["contract", "organisation"],
                update_fields=["position"],
            )
        return wanted

    # Changing

    def _change(self, entry: Kept, draft: Draft) -> Outcome:
        """Take over what is known and new; what a person corrected stays unless the release says something else now."""
        contract = copy.copy(entry.contract)
        with act(ACT, by=self.run_of.by, reason=self.run_of.source):
            different = self._different_facts(entry, draft)
            providers = self._providers(entry, draft)
            if different or providers != entry.provider_ids:
                for name, value in different.items():
                    setattr(contract, name, value)
                contract.version += 1
                contract.full_clean(exclude=["unit", "buyer", "created_by", "officer", "service_manager"])
                contract.save()
                self._write_providers(contract, providers, held=entry.provider_ids)
        return self._keep(entry, draft, contract, providers)

    def _new(self, entry: Kept, draft: Draft) -> set[str]:
        return {
            name
            for name, digest in said(draft).items()
            if entry.takes(name, digest, release=self.release, award=draft.award)
        }

    def _different_facts(self, entry: Kept, draft: Draft) -> dict[str, Any]:
        new = self._new(entry, draft)
        facts = self._facts(draft if "buyer" in new else replace(draft, buyer=None))
        return {
            name: value
            for name, value in facts.items()
            if name in new and value is not None and value != getattr(entry.contract, name)
        }

    def _providers(self, entry: Kept, draft: Draft) -> list[int]:
        return self._supplier_ids(draft) if "providers" in self._new(entry, draft) else entry.provider_ids


def _names(release: dict[str, Any]) -> tuple[str, str]:
    try:
        return identified(release)
    except Fault:
        return identifier(release.get("ocid"))[:LONGEST_OCID], identifier(release.get("id"))


def _check_deferred_constraints() -> None:
    """Now, within the release's own step: at the end of the import they would undo all of it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error).strip().split("\n")[0]
