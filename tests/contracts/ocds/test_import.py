import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commissioning.choices import IdentifierScheme, OrganisationKind
from commissioning.models import Organisation, OrganisationIdentifier
from commissioning.rules import normalised_name
from contracts.choices import ContractStatus
from contracts.models import Contract, ContractFunding
from contracts.ocds.values import Fault
from contracts.services.ocds import Outcome, import_releases
from tests.contracts.ocds.releases import FOLDER, award, awarded, every_real, real, release

CREATED, CHANGED, UNCHANGED, SKIPPED = Outcome


@pytest.fixture
def unit(world):
    Contract.objects.filter(unit=world.unit).delete()
    return world.unit


def load(unit, *releases, by=None, **options):
    return import_releases(unit=unit, releases=releases, source="test.json", by=by, **options)


def outcomes(report):
    return [release.outcome for release in report.releases]


def kept(unit):
    return list(Contract.objects.filter(unit=unit).order_by("pk"))


def everything(unit):
    contracts = Contract.objects.filter(unit=unit).order_by("pk")
    return [
        list(contracts.values()),
        list(contracts.order_by("pk", "provider_rows__position").values_list("pk", "provider_rows__organisation_id")),
        list(Organisation.objects.order_by("pk").values()),
        list(OrganisationIdentifier.objects.order_by("pk").values()),
    ]


# Real releases


def test_real_releases_become_contracts(unit):
    report = load(unit, *every_real())
    assert [report.count(outcome) for outcome in Outcome] == [8, 1, 1, 0]
    by_reference = {contract.reference: contract for contract in kept(unit)}
    assert sorted(by_reference) == [
        "CF-070F4662", "CF-1DFBC9B2", "CF-299E8FCB", "CF-3ACEF0BD", "CF-3ACEF0BD-14", "CF-6E414ECD", "CF-75AFE551",
        "CF-7B68A5A5",
    ]  # fmt: skip
    transport = by_reference["CF-299E8FCB"]
    assert transport.ocid == "ocds-b5fd17-299e8fcb-19ae-4baf-9bf6-0676f602a94a"
    assert (transport.start, transport.initial_end) == (date(2025, 3, 17), date(2025, 6, 27))
    assert (transport.whole_life_value, transport.annual_value) == (Decimal("3036.96"), None)
    assert transport.buyer.name == "Suffolk County Council Passenger Transport"
    assert [provider.name for provider in transport.providers.all()] == ["Cabs Smart"]
    framework = by_reference["CF-3ACEF0BD"]
    assert framework.whole_life_value is None
    assert [row.organisation.name for row in framework.provider_rows.all()][:3] == [
        "Outcomes First Group", "Aurora Group", "Polaris Children's Services",
    ]  # fmt: skip
    assert list(framework.provider_rows.values_list("position", flat=True)) == list(range(1, 12))


def test_all_that_is_unknown_is_queued_for_completion(unit):
    load(unit, *every_real())
    contracts = Contract.objects.filter(unit=unit)
    assert contracts.to_complete(day=date(2025, 6, 1)).count() == contracts.count() == 8
    assert not contracts.exclude(annual_value=None, officer=None, service_area=None, notice_months=None).exists()
    assert not contracts.exclude(notice_by=None, decide_by=None).exists()


def test_what_is_not_awarded_is_being_procured(unit):
    load(unit, *every_real())
    procured = {"CF-75AFE551", "CF-7B68A5A5"}
    for contract in Contract.objects.filter(unit=unit, reference__in=procured):
        assert contract.status_on(date(2030, 1, 1)) is ContractStatus.BEING_PROCURED
    assert Contract.objects.filter(unit=unit, start=None).count() == len(procured)


def test_a_second_run_changes_nothing(unit):
    load(unit, *every_real())
    before = everything(unit)
    again = load(unit, *every_real())
    assert [again.count(outcome) for outcome in Outcome] == [0, 0, 10, 0]
    assert again.organisations_added == again.contracts_created == 0
    assert everything(unit) == before


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(every_real()))
def test_the_order_of_the_file_does_not_matter(unit, releases):
    Contract.objects.filter(unit=unit).delete()
    load(unit, *releases)
    contracts = Contract.objects.filter(unit=unit).order_by("reference")
    assert [(row.reference, row.title, row.start, row.version) for row in contracts] == [
        ("CF-070F4662", "Domestic Abuse Independent Advocate (IDVA) and Programme of Therapeutic Response",
         date(2025, 4, 1), 1),
        ("CF-1DFBC9B2", "ESMCP Legal Services", date(2025, 3, 1), 1),
        ("CF-299E8FCB", "QIP131 0900 2025-03-11 Felixstowe-Westbridge academy, Ipswich (4-seated vehicle required) - "
         "AWARD", date(2025, 3, 17), 1),
        ("CF-3ACEF0BD", "Placements Award Notice's", date(2024, 12, 2), 1),
        ("CF-3ACEF0BD-14", "Placements Award Notice's", date(2024, 12, 2), 1),
        ("CF-6E414ECD", "TD2158- Office Furniture Products and Services", date(2025, 2, 1), 1),
        ("CF-75AFE551", "Sumner House - Window Replacement", None, 2),
        ("CF-7B68A5A5", "To Provide Non-acute intermediate care beds (step-up, step-down & rehabilitation) in Harrow "
         "for North West London Integrated Care Board - Request for Information", None, 1),
    ]  # fmt: skip


def test_a_possible_double_is_told_and_not_merged(unit):
    report = load(unit, real("award-placements-12-schools"), real("award-placements-13-schools"))
    assert outcomes(report) == [CREATED, CREATED]
    assert "may be the same contract as CF-3ACEF0BD" in str(report.releases[1])
    assert report.unknown()["a contract may stand on the register twice"] == 1


def test_a_supplier_without_a_name_leaves_the_provider_unknown(unit):
    report = load(unit, real("award-supplier-without-name"))
    (contract,) = kept(unit)
    assert contract.providers.count() == 0
    assert str(report.releases[0]).endswith("CF-1DFBC9B2; suppliers without a name left out: 1")


# Later and earlier releases


def tender(date="2025-01-10T09:00:00Z", title="Short breaks", **parts):
    return release(date=date, tender={"title": title, "description": "", "status": "active"}, **parts)


def test_an_award_completes_the_contract_being_procured(unit):
    load(unit, tender())
    report = load(unit, awarded(date="2025-02-01T09:00:00Z"))
    (contract,) = kept(unit)
    assert outcomes(report) == [CHANGED]
    assert (contract.reference, contract.start, contract.version) == ("CF-0001", date(2025, 4, 1), 2)
    assert [provider.name for provider in contract.providers.all()] == ["Wolds Homecare Ltd"]


def test_one_award_of_two_completes_it_and_the_other_is_added(unit):
    load(unit, tender())
    load(unit, awarded(award("A1"), award("A2"), date="2025-02-01T09:00:00Z"))
    assert [contract.reference for contract in kept(unit)] == ["CF-0001", "CF-0001-A2"]
    again = load(unit, awarded(award("A2"), award("A1"), date="2025-02-01T09:00:00Z"))
    assert outcomes(again) == [UNCHANGED]
    later = awarded(award("A2", value={"amount": 7}), date="2025-03-01T09:00:00Z")
    load(unit, later)
    assert [contract.whole_life_value for contract in kept(unit)] == [Decimal(1200), Decimal(7)]


def test_a_later_release_never_loses_to_an_earlier_one(unit):
    load(unit, tender("2025-03-01T09:00:00Z", "Later"))
    report = load(unit, tender("2025-02-01T09:00:00Z", "Earlier"))
    assert [contract.title for contract in kept(unit)] == ["Later"]
    assert outcomes(report) == [UNCHANGED]
    assert str(report.releases[0]).endswith("unchanged: CF-0001; a later release has been read")


def test_a_tender_published_after_the_award_changes_nothing(unit):
    load(unit, awarded())
    report = load(unit, tender("2025-06-01T09:00:00Z", "Tender corrected"))
    assert outcomes(report) == [UNCHANGED]
    assert kept(unit)[0].title == "Short breaks"


def test_a_later_release_updates_and_what_it_does_not_say_stays(unit):
    load(unit, awarded())
    later = awarded(
        award(
            value=None,
            contractPeriod={"startDate": "2025-04-01", "endDate": "2028-03-31"},
            suppliers=[{"name": "Haven Ltd"}, {"name": "Wolds Homecare Limited"}],
        ),
        date="2025-05-01T09:00:00Z",
    )
    assert outcomes(load(unit, later)) == [CHANGED]
    (contract,) = kept(unit)
    assert (contract.initial_end, contract.whole_life_value) == (date(2028, 3, 31), Decimal(1200))
    assert [row.organisation.name for row in contract.provider_rows.all()] == ["Haven Ltd", "Wolds Homecare Ltd"]


def test_what_a_person_corrected_stays_until_a_release_says_something_new(unit):
    load(unit, awarded())
    Contract.objects.filter(unit=unit).update(title="Short breaks at weekends", whole_life_value=Decimal(1500))
    load(unit, awarded(award(value={"amount": 1300}), date="2025-05-01T09:00:00Z"))
    (contract,) = kept(unit)
    assert (contract.title, contract.whole_life_value) == ("Short breaks at weekends", Decimal(1300))
    load(unit, awarded(award(value={"amount": 1300}, title="Respite"), date="2025-06-01T09:00:00Z"))
    assert kept(unit)[0].title == "Respite"


def test_of_a_contract_typed_by_hand_only_what_is_unknown_is_filled(unit, world):
    world.contract(title="Typed", start=None, initial_end=date(2030, 3, 31), ocid="ocds-b5fd17-0001")
    (typed,) = kept(unit)
    assert outcomes(load(unit, awarded())) == [CHANGED]
    (contract,) = kept(unit)
    assert (contract.pk, contract.title, contract.start) == (typed.pk, "Typed", date(2025, 4, 1))
    assert (contract.initial_end, contract.whole_life_value) == (date(2030, 3, 31), typed.whole_life_value)
    assert list(contract.providers.all()) == [world.provider]


def test_an_amendment_alone_changes_its_contract_and_makes_none(unit):
    amendment = {"id": "A1", "amendments": [{"id": "1"}]}
    alone = load(unit, awarded(amendment))
    assert [str(row) for row in alone.releases] == [
        "ocds-b5fd17-0001 ocds-b5fd17-0001 2025-01-10T09:00:00Z: skipped: "
        "it amends an award that is not on the register"
    ]
    assert kept(unit) == []
    load(unit, awarded())
    report = load(unit, awarded(amendment, id=None, date="2025-05-01T09:00:00Z",
                                contracts=[{"awardID": "A1", "value": {"amount": 2400}}]))  # fmt: skip
    (contract,) = kept(unit)
    assert outcomes(report) == [CHANGED]
    assert (contract.whole_life_value, contract.start) == (Decimal(2400), date(2025, 4, 1))
    assert contract.providers.count() == 1


# Releases that fail


def test_a_broken_release_harms_no_other(unit):
    broken = [
        Fault("Line 3 is not JSON."),
        {"ocid": "ocds-b5fd17-9", "id": "9", "date": "soon", "tender": {"title": "x"}},
        release(ocid="ocds-b5fd17-8", awards={}, id="8"),
    ]
    report = load(unit, tender(), *broken, awarded(ocid="ocds-b5fd17-2"))
    assert sorted(contract.reference for contract in kept(unit)) == ["CF-0001", "CF-2"]
    assert report.reasons() == {
        "Line 3 is not JSON.": 1,
        "\u00absoon\u00bb is not a date.": 1,
        "its \u00abawards\u00bb is not a list of objects": 1,
    }


def test_a_release_that_the_database_refuses_leaves_no_trace(unit, world):
    """The end it brings lies before the start that is known; its new supplier goes with it, and can come again."""
    load(unit, awarded())
    wrong = awarded(
        award(contractPeriod={"endDate": "2020-01-01"}, suppliers=[{"id": "GB-COH-00000077", "name": "Fens Ltd"}]),
        date="2025-05-01T09:00:00Z",
    )
    other = awarded(
        award(suppliers=[{"id": "GB-COH-00000077", "name": "Fens Ltd"}]),
        ocid="ocds-b5fd17-2", date="2025-05-02T09:00:00Z",
    )  # fmt: skip
    report = load(unit, wrong, other)
    assert outcomes(report) == [SKIPPED, CREATED]
    assert report.reasons() == {"A contract cannot end before it starts.": 1}
    first, second = kept(unit)
    assert (first.initial_end, first.version) == (date(2027, 3, 31), 1)
    assert [provider.name for provider in first.providers.all()] == ["Wolds Homecare Ltd"]
    fens = Organisation.objects.get(name="Fens Ltd")
    assert list(second.providers.all()) == [fens]
    assert fens.identifiers.get().value == "00000077"


def test_a_value_that_partners_share_is_not_changed_under_them(unit, world):
    """Held by the database only at the end of a transaction: it must not take the other releases with it."""
    load(unit, awarded())
    (contract,) = kept(unit)
    Contract.objects.filter(pk=contract.pk).update(annual_value=Decimal(600))
    ContractFunding.objects.create(
        contract=contract, organisation=world.council, annual_amount=Decimal(600), whole_life_amount=Decimal(1200)
    )
    report = load(
        unit,
        awarded(award(value={"amount": 5000}), date="2025-05-01T09:00:00Z"),
        awarded(ocid="ocds-b5fd17-2", date="2025-05-02T09:00:00Z"),
    )
    assert outcomes(report) == [SKIPPED, CREATED]
    assert "shares of contract CF-0001 do not total its value" in str(report.releases[0])
    assert [row.whole_life_value for row in kept(unit)] == [Decimal(1200), Decimal(1200)]


def test_the_same_release_twice_in_a_file(unit):
    report = load(unit, tender(), tender())
    assert sorted(outcomes(report)) == [CREATED, SKIPPED]
    assert report.reasons() == {"the same release stands in the file twice": 1}


def test_a_dry_run_keeps_nothing(unit):
    before = everything(unit)
    report = load(unit, *every_real(), dry_run=True)
    assert report.count(CREATED) == 8
    assert everything(unit) == before


def test_a_reference_in_use_is_left_to_its_contract(unit, world):
    world.contract(reference="CF/0001")
    load(unit, awarded())
    assert [contract.reference for contract in kept(unit)] == ["CF/0001", "CF-0001-A1"]


def test_another_units_contract_of_the_same_process_is_untouched(unit, world):
    load(world.outsider_unit, awarded())
    load(unit, awarded(award(value={"amount": 5}), date="2025-05-01T09:00:00Z"))
    assert [
        row.whole_life_value for row in Contract.objects.filter(unit=world.outsider_unit, ocid="ocds-b5fd17-0001")
    ] == [Decimal(1200)]
    assert [row.whole_life_value for row in kept(unit)] == [Decimal(5)]


# Organisations


def organisation(name, kind=OrganisationKind.OTHER, *codes, **fields):
    row = Organisation.objects.create(name=name, normalised_name=normalised_name(name), kind=kind, **fields)
    for scheme, value, valid_from, valid_to in codes:
        OrganisationIdentifier.objects.create(
            organisation=row, scheme=scheme, value=value, valid_from=valid_from, valid_to=valid_to
        )
    return row


def supplied_by(unit, *suppliers, **parts):
    report = load(unit, awarded(award(suppliers=list(suppliers)), **parts))
    assert report.count(CREATED) == 1
    return [row.organisation for row in kept(unit)[-1].provider_rows.all()]


def test_a_code_finds_the_organisation_whatever_its_name(unit):
    known = organisation("Senator International", OrganisationKind.COMPANY, ("company", "01323955", None, None))
    load(unit, real("award-office-furniture"))
    assert list(kept(unit)[0].providers.all()) == [known]
    derby = Organisation.objects.get(name="DERBY CITY COUNCIL")
    assert derby.identifiers.get().scheme == IdentifierScheme.LOCAL_AUTHORITY


def test_a_kept_code_finds_the_body_of_the_day(unit):
    organisation("NHS Testshire CCG", OrganisationKind.CCG, ("ods", "99Z", date(2013, 4, 1), date(2022, 6, 30)))
    board = organisation("NHS Testshire ICB - 99Z", OrganisationKind.ICB, ("ods", "99Z", date(2022, 7, 1), None))
    assert supplied_by(unit, {"id": "GB-NHS-99Z", "name": "NHS Testshire"}) == [board]


def test_a_name_finds_the_organisation_open_on_the_day(unit):
    organisation("Dorset Council", OrganisationKind.COUNCIL, closed_on=date(2019, 3, 31))
    open_now = organisation("Dorset Council", OrganisationKind.COUNCIL, opened_on=date(2019, 4, 1))
    assert supplied_by(unit, {"id": "GB-CFS-1", "name": "DORSET COUNCIL"}) == [open_now]


def test_a_namesake_with_another_company_number_is_another(unit):
    organisation("Wolds Ltd", OrganisationKind.COMPANY, ("company", "00000001", None, None))
    (found,) = supplied_by(unit, {"id": "GB-COH-00000002", "name": "Wolds Limited"})
    assert (found.name, found.kind) == ("Wolds Limited", OrganisationKind.COMPANY)


def test_a_namesake_without_a_number_gains_it(unit):
    known = organisation("Wolds Ltd")
    assert supplied_by(unit, {"id": "GB-COH-2", "name": "x"}, ocid="ocds-b5fd17-5") != [known]
    assert supplied_by(unit, {"id": "GB-COH-00000002", "name": "WOLDS LIMITED"}) == [known]
    assert known.identifiers.get().source == "Open contracting release ocds-b5fd17-0001 2025-01-10T09:00:00Z"


def test_contracts_finders_own_numbers_prove_nothing_and_are_not_kept(unit):
    first = supplied_by(unit, {"id": "GB-CFS-7", "name": "Wolds Ltd"})
    second = supplied_by(unit, {"id": "GB-CFS-7", "name": "Haven Ltd"}, ocid="ocds-b5fd17-2")
    third = supplied_by(unit, {"id": "GB-CFS-99", "name": "wolds limited"}, ocid="ocds-b5fd17-3")
    assert first == third != second
    assert not OrganisationIdentifier.objects.filter(scheme=IdentifierScheme.CFS).exists()


def test_a_likeness_is_told_and_not_merged(unit):
    organisation("Axis Europe plc")
    report = load(unit, awarded(award(suppliers=[{"name": "Axis Europe Limited"}])))
    assert report.likenesses == [("Axis Europe Limited", "Axis Europe plc")]
    assert kept(unit)[0].providers.get().name == "Axis Europe Limited"


def test_the_host_is_no_buyer_of_its_own_register(unit):
    load(unit, awarded(buyer={"id": "GB-CFS-1", "name": unit.host.name.upper()}))
    assert kept(unit)[0].buyer is None


@pytest.mark.parametrize(
    ("supplier", "kind"),
    [
        ({"name": "Wolds CIC"}, OrganisationKind.COMPANY),
        ({"name": "Fens Partnership NHS Foundation Trust"}, OrganisationKind.NHS_TRUST),
        ({"name": "Fens Homes", "id": "GB-CHC-1102137"}, OrganisationKind.VOLUNTARY_SECTOR),
        ({"name": "British Council"}, OrganisationKind.OTHER),
    ],
)
def test_the_kind_of_a_new_organisation_is_only_what_is_proved(unit, supplier, kind):
    (found,) = supplied_by(unit, supplier)
    assert found.kind == kind


def test_organisations_are_read_once_and_not_for_each_release(unit, django_assert_max_num_queries):
    load(unit, *every_real())
    with django_assert_max_num_queries(80):
        load(unit, *every_real())


# History and the command


def test_the_history_says_who_what_and_from_where(unit, world):
    person = world.people["commissioner"]
    load(unit, awarded(), by=person)
    (contract,) = kept(unit)
    metadata = contract.events.latest("pgh_id").pgh_context.metadata
    assert metadata["act"] == "Imported from open contracting data"
    assert (metadata["actor"], metadata["reason"]) == (person.pk, "test.json")
    assert contract.created_by == person
    provider = contract.provider_rows.get().events.get()
    assert provider.pgh_context_id == contract.events.get().pgh_context_id


def command(*args, **options):
    out = StringIO()
    call_command("import_ocds", *args, stdout=out, **options)
    return out.getvalue().splitlines()


def test_the_command(unit, tmp_path):
    path = tmp_path / "package.json"
    path.write_text(json.dumps({"releases": every_real()}))
    dry = command(str(path), unit=unit.code, dry_run=True)
    assert dry[0] == "Releases: 10 read, 8 created, 1 changed, 1 unchanged, 0 skipped."
    assert dry[-1] == "A dry run: nothing was kept."
    first = command(str(path), unit=unit.code, verbosity=2)
    assert first[:10] == [line for line in first if line.startswith("ocds-")]
    assert first[0] == (
        "ocds-b5fd17-070f4662-2e9c-40b0-8fa4-4b435f3ccae4 d88b957b-bbf3-4fbe-b9cb-e9c2350bb8e9-819910: "
        "created: CF-070F4662"
    )
    assert "Noted, 2: the published value is \u00a30" in first
    second = command(str(path), unit=unit.code)
    assert second[0] == "Releases: 10 read, 0 created, 0 changed, 10 unchanged, 0 skipped."


def test_the_command_by_a_person(unit, world):
    person = world.people["commissioner"]
    command(str(FOLDER / "tender-windows.json"), unit=unit.code, by=person.email.upper())
    assert kept(unit)[0].created_by == person


@pytest.mark.parametrize(
    ("file", "options", "sentence"),
    [
        ("tender-windows.json", {"unit": "nowhere"}, r"There is no unit \u00abnowhere\u00bb\. Units: "),
        ("tender-windows.json", {"by": "nobody@example.org"}, r"Nobody signs in as nobody@example\.org\."),
        ("missing.json", {}, r"missing\.json cannot be read: No such file or directory\."),
        ("README.md", {}, r"README\.md is not JSON"),
    ],
)
def test_the_command_says_what_is_wrong(unit, file, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        command(str(FOLDER / file), **({"unit": unit.code} | options))
    assert kept(unit) == []
