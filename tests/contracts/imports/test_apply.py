"""All rows or none, under one act, and nothing overwritten unseen."""

import datetime
from decimal import Decimal

import pghistory.models
import pytest
from django.core.exceptions import ValidationError

from commissioning.models import Organisation, OrganisationIdentifier, ServiceArea
from contracts import tasks
from contracts.models import Contract, ExtensionOption, ImportState
from contracts.services.contract import ContractParts, change_contract
from contracts.services.register_import import answer_providers, check_register, confirm_register
from contracts.services.register_writes import apply_register
from tests.contracts.imports.files import csv_file, received

EVENTS = Contract._meta.get_field("events").related_model
FULL = (
    "Reference,Title,Description,Service area,Providers,Provider identifiers,Contract officer,Deputies,Service manager,"
    "Managed,Procurement regime,Procurement route,Annual value,Whole-life value,Partner funding,Starts,Ends,"
    "Extension options (months),Extensions exercised,Notice period (months),Notice given on,Notice given by,"
    "Notice ends on"
)


def full_row(world, reference="A1", **cells):
    officer, deputy = world.people["contract_officer"].email, world.people["commissioner"].email
    values = {
        "title": "Short breaks",
        "description": "For sixty families",
        "area": "Localities",
        "providers": "Willow Homes Ltd | Heron Care CIC",
        "codes": " | company:00000123",
        "deputies": f"{deputy} | {world.people['finance'].email}",
        "annual": "100",
        "funding": f"{world.council.name}: 60; 180 | {world.ccg.name}: 40; 120",
        "exercised": "31/03/2015",
    } | cells
    return (
        f"{reference},{values['title']},{values['description']},{values['area']},{values['providers']},{values['codes']},"
        f"{officer},{values['deputies']},{officer},Devolved,Grant,Not known,{values['annual']},300,{values['funding']},"
        f"01/04/2013,31/03/2016,12 | 6,{values['exercised']},6,01/10/2014,Provider,30/09/2015"
    )


def applied(world, content):
    register_import = received(world, content)
    confirm_register(register_import=register_import, by=world.people["commissioner"])
    assert apply_register(register_import_id=register_import.pk)
    register_import.refresh_from_db()
    return register_import


def test_every_column_arrives(world):
    register_import = applied(world, csv_file(FULL, full_row(world)))
    contract = Contract.objects.get(unit=world.unit, reference="A1")
    heron = Organisation.objects.get(name="Heron Care CIC")
    assert register_import.state == ImportState.APPLIED
    assert (contract.slug, contract.title, contract.description) == ("A1", "Short breaks", "For sixty families")
    assert contract.service_area == ServiceArea.objects.get(unit=world.unit, name="Localities")
    assert list(contract.provider_rows.values_list("organisation", "position")) == [
        (world.provider.pk, 1),
        (heron.pk, 2),
    ]
    assert list(heron.identifiers.values_list("scheme", "value")) == [("company", "00000123")]
    assert (heron.kind, heron.normalised_name) == ("company", "heron care cic")
    assert contract.officer == contract.service_manager == world.people["contract_officer"]
    assert set(contract.deputies.all()) == {world.people["commissioner"], world.people["finance"]}
    assert (contract.management, contract.procurement_regime, contract.procurement_route) == (
        "devolved",
        "grant",
        "unknown",
    )
    assert (contract.annual_value, contract.whole_life_value) == (Decimal(100), Decimal(300))
    assert set(contract.funding.values_list("organisation", "annual_amount", "whole_life_amount")) == {
        (world.council.pk, Decimal(60), Decimal(180)),
        (world.ccg.pk, Decimal(40), Decimal(120)),
    }
    assert (contract.start, contract.initial_end) == (datetime.date(2013, 4, 1), datetime.date(2016, 3, 31))
    assert list(contract.options.values_list("position", "months", "exercised_on")) == [
        (1, 12, datetime.date(2015, 3, 31)),
        (2, 6, None),
    ]
    assert (contract.exercised_months, contract.option_months, contract.notice_months) == (12, 18, 6)
    assert contract.effective_end == contract.notice_ends_on == datetime.date(2015, 9, 30)
    assert (contract.created_by, contract.version) == (world.people["commissioner"], 1)


def test_the_same_file_twice_changes_nothing(world):
    content = csv_file(FULL, full_row(world))
    applied(world, content)
    before = EVENTS.objects.count()
    again = received(world, content)
    assert (again.to_create, again.to_change, again.unchanged, again.at_fault) == (0, 0, 1, 0)
    with pytest.raises(ValidationError, match="nothing to import"):
        confirm_register(register_import=again, by=world.people["commissioner"])
    assert EVENTS.objects.count() == before


def test_changes_replace_lists_and_keep_what_stays(world):
    applied(world, csv_file(FULL, full_row(world)))
    contract = Contract.objects.get(reference="A1")
    kept = contract.provider_rows.get(organisation=world.provider).pk
    ExtensionOption.objects.filter(contract=contract, position=1).update(exercised_by=world.people["finance"])
    applied(
        world,
        csv_file(
            "Reference,Title,Providers,Deputies,Partner funding,Extension options (months)",
            f"A1,Short breaks,Alder Trust | Willow Homes Ltd,,{world.ccg.name}: 100; 300,12 | 6 | 6",
        ),
    )
    contract.refresh_from_db()
    assert list(contract.provider_rows.values_list("organisation", "position")) == [
        (world.other_provider.pk, 1),
        (world.provider.pk, 2),
    ]
    assert contract.provider_rows.get(organisation=world.provider).pk == kept
    assert list(contract.deputies.all()) == []
    assert list(contract.funding.values_list("organisation", "annual_amount")) == [(world.ccg.pk, Decimal(100))]
    assert list(contract.options.values_list("months", "exercised_by")) == [
        (12, world.people["finance"].pk),
        (6, None),
        (6, None),
    ]
    assert (contract.version, contract.option_months, contract.description) == (2, 24, "For sixty families")


def test_history_has_one_act_with_the_files_name(world):
    applied(world, csv_file(FULL, full_row(world), full_row(world, "A2", title="Other")))
    contexts = pghistory.models.Context.objects.filter(metadata__act="Register imported")
    (context,) = contexts
    assert context.metadata["reason"] == "register.csv"
    assert context.metadata["actor"] == world.people["commissioner"].pk
    events = EVENTS.objects.filter(pgh_context=context)
    assert sorted(events.values_list("reference", "pgh_label")) == [("A1", "insert"), ("A2", "insert")]


def test_one_fault_blocks_all(world):
    register_import = received(world, csv_file("Reference,Title", "A1,x", "A2,"))
    with pytest.raises(ValidationError, match="all rows are imported or none"):
        confirm_register(register_import=register_import, by=world.people["commissioner"])
    apply_register(register_import_id=register_import.pk)
    assert Contract.objects.count() == 0


def test_applied_twice_is_applied_once(world):
    register_import = applied(world, csv_file(FULL, full_row(world)))
    assert apply_register(register_import_id=register_import.pk)
    assert Contract.objects.filter(reference="A1").count() == 1


def test_a_contract_changed_meanwhile_is_not_overwritten_unseen(world):
    contract = world.contract(reference="A1", title="Old")
    register_import = received(world, csv_file("Reference,Title", "A1,Mine", "A2,New"))
    confirm_register(register_import=register_import, by=world.people["commissioner"])
    change_contract(
        contract=contract,
        details={"title": "Theirs"},
        parts=ContractParts(),
        version=contract.version,
        by=world.people["ccg_commissioner"],
    )
    assert not apply_register(register_import_id=register_import.pk)
    contract.refresh_from_db()
    assert contract.title == "Theirs"
    assert not Contract.objects.filter(reference="A2").exists()
    check_register(register_import_id=register_import.pk)
    register_import.refresh_from_db()
    assert register_import.state == ImportState.CHECKED
    assert register_import.note.startswith("The register changed after you saw the preview. Somebody changed A1.")
    assert register_import.rows.get(reference="A1").changes == [["Title", "Theirs", "Mine"]]


def test_a_list_changed_meanwhile_counts_as_a_change(world):
    contract = world.contract(reference="A1", title="Old", options=[12])
    register_import = received(world, csv_file("Reference,Title", "A1,Mine"))
    confirm_register(register_import=register_import, by=world.people["commissioner"])
    ExtensionOption.objects.filter(contract=contract).update(exercised_on=datetime.date(2014, 10, 1))
    assert not apply_register(register_import_id=register_import.pk)


def test_a_contract_restricted_meanwhile_is_left(world):
    contract = world.contract(reference="A1", title="Old")
    register_import = received(world, csv_file("Reference,Title", "A1,Mine"))
    confirm_register(register_import=register_import, by=world.people["commissioner"])
    Contract.objects.filter(pk=contract.pk).update(is_restricted=True)
    assert not apply_register(register_import_id=register_import.pk)
    contract.refresh_from_db()
    assert contract.title == "Old"


def test_a_reference_taken_meanwhile_sends_the_file_back(world):
    register_import = received(world, csv_file("Reference,Title", "A1,Mine"))
    confirm_register(register_import=register_import, by=world.people["commissioner"])
    world.contract(reference="A1", title="Theirs")
    assert not apply_register(register_import_id=register_import.pk)
    assert Contract.objects.get(reference="A1").title == "Theirs"


def test_a_provider_added_meanwhile_sends_the_file_back(world):
    register_import = received(world, csv_file("Reference,Title,Providers", "A1,x,Heron Care CIC"))
    confirm_register(register_import=register_import, by=world.people["commissioner"])
    heron = Organisation.objects.create(name="Heron Care", normalised_name="heron care cic", kind="company")
    assert not apply_register(register_import_id=register_import.pk)
    check_register(register_import_id=register_import.pk)
    assert register_import.rows.get().values["providers"] == [heron.pk]


@pytest.mark.parametrize("same", [True, False])
def test_a_doubtful_provider_must_be_answered(world, same):
    by = world.people["commissioner"]
    register_import = received(world, csv_file("Reference,Title,Providers", "A1,x,Willow Homes plc"))
    with pytest.raises(ValidationError, match="doubtful provider"):
        confirm_register(register_import=register_import, by=by)
    question = register_import.provider_questions.get()
    answer_providers(
        register_import=register_import, answers={question.pk: str(world.provider.pk) if same else "new"}, by=by
    )
    check_register(register_import_id=register_import.pk)
    confirm_register(register_import=register_import, by=by)
    assert apply_register(register_import_id=register_import.pk)
    (provider,) = Contract.objects.get(reference="A1").providers.all()
    assert provider.name == ("Willow Homes Ltd" if same else "Willow Homes plc")
    assert (provider == world.provider) is same


def test_two_new_names_answered_as_one_make_one_provider(world):
    by = world.people["commissioner"]
    register_import = received(
        world, csv_file("Reference,Title,Providers", "A1,x,Sandpiper Housing Ltd", "A2,x,Sandpiper Housing CIC")
    )
    question = register_import.provider_questions.get()
    answer_providers(register_import=register_import, answers={question.pk: question.candidates[0][0]}, by=by)
    check_register(register_import_id=register_import.pk)
    confirm_register(register_import=register_import, by=by)
    assert apply_register(register_import_id=register_import.pk)
    assert Organisation.objects.filter(name__startswith="Sandpiper").count() == 1
    assert OrganisationIdentifier.objects.count() == 0


def test_a_job_broken_off_before_the_new_check_goes_on_with_it(world):
    """The register had moved, the file went back, and the worker died: the same job comes round again."""
    world.contract(reference="A1", title="Old")
    register_import = received(world, csv_file("Reference,Title", "A1,Mine"))
    confirm_register(register_import=register_import, by=world.people["commissioner"])
    Contract.objects.filter(reference="A1").update(title="Theirs", version=2)
    assert not apply_register(register_import_id=register_import.pk)
    tasks.apply_register_import(register_import.pk)
    register_import.refresh_from_db()
    assert (register_import.state, Contract.objects.get().title) == (ImportState.CHECKED, "Theirs")
