import pytest

from commissioning.choices import IdentifierScheme as Scheme
from contracts.ocds.parties import Party, parties_of, unnamed
from tests.contracts.ocds.releases import real


def only(reference, **party):
    (found,) = parties_of([reference], [{"id": reference.get("id"), **party}])
    return found


@pytest.mark.parametrize(
    ("identity", "codes"),
    [
        ("GB-COH-01323955", ((Scheme.COMPANY, "01323955"),)),
        ("GB-COH-158718", ((Scheme.COMPANY, "00158718"),)),
        ("GB-COH-sc268016", ((Scheme.COMPANY, "SC268016"),)),
        ("GB-COH-00000000", ()),
        ("GB-COH-N/A", ()),
        ("GB-CHC-1102137", ((Scheme.CHARITY, "1102137"),)),
        ("GB-NHS-06H", ((Scheme.ODS, "06H"),)),
        ("GB-LAE-DER", ((Scheme.LOCAL_AUTHORITY, "DER"),)),
        ("GB-PPON-PHBX-5241-GWJL", ((Scheme.PPON, "PHBX-5241-GWJL"),)),
        ("GB-CFS-154927", ()),
        ("GB-SRS-sid4gov.cabinetoffice.gov.uk/qDxe7WEc", ()),
        ("7", ()),
    ],
)
def test_codes_that_prove_identity(identity, codes):
    assert only({"id": identity, "name": "Wolds"}).codes == codes


def test_every_identifier_of_a_party_counts_once():
    party = only(
        {"id": "GB-PPON-PHBX-5241-GWJL", "name": "Wolds"},
        identifier={"scheme": "GB-PPON", "id": "PHBX-5241-GWJL"},
        additionalIdentifiers=[{"scheme": "GB-COH", "id": "1234567"}, {"scheme": "GB-CFS", "id": "3"}],
        details={"vcse": True},
    )
    assert party.codes == ((Scheme.PPON, "PHBX-5241-GWJL"), (Scheme.COMPANY, "01234567"))
    assert party.is_voluntary


def test_a_name_is_looked_for_in_the_party_and_mended():
    assert only({"id": "1"}, name="Gough &amp;amp; Kelly").name == "Gough & Kelly"
    assert only({"id": "1", "name": " - "}, identifier={"legalName": "Wolds"}).name == "Wolds"


def test_a_party_without_a_name_is_left_out_and_counted():
    release = real("award-supplier-without-name")
    suppliers = release["awards"][0]["suppliers"]
    assert len(suppliers) == 1
    assert parties_of(suppliers, release["parties"]) == []
    assert unnamed(suppliers, release["parties"]) == 1


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Wolds Ltd, Haven Limited", ["Wolds Ltd", "Haven Limited"]),
        ("Wolds Ltd; Haven CIC, and Fens plc", ["Wolds Ltd", "Haven CIC", "Fens plc"]),
        ("Smith, Jones & Co Ltd", ["Smith, Jones & Co Ltd"]),
        ("Tees, Esk and Wear Valleys NHS Foundation Trust", ["Tees, Esk and Wear Valleys NHS Foundation Trust"]),
        (
            "The Police and Crime Commissioner for Bedfordshire,",
            ["The Police and Crime Commissioner for Bedfordshire,"],
        ),
        ("Wolds, Ltd", ["Wolds, Ltd"]),
    ],
)
def test_suppliers_joined_in_one_cell(cell, names):
    assert [party.name for party in parties_of([{"id": "1", "name": cell}], [])] == names


def test_a_code_is_not_given_to_one_of_several_in_a_cell():
    found = parties_of([{"id": "GB-COH-01323955", "name": "Wolds Ltd, Haven Ltd"}], [])
    assert [party.codes for party in found] == [(), ()]


def test_a_supplier_listed_twice_counts_once():
    release = real("award-placements-12-schools")
    suppliers = release["awards"][0]["suppliers"]
    assert len(suppliers) == 12
    found = parties_of(suppliers, release["parties"])
    assert len(found) == 11
    assert [party.name for party in found].count("Aurora Group") == 1


def test_namesakes_with_different_company_numbers_are_two():
    found = parties_of(
        [
            {"id": "GB-COH-00000001", "name": "Wolds Ltd"},
            {"id": "GB-COH-00000002", "name": "Wolds Limited"},
            {"id": "GB-CFS-3", "name": "WOLDS LTD"},
        ],
        [],
    )
    assert found == [
        Party("Wolds Ltd", ((Scheme.COMPANY, "00000001"),)),
        Party("Wolds Limited", ((Scheme.COMPANY, "00000002"),)),
    ]


@pytest.mark.parametrize("nonsense", [None, 3, "x", [3, None, "x"], [{"name": 5}], {"name": ""}])
def test_nonsense_is_nobody(nonsense):
    assert parties_of(nonsense, nonsense) == []
