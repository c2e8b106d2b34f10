from contracts.resources.columns import BY_NAME, COLUMNS, column_of, layout_of


def test_every_heading_is_known_as_printed_and_in_loose_writing():
    for column in COLUMNS:
        for heading in (column.header, column.header.upper(), f"  {column.header.replace(' ', '  ')} *"):
            assert column_of(heading) is column
    assert column_of("Extension options") is BY_NAME["options"]
    assert column_of("whole life value") is BY_NAME["whole_life_value"]


def test_a_misspelt_heading_is_refused_by_name_with_what_was_meant():
    assert layout_of(["Reference", "Title", "Anual value"]).faults == [
        "The column «Anual value» is not known. Did you mean «Annual value»?"
    ]


def test_a_heading_of_nothing_known_is_refused_and_said_how_to_keep():
    assert layout_of(["Reference", "Title", "Zyx"]).faults == [
        "The column «Zyx» is not known. Take it out, or end its heading with «(not imported)»."
    ]


def test_missing_and_doubled_headings_are_all_named_at_once():
    assert layout_of(["Starts", "starts"]).faults == [
        "The column «Starts» is there twice.",
        "The column «Reference» is missing.",
        "The column «Title» is missing.",
    ]


def test_codes_need_the_providers_they_belong_to():
    assert layout_of(["Reference", "Title", "Provider identifiers"]).faults == [
        "The column «Provider identifiers» needs the column «Providers» beside it."
    ]


def test_columns_for_reading_and_columns_without_heading_are_passed_over():
    layout = layout_of(["Reference", "Title", "Status (not imported)", "", "Starts"])
    assert layout.faults == []
    assert layout.places == {"reference": 0, "title": 1, "start": 4}
