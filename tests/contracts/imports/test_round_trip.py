"""An exported register imports again unchanged, whatever stands in it."""

import csv
import datetime
import io
from decimal import Decimal

import pytest

from commissioning.models import Organisation, ServiceArea
from contracts.models import Contract, ExtensionOption
from contracts.register_files.formulas import guarded, unguarded
from contracts.register_files.reading import read_table
from contracts.register_files.writing import write_register
from tests.contracts.imports.files import changes_of, faults_of, received
from tests.contracts.imports.test_apply import applied

AWKWARD = [
    '=HYPERLINK("http://example.org","x")',
    "+44 1522 552222",
    "-5 to +5",
    "@SUM(A1)",
    "'=already marked",
    "'quoted' and \"doubly\"",
    "commas, semicolons; tabs\tand | bars \\| too",
    "first line\nsecond line",
    "first line\r\nsecond line",
    "12345678901234567890",
    "0012",
    "1/2",
    "TRUE",
    "31/03/2015",
    "Café Müller – “Übergang” 東京 😀",
    "_x0041_ &amp; <b>",
    "http://example.org/a b",
    "=" * 300,
]


@pytest.fixture
def register(world):
    """A contract for each awkward text, and one of every kind of list and day."""
    bar = Organisation.objects.create(name="A | B: C; D Ltd", normalised_name="a b c d ltd", kind="company")
    bar.identifiers.create(scheme="company", value="SC123456")
    for number, text in enumerate(AWKWARD):
        world.contract(
            reference=f"R/{number:03d}", title=text.replace("\n", " ").replace("\r", "")[:300], description=text
        )
    world.contract(reference="=1+1", title="Reference like a formula")
    world.contract(reference="1e5", title="Reference like a number")
    contract = world.contract(
        reference="Everything",
        title="Everything",
        providers=[world.provider, bar],
        options=[12, 6],
        annual_value=Decimal("999999999999.99"),
        whole_life_value=Decimal("999999999999.99"),
        service_manager=world.people["leaver"],
        service_area=ServiceArea.objects.create(unit=world.unit, name="-Areas, “odd”"),
        management="devolved",
        procurement_regime="pa2023_full",
        procurement_route="direct_award",
        notice_months=1,
        notice_given_on=datetime.date(2014, 10, 1),
        notice_given_by="mutual",
        notice_kind="breach",
        notice_ends_on=datetime.date(2015, 2, 28),
    )
    for organisation, share in ((world.ccg, "0.01"), (bar, "999999999999.98")):
        contract.funding.create(organisation=organisation, annual_amount=share, whole_life_amount=share)
    contract.deputies.set([world.people["commissioner"], world.people["leaver"]])
    ExtensionOption.objects.filter(contract=contract, position=1).update(
        exercised_on=datetime.date(2014, 2, 28), used_months=5
    )
    world.contract(
        reference="Nothing", title="Nothing known", providers=[], officer=None, service_area=None, start=None,
        initial_end=None, annual_value=None, whole_life_value=None,
    )  # fmt: skip
    return Contract.objects.filter(unit=world.unit).order_by("pk")


def exported(contracts, fmt):
    stream = io.BytesIO()
    write_register(contracts, fmt, stream)
    return stream.getvalue()


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_a_register_comes_back_unchanged(world, register, fmt):
    register_import = received(world, exported(register, fmt), name=f"register.{fmt}")
    assert faults_of(register_import) == []
    assert changes_of(register_import) == {}
    assert register_import.unchanged == register_import.rows_total == len(AWKWARD) + 4


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_a_register_taken_to_an_empty_unit_is_the_same_register(world, register, fmt):
    Contract.objects.filter(service_manager=world.people["leaver"]).update(service_manager=None)
    register.get(reference="Everything").deputies.remove(world.people["leaver"])
    register.get(reference="Everything").funding.all().delete()
    content = exported(register, fmt)
    Contract.objects.filter(unit=world.unit).update(unit=world.outsider_unit)
    applied(world, content)
    before = [[_one_line_end(cell) for cell in row.cells] for row in read_table(content).rows]
    assert [row.cells for row in read_table(exported(register.all(), fmt)).rows] == before


def extended(world, **details):
    """A contract extended outside its option, and granted another option since."""
    contract = world.contract(options=[12], **details)
    day = datetime.date(2014, 2, 28)
    contract.options.update(exercised_on=day, exercised_by=world.people["commissioner"], used_months=7)
    contract.options.create(position=2, months=6, is_outside=True, exercised_on=day)
    contract.options.create(position=3, months=24)
    contract.refresh_from_db()
    return contract


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_an_extension_outside_the_options_is_read_in_a_file_but_not_brought_by_it(world, fmt):
    contract = extended(world, reference="X1")
    content = exported(Contract.objects.filter(pk=contract.pk), fmt)
    row = dict(zip(read_table(content).headings, read_table(content).rows[0].cells, strict=True))
    assert row["Extension options (months)"] == "12 | 24"
    assert row["Months used of the options"] in ("7", 7)
    assert row["Extended outside the options (not imported)"] == "6 months, 28/02/2014"
    assert changes_of(received(world, content, name=f"register.{fmt}")) == {}


def test_a_file_that_changes_something_else_leaves_every_extension_as_it_was(world):
    contract = extended(world, reference="X1")
    assert contract.effective_end == datetime.date(2017, 4, 30)
    applied(world, b"Reference,Title,Extension options (months)\nX1,Renamed,12 | 24 | 12\n")
    contract.refresh_from_db()
    assert contract.title == "Renamed"
    assert contract.effective_end == datetime.date(2017, 4, 30)
    assert contract.maximum_end == datetime.date(2020, 4, 30)
    assert list(contract.options.values_list("position", "months", "used_months", "is_outside")) == [
        (1, 12, 7, False), (2, 6, None, True), (3, 24, None, False), (4, 12, None, False),
    ]  # fmt: skip
    assert contract.options.get(position=1).exercised_by == world.people["commissioner"]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ("12 | 24,28/02/2014,8", "Option 1 has been exercised and cannot be changed."),
        ("12 | 24,28/02/2014,13", "Option 1 grants up to 12 months: use at least 1 month and no more than it grants."),
        ("12 | 24,28/02/2014,7 | 3", "Option 2 was not exercised, so no months of it are used."),
    ],
)
def test_months_used_that_cannot_be_are_refused(world, columns, sentence):
    extended(world, reference="X1")
    heading = "Reference,Title,Extension options (months),Extensions exercised,Months used of the options"
    register_import = received(world, f"{heading}\nX1,Same,{columns}\n".encode())
    assert faults_of(register_import) == [f"Row 2, Months used of the options: {sentence}"]


def test_the_kind_of_a_notice_goes_with_the_notice(world):
    contract = world.contract(
        reference="N1", notice_given_on=datetime.date(2014, 10, 1), notice_given_by="provider",
        notice_kind="breach", notice_ends_on=datetime.date(2015, 2, 28),
    )  # fmt: skip
    applied(world, b"Reference,Title,Notice given on,Notice given by,Notice ends on\nN1,Same,,,\n")
    contract.refresh_from_db()
    assert (contract.notice_given_on, contract.notice_kind) == (None, "")
    wrong = received(world, b"Reference,Title,Kind of notice\nN1,Same,Termination for breach\n")
    assert faults_of(wrong) == ["Row 2, Kind of notice: No notice is given that could be of this kind."]


def _one_line_end(cell):
    return cell.replace("\r\n", "\n") if isinstance(cell, str) else cell


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_the_columns_for_reading_say_so_and_follow_the_register(world, fmt):
    world.contract(reference="A1", options=[12])
    table = read_table(exported(Contract.objects.filter(unit=world.unit), fmt))
    reading = dict(zip(table.headings, table.rows[0].cells, strict=True))
    days = {"csv": str, "xlsx": lambda day: day}[fmt]
    assert {name: cell for name, cell in reading.items() if name.endswith("(not imported)")} == {
        "Status (not imported)": "Current",
        "Extended outside the options (not imported)": "",
        "Effective end (not imported)": days(datetime.date(2016, 3, 31)),
        "Latest possible end (not imported)": days(datetime.date(2017, 3, 31)),
        "Give notice by (not imported)": days(datetime.date(2015, 12, 31)),
        "Decide by (not imported)": days(datetime.date(2015, 12, 3)),
        "Commissioning unit (not imported)": world.unit.name,
    }


def test_no_cell_of_a_csv_starts_a_formula_but_numbers_and_days_stay_plain(world, register):
    rows = list(csv.reader(io.StringIO(exported(register, "csv").decode("utf-8-sig"), newline="")))
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    everything = next(row for row in rows if row[0] == "Everything")
    assert "999999999999.99" in everything
    assert "2015-02-28" in everything


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'plain", "plain", "", "-", "+x", "@", "\t=1", "＝1"])  # noqa: RUF001
def test_marking_a_formula_loses_nothing(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t")


@pytest.mark.parametrize("number", [1, 30])
def test_an_export_is_one_query_whatever_its_length(world, django_assert_num_queries, number):
    for _ in range(number):
        world.contract(options=[12], funding={world.council: Decimal("12000.00")})
    with django_assert_num_queries(1):
        exported(Contract.objects.filter(unit=world.unit), "csv")
