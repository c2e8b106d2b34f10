"""Brings a confirmed register file into the register: in sets, in one transaction, under one act."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from django.db import IntegrityError, connection
from django.db.models import Model

from accounts import clock
from accounts.acts import act
from accounts.permissions import Permission
from commissioning.models import Organisation, OrganisationIdentifier, ServiceArea
from commissioning.rules import kind_of, normalised_name, slug_of
from contracts.choices import DutyCause
from contracts.models import (
    Contract,
    ContractDeputy,
    ContractFunding,
    ContractProvider,
    Duty,
    ExtensionOption,
    ImportedRow,
    ImportOutcome,
    ImportState,
    RegisterImport,
)
from contracts.resources.comparison import loose
from contracts.resources.rules import contract_of, own_positions
from contracts.resources.stored import FIELDS, OUTSIDE, Values, blank_values, from_json, stored_contracts, taken_in
from contracts.resources.surroundings import area_ids
from contracts.rules.returns import month_to_return
from contracts.services.life.duties import OPEN, move_with_the_end

BATCH: Final = 10_000
#: Columns of a contract that an import writes on one that exists.
WRITTEN: Final = (*(name for name in FIELDS if name != "reference"), "option_months", "exercised_months", "version")
_KEEP_MONTHS: Final = next(
    trigger.get_pgid(ExtensionOption)
    for trigger in ExtensionOption._meta.triggers  # type: ignore[attr-defined]
    if trigger.name == "keep_months_written"
)
#: PostgreSQL's codes of a unique and of an exclusion constraint.
UNIQUE_VIOLATIONS: Final = ("23505", "23P01")
#: So many rows written are enough for the planner's idea of the tables to be wrong.
MANY: Final = 500
_GROWN: Final = (
    Contract,
    ContractProvider,
    ContractDeputy,
    ContractFunding,
    ExtensionOption,
    Organisation,
    OrganisationIdentifier,
)


class RegisterMoved(Exception):  # noqa: N818
    """The register is no longer what the preview compared the file with; the message says where."""


@dataclass
class Write:
    """A row on its way into the register."""

    row: ImportedRow
    values: Values
    before: Values
    contract: Contract


def apply_register(*, register_import_id: int) -> bool:
    """Write a confirmed import; False where the register had moved and the file must be checked again.

    The state changes in the transaction of the writes, so a job that is broken off or runs twice writes once. A job
    that was broken off between going back to the check and the check itself goes on there.
    """
    register_import = RegisterImport.objects.select_related("unit", "confirmed_by").get(pk=register_import_id)
    try:
        with act("Register imported", by=register_import.confirmed_by, reason=register_import.file_name):
            held = RegisterImport.objects.select_for_update(of=("self",)).get(pk=register_import_id)
            if held.state in (ImportState.RECEIVED, ImportState.CHECKING):
                return False
            if held.state == ImportState.CONFIRMED:
                _write(register_import)
                held.state = ImportState.APPLIED
                held.note = ""
                held.save(update_fields=["state", "note"])
    except RegisterMoved as moved:
        _back_to_the_check(register_import, str(moved))
        return False
    except IntegrityError as error:
        if getattr(error.__cause__, "pgcode", None) not in UNIQUE_VIOLATIONS:
            raise
        _back_to_the_check(register_import, "Somebody added a contract or a provider of this file.")
        return False
    if register_import.to_write > MANY:
        _refresh_statistics()
    return True


def _refresh_statistics() -> None:
    """Tell the planner at once that the tables have grown: until it knows, an export or a page reads them whole."""
    tables = [model._meta.db_table for model in _GROWN]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(map(connection.ops.quote_name, tables)))


def _back_to_the_check(register_import: RegisterImport, where: str) -> None:
    RegisterImport.objects.filter(pk=register_import.pk, state=ImportState.CONFIRMED).update(
        state=ImportState.RECEIVED,
        rows_done=0,
        confirmed_at=None,
        confirmed_by=None,
        note=f"The register changed after you saw the preview. {where} Nothing was imported; the file was compared "
        "again, and this is the new preview.",
    )


def _write(register_import: RegisterImport) -> None:
    rows = list(register_import.rows.filter(outcome__in=[ImportOutcome.CREATE, ImportOutcome.CHANGE]))
    before = _unmoved(register_import, rows)
    new = _add_providers(register_import)
    areas = _add_service_areas(register_import)
    writes = [_prepared(register_import, row, before, new, areas) for row in rows]
    _leave_out(_KEEP_MONTHS)
    _write_contracts(writes)
    _write_providers(writes)
    _write_deputies(writes)
    _write_options(writes)
    _write_funding(writes)
    _leave_out()
    _move_duties(writes)


def _leave_out(*triggers: str) -> None:
    """Let triggers rest in what follows of this transaction; an error undoes it with the rest.

    Contracts are written with the sums of their options, which that trigger would write once more for every option.
    That the setting is there at all spares each history trigger an exception, which is most of its time: 10,000
    contracts came down from 24 seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(triggers) + "}"])


# What must still be so


def _unmoved(register_import: RegisterImport, rows: list[ImportedRow]) -> dict[int, tuple[int, Values]]:
    """Version and values of each contract to change, locked; raises RegisterMoved where one is not as previewed."""
    changing = {row.contract_id: row for row in rows if row.contract_id and row.outcome == ImportOutcome.CHANGE}
    locked = Contract.objects.select_for_update(of=("self",)).filter(pk__in=changing).order_by("pk")
    versions = dict(locked.values_list("pk", "version"))
    by = register_import.confirmed_by
    mine = Contract.objects.visible_to(by, Permission.EDIT_CONTRACTS).filter(unit=register_import.unit)
    now = {stored.pk: stored for stored in stored_contracts(mine.filter(pk__in=changing)).values()}
    moved = [row.reference for pk, row in changing.items() if pk not in now or now[pk].fingerprint != row.fingerprint]
    adding = [row.reference for row in rows if row.outcome == ImportOutcome.CREATE]
    taken = taken_in(register_import.unit_id, references=adding, slugs={slug_of(reference) for reference in adding})
    moved += [reference for reference in adding if slug_of(reference) in taken.slugs]
    if moved:
        raise RegisterMoved(_moved_sentence(moved))
    return {pk: (versions[pk], now[pk].values) for pk in changing}


def _moved_sentence(references: list[str]) -> str:
    if len(references) == 1:
        return f"Somebody changed {references[0]}."
    shown = ", ".join(references[:5])
    return f"Somebody changed {shown}." if len(references) <= 5 else f"{len(references)} contracts changed: {shown}, …."


# Providers and service areas that the file brings


def _add_providers(register_import: RegisterImport) -> dict[str, int]:
    """The ids of the providers that were new in the preview, by their key there."""
    wanted = register_import.new_providers
    plain = {each["key"]: each["key"].partition(":")[2] for each in wanted}
    now: dict[str, list[int]] = {}
    namesakes = Organisation.objects.filter(normalised_name__in=plain.values()).order_by("pk")
    for pk, name in namesakes.values_list("pk", "normalised_name"):
        now.setdefault(name, []).append(pk)
    for each in wanted:
        if now.get(plain[each["key"]], []) != each["namesakes"]:
            raise RegisterMoved(f"Somebody added {each['name']} to the organisations.")
    organisations = Organisation.objects.bulk_create(
        [
            Organisation(
                name=each["name"],
                normalised_name=normalised_name(each["name"]),
                kind=kind_of(each["name"], schemes={scheme for scheme, _ in each["identifiers"]}),
            )
            for each in wanted
        ],
        batch_size=BATCH,
    )
    OrganisationIdentifier.objects.bulk_create(
        [
            OrganisationIdentifier(
                organisation=organisation,
                scheme=scheme,
                value=value,
                source=f"Register: {register_import.file_name}"[:200],
            )
            for organisation, each in zip(organisations, wanted, strict=True)
            for scheme, value in each["identifiers"]
        ],
        batch_size=BATCH,
    )
    return {each["key"]: organisation.pk for organisation, each in zip(organisations, wanted, strict=True)}


def _add_service_areas(register_import: RegisterImport) -> dict[str, int]:
    known = area_ids(register_import.unit_id)
    new = [name for name in register_import.new_service_areas if loose(name) not in known]
    ServiceArea.objects.bulk_create([ServiceArea(unit_id=register_import.unit_id, name=name) for name in new])
    return known | {loose(area.name): area.pk for area in _areas_named(register_import.unit_id, new)}


def _areas_named(unit_id: int, names: list[str]) -> Iterable[ServiceArea]:
    return ServiceArea.objects.filter(unit_id=unit_id, name__in=names)


# The rows


def _prepared(
    register_import: RegisterImport,
    row: ImportedRow,
    before: dict[int, tuple[int, Values]],
    new: dict[str, int],
    areas: dict[str, int],
) -> Write:
    values = from_json(row.values)
    values["providers"] = tuple(new.get(key, key) for key in values["providers"])
    contract = contract_of(values, unit=register_import.unit)
    contract.officer_id = values["officer"]
    contract.service_manager_id = values["service_manager"]
    if values["service_area"] is not None:
        if loose(values["service_area"]) not in areas:
            raise RegisterMoved(f"Somebody took away the service area {values['service_area']}.")
        contract.service_area_id = areas[loose(values["service_area"])]
    if row.outcome == ImportOutcome.CREATE:
        contract.created_by = register_import.confirmed_by
        contract.returns_from = month_to_return(clock.today())
        return Write(row, values, blank_values(), contract)
    version, held = before[row.contract_id]  # type: ignore[index]
    contract.pk = row.contract_id
    contract.version = version + 1
    return Write(row, values, held, contract)


def _write_contracts(writes: list[Write]) -> None:
    """New ones inserted, existing ones by INSERT … ON CONFLICT DO UPDATE on their ids: one statement for all."""
    Contract.objects.bulk_create([write.contract for write in writes if write.contract.pk is None], batch_size=BATCH)
    Contract.objects.bulk_create(
        [write.contract for write in writes if write.row.outcome == ImportOutcome.CHANGE],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(WRITTEN),
    )


def _changed(writes: list[Write], *names: str) -> list[Write]:
    return [write for write in writes if any(write.values[name] != write.before[name] for name in names)]


def _replace(
    model: type[Model],
    writes: list[Write],
    *,
    key: str,
    rows: Callable[[Write], Iterable[Any]],
    written: list[str],
) -> None:
    """Make the rows of a list those of the file: what is there and stays is updated, the rest added or deleted."""
    wanted = [row for write in writes for row in rows(write)]
    keep = {(row.contract_id, getattr(row, key)) for row in wanted}
    held = model._default_manager.filter(
        contract_id__in=[write.contract.pk for write in writes if write.row.contract_id]
    )
    surplus = [
        pk for pk, contract_id, value in held.values_list("pk", "contract_id", key) if (contract_id, value) not in keep
    ]
    if surplus:
        model._default_manager.filter(pk__in=surplus).delete()
    if written:
        model._default_manager.bulk_create(
            wanted,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["contract", key.removesuffix("_id")],
            update_fields=written,
        )
    else:
        model._default_manager.bulk_create(wanted, batch_size=BATCH, ignore_conflicts=True)


def _write_providers(writes: list[Write]) -> None:
    def rows(write: Write) -> Iterable[ContractProvider]:
        for position, organisation_id in enumerate(write.values["providers"], start=1):
            yield ContractProvider(contract_id=write.contract.pk, organisation_id=organisation_id, position=position)

    _replace(ContractProvider, _changed(writes, "providers"), key="organisation_id", rows=rows, written=["position"])


def _write_deputies(writes: list[Write]) -> None:
    def rows(write: Write) -> Iterable[ContractDeputy]:
        return (ContractDeputy(contract_id=write.contract.pk, user_id=user_id) for user_id in write.values["deputies"])

    _replace(ContractDeputy, _changed(writes, "deputies"), key="user_id", rows=rows, written=[])


def _write_options(writes: list[Write]) -> None:
    """Who exercised an option is known for those that the register has; of one that a file brings it is not."""
    changed = _changed(writes, "options", "exercised", "used")
    held = ExtensionOption.objects.filter(
        contract_id__in=[write.row.contract_id for write in changed], exercised_by__isnull=False
    )
    by = {
        (contract, place): user
        for contract, place, user in held.values_list("contract_id", "position", "exercised_by_id")
    }

    def rows(write: Write) -> Iterable[ExtensionOption]:
        values = write.values
        columns = zip_longest(own_positions(values), values["options"], values["exercised"], values["used"])
        for position, months, day, used in columns:
            yield ExtensionOption(
                contract_id=write.contract.pk,
                position=position,
                months=months,
                used_months=used,
                exercised_on=day,
                exercised_by_id=by.get((write.contract.pk, position)),
            )
        for position, months, day in values[OUTSIDE]:
            yield ExtensionOption(
                contract_id=write.contract.pk,
                position=position,
                months=months,
                is_outside=True,
                exercised_on=day,
                exercised_by_id=by.get((write.contract.pk, position)),
            )

    written = ["months", "used_months", "exercised_on", "exercised_by"]
    _replace(ExtensionOption, changed, key="position", rows=rows, written=written)


def _move_duties(writes: list[Write]) -> None:
    """Open duties about the end follow the end that the file gave, on the few contracts that have them."""
    written = [write.row.contract_id for write in writes if write.row.contract_id]
    about_the_end = Duty.objects.filter(contract_id__in=written, rule__cause=DutyCause.ENDED, **OPEN)
    for contract in Contract.objects.filter(pk__in=about_the_end.values("contract_id")):
        move_with_the_end(contract)


def _write_funding(writes: list[Write]) -> None:
    """The database adds the shares up when the transaction ends."""

    def rows(write: Write) -> Iterable[ContractFunding]:
        for share in write.values["funding"]:
            yield ContractFunding(
                contract_id=write.contract.pk,
                organisation_id=share.organisation,
                annual_amount=share.annual_amount,
                whole_life_amount=share.whole_life_amount,
            )

    _replace(
        ContractFunding,
        _changed(writes, "funding"),
        key="organisation_id",
        rows=rows,
        written=["annual_amount", "whole_life_amount"],
    )
