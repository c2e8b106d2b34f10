"""Rows of a spreadsheet brought into the grid: what is read, of which contract it is, and what is said of the rest."""

import datetime
import io
import string

import pytest
import xlsxwriter
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect
from python_calamine import load_workbook

from accounts import clock
from commissioning.services.stand_ins import give_stand_in
from contracts.choices import ReturnState
from contracts.models import Contract, MonthlyReturn, MonthReview
from contracts.register_files.workbooks import Unreadable
from contracts.return_files.reading import MOST_ROWS, StatedRow, pasted, uploaded
from tests.contracts.test_returns_grid import Grid, words
from tests.kpi_world import make_kpi, make_reading
from tests.world import OCTOBER, TODAY, client_for, make_contract, make_person, make_return, make_unit

GRID = "/returns/2014-10/grid/"
PASTE = "/returns/2014-10/grid/paste/"
TEMPLATE = "/returns/2014-10/grid/template."
SEPTEMBER = datetime.date(2014, 9, 1)
HEADINGS = "Reference\tRisk\tJET\tWhat changed\tWhy not assessed"
NOTHING_SAVED = "Nothing is saved yet: check each, tick it and submit."


@pytest.fixture
def officer(world):
    return world.browser("contract_officer")


@pytest.fixture
def contract(world):
    contract = world.contract(title="One", reference="CS/0101")
    make_return(contract, SEPTEMBER, risk="green", jet=6)
    return contract


def read(text):
    return [(row.number, row.reference, row.values) for row in pasted(text)]


def faults(text):
    return [fault for row in pasted(text) for fault in row.faults]


def workbook(rows, sheet="Returns"):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def paste(browser, text):
    return browser.post(PASTE, {"rows": text})


def upload(browser, content, name="returns.xlsx"):
    return browser.post(PASTE, {"rows": "", "file": SimpleUploadedFile(name, content)})


def said(grid):
    return [words(p) for box in grid.main.iter("div") if box.get("class") == "govuk-inset-text" for p in box.iter("p")]


def summary(answer):
    """Why no row could be taken."""
    page = Grid(answer)
    assert page.heading == "Paste or upload October 2014 returns"
    return [text for text, _ in page.summary]


def nothing_saved():
    return not MonthlyReturn.objects.filter(month=OCTOBER).exists()


# Reading rows


@pytest.mark.parametrize(
    "text",
    [
        "CS/1\tred\t3\tPosts empty.\t",
        f"{HEADINGS}\nCS/1\tRed\t3\tPosts empty.\t",
        "JET\tWhat changed\tTitle\tRisk\tREFERENCE\n3\tPosts empty.\tShort breaks\tR\tCS/1",
        "Reference,Risk,JET,What changed\nCS/1,red,3,Posts empty.",
        "ref;jet grade;risk rating;risk;narrative\nCS/1;3;ignored;red;Posts empty.",
        'CS/1\tRED\t3\t"Posts empty."',
        "\r\n\r\n CS/1 \t r \t 3 \t Posts empty. \r\n\r\n",
    ],
)
def test_rows_are_read_with_and_without_headings(text):
    [(_, reference, values)] = read(text)
    assert (reference, values) == ("CS/1", {"risk": "red", "jet": "3", "narrative": "Posts empty."})


def test_rows_keep_the_numbers_of_the_spreadsheet():
    text = f"{HEADINGS}\n\nCS/1\tred\t3\n\t\t\nCS/2\tgreen\t9"
    assert [number for number, _, _ in read(text)] == [3, 5]


def test_a_cell_of_several_lines_is_one_cell():
    [(_, _, values), (number, reference, _)] = read('CS/1\tred\t3\t"First.\nSaid ""so""."\nCS/2\tred\t2')
    assert values["narrative"] == 'First.\nSaid "so".'
    assert (number, reference) == (2, "CS/2")


@pytest.mark.parametrize("mark", ['"Good', '"Good" they say', 'Go"od'])
def test_a_quotation_mark_that_is_only_text_swallows_no_row(mark):
    rows = read(f"CS/1\tred\t3\t{mark}\nCS/2\tred\t2\tFell.")
    assert [(reference, values["narrative"]) for _, reference, values in rows] == [("CS/1", mark), ("CS/2", "Fell.")]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("red", "red"), ("R", "red"), ("a", "amber"), ("AMBER", "amber"), ("g", "green"), (" Green ", "green")],
)
def test_a_risk_is_a_word_or_its_letter(cell, value):
    assert read(f"CS/1\t{cell}\t") == [(1, "CS/1", {"risk": value})]


@pytest.mark.parametrize(
    ("cell", "value"), [("1", "1"), ("9", "9"), ("Not assessed", "not_assessed"), ("n/a", "not_assessed")]
)
def test_a_grade_is_a_number_or_not_assessed(cell, value):
    assert read(f"CS/1\t\t{cell}") == [(1, "CS/1", {"jet": value})]


def test_a_reason_without_a_grade_says_that_there_is_none():
    assert read("CS/1\tgreen\t\t\tNothing delivered.") == [
        (1, "CS/1", {"risk": "green", "jet": "not_assessed", "not_assessed_reason": "Nothing delivered."})
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("\t10", "JET is a number from 1 to 9, not 10."),
        ("\t0", "JET is a number from 1 to 9, not 0."),
        ("\t-3", "JET is a number from 1 to 9, not -3."),
        ("\t6.5", "JET is a number from 1 to 9, not 6.5."),
        ("\tgood", "JET is a number from 1 to 9, not “good”."),
        ("\t٣", "JET is a number from 1 to 9, not “٣”."),
        ("purple\t", "Risk is red, amber or green, not “purple”."),
        ("red/amber\t", "Risk is red, amber or green, not “red/amber”."),
        (f"{'x' * 60}\t", f"Risk is red, amber or green, not “{'x' * 40}…”."),
    ],
)
def test_a_value_that_is_none_is_said_and_left_to_choose(row, fault):
    [stated] = pasted(f"CS/1\t{row}\tWords.")
    assert stated.faults == [fault]
    assert [value for name, value in stated.values.items() if name in ("risk", "jet")] == [""]
    assert stated.values["narrative"] == "Words."


def test_numbers_of_a_workbook_are_read_as_they_are_shown():
    rows = uploaded(workbook([["Reference", "Risk", "JET", "What changed"], [101, "Red", 3, "Fell."], ["2", "G", 10]]))
    assert rows == [
        StatedRow(2, "101", "", {"risk": "red", "jet": "3", "narrative": "Fell."}),
        StatedRow(3, "2", "", {"risk": "green", "jet": ""}, ["JET is a number from 1 to 9, not 10."]),
    ]


def test_a_formula_without_a_result_is_said_and_not_taken_for_nothing():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet()
    page.write_row(0, 0, ["Reference", "JET"])
    page.write_string(1, 0, "CS/1")
    page.write_formula(1, 1, "=1+1", value="")
    book.close()
    [row] = uploaded(stream.getvalue())
    assert row.values == {"jet": ""}
    assert row.faults[0].startswith("JET cannot be read. This holds a formula without a result.")


def test_the_sheet_called_returns_is_read_before_another():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name, reference in (("Notes", "CS/9"), ("Returns", "CS/1")):
        book.add_worksheet(name).write_row(0, 0, [reference, "red", 3])
    book.close()
    assert [row.reference for row in uploaded(stream.getvalue())] == ["CS/1"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n", "The file is empty."),
        (b"PK\x03\x04nonsense", "The workbook is damaged."),
        (b"%PDF-1.4", "This is neither .xlsx nor .csv."),
        (b"\xd0\xcf\x11\xe0old", "This is an older Excel file"),
        (b"Reference,Risk\n", "There is no row below the headings."),
        (b"x" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, sentence):
    with pytest.raises(Unreadable, match=sentence):
        uploaded(content)


def test_two_thousand_rows_are_read_and_no_more():
    rows = [f"CS/{number}\tred\t3\tFell." for number in range(MOST_ROWS + 1)]
    assert len(pasted("\n".join(rows[:-1]))) == 2_000
    with pytest.raises(Unreadable, match="There are more than 2,000 rows"):
        pasted("\n".join(rows))


@given(st.text(alphabet=string.printable, max_size=200))
def test_whatever_is_pasted_is_read_or_refused(text):
    try:
        rows = pasted(text)
    except Unreadable:
        rows = []
    for row in rows:
        assert set(row.values) <= {"risk", "jet", "narrative", "not_assessed_reason"}
        assert row.values.get("risk", "") in ("", "red", "amber", "green")
        assert row.values.get("jet", "") in ("", "not_assessed", *"123456789")


CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
def test_what_a_workbook_says_is_read_back(cells):
    sent = [(f"r{reference}", f"w{text}") for reference, text in cells]
    rows = uploaded(workbook([["Reference", "What changed"], *sent]))
    assert [(row.reference, row.values["narrative"]) for row in rows] == sent


# Into the grid


def test_pasted_rows_fill_the_grid_and_nothing_is_saved(contract, officer):
    grid = Grid(paste(officer, f"{HEADINGS}\nCS/0101\tRed\t2\tTwo posts empty.\t"))
    assert grid.heading == "October 2014: return 1 contract on one page"
    assert grid.stated("One") == ("red", "2", "", "Two posts empty.")
    assert "checked" not in grid.values("One")
    assert said(grid) == [f"1 contract was filled from your rows. {NOTHING_SAVED}"]
    assert nothing_saved()
    grid.send(officer, One={"checked": "1"})
    row = MonthlyReturn.objects.get(month=OCTOBER)
    assert (row.state, row.risk, row.jet_score, row.narrative) == (
        ReturnState.SUBMITTED,
        "red",
        2,
        "Two posts empty.",
    )


@pytest.mark.parametrize("reference", ["CS/0101", "cs/0101", "  CS/0101 ", "CS-0101", "cs-0101"])
def test_a_reference_is_found_in_any_capitals_and_as_it_stands_in_addresses(contract, officer, reference):
    assert Grid(paste(officer, f"{reference}\tamber\t5\tFell.")).stated("One") == ("amber", "5", "", "Fell.")


def test_an_empty_cell_leaves_what_the_grid_opens_with(contract, officer):
    assert Grid(paste(officer, "CS/0101\t\t5\tFell.")).stated("One") == ("green", "5", "", "Fell.")


def test_a_value_at_fault_is_left_to_choose_and_the_rest_is_filled(contract, officer):
    grid = Grid(paste(officer, f"{HEADINGS}\n\n\nCS/0101\tpurple\t10\tFell."))
    assert grid.stated("One") == ("", "", "", "Fell.")
    assert said(grid)[1:] == [
        "Row 4: Risk is red, amber or green, not “purple”.",
        "Row 4: JET is a number from 1 to 9, not 10.",
    ]


def test_a_sentence_that_is_too_long_comes_in_whole(contract, officer):
    text = "A word. " * 90 + "The end."
    grid = Grid(paste(officer, f"CS/0101\tred\t2\t{text}"))
    assert grid.stated("One")[3] == text
    assert [message for message, _ in grid.summary] == ["One: What changed: use 600 characters or fewer; there are 728"]


def test_of_a_doubled_contract_neither_row_is_taken(world, contract, officer):
    make_return(world.contract(title="Two", reference="CS/0102"), SEPTEMBER, jet=5)
    grid = Grid(paste(officer, "CS/0101\tred\t2\tA\nCS/0102\tred\t1\tB\ncs-0101\tred\t3\tC\nCS/0101\t\t"))
    assert grid.stated("One") == ("green", "6", "", "")
    assert grid.stated("Two") == ("red", "1", "", "B")
    assert said(grid)[1:] == ["Rows 1 and 3: they are of the same contract, CS/0101, so neither was taken."]
    assert summary(paste(officer, "CS/0101\tred\nCS/0101\tred\nCS/0101\tred")) == [
        "Rows 1, 2 and 3: they are of the same contract, CS/0101, so none was taken."
    ]


def test_other_peoples_contracts_are_as_unknown_as_those_that_are_not_there(world, contract, officer):
    world.contract(title="A colleague’s", reference="CS/0900", officer=world.people["commissioner"])
    make_contract(world.outsider_unit, title="Elsewhere", reference="CS/0901", officer=world.people["contract_officer"])
    text = "\n".join(f"{reference}\tred\t2\tFell." for reference in ("CS/0900", "CS/0901", "CS/0999", "", "CS/0101"))
    answer = paste(officer, text)
    assert said(Grid(answer))[1:] == [
        "Row 1: “CS/0900” is not a contract that you return.",
        "Row 2: “CS/0901” is not a contract that you return.",
        "Row 3: “CS/0999” is not a contract that you return.",
        "Row 4: There is no reference.",
    ]
    assert "colleague" not in answer.content.decode()
    assert "Elsewhere" not in answer.content.decode()


def accepted(contract, world):
    make_return(contract, state=ReturnState.ACCEPTED)


def ended(contract, world):
    Contract.objects.filter(pk=contract.pk).update(initial_end=datetime.date(2014, 9, 30))


def closed(contract, world):
    MonthReview.objects.create(
        unit=world.unit, month=OCTOBER, closed_at=clock.now(), closed_by=world.people["commissioner"]
    )


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (accepted, "The return of CS/0101 has been accepted. Ask for it to be sent back to change it."),
        (ended, "No return is expected of CS/0101 for October 2014."),
        (
            closed,
            "October 2014 was closed on 4 November 2014. Open the return of CS/0101 by itself to amend it with a "
            "reason.",
        ),
    ],
)
def test_what_can_no_longer_be_returned_here_says_why(world, contract, officer, happens, sentence):
    happens(contract, world)
    text = "CS/0101\tred\t2\tFell."
    answer = paste(officer, text)
    assert summary(answer) == [f"Row 1: {sentence}"]
    assert f"{text}</textarea>" in answer.content.decode()


def test_what_was_submitted_can_be_filled_anew(contract, officer):
    make_return(contract)
    grid = Grid(paste(officer, "CS/0101\tred\t2\tFell."))
    assert grid.stated("One") == ("red", "2", "", "Fell.")
    assert MonthlyReturn.objects.get(month=OCTOBER).risk == "green"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste rows, or choose a file."),
        (" \n", "Paste rows, or choose a file."),
        (HEADINGS, "There is no row below the headings."),
        ("hello", "No row states a risk, a JET grade or a sentence."),
        ("CS/0101\t\t\t", "No row states a risk, a JET grade or a sentence."),
    ],
)
def test_where_nothing_can_be_read_the_page_says_why_and_keeps_what_was_pasted(contract, officer, text, sentence):
    answer = paste(officer, text)
    assert summary(answer) == [sentence]
    assert f"{text}</textarea>" in answer.content.decode()


def test_a_file_beside_pasted_rows_is_refused(contract, officer):
    file = SimpleUploadedFile("returns.csv", b"Reference,Risk\nCS/0101,red")
    answer = officer.post(PASTE, {"rows": "CS/0101\tred", "file": file})
    assert summary(answer) == ["Paste rows or choose a file, not both."]


@pytest.mark.parametrize(("content", "sentence"), [(b"", "The file is empty."), (b"PK", "The workbook is damaged.")])
def test_a_file_that_cannot_be_read_comes_back_with_its_sentence(officer, content, sentence):
    [message] = summary(upload(officer, content))
    assert message.startswith(sentence)


def test_many_sentences_are_cut_short(officer):
    text = "\n".join(f"CS/{number}\tred\t2" for number in range(120))
    sentences = summary(paste(officer, text))
    assert len(sentences) == 51
    assert sentences[-1] == "And 70 more like these."


def test_what_was_pasted_is_shown_as_text(contract, officer):
    for text in ("CS/0101\tred\t2\t</textarea><script>alert(1)</script>", "<script>alert(1)</script>\tred"):
        assert b"<script>alert" not in paste(officer, text).content


def test_two_units_that_use_one_reference_are_told_apart_by_a_column(world, contract, officer):
    other = make_unit("Second unit", "second", world.council)
    second = make_contract(other, title="Second", reference="CS/0101", officer=world.people["contract_officer"])
    make_return(second, SEPTEMBER, jet=5)
    assert summary(paste(officer, "CS/0101\tred\t2\tFell.")) == [
        "Row 1: CS/0101 is used by “Children’s commissioning” and “Second unit”. Add a column Unit that says which is "
        "meant."
    ]
    rows = ("second unit\tgreen\t4", "Mercia-children\tgreen\t3", "X\tred")
    text = "\n".join(["Reference\tUnit\tRisk\tJET", *(f"CS/0101\t{row}" for row in rows)])
    grid = Grid(paste(officer, text))
    assert [grid.stated(title)[1] for title in ("Second", "One")] == ["4", "3"]
    assert said(grid)[1:] == ["Row 4: “CS/0101” in “X” is not a contract that you return."]


def test_a_stand_in_fills_the_grid_of_the_absent_person(world, contract):
    absent = world.people["contract_officer"]
    colleague = make_person("Stella Standin", world.council, "contract_officer")
    assert summary(paste(client_for(colleague), "CS/0101\tred\t2")) == [
        "Row 1: “CS/0101” is not a contract that you return."
    ]
    give_stand_in(absent=absent, stand_in=colleague, since=TODAY, until=TODAY, by=absent)
    assert Grid(paste(client_for(colleague), "CS/0101\tred\t2")).stated("One")[:2] == ("red", "2")


def test_a_month_to_come_has_no_page_and_no_template(officer):
    for address in ("/returns/2014-11/grid/paste/", "/returns/2014-11/grid/template.csv", f"{TEMPLATE}pdf"):
        assert officer.get(address).status_code == 404


# The template


def template(browser, fmt):
    answer = browser.get(f"{TEMPLATE}{fmt}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="returns-2014-10.{fmt}"'
    return b"".join(answer.streaming_content)


def cells(content):
    return load_workbook(io.BytesIO(content)).get_sheet_by_name("Returns").to_python()


ALL_HEADINGS = [
    "Reference", "Contract", "Provider", "September risk", "September JET", "KPIs",
    "Risk", "JET", "What changed", "Why not assessed", "Why not by the KPIs",
]  # fmt: skip


def test_the_template_holds_ones_own_contracts_to_return(world, contract, officer):
    make_return(world.contract(title="Done"))
    world.contract(title="A colleague’s", officer=world.people["commissioner"])
    make_return(world.contract(title="Ungraded", reference="-1/2"), SEPTEMBER, risk="amber", jet=None)
    make_kpi(world.contract(title="New", reference="CS/0103"))
    make_reading(make_kpi(contract), 95)
    rows = cells(template(officer, "xlsx"))
    assert rows == [
        ALL_HEADINGS,
        ["CS/0103", "New", "Willow Homes Ltd", "Not returned", "", "1 KPI value due", *[""] * 5],
        ["CS/0101", "One", "Willow Homes Ltd", "Green", "6", "1 of 1 met. The KPIs fit 7 and 6.", *[""] * 5],
        ["-1/2", "Ungraded", "Willow Homes Ltd", "Amber", "Not assessed", *[""] * 6],
    ]
    text = template(officer, "csv").decode("utf-8-sig").splitlines()
    assert text[0] == ",".join(ALL_HEADINGS)
    assert text[3] == "'-1/2,Ungraded,Willow Homes Ltd,Amber,Not assessed,,,,,,"


def test_with_contracts_of_two_units_the_template_has_a_column_for_it(world, contract, officer):
    other = make_unit("Second unit", "second", world.council)
    make_contract(other, title="Second", reference="CS/0101", officer=world.people["contract_officer"])
    rows = cells(template(officer, "xlsx"))
    assert [row[:3] for row in rows] == [
        ["Reference", "Unit", "Contract"],
        ["CS/0101", "Children’s commissioning", "One"],
        ["CS/0101", "Second unit", "Second"],
    ]


def test_the_template_comes_back_filled_and_the_grid_shows_it(world, contract, officer):
    make_return(world.contract(title="Two", reference="-1/2"), SEPTEMBER)
    make_return(world.contract(title="Untouched", reference="CS/0103"), SEPTEMBER, risk="amber", jet=4, narrative="x")
    rows = cells(template(officer, "xlsx"))
    rows[1][6:] = ["Red", 2, "First line.\nSecond line.", "", ""]
    rows[2][6:] = ["Green", "Not assessed", "", "Nothing delivered.", ""]
    as_csv = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode("utf-8-sig")
    for grid in (Grid(upload(officer, workbook(rows))), Grid(upload(officer, as_csv, "returns.csv"))):
        assert grid.stated("One") == ("red", "2", "", "First line.\nSecond line.")
        assert grid.stated("Two") == ("green", "not_assessed", "Nothing delivered.", "")
        assert grid.stated("Untouched") == ("amber", "4", "", "")
        assert said(grid) == [f"2 contracts were filled from your rows. {NOTHING_SAVED}"]
    assert nothing_saved()


def test_an_untouched_template_fills_nothing(contract, officer):
    for fmt in ("xlsx", "csv"):
        answer = upload(officer, template(officer, fmt), f"returns.{fmt}")
        assert summary(answer) == ["No row states a risk, a JET grade or a sentence."]


def test_a_column_may_say_why_a_score_stands(contract, officer):
    make_reading(make_kpi(contract), 80)
    text = "Reference\tRisk\tJET\tWhat changed\tWhy not by the KPIs\nCS/0101\tred\t4\tFell.\tA new team has begun."
    grid = Grid(paste(officer, text))
    assert grid.values("One")["kpi_reason"] == "A new team has begun."
    assert grid.send(officer, One={"checked": "1"}).status_code == 302
    row = MonthlyReturn.objects.get(contract=contract, month=OCTOBER)
    assert (row.jet_score, row.kpi_reason) == (4, "A new team has begun.")


# Cost


@pytest.mark.parametrize("count", [1, 30])
def test_it_costs_the_same_for_one_row_and_for_thirty(world, officer, django_assert_num_queries, count):
    contracts = [world.contract(title=f"Contract {number:02}") for number in range(count)]
    for contract in contracts:
        make_return(contract, SEPTEMBER)
        make_reading(make_kpi(contract), 95)
    text = "\n".join(f"{contract.reference}\tred\t2\tFell." for contract in contracts)
    with django_assert_num_queries(12):
        assert f"{count} contract" in said(Grid(paste(officer, text)))[0]
    with django_assert_num_queries(6):
        template(officer, "xlsx")


# In a browser


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1366, 390])
def test_rows_pasted_in_a_browser_are_checked_and_submitted(chromium, live_server, world, contract, scripts, width):
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
    session = world.browser("contract_officer").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(GRID)
    page.get_by_role("link", name="Paste or upload rows").click()
    page.get_by_label("Rows copied from a spreadsheet").fill("CS/9999\tred\t1")
    page.get_by_role("button", name="Fill the grid").click()
    expect(page.get_by_role("link", name="Row 1: “CS/9999” is not a contract that you return.")).to_be_visible()
    if scripts:
        assert Axe().run(page).response["violations"] == []
    page.get_by_label("Rows copied from a spreadsheet").fill("CS/0101\tR\t2\tTwo posts empty.\nCS/9999\tred\t1")
    page.get_by_role("button", name="Fill the grid").click()
    expect(page.get_by_text("1 contract was filled from your rows.")).to_be_visible()
    if scripts:
        assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Checked One").check()
    page.get_by_role("button", name="Submit").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 1 returned for October 2014")
    assert MonthlyReturn.objects.get(month=OCTOBER).narrative == "Two posts empty."
    assert complaints == []
    context.close()
