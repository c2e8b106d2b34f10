"""What the preview says of each row: faults by row and column, changes from and to, outcomes."""

import datetime
from decimal import Decimal

import pytest

from commissioning.models import Organisation
from contracts.choices import Management
from contracts.models import ExtensionOption, ImportOutcome, ImportState
from tests.contracts.imports.files import changes_of, csv_file, faults_of, received, xlsx_file


def outcomes(register_import):
    return {row.reference: row.outcome for row in register_import.rows.all()}


def test_three_bad_rows_are_named_by_row_and_column(world):
    lines = [f"R{number},Service,01/04/2013,31/03/2016,1250" for number in range(2, 14)]
    register_import = received(
        world,
        csv_file(
            "Reference,Title,Starts,Ends,Annual value",
            *lines,
            "R14,Service,01/04/2013,31/02/2015,1250",
            "R15,,01/04/2013,31/03/2016,1.2m",
            "R16,Service,01/04/2016,31/03/2016,1250",
        ),
    )
    assert faults_of(register_import) == [
        "Row 14, Ends: 31/02/2015 is not a date.",
        "Row 15, Title: Every contract needs a title.",
        "Row 15, Annual value: 1.2m is not an amount in full. Write it out, such as 1200000 or £1,200,000.",
        "Row 16, Ends: A contract cannot end before it starts.",
    ]
    assert (register_import.state, register_import.to_create, register_import.at_fault) == (ImportState.CHECKED, 12, 3)


def test_rows_are_created_changed_or_left(world):
    world.contract(reference="A1", title="Old", annual_value=Decimal("400000"))
    world.contract(reference="A2", title="Same")
    register_import = received(
        world,
        csv_file("Reference,Title,Annual value,Ends", "A1,New,,31/03/2017", "A2,Same,12000,31/03/2016", "A3,Third,,"),
    )
    assert outcomes(register_import) == {"A1": "change", "A2": "same", "A3": "create"}
    assert changes_of(register_import) == {
        "A1": [
            ("Title", "Old", "New"),
            ("Annual value", "£400,000.00", "empty"),
            ("Ends", "31 March 2016", "31 March 2017"),
        ]
    }


def test_a_column_that_is_not_there_leaves_its_values_alone(world):
    world.contract(reference="A1", title="Same", options=[12])
    assert outcomes(received(world, csv_file("Reference,Title", "A1,Same"))) == {"A1": "same"}


def test_what_a_contract_cannot_be_without_is_not_emptied(world):
    world.contract(reference="A1", title="Same", management=Management.DEVOLVED)
    register_import = received(world, csv_file("Reference,Title,Managed,Notice period (months)", "A1,Same,,"))
    assert faults_of(register_import) == [
        "Row 2, Managed: This cannot be emptied; it is Devolved now.",
    ]


def test_the_same_file_twice_changes_nothing_where_a_cell_was_left_to_the_usual(world):
    world.contract(reference="A1", title="Same", management=Management.CENTRAL)
    register_import = received(world, csv_file("Reference,Title,Managed", "A1,Same,", "A2,New,"))
    assert outcomes(register_import) == {"A1": "same", "A2": "create"}


def test_a_new_contract_takes_the_usual_where_its_cell_is_empty(world):
    register_import = received(world, csv_file("Reference,Title,Managed,Notice period (months)", "A1,New,,"))
    values = register_import.rows.get().values
    assert (values["management"], values["notice_months"], values["procurement_regime"]) == ("central", None, "unknown")


def test_a_notice_period_may_become_unknown(world):
    world.contract(reference="A1", title="Same", notice_months=1)
    register_import = received(world, csv_file("Reference,Title,Notice period (months)", "A1,Same,"))
    row = register_import.rows.get()
    assert (row.outcome, row.values["notice_months"]) == ("change", None)
    assert row.changes == [["Notice period (months)", "1 month", "empty"]]


def test_references_twice_or_alike_are_refused(world):
    world.contract(reference="CS/0147")
    register_import = received(world, csv_file("Reference,Title", "A 1,x", "A 1,y", "a-1,z", "CS-0147,w"))
    assert faults_of(register_import) == [
        "Row 3, Reference: A 1 is on row 2 already.",
        "Row 4, Reference: a-1 differs only in its marks from A 1 on row 2.",
        "Row 5, Reference: The register has CS/0147, which differs from CS-0147 only in its marks.",
    ]


def test_a_restricted_contract_out_of_sight_is_not_told_of(world):
    hidden = world.contract(reference="SECRET/1", title="The hidden title")
    hidden.is_restricted = True
    hidden.save(update_fields=["is_restricted"])
    register_import = received(world, csv_file("Reference,Title", "SECRET/1,x", "SECRET-1,y"))
    assert faults_of(register_import)[0] == "Row 2, Reference: This reference cannot be used in this unit."
    register_import = received(world, csv_file("Reference,Title", "SECRET-1,y"))
    assert faults_of(register_import) == ["Row 2, Reference: This reference cannot be used in this unit."]
    assert "hidden title" not in str(list(register_import.rows.values()))


def test_people_are_those_of_the_units_partners(world):
    outsider = world.people["outsider"].email
    contact = world.people["provider_contact"].email
    leaver = world.people["leaver"].email
    ccg = world.people["ccg_commissioner"].email
    register_import = received(
        world,
        csv_file(
            "Reference,Title,Contract officer,Deputies,Service manager",
            f"A1,x,{ccg.upper()},{ccg},{ccg}",
            f"A2,x,{outsider},,",
            f"A3,x,,{ccg} | {contact},",
            f"A4,x,,,{leaver}",
        ),
    )
    assert faults_of(register_import) == [
        f"Row 3, Contract officer: {outsider} is nobody's work e-mail address at a partner of this unit.",
        f"Row 4, Deputies: {contact} is nobody's work e-mail address at a partner of this unit.",
        f"Row 5, Service manager: {leaver} is nobody's work e-mail address at a partner of this unit.",
    ]


def test_an_officer_who_has_left_stays_until_replaced(world):
    leaver = world.people["leaver"]
    world.contract(reference="A1", title="x", officer=leaver)
    register_import = received(
        world, csv_file("Reference,Title,Contract officer", f"A1,x,{leaver.email}", f"A2,x,{leaver.email}")
    )
    assert outcomes(register_import) == {"A1": "same", "A2": "fault"}


def test_shares_total_the_values_or_are_refused(world):
    head = "Reference,Title,Annual value,Whole-life value,Partner funding"
    council, ccg = world.council.name, world.ccg.name
    register_import = received(
        world,
        csv_file(
            head,
            f"A1,x,100,300,{council}: 60; 180 | {ccg}: 40; 120",
            f"A2,x,100,300,{council}: 60; 180 | {ccg}: 30; 120",
            f"A3,x,100,,{council}: 100; 300",
            "A4,x,100,300,Borderland Council: 100; 300",
            f"A5,x,100,300,{council}: 50; 150 | {council}: 50; 150",
        ),
    )
    assert outcomes(register_import)["A1"] == ImportOutcome.CREATE
    assert faults_of(register_import) == [
        "Row 3, Partner funding: The partners' shares come to £90.00, £10.00 less than the annual value of £100.00.",
        "Row 4, Partner funding: Give the annual and the whole-life value before the partners' shares of them.",
        "Row 5, Partner funding: Borderland Council is no partner of this unit.",
        f"Row 6, Partner funding: {council} is named twice.",
    ]


def test_a_value_may_not_drift_from_shares_that_the_file_does_not_speak_of(world):
    world.contract(reference="A1", title="x", funding={world.council: Decimal("12000.00")})
    register_import = received(world, csv_file("Reference,Title,Annual value", "A1,x,13000"))
    assert faults_of(register_import) == [
        "Row 2, Partner funding: The partners' shares come to £12,000.00, £1,000.00 less than the annual value of "
        "£13,000.00."
    ]


def test_a_route_must_belong_to_its_regime(world):
    register_import = received(
        world,
        csv_file(
            "Reference,Title,Procurement regime,Procurement route",
            "A1,x,Grant,Open procedure",
            "A2,x,Public Contracts Regulations 2015,Open procedure",
        ),
    )
    assert faults_of(register_import) == [
        "Row 2, Procurement route: Open procedure is not a route under a grant, which is not procured."
    ]


def test_options_are_exercised_in_order_and_their_history_stays(world):
    contract = world.contract(reference="A1", title="x", options=[12, 12])
    ExtensionOption.objects.filter(contract=contract, position=1).update(exercised_on=datetime.date(2014, 3, 31))
    register_import = received(
        world,
        csv_file(
            "Reference,Title,Ends,Extension options (months),Extensions exercised",
            "A1,x,31/03/2016,12 | 12,",
            "A2,x,31/03/2016,12 | 12, | 31/03/2015",
            "A3,x,31/03/2016,12,01/04/2016",
            "A4,x,31/03/2016,12,31/03/2015 | 31/03/2016",
            "A5,x,31/03/2016,0,",
        ),
    )
    assert faults_of(register_import) == [
        "Row 2, Extensions exercised: Option 1 was exercised on 31 March 2014; a file cannot change that.",
        "Row 3, Extensions exercised: Option 2 can be exercised only after option 1.",
        "Row 4, Extensions exercised: Option 1 cannot be exercised on 1 April 2016: the contract ended on "
        "31 March 2016.",
        "Row 5, Extensions exercised: There are 2 dates for 1 option to extend.",
        "Row 6, Extension options (months): Option 1 must be for at least 1 month.",
    ]


def test_a_notice_is_whole_and_ends_the_contract_sooner(world):
    register_import = received(
        world,
        csv_file(
            "Reference,Title,Ends,Notice given on,Notice given by,Notice ends on",
            "A1,x,31/03/2016,01/10/2014,Provider,31/03/2015",
            "A2,x,31/03/2016,01/10/2014,,31/03/2015",
            "A3,x,31/03/2016,01/10/2014,Provider,30/04/2016",
        ),
    )
    assert faults_of(register_import) == [
        "Row 3, Notice ends on: A notice needs the day it was given, who gave it, and a later last day.",
        "Row 4, Notice ends on: The contract ends on 31 March 2016 anyway; notice can only end it sooner.",
    ]


def test_dates_of_a_workbook_are_dates(world):
    day = datetime.date(2013, 4, 1)
    register_import = received(
        world, xlsx_file([["Reference", "Title", "Starts"], ["A1", "x", day]]), name="register.xlsx"
    )
    assert register_import.rows.get().start == day


class TestProviders:
    def test_identifier_or_normalised_name_match_in_silence(self, world):
        world.provider.identifiers.create(scheme="company", value="01234567")
        register_import = received(
            world,
            csv_file(
                "Reference,Title,Providers,Provider identifiers",
                "A1,x,WILLOW HOMES LIMITED,",
                "A2,x,Something else entirely,company:01234567",
                "A3,x,willow homes ltd | Alder Trust,",
            ),
        )
        assert [row.values["providers"] for row in register_import.rows.all()] == [
            [world.provider.pk],
            [world.provider.pk],
            [world.provider.pk, world.other_provider.pk],
        ]
        assert register_import.provider_questions.count() == 0
        assert register_import.new_providers == []

    def test_a_close_name_is_asked_once_and_not_merged(self, world):
        register_import = received(
            world,
            csv_file("Reference,Title,Providers", "A1,x,Willow Homes plc", "A2,x,Willow Homes PLC", "A3,x,Zyx Ltd"),
        )
        (question,) = register_import.provider_questions.all()
        assert (question.name, question.candidates) == (
            "Willow Homes plc",
            [[str(world.provider.pk), "Willow Homes Ltd"]],
        )
        assert [row.is_doubtful for row in register_import.rows.all()] == [True, True, False]

    def test_two_new_names_close_to_each_other_are_asked(self, world):
        register_import = received(
            world, csv_file("Reference,Title,Providers", "A1,x,Sandpiper Housing Ltd", "A2,x,Sandpiper Housing CIC")
        )
        (question,) = register_import.provider_questions.all()
        assert question.name == "Sandpiper Housing CIC"
        assert question.candidates == [["new:sandpiper housing ltd", "Sandpiper Housing Ltd, new in this file"]]

    def test_one_name_of_two_bodies_is_asked_but_for_the_one_the_contract_has(self, world):
        twin = Organisation.objects.create(
            name="Willow Homes Limited", normalised_name="willow homes ltd", kind="company"
        )
        world.contract(reference="A1", title="x", providers=[twin])
        register_import = received(
            world, csv_file("Reference,Title,Providers", "A1,x,Willow Homes Ltd", "A2,x,Willow Homes Ltd")
        )
        assert outcomes(register_import)["A1"] == ImportOutcome.SAME
        (question,) = register_import.provider_questions.all()
        assert [key for key, _ in question.candidates] == [str(world.provider.pk), str(twin.pk)]

    def test_another_code_of_the_same_register_is_doubtful(self, world):
        world.provider.identifiers.create(scheme="company", value="01234567")
        register_import = received(
            world,
            csv_file("Reference,Title,Providers,Provider identifiers", "A1,x,Willow Homes Ltd,company:07654321"),
        )
        assert register_import.provider_questions.get().name == "Willow Homes Ltd"

    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("A1,x,Willow Homes Ltd | Willow Homes Limited,", "Providers: Willow Homes Limited is named twice."),
            ("A1,x,Willow Homes Ltd,ods:A1 | ods:A2", "Provider identifiers: There are 2 codes for 1 providers."),
        ],
    )
    def test_codes_and_names_that_do_not_fit_are_refused(self, world, line, fault):
        register_import = received(world, csv_file("Reference,Title,Providers,Provider identifiers", line))
        assert faults_of(register_import) == [f"Row 2, {fault}"]
