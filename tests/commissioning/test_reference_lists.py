from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from commissioning.choices import IdentifierScheme, OrganisationKind
from commissioning.models import Organisation, OrganisationIdentifier, OrganisationSuccession
from commissioning.rules import normalised_name
from commissioning.services.reference_lists import import_reference_lists
from commissioning.services.reference_lists.names import proper_location_name, proper_name
from commissioning.services.reference_lists.reading import DATA, Body, Code, Lists, Succession, read_lists

ODS, GSS = IdentifierScheme.ODS, IdentifierScheme.GSS


@pytest.fixture(scope="module")
def lists():
    return read_lists()


@pytest.fixture
def loaded(db, lists):
    return import_reference_lists(by=None, lists=lists)


# Names


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("NHS LINCOLNSHIRE EAST CCG", "NHS Lincolnshire East CCG"),
        ("NHS HARTLEPOOL AND STOCKTON-ON-TEES CCG", "NHS Hartlepool and Stockton-on-Tees CCG"),
        ("NHS CENTRAL LONDON (WESTMINSTER) CCG", "NHS Central London (Westminster) CCG"),
        ("NHS DURHAM DALES, EASINGTON AND SEDGEFIELD CCG", "NHS Durham Dales, Easington and Sedgefield CCG"),
        ("NHS BIRMINGHAM CROSSCITY CCG", "NHS Birmingham CrossCity CCG"),
        ("NHS HIGH WEALD LEWES HAVENS CCG", "NHS High Weald Lewes Havens CCG"),
        ("LEEDS AND YORK PARTNERSHIP NHS FOUNDATION TRUST", "Leeds and York Partnership NHS Foundation Trust"),
        ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Guy's and St Thomas' NHS Foundation Trust"),
        ("ALDER HEY CHILDREN'S NHS FOUNDATION TRUST", "Alder Hey Children's NHS Foundation Trust"),
        (
            "THE NEWCASTLE UPON TYNE HOSPITALS NHS FOUNDATION TRUST",
            "The Newcastle upon Tyne Hospitals NHS Foundation Trust",
        ),
        (
            "GREAT ORMOND STREET HOSPITAL FOR CHILDREN NHS FOUNDATION TRUST",
            "Great Ormond Street Hospital for Children NHS Foundation Trust",
        ),
        (
            "THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN, NHS FOUNDATION TRUST",
            "The Queen Elizabeth Hospital, King's Lynn, NHS Foundation Trust",
        ),
        ("ROYAL BROMPTON & HAREFIELD NHS FOUNDATION TRUST", "Royal Brompton & Harefield NHS Foundation Trust"),
        ("BARTS AND THE LONDON NHS TRUST", "Barts and The London NHS Trust"),
        ("NHS DIRECT NHS TRUST", "NHS Direct NHS Trust"),
        ("UNIVERSITY HOSPITALS OF MORECAMBE BAY NHS FOUNDATION TRUST",
         "University Hospitals of Morecambe Bay NHS Foundation Trust"),
        ("  STOKE  ON TRENT ", "Stoke on Trent"),
        ("NHS Blackburn with Darwen CCG", "NHS Blackburn with Darwen CCG"),
        ("", ""),
    ],
)  # fmt: skip
def test_proper_name(capitals, written):
    assert proper_name(capitals) == written


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("NHS CORNWALL AND THE ISLES OF SCILLY ICB - 11N", "NHS Cornwall and the Isles of Scilly ICB - 11N"),
        ("NHS NORTH EAST LONDON ICB - A3A8R", "NHS North East London ICB - A3A8R"),
        ("NHS SOMEWHERE ICB - ABC", "NHS Somewhere ICB - ABC"),
    ],
)
def test_proper_location_name(capitals, written):
    assert proper_location_name(capitals) == written


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ '-&(),", max_size=60))
def test_a_proper_name_changes_letters_to_small_and_nothing_else(capitals):
    written = proper_name(capitals)
    assert written.upper() == " ".join(capitals.split())
    assert proper_name(written.upper()) == written


def test_no_name_of_the_lists_is_left_in_capitals(lists):
    shouting = [body.name for body in lists.bodies if body.name == body.name.upper()]
    assert shouting == []


# What the lists tell


def test_the_lists_are_read_whole(lists):
    kinds = {kind: sum(body.kind == kind for body in lists.bodies) for kind in OrganisationKind}
    boards = [body for body in lists.bodies if body.kind == OrganisationKind.ICB and body.parent is None]
    assert len(boards) == 42
    assert kinds[OrganisationKind.NHS_TRUST] == 273
    assert kinds[OrganisationKind.COUNCIL] + kinds[OrganisationKind.OTHER] == 470
    assert kinds[OrganisationKind.OTHER] == 15
    assert kinds[OrganisationKind.CCG] + kinds[OrganisationKind.ICB] - len(boards) + lists.left_out == 320 + 106


def test_no_code_names_two_bodies_on_one_day(lists):
    days = [
        date(2013, 6, 1),
        date(2014, 9, 12),
        date(2016, 9, 15),
        date(2022, 6, 30),
        date(2022, 7, 1),
        date(2025, 1, 1),
    ]
    for day in days:
        holders = [
            (code.scheme, code.value)
            for body in lists.bodies
            for code in body.codes
            if (code.valid_from or date.min) <= day <= (code.valid_to or date.max)
        ]
        assert len(holders) == len(set(holders))


def test_every_data_file_has_its_origin_told():
    readme = (DATA / "README.md").read_text()
    files = [path for path in DATA.iterdir() if path.suffix == ".csv"]
    assert len(files) == 5
    for path in files:
        assert f"| {path.name} |" in readme
        assert path.stat().st_size < 2**20


# Loading


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Organisation, OrganisationIdentifier, OrganisationSuccession)
    ]


def test_a_second_run_changes_nothing(loaded, lists, django_assert_max_num_queries):
    assert (loaded.created, loaded.changed, loaded.unchanged) == (len(lists.bodies), 0, 0)
    before = everything()
    with django_assert_max_num_queries(8):
        again = import_reference_lists(by=None, lists=lists)
    assert (again.created, again.changed, again.unchanged) == (0, 0, len(lists.bodies))
    assert again.conflicts == []
    assert everything() == before


def test_the_number_of_statements_does_not_grow_with_the_bodies(db, lists, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        import_reference_lists(by=None, lists=lists)


@pytest.mark.django_db
def test_the_command_says_what_it_did():
    def run():
        out = StringIO()
        call_command("import_organisations", stdout=out)
        return out.getvalue().splitlines()

    first, second = run(), run()
    count = f"{Organisation.objects.count():,}"
    assert first[0] == f"Organisations: {count} created, 0 changed, 0 unchanged."
    assert second[0] == f"Organisations: 0 created, 0 changed, {count} unchanged."


# What was here before


def body(name="Testshire Council", *, key="a", kind=OrganisationKind.COUNCIL, codes=(), **fields):
    fields = {"opened_on": None, "closed_on": None} | fields
    return Body(key=key, name=name, kind=kind, codes=codes, **fields)


def organisation(name, kind=OrganisationKind.COUNCIL, *codes, **fields):
    row = Organisation.objects.create(name=name, normalised_name=normalised_name(name), kind=kind, **fields)
    for code in codes:
        OrganisationIdentifier.objects.create(organisation=row, **code)
    return row


CODE = Code(GSS, "E99", date(2013, 4, 1), None, "the list")


@pytest.mark.django_db
def test_a_changed_name_is_taken_over():
    kept = organisation("Testshire", OrganisationKind.COUNCIL, {"scheme": GSS, "value": "E99"})
    summary = import_reference_lists(by=None, lists=Lists([body(codes=(CODE,))]))
    kept.refresh_from_db()
    assert (summary.created, summary.changed) == (0, 1)
    assert (kept.name, kept.normalised_name) == ("Testshire Council", "testshire council")
    assert kept.identifiers.get().valid_from == date(2013, 4, 1)


@pytest.mark.django_db
def test_a_body_without_a_code_is_known_by_its_name_and_keeps_what_the_list_does_not_tell():
    kept = organisation("TESTSHIRE COUNCIL", OrganisationKind.OTHER, opened_on=date(1974, 4, 1))
    import_reference_lists(by=None, lists=Lists([body(codes=(CODE,))]))
    kept.refresh_from_db()
    assert (kept.name, kept.kind, kept.opened_on) == ("Testshire Council", OrganisationKind.COUNCIL, date(1974, 4, 1))
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"kind": OrganisationKind.COMPANY}, {"kind": OrganisationKind.COUNCIL, "is_invented": True}]
)
def test_a_namesake_of_another_kind_or_an_invented_one_is_left_alone(fields):
    organisation("Testshire Council", **fields)
    summary = import_reference_lists(by=None, lists=Lists([body(codes=(CODE,))]))
    assert summary.created == 1
    assert Organisation.objects.filter(name="Testshire Council").count() == 2


@pytest.mark.django_db
def test_an_undated_code_is_ended_to_make_room_for_the_successor():
    kept = organisation("NHS Testshire CCG", OrganisationKind.CCG, {"scheme": ODS, "value": "99Z"})
    ended = Code(ODS, "99Z", date(2013, 4, 1), date(2022, 6, 30), "the list")
    since = Code(ODS, "99Z", date(2022, 7, 1), None, "the list")
    lists = Lists(
        [
            body("NHS Testshire ICB - 99Z", key="b", kind=OrganisationKind.ICB, codes=(since,)),
            body("NHS Testshire CCG", key="a", kind=OrganisationKind.CCG, codes=(ended,)),
        ],
        [Succession("a", "b", date(2022, 7, 1), "the list")],
    )
    summary = import_reference_lists(by=None, lists=lists)
    assert (summary.created, summary.changed, summary.conflicts) == (1, 1, [])
    assert kept.identifiers.get().valid_to == date(2022, 6, 30)
    assert kept.succeeded_by.get().successor.name == "NHS Testshire ICB - 99Z"


@pytest.mark.django_db
def test_a_code_that_names_another_body_is_reported_and_left():
    other = organisation("Unlike Ltd", OrganisationKind.COMPANY, {"scheme": GSS, "value": "E99"})
    for _ in range(2):
        summary = import_reference_lists(by=None, lists=Lists([body(codes=(CODE,))]))
        assert summary.conflicts == ["ONS GSS code E99 of Testshire Council already names Unlike Ltd."]
    assert (summary.created, summary.changed, summary.unchanged) == (0, 0, 1)
    assert OrganisationIdentifier.objects.get().organisation == other
