"""What stands in the register of organisations once the published lists are loaded."""

from datetime import date

import pytest
from django.db import transaction

from commissioning.choices import IdentifierScheme, OrganisationKind
from commissioning.models import Organisation, OrganisationIdentifier
from commissioning.rules import normalised_name
from commissioning.services.reference_lists import import_reference_lists

ODS, GSS = IdentifierScheme.ODS, IdentifierScheme.GSS
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """For all tests of this module, which only read, and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_reference_lists(by=None)
        yield
        transaction.set_rollback(True)


def names(*, scheme, value):
    return list(Organisation.objects.identified_by(scheme=scheme, value=value).order_by("opened_on"))


def test_a_kept_code_gives_two_bodies():
    group, location = names(scheme=ODS, value="06H")
    assert (group.name, group.kind) == ("NHS Cambridgeshire and Peterborough CCG", OrganisationKind.CCG)
    assert (group.opened_on, group.closed_on) == (date(2013, 4, 1), date(2022, 6, 30))
    assert (location.name, location.kind) == ("NHS Cambridgeshire and Peterborough ICB - 06H", OrganisationKind.ICB)
    assert (location.opened_on, location.closed_on) == (date(2022, 7, 1), None)
    assert location.parent.name == "NHS Cambridgeshire and Peterborough Integrated Care Board"
    on = dict(group.succeeded_by.values_list("successor__name", "on"))
    assert on == {location.name: date(2022, 7, 1), location.parent.name: date(2022, 7, 1)}


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2013, 3, 31), None),
        (date(2013, 7, 31), "NHS Cambridgeshire and Peterborough CCG"),
        (date(2022, 6, 30), "NHS Cambridgeshire and Peterborough CCG"),
        (date(2022, 7, 1), "NHS Cambridgeshire and Peterborough ICB - 06H"),
    ],
)
def test_whom_a_kept_code_names_on_a_day(day, name):
    found = Organisation.objects.identified_by(scheme=ODS, value="06H", day=day).first()
    assert (found and found.name) == name


def test_a_group_has_its_own_name_and_not_that_of_its_board():
    """The ODS list shows both codes under «NHS NOTTINGHAM AND NOTTINGHAMSHIRE ICB»."""
    assert [row.name for row in names(scheme=ODS, value="02Q")] == [
        "NHS Bassetlaw CCG",
        "NHS Nottingham and Nottinghamshire ICB - 02Q",
    ]
    assert [row.name for row in names(scheme=GSS, value="E38000008")] == ["NHS Bassetlaw CCG"]


@pytest.mark.parametrize(
    ("name", "code", "day"),
    [
        ("NHS Cambridgeshire and Peterborough CCG", "06H", date(2013, 7, 31)),
        ("NHS Cambridgeshire and Peterborough CCG", "06H", date(2016, 9, 15)),
        ("NHS Barnet CCG", "07M", date(2013, 6, 27)),
        ("NHS Lincolnshire East CCG", "03T", date(2014, 9, 12)),
        ("NHS Lincolnshire West CCG", "04D", date(2014, 9, 12)),
        ("NHS South Lincolnshire CCG", "99D", date(2014, 9, 12)),
        ("NHS South West Lincolnshire CCG", "04Q", date(2014, 9, 12)),
        ("NHS Bassetlaw CCG", "02Q", date(2013, 6, 10)),
        ("NHS Mansfield and Ashfield CCG", "04E", date(2013, 6, 10)),
        ("NHS Newark and Sherwood CCG", "04H", date(2013, 6, 10)),
        ("NHS Nottingham City CCG", "04K", date(2013, 6, 10)),
        ("NHS Nottingham North and East CCG", "04L", date(2013, 6, 10)),
        ("NHS Nottingham West CCG", "04M", date(2013, 6, 10)),
        ("NHS Rushcliffe CCG", "04N", date(2013, 6, 10)),
    ],
)
def test_every_group_of_the_board_papers_is_found(name, code, day):
    found = Organisation.objects.identified_by(scheme=ODS, value=code, day=day).open_on(day).get()
    assert (found.name, found.kind) == (name, OrganisationKind.CCG)


@pytest.mark.parametrize(
    ("scheme", "value", "name"),
    [
        (ODS, "RT1", "Cambridgeshire and Peterborough NHS Foundation Trust"),
        (ODS, "RP7", "Lincolnshire Partnership NHS Foundation Trust"),
        (ODS, "RY5", "Lincolnshire Community Health Services NHS Trust"),
        (ODS, "QJM", "NHS Lincolnshire Integrated Care Board"),
        (GSS, "E54000013", "NHS Lincolnshire Integrated Care Board"),
        (GSS, "E10000019", "Lincolnshire County Council"),
        (IdentifierScheme.LOCAL_AUTHORITY, "PTE", "Peterborough City Council"),
        (GSS, "W06000001", "Isle of Anglesey County Council"),
    ],
)
def test_bodies_by_code(scheme, value, name):
    assert [row.name for row in names(scheme=scheme, value=value)] == [name]


def test_councils_that_were_replaced():
    """Northamptonshire is listed to the first day of its successors, Dorset to its own last day."""
    for name, last_day, successors in [
        ("Northamptonshire County Council", date(2021, 3, 31),
         {"North Northamptonshire Council", "West Northamptonshire Council"}),
        ("Dorset County Council", date(2019, 3, 31), {"Dorset Council"}),
        ("Cumbria County Council", date(2023, 3, 31), {"Cumberland Council", "Westmorland and Furness Council"}),
    ]:  # fmt: skip
        council = Organisation.objects.get(name=name)
        assert council.closed_on == last_day
        assert {row.successor.name for row in council.succeeded_by.all()} == successors
        assert {row.on.isoformat()[5:] for row in council.succeeded_by.all()} == {"04-01"}
        assert all(row.valid_to == last_day for row in council.identifiers.all())


def test_each_code_says_where_it_was_read():
    assert not OrganisationIdentifier.objects.filter(source="").exists()
    belfast = OrganisationIdentifier.objects.get(value="N09000003")
    assert belfast.source == "mySociety, UK local authority names and codes, Northern Ireland"


def test_names_can_be_matched():
    for organisation in Organisation.objects.all():
        assert organisation.normalised_name == normalised_name(organisation.name)
